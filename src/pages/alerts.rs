//! Alerts: the rules of every data source by group, and what Alertmanager holds by group.

use crate::browser::clock::Timeout;
use crate::protocol::{Question, Reply};
use crate::state::session::Session;
use crate::ui::notice::Notice;
use crate::ui::state_mark::StateMark;
use crate::ui::top_bar::TopBar;
use crate::view::view;
use engine::ErrorCard;
use frame::Labels;
use leptos::prelude::*;
use promapi::alertmanager::{self, AlertGroup};
use promapi::rules::{AlertState, Health, Rule, RuleGroup, RuleKind};
use std::cell::RefCell;
use std::rc::Rc;

/// How often the page asks again while it is open.
const REFRESH_MILLIS: i64 = 15_000;

/// An answer that is kept while the next one is on its way, and while it fails.
#[derive(Clone, Debug)]
struct Polled<T> {
    last: Option<T>,
    error: Option<ErrorCard>,
}

impl<T> Default for Polled<T> {
    fn default() -> Self {
        Self { last: None, error: None }
    }
}

/// Asks `question` now and every so often, until the calling owner is gone.
fn poll<T: Clone + Send + Sync + 'static>(
    session: Session,
    question: Question,
    take: fn(Reply) -> Option<T>,
) -> RwSignal<Polled<T>> {
    let state = RwSignal::new(Polled::default());
    let timer: Rc<RefCell<Option<Timeout>>> = Rc::default();
    ask_again(session, question, take, state, &timer);
    let timer = StoredValue::new_local(timer);
    on_cleanup(move || timer.with_value(|timer| drop(timer.borrow_mut().take())));
    state
}

fn ask_again<T: Clone + Send + Sync + 'static>(
    session: Session,
    question: Question,
    take: fn(Reply) -> Option<T>,
    state: RwSignal<Polled<T>>,
    timer: &Rc<RefCell<Option<Timeout>>>,
) {
    let timer = timer.clone();
    leptos::task::spawn_local(async move {
        let reply = session.ask(question.clone()).await;
        // The page may be gone by now, and its signal with it.
        let gone = state
            .try_update(|state| match reply {
                Ok(reply) => *state = Polled { last: take(reply), error: None },
                Err(error) => state.error = Some(error),
            })
            .is_none();
        if gone {
            return;
        }
        let next = {
            let timer = timer.clone();
            Timeout::new(REFRESH_MILLIS, move || ask_again(session, question, take, state, &timer))
        };
        *timer.borrow_mut() = Some(next);
    });
}

/// The page.
#[component]
pub fn Alerts() -> impl IntoView {
    let session = Session::expect();
    let (sources, alertmanagers) = session.config.with_value(|config| {
        let sources: Vec<_> = config.data_sources.iter().map(|known| (known.uid.clone(), known.name.clone())).collect();
        let alertmanagers: Vec<_> = config.alertmanagers.iter().map(|known| known.name.clone()).collect();
        (sources, alertmanagers)
    });
    let none = (sources.is_empty() && alertmanagers.is_empty()).then(
        || view! { <Notice title="Nothing to show" advice="config.json names no data source and no Alertmanager." /> },
    );
    let managers = alertmanagers.into_iter().map(|name| view! { <Alertmanager name /> }).collect_view();
    let rules = sources.into_iter().map(|(uid, name)| view! { <Rules uid name /> }).collect_view();
    view! {
        <TopBar title="Alerts" />
        <div class="page">{none}{managers}{rules}</div>
    }
}

fn failure(error: &ErrorCard) -> AnyView {
    view! { <Notice bad=true title=error.title.clone() advice=format!("{} {}", error.cause, error.advice) /> }
}

/// The error of the last answer, if it failed, and below it what is known, each as `row` shows it.
fn polled<T>(polled: &Polled<Vec<T>>, empty: &'static str, row: impl Fn(&T) -> AnyView) -> AnyView {
    let known = polled.last.as_ref().map(|known| {
        if known.is_empty() {
            view! { <p class="card empty">{empty}</p> }
        } else {
            known.iter().map(row).collect_view().into_any()
        }
    });
    view! { {polled.error.as_ref().map(failure)} {known} }
}

#[component]
fn Alertmanager(name: String) -> impl IntoView {
    let session = Session::expect();
    let groups = poll(session, Question::AlertGroups { alertmanager: name.clone() }, |reply| match reply {
        Reply::AlertGroups(groups) => Some(groups),
        _ => None,
    });
    let count = move || {
        groups.with(|groups| {
            let count = groups.last.as_ref().map(|groups| groups.iter().map(|group| group.alerts.len()).sum::<usize>());
            count.map_or_else(String::new, |count| plural(count, "alert"))
        })
    };
    view! {
        <section data-section="alertmanager">
            <div class="section-title"><h2>{name}</h2><span class="hint">{count}</span></div>
            {move || groups.with(|groups| polled(groups, "No alerts", |group| alert_group(session, group)))}
        </section>
    }
}

