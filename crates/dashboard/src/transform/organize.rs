//! Order, choice and names of fields: `organize`, and its parts `order` and `rename`; `renameByRegex`.

use super::filter::FilterFields;
use super::matcher::FieldMatcher;
use super::names::Names;
use super::options::Options;
use super::sort::compare_texts;
use super::table::{Field, FieldType, Table};
use super::{Context, TransformError};
use crate::pattern::Pattern;
use regex_lite::Captures;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

/// Fields in another order, fewer of them, under other names.
#[derive(Clone, Debug, Default)]
pub struct Organize {
    order: Order,
    include: Vec<Arc<str>>,
    exclude: Vec<Arc<str>>,
    names: HashMap<Arc<str>, Arc<str>>,
}

#[derive(Clone, Debug)]
enum Order {
    /// Fields with a place by it, the others behind.
    Manual(HashMap<Arc<str>, f64>),
    /// Sorted by names and labels, time first.
    Auto(Vec<OrderBy>),
}

impl Default for Order {
    fn default() -> Self {
        Self::Manual(HashMap::new())
    }
}

#[derive(Clone, Debug)]
struct OrderBy {
    /// The label, or none for the name.
    label: Option<Arc<str>>,
    descending: bool,
}

impl Organize {
    pub(super) fn read(options: &Options) -> Self {
        let chosen = |key: &str| {
            let entries = options.entries(key).into_iter();
            entries.filter(|(_, chosen)| chosen.json.as_bool() == Some(true)).map(|(name, _)| name).collect()
        };
        Self { include: chosen("includeByName"), exclude: chosen("excludeByName"), ..Self::read_order(options) }
    }

    /// The part called `order`.
    pub(super) fn read_order(options: &Options) -> Self {
        let by = |by: Options| OrderBy {
            label: by.text("name").filter(|_| by.str("type") == Some("label")),
            descending: by.flag("desc"),
        };
        let place = |(name, place): (Arc<str>, Options)| Some((name, place.json.as_f64()?));
        let order = match options.str("orderByMode") {
            Some("auto") => Order::Auto(options.items("orderBy").into_iter().map(by).collect()),
            _ => Order::Manual(options.entries("indexByName").into_iter().filter_map(place).collect()),
        };
        Self { order, ..Self::read_names(options) }
    }

    /// The part called `rename`.
    pub(super) fn read_names(options: &Options) -> Self {
        let name = |(from, to): (Arc<str>, Options)| Some((from, Arc::from(to.json.as_str()?)));
        Self { names: options.entries("renameByName").into_iter().filter_map(name).collect(), ..Self::default() }
    }

    pub(super) fn apply(&self, mut tables: Vec<Table>, context: &Context) -> Vec<Table> {
        let names = Names::of(&tables);
        for table in &mut tables {
            self.order.apply(table, &names);
        }
        let matcher = |names: &[Arc<str>]| {
            (!names.is_empty()).then(|| FieldMatcher::Names { names: names.to_vec(), exclude: false })
        };
        let filter = FilterFields { include: matcher(&self.include), exclude: matcher(&self.exclude) };
        let mut tables = filter.apply(tables);
        for table in &mut tables {
            let shown = names.of_table(table);
            for (field, name) in table.fields.iter_mut().zip(shown) {
                if let Some(to) = self.names.get(&name).filter(|to| !to.is_empty()) {
                    field.config_mut().display_name = Some((context.interpolate)(to).into());
                }
            }
        }
        tables
    }
}

impl Order {
    fn apply(&self, table: &mut Table, names: &Names) {
        let shown = names.of_table(table);
        match self {
            Self::Manual(places) if places.is_empty() => {}
            Self::Manual(places) => {
                let place = |name: &Arc<str>| places.get(name).copied().unwrap_or(f64::INFINITY);
                let mut keyed: Vec<(f64, Field)> = shown.iter().map(place).zip(table.fields.drain(..)).collect();
                frame::sort_by(&mut keyed, |(a, _), (b, _)| a.total_cmp(b));
                table.fields.extend(keyed.into_iter().map(|(_, field)| field));
            }
            Self::Auto(rules) => {
                let mut keyed: Vec<(Arc<str>, Field)> = shown.into_iter().zip(table.fields.drain(..)).collect();
                frame::sort_by(&mut keyed, |a, b| compare(a, b, rules));
                table.fields.extend(keyed.into_iter().map(|(_, field)| field));
            }
        }
    }
}

