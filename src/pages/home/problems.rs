//! What is wrong now, in one line: firing rules, rules with errors, targets that are down, servers that do not answer.

use crate::dom::{El, el};
use crate::protocol::{About, Alerts, Question, Status};
use crate::state::poll::{Polled, poll};
use crate::state::session::Session;
use crate::ui::state_mark::state_mark;
use crate::ui::words::plural;
use engine::ErrorCard;
use promapi::rule_list::RuleCounts;
use promapi::targets::TargetHealth;

/// What is known of a data source.
#[derive(Clone, Copy)]
struct Watched {
    rules: Polled<Alerts>,
    targets: Polled<Status>,
}

/// The line; empty until every data source has answered, and not there without one.
pub fn problems(session: Session) -> Option<El> {
    let watched: Vec<(String, Watched)> = session.config.with_value(|config| {
        let watch = |uid: &str| Watched {
            rules: poll(session, Question::Rules { source: uid.to_owned() }),
            targets: poll(session, Question::Status(About::Targets { source: uid.to_owned() })),
        };
        config.data_sources.iter().map(|source| (source.name.clone(), watch(&source.uid))).collect()
    });
    if watched.is_empty() {
        return None;
    }
    let marks = move || {
        if watched.iter().any(|(_, watched)| !watched.has_answered()) {
            return Vec::new();
        }
        // One source needs no name before what is counted.
        let several = watched.len() > 1;
        let marks: Vec<El> = watched.iter().flat_map(|(name, watched)| watched.problems(name, several)).collect();
        if marks.is_empty() { vec![state_mark("ok", "No alert is firing, every target is up")] } else { marks }
    };
    Some(el("div").class("problems").attr("role", "status").attr("aria-label", "Problems").children_with(marks))
}

impl Watched {
    fn has_answered(self) -> bool {
        let rules = self.rules.last.with(Option::is_some) || self.rules.error.with(Option::is_some);
        rules && (self.targets.last.with(Option::is_some) || self.targets.error.with(Option::is_some))
    }

    fn problems(self, name: &str, several: bool) -> Vec<El> {
        let rules = self.rules.last.with(|last| match last {
            Some(Alerts::Rules(counts)) => *counts,
            _ => RuleCounts::default(),
        });
        let down = self.targets.last.with(|last| match last {
            Some(Status::Targets(targets)) => {
                targets.active_targets.iter().filter(|target| target.health == TargetHealth::Down).count()
            }
            _ => 0,
        });
        let words = |error: &Option<ErrorCard>| error.as_ref().map(|error| format!("{name}: {}", error.title));
        // What concerns the whole server fails both questions.
        let error = self.rules.error.with(words).or_else(|| self.targets.error.with(words));
        let of = if several { format!("{name}: ") } else { String::new() };
        let counted = [
            (rules.firing as usize, "firing", "rule", " firing", "#/alerts?state=firing"),
            (rules.errors as usize, "err", "rule", " with errors", "#/alerts?state=err"),
            (down, "down", "target", " down", "#/targets?problems=1"),
        ];
        let counted = counted.into_iter().filter(|(count, ..)| *count > 0).map(|(count, state, word, what, goal)| {
            el("a").attr("href", goal).child(state_mark(state, &format!("{of}{}{what}", plural(count, word))))
        });
        error.map(|words| state_mark("down", &words)).into_iter().chain(counted).collect()
    }
}
