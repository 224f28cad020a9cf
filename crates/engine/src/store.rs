//! Answers as panels keep them: full resolution, named, with their calcs.

use crate::answer::Answered;
use crate::plan::{Key, QueryPlan, When};
use crate::shape::{Answers, Around, Shaped, Shaper};
use crate::{CalcsOf, Data, Finer, PanelSpec, QueryData, SeriesHead, course, legend};
use frame::calcs::Calc;
use frame::{Column, Frame, GAP, Grid, Labels, Step, TimeRange, Times};
use promapi::{Notices, Truncated};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::Arc;

/// Where a series is among the frames of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    frame: usize,
    field: usize,
}

impl Slot {
    /// The number fields of `frames`.
    fn all(frames: &[Frame]) -> impl Iterator<Item = (Self, &Labels)> {
        frames.iter().enumerate().flat_map(|(frame, content)| {
            let fields = content.fields.iter().enumerate();
            fields.filter_map(move |(field, content)| match content.column {
                Column::Number(_) => Some((Self { frame, field }, &content.labels)),
                _ => None,
            })
        })
    }

    fn read(self, frames: &[Frame]) -> Option<(&Times, &[f64])> {
        let frame = frames.get(self.frame)?;
        match &frame.fields.get(self.field)?.column {
            Column::Number(values) => Some((frame.times()?, values)),
            _ => None,
        }
    }
}

/// Where the points of a series are. A series that comes and goes between two coarse points is in the finer answer only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Track {
    query: usize,
    coarse: Option<Slot>,
    finer: Option<Slot>,
}

impl Track {
    /// Whether the finer answer has it, and the coarse one does not.
    fn is_new(&self) -> bool {
        self.coarse.is_none() && self.finer.is_some()
    }
}

