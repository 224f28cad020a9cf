//! Resolving the variables of a dashboard: which can be asked for now, over which range, and which value counts of what
//! they offer. Whoever drives it asks the data sources and hands in what they say.

use crate::adhoc::{self, Filter};
use crate::choice;
use crate::interpolate::{Scope, Value, references};
use crate::model::{Refresh, Selection, SourceRef, Variable, VariableKind, VariableOption};
use crate::time::RawRange;
use crate::variable_options::{at_first, from_list, select};
use crate::variables::{dependencies, put};
use format::date::{HOUR, MINUTE};
use frame::{Millis, TimeRange};

/// How far back options are asked for that do not follow the time range, as in Grafana.
const USUAL_MILLIS: i64 = 6 * HOUR;
/// A range that moves with the clock is another one for variables when it has moved by that much.
const MOVE_MILLIS: i64 = MINUTE;

/// Whether another time range gives `variable` other options, or another value.
#[must_use]
pub fn follows_range(variable: &Variable) -> bool {
    matches!(
        variable.kind,
        VariableKind::Query { refresh: Refresh::OnTimeRange, .. } | VariableKind::Interval { auto: Some(_) }
    )
}

/// The range that variables follow: what the dashboard's stood for when they were resolved, until it is another one or has
/// moved on. So a choice asks for nothing that does not depend on it.
#[derive(Clone, Debug, Default)]
pub struct FollowedRange(Option<(RawRange, TimeRange)>);

impl FollowedRange {
    /// What `raw` stands for to the variables, when to the dashboard it stands for `now`; none where that is no range.
    pub fn update(&mut self, raw: &RawRange, now: Option<TimeRange>) -> Option<TimeRange> {
        let is_known = |(known, range): &(RawRange, TimeRange)| {
            known == raw && now.is_some_and(|now| now.end.since(range.end).saturating_abs() < MOVE_MILLIS)
        };
        if !self.0.as_ref().is_some_and(is_known) {
            self.0 = now.map(|now| (raw.clone(), now));
        }
        self.0.as_ref().map(|(_, range)| *range)
    }

    /// Whether panels that show `shown` have moved on, so that the variables have to follow.
    #[must_use]
    pub fn is_behind(&self, shown: TimeRange) -> bool {
        self.0.as_ref().is_some_and(|(_, range)| shown.end.since(range.end) >= MOVE_MILLIS)
    }
}

/// What variables are resolved for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What the address says, one list per variable.
    pub asked: Vec<Vec<String>>,
    /// The dashboard's time range; none where what it says is none.
    pub range: Option<TimeRange>,
    /// What is now.
    pub now: Millis,
}

impl Wanted {
    /// The range over which the options of `variable` are asked for: the dashboard's where they follow it, and it is one.
    fn range_of(&self, variable: &Variable) -> TimeRange {
        let usual = TimeRange { start: self.now.plus(-USUAL_MILLIS), end: self.now };
        self.range.filter(|_| follows_range(variable)).unwrap_or(usual)
    }
}

/// What a resolution leaves behind for the next one.
#[derive(Clone, Debug, Default)]
pub struct Former {
    asked: Vec<Vec<String>>,
    scope: Scope,
    /// Whether what the address says of each has yet to be compared with what is offered.
    due: Vec<bool>,
}

/// What is chosen of a variable, and of what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// What it offers, without the option for all.
    pub options: Vec<VariableOption>,
    /// What counts.
    pub chosen: Selection,
}

/// Of a variable the address says what is not offered any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Replaced {
    /// The variable's name.
    pub name: String,
    /// What the address says.
    pub asked: Vec<String>,
    /// What counts instead.
    pub by: Vec<String>,
}

/// What has come of a resolution.
#[derive(Debug, Default)]
pub struct Outcome<'a> {
    /// The values that queries and titles get.
    pub scope: Scope,
    /// What is chosen of each variable of which several can be, by its name: panels are repeated for them.
    pub chosen: Vec<(String, Vec<VariableOption>)>,
    /// What ad hoc variables add to the queries of which data source.
    pub filters: Vec<(&'a SourceRef, Vec<Filter>)>,
    /// What the address should say otherwise.
    pub replaced: Vec<Replaced>,
    /// For the next one.
    pub former: Former,
}

/// Where a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Waiting,
    Asked,
    Done,
}

