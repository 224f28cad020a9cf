//! Settings: what the user chooses for this browser, and how it goes to another.

use crate::browser::{clock, files, storage};
use crate::dom::{El, RwSignal, button, el, react, value_of};
use crate::state::session::Session;
use crate::ui::file_button::file_button;
use crate::ui::notice::{notice, problem};
use crate::ui::top_bar::top_bar;
use crate::ui::zone_field::zone_field;
use config::{DataSource, Resolution, Settings, ThemeChoice, WeekStart, named, word_of};
use web_sys::{File, HtmlInputElement};

/// The largest file that is read.
const MOST_BYTES: u32 = 1_000_000;
/// What a choice is called that leaves it to others.
const AS_DASHBOARDS_SAY: &str = "As dashboards say";

/// What came of importing or resetting, and the settings before it.
#[derive(Clone, PartialEq)]
struct Done {
    words: String,
    before: Settings,
}

/// The page.
pub fn settings() -> Vec<El> {
    let session = Session::expect();
    let denied = (!storage::keeps()).then(|| {
        let advice = "Settings last until this tab is closed. Allow this site to store data to keep them.";
        notice("This browser keeps nothing for this page", advice)
    });
    let page = el("div").class("page narrow settings").children(denied);
    let page =
        page.child(look(session)).child(time(session)).children(data_sources(session)).child(carry_over(session));
    vec![top_bar(|| "Settings".to_owned(), []), page]
}

fn look(session: Session) -> El {
    let choices = [(ThemeChoice::Auto, "System"), (ThemeChoice::Light, "Light"), (ThemeChoice::Dark, "Dark")];
    let choice = |(theme, words): (ThemeChoice, &str)| {
        let pressed = move || Some((session.theme() == theme).to_string());
        button("button").attr_with("aria-pressed", pressed).text(words).on_click(move || session.set_theme(theme))
    };
    let group = el("div").class("group").attr("role", "group").attr("aria-label", "Colours");
    section(
        "Look",
        [
            setting("Colours", "System follows light and dark of the device.", group.children(choices.map(choice))),
            setting("Firing alerts on the tab", ON_TAB, alerts_on_tab(session)),
        ],
    )
}

const ON_TAB: &str = "The tab's icon counts them on home and alerts, and with this on every page: a small question to each \
    data source every 30 s. Alerts of severity none do not count.";

fn alerts_on_tab(session: Session) -> El {
    let input = el("input").attr("type", "checkbox").attr("aria-label", "Firing alerts on the tab");
    let shown = input.clone();
    react(move || {
        let on = session.settings.with(|settings| settings.alerts_on_tab);
        shown.clone().prop("checked", &on.into());
    });
    let ticked: HtmlInputElement = input.node();
    input.on("change", move |_| session.change_settings(|settings| settings.alerts_on_tab = ticked.checked()))
}

fn time(session: Session) -> El {
    let zone = zone_field(
        move || session.settings.with(|settings| settings.timezone.clone().unwrap_or_default()),
        AS_DASHBOARDS_SAY,
        move |zone| session.change_settings(|settings| settings.timezone = zone),
    );
    let now = el("span").text_with(move || format!("Here and now: {}", session.datetime(clock::now())));
    let week = select(
        "Weeks start on",
        [("", AS_DASHBOARDS_SAY), ("monday", "Monday"), ("sunday", "Sunday"), ("saturday", "Saturday")],
        move || {
            session
                .settings
                .with(|settings| settings.week_start.map_or("", |day| word_of(day, &WeekStart::WORDS)).to_owned())
        },
        move |day| session.change_settings(|settings| settings.week_start = named(&day, &WeekStart::WORDS)),
    );
    let refresh = select(
        "Refresh every",
        [("as-said", AS_DASHBOARDS_SAY), ("", "Off")].into_iter().chain(INTERVALS),
        move || session.settings.with(|settings| settings.refresh.clone().unwrap_or_else(|| "as-said".to_owned())),
        move |interval| {
            let chosen = Some(interval).filter(|interval| interval != "as-said");
            session.change_settings(|settings| settings.refresh = chosen);
        },
    );
    section(
        "Time",
        [
            setting_with("Time zone", now, zone),
            setting("Weeks start on", "For ranges such as this week, and in the calendar.", week),
            setting("Refresh every", "How often what is shown is asked for again.", refresh),
        ],
    )
}

/// Intervals by their own words.
const INTERVALS: [(&str, &str); 7] =
    [("5s", "5s"), ("10s", "10s"), ("30s", "30s"), ("1m", "1m"), ("5m", "5m"), ("15m", "15m"), ("1h", "1h")];

