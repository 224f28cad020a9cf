//! What a page may take.

use crate::answer::Answered;
use frame::SortedSet;
use promapi::Budget;
use std::sync::Arc;

/// Every panel may take this part of the page's budget, whatever the others have: it shows its first series and says so.
const LEAST_PART: u64 = 100;

/// What is left of the page's budget beside the answers in `held`, where each counts once.
pub(crate) fn left(page: Budget, held: &mut dyn Iterator<Item = &Arc<Answered>>) -> Budget {
    let mut seen = SortedSet::new();
    let mut left = page;
    for answer in held.filter(|answer| seen.insert(Arc::as_ptr(answer))) {
        left.bytes = left.bytes.saturating_sub(answer.bytes);
        left.samples = left.samples.saturating_sub(answer.points());
        left.series = left.series.saturating_sub(u32::try_from(answer.series()).unwrap_or(u32::MAX));
    }
    left
}

/// What one answer may take where so much of the page's budget is left.
pub(crate) fn of_one(each: Budget, page: Budget, left: Budget) -> Budget {
    Budget {
        bytes: each.bytes.min(left.bytes.max(page.bytes / LEAST_PART)),
        samples: each.samples.min(left.samples.max(page.samples / LEAST_PART)),
        series: each.series.min(left.series.max(page.series / LEAST_PART as u32)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame::{Frame, Grid, Labels, Millis, Step, Times};

    const PAGE: Budget = Budget { bytes: 100_000, samples: 10_000, series: 1_000 };
    const EACH: Budget = Budget { bytes: 50_000, samples: 5_000, series: 500 };

    fn answer(rows: u32, bytes: u64) -> Arc<Answered> {
        let grid = Grid { start: Millis(0), step: Step::at_least_one(1), len: rows };
        let frame = Frame::series(Times::Grid(grid), [(Labels::default(), vec![0.0; rows as usize])]);
        Arc::new(Answered { frames: [frame].into(), bytes, samples: u64::from(rows), ..Answered::default() })
    }

    #[test]
    fn an_answer_gets_what_the_others_leave_and_never_nothing() {
        let big = answer(9_000, 70_000);
        for (held, expected) in [
            (vec![], (50_000, 5_000, 500)),
            (vec![answer(100, 10)], (50_000, 5_000, 500)),
            (vec![big.clone()], (30_000, 1_000, 500)),
            (vec![big.clone(), big.clone()], (30_000, 1_000, 500)),
            (vec![big.clone(), answer(9_000, 70_000)], (1_000, 100, 500)),
        ] {
            let one = of_one(EACH, PAGE, left(PAGE, &mut held.iter()));
            assert_eq!((one.bytes, one.samples, one.series), expected, "{} answers", held.len());
        }
    }
}
