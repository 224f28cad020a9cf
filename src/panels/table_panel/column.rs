//! How each column of a table looks. Pure: no signal, no element.

use crate::state::links::LinksNow;
use dashboard::data_point::{DataField, DataPoint};
use dashboard::display::{Display, Series, unit_of_instants};
use dashboard::model::{Align, FieldConfig, FieldOptions};
use dashboard::transform::FieldType;
use engine::shape::{Column, ColumnKind, TablePage};
use format::Unit;
use format::color::Theme;

/// What one column looks like.
pub struct ColumnLook {
    /// Its number in the [`TablePage`].
    pub index: usize,
    /// What the worker calls it.
    pub key: String,
    /// What the user reads.
    pub title: String,
    pub kind: ColumnKind,
    pub config: FieldConfig,
    pub display: Display,
    /// For instants that are written in a way of their own.
    pub unit: Unit,
}

/// The columns of `page`, also those that are not shown. `links` know the variables in their names.
pub fn looks(page: &TablePage, fields: &FieldOptions, theme: Theme, links: Option<&LinksNow<'_>>) -> Vec<ColumnLook> {
    let columns = page.columns.iter().enumerate();
    let look = |(index, column): (usize, &Column)| {
        let config = fields.resolve_matched(&column.field.properties, &column.field.overrides);
        let is_time = column.kind == ColumnKind::Time;
        let own = config.own_min_max.then_some(column.range.filter(|_| !is_time));
        let range = own.unwrap_or(page.range).map(|range| (range.min, range.max));
        let of_palette = Series { index: column.series_index as usize, name: &column.name };
        let times = column.range.filter(|_| is_time && page.rows > 1);
        ColumnLook {
            index,
            key: column.name.clone(),
            title: match (&config.display_name, column.kind) {
                (Some(name), _) => {
                    links.and_then(|links| named(links, page, index, name)).unwrap_or_else(|| name.clone())
                }
                // Tables in a table have headings of their own.
                (None, ColumnKind::Tables) => String::new(),
                (None, _) => column.name.clone(),
            },
            kind: column.kind,
            display: Display::new(&config, of_palette, range, theme).holding(field_type(column.kind)),
            unit: unit_of_instants(&config, times.map(|range| range.max - range.min)),
            config,
        }
    };
    columns.map(look).collect()
}

fn field_type(kind: ColumnKind) -> FieldType {
    match kind {
        ColumnKind::Time => FieldType::Time,
        ColumnKind::Number => FieldType::Number,
        ColumnKind::Text => FieldType::Text,
        ColumnKind::Bool => FieldType::Bool,
        ColumnKind::Trend => FieldType::Trend,
        ColumnKind::Tables => FieldType::Tables,
        ColumnKind::Other => FieldType::Other,
    }
}

/// What a column is called by a text with variables in it.
fn named(links: &LinksNow<'_>, page: &TablePage, index: usize, template: &str) -> Option<String> {
    let columns = page.columns.iter();
    let fields = columns.map(|column| DataField {
        name: &column.field.name,
        display_name: &column.name,
        labels: &column.labels,
    });
    let table = page.tables.get(page.table as usize).map_or("", String::as_str);
    let fields: Vec<DataField<'_>> = fields.collect();
    let of_field = DataPoint {
        series: table,
        table,
        ref_id: "",
        fields: &fields,
        field: index,
        value: None,
        time: None,
        row: None,
    };
    links.name(template, &of_field)
}

impl ColumnLook {
    /// Whether it is shown.
    pub fn is_shown(&self) -> bool {
        !self.config.cell.hidden && !self.config.draw.hide_from.chart
    }

    /// The class of its cells: where their content stands.
    pub fn class(&self) -> &'static str {
        match self.config.cell.align {
            Align::Auto if matches!(self.kind, ColumnKind::Number | ColumnKind::Trend) => "number",
            Align::Auto | Align::Left => "",
            Align::Center => "centered",
            Align::Right => "number",
        }
    }

    /// Its width as CSS has it; empty for as much as it gets.
    pub fn width(&self) -> String {
        css_width(self.config.cell.width)
    }

    /// The least of it, as CSS has it: all of it where it is said.
    pub fn least_width(&self) -> String {
        css_width(self.config.cell.width.or(self.config.cell.min_width))
    }
}

