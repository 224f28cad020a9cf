//! Which function lies where.

use super::module::Module;

/// A module's own functions, counted from 0, as they are divided.
pub struct Plan {
    /// Whether a function is in the rest.
    pub is_rest: Vec<bool>,
    /// Those of the rest that the first module refers to. It has a door to each: a small function that passes the call on.
    pub doors: Vec<usize>,
    /// Those of the first module that the rest calls.
    pub back: Vec<usize>,
}

impl Plan {
    /// What is not wanted in the first module lies in the rest, and so does all that only the rest needs.
    pub fn new(module: &Module, is_wanted: impl Fn(usize) -> bool) -> Self {
        let mut is_reached = vec![false; module.bodies.len()];
        let mut open: Vec<usize> = module.roots.iter().filter_map(|root| module.own(*root)).collect();
        while let Some(function) = open.pop() {
            if !std::mem::replace(&mut is_reached[function], true) && is_wanted(function) {
                open.extend(module.calls[function].iter().filter_map(|called| module.own(*called)));
            }
        }
        let functions = 0..module.bodies.len();
        let is_rest: Vec<bool> =
            functions.clone().map(|function| !is_reached[function] || !is_wanted(function)).collect();
        let doors = functions.clone().filter(|function| is_rest[*function] && is_reached[*function]).collect();

        let mut is_called = vec![false; module.bodies.len()];
        for function in functions.clone().filter(|function| is_rest[*function]) {
            for called in module.calls[function].iter().filter_map(|called| module.own(*called)) {
                is_called[called] = true;
            }
        }
        let back = functions.filter(|function| is_called[*function] && !is_rest[*function]).collect();
        Self { is_rest, doors, back }
    }
}
