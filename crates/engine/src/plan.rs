//! From what is wanted to what is asked: steps, aligned times, variables put in.
//!
//! The rules are those of Grafana's Prometheus data source, so that a dashboard shows the same numbers here as there.

use crate::{AddFilters, PanelId, PanelSpec, QuerySource, QuerySpec, Settings, Shape, SourceFilters, SourceSettings};
use dashboard::interpolate::{Scope, Value};
use dashboard::interval::{calculate_interval, parse_interval, promql_duration, range_step, rate_interval};
use dashboard::variables::put_range_built_ins;
use frame::{Grid, Millis, Step, TimeRange};
use promapi::{Expect, Request};
use promql::rewrite::TooDeep;

/// Prometheus refuses a range query with more points than this per series.
pub(crate) const MAX_POINTS: i64 = 11_000;
const SECOND_MILLIS: i64 = 1_000;
const DAY_MILLIS: i64 = 24 * 3_600_000;

/// Names what is asked of whom: queries with equal keys have equal answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub source: String,
    pub expr: String,
    pub when: When,
}

/// The instants a query is evaluated at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Over(Grid),
    At(Millis),
}

impl Key {
    /// The same for equal keys, and as good as never for others.
    pub fn fingerprint(&self) -> u64 {
        let [a, b, c] = match self.when {
            When::Over(grid) => [grid.start.0, grid.step.millis(), i64::from(grid.len)],
            When::At(at) => [at.0, 0, 0],
        };
        let numbers = [a, b, c].map(i64::to_le_bytes);
        let ends = numbers.into_iter().flatten();
        frame::hash(self.source.bytes().chain([0xff]).chain(self.expr.bytes()).chain(ends))
    }

    pub fn request(&self, timeout_secs: u32) -> Request {
        match self.when {
            When::Over(grid) => Request::query_range(&self.expr, grid, timeout_secs),
            When::At(at) => Request::query(&self.expr, at, timeout_secs),
        }
    }

    pub fn expect(&self) -> Expect {
        match self.when {
            When::Over(grid) => Expect::Grid(grid),
            When::At(_) => Expect::Any,
        }
    }

    pub fn grid(&self) -> Option<Grid> {
        match self.when {
            When::Over(grid) => Some(grid),
            When::At(_) => None,
        }
    }
}

/// One query of a panel, ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QueryPlan {
    pub ref_id: String,
    pub legend: String,
    pub key: Key,
}

/// A panel's queries as they are sent, and what keeps the others from being sent.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    pub asked: Vec<QueryPlan>,
    /// One line each.
    pub refused: Vec<String>,
}

/// What all queries of a view are planned with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub range: TimeRange,
    /// Milliseconds to add to UTC to get the dashboard's wall clock.
    pub zone_offset_millis: i64,
    /// Variables; the built-in ones are added per query.
    pub scope: &'a Scope,
    /// What ad hoc variables add to the queries of each data source.
    pub filters: &'a [SourceFilters],
    /// What adds them.
    pub add_filters: Option<AddFilters>,
    pub settings: &'a Settings,
}

/// A panel that asks, and its width in CSS pixels.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub spec: &'a PanelSpec,
    pub css_px: u32,
}

/// Plans the panel's queries, those with an empty expression left out. `find` tells the panels of the view.
pub(crate) fn plan<'a>(panel: Asker<'a>, find: impl Fn(&PanelId) -> Option<Asker<'a>>, context: &Context<'_>) -> Plans {
    let mut plans = Plans::default();
    for query in &panel.spec.queries {
        match &query.source {
            QuerySource::Panel(id) => match find(id) {
                Some(other) => plans.share(query, other, context),
                None => plans.refuse(query, "shows a panel that is not on this dashboard"),
            },
            _ => plans.add(panel, query, context),
        }
    }
    plans
}

