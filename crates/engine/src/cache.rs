//! Answers that are kept to make others from: what comes again is not asked again.

use crate::answer::Answered;
use crate::increment::{Analyse, is_the_same_at_every_step};
use crate::merge::{Source, combine};
use crate::plan::{Key, MAX_POINTS, When};
use frame::{Grid, Millis, TimeRange};
use promql::increment::{Increment, Reach};
use std::collections::VecDeque;
use std::sync::Arc;

/// The answer to a query whose value at each step is the same however it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub source: String,
    pub expr: String,
    pub grid: Grid,
    pub answer: Arc<Answered>,
    /// When the rows that may still change were asked for, by this machine's clock.
    pub sent_at: Millis,
    /// The same by the server's clock, as far as that is known. There is nothing of later instants in the answer.
    pub asked_at: Millis,
    /// Up to here, by the server's clock, all samples were there by then.
    pub written_until: Millis,
    /// Whether the server's clock is not known, so that this is the time of the newest value at most. What that was made of
    /// may be older, by as much as its query looks back.
    pub is_guessed: bool,
    /// What its values depend on; none where that is not known yet.
    pub reach: Option<Reach>,
    /// From then on it is asked for anew as a whole, for samples that came later than expected.
    pub renew_at: Millis,
}

/// What the cache has for a question.
pub(crate) enum Found {
    /// All of the answer.
    Answer(Arc<Answered>),
    /// Some of it, and what to ask for the rest.
    Part(Errand),
}

/// A question, and what is sent to answer it.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    /// What is to be answered.
    pub wanted: Key,
    /// What is asked of the server: the same, or what `base` lacks of it.
    pub sent: Key,
    pub base: Option<Box<Base>>,
}

/// What is there of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub piece: Piece,
    /// The rows that are used.
    pub kept: TimeRange,
    /// What those and the ones asked for make together: what is wanted, at the piece's step.
    pub joined: Grid,
}

impl Errand {
    /// Asks for all of `wanted`.
    pub fn whole(wanted: Key) -> Self {
        Self { sent: wanted.clone(), wanted, base: None }
    }

    /// The rows that were there and those that came, together; none where they do not fit.
    pub fn join(&self, part: &Answered) -> Option<Answered> {
        let (base, grid) = (self.base.as_ref()?, self.sent.grid()?);
        let kept = Source { answer: &base.piece.answer, grid: base.piece.grid, range: base.kept };
        combine(&[kept, Source { answer: part, grid, range: extent(grid)? }], base.joined)
    }
}

/// The most recently used answers, within a number of bytes.
#[derive(Debug)]
pub(crate) struct Cache {
    /// The one used longest ago first.
    pieces: VecDeque<Piece>,
    bytes: u64,
    max_bytes: u64,
    analyse: Option<Analyse>,
}

impl Cache {
    pub fn new(max_bytes: u64) -> Self {
        Self { pieces: VecDeque::new(), bytes: 0, max_bytes, analyse: None }
    }

    /// From now on it is known what queries depend on.
    pub fn set_analysis(&mut self, analyse: Analyse) {
        self.analyse = Some(analyse);
        for piece in std::mem::take(&mut self.pieces) {
            self.bytes -= piece.bytes();
            self.insert(piece, false);
        }
    }

    /// What tells what queries depend on, once it is there.
    pub fn analysis(&self) -> Option<Analyse> {
        self.analyse
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.pieces.clear();
        self.bytes = 0;
    }

    /// Forgets all there is of `key`'s query.
    pub fn forget(&mut self, key: &Key) {
        self.drop_if(|piece| piece.is_of(key));
    }

    /// Keeps `piece`, in the place of those that it contains and, with `moved_on`, of those that it goes on from; one piece
    /// of it and of one that it overlaps. Not where nothing can be made of it.
    pub fn insert(&mut self, mut piece: Piece, moved_on: bool) {
        let Some(range) = extent(piece.grid) else { return };
        if let (Some(analyse), None) = (self.analyse, piece.reach) {
            let Increment::PerStep(reach) = analyse(&piece.expr) else { return };
            piece.reach = Some(reach);
        }
        if piece.counts_series_of_the_range() {
            return;
        }
        self.drop_if(|old| {
            let (same, old) = (old.is_like(&piece), extent(old.grid).unwrap_or_default());
            let is_within = range.start <= old.start && old.end <= range.end;
            let is_before = old.start <= range.start && old.end <= range.end && range.start <= old.end;
            same && (is_within || (moved_on && is_before))
        });
        if let Some((index, both)) =
            self.pieces.iter().enumerate().find_map(|(index, old)| Some((index, old.with(&piece)?)))
        {
            self.bytes -= self.pieces.remove(index).map_or(0, |old| old.bytes());
            piece = both;
        }
        let size = piece.bytes();
        if size > self.max_bytes {
            return;
        }
        self.bytes += size;
        self.pieces.push_back(piece);
        while self.bytes > self.max_bytes {
            let Some(oldest) = self.pieces.pop_front() else { break };
            self.bytes -= oldest.bytes();
        }
    }

