//! Whether an answer can be put together from pieces: what a query's value at a step depends on.
//!
//! That takes a parser, which a page needs for nothing else before it is edited. So the engine calls it by a pointer that
//! it is given once the parser is loaded, and until then asks for everything as a whole.

use promql::increment::{DEFAULT_LOOKBACK_MILLIS, Increment, Reach, Resolution, increment_of};

/// Tells what a query's value at a step depends on.
pub type Analyse = fn(&str) -> Increment;

/// The analysis of PromQL, for [`Engine::set_analysis`](crate::Engine::set_analysis).
#[must_use]
pub fn analyse(expr: &str) -> Increment {
    increment_of(expr, DEFAULT_LOOKBACK_MILLIS)
}

/// Whether the value at an instant is the same at whichever step it is asked for. Not with a subquery of the server's own
/// resolution: VictoriaMetrics takes the step for that.
pub(crate) fn is_the_same_at_every_step(reach: Reach) -> bool {
    reach.resolution != Resolution::Server
}