fn alert_group(session: Session, group: &AlertGroup) -> AnyView {
    let alerts = group.alerts.iter().map(|alert| alert_row(session, alert)).collect_view();
    let head = if group.labels.is_empty() {
        view! { "Not grouped" }
    } else {
        labels(&group.labels)
    };
    view! {
        <details class="card alert-group" open>
            <summary>{head}<span class="hint">{format!("{} to {}", plural(group.alerts.len(), "alert"), group.receiver.name)}</span></summary>
            {alerts}
        </details>
    }
}

fn alert_row(session: Session, alert: &alertmanager::Alert) -> AnyView {
    let name = alert.labels.get("alertname").unwrap_or("Alert without a name").to_owned();
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
    let summary =
        ["summary", "description"].iter().find_map(|key| alert.annotations.get(key)).unwrap_or_default().to_owned();
    let since = alert.starts_at.map(|at| format!("since {}", session.datetime(at)));
    view! {
        <div class="rule" data-alert=name.clone()>
            <div class="head"><StateMark state word=format!("{state}{why}") /><strong>{name.clone()}</strong><span class="hint">{since}</span></div>
            <div>{summary}</div>
            {labels(&alert.labels)}
        </div>
    }
}

#[component]
fn Rules(uid: String, name: String) -> impl IntoView {
    let session = Session::expect();
    let groups = poll(session, Question::Rules { source: uid }, |reply| match reply {
        Reply::Rules(groups) => Some(groups),
        _ => None,
    });
    view! {
        <section data-section="rules">
            <div class="section-title">
                <h2>{format!("Rules of {name}")}</h2>
                <span class="hint counts">{move || groups.with(|groups| groups.last.as_ref().map(|groups| counts(groups)))}</span>
            </div>
            {move || groups.with(|groups| polled(groups, "No rules", |group| rule_group(session, group)))}
        </section>
    }
}

fn counts(groups: &[RuleGroup]) -> String {
    let rules = || groups.iter().flat_map(|group| &group.rules);
    let in_state = |state| rules().filter(|rule| alert_state(rule) == Some(state)).count();
    let unhealthy = rules().filter(|rule| rule.health == Health::Err).count();
    format!(
        "{}: {} firing, {} pending, {} with errors",
        plural(rules().count(), "rule"),
        in_state(AlertState::Firing),
        in_state(AlertState::Pending),
        unhealthy
    )
}

/// The state of an alerting rule; recording rules have none.
fn alert_state(rule: &Rule) -> Option<AlertState> {
    match &rule.kind {
        RuleKind::Alerting(alerting) => Some(alerting.state),
        RuleKind::Recording => None,
    }
}

/// The one word for a rule: an error outweighs its state.
fn rule_state(rule: &Rule) -> &'static str {
    match (rule.health, alert_state(rule)) {
        (Health::Err, _) => "err",
        (_, Some(AlertState::Firing)) => "firing",
        (_, Some(AlertState::Pending)) => "pending",
        (_, Some(AlertState::Inactive)) => "inactive",
        (Health::Ok, None) => "ok",
        _ => "unknown",
    }
}

fn rule_group(session: Session, group: &RuleGroup) -> AnyView {
    let wanted = group.rules.iter().any(|rule| matches!(rule_state(rule), "firing" | "pending" | "err"));
    let rules = group.rules.iter().map(|rule| rule_row(session, rule)).collect_view();
    view! {
        <details class="card rule-group" open=wanted>
            <summary>
                <strong>{group.name.clone()}</strong>
                <span class="hint">{format!("{}, {}", plural(group.rules.len(), "rule"), group.file)}</span>
            </summary>
            {rules}
        </details>
    }
}

fn rule_row(session: Session, rule: &Rule) -> AnyView {
    let error = (!rule.last_error.is_empty()).then(|| view! { <div class="problem">{rule.last_error.clone()}</div> });
    let evaluated = rule.last_evaluation.map(|at| format!("evaluated {}", session.datetime(at)));
    view! {
        <div class="rule" data-rule=rule.name.clone()>
            <div class="head"><StateMark state=rule_state(rule) /><strong>{rule.name.clone()}</strong><span class="hint">{evaluated}</span></div>
            <code>{rule.query.clone()}</code>
            {error}
        </div>
    }
}

fn labels(labels: &Labels) -> AnyView {
    let each = labels.iter().map(|(name, value)| view! { <span class="label">{format!("{name}=\"{value}\"")}</span> });
    view! { <span class="labels">{each.collect_view()}</span> }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