impl Data {
    /// The answers to all of a panel's queries.
    pub(crate) fn new(
        spec: &PanelSpec,
        range: TimeRange,
        generation: u64,
        answers: Vec<(QueryPlan, Arc<Answered>)>,
        shaper: Option<(Shaper, Around<'_>)>,
    ) -> Self {
        let queries: Vec<QueryData> =
            answers.into_iter().map(|(plan, answer)| QueryData::new(spec, plan, answer)).collect();
        let answers = || queries.iter().map(|query| &*query.answer);
        let steps = queries.iter().filter_map(|query| query.key.grid()).map(|grid| grid.step);
        let shaped = shaper.map(|(shape, around)| shape(&Answers { spec, queries: &queries, range, around }));
        let mut data = Self {
            range,
            step: steps.min().unwrap_or_else(|| Step::at_least_one(range.millis())),
            // Of no answer none is old.
            came_at: answers().map(|answer| answer.came_at).min().unwrap_or(range.end),
            notices: merge_notices(answers()),
            failures: Vec::new(),
            truncated: merge_truncated(answers()),
            samples: answers().map(|answer| answer.samples).sum(),
            bytes: answers().map(|answer| answer.bytes).sum(),
            finer: None,
            series: Vec::new(),
            tracks: Vec::new(),
            shaped: None,
            drawn: Vec::new(),
            generation,
            queries,
        };
        let calcs = if shaped.is_some() { &[][..] } else { &spec.calcs };
        if shaped.is_none() || spec.keeps_points() {
            let namer = Namer { only_label: only_label(&data.queries), calcs, of: spec.calcs_of };
            (0..data.queries.len()).for_each(|index| data.add_series(index, &namer));
        }
        if let Some(shaped) = shaped {
            data.take_shaped(shaped, spec.keeps_points());
        }
        data.count_places(|_| 0);
        data.draw(spec);
        data
    }

    /// Shows what shaping made of the answers: its series, or what it tells of those that stay the points they are, which come
    /// in the same order.
    fn take_shaped(&mut self, shaped: Shaped, keeps_points: bool) {
        self.notices.warnings.extend(shaped.problems.iter().cloned());
        if !keeps_points {
            self.series = shaped.series.iter().map(|series| series.head.clone()).collect();
            self.shaped = Some(shaped);
            return;
        }
        let with_points = self.series.iter_mut().zip(&self.tracks).filter(|(_, track)| track.coarse.is_some());
        for ((head, _), told) in with_points.zip(shaped.series) {
            *head = told.head;
        }
    }

    /// Makes what is drawn of each series.
    fn draw(&mut self, spec: &PanelSpec) {
        let mut notices = Notices::default();
        self.drawn = course::drawn(self, spec, &mut notices.warnings);
        self.notices.add(&notices);
    }

    /// Gives every series its place, where `awaited` says how many are to come of the queries before one.
    pub(crate) fn count_places(&mut self, awaited: impl Fn(u32) -> u32) {
        for (place, head) in (0..).zip(&mut self.series) {
            head.place = awaited(head.query).saturating_add(place);
        }
    }

    /// The same with a finer answer to every query, in the same order. `shaper` is for panels with a shaping that keeps
    /// points.
    pub(crate) fn with_finer(
        &self,
        spec: &PanelSpec,
        step: Step,
        answers: Vec<(QueryPlan, Arc<Answered>)>,
        shaper: Option<(Shaper, Around<'_>)>,
    ) -> Self {
        let mut data = self.clone();
        let queries: Vec<QueryData> =
            answers.into_iter().map(|(plan, answer)| QueryData::new(spec, plan, answer)).collect();
        let namer = Namer { only_label: only_label(&queries), calcs: &spec.calcs, of: spec.calcs_of };
        for (index, query) in queries.iter().enumerate() {
            data.samples += query.answer.samples;
            data.bytes += query.answer.bytes;
            data.add_finer(index, &query.frames, &namer);
        }
        let has_new = data.tracks.iter().any(Track::is_new);
        if let Some((shape, around)) = shaper.filter(|_| has_new) {
            let shaped = shape(&Answers { spec, queries: &queries, range: data.range, around });
            data.tell_new(&queries, shaped);
        }
        data.finer = Some(Finer { step, queries });
        data.count_places(|_| 0);
        data.draw(spec);
        data
    }

    fn add_series(&mut self, index: usize, namer: &Namer<'_>) {
        let Some(query) = self.queries.get(index) else { return };
        for (slot, labels) in Slot::all(&query.frames) {
            let values = slot.read(&query.frames).map_or(&[][..], |(_, values)| values);
            self.series.push(namer.head(query, labels, values));
            self.tracks.push(Track { query: index, coarse: Some(slot), finer: None });
        }
        for text in query.frames.iter().flat_map(texts) {
            let calcs = vec![GAP; namer.calcs.len()];
            let head = SeriesHead { name: text.to_string(), calcs, query: query.place, ..SeriesHead::default() };
            self.series.push(head);
            self.tracks.push(Track { query: index, coarse: None, finer: None });
        }
    }

    /// Finds the finer points of each series by its labels, and appends the series that are new. Label sets may repeat
    /// behind proxies; then they match in order.
    fn add_finer(&mut self, index: usize, frames: &[Frame], namer: &Namer<'_>) {
        let Some(query) = self.queries.get(index) else { return };
        let mut unmatched: FxHashMap<&Labels, VecDeque<Slot>> = FxHashMap::default();
        for (slot, labels) in Slot::all(frames) {
            unmatched.entry(labels).or_default().push_back(slot);
        }
        for (track, head) in self.tracks.iter_mut().zip(&self.series).filter(|(track, _)| track.query == index) {
            track.finer = unmatched.get_mut(&head.labels).and_then(VecDeque::pop_front);
        }
        for (slot, labels) in Slot::all(frames) {
            if unmatched.get(labels).is_some_and(|slots| slots.contains(&slot)) {
                // It has no point on Grafana's grid, so there is nothing to calculate.
                self.series.push(namer.head(query, labels, &[]));
                self.tracks.push(Track { query: index, coarse: None, finer: Some(slot) });
            }
        }
    }

    /// Says of the series that only the finer answers have what shaping tells of them. Both are in the answers' order.
    fn tell_new(&mut self, queries: &[QueryData], shaped: Shaped) {
        let mut new = self.tracks.iter().zip(&mut self.series).filter(|(track, _)| track.is_new()).peekable();
        let slots = queries.iter().enumerate().flat_map(|(query, of)| {
            Slot::all(&of.frames).map(move |(slot, _)| Track { query, coarse: None, finer: Some(slot) })
        });
        for (slot, told) in slots.zip(shaped.series) {
            if let Some((_, head)) = new.next_if(|(track, _)| **track == slot) {
                (head.name, head.field) = (told.head.name, told.head.field);
            }
        }
    }

    /// Time and values of series `index` at the finest resolution there is.
    pub(crate) fn points(&self, index: usize) -> Option<(&Times, &[f64])> {
        if let Some(shaped) = &self.shaped {
            return shaped.series.get(index).map(|series| (&series.times, series.values.as_slice()));
        }
        let track = self.tracks.get(index)?;
        let finer = || track.finer?.read(&self.finer.as_ref()?.queries.get(track.query)?.frames);
        finer().or_else(|| track.coarse?.read(&self.queries.get(track.query)?.frames))
    }

    /// As [`Data::points`], but as it is drawn: turned around, or where its band ends in a stack.
    pub(crate) fn drawn(&self, index: usize) -> Option<(&Times, &[f64])> {
        let (times, values) = self.points(index)?;
        Some((times, self.drawn.get(index).and_then(|drawn| drawn.values.as_deref()).unwrap_or(values)))
    }

    /// Whether this is `earlier` a little later: the same queries over a range that moved on, as at a refresh.
    pub(crate) fn continues(&self, earlier: &Self) -> bool {
        let (exprs, earlier_exprs) = (self.queries.iter(), earlier.queries.iter());
        earlier.goes_on_to(self.range) && exprs.map(|query| &query.expr).eq(earlier_exprs.map(|query| &query.expr))
    }

    /// Whether `range` is this one's a little later.
    pub(crate) fn goes_on_to(&self, range: TimeRange) -> bool {
        range.millis() == self.range.millis() && range.end.since(self.range.end).abs() < range.millis() / 2
    }

    /// What is there of the same query, over whichever instants.
    pub(crate) fn query_like(&self, plan: &QueryPlan) -> Option<&QueryData> {
        let is_it = |query: &&QueryData| {
            query.ref_id == plan.ref_id && query.expr == plan.key.expr && query.key.source == plan.key.source
        };
        self.queries.iter().find(is_it)
    }

    fn all_queries(&self) -> impl Iterator<Item = &QueryData> {
        self.queries.iter().chain(self.finer.iter().flat_map(|finer| &finer.queries))
    }

    /// What is answered here.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.all_queries().map(|query| &query.key)
    }

    /// The answer to `key`, if it is among these.
    pub(crate) fn answer_to(&self, key: &Key) -> Option<&Arc<Answered>> {
        self.all_queries().find(|query| query.key == *key).map(|query| &query.answer)
    }

    /// All answers, finer ones included.
    pub(crate) fn answers(&self) -> impl Iterator<Item = &Arc<Answered>> {
        self.all_queries().map(|query| &query.answer)
    }
}

/// The label that is the only one of all these answers' series, if there is one.
fn only_label(queries: &[QueryData]) -> Option<Arc<str>> {
    let series = queries.iter().flat_map(|query| Slot::all(&query.frames).map(|(_, labels)| labels));
    Labels::only_name(series).map(Arc::from)
}

/// Makes the heads of series.
struct Namer<'a> {
    only_label: Option<Arc<str>>,
    calcs: &'a [Calc],
    of: CalcsOf,
}

