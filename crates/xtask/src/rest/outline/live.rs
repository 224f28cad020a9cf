//! Which locals are still read, at each operator of a function.

use super::body::Body;
use wasmparser::Operator;

/// A set of locals.
#[derive(Clone, PartialEq, Eq)]
pub struct Locals(Vec<u64>);

impl Locals {
    /// None of `count`.
    pub fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    pub fn insert(&mut self, local: u32) {
        self.0[local as usize / 64] |= 1 << (local % 64);
    }

    fn remove(&mut self, local: u32) {
        self.0[local as usize / 64] &= !(1 << (local % 64));
    }

    pub fn contains(&self, local: u32) -> bool {
        self.0[local as usize / 64] & 1 << (local % 64) != 0
    }

    pub fn add(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(mine, theirs)| *mine |= theirs);
    }

    pub fn both(&self, others: &Self) -> Self {
        Self(self.0.iter().zip(&others.0).map(|(mine, theirs)| mine & theirs).collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> {
        (0..self.0.len() as u32 * 64).filter(|local| self.contains(*local))
    }
}

/// The locals whose values before each operator are read, there or later.
pub fn live(body: &Body) -> Vec<Locals> {
    let none = Locals::none(body.locals.len());
    let mut live = vec![none.clone(); body.operators.len()];
    loop {
        let mut is_done = true;
        for at in (0..body.operators.len()).rev() {
            let mut now = none.clone();
            body.next(at).into_iter().for_each(|next| now.add(&live[next]));
            match body.operators[at] {
                Operator::LocalGet { local_index } => now.insert(local_index),
                Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => now.remove(local_index),
                _ => {}
            }
            if live[at] != now {
                live[at] = now;
                is_done = false;
            }
        }
        if is_done {
            return live;
        }
    }
}
