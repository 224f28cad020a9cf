//! Links of a table's values: Grafana's `${__value…}`, `${__data…}` and `${__field…}` filled in, then checked.

use super::Fill;
use super::column::ColumnLook;
use dashboard::link::SafeUrl;
use dashboard::model::{Link, LinkTarget};
use engine::shape::{TableCell, TablePage};
use format::number::shortest;

/// Where a link of a cell may lead.
pub struct Place<'a> {
    pub page: &'a TablePage,
    pub column: &'a ColumnLook,
    /// The row within the part that is there.
    pub row: usize,
    /// The cell as it is read.
    pub shown: &'a str,
}

/// What a link says and where it leads; none where that is nowhere safe.
pub fn resolve(link: &Link, place: &Place<'_>, fill: &Fill) -> Option<(String, SafeUrl)> {
    let LinkTarget::Url(url) = &link.target else { return None };
    // The dashboard's variables first: a value of the data is never looked at twice.
    let url = place.filled(&fill(url, "percentencode"), true);
    let title = place.filled(&fill(&link.title, "text"), false);
    Some((title, SafeUrl::parse(&url)?))
}

impl Place<'_> {
    /// `text` with what stands for values replaced, in a URL escaped.
    fn filled(&self, text: &str, in_url: bool) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, opened)) = rest.split_once("${") {
            let Some((reference, after)) = opened.split_once('}') else { break };
            out.push_str(before);
            match self.value(reference) {
                Some(value) if in_url => dashboard::link::percent_encode(&value, &mut out),
                Some(value) => out.push_str(&value),
                None => {
                    out.push_str("${");
                    out.push_str(reference);
                    out.push('}');
                }
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn value(&self, reference: &str) -> Option<String> {
        // A format such as `:percentencode` asks for what is done anyway.
        let path = reference.split_once(':').map_or(reference, |(path, _)| path);
        let own = self.page.columns.get(self.column.index)?;
        match path {
            "__value.text" => return Some(self.shown.to_owned()),
            "__value" | "__value.raw" | "__value.numeric" => return Some(raw(own.cells.get(self.row)?)),
            "__field.name" | "__series.name" => return Some(self.column.title.clone()),
            "__value.time" => {
                return self.page.columns.iter().find_map(|column| {
                    (column.kind == engine::shape::ColumnKind::Time).then(|| raw(column.cells.get(self.row)?).into())?
                });
            }
            _ => {}
        }
        if let Some(label) = path.strip_prefix("__field.labels") {
            return own.labels.get(&key(label)?).map(str::to_owned);
        }
        let field = path.strip_prefix("__data.fields")?;
        let wanted = key(field)?;
        let by_name = self.page.columns.iter().find(|column| column.name == wanted);
        let column = by_name.or_else(|| self.page.columns.get(wanted.parse::<usize>().ok()?))?;
        column.cells.get(self.row).map(raw)
    }
}

/// The name in `.name`, `["name"]`, `['name']` or `[0]`, whatever of the cell's forms is asked for behind it.
fn key(path: &str) -> Option<String> {
    if let Some(name) = path.strip_prefix('.') {
        let forms = [".text", ".numeric", ".raw"];
        let name = forms.iter().find_map(|form| name.strip_suffix(form)).unwrap_or(name);
        return Some(name.to_owned());
    }
    let (name, _) = path.strip_prefix('[')?.split_once(']')?;
    Some(name.trim_matches(['"', '\'']).to_owned())
}

fn raw(cell: &TableCell) -> String {
    match cell {
        TableCell::Number(number) | TableCell::Trend { value: number, .. } => shortest(*number),
        TableCell::Text(text) => text.to_string(),
        TableCell::Json(json) => json.clone(),
        TableCell::Missing | TableCell::Tables(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panels::table_panel::column::looks;
    use dashboard::model::FieldOptions;
    use engine::FieldHead;
    use engine::shape::{Column, ColumnKind};
    use format::color::Theme;
    use frame::Labels;

    fn column(name: &str, kind: ColumnKind, labels: Labels, cell: TableCell) -> Column {
        Column {
            name: name.into(),
            kind,
            labels,
            field: FieldHead::default(),
            range: None,
            cells: vec![cell],
            footer: None,
        }
    }

    /// The address of a link of the value in a row of a time, a job and a value.
    fn check(url: &str, expected: Option<&str>) {
        let labels: Labels = [("zone", "eu & us")].into_iter().collect();
        let page = TablePage {
            columns: vec![
                column("Time", ColumnKind::Time, Labels::default(), TableCell::Number(5.0)),
                column("job", ColumnKind::Text, Labels::default(), TableCell::Text("a/b ${__value.raw}".into())),
                column("Value", ColumnKind::Number, labels, TableCell::Number(0.5)),
            ],
            ..TablePage::default()
        };
        let looks = looks(&page, &FieldOptions::default(), Theme::Dark);
        let place = Place { page: &page, column: &looks[2], row: 0, shown: "50%" };
        let link = Link { target: LinkTarget::Url(url.into()), ..Link::default() };
        let found = resolve(&link, &place, &|text, _| text.replace("$host", "web"));
        assert_eq!(found.as_ref().map(|(_, url)| url.as_str()), expected, "{url}");
    }

    #[test]
    fn values_are_filled_in_and_escaped() {
        check("/d/x?host=$host", Some("/d/x?host=web"));
        check("/x?v=${__value.raw}&t=${__value.text}", Some("/x?v=0.5&t=50%25"));
        check("/x?job=${__data.fields.job}", Some("/x?job=a%2Fb%20%24%7B__value.raw%7D"));
        check("/x?job=${__data.fields[\"job\"].text:percentencode}", Some("/x?job=a%2Fb%20%24%7B__value.raw%7D"));
        check("/x?at=${__data.fields[0]}&also=${__value.time}", Some("/x?at=5&also=5"));
        check("/x?zone=${__field.labels.zone}&name=${__field.name}", Some("/x?zone=eu%20%26%20us&name=Value"));
        check("/x?no=${__data.fields.none}", Some("/x?no=${__data.fields.none}"));
        check("${__data.fields.job}://x", None);
        check("javascript:alert(${__value.raw})", None);
        check("/x?open=${", Some("/x?open=${"));
    }
}