    fn drop_if(&mut self, is_unwanted: impl Fn(&Piece) -> bool) {
        let bytes = &mut self.bytes;
        self.pieces.retain(|piece| {
            let unwanted = is_unwanted(piece);
            if unwanted {
                *bytes -= piece.bytes();
            }
            !unwanted
        });
    }

    /// All that is kept.
    pub fn answers(&self) -> impl Iterator<Item = &Arc<Answered>> {
        self.pieces.iter().map(|piece| &piece.answer)
    }

    /// What there is of the answer to `key` at `now`. Rows that may have changed count if they were asked for at
    /// `fresh_since` or later.
    pub fn find(&mut self, key: &Key, fresh_since: Millis, now: Millis) -> Option<Found> {
        let wanted = key.grid().filter(|grid| grid.len > 0)?;
        let is_candidate = |piece: &Piece| piece.is_of(key) && piece.is_good(fresh_since, now);
        let candidates = self.pieces.iter().enumerate().filter(|(_, piece)| is_candidate(piece));
        let parts = candidates.filter_map(|(index, piece)| Some((index, piece.part(wanted, fresh_since)?)));
        // The one that goes furthest, and of equal ones that at the finest step, which answers the refinement too.
        let (index, part) = parts.min_by_key(|(_, part)| (-part.kept.millis(), part.joined.step))?;
        let piece = self.used(index)?;
        match part.rest {
            None => {
                let whole = Source { answer: &piece.answer, grid: piece.grid, range: part.kept };
                let is_same = piece.grid == wanted;
                Some(Found::Answer(if is_same { piece.answer.clone() } else { Arc::new(combine(&[whole], wanted)?) }))
            }
            Some(rest) => Some(Found::Part(Errand {
                wanted: key.clone(),
                sent: Key { when: When::Over(rest), ..key.clone() },
                base: Some(Box::new(Base { piece: piece.clone(), kept: part.kept, joined: part.joined })),
            })),
        }
    }

    /// The finest grid between the ends of what `key` asks for, finer than that, of which nearly all is there.
    pub fn finest(&self, key: &Key, fresh_since: Millis, now: Millis) -> Option<Grid> {
        let wanted = key.grid()?;
        let range = extent(wanted)?;
        let is_finer = |piece: &&Piece| piece.grid.step < wanted.step && piece.is_the_same_at_every_step();
        let finer =
            self.pieces.iter().filter(|piece| piece.is_of(key) && piece.is_good(fresh_since, now)).filter(is_finer);
        let nearly_all = |piece: &Piece| {
            let grid = piece.rows_in(range);
            let kept = piece.part(grid, fresh_since)?.kept;
            (i64::from(grid.len) <= MAX_POINTS && kept.millis() >= range.millis() / 4 * 3).then_some(grid)
        };
        finer.filter_map(nearly_all).min_by_key(|grid| grid.step)
    }

    /// Notes that the piece at `index` was used.
    fn used(&mut self, index: usize) -> Option<&Piece> {
        let piece = self.pieces.remove(index)?;
        self.pieces.push_back(piece);
        self.pieces.back()
    }
}

/// What one piece has of an answer.
struct Part {
    kept: TimeRange,
    joined: Grid,
    rest: Option<Grid>,
}

impl Piece {
    /// What it counts for: more than it takes where its answer is empty, as all are looked through for each question.
    fn bytes(&self) -> u64 {
        const LEAST_BYTES: u64 = 4 << 10;
        LEAST_BYTES + (self.source.len() + self.expr.len()) as u64 + self.answer.resident_bytes()
    }

    fn is_of(&self, key: &Key) -> bool {
        self.expr == key.expr && self.source == key.source
    }

    /// Whether it need not be asked for anew.
    fn is_good(&self, fresh_since: Millis, now: Millis) -> bool {
        self.sent_at >= fresh_since || now < self.renew_at
    }

    /// Whether its rows are those of an answer at another step, too. What MetricsQL looks back for, it looks back for by the
    /// step.
    fn is_the_same_at_every_step(&self) -> bool {
        let looks_back_by_step = |reach: Reach| reach.looks_back && self.answer.is_metricsql;
        self.reach.is_some_and(|reach| is_the_same_at_every_step(reach) && !looks_back_by_step(reach))
    }

    /// Whether its values depend on how many series there are over the whole range, and not only at each step.
    fn counts_series_of_the_range(&self) -> bool {
        self.answer.is_metricsql && self.reach.is_some_and(|reach| reach.counts_series)
    }

