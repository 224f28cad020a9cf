//! What a panel shows while some of its queries are answered and others are not.

use crate::Data;
use crate::answer::Answered;
use crate::panel::{Panel, Progress, Round, Work};
use crate::plan::QueryPlan;
use std::sync::Arc;

impl Panel {
    /// The answers that are there, and beside them what was shown of the queries that have none yet, where those ask the
    /// same as before. None where the panel is better left as it is: finer data give way to finer data only, lest peaks
    /// go and come back at each refresh.
    pub fn part(&self) -> Option<Data> {
        let Work::Coarse(round) = &self.work else { return None };
        let shown = self.state.data();
        let loses_peaks = shown.is_some_and(|shown| shown.finer.is_some() && shown.goes_on_to(round.range));
        let is_answered = |progress: &Progress| matches!(progress, Progress::Answered(_));
        let has_answer = round.queries.iter().any(|(_, progress)| is_answered(progress));
        if !self.spec.piecewise
            || self.spec.course.stack.is_some()
            || self.spec.shaping.is_some()
            || loses_peaks
            || !has_answer
        {
            return None;
        }
        let answers = round.queries.iter().filter_map(|(plan, progress)| so_far(plan, progress, shown)).collect();
        let mut data = Data::new(&self.spec, round.range, round.generation, answers, None);
        round.tell(&mut data);
        let awaited = self.awaited(round, shown);
        data.count_places(|query| awaited.iter().filter(|(place, _)| *place < query).map(|(_, count)| count).sum());
        (!data.series.is_empty()).then_some(data)
    }

    /// The queries of which nothing is shown yet, by their places, and how many series they had when they were answered
    /// last; one, for all that is known, where they never were.
    fn awaited(&self, round: &Round, shown: Option<&Arc<Data>>) -> Vec<(u32, u32)> {
        let queries = round.queries.iter();
        let nothing_yet = queries.filter(|(plan, progress)| {
            matches!(progress, Progress::Asked(_)) && so_far(plan, progress, shown).is_none()
        });
        let counted = nothing_yet.map(|(plan, _)| {
            let place = self.spec.place_of(&plan.ref_id);
            let before = shown.map_or(0, |shown| shown.series.iter().filter(|head| head.query == place).count());
            (place, u32::try_from(before).unwrap_or(u32::MAX).max(1))
        });
        counted.collect()
    }
}

/// What there is of a query: its answer, or while that is awaited the one before.
fn so_far(plan: &QueryPlan, progress: &Progress, shown: Option<&Arc<Data>>) -> Option<(QueryPlan, Arc<Answered>)> {
    match progress {
        Progress::Answered(answer) => Some((plan.clone(), answer.clone())),
        Progress::Failed(_) => None,
        Progress::Asked(_) => {
            let before = shown?.query_like(plan)?;
            Some((before.asked(), before.answer.clone()))
        }
    }
}