impl Plans {
    fn add(&mut self, panel: Asker<'_>, query: &QuerySpec, context: &Context<'_>) {
        let source = match &query.source {
            QuerySource::OfPanel => &panel.spec.source,
            QuerySource::Uid(uid) => uid,
            QuerySource::Panel(_) => return self.refuse(query, "shows a panel that itself shows another one"),
            QuerySource::Nobody(reason) => return self.refuse(query, reason),
        };
        if !query.expr.trim().is_empty() {
            match plan_query(panel, query, source, context) {
                Ok(plan) => self.asked.push(plan),
                // Without the filters it would show something else than the page says.
                Err(error) => self.refuse(query, &error.to_string()),
            }
        }
    }

    /// What another panel asks, as it asks it: at its width, so that there is one answer to both.
    fn share(&mut self, query: &QuerySpec, other: Asker<'_>, context: &Context<'_>) {
        if other.spec.queries.is_empty() {
            self.refuse(query, "shows a panel that asks nothing");
        }
        other.spec.queries.iter().for_each(|shared| self.add(other, shared, context));
    }

    fn refuse(&mut self, query: &QuerySpec, reason: &str) {
        self.refused.push(format!("{}: {reason}", query.ref_id));
    }
}

fn plan_query(panel: Asker<'_>, query: &QuerySpec, source: &str, context: &Context<'_>) -> Result<QueryPlan, TooDeep> {
    let scope = context.scope.with(&panel.spec.local);
    let context = &Context { scope: &scope, ..*context };
    let intervals = Intervals::new(panel, query, context.settings.source(source), context);
    let scope = with_built_ins(context.scope, context.range, intervals);
    let when = match panel.spec.shape == Shape::Instant || query.instant {
        true => When::At(context.range.end),
        false => When::Over(aligned_grid(context.range, intervals.step, context.zone_offset_millis)),
    };
    let expr = filtered(scope.promql(query.expr.trim()), source, context)?;
    // As in Grafana, variables may stand in the values of variables and of filters.
    let expr = scope.promql(&expr);
    let key = Key { source: source.to_owned(), expr, when };
    Ok(QueryPlan { ref_id: query.ref_id.clone(), legend: scope.interpolate(&query.legend, "glob"), key })
}

/// The query with what ad hoc variables add to it.
fn filtered(expr: String, source: &str, context: &Context<'_>) -> Result<String, TooDeep> {
    let filters = context.filters.iter().find(|filters| filters.source == source);
    match (filters, context.add_filters) {
        (Some(SourceFilters { filters, .. }), Some(add_filters)) => add_filters(&expr, filters),
        _ => Ok(expr),
    }
}

/// The intervals of one query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Intervals {
    /// The distance between the points asked for, and `$__interval`.
    step: Step,
    /// `$__rate_interval`, in milliseconds.
    rate: i64,
}

impl Intervals {
    fn new(panel: Asker<'_>, query: &QuerySpec, source: SourceSettings, context: &Context<'_>) -> Self {
        let Asker { spec, css_px } = panel;
        let range = context.range.millis();
        let points = spec.max_data_points.unwrap_or(css_px);
        let scrape = source.scrape_interval_millis.max(1);
        let panel_smallest = spec.min_interval.as_deref().and_then(|text| read_interval(text, context.scope));
        let panel = calculate_interval(range, f64::from(points), Some(panel_smallest.unwrap_or(scrape)));
        let asked = query.interval.as_deref().unwrap_or_default().trim();
        // Grafana takes these two for "not set", and the second for the step itself.
        let is_interval = matches!(asked, "$__interval" | "${__interval}");
        let is_rate = matches!(asked, "$__rate_interval" | "${__rate_interval}");
        let smallest = if is_interval || is_rate { None } else { read_interval(asked, context.scope) };

        let step = within_limit(range, calculate_interval(range, f64::from(points), Some(smallest.unwrap_or(panel))));
        if is_rate {
            let rate = rate_interval(step, scrape);
            return Self { step: Step::at_least_one(rate), rate };
        }
        let step = step.saturating_mul(i64::from(query.interval_factor.max(1)));
        let scrape = smallest.unwrap_or(if is_interval { step } else { scrape });
        Self { step: Step::at_least_one(step), rate: rate_interval(panel, scrape) }
    }
}

