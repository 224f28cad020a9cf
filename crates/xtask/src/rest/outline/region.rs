//! Which stretches of a function are taken out, and what they need and leave.

use super::body::Body;
use super::live::{Locals, live};
use wasmparser::{BlockType, Operator};

/// Operators in a row, of one block, that become a function.
pub struct Region {
    pub from: usize,
    pub to: usize,
    /// The locals that it reads.
    pub inputs: Vec<u32>,
    /// The locals that are read of what it writes.
    pub outputs: Vec<u32>,
    /// The blocks around it that it branches to; none for the function.
    pub exits: Vec<Option<usize>>,
}

/// A call costs about this much: the door is there anyway, for all functions of the type.
const COST: usize = 10;
/// What it is worth that an address goes: what lies there may go as well, such as where a panic is.
const WORTH_OF_ADDRESS: usize = 16;
/// The linker puts data behind the stack: no address is smaller.
const LEAST_ADDRESS: i32 = 1 << 20;
/// What each value costs that is passed.
const COST_OF_VALUE: usize = 2;
/// What each way out of it costs.
const COST_OF_EXIT: usize = 6;
/// No more ways out, and no more values.
const MOST_EXITS: usize = 6;
const MOST_VALUES: usize = 24;

/// The regions of `body` that are never run and that it is worth to take out.
pub fn regions(body: &Body, is_run: &dyn Fn(usize) -> bool) -> Vec<Region> {
    if body.operators.iter().any(|operator| matches!(operator, Operator::TryTable { .. })) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut open = vec![(0, body.operators.len() - 1)];
    while let Some((from, to)) = open.pop() {
        look_through(body, is_run, (from, to), &mut open, &mut found);
    }
    if found.is_empty() {
        return found;
    }
    let live = live(body);
    found.iter_mut().for_each(|region| pass_values(body, &live, region));
    found.retain(is_worth_it(body));
    found.sort_by_key(|region| region.from);
    found
}

/// Finds what is not run in a sequence of operators; what may be within its blocks is left `open`.
fn look_through(
    body: &Body,
    is_run: &dyn Fn(usize) -> bool,
    (from, to): (usize, usize),
    open: &mut Vec<(usize, usize)>,
    found: &mut Vec<Region>,
) {
    let (mut start, mut exits, mut at) = (from, Vec::new(), from);
    while at < to {
        let after = body.after(at);
        let is_cold = (at..after).all(|at| !is_run(body.stretches[at]));
        let with_this = if is_cold { exits_with(body, &exits, (start, at, after)) } else { None };
        match with_this {
            Some(with_this) => exits = with_this,
            None => {
                close(body, (start, at), std::mem::take(&mut exits), found);
                start = after;
                open.extend(body.inner(at));
            }
        }
        at = after;
    }
    close(body, (start, to), exits, found);
}

/// The ways out, with those of the operator at `at` and all that it opens; none where that cannot be taken out.
fn exits_with(
    body: &Body,
    exits: &[Option<usize>],
    (start, at, after): (usize, usize, usize),
) -> Option<Vec<Option<usize>>> {
    let mut exits = exits.to_vec();
    for inner in at..after {
        let mut add = |block: Option<usize>| {
            let is_within = block.is_some_and(|block| block >= start);
            if !is_within && !exits.contains(&block) {
                exits.push(block);
            }
        };
        if matches!(body.operators[inner], Operator::Return) {
            add(None);
        }
        for depth in body.branches(inner) {
            add(body.target(inner, depth));
        }
    }
    let passes_nothing = |block: &Option<usize>| match block.map(|block| &body.operators[block]) {
        None => !body.has_results,
        Some(Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty }) => {
            *blockty == BlockType::Empty
        }
        Some(_) => false,
    };
    (exits.len() <= MOST_EXITS && exits.iter().all(passes_nothing)).then_some(exits)
}

/// A region between the first and the last place where nothing is on the stack. What ends the sequence stays.
fn close(body: &Body, (mut from, mut to): (usize, usize), exits: Vec<Option<usize>>, found: &mut Vec<Region>) {
    let starts = nodes(body, from, to);
    let ends_sequence =
        |at: &usize| matches!(body.operators[*at], Operator::Br { .. } | Operator::Unreachable | Operator::Return);
    if let Some(last) = starts.last().filter(|last| ends_sequence(last)) {
        to = *last;
    }
    let Some(first) = starts.iter().find(|at| body.is_clean[**at]) else { return };
    from = *first;
    let mut ends = starts.iter().copied().chain([to]).filter(|at| *at <= to && body.is_clean[*at]);
    to = ends.next_back().unwrap_or(from);
    if from < to {
        found.push(Region { from, to, inputs: Vec::new(), outputs: Vec::new(), exits });
    }
}

/// The operators of a sequence itself, without those within its blocks.
fn nodes(body: &Body, from: usize, to: usize) -> Vec<usize> {
    std::iter::successors(Some(from), |at| Some(body.after(*at))).take_while(|at| *at < to).collect()
}

fn pass_values(body: &Body, live: &[Locals], region: &mut Region) {
    let (mut read, mut written) = (Locals::none(body.locals.len()), Locals::none(body.locals.len()));
    // The last of its ends may have been taken off.
    let mut exits = Vec::new();
    for at in region.from..region.to {
        match body.operators[at] {
            Operator::LocalGet { local_index } => read.insert(local_index),
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => written.insert(local_index),
            Operator::Return => exits.push(None),
            _ => {}
        }
        exits.extend(body.branches(at).into_iter().map(|depth| body.target(at, depth)));
    }
    region.exits.retain(|exit| exits.contains(exit));
    let mut after = live[region.to].clone();
    for landing in region.exits.iter().filter_map(|exit| body.landing(*exit)) {
        after.add(&live[landing]);
    }
    let outputs = written.both(&after);
    region.outputs = outputs.iter().collect();
    read.add(&outputs);
    region.inputs = read.both(&live[region.from]).iter().collect();
}

fn is_worth_it<'b>(body: &'b Body) -> impl Fn(&Region) -> bool + 'b {
    |region| {
        let values = region.inputs.len() + region.outputs.len();
        let cost = COST + COST_OF_VALUE * values + COST_OF_EXIT * region.exits.len();
        let is_address =
            |operator: &&Operator| matches!(operator, Operator::I32Const { value } if *value >= LEAST_ADDRESS);
        let addresses = body.operators[region.from..region.to].iter().filter(is_address).count();
        let worth = body.bytes(region.from, region.to) + WORTH_OF_ADDRESS * addresses;
        values <= MOST_VALUES && worth > cost
    }
}
