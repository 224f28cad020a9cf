//! One panel: what it is in, and what is being done for it.

use crate::answer::Answered;
use crate::plan::QueryPlan;
use crate::present::SubjectNote;
use crate::retry::Backoff;
use crate::schedule::JobId;
use crate::shape::{Around, Shaper};
use crate::{Data, ErrorCard, PanelSpec, PanelState, Placement};
use frame::{Millis, SortedMap, Step, TimeRange};
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct Panel {
    pub spec: PanelSpec,
    pub placement: Placement,
    /// Whether it is off the screen, but so near that it soon may be on it.
    pub near: bool,
    pub state: PanelState,
    pub work: Work,
    /// How often queries have failed in a row, by their ref ids.
    backoffs: SortedMap<String, Backoff>,
    /// No finer answer is asked for before then.
    finer_at: Option<Millis>,
    /// What the picture that was given last was made of.
    pub pictured: Option<SubjectNote>,
    /// The queries that failed last, while others may have been answered.
    failures: Vec<Failure>,
}

/// After one that failed, a finer answer is asked for so much later: nobody needs it, and what the server will not give at
/// one refresh it hardly will at the next. Longer than any `Retry-After` that is heeded.
const FINER_AGAIN_MILLIS: i64 = 5 * 60_000;

/// What is being done for a panel.
#[derive(Debug)]
pub(crate) enum Work {
    /// Nothing: it has what it can have for now.
    Rest,
    /// Its queries are to be sent as soon as it is on the screen.
    Due,
    /// They are sent again at this time.
    Waiting(Millis),
    /// The answers to its queries are awaited.
    Coarse(Round),
    /// The answers are there; finer ones are awaited.
    Finer(Refinement),
}

/// Queries that belong together: the panel is ready when all of them are answered.
#[derive(Debug)]
pub(crate) struct Round {
    pub range: TimeRange,
    pub generation: u64,
    pub queries: Vec<(QueryPlan, Progress)>,
    /// What is to be said of the queries that cannot be sent.
    pub refused: Vec<String>,
}

/// The finer answer to what is answered already.
#[derive(Debug)]
pub(crate) struct Refinement {
    pub round: Round,
    pub step: Step,
    /// What is refined. Not shown yet where the panel shows finer data of the refresh before: else the peaks would go and
    /// come back at each.
    pub coarse: Arc<Data>,
}

#[derive(Debug)]
pub(crate) enum Progress {
    Asked(JobId),
    Answered(Arc<Answered>),
    Failed(Failure),
}

/// Why a query has no answer.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Who was asked, and what.
    pub source: String,
    pub expr: String,
    pub blame: Blame,
    pub error: ErrorCard,
    /// When it is asked again by itself, if it is.
    pub again: Option<Millis>,
}

/// What is to blame for a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blame {
    Query,
    /// The data source as a whole, whatever is asked.
    Source,
}

impl Round {
    /// The jobs that are not done yet.
    pub fn open_jobs(&self) -> impl Iterator<Item = JobId> {
        self.queries.iter().filter_map(|(_, progress)| match progress {
            Progress::Asked(job) => Some(*job),
            Progress::Answered(_) | Progress::Failed(_) => None,
        })
    }

    /// Notes the answer to a job; whether any of its queries was waiting for that.
    fn answer(&mut self, job: JobId, answer: &Arc<Answered>) -> bool {
        let mut was_waiting = false;
        for (_, progress) in &mut self.queries {
            if matches!(progress, Progress::Asked(asked) if *asked == job) {
                *progress = Progress::Answered(answer.clone());
                was_waiting = true;
            }
        }
        was_waiting
    }

    fn lose(&mut self, is_lost: impl Fn(JobId) -> bool, blame: Blame, error: &ErrorCard, again: Option<Millis>) {
        for (plan, progress) in &mut self.queries {
            if matches!(progress, Progress::Asked(asked) if is_lost(*asked)) {
                let (source, expr) = (plan.key.source.clone(), plan.key.expr.clone());
                *progress = Progress::Failed(Failure { source, expr, blame, error: error.clone(), again });
            }
        }
    }

    /// Whether none of its queries is answered, nor will be.
    fn has_failed(&self) -> bool {
        !self.queries.is_empty() && self.queries.iter().all(|(_, progress)| matches!(progress, Progress::Failed(_)))
    }

    fn failures(&self) -> impl Iterator<Item = (&QueryPlan, &Failure)> {
        self.queries.iter().filter_map(|(plan, progress)| match progress {
            Progress::Failed(failure) => Some((plan, failure)),
            Progress::Asked(_) | Progress::Answered(_) => None,
        })
    }

    /// Tells of the queries that have no answer.
    pub fn tell(&self, data: &mut Data) {
        data.notices.warnings.extend(self.refused.iter().cloned());
        data.failures = self.failures().map(|(plan, failure)| (plan.ref_id.clone(), failure.error.clone())).collect();
    }

