//! What the data say where a text stands: Grafana's `__series`, `__field`, `__value` and `__data`.

use frame::{Labels, Millis};

/// A field, or one value of it, that a link or a name belongs to.
pub struct DataPoint<'a> {
    /// The name of the series, or of the table.
    pub series: &'a str,
    /// The table's own name; empty where it has none.
    pub table: &'a str,
    /// The query that it answers.
    pub ref_id: &'a str,
    /// The fields of its table.
    pub fields: &'a [DataField<'a>],
    /// Which of them it is of.
    pub field: usize,
    /// The value; none for the field as a whole.
    pub value: Option<DataValue>,
    /// When that was; none for a value that is computed of several.
    pub time: Option<Millis>,
    /// The values that stand in the same row, by their fields; none where there is no row.
    pub row: Option<&'a dyn Fn(usize) -> DataValue>,
}

/// Whether a variable of this name is about data.
pub(crate) fn is_macro(name: &str) -> bool {
    matches!(name, "__series" | "__field" | "__value" | "__data")
}

/// A field as texts name it.
#[derive(Clone, Copy)]
pub struct DataField<'a> {
    /// Its own name.
    pub name: &'a str,
    /// The name that it is shown under.
    pub display_name: &'a str,
    /// Its labels.
    pub labels: &'a Labels,
}

/// A value in the forms that texts ask for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataValue {
    /// As it came.
    pub raw: String,
    /// As a number; NaN where it is none.
    pub numeric: f64,
    /// As it is shown, without its unit.
    pub digits: String,
    /// As it is shown.
    pub text: String,
}

impl DataValue {
    fn form(self, form: &str) -> String {
        match form {
            "raw" => self.raw,
            "numeric" => format::number::shortest(self.numeric),
            _ => self.text,
        }
    }
}

impl DataPoint<'_> {
    /// What `${name.path}` stands for here. None for what is no variable of this kind, or asks for what is not there.
    #[must_use]
    pub fn get(&self, name: &str, path: Option<&str>) -> Option<String> {
        match (name, path) {
            ("__series", Some("name")) => Some(self.series.to_owned()),
            ("__field", Some(path)) => Some(self.field(path).unwrap_or_default()),
            ("__value", path) => self.value(path.unwrap_or_default()),
            ("__data", Some(path)) => Some(self.data(path, self.row?).unwrap_or_default()),
            // Of tables from before there were data links.
            ("__cell", None) => self.value("raw"),
            _ => {
                let column = name.strip_prefix("__cell_").filter(|_| path.is_none())?.parse().ok()?;
                self.fields.get(column).and(self.row).map(|row| row(column).raw)
            }
        }
    }

    fn value(&self, form: &str) -> Option<String> {
        let value = self.value.clone()?;
        Some(match form {
            "time" => self.time.map(|time| time.0.to_string()).unwrap_or_default(),
            form => value.form(form),
        })
    }

    fn field(&self, path: &str) -> Option<String> {
        let field = self.fields.get(self.field)?;
        match path {
            "name" => Some(field.name.to_owned()),
            "displayName" => Some(field.display_name.to_owned()),
            "labels" | "formattedLabels" => Some(pairs(field.labels)),
            "labels.__values" => Some(joined(field.labels.iter().map(|(_, value)| value.to_owned()))),
            _ => {
                let (label, _) = key(path.strip_prefix("labels")?)?;
                field.labels.get(label).map(str::to_owned)
            }
        }
    }

    fn data(&self, path: &str, row: &dyn Fn(usize) -> DataValue) -> Option<String> {
        match path {
            "name" => return Some(self.table.to_owned()),
            "refId" => return Some(self.ref_id.to_owned()),
            _ => {}
        }
        let path = path.strip_prefix("fields")?;
        let (wanted, form) = key(path)?;
        if let Some(index) = self.find(wanted) {
            let value = row(index);
            return Some(if form == "text" { value.digits } else { value.form(form) });
        }
        // A dot may be part of the name.
        self.find(path.strip_prefix('.')?).map(|index| row(index).text)
    }

    /// The field of this name, or of this number.
    fn find(&self, wanted: &str) -> Option<usize> {
        let named = |field: &DataField<'_>| field.name == wanted || field.display_name == wanted;
        let by_name = self.fields.iter().position(named);
        by_name.or_else(|| wanted.parse().ok().filter(|index| *index < self.fields.len()))
    }
}

/// The key in `.key`, `["key"]`, `['key']` or `[0]`, and the form of it that is asked for behind it.
fn key(path: &str) -> Option<(&str, &str)> {
    if let Some(name) = path.strip_prefix('.') {
        let form = ["text", "numeric", "raw"].into_iter().find_map(|form| {
            let name = name.strip_suffix(form)?.strip_suffix('.')?;
            Some((name, form))
        });
        return Some(form.unwrap_or((name, "")));
    }
    let (name, form) = path.strip_prefix('[')?.split_once(']')?;
    Some((name.trim_matches(['"', '\'']), form.trim_start_matches('.')))
}

/// Labels as Grafana writes them here: without braces.
fn pairs(labels: &Labels) -> String {
    joined(labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(number: f64, digits: &str, text: &str) -> DataValue {
        DataValue { raw: number.to_string(), numeric: number, digits: digits.into(), text: text.into() }
    }

    fn check(name: &str, path: &str, expected: Option<&str>) {
        let labels: Labels = [("host", "a:1"), ("zone", "eu")].into_iter().collect();
        let none = Labels::default();
        let fields = [
            DataField { name: "Time", display_name: "Time", labels: &none },
            DataField { name: "Value", display_name: "Load", labels: &labels },
            DataField { name: "k8s.pod", display_name: "k8s.pod", labels: &none },
        ];
        let row = |index: usize| match index {
            1 => value(0.5, "50", "50%"),
            other => value(other as f64, "", &format!("field {other}")),
        };
        let point = DataPoint {
            series: "Series A",
            table: "",
            ref_id: "A",
            fields: &fields,
            field: 1,
            value: Some(row(1)),
            time: Some(Millis(7)),
            row: Some(&row),
        };
        let path = Some(path).filter(|path| !path.is_empty());
        assert_eq!(point.get(name, path).as_deref(), expected, "{name} {path:?}");
    }

    #[test]
    fn a_value_and_what_is_around_it() {
        check("__value", "", Some("50%"));
        check("__value", "raw", Some("0.5"));
        check("__value", "time", Some("7"));
        check("__field", "name", Some("Value"));
        check("__field", "displayName", Some("Load"));
        check("__field", "labels.host", Some("a:1"));
        check("__field", "labels[\"zone\"]", Some("eu"));
        check("__field", "labels", Some("host=\"a:1\", zone=\"eu\""));
        check("__field", "labels.none", Some(""));
        check("__field", "", None);
        check("__series", "name", Some("Series A"));
        check("__series", "", None);
        check("__data", "refId", Some("A"));
        check("__data", "fields.Load", Some("50%"));
        check("__data", "fields[1].text", Some("50"));
        check("__data", "fields['Value'].numeric", Some("0.5"));
        check("__data", "fields.k8s.pod", Some("field 2"));
        check("__data", "fields[9]", Some(""));
        check("__data", "", None);
        check("__cell", "", Some("0.5"));
        check("__cell_2", "", Some("2"));
        check("__cell_9", "", None);
        check("__cell_x", "", None);
        check("other", "name", None);
    }
}
