//! Where the objects in a module's memory begin and end.

use super::symbols::{Linked, Reference};
use anyhow::{Context as _, Result, ensure};
use std::collections::HashMap;
use std::ops::Range;
use wasm_encoder::{CustomSection, Section as _};
use wasmparser::{Parser, Payload};

/// The section in which they are noted.
pub const SECTION: &str = "pyrograph.objects";

/// The addresses of each object, in order; none overlaps another.
pub struct Objects(Vec<Range<u32>>);

/// Notes in module `main` what lies in its memory: it was cut out of `linked`, which has the linker's symbols.
///
/// # Errors
/// They are not what the linker makes, or not made of each other.
pub fn note(linked: &[u8], main: &mut Vec<u8>) -> Result<()> {
    let objects = Objects::of(&Linked::read(linked)?, &Linked::read(main)?)?;
    objects.append_to(main);
    Ok(())
}

impl Objects {
    /// Notes them in a module.
    pub fn append_to(&self, module: &mut Vec<u8>) {
        let data: Vec<u8> =
            self.0.iter().flat_map(|object| [object.start, object.end]).flat_map(u32::to_le_bytes).collect();
        CustomSection { name: SECTION.into(), data: data.into() }.append_to(module);
    }

    /// What was noted in a module, if anything was.
    ///
    /// # Errors
    /// It is not a module.
    pub fn read(wasm: &[u8]) -> Result<Option<Self>> {
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::CustomSection(section) = payload?
                && section.name() == SECTION
            {
                let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte));
                let objects = section.data().chunks_exact(8).map(|both| number(&both[..4])..number(&both[4..]));
                return Ok(Some(Self(objects.collect())));
            }
        }
        Ok(None)
    }

    /// Objects that overlap are one.
    pub fn of_ranges(mut objects: Vec<Range<u32>>) -> Self {
        objects.retain(|object| !object.is_empty());
        objects.sort_unstable_by_key(|object| (object.start, object.end));
        let mut joined: Vec<Range<u32>> = Vec::with_capacity(objects.len());
        for object in objects {
            match joined.last_mut() {
                Some(last) if object.start < last.end => last.end = last.end.max(object.end),
                _ => joined.push(object),
            }
        }
        Self(joined)
    }

    /// The object that an address is in.
    pub fn find(&self, address: u32) -> Option<usize> {
        let object = self.0.partition_point(|object| object.end <= address);
        self.0.get(object).is_some_and(|found| found.start <= address).then_some(object)
    }

    /// The addresses of an object.
    pub fn range(&self, object: usize) -> Range<u32> {
        self.0[object].clone()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Cutting moves objects. A function that both modules have has the same references, so where one says the address of
    /// a symbol, the other says where that lies now; and what lies there refers to others in turn.
    fn of(linked: &Linked, main: &Linked) -> Result<Self> {
        let mut moved = Moved { linked, new: HashMap::new(), objects: Vec::new(), open: Vec::new() };
        let references = linked.in_code();
        for (old, new) in linked.same_functions(main) {
            let from = references.partition_point(|(at, _)| *at < old.start);
            let to = references.partition_point(|(at, _)| *at < old.end);
            for (at, reference) in &references[from..to] {
                moved.take(reference, main.number_in_code(new.start + at - old.start)?)?;
            }
        }
        let within = linked.in_data();
        while let Some((old, new)) = moved.open.pop() {
            let from = within.partition_point(|(at, _)| *at < old.start);
            let to = within.partition_point(|(at, _)| *at < old.end);
            for (at, reference) in &within[from..to] {
                // What is not in this module's memory lies in a part.
                if let Some(number) = main.number_in_memory(new + at - old.start) {
                    moved.take(reference, number)?;
                }
            }
        }
        Ok(Self::of_ranges(moved.objects))
    }
}

/// Objects on the way from one module to the other.
struct Moved<'a> {
    linked: &'a Linked<'a>,
    /// The new address of each symbol.
    new: HashMap<usize, u32>,
    objects: Vec<Range<u32>>,
    /// Objects whose references were not followed yet: their old addresses, and the new one of their start.
    open: Vec<(Range<u32>, u32)>,
}

impl Moved<'_> {
    /// `number` stands for the reference in the new module.
    fn take(&mut self, reference: &Reference, number: u32) -> Result<()> {
        let Some(old) = self.linked.range(reference.symbol) else { return Ok(()) };
        let start = i64::from(number) - reference.addend;
        let new = u32::try_from(start).context("an address before the memory")?;
        if let Some(known) = self.new.insert(reference.symbol, new) {
            ensure!(known == new, "one symbol at two addresses: {known} and {new}");
        } else {
            self.objects.push(new..new + old.len() as u32);
            self.open.push((old, new));
        }
        // An address outside of the object it is reckoned from: all between belongs to it.
        let end = new + self.objects_len(reference.symbol);
        if number < new || number >= end {
            self.objects.push(number.min(new)..(number + 1).max(end));
        }
        Ok(())
    }

    fn objects_len(&self, symbol: usize) -> u32 {
        self.linked.range(symbol).map_or(0, |range| range.len() as u32)
    }
}