/// A step that keeps the range within the server's limit. Grafana's own rule rounds, at times below that limit; then a
/// whole second above it serves.
fn within_limit(range_millis: i64, interval_millis: i64) -> i64 {
    let step = range_step(range_millis, interval_millis);
    match range_millis > step.saturating_mul(MAX_POINTS) {
        true => (range_millis / MAX_POINTS / SECOND_MILLIS + 1) * SECOND_MILLIS,
        false => step,
    }
}

/// A smallest interval as users write it: `30s`, `>30s`, `$interval`. None where it is empty or no duration.
fn read_interval(text: &str, scope: &Scope) -> Option<i64> {
    let text = scope.text(text);
    parse_interval(text.trim().trim_start_matches('>')).filter(|millis| *millis > 0)
}

/// The instants of `range` at whole steps since the epoch; steps of a day and more begin at the dashboard's midnight.
fn aligned_grid(range: TimeRange, step: Step, zone_offset_millis: i64) -> Grid {
    let offset = if step.millis() >= DAY_MILLIS { zone_offset_millis } else { 0 };
    let align = |at: Millis| at.plus(-at.plus(offset).0.rem_euclid(step.millis()));
    Grid::covering(TimeRange { start: align(range.start), end: align(range.end) }, step)
}

fn with_built_ins(scope: &Scope, range: TimeRange, intervals: Intervals) -> Scope {
    let mut scope = scope.clone();
    put_range_built_ins(&mut scope, range);
    for (name, value) in [
        ("__interval", promql_duration(intervals.step.millis())),
        ("__interval_ms", intervals.step.millis().to_string()),
        ("__rate_interval", promql_duration(intervals.rate)),
        ("__rate_interval_ms", intervals.rate.to_string()),
    ] {
        scope.set(name, Value::One(value));
    }
    scope
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn spec(min_interval: Option<&str>, query_interval: Option<&str>) -> PanelSpec {
        let query = QuerySpec {
            expr: "$__interval $__rate_interval".into(),
            interval: query_interval.map(str::to_owned),
            ..QuerySpec::default()
        };
        PanelSpec { queries: vec![query], min_interval: min_interval.map(str::to_owned), ..PanelSpec::default() }
    }

    /// Over the last `hours`, 1,000 pixels wide, scraped every 15 seconds: the step, and what the two variables become.
    fn check(hours: i64, min_interval: Option<&str>, query_interval: Option<&str>, expected: (i64, &str)) {
        check_spec(hours, &spec(min_interval, query_interval), expected);
    }

    fn check_spec(hours: i64, spec: &PanelSpec, expected: (i64, &str)) {
        let mut scope = Scope::default();
        scope.set("iv", Value::One("5m".into()));
        let range = TimeRange::new(0, hours * HOUR);
        let settings = Settings::default();
        let context = Context {
            range,
            zone_offset_millis: 0,
            scope: &scope,
            filters: &[],
            add_filters: None,
            settings: &settings,
        };
        let plans = plan(Asker { spec, css_px: 1000 }, |_| None, &context).asked;
        let step_secs = plans[0].key.grid().unwrap().step.millis() / SECOND_MILLIS;
        assert_eq!((step_secs, &*plans[0].key.expr), expected, "{hours} h, {spec:?}");
    }

    #[test]
    fn fingerprints_tell_keys_apart() {
        let grid = |len| When::Over(Grid { start: Millis(0), step: Step::at_least_one(1), len });
        let keys = [
            ("a", "b", grid(1)),
            ("a", "b", grid(2)),
            ("ab", "", grid(1)),
            ("", "ab", grid(1)),
            ("a", "b", When::At(Millis(0))),
            ("a", "b", When::At(Millis(1))),
        ];
        let marks =
            keys.map(|(source, expr, when)| Key { source: source.into(), expr: expr.into(), when }.fingerprint());
        assert_eq!(marks.into_iter().collect::<std::collections::BTreeSet<_>>().len(), keys.len());
    }

    #[test]
    fn steps_and_intervals_are_grafanas() {
        check(1, None, None, (15, "15s 1m"));
        check(6, None, None, (20, "20s 1m"));
        check(24, None, None, (60, "1m 1m15s"));
        check(24 * 7, None, None, (600, "10m 10m15s"));
        check(1, Some("30s"), None, (30, "30s 1m"));
        check(1, Some(">2m"), None, (120, "2m 2m15s"));
        check(1, Some("$iv"), None, (300, "5m 5m15s"));
        check(1, Some("nonsense"), None, (15, "15s 1m"));
        check(1, None, Some("1m"), (60, "1m 4m"));
        check(1, Some("5m"), Some("1m"), (60, "1m 6m"));
        check(1, None, Some("$iv"), (300, "5m 20m"));
        check(1, None, Some("$__interval"), (15, "15s 1m"));
        check(1, None, Some("$__rate_interval"), (60, "1m 1m"));
        check(24, None, Some("${__rate_interval}"), (75, "1m15s 1m15s"));
    }

    #[test]
    fn a_step_may_be_several_times_as_long() {
        let check = |interval: Option<&str>, factor: u32, expected: (i64, &str)| {
            let mut spec = spec(None, interval);
            spec.queries[0].interval_factor = factor;
            check_spec(6, &spec, expected);
        };
        check(None, 0, (20, "20s 1m"));
        check(None, 1, (20, "20s 1m"));
        check(None, 2, (40, "40s 1m"));
        check(Some("1m"), 3, (180, "3m 4m"));
        check(Some("$__interval"), 2, (40, "40s 2m40s"));
        check(Some("$__rate_interval"), 2, (60, "1m 1m"));
    }

    #[test]
    fn a_copy_has_values_of_its_own_and_filters_are_added() {
        let mut scope = Scope::default();
        scope.set("job", Value::Many(["a".into(), "b".into()].into()));
        let mut spec = spec(None, None);
        spec.queries[0].expr = "up{job=~'$job'}".into();
        spec.local.set("job", Value::Many(["b".into()].into()));
        let filter = dashboard::adhoc::Filter::from_url("env|=|x").unwrap();
        let filters =
            ["", "other"].map(|source| SourceFilters { source: source.into(), filters: vec![filter.clone()] });
        let range = TimeRange::new(0, HOUR);
        let settings = Settings::default();
        let add_filters = Some(crate::add_filters as AddFilters);
        let context = Context {
            range,
            zone_offset_millis: 0,
            scope: &scope,
            filters: &filters,
            add_filters,
            settings: &settings,
        };
        let planned = |spec: &PanelSpec| plan(Asker { spec, css_px: 1000 }, |_| None, &context);
        assert_eq!(planned(&spec).asked[0].key.expr, r#"up{job=~'b', env="x"}"#);
        spec.queries[0].expr = "(".repeat(100_000) + "up";
        let Plans { asked, refused } = planned(&spec);
        assert_eq!((asked.len(), refused.len()), (0, 1));
    }

    #[test]
    fn no_range_has_more_points_than_the_server_allows() {
        for millis in [0, 1, 11_000, 11_001, 130_000_000, 137_500_000, 40 * DAY_MILLIS, 36_500 * DAY_MILLIS, i64::MAX] {
            let step = Step::at_least_one(within_limit(millis, 1));
            for start in [0, 1, step.millis() - 1] {
                let grid = aligned_grid(TimeRange::new(start, start.saturating_add(millis)), step, 0);
                assert!(i64::from(grid.len) - 1 <= MAX_POINTS, "{millis}: {} points", grid.len);
            }
        }
    }

    #[test]
    fn grids_start_at_whole_steps() {
        for (step, offset, expected) in [
            (15_000, 0, 1_763_728_485_000),
            // A step below a day is aligned to UTC in every zone.
            (12 * HOUR, HOUR, 1_763_726_400_000),
            (24 * HOUR, 0, 1_763_683_200_000),
            (24 * HOUR, HOUR, 1_763_679_600_000),
            (24 * HOUR, -5 * HOUR, 1_763_701_200_000),
        ] {
            let at = Millis(1_763_728_496_789);
            let grid = aligned_grid(TimeRange { start: at, end: at.plus(step) }, Step::at_least_one(step), offset);
            assert_eq!((grid.start.0, grid.len), (expected, 2), "{step} ms at {offset} ms");
        }
    }
}
