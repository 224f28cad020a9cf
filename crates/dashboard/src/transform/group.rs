//! Rows with equal values as one row: `groupBy`, and `groupToNestedTable`, which keeps the rows below it.

use super::TransformError;
use super::cell::Cell;
use super::index::{Index, row_key};
use super::matcher::FieldMatcher;
use super::names::Names;
use super::options::Options;
use super::reducer::Reducer;
use super::table::{Field, FieldType, Table};
use super::values::Values;
use frame::calcs::Calc;

/// What becomes of the fields of a group.
#[derive(Clone, Debug)]
pub struct GroupBy {
    rules: Vec<(FieldMatcher, Operation)>,
    nested: Option<Nested>,
}

/// How the rows of a group are kept.
#[derive(Clone, Copy, Debug)]
struct Nested {
    hides_header: bool,
}

#[derive(Clone, Debug)]
enum Operation {
    Group,
    Aggregate(Vec<Reducer>),
}

/// The name of the field that holds the rows of each group.
pub const NESTED: &str = "__nestedFrames";

impl GroupBy {
    pub(super) fn read(options: &Options) -> Result<Self, TransformError> {
        let mut rules = Vec::new();
        for (name, rule) in options.entries("fields") {
            rules.extend(Operation::read(&rule).map(|operation| (FieldMatcher::ShownName(name), operation)));
        }
        for rule in options.items("rules") {
            let matcher = FieldMatcher::read(&rule.get("matcher"))?;
            rules.extend(Operation::read(&rule).map(|operation| (matcher, operation)));
        }
        Ok(Self { rules, nested: None })
    }

    pub(super) fn read_nested(options: &Options) -> Result<Self, TransformError> {
        let shows_header = options.get("showSubframeHeaders").json.as_bool().unwrap_or(true);
        Ok(Self { nested: Some(Nested { hides_header: !shows_header }), ..Self::read(options)? })
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Vec<Table> {
        if !self.rules.iter().any(|(_, operation)| matches!(operation, Operation::Group)) {
            return tables;
        }
        let names = Names::of(&tables);
        tables.iter().filter_map(|table| self.grouped(table, &names)).collect()
    }

    fn grouped(&self, table: &Table, names: &Names) -> Option<Table> {
        let rule = |index: usize| {
            self.rules.iter().find(|(matcher, _)| matcher.matches(table, index, names)).map(|(_, rule)| rule)
        };
        let rules: Vec<Option<&Operation>> = (0..table.fields.len()).map(rule).collect();
        let with_rules = || table.fields.iter().zip(&rules);
        let keys: Vec<&Field> =
            with_rules().filter(|(_, rule)| matches!(rule, Some(Operation::Group))).map(|(field, _)| field).collect();
        if keys.is_empty() {
            return None;
        }
        let groups = groups(&keys, table.rows);
        let firsts: Vec<Option<usize>> = groups.iter().map(|rows| rows.first().copied()).collect();
        let mut fields: Vec<Field> = keys.iter().map(|field| field.with_values(field.values.select(&firsts))).collect();
        for (field, rule) in with_rules() {
            let Some(Operation::Aggregate(reducers)) = rule else { continue };
            let name = names.of_field(field, table);
            fields.extend(reducers.iter().map(|reducer| aggregated(field, &name, *reducer, &groups)));
        }
        let Some(nested) = self.nested else {
            return Some(Table { name: table.name.clone(), ..Table::new(table.ref_id.clone(), fields) });
        };
        let rest: Vec<&Field> =
            with_rules().filter(|(_, rule)| is_left(rule.as_ref())).map(|(field, _)| field).collect();
        let below = |rows: &Vec<usize>| Cell::Tables([nested.table(&rest, rows, table, names)].into());
        fields.push(Field::new(NESTED, FieldType::Tables, groups.iter().map(below).collect()));
        Some(Table::new(None, fields))
    }
}

fn is_left(rule: Option<&&Operation>) -> bool {
    match rule {
        None => true,
        Some(Operation::Group) => false,
        Some(Operation::Aggregate(reducers)) => reducers.is_empty(),
    }
}

impl Operation {
    fn read(options: &Options) -> Option<Self> {
        match options.str("operation") {
            Some("groupby") => Some(Self::Group),
            Some("aggregate") => {
                let ids = options.texts("aggregations");
                Some(Self::Aggregate(ids.iter().filter_map(|id| Reducer::parse(id)).collect()))
            }
            _ => None,
        }
    }
}

impl Nested {
    fn table(self, fields: &[&Field], rows: &[usize], table: &Table, names: &Names) -> Table {
        let picked: Vec<Option<usize>> = rows.iter().map(|row| Some(*row)).collect();
        let pick = |field: &&Field| {
            let mut field_below = field.with_values(field.values.select(&picked));
            field_below.config_mut().display_name = Some(names.of_field(field, table));
            field_below
        };
        let fields = fields.iter().map(pick).collect();
        Table { hides_header: self.hides_header, rows: rows.len(), ..Table::new(None, fields) }
    }
}

/// The rows of every group, groups in the order in which they first come.
pub(super) fn groups(keys: &[&Field], rows: usize) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut index = Index::default();
    for row in 0..rows {
        let group = index.place(&row_key(keys.iter().map(|field| field.values.get(row))));
        groups.resize(index.len(), Vec::new());
        groups[group].push(row);
    }
    groups
}

fn aggregated(field: &Field, name: &str, reducer: Reducer, groups: &[Vec<usize>]) -> Field {
    let value = |rows: &Vec<usize>| {
        let picked: Vec<Option<usize>> = rows.iter().map(|row| Some(*row)).collect();
        reducer.of_values(&field.values.select(&picked), field.kind, frame::calcs::Gaps::Ignore)
    };
    let values: Values = groups.iter().map(value).collect();
    let kind = match reducer {
        Reducer::Calc(Calc::AllIsNull | Calc::AllIsZero) => FieldType::Bool,
        reducer => reducer.result_type(field.kind, field.kind),
    };
    Field::new(format!("{name} ({})", reducer.id()), kind, values)
}
