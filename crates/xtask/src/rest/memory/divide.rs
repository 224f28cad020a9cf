//! Which of the memory is put in with the first module, and which with the rest.

use super::objects::Objects;
use crate::rest::module::Module;
use crate::rest::plan::Plan;
use anyhow::{Context as _, Result, bail};
use std::ops::Range;
use wasm_encoder::DataSection;
use wasmparser::{BinaryReader, ConstExpr, DataKind, FunctionBody, Operator, Parser, Payload};

/// Fewer bytes than this are not worth a segment of their own.
const SMALL: usize = 16;

/// The data of both modules: addresses, and what is put there.
#[derive(Default)]
pub struct Divided {
    pub first: Vec<(u32, Vec<u8>)>,
    pub rest: Vec<(u32, Vec<u8>)>,
}

impl Divided {
    /// Without the linker's symbols all stays in the first module.
    ///
    /// # Errors
    /// The module is not valid.
    pub fn new(wasm: &[u8], module: &Module, plan: &Plan) -> Result<Self> {
        let memory = Memory::read(wasm)?;
        let objects = Objects::read(wasm)?;
        let is_read = objects.as_ref().map(|objects| is_read(module, plan, &memory, objects)).transpose()?;
        let mut divided = Self::default();
        for (start, bytes) in &memory.segments {
            // Of bytes that are in no object nothing is known.
            let object = |at: usize| objects.as_ref()?.find(start + at as u32);
            let stays = |at: usize| object(at).is_none_or(|object| is_read.as_ref().is_none_or(|read| read[object]));
            divided.divide(*start, bytes, &runs(bytes.len(), stays));
        }
        Ok(divided)
    }

    fn divide(&mut self, start: u32, bytes: &[u8], runs: &[(Range<usize>, bool)]) {
        for (range, stays) in runs {
            let (address, bytes) = (start + range.start as u32, &bytes[range.clone()]);
            let side = if *stays { &mut self.first } else { &mut self.rest };
            side.push((address, bytes.to_vec()));
        }
    }
}

/// The same as a section.
pub fn section(segments: &[(u32, Vec<u8>)]) -> DataSection {
    let mut section = DataSection::new();
    for (address, bytes) in segments {
        section.active(0, &wasm_encoder::ConstExpr::i32_const(address.cast_signed()), bytes.iter().copied());
    }
    section
}

/// Ranges that stay and ranges that go, in turn. What is short and goes, stays.
fn runs(length: usize, stays: impl Fn(usize) -> bool) -> Vec<(Range<usize>, bool)> {
    let mut runs: Vec<(Range<usize>, bool)> = Vec::new();
    let mut at = 0;
    while at < length {
        let kind = stays(at);
        let end = (at..length).find(|at| stays(*at) != kind).unwrap_or(length);
        let kind = kind || end - at < SMALL;
        match runs.last_mut() {
            Some((last, before)) if *before == kind => last.end = end,
            _ => runs.push((at..end, kind)),
        }
        at = end;
    }
    runs
}

/// Whether the first module's code may read each object.
fn is_read(module: &Module, plan: &Plan, memory: &Memory, objects: &Objects) -> Result<Vec<bool>> {
    let mut is_read = vec![false; objects.len()];
    let mut addresses = memory.globals.clone();
    for own in (0..module.bodies.len()).filter(|own| !plan.is_rest[*own]) {
        add_numbers(&module.bodies[own], &mut addresses)?;
    }
    let mut open: Vec<usize> = addresses.into_iter().filter_map(|address| objects.find(address)).collect();
    while let Some(object) = open.pop() {
        if !std::mem::replace(&mut is_read[object], true) {
            open.extend(memory.words(objects.range(object)).filter_map(|word| objects.find(word)));
        }
    }
    Ok(is_read)
}

/// Adds each number in a function that may be an address: one that stands there, or one that a place is reckoned from.
fn add_numbers(body: &FunctionBody, numbers: &mut Vec<u32>) -> Result<()> {
    let mut reader = body.get_operators_reader()?;
    while !reader.eof() {
        let code = reader.get_binary_reader();
        match reader.read()? {
            Operator::I32Const { value } => numbers.push(value.cast_unsigned()),
            _ => numbers.extend(offset(code)),
        }
    }
    Ok(())
}

/// The offset that an instruction has which reads or writes memory; none for others.
fn offset(mut code: BinaryReader) -> Option<u32> {
    let accesses = match code.read_u8().ok()? {
        0x28..=0x3e => true,
        0xfd => matches!(code.read_var_u32().ok()?, 0..=11 | 84..=93),
        _ => false,
    };
    let _alignment = accesses.then(|| code.read_var_u32().ok()).flatten()?;
    code.read_var_u32().ok()
}

/// What a module puts into its memory, and the numbers that it starts with.
#[derive(Default)]
struct Memory<'a> {
    segments: Vec<(u32, &'a [u8])>,
    globals: Vec<u32>,
}

impl<'a> Memory<'a> {
    fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut memory = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::GlobalSection(globals) => {
                    for global in globals {
                        memory.globals.extend(number(&global?.init_expr)?);
                    }
                }
                Payload::DataSection(data) => {
                    for segment in data {
                        let segment = segment?;
                        let DataKind::Active { memory_index: 0, offset_expr } = &segment.kind else {
                            bail!("data that is not put into the memory at the start");
                        };
                        let start = number(offset_expr)?.context("data at an address that is not known")?;
                        memory.segments.push((start, segment.data));
                    }
                }
                _ => {}
            }
        }
        Ok(memory)
    }

    /// The words in a range of addresses: those of references are multiples of four.
    fn words(&self, range: Range<u32>) -> impl Iterator<Item = u32> {
        let segment = self.segments.iter().find(|(start, bytes)| {
            range.start.checked_sub(*start).is_some_and(|offset| (offset as usize) < bytes.len())
        });
        let (start, bytes) = segment.copied().unwrap_or((range.start, &[]));
        let aligned = range.start.next_multiple_of(4)..range.end;
        aligned.step_by(4).filter_map(move |address| {
            let at = (address - start) as usize;
            Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
        })
    }
}

fn number(expression: &ConstExpr) -> Result<Option<u32>> {
    Ok(match expression.get_operators_reader().read()? {
        Operator::I32Const { value } => Some(value.cast_unsigned()),
        _ => None,
    })
}
