//! Makes functions of what is never run within functions that are.
//!
//! Of the code that is run before the first panel is there, two fifths are not: what a rarer option means, what is done
//! about an answer that is odd. A region of it, operators in a row, becomes a function of its own, which can lie in the
//! rest: what it reads of the locals around is passed to it, and what is read of those it writes comes back. Where it
//! branches out of itself, it gives back a number that says where to, and the branch is taken where it stood.

mod body;
mod live;
mod region;
mod write;

pub use body::{end_of_stretch, stretches};
pub use write::Outline;