fn css_width(css_px: Option<f64>) -> String {
    let px = |width: f64| format!("{}px", width.clamp(16.0, 4_000.0).round() as i32);
    css_px.filter(|width| *width > 0.0).map_or_else(String::new, px)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::model::{Matcher, Override};
    use engine::FieldHead;
    use engine::shape::{Extent, TableCell};
    use frame::Labels;
    use serde_json::{Value, json};

    fn column(name: &str, overrides: &[u32]) -> Column {
        Column {
            name: name.into(),
            kind: ColumnKind::Number,
            series_index: 0,
            labels: Labels::default(),
            field: FieldHead { overrides: overrides.to_vec(), ..FieldHead::default() },
            range: None,
            cells: vec![TableCell::Number(0.5)],
            footer: None,
        }
    }

    #[test]
    fn overrides_are_those_that_the_worker_matched() {
        let rule = |id: &str, value: Value| Override {
            matcher: Matcher::Data,
            matcher_json: Value::Null,
            properties: vec![(id.to_owned(), value)],
        };
        let fields = FieldOptions {
            overrides: vec![
                rule("unit", json!("percentunit")),
                rule("displayName", json!("Load")),
                rule("custom.hidden", json!(true)),
                rule("custom.align", json!("left")),
                rule("custom.width", json!(120)),
            ],
            ..FieldOptions::default()
        };
        let check = |overrides: &[u32], expected: Option<(&str, &str, &str, &str)>| {
            let page = TablePage { columns: vec![column("Value", overrides)], ..TablePage::default() };
            let looks = looks(&page, &fields, Theme::Dark, None);
            let text = |look: &ColumnLook| look.display.show(Some(0.5)).text.to_string();
            let found = looks
                .first()
                .filter(|look| look.is_shown())
                .map(|look| (look.title.clone(), text(look), look.class(), look.width()));
            let expected = expected.map(|(title, text, class, width)| (title.into(), text.into(), class, width.into()));
            assert_eq!(found, expected, "{overrides:?}");
        };
        check(&[], Some(("Value", "0.500", "number", "")));
        check(&[0, 1], Some(("Load", "50%", "number", "")));
        check(&[3, 4], Some(("Value", "0.500", "", "120px")));
        check(&[2], None);
        check(&[99], Some(("Value", "0.500", "number", "")));
    }

    #[test]
    fn instants_within_a_minute_have_milliseconds() {
        let check = |rows: u32, span_millis: f64, expected: &Unit| {
            let range = Some(Extent { min: 0.0, max: span_millis });
            let times = Column { kind: ColumnKind::Time, range, ..column("Time", &[]) };
            let page = TablePage { rows, columns: vec![times], ..TablePage::default() };
            assert_eq!(looks(&page, &FieldOptions::default(), Theme::Dark, None).remove(0).unit, *expected);
        };
        let (millis, by_the_page) = (Unit::new("time:YYYY-MM-DD HH:mm:ss.SSS"), Unit::default());
        check(2, 0.0, &millis);
        check(2, 59_999.0, &millis);
        check(2, 60_000.0, &by_the_page);
        check(1, 0.0, &by_the_page);
    }

    #[test]
    fn a_column_is_never_narrower_than_it_says() {
        let check = |width: Option<f64>, min_width: Option<f64>, expected: (&str, &str)| {
            let mut fields = FieldOptions::default();
            (fields.defaults.cell.width, fields.defaults.cell.min_width) = (width, min_width);
            let page = TablePage { columns: vec![column("Value", &[])], ..TablePage::default() };
            let look = looks(&page, &fields, Theme::Dark, None).remove(0);
            assert_eq!((&*look.width(), &*look.least_width()), expected);
        };
        check(None, None, ("", ""));
        check(Some(120.0), None, ("120px", "120px"));
        check(None, Some(90.0), ("", "90px"));
        check(Some(120.0), Some(90.0), ("120px", "120px"));
        check(Some(0.0), Some(0.0), ("", ""));
    }
}
