//! Display names of series.

use frame::Labels;

/// The name of one series of a query, by the query's legend template.
///
/// - empty: the series as Prometheus writes it, or the query where it has no labels;
/// - `__auto`: the value of the only label where `only_label` names it, else all labels, else the query;
/// - anything else: the template, `{{label}}` replaced by the label's value, or by nothing where it is absent.
pub(crate) fn name(template: &str, labels: &Labels, only_label: Option<&str>, expr: &str) -> String {
    match template {
        _ if labels.is_empty() && matches!(template, "" | "__auto") => expr.to_owned(),
        "" => labels.to_string(),
        "__auto" => only_label.and_then(|label| labels.get(label)).map_or_else(|| all_labels(labels), str::to_owned),
        template => render(template, labels),
    }
}

/// The label that is the only one of every series, if there is such a label.
pub(crate) fn only_label<'a>(mut series: impl Iterator<Item = &'a Labels>) -> Option<&'a str> {
    let only = |labels: &'a Labels| labels.iter().next().map(|(name, _)| name).filter(|_| labels.len() == 1);
    let first = only(series.next()?)?;
    series.all(|labels| only(labels) == Some(first)).then_some(first)
}

/// The label set with the metric name as a label among the others, as Grafana shows it.
fn all_labels(labels: &Labels) -> String {
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
    format!("{{{}}}", pairs.join(", "))
}

fn render(template: &str, labels: &Labels) -> String {
    let mut name = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, opened)) = rest.split_once("{{") {
        let Some((label, after)) = opened.split_once("}}") else { break };
        name.push_str(before);
        name.push_str(labels.get(label.trim()).unwrap_or_default());
        rest = after;
    }
    name.push_str(rest);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, pairs: &[(&str, &str)], expected: &str) {
        let labels: Labels = pairs.iter().copied().collect();
        assert_eq!(name(template, &labels, only_label([&labels].into_iter()), "sum(x)"), expected, "{template}");
    }

    #[test]
    fn templates_are_filled_in() {
        let node = [("job", "node"), ("instance", "a:1")];
        check("{{job}} on {{ instance }}", &node, "node on a:1");
        check("{{absent}}-{{job}}", &node, "-node");
        check("{{job", &node, "{{job");
        check("{{}}{{job}}}}", &node, "node}}");
        check("static", &node, "static");
        check("{{job}}", &[], "");
    }

    #[test]
    fn without_a_template_the_series_is_written_as_prometheus_does() {
        check("", &[("__name__", "up"), ("job", "node")], r#"up{job="node"}"#);
        check("", &[], "sum(x)");
    }

    #[test]
    fn auto_takes_the_only_label() {
        check("__auto", &[("job", "node")], "node");
        check("__auto", &[("__name__", "up")], "up");
        check("__auto", &[("__name__", "up"), ("job", "node")], r#"{__name__="up", job="node"}"#);
        check("__auto", &[], "sum(x)");
    }

    #[test]
    fn the_only_label_is_that_of_every_series() {
        let series =
            |pairs: &[&[(&str, &str)]]| -> Vec<Labels> { pairs.iter().map(|p| p.iter().copied().collect()).collect() };
        for (labels, expected) in [
            (series(&[&[("a", "1")], &[("a", "2")]]), Some("a")),
            (series(&[&[("a", "1")], &[("b", "2")]]), None),
            (series(&[&[("a", "1")], &[("a", "2"), ("b", "2")]]), None),
            (series(&[]), None),
        ] {
            assert_eq!(only_label(labels.iter()), expected);
        }
    }
}
