//! Targets: what every data source scrapes and how that goes, what its database holds, and the Alertmanagers' cluster.
//!
//! The page asks again every so often. A row is built anew only when other targets have come; what changes in it changes
//! in place.

use crate::browser::url::Entry;
use crate::dom::{El, Memo, RwSignal, button, el};
use crate::protocol::{About, Question, Status};
use crate::state::poll::{self, poll};
use crate::state::session::Session;
use crate::ui::filter::{filter, sought};
use crate::ui::labels::labels;
use crate::ui::notice::{failure, notice};
use crate::ui::rows::rows;
use crate::ui::state_mark::state_mark;
use crate::ui::top_bar::top_bar;
use crate::ui::words::plural;
use dashboard::time::parse_duration;
use format::letters::lowercase;
use leptos::prelude::*;
use promapi::targets::{Count, DatabaseStatus, Target, TargetHealth, Targets};

/// More dropped targets than this are counted, not shown.
const MOST_DROPPED: usize = 200;

type Polled = poll::Polled<Status>;

/// The page.
pub fn targets() -> Vec<El> {
    let session = Session::expect();
    let sections: Vec<El> = session.config.with_value(|config| {
        let sources = config.data_sources.iter().map(|known| source_section(session, &known.uid, &known.name));
        let managers = config.alertmanagers.iter().map(|known| alertmanager_section(session, &known.name));
        sources.chain(managers).collect()
    });
    let none =
        sections.is_empty().then(|| notice("Nothing to show", "config.json names no data source and no Alertmanager."));
    vec![
        top_bar(|| "Targets".to_owned(), [filter(session, "Filter targets"), only_problems(session)]),
        el("div").class("page").children(none).children(sections),
    ]
}

/// What the address asks for.
fn wanted_text(session: Session) -> String {
    lowercase(&sought(session))
}

fn wants_problems(session: Session) -> bool {
    session.route.with(|route| route.params.is_on("problems"))
}

fn only_problems(session: Session) -> El {
    let toggle = move || {
        let on = untrack(|| wants_problems(session));
        session.edit_params(Entry::Replace, |params| params.set("problems", (!on).then(|| "1".to_owned())));
    };
    let button = button("button").text("Only problems").on_click(toggle);
    button.attr_with("aria-pressed", move || Some(wants_problems(session).to_string()))
}

fn source_section(session: Session, uid: &str, name: &str) -> El {
    let ask = |about: About| poll::<Status>(session, Question::Status(about));
    let targets = ask(About::Targets { source: uid.to_owned() });
    let build = ask(About::Build { source: uid.to_owned() });
    let database = ask(About::Database { source: uid.to_owned() });
    let words = move || {
        let version = build.last.with(|last| match last {
            Some(Status::Build(build)) => format!("{} {}. ", product(&build.application), build.version),
            _ => String::new(),
        });
        format!("{version}{}", read_targets(targets, |targets| Some(counts(targets))).unwrap_or_default())
    };
    let title = el("div").class("section-title").child(el("h2").text(&format!("Targets of {name}")));
    let section = el("section")
        .attr("data-section", "targets")
        .child(title.child(el("span").class("hint counts").text_with(words)))
        .child_with(move || targets.error.with(|error| error.as_ref().map(failure)))
        .child_with(move || {
            let empty = read_targets(targets, |targets| Some(targets.active_targets.is_empty()))?;
            empty.then(|| el("p").class("card empty").text("It scrapes nothing"))
        });
    let pools = move || read_targets(targets, |targets| Some(pool_names(targets))).unwrap_or_default();
    let section = rows(section, pools, move |index| pool(session, targets, index));
    section.child_with(move || dropped(targets)).child(database_card(database)).child(flags_card(session, uid))
}

fn product(application: &str) -> &str {
    if application.is_empty() { "Prometheus" } else { application }
}

/// Reads what is scraped; none before it has come.
fn read_targets<T>(polled: Polled, read: impl FnOnce(&Targets) -> Option<T>) -> Option<T> {
    polled.last.with(|last| match last {
        Some(Status::Targets(targets)) => read(targets),
        _ => None,
    })
}

fn counts(targets: &Targets) -> String {
    let with = |health| targets.active_targets.iter().filter(|target| target.health == health).count();
    let (up, down, unknown) = (with(TargetHealth::Up), with(TargetHealth::Down), with(TargetHealth::Unknown));
    let unknown = if unknown > 0 { format!(", {unknown} not scraped yet") } else { String::new() };
    format!("{up} up, {down} down{unknown}")
}

/// The scrape pools, each once, in order.
fn pool_names(targets: &Targets) -> Vec<String> {
    let mut names: Vec<String> = targets.active_targets.iter().map(|target| target.scrape_pool.clone()).collect();
    frame::sort_by(&mut names, |a, b| a.cmp(b));
    names.dedup();
    names
}

