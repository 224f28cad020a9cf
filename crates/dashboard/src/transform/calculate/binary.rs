//! One field and another, or a number: `left + right`.

use super::super::cell::number_from;
use super::super::matcher::FieldMatcher;
use super::super::names::Names;
use super::super::options::Options;
use super::super::table::{Field, FieldType, Table};
use super::super::values::Values;
use super::super::{Context, TransformError};
use super::{aliased, plain};
use std::sync::Arc;

/// An operation on two values of a row.
#[derive(Clone, Debug)]
pub(super) struct Binary {
    left: Side,
    op: Arc<str>,
    right: Side,
}

#[derive(Clone, Debug)]
enum Side {
    /// A number, as a text in which a variable may stand.
    Fixed(Arc<str>),
    /// The field shown under this name.
    Field(Arc<str>),
    /// Every field that matches, each with a result of its own.
    Each(FieldMatcher),
}

impl Side {
    fn read(options: &Options, key: &str) -> Self {
        let side = options.get(key);
        if let Some(text) = options.scalar(key) {
            // Old dashboards have one text for both.
            let is_number = !text.trim().is_empty() && !number_from(&text).is_nan();
            return if is_number { Self::Fixed(text) } else { Self::Field(text) };
        }
        let matcher = side.get("matcher");
        let by_name = matcher.str("id") == Some("byName");
        match side.scalar("fixed") {
            Some(fixed) if !fixed.is_empty() && matcher.is_absent() => Self::Fixed(fixed),
            _ if by_name => Self::Field(matcher.text("options").unwrap_or_default()),
            _ => FieldMatcher::read(&matcher).map_or_else(|_: TransformError| Self::Field("".into()), Self::Each),
        }
    }

    fn label(&self, context: &Context) -> String {
        match self {
            Self::Fixed(text) | Self::Field(text) => (context.interpolate)(text),
            Self::Each(_) => String::new(),
        }
    }

    /// Its value in every row; none where there is no such field.
    fn numbers(&self, table: &Table, names: &Names, context: &Context) -> Option<Vec<f64>> {
        match self {
            Self::Fixed(text) => Some(vec![number_from(&(context.interpolate)(text)); table.rows]),
            Self::Field(name) => {
                let name = (context.interpolate)(name);
                let field = table.fields.get(names.position(table, &name)?)?;
                Some(numbers(field, table.rows))
            }
            Self::Each(matcher) => Some(numbers(table.fields.get(matcher.position(table, names)?)?, table.rows)),
        }
    }
}

fn numbers(field: &Field, rows: usize) -> Vec<f64> {
    (0..rows).map(|row| field.values.get(row).to_number()).collect()
}

impl Binary {
    pub(super) fn read(options: &Options) -> Self {
        Self {
            left: Side::read(options, "left"),
            op: options.text("operator").unwrap_or_default(),
            right: Side::read(options, "right"),
        }
    }

    /// Whether it takes fields that may be in two tables.
    pub(super) fn is_of_two_fields(&self) -> bool {
        !matches!(self.right, Side::Fixed(_)) && !matches!(self.left, Side::Fixed(_))
    }

    /// The table with the result; none where nothing of it is left.
    pub(super) fn apply(
        &self,
        table: &Table,
        names: &Names,
        alias: Option<&Arc<str>>,
        replaces: bool,
        context: &Context,
    ) -> Option<Table> {
        let op = operator(&self.op);
        let right = self.right.numbers(table, names, context);
        let mut fields = Vec::new();
        let mut is_computed = false;
        for (index, field) in table.fields.iter().enumerate() {
            if !replaces || field.kind == FieldType::Time {
                fields.push(field.clone());
            }
            let Side::Each(matcher) = &self.left else { continue };
            if let (Some(op), Some(right), true) = (op, &right, matcher.matches(table, index, names)) {
                let values = combined(op, &numbers(field, table.rows), right);
                let name = format!("{} {} {}", field.name, self.op, self.right.label(context));
                fields.push(Field { name: name.into(), kind: FieldType::Number, ..field.with_values(values) });
                is_computed = true;
            }
        }
        if !matches!(self.left, Side::Each(_))
            && let (Some(op), Some(left), Some(right)) = (op, self.left.numbers(table, names, context), &right)
        {
            let name = format!("{} {} {}", self.left.label(context), self.op, self.right.label(context));
            fields.push(aliased(&name, combined(op, &left, right), alias));
            is_computed = true;
        }
        (is_computed || !replaces).then(|| table.with_fields(fields))
    }
}

fn combined(op: fn(f64, f64) -> f64, left: &[f64], right: &[f64]) -> Values {
    Values::from(left.iter().zip(right).map(|(left, right)| plain(op(*left, *right))).collect::<Vec<f64>>())
}

fn operator(text: &str) -> Option<fn(f64, f64) -> f64> {
    match text {
        "+" => Some(|left, right| left + right),
        "-" => Some(|left, right| left - right),
        "*" => Some(|left, right| left * right),
        "/" => Some(|left, right| left / right),
        _ => None,
    }
}
