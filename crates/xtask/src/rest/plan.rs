//! Which function lies where.

use super::module::Module;
use std::collections::BTreeSet;

/// A module's own functions, counted from 0, as they are divided.
pub struct Plan {
    /// Whether a function is in the rest.
    pub is_rest: Vec<bool>,
    /// Those of the first module, in the order in which they stand there.
    pub staying: Vec<usize>,
    /// Those of the rest that the first module calls, or exports, in the order in which it does.
    pub doors: Vec<usize>,
    /// Those of the rest that can be called from outside.
    pub exported: Vec<usize>,
    /// Those of the rest that are in the table through which the first module calls, and their places there.
    pub gaps: Vec<(u32, usize)>,
    /// Those of the first module that the rest calls, in the order in which they stand there.
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
        let staying: Vec<usize> =
            (0..module.bodies.len()).filter(|function| is_reached[*function] && is_wanted(*function)).collect();
        let mut is_rest = vec![true; module.bodies.len()];
        staying.iter().for_each(|function| is_rest[*function] = false);

        let exported: BTreeSet<usize> = module.outside().filter_map(|function| module.own(function)).collect();
        let exported: Vec<usize> = exported.into_iter().filter(|function| is_rest[*function]).collect();
        let gaps = module.entries.iter().filter_map(|(place, function)| Some((*place, module.own(*function)?)));
        let gaps = gaps.filter(|(_, function)| is_rest[*function] && !exported.contains(function)).collect();

        let mut plan = Self { is_rest, staying, doors: Vec::new(), exported, gaps, back: Vec::new() };
        plan.number(module);
        plan
    }

    /// Puts the functions of the first module into this order: what it says at each place is where it was before.
    pub fn arrange(&mut self, module: &Module, order: &[usize]) {
        self.staying = order.iter().filter_map(|place| self.staying.get(*place).copied()).collect();
        self.number(module);
    }

    /// The places of the table through which the modules call each other. Numbers that come one after the other where they
    /// are said compress better.
    fn number(&mut self, module: &Module) {
        let mut known = BTreeSet::new();
        let doors = called_by(module, &self.staying).chain(module.outside()).filter_map(|called| module.own(called));
        self.doors = doors.filter(|function| self.is_rest[*function] && known.insert(*function)).collect();

        let rest: Vec<usize> = (0..self.is_rest.len()).filter(|function| self.is_rest[*function]).collect();
        let back: BTreeSet<usize> = called_by(module, &rest).filter_map(|called| module.own(called)).collect();
        self.back = self.staying.iter().copied().filter(|function| back.contains(function)).collect();
    }
}

/// What these functions refer to, one after the other.
fn called_by(module: &Module, functions: &[usize]) -> impl Iterator<Item = u32> {
    functions.iter().flat_map(|function| &module.calls[*function]).copied()
}
