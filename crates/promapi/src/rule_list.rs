//! The rules of a server as one long list that is searched and looked at in parts.
//!
//! Large servers have tens of thousands of rules. Whoever shows them asks for the rows in view ([`RuleWish`]) and gets
//! those ([`RulePage`]); the rules themselves stay where they were decoded.

use crate::rules::{AlertState, Alerting, Health, Rule, RuleGroup, RuleKind};
use borsh::{BorshDeserialize, BorshSerialize};
use memchr::memmem;

/// The one word for a rule: an error outweighs its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum RuleState {
    /// Its last evaluation failed.
    Err,
    /// One of its alerts fires.
    Firing,
    /// One of its alerts is pending, none fires.
    Pending,
    /// It has no alert.
    Inactive,
    /// A recording rule that does as it should.
    Ok,
    /// The server does not say, or it was not evaluated yet.
    Unknown,
}

impl RuleState {
    /// The word of `rule`.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        match (rule.health, rule.alert_state()) {
            (Health::Err, _) => Self::Err,
            (_, Some(AlertState::Firing)) => Self::Firing,
            (_, Some(AlertState::Pending)) => Self::Pending,
            (_, Some(AlertState::Inactive)) => Self::Inactive,
            (Health::Ok, None) => Self::Ok,
            _ => Self::Unknown,
        }
    }

    /// As it is written.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Err => "err",
            Self::Firing => "firing",
            Self::Pending => "pending",
            Self::Inactive => "inactive",
            Self::Ok => "ok",
            Self::Unknown => "unknown",
        }
    }

    /// The state that is written so.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Err, Self::Firing, Self::Pending, Self::Inactive, Self::Ok, Self::Unknown];
        all.into_iter().find(|state| state.word() == word)
    }
}

/// How many rules there are, in all and of what deserves a look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RuleCounts {
    /// Groups.
    pub groups: u32,
    /// Rules in them.
    pub rules: u32,
    /// Rules with an alert that fires, whether their last evaluation went well or not.
    pub firing: u32,
    /// Rules with a pending alert and none that fires.
    pub pending: u32,
    /// Rules whose last evaluation failed.
    pub errors: u32,
}

/// What part of the list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RuleWish {
    /// Words that all have to stand in a rule's name, query or labels, or in the name or file of its group. Large and
    /// small letters are alike.
    pub sought: String,
    /// Only rules in this state.
    pub state: Option<RuleState>,
    /// The first row.
    pub first: u32,
    /// How many rows.
    pub rows: u32,
}

/// Some rows of the list.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct RulePage {
    /// How many rows there are: a rule's each, and one for each group that has rules among them.
    pub of: u32,
    /// How many of those are rules.
    pub rules: u32,
    /// The first of the rows.
    pub first: u32,
    /// The rows.
    pub rows: Vec<RuleRow>,
}

/// A row: a group, or a rule of the group above it.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum RuleRow {
    /// A group.
    Group {
        /// Its place among the groups.
        index: u32,
        /// Its name.
        name: String,
        /// Its file.
        file: String,
        /// Seconds between two evaluations.
        interval_secs: f64,
        /// Seconds the last evaluation took.
        evaluation_secs: f64,
        /// How many rules it has, shown or not.
        rules: u32,
    },
    /// A rule.
    Rule {
        /// The place of its group among the groups, and its own in that.
        index: (u32, u32),
        /// Its state.
        state: RuleState,
        /// The rule, without its alerts.
        rule: Box<Rule>,
        /// How many alerts it has.
        alerts: u32,
    },
}

impl RuleRow {
    /// What tells the row from all others.
    #[must_use]
    pub fn key(&self) -> (u32, Option<u32>) {
        match self {
            Self::Group { index, .. } => (*index, None),
            Self::Rule { index: (group, rule), .. } => (*group, Some(*rule)),
        }
    }
}

/// A row by its place: of a group, or of a rule in one.
type Place = (u32, Option<u32>);

/// The list.
#[derive(Clone, Debug, Default)]
pub struct RuleList {
    groups: Vec<RuleGroup>,
    /// What is searched, in small letters: of each group's rules one after the other.
    texts: Vec<String>,
    counts: RuleCounts,
    /// What was found last, which is asked for again when somebody scrolls.
    found: Found,
}

#[derive(Clone, Debug, Default)]
struct Found {
    sought: String,
    state: Option<RuleState>,
    rows: Vec<Place>,
    rules: u32,
}

impl RuleList {
    /// The list of all rules in `groups`.
    #[must_use]
    pub fn new(groups: Vec<RuleGroup>) -> Self {
        let mut list = Self::default();
        for group in &groups {
            list.counts.groups += 1;
            for rule in &group.rules {
                list.counts.add(rule);
                list.texts.push(text(group, rule));
            }
        }
        list.groups = groups;
        list.find("", None);
        list
    }