    /// The queries that have an answer, with it, once nothing more is to come.
    fn answers(&self) -> Option<Vec<(QueryPlan, Arc<Answered>)>> {
        let mut answers = Vec::new();
        for (plan, progress) in &self.queries {
            match progress {
                Progress::Asked(_) => return None,
                Progress::Answered(answer) => answers.push((plan.clone(), answer.clone())),
                Progress::Failed(_) => {}
            }
        }
        Some(answers)
    }
}

impl Panel {
    pub fn new(spec: PanelSpec) -> Self {
        Self {
            spec,
            placement: Placement::default(),
            near: false,
            state: PanelState::Idle,
            work: Work::Due,
            backoffs: SortedMap::new(),
            finer_at: None,
            pictured: None,
            failures: Vec::new(),
        }
    }

    /// What is shown while something else is awaited.
    pub fn stale(&self) -> Option<Arc<Data>> {
        self.state.data().cloned()
    }

    /// Whether anybody may look at it soon.
    pub fn is_wanted(&self) -> bool {
        self.placement.visible || self.near
    }

    pub fn is_due(&self) -> bool {
        self.is_wanted() && matches!(self.work, Work::Due)
    }

    /// Whether it is at rest with answers that may be followed by finer ones.
    pub fn has_coarse_only(&self) -> bool {
        let is_coarse = matches!(&self.state, PanelState::Ready { data } if data.finer.is_none());
        is_coarse && matches!(self.work, Work::Rest)
    }

    /// Somebody looks again: what was given up for the time being is tried once more. Returns whether that is so.
    pub fn look_again(&mut self) -> bool {
        let given_up = self.has_given_up(|error| error.retryable);
        if given_up {
            self.work = Work::Due;
            self.failures.retain(|failure| !failure.error.retryable);
        }
        given_up
    }

    /// Whether something is not tried again by itself that might go well.
    fn has_given_up(&self, might: fn(&ErrorCard) -> bool) -> bool {
        let has_failed = matches!(&self.state, PanelState::Failed { error, .. } if might(error));
        matches!(self.work, Work::Rest) && (has_failed || self.failures.iter().any(|failure| might(&failure.error)))
    }

    /// Why a query is not asked now: it has failed, and its time has not come.
    pub fn failure_of(&self, plan: &QueryPlan, now: Millis) -> Option<&Failure> {
        let mut failures = self.failures.iter();
        let failure = failures.find(|known| known.source == plan.key.source && known.expr == plan.key.expr)?;
        failure.again.is_none_or(|at| now < at).then_some(failure)
    }

    /// The rounds' jobs that are not done yet.
    pub fn open_jobs(&self) -> impl Iterator<Item = JobId> {
        let round = match &self.work {
            Work::Coarse(round) => Some(round),
            Work::Finer(refinement) => Some(&refinement.round),
            Work::Rest | Work::Due | Work::Waiting(_) => None,
        };
        round.into_iter().flat_map(Round::open_jobs)
    }

    /// Whether what it has to show comes with the answer to `job`.
    pub fn needs(&self, job: JobId) -> bool {
        matches!(self.work, Work::Coarse(_)) && self.open_jobs().any(|open| open == job)
    }

    /// Whether a finer answer may be asked for.
    pub fn may_ask_finer(&self, now: Millis) -> bool {
        self.finer_at.is_none_or(|at| at <= now)
    }

    /// The finer answer that is awaited did not come, or takes too long; the next one is not asked for soon.
    pub fn do_without_finer(&mut self, now: Millis) {
        if self.give_up_finer() {
            self.finer_at = Some(now.plus(FINER_AGAIN_MILLIS));
        }
    }

    /// Shows the coarse answer, where a finer one is awaited; whether that was so.
    fn give_up_finer(&mut self) -> bool {
        let Work::Finer(refinement) = &self.work else { return false };
        let coarse = refinement.coarse.clone();
        self.show(coarse);
        true
    }

    /// The user wants it again: an error gives way to loading.
    pub fn ask_again(&mut self) {
        self.work = Work::Due;
        self.backoffs.clear();
        self.finer_at = None;
        self.failures.clear();
        if let PanelState::Failed { stale, .. } = &mut self.state {
            self.state = PanelState::Loading { stale: stale.take() };
        }
    }

    /// The refresh interval has passed. A panel whose answer is still on its way skips a turn, and one that failed
    /// follows its own time-table; returns whether it takes part.
    pub fn refresh(&mut self) -> bool {
        let given_up = self.has_given_up(ErrorCard::may_pass);
        let takes_part = match &self.work {
            Work::Rest => !matches!(self.state, PanelState::Failed { .. }) || given_up,
            Work::Finer(refinement) => {
                self.state = PanelState::Ready { data: refinement.coarse.clone() };
                true
            }
            Work::Due => true,
            // Some of its queries go well.
            Work::Waiting(_) => matches!(self.state, PanelState::Ready { .. }),
            Work::Coarse(_) => false,
        };
        if takes_part {
            if given_up {
                self.failures.retain(|failure| !failure.error.may_pass());
            }
            self.work = Work::Due;
        }
        takes_part
    }

    /// It left the screen before its turn came.
    pub fn give_way(&mut self) {
        self.work = Work::Due;
        if let PanelState::Loading { stale: None } = self.state {
            self.state = PanelState::Idle;
        }
    }

