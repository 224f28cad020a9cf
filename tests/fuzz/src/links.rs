//! Addresses, and what stands in them: links, their templates, filters, the queries of variables. The first line is a
//! value, the second a template, or either alone.

use dashboard::adhoc::Filter;
use dashboard::data_point::{DataField, DataPoint, DataValue};
use dashboard::follow::{Catalog, Parameters, Surroundings};
use dashboard::interpolate::{Scope, Value};
use dashboard::link::{SafeUrl, slug_of};
use dashboard::model::{Link, LinkTarget};
use dashboard::variable_query::VariableQuery;
use frame::{Labels, Millis};

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let input = String::from_utf8_lossy(body);
    let (value, template) = input.split_once('\n').unwrap_or((&input, &input));
    for text in [value, template] {
        if let Some(url) = SafeUrl::parse(text) {
            check_harmless(&url);
            assert_eq!(SafeUrl::parse(url.as_str()).as_ref(), Some(&url), "a checked address stays as it is");
        }
        let _ = (config::check_url(text), VariableQuery::parse(text), slug_of(text));
        check_filter(text);
    }
    check_template(value, template);
}

/// No browser runs it, and it leads to nobody in another's name.
///
/// # Panics
/// It is not so.
pub fn check_harmless(url: &SafeUrl) {
    let text = url.as_str();
    assert!(!text.contains(|c: char| c.is_control() || c.is_whitespace()), "{text:?}");
    let before_path = text.split(['/', '?', '#']).next().unwrap_or_default();
    if let Some((scheme, _)) = before_path.split_once(':') {
        let is_known = ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        assert!(is_known && url.is_external(), "{text:?}");
    }
    assert!(!text.starts_with("//") || url.is_external(), "{text:?}");
}

fn check_filter(text: &str) {
    let Some(filter) = Filter::from_url(text) else { return };
    assert_eq!(Filter::from_url(&filter.to_url()).as_ref(), Some(&filter), "{text:?}");
    let added = engine::add_filters("up", &[filter]);
    assert!(added.is_err() || added.is_ok_and(|added| promql::parse(&added).errors.is_empty()), "{text:?}");
}

struct Nothing;

impl Catalog for Nothing {
    fn has(&self, _: &str) -> bool {
        true
    }
    fn by_slug(&self, slug: &str) -> Option<String> {
        Some(slug.to_owned())
    }
}

fn check_template(value: &str, template: &str) {
    let labels: Labels = [("instance", value), ("", value)].into_iter().collect();
    let field = DataField { name: value, display_name: value, labels: &labels };
    let shown =
        || DataValue { raw: value.to_owned(), numeric: f64::NAN, digits: value.to_owned(), text: value.to_owned() };
    let row = |_| shown();
    let point = DataPoint {
        series: value,
        table: value,
        ref_id: "A",
        fields: &[field, field],
        field: 1,
        value: Some(shown()),
        time: Some(Millis(0)),
        row: Some(&row),
    };
    let mut scope = Scope::default();
    scope.set("x", Value::One(value.to_owned()));
    let parameters = Parameters::default();
    let around = Surroundings { scope: &scope, parameters: &parameters, data: Some(&point), catalog: &Nothing };
    let _ = around.text(template);
    let link =
        Link { target: LinkTarget::Url(template.to_owned()), keep_time: true, include_vars: true, ..Link::default() };
    if let Some(url) = around.follow(&link) {
        check_harmless(&url);
    }
}
