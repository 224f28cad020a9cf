//! Display names of series.

use dashboard::series_name::{self, VALUE};
use frame::{Labels, split_once};

/// The legend of a series whose only name is to come of its labels and those of the others.
pub(crate) const AUTO: &str = "__auto";

/// The name of one series of a query: the one it is given, else its metric's with the value of the label that is the panel's
/// only one, `only_label`, or all labels; of [`AUTO`] without the metric, which is among the labels.
pub(crate) fn name(template: &str, labels: &Labels, only_label: Option<&str>, expr: &str) -> String {
    let own_name = if template == AUTO { VALUE } else { series_name::own_name(labels) };
    given(template, labels, expr).unwrap_or_else(|| series_name::by_labels(own_name, labels, only_label))
}

/// The name that a series is given by its query's legend template.
///
/// - empty: the series as Prometheus writes it, or the query where it has no labels;
/// - [`AUTO`]: none, or the query where there are no labels;
/// - anything else: the template, `{{label}}` replaced by the label's value, or by nothing where it is absent; none where
///   nothing is left.
pub(crate) fn given(template: &str, labels: &Labels, expr: &str) -> Option<String> {
    match template {
        "" | AUTO if labels.is_empty() => Some(expr.to_owned()),
        "" => Some(labels.to_string()),
        AUTO => None,
        template => Some(render(template, labels)).filter(|name| !name.is_empty()),
    }
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
    }

    #[test]
    fn where_nothing_is_left_of_a_template_labels_name_the_series() {
        check("{{job}}", &[], "Value");
        check("{{instance}}", &[("job", "node")], "node");
        check("{{pod}}", &[("job", "node"), ("instance", "a:1")], r#"{instance="a:1", job="node"}"#);
        check("{{pod}}", &[("__name__", "up"), ("job", "node")], r#"up {__name__="up", job="node"}"#);
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
