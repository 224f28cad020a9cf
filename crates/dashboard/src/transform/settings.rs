//! Fields whose values become settings of other fields: `rowsToFields`, `configFromData`.

use super::TransformError;
use super::cell::Cell;
use super::matcher::FieldMatcher;
use super::names::Names;
use super::options::Options;
use super::reducer::Reducer;
use super::table::{Field, FieldConfig, FieldType, Table, ValueMapping};
use super::values::Values;
use frame::Labels;
use frame::calcs::Calc;
use std::sync::Arc;

/// What the value of a field is for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Use {
    Ignore,
    Name,
    Value,
    Label,
    DisplayName,
    Unit,
    Min,
    Max,
    Decimals,
    Color,
    /// A threshold with this colour.
    Threshold(Arc<str>),
    MappingValue,
    MappingText,
    MappingColor,
}

impl Use {
    /// Grafana's keys. The field's own name counts as one too, whatever its case.
    fn parse(key: &str) -> Option<Self> {
        Some(match key.to_ascii_lowercase().as_str() {
            "__ignore" => Self::Ignore,
            "field.name" => Self::Name,
            "field.value" => Self::Value,
            "field.label" => Self::Label,
            "displayname" => Self::DisplayName,
            "unit" => Self::Unit,
            "min" => Self::Min,
            "max" => Self::Max,
            "decimals" => Self::Decimals,
            "color" => Self::Color,
            "threshold1" => Self::Threshold("red".into()),
            "mappings.value" => Self::MappingValue,
            "mappings.text" => Self::MappingText,
            "mappings.color" => Self::MappingColor,
            _ => return None,
        })
    }

    fn is_mapping(&self) -> bool {
        matches!(self, Self::MappingValue | Self::MappingText | Self::MappingColor)
    }

    /// Sets what a single value can.
    fn set(&self, config: &mut FieldConfig, cell: &Cell) {
        if cell.is_missing() {
            return;
        }
        let number = || Some(cell.to_number()).filter(|number| !number.is_nan());
        match self {
            Self::DisplayName => config.display_name = Some(cell.to_text()),
            Self::Unit => config.unit = Some(cell.to_text()),
            Self::Min => config.min = number(),
            Self::Max => config.max = number(),
            Self::Decimals => config.decimals = number(),
            Self::Color => config.color = Some(cell.to_text()),
            Self::Threshold(color) => {
                let base = (f64::NEG_INFINITY, Arc::from("green"));
                config.thresholds = [base].into_iter().chain(number().map(|from| (from, color.clone()))).collect();
            }
            _ => {}
        }
    }
}

/// What the user chose for fields of these names.
#[derive(Clone, Debug, Default)]
struct Mapping {
    uses: Vec<(Arc<str>, Use, Option<Reducer>)>,
}

impl Mapping {
    fn read(options: &Options) -> Self {
        let one = |mapping: Options| {
            let chosen = match Use::parse(mapping.str("handlerKey")?)? {
                Use::Threshold(color) => {
                    let own = mapping.get("handlerArguments").get("threshold").text("color");
                    Use::Threshold(own.unwrap_or(color))
                }
                chosen => chosen,
            };
            Some((mapping.text("fieldName")?, chosen, mapping.str("reducerId").and_then(Reducer::parse)))
        };
        Self { uses: options.items("mappings").into_iter().filter_map(one).collect() }
    }

    fn chosen(&self, name: &str) -> Option<&(Arc<str>, Use, Option<Reducer>)> {
        self.uses.iter().find(|(known, ..)| **known == *name)
    }

    /// What the field of this name is for, by choice or by its name.
    fn of(&self, name: &str) -> Option<Use> {
        self.chosen(name).map(|(_, chosen, _)| chosen.clone()).or_else(|| Use::parse(name))
    }

    fn reducer(&self, name: &str) -> Reducer {
        self.chosen(name).and_then(|(.., reducer)| *reducer).unwrap_or(Reducer::Calc(Calc::LastNotNull))
    }
}

/// Every row becomes a field with one value.
#[derive(Clone, Debug)]
pub struct RowsToFields {
    mapping: Mapping,
}

