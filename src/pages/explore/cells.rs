//! The result of an instant as rows: a column per label, the value last; sorted, and as text for other programs.

use crate::state::panel::Picture;
use frame::{Labels, SortedSet, is_gap};
use std::cmp::Ordering;

/// The head of the column of values.
pub const VALUE: &str = "Value";
/// The head of the column that tells the queries apart.
const QUERY: &str = "Query";

/// Rows under heads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells {
    /// The heads of the columns but that of values.
    pub heads: Vec<String>,
    pub rows: Vec<Row>,
}

/// A series at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub texts: Vec<String>,
    /// None for a series that has no number then.
    pub value: Option<f64>,
}

/// By which column the rows are sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sorting {
    pub head: String,
    pub descending: bool,
}

impl Sorting {
    /// As the address has it: a head, with a minus before it for the other direction.
    pub fn parse(word: &str) -> Option<Self> {
        let (head, descending) = word.strip_prefix('-').map_or((word, false), |head| (head, true));
        (!head.is_empty()).then(|| Self { head: head.to_owned(), descending })
    }

    /// What is next when the head `head` is pressed: the largest value or the first text, then the other way round, then
    /// as the server sent it. As the address has it.
    pub fn after(now: Option<&Self>, head: &str) -> String {
        let first = head == VALUE;
        let word = |descending: bool| format!("{}{head}", if descending { "-" } else { "" });
        match now.filter(|now| now.head == head) {
            None => word(first),
            Some(now) if now.descending == first => word(!first),
            Some(_) => String::new(),
        }
    }
}

impl Cells {
    /// Those of `picture`; `letters` are the queries', of which a column tells where there are several.
    pub fn of(picture: &Picture, letters: &[String]) -> Self {
        let series = &picture.head.series;
        let names: SortedSet<&str> = series.iter().flat_map(|one| one.labels.iter().map(|(name, _)| name)).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let tells_queries = letters.len() > 1;
        let heads = tells_queries.then_some(QUERY).into_iter().chain(names.iter().copied());
        let row = |(index, one): (usize, &engine::SeriesHead)| {
            let letter = tells_queries.then(|| letters.get(one.query as usize).cloned().unwrap_or_default());
            let labels = names.iter().map(|name| one.labels.get(name).unwrap_or_default().to_owned());
            let value = picture.points(index).1.last().copied().filter(|value| !is_gap(*value));
            Row { texts: letter.into_iter().chain(labels).collect(), value }
        };
        Self { heads: heads.map(str::to_owned).collect(), rows: series.iter().enumerate().map(row).collect() }
    }

    /// The same, sorted. Equal rows keep their order; what is no number comes last either way.
    pub fn sorted(mut self, by: Option<&Sorting>) -> Self {
        let Some(Sorting { head, descending }) = by else { return self };
        let turn = |order: Ordering| if *descending { order.reverse() } else { order };
        match self.heads.iter().position(|known| known == head) {
            Some(column) => {
                let text = |row: &Row| row.texts.get(column).cloned().unwrap_or_default();
                frame::sort_by(&mut self.rows, |a, b| turn(by_text(&text(a), &text(b))));
            }
            None if head == VALUE => frame::sort_by(&mut self.rows, |a, b| by_value(a.value, b.value, turn)),
            None => {}
        }
        self
    }

    /// All of it as text, cells apart by `separator`. A comma makes it CSV (RFC 4180), a tab what spreadsheets paste.
    pub fn text(&self, separator: char, number: impl Fn(f64) -> String) -> String {
        let cell = |text: &str| written(text, separator);
        let line = |cells: Vec<String>| cells.join(&separator.to_string()) + "\n";
        let heads = self.heads.iter().map(String::as_str).chain([VALUE]);
        let rows = self.rows.iter().map(|row| {
            let value = row.value.map_or_else(String::new, &number);
            line(row.texts.iter().map(|text| cell(text)).chain([cell(&value)]).collect())
        });
        [line(heads.map(cell).collect())].into_iter().chain(rows).collect()
    }
}

/// Numbers by size, as in `le` and `code`, and texts by their letters.
fn by_text(a: &str, b: &str) -> Ordering {
    let number = |text: &str| if text == "+Inf" { Some(f64::INFINITY) } else { frame::decimal::parse(text) };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => a.cmp(b),
    }
}

fn by_value(a: Option<f64>, b: Option<f64>, turn: impl Fn(Ordering) -> Ordering) -> Ordering {
    let number = |value: Option<f64>| value.filter(|value| !value.is_nan());
    match (number(a), number(b)) {
        (Some(a), Some(b)) => turn(a.total_cmp(&b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// A cell: in quotes where CSV needs them, on one line without tabs between tabs.
fn written(text: &str, separator: char) -> String {
    if separator == '\t' {
        return text.replace(['\t', '\n', '\r'], " ");
    }
    let is_special = text.contains([separator, '"', '\n', '\r']);
    if is_special { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// How a head is called on the page: the metric's name has a long word of its own.
pub fn caption(head: &str) -> &str {
    if head == Labels::METRIC_NAME { "Metric" } else { head }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells() -> Cells {
        let row = |le: &str, name: &str, value| Row { texts: vec![le.into(), name.into()], value };
        let rows = vec![
            row("+Inf", "b,c", Some(1.0)),
            row("10", "say \"a\"", None),
            row("2", "x\ty", Some(f64::NAN)),
            row("0.5", "a", Some(f64::INFINITY)),
        ];
        Cells { heads: vec!["le".into(), "name".into()], rows }
    }

    fn check(word: &str, expected: &[&str]) {
        let sorted = cells().sorted(Sorting::parse(word).as_ref());
        let first: Vec<&str> = sorted.rows.iter().map(|row| row.texts[0].as_str()).collect();
        assert_eq!(first, expected, "{word}");
    }

    #[test]
    fn rows_are_sorted_by_any_column() {
        check("", &["+Inf", "10", "2", "0.5"]);
        check("le", &["0.5", "2", "10", "+Inf"]);
        check("-le", &["+Inf", "10", "2", "0.5"]);
        check("name", &["0.5", "+Inf", "10", "2"]);
        check("Value", &["+Inf", "0.5", "10", "2"]);
        check("-Value", &["0.5", "+Inf", "10", "2"]);
        check("nothing", &["+Inf", "10", "2", "0.5"]);
    }

    #[test]
    fn a_head_is_pressed_again_and_again() {
        for (now, head, expected) in [
            ("", "le", "le"),
            ("le", "le", "-le"),
            ("-le", "le", ""),
            ("-le", "Value", "-Value"),
            ("-Value", "Value", "Value"),
            ("Value", "Value", ""),
        ] {
            assert_eq!(Sorting::after(Sorting::parse(now).as_ref(), head), expected, "{head} after {now}");
        }
    }

    #[test]
    fn other_programs_can_read_it() {
        let number = |value: f64| value.to_string();
        assert_eq!(
            cells().text(',', number),
            "le,name,Value\n+Inf,\"b,c\",1\n10,\"say \"\"a\"\"\",\n2,x\ty,NaN\n0.5,a,inf\n"
        );
        assert_eq!(
            cells().text('\t', number),
            "le\tname\tValue\n+Inf\tb,c\t1\n10\tsay \"a\"\t\n2\tx y\tNaN\n0.5\ta\tinf\n"
        );
    }
}
