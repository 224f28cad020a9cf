//! Alerts: what every Alertmanager holds by group, and the rules of every data source.
//!
//! The page asks again every so often. What is there stays and only its texts change, unless other groups, rules or
//! alerts have come: nobody loses what they are reading, have selected or have closed.

mod detail;
mod rules;

use crate::dom::{El, el};
use crate::protocol::{Alerts, Question};
use crate::state::poll::{self, poll};
use crate::state::session::Session;
use crate::ui::filter::filter;
use crate::ui::labels::labels;
use crate::ui::notice::{failure, notice};
use crate::ui::rows::rows;
use crate::ui::state_mark::state_mark;
use crate::ui::top_bar::top_bar;
use crate::ui::words::plural;
use promapi::alertmanager::{self, Alert, AlertGroup};

type Polled = poll::Polled<Alerts>;

impl Polled {
    /// Reads the groups of an Alertmanager; none before they have come.
    fn alert_groups<T>(self, read: impl FnOnce(&[AlertGroup]) -> Option<T>) -> Option<T> {
        self.last.with(|last| match last {
            Some(Alerts::Groups(groups)) => read(groups),
            _ => None,
        })
    }
}

/// The page.
pub fn alerts() -> Vec<El> {
    let session = Session::expect();
    let sections: Vec<El> = session.config.with_value(|config| {
        let managers = config.alertmanagers.iter().map(|known| alertmanager_section(session, &known.name));
        let rules = config.data_sources.iter().map(|known| rules::rules_section(session, &known.uid, &known.name));
        managers.chain(rules).collect()
    });
    let none =
        sections.is_empty().then(|| notice("Nothing to show", "config.json names no data source and no Alertmanager."));
    let tools = [filter(session, "Filter rules"), rules::states(session)];
    vec![top_bar(|| "Alerts".to_owned(), tools), el("div").class("page").children(none).children(sections)]
}

/// A section's head: its name, and a word on what is in it. Below it stands why the last question failed, if it did, or
/// that there is nothing.
fn section(
    kind: &str,
    title: &str,
    count: El,
    polled: Polled,
    empty: impl Fn() -> Option<&'static str> + 'static,
) -> El {
    let failure = move || polled.error.with(|error| error.as_ref().map(failure));
    el("section")
        .attr("data-section", kind)
        .child(el("div").class("section-title").child(el("h2").text(title)).child(count))
        .child_with(failure)
        .child_with(move || Some(el("p").class("card empty").text(empty()?)))
}

fn alertmanager_section(session: Session, name: &str) -> El {
    let polled = poll(session, Question::AlertGroups { alertmanager: name.to_owned() });
    let count = move || {
        let count = polled.alert_groups(|groups| Some(groups.iter().map(|group| group.alerts.len()).sum()));
        count.map_or_else(String::new, |count| plural(count, "alert"))
    };
    let count = el("span").class("hint").text_with(count);
    let empty = move || polled.alert_groups(|groups| groups.is_empty().then_some("No alerts"));
    let groups = move || {
        let key = |group: &AlertGroup| format!("{} {}", group.receiver.name, group.labels);
        polled.alert_groups(|groups| Some(groups.iter().map(key).collect())).unwrap_or_default()
    };
    let section = section("alertmanager", name, count, polled, empty);
    rows(section, groups, move |index| alert_group(session, polled, index))
}

fn alert_group(session: Session, polled: Polled, index: usize) -> Option<El> {
    let group = polled.alert_groups(|groups| groups.get(index).cloned())?;
    let receiver = group.receiver.name;
    let count = move || {
        let count = polled.alert_groups(|groups| Some(groups.get(index)?.alerts.len())).unwrap_or_default();
        format!("{} to {receiver}", plural(count, "alert"))
    };
    let summary = el("summary");
    let summary =
        if group.labels.is_empty() { summary.text("Not grouped") } else { summary.child(labels(&group.labels)) };
    let summary = summary.child(el("span").class("hint").text_with(count));
    let alerts = move || {
        let keys = |group: &AlertGroup| group.alerts.iter().map(|alert| alert.labels.to_string()).collect();
        polled.alert_groups(|groups| groups.get(index).map(keys)).unwrap_or_default()
    };
    let details = el("details").class("card alert-group").attr("open", "").child(summary);
    Some(rows(details, alerts, move |alert| alert_row(session, polled, (index, alert))))
}

fn alert_row(session: Session, polled: Polled, (group, index): (usize, usize)) -> Option<El> {
    let alert = move || polled.alert_groups(|groups| groups.get(group)?.alerts.get(index).cloned());
    let known = alert()?;
    let name = known.labels.get("alertname").unwrap_or("Alert without a name");
    let since = move || {
        let at = alert().and_then(|alert| alert.starts_at);
        at.map_or_else(String::new, |at| format!("since {}", session.datetime(at)))
    };
    let summary = move || {
        let texts = alert().map(|alert| alert.annotations).unwrap_or_default();
        ["summary", "description"].iter().find_map(|key| texts.get(key)).unwrap_or_default().to_owned()
    };
    let head = el("div").class("head").child_with(move || Some(alert_mark(&alert()?)));
    let head = head.child(el("strong").text(name)).child(el("span").class("hint").text_with(since));
    let row = el("div").class("rule").attr("data-alert", name).child(head);
    Some(row.child(el("div").text_with(summary)).child(labels(&known.labels)))
}

fn alert_mark(alert: &Alert) -> El {
    let state = match alert.status.state {
        alertmanager::AlertState::Active => "active",
        alertmanager::AlertState::Suppressed => "suppressed",
        alertmanager::AlertState::Unprocessed => "unprocessed",
        alertmanager::AlertState::Unknown => "unknown",
    };
    let why = match (alert.status.silenced_by.is_empty(), alert.status.inhibited_by.is_empty()) {
        (true, true) => "",
        (true, false) => " (inhibited)",
        (false, _) => " (silenced)",
    };
    state_mark(state, &format!("{state}{why}"))
}