/// All variables of a dashboard on their way to their values: each is asked for when all that it mentions are known.
#[derive(Debug)]
pub struct Resolution<'a, 'f> {
    variables: &'a [Variable],
    wanted: Wanted,
    former: Option<&'f Former>,
    needs: Vec<Vec<usize>>,
    steps: Vec<Step>,
    outcome: Outcome<'a>,
}

impl<'a, 'f> Resolution<'a, 'f> {
    /// Begins to resolve `variables`, after `former` if it is not the first time.
    #[must_use]
    pub fn new(variables: &'a [Variable], wanted: Wanted, former: Option<&'f Former>) -> Self {
        Self {
            variables,
            wanted,
            former,
            needs: variables.iter().map(|variable| dependencies(variable, variables)).collect(),
            steps: vec![Step::Waiting; variables.len()],
            outcome: Outcome {
                former: Former { due: vec![false; variables.len()], ..Former::default() },
                ..Outcome::default()
            },
        }
    }

    /// The values known so far.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.outcome.scope
    }

    /// The range over which the options of `variable` are asked for.
    #[must_use]
    pub fn range_of(&self, variable: &Variable) -> TimeRange {
        self.wanted.range_of(variable)
    }

    /// The variables that can be asked for now, as indices. Each is told once, and has to be answered.
    pub fn questions(&mut self) -> Vec<usize> {
        let is_done = |index: &usize| self.steps.get(*index) == Some(&Step::Done);
        let waiting = self.waiting().into_iter();
        let ready = waiting.filter(|index| self.needs.get(*index).is_some_and(|needs| needs.iter().all(is_done)));
        let ready: Vec<usize> = ready.collect();
        ready.iter().for_each(|index| self.go_on(*index, Step::Asked));
        ready
    }

    /// The variables that nobody was asked for. When all others are answered these wait for each other in a circle.
    #[must_use]
    pub fn waiting(&self) -> Vec<usize> {
        let steps = self.steps.iter().enumerate();
        steps.filter(|(_, step)| **step == Step::Waiting).map(|(index, _)| index).collect()
    }

    fn go_on(&mut self, index: usize, to: Step) {
        if let Some(step) = self.steps.get_mut(index) {
            *step = to;
        }
    }

    /// Chooses of what the variable at `index` offers; none stands for options that could not be had.
    pub fn answer(&mut self, index: usize, offered: Option<Vec<VariableOption>>) -> Answer {
        let Some(variable) = self.variables.get(index) else { return Answer::default() };
        self.go_on(index, Step::Done);
        if let VariableKind::AdHoc { datasource, filters } = &variable.kind {
            return self.filter(variable, datasource, adhoc::chosen(filters, self.asked(index)));
        }
        let answer = self.choose(index, variable, offered);
        let millis = self.range_of(variable).millis();
        put(&mut self.outcome.scope, variable, &answer.options, &answer.chosen, millis);
        if variable.multi || variable.include_all {
            let chosen = choice::chosen_options(&answer.options, &answer.chosen);
            self.outcome.chosen.push((variable.name.clone(), chosen));
        }
        answer
    }

    fn filter(&mut self, variable: &Variable, source: &'a SourceRef, filters: Vec<Filter>) -> Answer {
        let chosen = Selection::of(filters.iter().map(Filter::to_url));
        self.outcome.scope.set(&variable.name, Value::Verbatim(adhoc::matchers(&filters)));
        self.outcome.filters.push((source, filters));
        Answer { chosen, ..Answer::default() }
    }

    fn choose(&mut self, index: usize, variable: &Variable, offered: Option<Vec<VariableOption>>) -> Answer {
        let is_due = self.is_due(index, variable);
        let is_had = offered.is_some();
        if let Some(due) = self.outcome.former.due.get_mut(index) {
            *due = is_due && !is_had;
        }
        let options = offered.unwrap_or_else(|| variable.options.clone());
        let options = self.filled(variable, options);
        let asked = choice::from_url(variable, &options, self.asked(index));
        let chosen = match &asked {
            Some(asked) if is_due && is_had => select(variable, &options, asked),
            Some(asked) => asked.clone(),
            None => at_first(variable, is_had.then_some(&*options)),
        };
        if asked.is_some_and(|asked| asked.values != chosen.values) {
            let (asked, by) = (self.asked(index).to_vec(), chosen.values.clone());
            self.outcome.replaced.push(Replaced { name: variable.name.clone(), asked, by });
        }
        Answer { options, chosen }
    }

    /// Options that are written in the file may mention other variables. One of several values is several options.
    fn filled(&self, variable: &Variable, options: Vec<VariableOption>) -> Vec<VariableOption> {
        let is_written = matches!(variable.kind, VariableKind::Custom | VariableKind::Interval { .. });
        let mentions = |option: &VariableOption| references(&option.value).next().is_some();
        if !is_written || !options.iter().any(mentions) {
            return options;
        }
        let fill = |text: &str| self.scope().interpolate(text, "raw");
        let filled = |option: VariableOption| match option {
            plain if !mentions(&plain) => vec![plain],
            VariableOption { label, value } if label == value => from_list(&fill(&value)),
            VariableOption { label, value } => vec![VariableOption { label: fill(&label), value: fill(&value) }],
        };
        options.into_iter().flat_map(filled).collect()
    }

    fn asked(&self, index: usize) -> &[String] {
        self.wanted.asked.get(index).map_or(&[], Vec::as_slice)
    }

    /// Whether what the address says has to be one of the options. It counts as it is when it comes, so that a link keeps
    /// its meaning, until a variable changes that the options depend on.
    fn is_due(&self, index: usize, variable: &Variable) -> bool {
        use VariableKind::{Custom, DataSource, Interval, Query};
        let Some(Former { asked, scope, due }) = self.former else { return false };
        let is_of_options = matches!(variable.kind, Query { .. } | DataSource { .. } | Custom | Interval { .. });
        let is_as_before = asked.get(index).is_some_and(|asked| asked == self.asked(index));
        let has_changed = |needed: &usize| {
            let name = self.variables.get(*needed).map(|needed| &*needed.name).unwrap_or_default();
            scope.get(name) != self.scope().get(name)
        };
        let needs = self.needs.get(index).map_or(&[][..], Vec::as_slice);
        is_of_options && is_as_before && (due.get(index) == Some(&true) || needs.iter().any(has_changed))
    }

    /// What has come of it, when all are answered.
    #[must_use]
    pub fn finish(self) -> Outcome<'a> {
        let mut outcome = self.outcome;
        for value in outcome.filters.iter_mut().flat_map(|(_, filters)| filters).flat_map(|filter| &mut filter.values) {
            *value = outcome.scope.interpolate(value, "raw");
        }
        outcome.former.asked = self.wanted.asked;
        outcome.former.scope = outcome.scope.clone();
        outcome
    }
}

