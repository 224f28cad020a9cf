//! Whether an answer can be put together from pieces: what a query's value at a step depends on.
//!
//! That takes a parser, which a page needs for nothing else before it is edited. So the engine calls it by a pointer that
//! it is given once the parser is loaded, and until then asks for everything as a whole.

use promql::increment::{DEFAULT_LOOKBACK_MILLIS, Increment, Reach, Reason, Resolution, increment_of};

/// Tells what a query's value at a step depends on.
pub type Analyse = fn(&str) -> Increment;

/// The analysis of PromQL, for [`Engine::set_analysis`](crate::Engine::set_analysis).
#[must_use]
pub fn analyse(expr: &str) -> Increment {
    increment_of(expr, DEFAULT_LOOKBACK_MILLIS)
}

/// Whether a finer answer to `expr` has the values of the coarse one, and more between them.
pub(crate) fn may_be_refined(expr: &str, analyse: Option<Analyse>) -> bool {
    match analyse.map(|analyse| analyse(expr)) {
        Some(Increment::PerStep(reach)) => is_the_same_at_every_step(reach),
        // For these it has to be asked for as a whole at any step, which says nothing of steps.
        Some(Increment::Whole(Reason::QueryRange | Reason::Ties | Reason::DuplicateLabels)) | None => {
            !seems_to_depend_on_step(expr)
        }
        Some(Increment::Whole(_)) => false,
    }
}

/// Whether the text looks as if its values were others at another step: by `step()`, a subquery that leaves its resolution
/// to the server, a window in steps or none at all. A text that only looks so is not worth a parser in the first load.
fn seems_to_depend_on_step(expr: &str) -> bool {
    const OF_RANGES: [&str; 7] = ["_over_time", "rate", "increase", "delta", "deriv", "changes", "resets"];
    // By what comes after it: a search for texts of several letters would be the only one in the first load.
    let has =
        |text: &str, next: char| expr.match_indices(next).any(|(at, _)| expr.split_at(at).0.trim_end().ends_with(text));
    let has_no_window = |(at, _): (usize, &str)| {
        let (before, after) = expr.split_at(at);
        let argument = after.split(')').next().unwrap_or_default();
        OF_RANGES.iter().any(|name| before.trim_end().ends_with(name)) && !argument.contains('[')
    };
    has("step", '(') || has(":", ']') || has("i", ']') || expr.match_indices('(').any(has_no_window)
}

/// Whether the value at an instant is the same at whichever step it is asked for. Not with a subquery of the server's own
/// resolution: VictoriaMetrics takes the step for that.
pub(crate) fn is_the_same_at_every_step(reach: Reach) -> bool {
    reach.resolution != Resolution::Server
}