    /// Its queries were sent. An error stays in view until the answer to a retry is there.
    pub fn start(&mut self, round: Round) {
        self.state = match std::mem::take(&mut self.state) {
            PanelState::Failed { error, stale, .. } => PanelState::Failed { error, stale, retry_at: None },
            other => PanelState::Loading { stale: other.data().cloned() },
        };
        self.failures = round.failures().map(|(_, failure)| failure.clone()).collect();
        self.work = Work::Coarse(round);
    }

    /// Notes the answer to a job; whether it was waiting for that.
    pub fn answer(&mut self, job: JobId, answer: &Arc<Answered>) -> bool {
        match &mut self.work {
            Work::Coarse(round) => round.answer(job, answer),
            Work::Finer(refinement) => refinement.round.answer(job, answer),
            Work::Rest | Work::Due | Work::Waiting(_) => false,
        }
    }

    /// What all answers together make, once they are there; `shaper` shapes those of a panel that has to be.
    pub fn result(&self, shaper: Option<(Shaper, Around<'_>)>) -> Option<Data> {
        match &self.work {
            Work::Coarse(round) => {
                let mut data = Data::new(&self.spec, round.range, round.generation, round.answers()?, shaper);
                round.tell(&mut data);
                Some(data)
            }
            Work::Finer(Refinement { round, step, coarse }) => {
                let answers = round.answers()?;
                // Half of a finer answer is worse than all of the coarse one.
                Some(match answers.iter().any(|(_, answer)| answer.truncated.is_some()) {
                    true => Data::clone(coarse),
                    false => coarse.with_finer(&self.spec, *step, answers, shaper),
                })
            }
            Work::Rest | Work::Due | Work::Waiting(_) => None,
        }
    }

    /// Shows what has come until now, while more is awaited.
    pub fn show_part(&mut self, data: Arc<Data>) {
        self.state = PanelState::Loading { stale: Some(data) };
    }

    pub fn show(&mut self, data: Arc<Data>) {
        for query in &data.queries {
            self.backoffs.remove(&query.ref_id);
        }
        self.state = PanelState::Ready { data };
        let again = self.failures.iter().filter_map(|failure| failure.again).min();
        self.work = again.map_or(Work::Rest, Work::Waiting);
    }

    /// How often what asks for `job` has failed in a row; none where the panel can do without it.
    pub fn backoff_of(&mut self, job: JobId) -> Option<&mut Backoff> {
        let Work::Coarse(round) = &self.work else { return None };
        let asks = |progress: &Progress| matches!(progress, Progress::Asked(asked) if *asked == job);
        let (plan, _) = round.queries.iter().find(|(_, progress)| asks(progress))?;
        Some(self.backoffs.get_or_default(plan.ref_id.clone()))
    }

    /// Jobs end without an answer, for the reason `error`; their queries are asked again at `again`. A finer answer is given up.
    pub fn lose(&mut self, is_lost: impl Fn(JobId) -> bool, blame: Blame, error: &ErrorCard, again: Option<Millis>) {
        self.give_up_finer();
        if let Work::Coarse(round) = &mut self.work {
            round.lose(is_lost, blame, error, again);
            self.failures = round.failures().map(|(_, failure)| failure.clone()).collect();
            if round.has_failed() {
                self.fail_all();
            }
        }
    }

    /// None of its queries has an answer: the first one's failure is the panel's.
    fn fail_all(&mut self) {
        let again = self.failures.iter().filter_map(|failure| failure.again).min();
        if let Some(error) = self.failures.first().map(|failure| failure.error.clone()) {
            self.fail(error, again);
        }
    }

    /// All its queries are refused, for these reasons.
    pub fn refuse(&mut self, failures: Vec<Failure>) {
        self.failures = failures;
        self.fail_all();
    }

    /// `source` answers again: what it was to blame for is asked for now.
    pub fn end_wait_for(&mut self, source: &str, now: Millis) {
        let mut waits = false;
        for failure in &mut self.failures {
            if failure.blame == Blame::Source && failure.source == source {
                failure.again = Some(now);
                waits = true;
            }
        }
        if waits && matches!(self.work, Work::Waiting(_) | Work::Rest) {
            self.work = Work::Waiting(now);
        }
    }

    /// What waits goes on waiting for as long as it would have.
    pub fn clock_was_set_back(&mut self, by: i64) {
        let waits = self.failures.iter_mut().filter_map(|failure| failure.again.as_mut()).chain(&mut self.finer_at);
        let work = match &mut self.work {
            Work::Waiting(until) => Some(until),
            _ => None,
        };
        let shown = match &mut self.state {
            PanelState::Failed { retry_at, .. } => retry_at.as_mut(),
            _ => None,
        };
        waits.chain(work).chain(shown).for_each(|at| *at = at.plus(-by));
    }

    /// The panel as a whole cannot be answered.
    pub fn fail(&mut self, error: ErrorCard, retry_at: Option<Millis>) {
        self.work = retry_at.map_or(Work::Rest, Work::Waiting);
        self.state = PanelState::Failed { error, stale: self.stale(), retry_at };
    }
}