fn compare(a: &(Arc<str>, Field), b: &(Arc<str>, Field), rules: &[OrderBy]) -> Ordering {
    let is_time = |field: &Field| field.kind == FieldType::Time;
    if is_time(&a.1) || is_time(&b.1) {
        return is_time(&b.1).cmp(&is_time(&a.1));
    }
    let mut orders = rules.iter().map(|rule| {
        let order = match &rule.label {
            Some(label) => compare_texts(a.1.label(label).unwrap_or_default(), b.1.label(label).unwrap_or_default()),
            None => compare_texts(&a.0, &b.0),
        };
        if rule.descending { order.reverse() } else { order }
    });
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Names changed by a pattern.
#[derive(Clone, Debug)]
pub struct RenameByPattern {
    pattern: Arc<str>,
    replacement: Arc<str>,
}

impl RenameByPattern {
    pub(super) fn read(options: &Options) -> Self {
        Self {
            pattern: options.text("regex").unwrap_or_default(),
            replacement: options.text("renamePattern").unwrap_or_default(),
        }
    }

    pub(super) fn apply(&self, mut tables: Vec<Table>, context: &Context) -> Result<Vec<Table>, TransformError> {
        let fail = |message| TransformError { path: "options.regex".into(), message };
        let pattern = Pattern::parse(&(context.interpolate)(&self.pattern)).map_err(fail)?;
        let replacement = (context.interpolate)(&self.replacement);
        let names = Names::of(&tables);
        for table in &mut tables {
            let shown = names.of_table(table);
            for (field, name) in table.fields.iter_mut().zip(shown) {
                if pattern.regex.is_match(&name) {
                    let limit = if pattern.global { 0 } else { 1 };
                    let replace = |captures: &Captures| expand(&replacement, captures);
                    field.config_mut().display_name =
                        Some(pattern.regex.replacen(&name, limit, replace).as_ref().into());
                }
            }
        }
        Ok(tables)
    }
}

/// A replacement as JavaScript writes them: `$1`, `$<name>`, `$&` for all that matched, `$$` for a dollar sign.
fn expand(replacement: &str, captures: &Captures) -> String {
    let mut out = String::new();
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        // What refers to nothing stays as it is.
        let (text, len) = reference(rest, captures).unwrap_or(("$", 0));
        out.push_str(text);
        rest = &rest[len..];
    }
    out.push_str(rest);
    out
}

/// What stands behind a dollar sign refers to, and how long it is.
fn reference<'c>(rest: &str, captures: &Captures<'c>) -> Option<(&'c str, usize)> {
    let group = |index: usize| captures.get(index).map_or("", |found| found.as_str());
    match rest.chars().next()? {
        '$' => Some(("$", 1)),
        '&' => Some((group(0), 1)),
        '<' => {
            let (name, _) = rest[1..].split_once('>')?;
            Some((captures.name(name)?.as_str(), name.len() + 2))
        }
        _ => {
            let digits = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
            // Of two digits only as many count as there are groups.
            (1..=digits).rev().find_map(|len| {
                let index: usize = rest[..len].parse().ok()?;
                (index > 0 && index < captures.len()).then(|| (group(index), len))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_are_expanded_as_in_javascript() {
        let check = |pattern: &str, replacement: &str, expected: &str| {
            let pattern = regex_lite::Regex::new(pattern).unwrap();
            let found = pattern.replace("up-42", |captures: &Captures| expand(replacement, captures));
            assert_eq!(found, expected, "{replacement}");
        };
        check("^(\\w+)-(\\d+)$", "$2 $1", "42 up");
        check("^(\\w+)-(\\d+)$", "$20", "420");
        check("^(\\w+)-(\\d+)$", "$3 $0 $", "$3 $0 $");
        check("(?<name>\\w+)-", "<$<name>>$$", "<up>$42");
        check("-", "[$&]", "up[-]42");
    }
}