/// The targets of a pool, by address.
fn of_pool<'a>(targets: &'a Targets, name: &str) -> Vec<&'a Target> {
    let mut found: Vec<&Target> = targets.active_targets.iter().filter(|target| target.scrape_pool == name).collect();
    frame::sort_by(&mut found, |a, b| a.scrape_url.cmp(&b.scrape_url));
    found
}

/// Open while one of its targets is not up, until the user decides otherwise.
fn pool(session: Session, polled: Polled, index: usize) -> Option<El> {
    let name = read_targets(polled, |targets| pool_names(targets).get(index).cloned())?;
    let summary = {
        let name = name.clone();
        move || {
            let words = read_targets(polled, |targets| {
                let all = of_pool(targets, &name);
                let up = all.iter().filter(|target| target.health == TargetHealth::Up).count();
                Some(format!("{up} of {} up", all.len()))
            });
            words.unwrap_or_default()
        }
    };
    let is_bad = {
        let name = name.clone();
        Memo::new(move |_| {
            let bad = |targets: &Targets| of_pool(targets, &name).iter().any(|target| has_problem(target));
            read_targets(polled, |targets| Some(bad(targets))).unwrap_or_default()
        })
    };
    let keys = {
        let name = name.clone();
        move || {
            let (text, problems) = (wanted_text(session), wants_problems(session));
            let wanted = |target: &&&Target| matches(target, &text) && (!problems || has_problem(target));
            let key = |target: &&Target| target.scrape_url.clone();
            let keys = |targets: &Targets| of_pool(targets, &name).iter().filter(wanted).map(key).collect();
            read_targets(polled, |targets| Some(keys(targets))).unwrap_or_else(Vec::new)
        }
    };
    let shown = {
        let keys = keys.clone();
        move || !keys().is_empty()
    };
    let head = el("summary").child(el("strong").text(&name)).child(el("span").class("hint").text_with(summary));
    let details = el("details").class("card rule-group").attr("data-pool", &name).child(head);
    let details = details.flag_with("hidden", move || !shown()).flag_with("open", move || is_bad.get());
    Some(rows(details, keys.clone(), move |row| {
        let url = untrack(&keys).get(row).cloned()?;
        target_row(session, polled, name.clone(), url)
    }))
}

/// Whether the address, the pool, a label or the error of `target` has `text` in it.
fn matches(target: &Target, text: &str) -> bool {
    let has = |within: &str| lowercase(within).contains(text);
    text.is_empty()
        || has(&target.scrape_url)
        || has(&target.scrape_pool)
        || has(&target.last_error)
        || target.labels.iter().any(|(name, value)| has(&format!("{name}=\"{value}\"")))
}

fn has_problem(target: &Target) -> bool {
    target.health != TargetHealth::Up || is_slow(target)
}

/// Whether a scrape takes longer than the time to the next.
fn is_slow(target: &Target) -> bool {
    parse_duration(&target.scrape_interval)
        .is_some_and(|interval| interval > 0 && target.last_scrape_duration * 1_000.0 > interval as f64)
}

fn target_row(session: Session, polled: Polled, pool: String, url: String) -> Option<El> {
    let target = {
        let url = url.clone();
        move || {
            read_targets(polled, |targets| {
                of_pool(targets, &pool).into_iter().find(|one| one.scrape_url == url).cloned()
            })
        }
    };
    let known = target()?;
    let (mark, words, error) = (target.clone(), target.clone(), target);
    let mark = move || {
        let state = match mark()?.health {
            TargetHealth::Up => "up",
            TargetHealth::Down => "down",
            TargetHealth::Unknown => "unknown",
        };
        Some(state_mark(state, state))
    };
    let words = move || words().map_or_else(String::new, |target| scraped(session, &target));
    let error = move || {
        let target = error()?;
        let slow = "A scrape takes longer than the interval: samples are missing";
        let text = if target.last_error.is_empty() && is_slow(&target) { slow } else { target.last_error.as_str() };
        (!text.is_empty()).then(|| el("div").class("problem").text(text))
    };
    let head = el("div").class("head").child_with(mark).child(el("code").text(&url));
    let before = el("details").child(el("summary").class("hint").text("Before relabelling"));
    Some(
        el("div")
            .class("rule")
            .attr("data-target", &url)
            .child(head.child(el("span").class("hint").text_with(words)))
            .child_with(error)
            .child(labels(&known.labels))
            .child(before.child(labels(&known.discovered_labels))),
    )
}

/// `scraped 14:02:11 in 12 ms, every 15s`.
fn scraped(session: Session, target: &Target) -> String {
    let Some(at) = target.last_scrape else { return "not scraped yet".to_owned() };
    let took = format::Unit::new("s").format(target.last_scrape_duration, None);
    let every =
        if target.scrape_interval.is_empty() { String::new() } else { format!(", every {}", target.scrape_interval) };
    format!("scraped {} in {took}{every}", session.clock_time(at))
}

