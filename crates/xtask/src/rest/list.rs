//! The list of what the first load does not run.

use super::module::Module;
use super::names::names;
use super::outline::{Outline, stretches};
use super::plan::Plan;
use super::{Bundle, glue, trace};
use crate::repo::Repo;
use crate::run::{self, say};
use crate::{dist, tools};
use anyhow::{Context as _, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Where it is, from the root of the repository.
const FILE: &str = "crates/xtask/src/rest/later.txt";

/// What is run for each sample: of these functions only that is taken out which no dashboard at hand runs, or what is rare
/// at first might be slow where it is not.
const FAST: &[&str] =
    &["frame::calcs", "frame::decimal", "frame::float_bits", "frame::labels", "frame::m4", "promapi::decode"];

/// What is known of a function.
pub enum Known {
    /// Not called at first.
    Later,
    /// Called, and these stretches were not run. None where that is not known, or does not matter.
    Called(BTreeSet<usize>),
}

impl Known {
    /// Whether the first load calls it.
    pub fn is_called(&self) -> bool {
        matches!(self, Self::Called(_))
    }

    /// Whether one of its stretches may be run at first; of a function that is not called, none is to be told from others.
    pub fn is_run(&self, stretch: usize) -> bool {
        match self {
            Self::Later => true,
            Self::Called(not_run) => !not_run.contains(&stretch),
        }
    }
}

/// Which stretches of the module's functions were run, counted together from 0.
struct Run {
    /// Before the first panel was painted.
    at_first: BTreeSet<usize>,
    /// And later, or by another dashboard.
    ever: BTreeSet<usize>,
}

impl Run {
    /// A line has a number; `first` behind it says when it was run.
    fn read(text: &str) -> Result<Self> {
        let mut run = Self { at_first: BTreeSet::new(), ever: BTreeSet::new() };
        for line in text.lines() {
            let number = line.strip_suffix(" first");
            let stretch = number.unwrap_or(line).parse()?;
            run.ever.insert(stretch);
            run.at_first.extend(number.map(|_| stretch));
        }
        Ok(run)
    }
}

/// Functions that are not called, by name, and stretches of others that are not run.
#[derive(Default)]
pub struct List {
    later: BTreeSet<String>,
    /// By the function's name and what its stretches look like, which tells whether it is still the same.
    not_run: BTreeMap<(String, String), BTreeSet<usize>>,
}

impl List {
    /// # Errors
    /// The file cannot be read, or has a line that means nothing.
    pub fn read(repo: &Repo) -> Result<Self> {
        let file = repo.path(FILE);
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let mut list = Self::default();
        for line in text.lines() {
            match line.split('\t').collect::<Vec<_>>().as_slice() {
                [name] => _ = list.later.insert((*name).to_owned()),
                [name, look, numbers] => {
                    let numbers = ranges(numbers).with_context(|| format!("{FILE} says {numbers:?} of {name}"))?;
                    list.not_run.insert(((*name).to_owned(), (*look).to_owned()), numbers);
                }
                _ => anyhow::bail!("{FILE} has a line that means nothing: {line:?}"),
            }
        }
        Ok(list)
    }

    /// What is known of each of the module's own functions.
    ///
    /// # Errors
    /// It is not valid.
    pub fn find(&self, module: &Module) -> Result<Vec<Known>> {
        let named = names(module).into_iter().zip(&module.bodies);
        named
            .map(|(name, body)| {
                let Some(name) = name else { return Ok(Known::Called(BTreeSet::new())) };
                if self.later.contains(&name) {
                    return Ok(Known::Later);
                }
                Ok(Known::Called(self.not_run.get(&(name, look(&stretches(body)?))).cloned().unwrap_or_default()))
            })
            .collect()
    }

    /// What a module need not have at first, where these stretches were run. A name that several functions have stands for
    /// all of them. Of those that are not called only the ones are named that others refer to: what only these need follows.
    fn of(wasm: &[u8], module: &Module, run: &Run) -> Result<Self> {
        let names = names(module);
        let mut called = BTreeSet::new();
        let mut all_not_run = BTreeMap::new();
        let mut first = 0;
        for (name, body) in names.iter().zip(&module.bodies) {
            let ends = stretches(body)?;
            let stretches = first..first + ends.len();
            first = stretches.end;
            let Some(name) = name.as_ref().filter(|_| run.at_first.contains(&stretches.start)) else { continue };
            called.insert(name);
            let is_run = if is_fast(name) { &run.ever } else { &run.at_first };
            let not_run = |stretch: &usize| !is_run.contains(&(stretches.start + stretch));
            let mine: BTreeSet<usize> = (0..ends.len()).filter(not_run).collect();
            let known = all_not_run.entry((name.clone(), look(&ends))).or_insert_with(|| mine.clone());
            known.retain(|stretch| mine.contains(stretch));
        }
        let is_called = |own: usize| names[own].as_ref().is_none_or(|name| called.contains(name));
        let plan = Plan::new(module, is_called);
        let doors = plan.doors.into_iter().chain(plan.gaps.into_iter().map(|(_, own)| own));
        let later = doors.filter_map(|own| names[own].clone()).collect();
        let mut list = Self { later, not_run: all_not_run };
        list.leave_out_what_changes_nothing(wasm, module)?;
        Ok(list)
    }

    /// Functions of which nothing would be taken out need not be listed.
    fn leave_out_what_changes_nothing(&mut self, wasm: &[u8], module: &Module) -> Result<()> {
        let known = self.find(module)?;
        let outline = Outline::new(wasm, |own, stretch| known[own].is_run(stretch))?;
        let mut changed = BTreeSet::new();
        for (own, (name, body)) in names(module).into_iter().zip(&module.bodies).enumerate() {
            if let Some(name) = name.filter(|_| outline.changes(own)) {
                changed.insert((name, look(&stretches(body)?)));
            }
        }
        self.not_run.retain(|function, _| changed.contains(function));
        Ok(())
    }

    fn write(&self, repo: &Repo) -> Result<()> {
        let file = repo.path(FILE);
        let later = self.later.iter().map(|name| format!("{name}\n"));
        let not_run =
            self.not_run.iter().map(|((name, look), numbers)| format!("{name}\t{look}\t{}\n", in_ranges(numbers)));
        fs::write(&file, later.chain(not_run).collect::<String>())
            .with_context(|| format!("{} cannot be written", file.display()))
    }
}

fn is_fast(name: &str) -> bool {
    let name = name.trim_start_matches(['<', '&', '(', '[']);
    FAST.iter().any(|module| name.strip_prefix(module).is_some_and(|rest| rest.starts_with("::")))
}

/// The ends of a function's stretches as a number: another number, another function.
fn look(ends: &str) -> String {
    // FNV-1a, which stays what it is from one release of Rust to the next.
    let hash = ends
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, end| (hash ^ u64::from(end)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// `1, 2, 3, 7` -> `1-3 7`
fn in_ranges(numbers: &BTreeSet<usize>) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let written = ranges.into_iter().map(
        |(first, last)| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        },
    );
    written.collect::<Vec<_>>().join(" ")
}

/// `1-3 7` -> `1, 2, 3, 7`
fn ranges(text: &str) -> Option<BTreeSet<usize>> {
    let mut numbers = BTreeSet::new();
    for range in text.split(' ') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        numbers.extend(first.parse::<usize>().ok()?..=last.parse().ok()?);
    }
    Some(numbers)
}

