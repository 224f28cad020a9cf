//! One value of a table, and what Grafana's code makes of it where it wants a text, a number or an order.

use super::table::Table;
use super::trend::Trend;
use format::number::shortest;
use frame::{GAP, is_gap};
use std::sync::Arc;

/// A place that holds nothing because no row of the source belongs there, such as after an outer join. Grafana's arithmetic
/// takes it for no number, and a missing value ([`frame::GAP`], its `null`) for 0. Compare with [`is_absent`].
pub const ABSENT: f64 = f64::from_bits(0x7ff8_0000_0061_6273);

/// Whether `value` stands for nothing at all.
#[must_use]
pub fn is_absent(value: f64) -> bool {
    value.to_bits() == ABSENT.to_bits()
}

/// One value of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing: no row of the source belongs here (`undefined` in Grafana).
    Absent,
    /// A value that is missing (`null`).
    #[default]
    Null,
    /// A number; an instant is one too, in epoch milliseconds.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A text.
    Text(Arc<str>),
    /// Several values.
    List(Arc<[Cell]>),
    /// Named values, in their order.
    Object(Arc<[(Arc<str>, Cell)]>),
    /// Tables in a table.
    Tables(Arc<[Table]>),
    /// A series.
    Trend(Arc<Trend>),
}

impl Cell {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// The cell of a number in a column, where [`GAP`] and [`ABSENT`] are not numbers.
    #[must_use]
    pub fn number(value: f64) -> Self {
        match value {
            _ if is_gap(value) => Self::Null,
            _ if is_absent(value) => Self::Absent,
            _ => Self::Number(value),
        }
    }

    /// Whether there is no value, for either reason.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Absent | Self::Null)
    }

    /// The number this cell is stored as in a column of numbers, or none where it is something else.
    #[must_use]
    pub fn as_stored_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Null => Some(GAP),
            Self::Absent => Some(ABSENT),
            _ => None,
        }
    }

    /// The number this cell counts as in arithmetic: nothing for a missing one, NaN for what is no number.
    #[must_use]
    pub fn to_number(&self) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Null => 0.0,
            Self::Bool(flag) => f64::from(u8::from(*flag)),
            Self::Text(text) => number_from(text),
            Self::Trend(trend) => trend.value,
            _ => f64::NAN,
        }
    }

    /// Whether the cell counts as true: not missing, zero, NaN or empty.
    #[must_use]
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Absent | Self::Null => false,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Bool(flag) => *flag,
            Self::Text(text) => !text.is_empty(),
            Self::List(_) | Self::Object(_) | Self::Tables(_) | Self::Trend(_) => true,
        }
    }

    /// The cell as a text, `null` and `undefined` for a missing one.
    #[must_use]
    pub fn to_text(&self) -> Arc<str> {
        match self {
            Self::Absent => "undefined".into(),
            Self::Null => "null".into(),
            Self::Number(number) => shortest(*number).into(),
            Self::Bool(flag) => if *flag { "true" } else { "false" }.into(),
            Self::Text(text) => text.clone(),
            Self::List(items) => joined(items, ",").into(),
            Self::Trend(trend) => shortest(trend.value).into(),
            Self::Object(_) | Self::Tables(_) => "[object Object]".into(),
        }
    }

    /// The cell as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Self::Text(text) => json::push_string(text, out),
            Self::Number(number) if !number.is_finite() => out.push_str("null"),
            Self::Absent | Self::Tables(_) => out.push_str("null"),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    item.write_json(out);
                }
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                for (index, (name, value)) in entries.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    json::push_string(name, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
            plain => out.push_str(&plain.to_text()),
        }
    }

    /// The cell of a piece of JSON.
    #[must_use]
    pub fn from_json(json: &serde_json::Value) -> Self {
        use serde_json::Value;
        match json {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Number(number) => number.as_f64().map_or(Self::Null, Self::Number),
            Value::String(text) => Self::text(text),
            Value::Array(items) => Self::List(items.iter().map(Self::from_json).collect()),
            Value::Object(entries) => Self::Object(
                entries.iter().map(|(name, value)| (name.as_str().into(), Self::from_json(value))).collect(),
            ),
        }
    }
}

/// The texts of some cells with something in between; a missing one is empty.
pub(super) fn joined(cells: &[Cell], separator: &str) -> String {
    let mut out = String::new();
    for (index, cell) in cells.iter().enumerate() {
        out.push_str(if index > 0 { separator } else { "" });
        if !cell.is_missing() {
            out.push_str(&cell.to_text());
        }
    }
    out
}

/// A number as JavaScript reads one: blank is 0, `0x` is hexadecimal, anything else that is no number is NaN.
pub(crate) fn number_from(text: &str) -> f64 {
    let text = text.trim();
    let based = |digits: &str, base: u32| match digits.is_empty() {
        true => f64::NAN,
        false => digits
            .chars()
            .try_fold(0.0, |sum, c| Some(sum * f64::from(base) + f64::from(c.to_digit(base)?)))
            .unwrap_or(f64::NAN),
    };
    match text {
        "" => return 0.0,
        "Infinity" | "+Infinity" => return f64::INFINITY,
        "-Infinity" => return f64::NEG_INFINITY,
        _ => {}
    }
    for (prefix, base) in [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return based(digits, base);
        }
    }
    frame::decimal::parse(text).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_javascript_reads_them() {
        let check = |text: &str, expected: f64| {
            let found = number_from(text);
            assert!(found == expected || (found.is_nan() && expected.is_nan()), "{text}: {found}");
        };
        check("", 0.0);
        check(" 12.5 ", 12.5);
        check("-3e2", -300.0);
        check("0x10", 16.0);
        check("0xg", f64::NAN);
        check("1,000", f64::NAN);
        check("nan", f64::NAN);
        check("Infinity", f64::INFINITY);
        check("1e400", f64::INFINITY);
    }

    #[test]
    fn texts_and_json() {
        let object = Cell::Object([("b".into(), Cell::List([Cell::Number(1.5), Cell::Null].into()))].into());
        assert_eq!(object.to_json(), r#"{"b":[1.5,null]}"#);
        assert_eq!(&*Cell::List([Cell::text("x"), Cell::Null, Cell::Bool(true)].into()).to_text(), "x,,true");
        assert_eq!(Cell::from_json(&serde_json::json!({"b": [1.5, null]})), object);
    }
}
