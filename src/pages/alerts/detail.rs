//! All there is to say about one rule or group of rules.

use crate::dom::{El, el};
use crate::route::{Page, Route};
use crate::state::session::Session;
use crate::ui::labels::labels;
use crate::ui::state_mark::state_mark;
use crate::ui::words::plural;
use promapi::rule_list::{RuleRow, RuleState};
use promapi::rules::{Rule, RuleKind};

/// The details of a row.
pub fn detail(session: Session, row: &RuleRow) -> El {
    let detail = el("section").class("rule-detail").attr("aria-label", "Details");
    match row {
        RuleRow::Group { name, file, interval_secs, evaluation_secs, rules, .. } => {
            let facts = [
                ("File", file.clone()),
                ("Rules", rules.to_string()),
                ("Evaluated", format!("every {}", duration(*interval_secs))),
                ("Takes", duration(*evaluation_secs)),
            ];
            detail.child(el("h3").text(name)).child(list(facts))
        }
        RuleRow::Rule { state, rule, alerts, .. } => detail.children(rule_detail(session, *state, rule, *alerts)),
    }
}

fn rule_detail(session: Session, state: RuleState, rule: &Rule, alerts: u32) -> Vec<El> {
    let mut facts = Vec::new();
    let mut annotations = Vec::new();
    if let RuleKind::Alerting(alerting) = &rule.kind {
        facts.push(("Alerts", plural(alerts as usize, "alert")));
        if alerting.hold_secs > 0.0 {
            facts.push(("Fires after", duration(alerting.hold_secs)));
        }
        if alerting.keep_firing_secs > 0.0 {
            facts.push(("Goes on for", duration(alerting.keep_firing_secs)));
        }
        annotations.extend(alerting.annotations.iter());
    }
    facts.extend(rule.last_evaluation.map(|at| ("Evaluated", session.datetime(at))));
    facts.push(("Takes", duration(rule.evaluation_time)));
    let mut explore = Route::to(Page::Explore);
    explore.params.set("expr", [rule.query.clone()]);
    let explore = el("a").attr("href", &format!("#{}", explore.hash())).text("Explore");
    let error = (!rule.last_error.is_empty()).then(|| el("p").class("problem").text(&rule.last_error));
    let head = el("div").class("head").child(el("h3").text(&rule.name)).child(state_mark(state.word(), state.word()));
    let mut parts = vec![head];
    parts.extend(error);
    parts.push(el("pre").class("mono").text(&rule.query));
    parts.push(explore);
    parts.push(labels(&rule.labels));
    parts.push(list(facts));
    parts.push(list(annotations.into_iter().map(|(name, text)| (name, text.to_owned()))));
    parts
}

/// Names and what they stand for.
fn list<'a>(facts: impl IntoIterator<Item = (&'a str, String)>) -> El {
    let facts = facts.into_iter().flat_map(|(name, text)| [el("dt").text(name), el("dd").text(&text)]);
    el("dl").class("facts").children(facts)
}

fn duration(secs: f64) -> String {
    // Rules take fractions of a millisecond.
    if secs < 0.001 { "under 1ms".to_owned() } else { format::duration((secs * 1_000.0) as i64) }
}