/// `cargo xtask first-run`: writes the list anew, from what a browser runs until the fleet dashboard's first panel is there.
///
/// # Errors
/// Something that is needed cannot be set up, or the dashboard does not get ready.
pub fn first_run(repo: &Repo) -> Result<()> {
    let folder = repo.reports().join("first-run");
    dist::bundle(repo, &folder)?;
    let bundle = Bundle::find(&folder)?;
    let wasm = fs::read(&bundle.wasm)?;
    let module = Module::read(&wasm)?;
    fs::write(&bundle.wasm, trace::write(&wasm, &module)?)?;
    glue::note_run(&bundle.glue)?;

    let servers = tools::servers(repo)?;
    let browser = tools::browser(repo)?;
    say("noting what is run");
    let numbers = repo.reports().join("first-run.txt");
    let mut trace = run::cargo(repo.root());
    trace.args(["run", "--quiet", "--package", "tests-e2e", "--bin", "first-run", "--"]).arg(&numbers);
    trace.env("PYROGRAPH_DIST", &folder).env("PYROGRAPH_TOOLS", servers);
    browser.tell(&mut trace);
    run::run(&mut trace)?;

    let run = Run::read(&fs::read_to_string(&numbers)?)?;
    List::of(&wasm, &module, &run)?.write(repo)?;
    say(format!("{FILE} is written: `cargo xtask dist` cuts by it"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{in_ranges, is_fast, ranges};

    #[test]
    fn numbers_in_a_row_are_a_range() {
        let check = |numbers: &[usize], text: &str| {
            let numbers = numbers.iter().copied().collect();
            assert_eq!(in_ranges(&numbers), text);
            assert_eq!(ranges(text), Some(numbers));
        };
        check(&[3], "3");
        check(&[0, 1], "0-1");
        check(&[1, 2, 3, 7, 9, 10], "1-3 7 9-10");
        for nonsense in ["", "a", "1-", "-2", "1  2"] {
            assert_eq!(ranges(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn what_is_run_for_each_sample_stays_whole() {
        let check = |name: &str, expected: bool| assert_eq!(is_fast(name), expected, "{name}");
        check("frame::m4::reduce_column", true);
        check("<promapi::decode::Decoder>::push", true);
        check("<&frame::labels::Labels as core::cmp::PartialEq>::eq", true);
        check("frame::labels_of::x", false);
        check("frame::stack::stack", false);
        check("promapi::http_date::parse_http_date", false);
        check("engine::frame::m4::x", false);
        check("memcpy", false);
    }
}
