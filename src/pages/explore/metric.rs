//! One metric of the browser: what it means, its labels with their values, and how it gets into a query.

use super::asked::{Asked, MOST_QUERIES, Query};
use super::metrics::target;
use super::names::{Answer, MOST_SERIES, Names};
use super::offers::said_of;
use crate::dom::{El, Memo, button, el};
use crate::ui::notice::failure;
use crate::ui::words::plural;
use leptos::prelude::*;
use promapi::metadata::{LabelCount, LabelCounts};
use promql::ops::MatchOp;
use promql::rewrite::{NewMatcher, add_matchers};
use promql::{metric_names, selector};
use std::sync::Arc;

/// More values of a label are counted, not listed.
const MOST_VALUES: usize = 100;

/// Everything about the metric `name`.
pub fn metric(asked: Asked, names: Names, name: &Arc<str>) -> El {
    let said = {
        let name = name.clone();
        move || {
            names.help().there().and_then(|help| said_of(&name, help).map(|(_, said)| said.clone())).unwrap_or_default()
        }
    };
    let kind = {
        let said = said.clone();
        Memo::new(move |_| said().kind)
    };
    let words = move || {
        let said = said();
        let unit = if said.unit.is_empty() { String::new() } else { format!(" in {}", said.unit) };
        if said.kind.is_empty() { said.help } else { format!("{}{unit}. {}", said.kind, said.help) }
    };
    let labels = {
        let name = name.clone();
        move || labels(asked, &name, names.labels(&selector(&name)))
    };
    el("div")
        .child(el("h2").class("mono").text(name))
        .child(el("p").class("hint").text_with(words))
        .child(uses(asked, name, kind))
        .children_with(labels)
}

/// Ways to ask for it.
fn uses(asked: Asked, name: &Arc<str>, kind: Memo<String>) -> El {
    let name = name.clone();
    el("div").class("tools counts").children_with(move || {
        let expr = usual(&name, &kind.get());
        let (replace, add) = (expr.clone(), expr.clone());
        let use_it = button("button primary").text_with(move || format!("Use in query {}", target(asked)));
        let is_full = move || asked.queries.with(|queries| queries.len() >= MOST_QUERIES);
        let new = button("button").text("As a new query").flag_with("disabled", is_full);
        vec![
            use_it.attr("title", &expr).on_click(move || asked.put(replace.clone())),
            new.attr("title", &expr).on_click(move || asked.edit(|queries| queries.push(Query::new(add.clone())))),
        ]
    })
}

/// What is asked of a metric of this type more often than not.
fn usual(name: &str, kind: &str) -> String {
    let selector = selector(name);
    match kind {
        "histogram" if name.ends_with("_bucket") => {
            format!("histogram_quantile(0.9, sum by (le) (rate({selector}[$__rate_interval])))")
        }
        "counter" | "histogram" | "summary" if is_counted(name) => format!("rate({selector}[$__rate_interval])"),
        _ => selector,
    }
}

/// Whether only its growth tells something, by the ending of its name.
fn is_counted(name: &str) -> bool {
    ["_total", "_count", "_sum", "_bucket"].iter().any(|ending| name.ends_with(ending))
}

fn labels(asked: Asked, metric: &Arc<str>, answer: Answer<LabelCounts>) -> Vec<El> {
    let counts = match answer {
        Answer::Awaited => return vec![el("p").class("hint").text("Asking for its labels…")],
        Answer::Failed(error) => return vec![failure(&error)],
        Answer::There(counts) => counts,
    };
    let cut = if counts.series >= MOST_SERIES { " looked at; there may be more" } else { "" };
    let words = format!("{} series{cut}", counts.series);
    let each = counts.labels.iter().map(|counted| label(asked, metric, counted));
    [el("p").class("hint").text(&words)].into_iter().chain(each).collect()
}

fn label(asked: Asked, metric: &Arc<str>, counted: &LabelCount) -> El {
    let name = el("span").class("mono").text(&counted.name);
    let count = el("span").class("hint").text(&plural(counted.values.len(), "value"));
    let values = counted.values.iter().take(MOST_VALUES).map(|(value, series)| {
        let pick = {
            let (metric, label, value) = (metric.clone(), counted.name.clone(), value.clone());
            move || narrow(asked, &metric, &label, &value)
        };
        let words = if value.is_empty() { "(empty)" } else { value };
        let count = el("span").class("hint").text(&series.to_string());
        button("label value").attr("title", "Narrow the query to it").text(words).child(count).on_click(pick)
    });
    let more = counted.values.len().saturating_sub(MOST_VALUES);
    let more = (more > 0).then(|| el("span").class("hint").text(&format!("and {more} more")));
    let values = el("div").class("labels").children(values).children(more);
    el("details").child(el("summary").child(name).child(count)).child(values)
}

/// Adds a condition to the query that has, or had, the keyboard; a query for something else gives way.
fn narrow(asked: Asked, metric: &str, label: &str, value: &str) {
    let before = untrack(|| asked.query(asked.focused_line())).expr;
    let is_about_it = metric_names(&before).iter().any(|name| name == metric);
    let base = if is_about_it { before } else { selector(metric) };
    let matcher = NewMatcher { label, op: MatchOp::Equal, value };
    if let Ok(narrowed) = add_matchers(&base, &[matcher]) {
        asked.put(narrowed);
    }
}