/// What comes of `wanted` where no data source is asked: a first picture, before any has answered.
#[must_use]
pub fn without_asking(variables: &[Variable], wanted: Wanted) -> Outcome<'_> {
    let mut resolution = Resolution::new(variables, wanted, None);
    loop {
        let mut indices = resolution.questions();
        if indices.is_empty() {
            indices = resolution.waiting();
        }
        if indices.is_empty() {
            return resolution.finish();
        }
        for index in indices {
            let variable = variables.get(index).filter(|variable| !is_asked(variable));
            resolution.answer(index, variable.map(|variable| variable.options.clone()));
        }
    }
}

/// Whether what `variable` offers is not in the file.
fn is_asked(variable: &Variable) -> bool {
    use VariableKind::{DataSource, Query, Unsupported};
    matches!(variable.kind, Query { .. } | DataSource { .. } | Unsupported { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variable_query::VariableQuery;

    /// A variable written as `name`, or `name = query`, and behind `|` its properties.
    fn variable(text: &str) -> Variable {
        let (definition, properties) = text.split_once(" | ").unwrap_or((text, ""));
        let (name, query) = definition.split_once(" = ").unwrap_or((definition, ""));
        let mut variable = Variable::new(name, VariableKind::Custom);
        variable.kind = VariableKind::Query {
            datasource: SourceRef::Default,
            query: VariableQuery::parse(query),
            regex: String::new(),
            sort: Default::default(),
            refresh: Default::default(),
        };
        for property in properties.split(' ') {
            match property.split_once(':').unwrap_or((property, "")) {
                ("multi", _) => variable.multi = true,
                ("all", text) => {
                    variable.include_all = true;
                    variable.all_value = Some(text.to_owned()).filter(|text| !text.is_empty());
                }
                ("saved", value) => variable.current = Selection::of([value.to_owned()]),
                ("text", _) => variable.kind = VariableKind::TextBox,
                ("custom", list) => {
                    variable.kind = VariableKind::Custom;
                    variable.options = list.split(',').map(VariableOption::plain).collect();
                }
                _ => {}
            }
        }
        variable
    }

    /// What a server answers to queries, written as `query: a b`, or `query: !` for no answer.
    fn offered(variable: &Variable, scope: &Scope, answers: &[&str]) -> Option<Vec<VariableOption>> {
        let VariableKind::Query { query: VariableQuery::Series { selector }, .. } = &variable.kind else {
            return Some(variable.options.clone());
        };
        let asked = scope.interpolate(selector, "raw");
        let answer = answers.iter().find_map(|answer| answer.split_once(": ").filter(|(query, _)| *query == asked));
        let (_, texts) = answer.unwrap_or_default();
        (texts != "!").then(|| texts.split_whitespace().map(VariableOption::plain).collect())
    }

    fn asked(variables: &[Variable], address: &str) -> Vec<Vec<String>> {
        let parameters = || address.split('&').filter_map(|parameter| parameter.split_once('='));
        let of = |variable: &Variable| {
            let own = parameters().filter(|(name, _)| *name == variable.name);
            own.map(|(_, value)| value.to_owned()).collect()
        };
        variables.iter().map(of).collect()
    }

    /// Resolves for one address after the other, each with what the server says by then. What is expected are the values,
    /// behind `→` where they replace what the address says.
    fn check(variables: &[&str], steps: &[(&str, &[&str], &str)]) {
        let variables: Vec<Variable> = variables.iter().map(|text| variable(text)).collect();
        let mut former = None;
        for (address, answers, expected) in steps {
            let wanted = Wanted { asked: asked(&variables, address), range: None, now: Millis(0) };
            let mut resolution = Resolution::new(&variables, wanted, former.as_ref());
            let mut chosen: Vec<String> = vec!["unresolved".to_owned(); variables.len()];
            loop {
                let questions = resolution.questions();
                if questions.is_empty() {
                    break;
                }
                for index in questions {
                    let offered = offered(&variables[index], resolution.scope(), answers);
                    let answer = resolution.answer(index, offered);
                    chosen[index] = answer.chosen.values.join("+");
                }
            }
            let outcome = resolution.finish();
            for Replaced { name, by, .. } in &outcome.replaced {
                let index = variables.iter().position(|variable| variable.name == *name).unwrap();
                chosen[index] = format!("→{}", by.join("+"));
            }
            assert_eq!(chosen.join(" "), *expected, "{address} of {answers:?}");
            former = Some(outcome.former);
        }
    }

    #[test]
    fn each_is_asked_when_what_it_mentions_is_known() {
        let check = |variables: &[&str], expected: &[&[usize]], circle: &[usize]| {
            let variables: Vec<Variable> = variables.iter().map(|text| variable(text)).collect();
            let wanted = Wanted { asked: Vec::new(), range: None, now: Millis(0) };
            let mut resolution = Resolution::new(&variables, wanted, None);
            for group in expected {
                assert_eq!(resolution.questions(), *group, "{variables:?}");
                assert!(resolution.questions().is_empty(), "each is told once");
                group.iter().for_each(|index| drop(resolution.answer(*index, None)));
            }
            assert!(resolution.questions().is_empty());
            assert_eq!(resolution.waiting(), circle);
        };
        check(&[], &[], &[]);
        check(&["a = x", "b = y"], &[&[0, 1]], &[]);
        check(&["a = $c", "b = x", "c = $b"], &[&[1], &[2], &[0]], &[]);
        check(&["a = $b", "b = $a", "c = x", "d = $a"], &[&[2]], &[0, 1, 3]);
        check(&["a = $a"], &[], &[0]);
        check(&["a = x | all:$b-.*", "b = y"], &[&[1], &[0]], &[]);
    }

    #[test]
    fn options_of_one_may_come_before_those_of_another() {
        let variables = ["slow = x", "quick = y", "behind = $quick"].map(variable);
        let wanted = Wanted { asked: Vec::new(), range: None, now: Millis(0) };
        let mut resolution = Resolution::new(&variables, wanted, None);
        assert_eq!(resolution.questions(), [0, 1]);
        resolution.answer(1, None);
        assert_eq!(resolution.questions(), [2]);
    }

    #[test]
    fn at_first_the_files_choice_counts_if_it_is_offered() {
        check(&["v = q"], &[("", &["q: a b"], "a")]);
        check(&["v = q | saved:b"], &[("", &["q: a b"], "b")]);
        check(&["v = q | saved:gone"], &[("", &["q: a b"], "a")]);
        check(&["v = q | saved:gone all"], &[("", &["q: a b"], "$__all")]);
        // A server that has no such label says so: queries have to match what has none.
        check(&["v = q | saved:prod"], &[("", &[], "")]);
        check(&["v = q | saved:prod all"], &[("", &[], "$__all")]);
        check(&["v = q | saved:prod"], &[("", &["q: !"], "prod")]);
        check(&["v | text saved:typed"], &[("", &[], "typed")]);
        check(&["v | custom:a,b saved:gone"], &[("", &[], "a")]);
    }

    #[test]
    fn options_in_the_file_may_mention_others() {
        let variables = ["env | custom:prod,test", "db | custom:$env-db,other"];
        check(&variables, &[("", &[], "prod prod-db"), ("env=test&db=prod-db", &[], "test prod-db")]);
        check(&variables, &[("db=prod-db", &[], "prod prod-db"), ("env=test&db=prod-db", &[], "test →test-db")]);
        check(&["of = q | multi all", "db | custom:$of saved:b"], &[("of=a&of=b", &["q: a b c"], "a+b b")]);
        check(&["v | custom:$unknown,$__auto"], &[("", &[], "$unknown")]);
    }

    #[test]
    fn the_address_counts_as_it_is() {
        check(&["v = q"], &[("v=gone", &["q: a b"], "gone"), ("v=gone", &["q: a b c"], "gone")]);
        check(&["v = q | multi"], &[("v=b&v=gone", &["q: a b"], "b+gone")]);
        check(&["v = q"], &[("v=x", &["q: !"], "x"), ("v=x", &["q: a"], "x")]);
        check(&["v | text"], &[("v=typed", &[], "typed")]);
    }

    const PODS: [&str; 3] = ["clusters: A B", "pods A: a1 same", "pods B: b1 b2 same"];

    #[test]
    fn the_address_is_looked_at_again_when_what_it_depends_on_changes() {
        let chained = ["cluster = clusters", "pod = pods $cluster"];
        check(&chained, &[("pod=a1", &PODS, "A a1"), ("cluster=B&pod=a1", &PODS, "B →b1")]);
        check(&chained, &[("pod=same", &PODS, "A same"), ("cluster=B&pod=same", &PODS, "B same")]);
        // What is put there together with the cluster is meant, such as by a link or by the button for back.
        check(&chained, &[("pod=a1", &PODS, "A a1"), ("cluster=B&pod=gone", &PODS, "B gone")]);
        check(&chained, &[("cluster=B&pod=b1", &PODS, "B b1"), ("cluster=A&pod=a1", &PODS, "A a1")]);
        check(
            &["cluster = clusters", "pod = pods $cluster | multi"],
            &[("pod=a1&pod=same", &PODS, "A a1+same"), ("cluster=B&pod=a1&pod=same", &PODS, "B →same")],
        );
        check(
            &["cluster = clusters", "pod = pods $cluster | all"],
            &[("pod=a1", &PODS, "A a1"), ("cluster=B&pod=a1", &PODS, "B →$__all")],
        );
        check(
            &["cluster = clusters", "pod | text custom:$cluster text"],
            &[("pod=typed", &PODS, "A typed"), ("cluster=B&pod=typed", &PODS, "B typed")],
        );
    }

    #[test]
    fn a_change_goes_through_the_whole_chain() {
        let chained = ["cluster = clusters", "space = spaces $cluster", "pod = pods $space"];
        let answers = ["clusters: A B", "spaces A: x", "spaces B: y", "pods x: x1", "pods y: y1"];
        check(&chained, &[("space=x&pod=x1", &answers, "A x x1"), ("cluster=B&space=x&pod=x1", &answers, "B →y →y1")]);
        // All stays all, and is something else.
        check(
            &["cluster = clusters", "space = spaces $cluster | all", "pod = pods $space"],
            &[("pod=x1", &answers, "A $__all x1"), ("cluster=B&pod=x1", &answers, "B $__all →y1")],
        );
    }

    #[test]
    fn it_is_looked_at_when_the_options_are_there() {
        let late = ["clusters: A B", "pods A: a1", "pods B: !"];
        check(
            &["cluster = clusters", "pod = pods $cluster"],
            &[
                ("pod=a1", &PODS, "A a1"),
                ("cluster=B&pod=a1", &late, "B a1"),
                ("cluster=B&pod=a1", &late, "B a1"),
                ("cluster=B&pod=a1", &PODS, "B →b1"),
            ],
        );
    }

    #[test]
    fn a_first_picture_needs_no_answer() {
        let check = |variables: &[&str], address: &str, text: &str, expected: &str| {
            let variables: Vec<Variable> = variables.iter().map(|text| variable(text)).collect();
            let wanted = Wanted { asked: asked(&variables, address), range: None, now: Millis(0) };
            assert_eq!(without_asking(&variables, wanted).scope.interpolate(text, "raw"), expected, "{address}");
        };
        let variables = ["job = jobs | saved:node", "env | custom:prod,test", "pod = pods $job"];
        check(&variables, "", "$job $env $pod.", "node prod .");
        check(&variables, "job=x&env=test&pod=p", "$job $env $pod", "x test p");
        check(&["a = $b | saved:x", "b = $a | saved:y"], "", "$a $b", "x y");
    }

    #[test]
    fn several_and_filters_come_of_it() {
        let mut variables = ["v = q | multi all", "one = q"].map(variable).to_vec();
        let filters = vec![Filter::from_url("job|=|$one").unwrap()];
        variables.insert(0, Variable::new("f", VariableKind::AdHoc { datasource: SourceRef::Default, filters }));
        let wanted = Wanted { asked: Vec::new(), range: None, now: Millis(0) };
        let mut resolution = Resolution::new(&variables, wanted, None);
        for index in resolution.questions() {
            resolution.answer(index, offered(&variables[index], &Scope::default(), &["q: a b"]));
        }
        let Outcome { scope, chosen, filters, .. } = resolution.finish();
        assert_eq!(chosen, [("v".to_owned(), vec![VariableOption::plain("a"), VariableOption::plain("b")])]);
        assert_eq!(filters[0].1[0].values, ["a"]);
        assert_eq!(scope.get("f"), Some(&Value::Verbatim("job=\"$one\"".into())));
        assert_eq!(scope.text("$v"), "All");
    }

    #[test]
    fn options_are_asked_over_a_range_that_there_is() {
        let check = |refresh: Refresh, range: Option<(i64, i64)>, expected: (i64, i64)| {
            let mut variable = variable("v = q");
            if let VariableKind::Query { refresh: own, .. } = &mut variable.kind {
                *own = refresh;
            }
            let range = range.map(|(start, end)| TimeRange::new(start, end));
            let expected = TimeRange::new(expected.0, expected.1);
            let wanted = Wanted { asked: Vec::new(), range, now: Millis(7 * HOUR) };
            assert_eq!(wanted.range_of(&variable), expected, "{refresh:?} {range:?}");
        };
        check(Refresh::OnTimeRange, Some((5, 9)), (5, 9));
        check(Refresh::OnTimeRange, None, (HOUR, 7 * HOUR));
        check(Refresh::OnLoad, Some((5, 9)), (HOUR, 7 * HOUR));
        check(Refresh::Never, None, (HOUR, 7 * HOUR));
    }

    #[test]
    fn the_range_that_is_followed_stays_for_a_minute() {
        let mut followed = FollowedRange::default();
        let mut check = |raw: (&str, &str), now: Option<i64>, expected: Option<i64>| {
            let hour_to = |end| TimeRange::new(end - HOUR, end);
            let update = followed.update(&RawRange::new(raw.0, raw.1), now.map(hour_to));
            assert_eq!(update, expected.map(hour_to), "{raw:?} {now:?}");
            let is_behind = |millis| followed.is_behind(hour_to(expected.unwrap_or(0) + millis));
            assert_eq!([is_behind(0), is_behind(MINUTE - 1), is_behind(MINUTE)], [false, false, expected.is_some()]);
        };
        check(("now-1h", "now"), Some(0), Some(0));
        check(("now-1h", "now"), Some(MINUTE - 1), Some(0));
        check(("now-1h", "now"), Some(MINUTE), Some(MINUTE));
        // A clock that was set right.
        check(("now-1h", "now"), Some(-MINUTE), Some(-MINUTE));
        check(("now-60m", "now"), Some(1), Some(1));
        // A range that ends before it starts is none, and never moves.
        check(("now", "now-1h"), None, None);
        check(("now-60m", "now"), Some(2), Some(2));
    }
}
