//! Which function lies where.

use super::module::Module;
use std::collections::BTreeSet;

/// A module's own functions, counted from 0, as they are divided.
pub struct Plan {
    /// Whether a function is in the rest.
    pub is_rest: Vec<bool>,
    /// Those of the rest that the first module calls, or exports.
    pub doors: Vec<usize>,
    /// Those of the rest that can be called from outside.
    pub exported: Vec<usize>,
    /// Those of the rest that are in the table through which the first module calls, and their places there.
    pub gaps: Vec<(u32, usize)>,
    /// Those of the first module that the rest calls.
    pub back: Vec<usize>,
}

impl Plan {
    /// What is not wanted in the first module lies in the rest, and so does all that only the rest needs.
    pub fn new(module: &Module, is_wanted: impl Fn(usize) -> bool) -> Self {
        let mut is_reached = vec![false; module.bodies.len()];
        let mut open: Vec<usize> = module.roots().filter_map(|root| module.own(root)).collect();
        while let Some(function) = open.pop() {
            if !std::mem::replace(&mut is_reached[function], true) && is_wanted(function) {
                open.extend(module.calls[function].iter().filter_map(|called| module.own(*called)));
            }
        }
        let functions = 0..module.bodies.len();
        let is_rest: Vec<bool> =
            functions.clone().map(|function| !is_reached[function] || !is_wanted(function)).collect();
        let staying = functions.clone().filter(|function| !is_rest[*function]);
        let mut is_called = vec![false; module.bodies.len()];
        for called in staying.flat_map(|function| &module.calls[function]).copied().chain(module.outside()) {
            if let Some(called) = module.own(called) {
                is_called[called] = true;
            }
        }
        let doors = functions.clone().filter(|function| is_rest[*function] && is_called[*function]).collect();
        let exported: BTreeSet<usize> = module.outside().filter_map(|function| module.own(function)).collect();
        let exported: Vec<usize> = exported.into_iter().filter(|function| is_rest[*function]).collect();
        let gaps = module.entries.iter().filter_map(|(place, function)| Some((*place, module.own(*function)?)));
        let gaps = gaps.filter(|(_, function)| is_rest[*function] && !exported.contains(function)).collect();

        let mut is_called = vec![false; module.bodies.len()];
        for function in functions.clone().filter(|function| is_rest[*function]) {
            for called in module.calls[function].iter().filter_map(|called| module.own(*called)) {
                is_called[called] = true;
            }
        }
        let back = functions.filter(|function| is_called[*function] && !is_rest[*function]).collect();
        Self { is_rest, doors, exported, gaps, back }
    }
}
