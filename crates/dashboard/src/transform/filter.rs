//! Fewer fields, tables and rows: `filterFieldsByName`, `filterFields`, `filterFrames`, `filterByRefId`, `filterByValue`,
//! `limit`.

use super::matcher::{FieldMatcher, TableMatcher, ValueTest, usable};
use super::names::Names;
use super::options::Options;
use super::table::{Field, Table};
use super::{Context, TransformError};
use std::sync::Arc;

/// Fields to keep and fields to drop, by any matcher.
#[derive(Clone, Debug, Default)]
pub struct FilterFields {
    /// Only these, where there is a choice.
    pub include: Option<FieldMatcher>,
    /// None of these.
    pub exclude: Option<FieldMatcher>,
}

impl FilterFields {
    pub(super) fn read(options: &Options) -> Result<Self, TransformError> {
        let matcher = |key: &str| {
            let matcher = options.get(key);
            (!matcher.is_absent()).then(|| FieldMatcher::read(&matcher)).transpose()
        };
        Ok(Self { include: matcher("include")?, exclude: matcher("exclude")? })
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Vec<Table> {
        if self.include.is_none() && self.exclude.is_none() {
            return tables;
        }
        let names = Names::of(&tables);
        let keeps = |table: &Table, index: usize| {
            let matches = |matcher: &FieldMatcher| matcher.matches(table, index, &names);
            !self.exclude.as_ref().is_some_and(matches) && self.include.as_ref().is_none_or(matches)
        };
        let filter = |table: &Table| {
            let kept = table.fields.iter().enumerate().filter(|(index, _)| keeps(table, *index));
            let fields: Vec<Field> = kept.map(|(_, field)| field.clone()).collect();
            (!fields.is_empty()).then(|| table.with_fields(fields))
        };
        tables.iter().filter_map(filter).collect()
    }
}

/// Fields to keep and fields to drop, by name or pattern.
#[derive(Clone, Debug)]
pub struct FilterByName {
    include: NameChoice,
    exclude: NameChoice,
    by_variable: bool,
}

#[derive(Clone, Debug)]
struct NameChoice {
    names: Vec<Arc<str>>,
    pattern: Option<Arc<str>>,
    variable: Option<Arc<str>>,
}

impl NameChoice {
    fn read(options: &Options) -> Self {
        Self { names: options.texts("names"), pattern: options.text("pattern"), variable: options.text("variable") }
    }

    fn matcher(&self, by_variable: bool, context: &Context) -> Option<FieldMatcher> {
        if by_variable && let Some(variable) = &self.variable {
            let text = (context.interpolate)(variable);
            let list = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(&text);
            let names = list.split(',').map(Arc::from).collect();
            return Some(FieldMatcher::Names { names, exclude: false });
        }
        if self.names.is_empty() && self.pattern.as_deref().is_none_or(str::is_empty) {
            return None;
        }
        let pattern = self.pattern.as_deref().and_then(usable);
        Some(FieldMatcher::PatternOrNames { pattern, names: self.names.clone() })
    }
}

impl FilterByName {
    pub(super) fn read(options: &Options) -> Self {
        Self {
            include: NameChoice::read(&options.get("include")),
            exclude: NameChoice::read(&options.get("exclude")),
            by_variable: options.flag("byVariable"),
        }
    }

    pub(super) fn apply(&self, tables: Vec<Table>, context: &Context) -> Vec<Table> {
        let include = self.include.matcher(self.by_variable, context);
        FilterFields { include, exclude: self.exclude.matcher(self.by_variable, context) }.apply(tables)
    }
}

/// Tables to keep and tables to drop.
#[derive(Clone, Debug)]
pub struct FilterTables {
    include: Option<TableMatcher>,
    exclude: Option<TableMatcher>,
}

impl FilterTables {
    pub(super) fn read(options: &Options) -> Result<Self, TransformError> {
        let matcher = |key: &str| {
            let matcher = options.get(key);
            (!matcher.is_absent()).then(|| TableMatcher::read(&matcher)).transpose()
        };
        Ok(Self { include: matcher("include")?, exclude: matcher("exclude")? })
    }

