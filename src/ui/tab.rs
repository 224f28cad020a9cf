//! What the tab says while one looks elsewhere: its icon carries the number of firing alerts. And it takes note of which
//! dashboards were visited.

use crate::browser::observe::is_hidden;
use crate::browser::{clock, tab};
use crate::dom::{Memo, react, spawn};
use crate::protocol::{Question, Reply, Texts};
use crate::route::Page;
use crate::state::recent;
use crate::state::session::Session;
use frame::TimeRange;

/// One small number, however many alerts there are. What is always there, such as a watchdog, has severity none.
const COUNT: &str = "count(ALERTS{alertstate=\"firing\", severity!=\"none\"})";
/// How often it is asked for.
const REFRESH_MILLIS: i64 = 30_000;
/// The same while the tab is hidden, where its icon is all there is to see.
const HIDDEN_REFRESH_MILLIS: i64 = 60_000;

/// What the icon says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Firing {
    /// So many alerts fire, as far as is known.
    Count(u64),
    /// None is known to fire, but not every server has answered.
    Unknown,
}

/// Keeps the icon and the list of visits, for as long as the page lives.
pub fn follow(session: Session) {
    let page = session.page();
    react(move || {
        if let Page::Dashboard(uid) = page.get() {
            recent::DASHBOARDS.add(&uid);
        }
    });
    // Where alerts are shown anyway, and wherever the user wants it.
    let watched = Memo::new(move |_| {
        let is_shown = page.with(|page| matches!(page, Page::Home | Page::Alerts));
        is_shown || session.settings.with(|settings| settings.alerts_on_tab)
    });
    react(move || match watched.get() {
        true => spawn(watch(session)),
        false => tab::set_icon(None),
    });
}

async fn watch(session: Session) {
    let sources: Vec<String> =
        session.config.with_value(|config| config.data_sources.iter().map(|source| source.uid.clone()).collect());
    while !sources.is_empty() {
        let mut counts = Vec::new();
        for source in &sources {
            counts.push(count(session, source).await);
        }
        tab::set_icon(icon(sum(&counts)).as_deref());
        clock::sleep(if is_hidden() { HIDDEN_REFRESH_MILLIS } else { REFRESH_MILLIS }).await;
    }
}

/// How many alerts fire by what `source` says; none where it does not.
async fn count(session: Session, source: &str) -> Option<u64> {
    let now = session.now();
    let range = TimeRange { start: now, end: now };
    let of = Texts::Result { expr: COUNT.to_owned() };
    match session.ask(Question::Texts { source: source.to_owned(), of, range }).await {
        Ok(Reply::Texts(texts)) => match texts.first() {
            // `{} 3 1700000000000`
            Some(text) => text.split_whitespace().nth(1)?.parse().ok(),
            None => Some(0),
        },
        _ => None,
    }
}

fn sum(counts: &[Option<u64>]) -> Firing {
    match counts.iter().flatten().sum() {
        0 if counts.contains(&None) => Firing::Unknown,
        count => Firing::Count(count),
    }
}

/// The mark with a badge; none for the mark alone. The colours are those of a state, which suit light and dark tabs.
fn icon(firing: Firing) -> Option<String> {
    let (words, ring, letters) = match firing {
        Firing::Count(0) => return None,
        Firing::Count(count) => {
            let letters = if count < 100 { count.to_string() } else { "99+".to_owned() };
            let words = format!("{} firing", crate::ui::words::plural(count as usize, "alert"));
            (words, "fill=\"#e5484d\"", letters)
        }
        Firing::Unknown => {
            let ring = "fill=\"#22272f\" stroke=\"#9aa5b4\" stroke-width=\"2\" stroke-dasharray=\"4 3\"";
            ("It is not known which alerts fire".to_owned(), ring, "?".to_owned())
        }
    };
    let size = if letters.len() > 2 { 9 } else { 13 };
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><title>{words}</title>\
         <path d=\"M3 25h5l3-6 4 4 3-9c1 3 4 4 4 8 3-3 3-9-1-13-1 2-2 3-3 3 0-4-1-7-4-9\" fill=\"none\" stroke=\"#f0701f\" \
         stroke-width=\"2.6\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\
         <circle cx=\"22\" cy=\"22\" r=\"9\" {ring}/>\
         <text x=\"22\" y=\"{}\" font-family=\"sans-serif\" font-size=\"{size}\" font-weight=\"700\" fill=\"#ffffff\" \
         text-anchor=\"middle\">{letters}</text></svg>",
        22 + size / 2 - 1,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_known_is_not_nothing_firing() {
        let check = |counts: &[Option<u64>], expected: Firing| assert_eq!(sum(counts), expected, "{counts:?}");
        check(&[Some(0)], Firing::Count(0));
        check(&[Some(2), Some(3)], Firing::Count(5));
        check(&[None], Firing::Unknown);
        check(&[Some(0), None], Firing::Unknown);
        check(&[Some(1), None], Firing::Count(1));
    }

    #[test]
    fn the_icon_says_what_is_known() {
        let check = |firing: Firing, part: &str| {
            let icon = icon(firing).unwrap_or_default();
            assert!(icon.contains(part), "{firing:?}: {icon}");
        };
        assert_eq!(icon(Firing::Count(0)), None);
        check(Firing::Count(1), "<title>1 alert firing</title>");
        check(Firing::Count(7), ">7</text>");
        check(Firing::Count(100), ">99+</text>");
        check(Firing::Unknown, ">?</text>");
    }
}