    /// How many there are.
    #[must_use]
    pub fn counts(&self) -> RuleCounts {
        self.counts
    }

    /// The rows that are wished for. Fewer where the list ends.
    pub fn page(&mut self, wish: &RuleWish) -> RulePage {
        if self.found.sought != wish.sought || self.found.state != wish.state {
            self.find(&wish.sought, wish.state);
        }
        let places = self.found.rows.iter().skip(wish.first as usize).take(wish.rows as usize);
        RulePage {
            of: count(self.found.rows.len()),
            rules: self.found.rules,
            first: wish.first,
            rows: places.filter_map(|place| self.row(*place)).collect(),
        }
    }

    fn find(&mut self, sought: &str, state: Option<RuleState>) {
        let lower = sought.to_lowercase();
        let words: Vec<memmem::Finder<'_>> = lower.split_whitespace().map(memmem::Finder::new).collect();
        let mut found = Found { sought: sought.to_owned(), state, ..Found::default() };
        let mut texts = self.texts.iter();
        for (group_index, group) in self.groups.iter().enumerate() {
            let head = found.rows.len();
            found.rows.push((count(group_index), None));
            for (index, (rule, text)) in group.rules.iter().zip(texts.by_ref()).enumerate() {
                let is_in_state = state.is_none_or(|state| RuleState::of(rule) == state);
                if is_in_state && words.iter().all(|word| word.find(text.as_bytes()).is_some()) {
                    found.rows.push((count(group_index), Some(count(index))));
                    found.rules += 1;
                }
            }
            if found.rows.len() == head + 1 {
                found.rows.pop();
            }
        }
        self.found = found;
    }

    fn row(&self, (group_index, index): Place) -> Option<RuleRow> {
        let group = self.groups.get(group_index as usize)?;
        let Some(index) = index else {
            return Some(RuleRow::Group {
                index: group_index,
                name: group.name.clone(),
                file: group.file.clone(),
                interval_secs: group.interval,
                evaluation_secs: group.evaluation_time,
                rules: count(group.rules.len()),
            });
        };
        let rule = group.rules.get(index as usize)?;
        let (rule, alerts) = without_alerts(rule);
        let state = RuleState::of(&rule);
        Some(RuleRow::Rule { index: (group_index, index), state, rule: Box::new(rule), alerts })
    }
}

impl RuleCounts {
    fn add(&mut self, rule: &Rule) {
        self.rules += 1;
        self.firing += u32::from(rule.alert_state() == Some(AlertState::Firing));
        self.pending += u32::from(rule.alert_state() == Some(AlertState::Pending));
        self.errors += u32::from(rule.health == Health::Err);
    }
}

/// No list in memory is longer than this counts.
fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// What of a rule is searched. Lines keep a word from being found across two of them.
fn text(group: &RuleGroup, rule: &Rule) -> String {
    let mut text = [&*rule.name, &*rule.query, &*group.name, &*group.file].join("\n");
    for (name, value) in rule.labels.iter() {
        text.extend(["\n", name, "=", value]);
    }
    text.to_lowercase()
}