/// How finely each data source is asked; nothing without one.
fn data_sources(session: Session) -> Option<El> {
    let sources = session.config.with_value(|config| config.data_sources.clone());
    let row = |source: &DataSource| {
        let (uid, chosen) = (source.uid.clone(), source.uid.clone());
        let configured = word_of(source.resolution, &Resolution::WORDS);
        let select = select(
            &format!("Resolution of {}", source.name),
            [
                ("", format!("As config.json says: {configured}").as_str()),
                ("panel", "Panel: a point per pixel"),
                ("auto", "Auto: finer where it is quick"),
                ("full", "Full: down to the scrape interval"),
            ],
            move || {
                let resolution = session.settings.with(|settings| settings.resolution(&chosen));
                resolution.map_or("", |resolution| word_of(resolution, &Resolution::WORDS)).to_owned()
            },
            move |resolution| {
                let resolution = named(&resolution, &Resolution::WORDS);
                session.change_settings(|settings| settings.set_resolution(&uid, resolution));
            },
        );
        setting(&source.name, &source.url, select)
    };
    let hint = "How finely charts ask. Finer answers show peaks between pixels and cost the server more.";
    (!sources.is_empty()).then(|| {
        let rows: Vec<El> = sources.iter().map(row).collect();
        section("Resolution", [el("p").class("hint lead").text(hint)].into_iter().chain(rows))
    })
}

/// To a file, from a file, and back to nothing chosen.
fn carry_over(session: Session) -> El {
    let done = RwSignal::new(None::<Result<Done, String>>);
    let replace = move |next: Settings, words: String| {
        done.set(Some(Ok(Done { words, before: session.settings.get_untracked() })));
        session.set_settings(next);
    };
    let export = button("button").text("Export").on_click(move || {
        let text = session.settings.with_untracked(Settings::to_json);
        if files::download("pyrograph-settings.json", &text, "application/json").is_err() {
            done.set(Some(Err("This browser makes no file of the settings".to_owned())));
        }
    });
    let import = file_button("Import", move |file| {
        leptos::task::spawn_local(async move {
            match read(&file).await {
                Ok((next, words)) => replace(next, words),
                // The page may be gone by now.
                Err(error) => drop(done.try_set(Some(Err(error)))),
            }
        });
    });
    let reset =
        button("button").text("Reset").on_click(move || replace(Settings::default(), "Settings are reset".to_owned()));
    let outcome = move || {
        Some(match done.get()? {
            Ok(done_now) => {
                let undo = move || {
                    session.set_settings(done_now.before.clone());
                    done.set(None);
                };
                el("div")
                    .class("outcome")
                    .child(el("span").text(&done_now.words))
                    .child(button("button").text("Undo").on_click(undo))
            }
            Err(error) => problem(&error, ""),
        })
    };
    let buttons = el("div").class("buttons").child(export).child(import).child(reset);
    let told = el("div").class("part").attr("role", "status").child_with(outcome);
    section("All settings", [setting("As a file", "Favourites are in it, too.", buttons), told])
}

/// The settings in a file, and what is said of them.
async fn read(file: &File) -> Result<(Settings, String), String> {
    let name = file.name();
    let text = files::text(file, MOST_BYTES).await;
    let unused = text.as_ref().map_err(Clone::clone).and_then(|text| Settings::unused(text));
    match (text, unused) {
        (Ok(text), Ok(unused)) if unused.is_empty() => {
            Ok((Settings::parse(&text), format!("Settings of {name} are used")))
        }
        (Ok(text), Ok(unused)) => {
            let words = format!("Settings of {name} are used, but not what it says of {}", unused.join(", "));
            Ok((Settings::parse(&text), words))
        }
        (Err(error), _) | (_, Err(error)) => Err(format!("{name} cannot be used: {error}")),
    }
}

fn section(title: &str, rows: impl IntoIterator<Item = El>) -> El {
    let title = el("div").class("section-title").child(el("h2").text(title));
    el("section").child(title).child(el("div").class("card").children(rows))
}

/// A line: what it is about, and its control.
fn setting(name: &str, hint: &str, control: El) -> El {
    setting_with(name, el("span").text(hint), control)
}

fn setting_with(name: &str, hint: El, control: El) -> El {
    let words = el("div").child(el("div").class("name").text(name)).child(hint.class("hint"));
    el("div").class("setting").child(words).child(control)
}

/// A select of values and their words.
fn select<'a>(
    name: &str,
    options: impl IntoIterator<Item = (&'a str, &'a str)>,
    current: impl Fn() -> String + 'static,
    set: impl Fn(String) + 'static,
) -> El {
    let options: Vec<(String, String)> =
        options.into_iter().map(|(value, words)| (value.to_owned(), words.to_owned())).collect();
    let options = move || {
        let current = current();
        let option = |(value, words): &(String, String)| {
            el("option").attr("value", value).attr_if("selected", (*value == current).then_some("")).text(words)
        };
        options.iter().map(option).collect()
    };
    let select = el("select").attr("aria-label", name);
    select.children_with(options).on("change", move |event| set(value_of(&event)))
}