/// What relabelling dropped: to find out why something is not scraped.
fn dropped(polled: Polled) -> Option<El> {
    let count = read_targets(polled, |targets| Some(targets.dropped_targets.len())).filter(|count| *count > 0)?;
    let summary = el("summary").text(&plural(count, "dropped target"));
    let rows = read_targets(polled, |targets| {
        let shown = targets.dropped_targets.iter().take(MOST_DROPPED);
        Some(shown.map(|target| el("div").class("rule").child(labels(&target.discovered_labels))).collect::<Vec<_>>())
    });
    let more = (count > MOST_DROPPED).then(|| {
        el("p").class("hint empty").text(&format!("First {MOST_DROPPED} of {count}; the others are not shown"))
    });
    Some(el("details").class("card rule-group").child(summary).children(rows.unwrap_or_default()).children(more))
}

/// What makes the database large. A server that has none, such as an agent, says so.
fn database_card(polled: Polled) -> El {
    let content = move || match polled.last.get() {
        Some(Status::Database(status)) => database_tables(&status),
        _ => polled.error.with(|error| error.as_ref().map(failure)).into_iter().collect(),
    };
    let head = el("summary").child(el("strong").text("What the database holds"));
    el("details").class("card rule-group").attr("data-section", "database").child(head).children_with(content)
}

fn database_tables(status: &DatabaseStatus) -> Vec<El> {
    let head = &status.head_stats;
    let words = format!(
        "{} series in memory, {} chunks, {} pairs of label and value",
        head.num_series, head.chunk_count, head.num_label_pairs
    );
    let tables = [
        ("Metrics by series", "Series", &status.series_count_by_metric_name),
        ("Pairs by series", "Series", &status.series_count_by_label_value_pair),
        ("Labels by values", "Values", &status.label_value_count_by_label_name),
        ("Labels by memory", "Bytes", &status.memory_in_bytes_by_label_name),
    ];
    let tables = tables.into_iter().map(|(title, unit, counts)| count_table(title, unit, counts));
    vec![el("p").class("hint").text(&words), el("div").class("columns").children(tables)]
}

fn count_table(title: &str, unit: &str, counts: &[Count]) -> El {
    let cell = |text: &str| el("td").text(text);
    let head = el("tr")
        .child(el("th").attr("scope", "col").text(title))
        .child(el("th").attr("scope", "col").class("number").text(unit));
    let rows = counts
        .iter()
        .map(|count| el("tr").child(cell(&count.name)).child(cell(&count.value.to_string()).class("number")));
    el("table").class("data").child(el("thead").child(head)).child(el("tbody").children(rows))
}

/// What the server was started with. Asked when it is opened: most proxies do not pass it on, as flags name files and hosts.
fn flags_card(session: Session, uid: &str) -> El {
    let is_open = RwSignal::new(false);
    let source = uid.to_owned();
    let content = move || match is_open.get() {
        true => vec![flags(poll(session, Question::Status(About::Flags { source: source.clone() })))],
        false => Vec::new(),
    };
    let head = el("summary").child(el("strong").text("Flags"));
    let card = el("details").class("card rule-group").attr("data-section", "flags");
    let node = card.node::<web_sys::Element>();
    card.on("toggle", move |_| is_open.set(node.has_attribute("open"))).child(head).children_with(content)
}

fn flags(polled: Polled) -> El {
    let row = |(name, value): (&String, &String)| el("tr").child(el("td").text(name)).child(el("td").text(value));
    el("div").children_with(move || match polled.last.get() {
        Some(Status::Flags(flags)) => {
            let heads = ["Flag", "Value"].map(|word| el("th").attr("scope", "col").text(word));
            let head = el("thead").child(el("tr").children(heads));
            vec![el("table").class("data mono").child(head).child(el("tbody").children(flags.iter().map(row)))]
        }
        _ => polled.error.with(|error| error.as_ref().map(failure)).into_iter().collect(),
    })
}

fn alertmanager_section(session: Session, name: &str) -> El {
    let question = Question::Status(About::Alertmanager { alertmanager: name.to_owned() });
    let polled = poll::<Status>(session, question);
    let content = move || {
        let status = match polled.last.get()? {
            Status::Alertmanager(status) => status,
            _ => return None,
        };
        let state = match status.cluster.status.as_str() {
            "ready" => "up",
            "settling" => "pending",
            _ => "unknown",
        };
        let since = status.uptime.map_or_else(String::new, |at| format!(", up since {}", session.datetime(at)));
        let words = format!("Alertmanager {}{since}", status.version_info.version);
        let head = el("div").class("head").child(state_mark(state, &format!("cluster {}", status.cluster.status)));
        let peers = status.cluster.peers.iter().map(|peer| {
            let own = if peer.name == status.cluster.name { " (this one)" } else { "" };
            el("span").class("label").text(&format!("{} {}{own}", peer.name, peer.address))
        });
        let card = el("div").class("card rule").child(head.child(el("span").class("hint").text(&words)));
        Some(card.child(el("span").class("labels").children(peers)))
    };
    el("section")
        .attr("data-section", "cluster")
        .child(el("div").class("section-title").child(el("h2").text(&format!("Cluster of {name}"))))
        .child_with(move || polled.error.with(|error| error.as_ref().map(failure)))
        .child_with(content)
}
