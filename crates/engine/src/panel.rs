//! One panel: what it is in, and what is being done for it.

use crate::answer::Answered;
use crate::plan::QueryPlan;
use crate::retry::Backoff;
use crate::schedule::JobId;
use crate::shape::{Around, Shaper};
use crate::{Data, ErrorCard, PanelSpec, PanelState, Placement};
use frame::{Millis, Step, TimeRange};
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct Panel {
    pub spec: PanelSpec,
    pub placement: Placement,
    /// Whether it is off the screen, but so near that it soon may be on it.
    pub near: bool,
    pub state: PanelState,
    pub work: Work,
    pub backoff: Backoff,
}

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

/// Queries that belong together: the panel changes when all of them are answered.
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
}

impl Round {
    /// The jobs that are not done yet.
    pub fn open_jobs(&self) -> impl Iterator<Item = JobId> {
        self.queries.iter().filter_map(|(_, progress)| match progress {
            Progress::Asked(job) => Some(*job),
            Progress::Answered(_) => None,
        })
    }

    fn answer(&mut self, job: JobId, answer: &Arc<Answered>) {
        for (_, progress) in &mut self.queries {
            if matches!(progress, Progress::Asked(asked) if *asked == job) {
                *progress = Progress::Answered(answer.clone());
            }
        }
    }

    /// All queries with their answers, once there are all.
    fn answers(&self) -> Option<Vec<(QueryPlan, Arc<Answered>)>> {
        let answers = self.queries.iter().map(|(plan, progress)| match progress {
            Progress::Asked(_) => None,
            Progress::Answered(answer) => Some((plan.clone(), answer.clone())),
        });
        answers.collect()
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
            backoff: Backoff::default(),
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
        let given_up = self.has_given_up();
        if given_up {
            self.work = Work::Due;
        }
        given_up
    }

    fn has_given_up(&self) -> bool {
        matches!((&self.work, &self.state), (Work::Rest, PanelState::Failed { error, .. }) if error.retryable)
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

    /// The user wants it again: an error gives way to loading.
    pub fn ask_again(&mut self) {
        self.work = Work::Due;
        self.backoff.succeed();
        if let PanelState::Failed { stale, .. } = &mut self.state {
            self.state = PanelState::Loading { stale: stale.take() };
        }
    }

    /// The refresh interval has passed. A panel whose answer is still on its way skips a turn, and one that failed
    /// follows its own time-table; returns whether it takes part.
    pub fn refresh(&mut self) -> bool {
        let takes_part = match &self.work {
            Work::Rest => !matches!(self.state, PanelState::Failed { .. }) || self.has_given_up(),
            Work::Finer(refinement) => {
                self.state = PanelState::Ready { data: refinement.coarse.clone() };
                true
            }
            Work::Due => true,
            Work::Coarse(_) | Work::Waiting(_) => false,
        };
        if takes_part {
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
        self.work = Work::Coarse(round);
    }

    /// Notes the answer to a job.
    pub fn answer(&mut self, job: JobId, answer: &Arc<Answered>) {
        match &mut self.work {
            Work::Coarse(round) => round.answer(job, answer),
            Work::Finer(refinement) => refinement.round.answer(job, answer),
            Work::Rest | Work::Due | Work::Waiting(_) => {}
        }
    }

    /// What all answers together make, once they are there; `shaper` shapes those of a panel that has to be.
    pub fn result(&self, shaper: Option<(Shaper, Around<'_>)>) -> Option<Data> {
        match &self.work {
            Work::Coarse(round) => {
                let mut data = Data::new(&self.spec, round.range, round.generation, round.answers()?, shaper);
                data.notices.warnings.extend(round.refused.iter().cloned());
                Some(data)
            }
            Work::Finer(Refinement { round, step, coarse }) => {
                let answers = round.answers()?;
                // Half of a finer answer is worse than all of the coarse one.
                Some(match answers.iter().any(|(_, answer)| answer.truncated.is_some()) {
                    true => Data::clone(coarse),
                    false => coarse.with_finer(&self.spec, *step, answers),
                })
            }
            Work::Rest | Work::Due | Work::Waiting(_) => None,
        }
    }

    pub fn show(&mut self, data: Arc<Data>) {
        self.state = PanelState::Ready { data };
        self.work = Work::Rest;
        self.backoff.succeed();
    }

    /// A query failed. A finer answer that does not come is not missed.
    pub fn fail(&mut self, error: ErrorCard, retry_at: Option<Millis>) {
        if let Work::Finer(refinement) = &self.work {
            return self.show(refinement.coarse.clone());
        }
        self.work = retry_at.map_or(Work::Rest, Work::Waiting);
        self.state = PanelState::Failed { error, stale: self.stale(), retry_at };
    }
}