    pub(super) fn read_by_ref_id(options: &Options) -> Self {
        let matcher = |key: &str| options.text(key).filter(|text| !text.is_empty()).map(TableMatcher::RefId);
        Self { include: matcher("include"), exclude: matcher("exclude") }
    }

    pub(super) fn apply(&self, mut tables: Vec<Table>, context: &Context) -> Vec<Table> {
        let filled = |matcher: &Option<TableMatcher>| match matcher {
            Some(TableMatcher::RefId(text)) => Some(TableMatcher::RefId((context.interpolate)(text).into())),
            other => other.clone(),
        };
        let (include, exclude) = (filled(&self.include), filled(&self.exclude));
        tables.retain(|table| {
            !exclude.as_ref().is_some_and(|matcher| matcher.matches(table))
                && include.as_ref().is_none_or(|matcher| matcher.matches(table))
        });
        tables
    }
}

/// Rows to keep or to drop, by their values.
#[derive(Clone, Debug)]
pub struct FilterByValue {
    tests: Vec<(Arc<str>, ValueTest)>,
    /// Drop what matches instead of the rest.
    excludes: bool,
    /// All tests must hold, not one of them.
    all: bool,
}

impl FilterByValue {
    pub(super) fn read(options: &Options) -> Result<Self, TransformError> {
        let test = |filter: Options| {
            Ok((filter.text("fieldName").unwrap_or_default(), ValueTest::read(&filter.get("config"))?))
        };
        Ok(Self {
            tests: options.items("filters").into_iter().map(test).collect::<Result<_, TransformError>>()?,
            excludes: options.str("type") == Some("exclude"),
            all: options.str("match") == Some("all"),
        })
    }

    pub(super) fn apply(&self, tables: Vec<Table>, context: &Context) -> Vec<Table> {
        if self.tests.is_empty() {
            return tables;
        }
        let names = Names::of(&tables);
        let tests: Vec<_> = self.tests.iter().map(|(name, test)| (name, test.prepare(context.interpolate))).collect();
        let filter = |table: &Table| {
            // A field that is not there never matches.
            let tests: Vec<_> = tests.iter().map(|(name, test)| (names.position(table, name), test)).collect();
            let holds = |row: usize| {
                let mut results = tests
                    .iter()
                    .map(|(field, test)| field.is_some_and(|index| test(&table.fields[index].values.get(row))));
                if self.all { results.all(|held| held) } else { results.any(|held| held) }
            };
            let rows: Vec<usize> = (0..table.rows).filter(|row| holds(*row) != self.excludes).collect();
            table.select(&rows)
        };
        tables.iter().map(filter).collect()
    }
}

/// The first rows, or the last.
#[derive(Clone, Debug)]
pub struct Limit {
    /// How many rows; negative counts from the end. A text may hold a variable.
    count: Arc<str>,
}

impl Limit {
    const DEFAULT: &'static str = "10";

    pub(super) fn read(options: &Options) -> Self {
        Self { count: options.scalar("limitField").unwrap_or_else(|| Self::DEFAULT.into()) }
    }

    pub(super) fn apply(&self, tables: Vec<Table>, context: &Context) -> Vec<Table> {
        let count = super::cell::number_from(&(context.interpolate)(&self.count));
        if count.is_nan() {
            return tables;
        }
        let limit = |table: Table| {
            let kept = (count.abs() as usize).min(table.rows);
            let rows: Vec<usize> =
                if count < 0.0 { (table.rows - kept..table.rows).collect() } else { (0..kept).collect() };
            if kept == table.rows { table } else { table.select(&rows) }
        };
        tables.into_iter().map(limit).collect()
    }
}
