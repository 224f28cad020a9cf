//! Display names of series.

use frame::{Labels, split_once};

/// The name of one series of a query, by the query's legend template.
///
/// - empty: the series as Prometheus writes it, or the query where it has no labels;
/// - `__auto`: the value of the label that is the panel's only one, `only_label`, else all labels, else the query;
/// - anything else: the template, `{{label}}` replaced by the label's value, or by nothing where it is absent.
pub(crate) fn name(template: &str, labels: &Labels, only_label: Option<&str>, expr: &str) -> String {
    match template {
        _ if labels.is_empty() && matches!(template, "" | "__auto") => expr.to_owned(),
        "" => labels.to_string(),
        "__auto" => only_label.and_then(|label| labels.get(label)).map_or_else(|| all_labels(labels), str::to_owned),
        template => render(template, labels),
    }
}

/// The label set with the metric name as a label among the others, as Grafana shows it.
fn all_labels(labels: &Labels) -> String {
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
    format!("{{{}}}", pairs.join(", "))
}

fn render(template: &str, labels: &Labels) -> String {
    let mut name = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, opened)) = split_once(rest, "{{") {
        let Some((label, after)) = split_once(opened, "}}") else { break };
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
        assert_eq!(name(template, &labels, Labels::only_name([&labels]), "sum(x)"), expected, "{template}");
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
}