/// There may be thousands, and a row only counts them.
fn without_alerts(rule: &Rule) -> (Rule, u32) {
    let (kind, alerts) = match &rule.kind {
        RuleKind::Recording => (RuleKind::Recording, 0),
        RuleKind::Alerting(alerting) => {
            let kept = Alerting {
                state: alerting.state,
                hold_secs: alerting.hold_secs,
                keep_firing_secs: alerting.keep_firing_secs,
                annotations: alerting.annotations.clone(),
                alerts: Vec::new(),
            };
            (RuleKind::Alerting(kept), count(alerting.alerts.len()))
        }
    };
    let rule = Rule {
        name: rule.name.clone(),
        query: rule.query.clone(),
        labels: rule.labels.clone(),
        health: rule.health,
        last_error: rule.last_error.clone(),
        evaluation_time: rule.evaluation_time,
        last_evaluation: rule.last_evaluation,
        kind,
    };
    (rule, alerts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Alert;

    fn rule(name: &str, query: &str, state: Option<AlertState>, health: Health) -> Rule {
        let alerts = vec![Alert::default(); 3];
        let alerting = |state| RuleKind::Alerting(Alerting { state, alerts, ..Alerting::default() });
        Rule {
            name: name.into(),
            query: query.into(),
            labels: [("severity", "Page")].into_iter().collect(),
            health,
            last_error: String::new(),
            evaluation_time: 0.0,
            last_evaluation: None,
            kind: state.map_or(RuleKind::Recording, alerting),
        }
    }

    fn list() -> RuleList {
        let group =
            |name: &str, rules| RuleGroup { name: name.into(), file: "a.yml".into(), rules, ..Default::default() };
        RuleList::new(vec![
            group(
                "node",
                vec![
                    rule("Down", "up == 0", Some(AlertState::Firing), Health::Ok),
                    rule("Slow", "latency > 1", Some(AlertState::Pending), Health::Ok),
                ],
            ),
            group("empty", Vec::new()),
            group(
                "sums",
                vec![
                    rule("job:up:sum", "sum by (job) (up)", None, Health::Ok),
                    rule("job:bad", "bad", None, Health::Err),
                    rule("Late", "late", Some(AlertState::Inactive), Health::Unknown),
                    rule("new", "new", None, Health::Unknown),
                ],
            ),
        ])
    }

    /// The rows as `[group]` and `rule`.
    fn read(page: &RulePage) -> Vec<String> {
        let words = |row: &RuleRow| match row {
            RuleRow::Group { name, .. } => format!("[{name}]"),
            RuleRow::Rule { rule, .. } => rule.name.clone(),
        };
        page.rows.iter().map(words).collect()
    }

    fn wish(sought: &str, state: Option<RuleState>) -> RuleWish {
        RuleWish { sought: sought.into(), state, first: 0, rows: 100 }
    }

    #[test]
    fn rules_are_found_below_their_groups() {
        let check = |sought: &str, state: Option<RuleState>, expected: &[&str]| {
            let page = list().page(&wish(sought, state));
            assert_eq!(read(&page), expected, "{sought:?} {state:?}");
            assert_eq!(page.of as usize, expected.len());
            assert_eq!(page.rules as usize, expected.iter().filter(|row| !row.starts_with('[')).count());
        };
        let all = ["[node]", "Down", "Slow", "[sums]", "job:up:sum", "job:bad", "Late", "new"];
        check("", None, &all);
        check("  ", None, &all);
        check("a.YML", None, &all);
        check("severity=page", None, &all);
        check("UP", None, &["[node]", "Down", "[sums]", "job:up:sum"]);
        check("up sum(", None, &[]);
        check("by job", None, &["[sums]", "job:up:sum"]);
        check("node latency", None, &["[node]", "Slow"]);
        check("upsum", None, &[]);
        check("", Some(RuleState::Firing), &["[node]", "Down"]);
        check("", Some(RuleState::Err), &["[sums]", "job:bad"]);
        check("job", Some(RuleState::Ok), &["[sums]", "job:up:sum"]);
        check("", Some(RuleState::Unknown), &["[sums]", "new"]);
        check("late", Some(RuleState::Inactive), &["[sums]", "Late"]);
    }

    #[test]
    fn a_page_is_a_part_of_what_was_found() {
        let mut list = list();
        let check = |list: &mut RuleList, first, rows, expected: &[&str]| {
            let page = list.page(&RuleWish { first, rows, ..RuleWish::default() });
            assert_eq!(
                (read(&page), page.of, page.first),
                (expected.iter().map(|row| row.to_string()).collect(), 8, first)
            );
        };
        check(&mut list, 0, 2, &["[node]", "Down"]);
        check(&mut list, 3, 2, &["[sums]", "job:up:sum"]);
        check(&mut list, 7, 9, &["new"]);
        check(&mut list, 8, 9, &[]);
        check(&mut list, u32::MAX, u32::MAX, &[]);
    }

    #[test]
    fn what_deserves_a_look_is_counted() {
        let expected = RuleCounts { groups: 3, rules: 6, firing: 1, pending: 1, errors: 1 };
        assert_eq!(list().counts(), expected);
    }

    #[test]
    fn alerts_are_counted_and_left_out() {
        let page = list().page(&RuleWish { first: 1, rows: 1, ..RuleWish::default() });
        let [RuleRow::Rule { index: (0, 0), state: RuleState::Firing, rule, alerts: 3 }] = page.rows.as_slice() else {
            panic!("{page:?}")
        };
        assert!(matches!(&rule.kind, RuleKind::Alerting(alerting) if alerting.alerts.is_empty()));
        let copy: RulePage = borsh::from_slice(&borsh::to_vec(&page).unwrap()).unwrap();
        assert_eq!(copy, page, "it crosses to the page as it is");
    }

    #[test]
    fn states_are_read_as_they_are_written() {
        for word in ["err", "firing", "pending", "inactive", "ok", "unknown"] {
            assert_eq!(RuleState::parse(word).map(RuleState::word), Some(word));
        }
        assert_eq!(RuleState::parse("burning"), None);
    }
}