impl RowsToFields {
    pub(super) fn read(options: &Options) -> Self {
        Self { mapping: Mapping::read(options) }
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Vec<Table> {
        tables.into_iter().map(|table| self.of(&table).unwrap_or(table)).collect()
    }

    fn of(&self, table: &Table) -> Option<Table> {
        let names = Names::of(std::slice::from_ref(table)).of_table(table);
        let mut uses: Vec<Option<Use>> = names.iter().map(|name| self.mapping.of(name)).collect();
        let name_at = place(table, &mut uses, &Use::Name, FieldType::Text)?;
        let value_at = place(table, &mut uses, &Use::Value, FieldType::Number)?;
        let value_field = table.fields.get(value_at)?;
        let fields = (0..table.rows).map(|row| {
            let cell = |index: usize| table.fields.get(index).map_or(Cell::Absent, |field| field.values.get(row));
            let mut field = Field {
                name: cell(name_at).to_text(),
                labels: None,
                ..value_field.with_values(Values::from_cells(vec![cell(value_at)]))
            };
            let mut labels = Vec::new();
            for (index, chosen) in uses.iter().enumerate() {
                match chosen {
                    Some(Use::Label) | None => labels.push((names[index].clone(), cell(index).to_text())),
                    Some(chosen) => chosen.set(field.config_mut(), &cell(index)),
                }
            }
            field.labels = (!labels.is_empty()).then(|| Labels::new(labels));
            field
        });
        let ref_id = format!("rowsToFields-{}", table.ref_id.as_deref().unwrap_or_default());
        let fields = fields.collect();
        Some(Table { name: table.name.clone(), rows: 1, ..Table::new(Some(ref_id.into()), fields) })
    }
}

/// The field with this use, or else the first of its type that has none.
fn place(table: &Table, uses: &mut [Option<Use>], wanted: &Use, kind: FieldType) -> Option<usize> {
    let chosen = uses.iter().position(|found| found.as_ref() == Some(wanted));
    let first = || (0..uses.len()).find(|index| uses[*index].is_none() && table.fields[*index].kind == kind);
    let index = chosen.or_else(first)?;
    uses[index] = Some(wanted.clone());
    Some(index)
}

/// Settings of fields out of another query.
#[derive(Clone, Debug)]
pub struct ConfigFromData {
    ref_id: Arc<str>,
    mapping: Mapping,
    apply_to: FieldMatcher,
}

impl ConfigFromData {
    pub(super) fn read(options: &Options) -> Result<Self, TransformError> {
        let matcher = options.get("applyTo");
        Ok(Self {
            ref_id: options.text("configRefId").unwrap_or_else(|| "config".into()),
            mapping: Mapping::read(options),
            apply_to: match matcher.is_absent() {
                true => FieldMatcher::Types(vec![FieldType::Number]),
                false => FieldMatcher::read(&matcher)?,
            },
        })
    }

    pub(super) fn apply(&self, mut tables: Vec<Table>) -> Vec<Table> {
        let Some(index) = tables.iter().position(|table| table.ref_id.as_ref() == Some(&self.ref_id)) else {
            return tables;
        };
        let names = Names::of(&tables);
        let source = tables.remove(index);
        let shown = names.of_table(&source);
        for table in &mut tables {
            let meant: Vec<bool> =
                (0..table.fields.len()).map(|index| self.apply_to.matches(table, index, &names)).collect();
            for (field, _) in table.fields.iter_mut().zip(meant).filter(|(_, meant)| *meant) {
                self.set(field.config_mut(), &source, &shown);
            }
        }
        tables
    }

    fn set(&self, config: &mut FieldConfig, source: &Table, names: &[Arc<str>]) {
        let mut mappings = vec![ValueMapping::default(); source.rows];
        let mut has_mappings = false;
        for (field, name) in source.fields.iter().zip(names) {
            let Some(chosen) = self.mapping.of(name) else { continue };
            if !chosen.is_mapping() {
                chosen.set(config, &self.mapping.reducer(name).of(field));
                continue;
            }
            has_mappings |= chosen == Use::MappingValue;
            for (row, mapping) in mappings.iter_mut().enumerate() {
                let text = field.values.get(row).to_text();
                match chosen {
                    Use::MappingValue => mapping.value = text,
                    Use::MappingText => mapping.text = Some(text),
                    _ => mapping.color = Some(text),
                }
            }
        }
        if has_mappings {
            config.mappings = mappings;
        }
    }
}