impl Namer<'_> {
    fn head(&self, query: &QueryData, labels: &Labels, values: &[f64]) -> SeriesHead {
        SeriesHead {
            name: legend::name(&query.legend, labels, self.only_label.as_deref(), &query.expr),
            labels: labels.clone(),
            calcs: self.of.told(self.calcs, values),
            query: query.place,
            place: 0,
            field: None,
        }
    }
}

impl QueryData {
    fn new(spec: &PanelSpec, plan: QueryPlan, answer: Arc<Answered>) -> Self {
        Self {
            place: spec.place_of(&plan.ref_id),
            ref_id: plan.ref_id,
            expr: plan.key.expr.clone(),
            legend: plan.legend,
            frames: answer.frames.clone(),
            key: plan.key,
            answer,
        }
    }

    /// The same query over another grid.
    pub(crate) fn plan(&self, grid: Grid) -> QueryPlan {
        QueryPlan { key: Key { when: When::Over(grid), ..self.key.clone() }, ..self.asked() }
    }

    /// The query as it was asked.
    pub(crate) fn asked(&self) -> QueryPlan {
        QueryPlan { ref_id: self.ref_id.clone(), legend: self.legend.clone(), key: self.key.clone() }
    }
}

fn texts(frame: &Frame) -> impl Iterator<Item = &Arc<str>> {
    frame.fields.iter().flat_map(|field| match &field.column {
        Column::Text(texts) => texts.as_slice(),
        _ => &[],
    })
}

fn merge_notices<'a>(answers: impl Iterator<Item = &'a Answered>) -> Notices {
    let mut merged = Notices::default();
    let mut histograms = 0;
    for answer in answers {
        merged.add(&answer.notices);
        let fields = answer.frames.iter().flat_map(|frame| &frame.fields);
        histograms += fields.filter(|field| matches!(field.column, Column::Histogram(_))).count();
    }
    if histograms > 0 {
        merged.infos.push(format!(
            "{histograms} native histogram series cannot be drawn as lines; use histogram_quantile, histogram_avg or histogram_count on them"
        ));
    }
    merged
}

fn merge_truncated<'a>(answers: impl Iterator<Item = &'a Answered>) -> Option<Truncated> {
    let cut = answers.filter_map(|answer| answer.truncated);
    cut.reduce(|a, b| Truncated { shown: a.shown.saturating_add(b.shown), seen: a.seen.saturating_add(b.seen) })
}