    /// Its rows in `range`, and those that would be if it went on before and after.
    fn rows_in(&self, range: TimeRange) -> Grid {
        let start = self.last_row_until(range.start.plus(self.grid.step.millis() - 1));
        Grid::covering(TimeRange { start, end: range.end }, self.grid.step)
    }

    /// Whether both can be rows of one answer.
    fn is_like(&self, other: &Self) -> bool {
        let same = self.grid.step == other.grid.step && self.expr == other.expr && self.source == other.source;
        same && other.grid.start.since(self.grid.start) % self.grid.step.millis() == 0
    }

    /// This and a `newer` one that it overlaps or adjoins, together; none for those that do not, or that would make a piece
    /// much longer than what is looked at.
    fn with(&self, newer: &Self) -> Option<Self> {
        const MOST_TIMES: i64 = 4;
        let (old, new) = (extent(self.grid).filter(|_| self.is_like(newer))?, extent(newer.grid)?);
        let range = TimeRange { start: old.start.min(new.start), end: old.end.max(new.end) };
        let (step, shorter) = (self.grid.step.millis(), old.millis().min(new.millis()));
        if new.start.since(old.end) > step || old.start.since(new.end) > step || range.millis() > MOST_TIMES * shorter {
            return None;
        }
        let grid = Grid::covering(range, self.grid.step);
        let before = TimeRange { end: old.end.min(new.start.plus(-step)), ..old };
        let after = TimeRange { start: old.start.max(new.end.plus(step)), ..old };
        let sources = [(self, before), (self, after), (newer, new)];
        let sources = sources.map(|(piece, range)| Source { answer: &piece.answer, grid: piece.grid, range });
        let answer = Arc::new(combine(&sources, grid)?);
        // What may still change is the newer one's where that has all of it.
        let is_renewed = old.end <= new.end && new.start.since(self.settled()) <= step;
        let older = if is_renewed { newer } else { self };
        Some(Self {
            grid,
            answer,
            sent_at: older.sent_at.min(newer.sent_at),
            asked_at: older.asked_at.min(newer.asked_at),
            written_until: older.written_until.min(newer.written_until),
            is_guessed: self.is_guessed || newer.is_guessed,
            renew_at: self.renew_at.min(newer.renew_at),
            ..newer.clone()
        })
    }

    /// What this has of the answer over `wanted`; none where that is nothing, or less than all but one end.
    fn part(&self, wanted: Grid, fresh_since: Millis) -> Option<Part> {
        let step = self.grid.step.millis();
        let is_on_grid = wanted.step.millis() % step == 0 && wanted.start.since(self.grid.start) % step == 0;
        if wanted.step != self.grid.step && !self.is_the_same_at_every_step() {
            return None;
        }
        let (held, asked) = (extent(self.grid).filter(|_| is_on_grid)?, extent(wanted)?);
        let is_past = asked.end <= self.asked_at.plus(step);
        let reaches = self.sent_at >= fresh_since && asked.end <= held.end && is_past;
        let until = if reaches { asked.end } else { held.end.min(self.settled()).min(asked.end) };
        let joined = Grid::covering(asked, self.grid.step);
        let (start, end) = (asked.start.max(held.start), self.last_row_until(until));
        if end < start {
            return None;
        }
        let rest = match (asked.start < start, end < asked.end) {
            (true, true) => return None,
            (true, false) => Some(TimeRange { start: asked.start, end: start.plus(-step) }),
            (false, true) => Some(TimeRange { start: end.plus(step), end: asked.end }),
            (false, false) => None,
        };
        let rest = rest.map(|rest| Grid::covering(rest, self.grid.step));
        // A long rest at a fine step would be more than all of it at the step that is wanted.
        if rest.is_some_and(|rest| rest.len > wanted.len) {
            return None;
        }
        Some(Part { kept: TimeRange { start, end }, joined, rest })
    }

    /// Up to here no value changes any more.
    pub fn settled(&self) -> Millis {
        let Some(reach) = self.reach else { return Millis(i64::MIN) };
        if self.is_guessed && reach.of_itself {
            return Millis(i64::MIN);
        }
        let written_until = self.written_until.plus(if self.is_guessed { -reach.back_millis } else { 0 });
        match reach.pinned_millis {
            Some(pinned) if Millis(pinned) > written_until => Millis(i64::MIN),
            _ => written_until.plus(-reach.ahead_millis),
        }
    }

    fn last_row_until(&self, until: Millis) -> Millis {
        let since_start = i128::from(until.0) - i128::from(self.grid.start.0);
        until.plus(-(since_start.rem_euclid(i128::from(self.grid.step.millis())) as i64))
    }
}

/// The first and the last instant.
pub(crate) fn extent(grid: Grid) -> Option<TimeRange> {
    grid.last().map(|end| TimeRange { start: grid.start, end })
}

#[cfg(test)]
mod tests;
