//! Writes a Wasm module so that it compresses better: what is of one kind side by side.
//!
//! In a module's code each instruction is followed by its operands: a local, where in memory, which function. What comes
//! next in such a mix is hard to foresee. With the instructions in one stream and each kind of operand in another, Brotli
//! makes the module 12 % smaller. The glue puts them together again (`streams.js`) before the browser compiles the module.
//! The wire format of Ernst et al., Code Compression, PLDI 1997, begins with the same step.
//!
//! A file begins with numbers of four bytes, the lowest first: [`MAGIC`], the module's length, how many functions it has, the
//! lengths of what comes before the code and after it, and of each stream. Then they come, in this order. A function is its
//! locals' declaration and its instructions to the `end` that ends it; how long it is is not said.

#[cfg(test)]
mod tests;

use anyhow::{Context as _, Result, ensure};
use std::ops::RangeInclusive;
use wasmparser::{FunctionBody, Parser, Payload};

/// Its code, without the table of operands.
const CODE: &str = include_str!("streams.js");

/// How a file begins.
const MAGIC: [u8; 4] = *b"\0ops";

/// The code section's number, its length and how many functions it has; a function's length. Each number in five bytes.
const SECTION_HEAD: usize = 1 + 5 + 5;
const FUNCTION_HEAD: usize = 5;

/// The streams, in the order of the file.
#[derive(Clone, Copy)]
enum Stream {
    Instructions,
    /// How many locals of which types a function has.
    Declarations,
    Locals,
    /// How far from an address memory is read or written.
    Offsets,
    /// Numbers of 32 bits.
    Numbers,
    Functions,
    Globals,
    /// What a block gives.
    Blocks,
    /// How many blocks are left.
    Jumps,
    Others,
}
const STREAMS: usize = Stream::Others as usize + 1;

/// The numbers at the beginning of a file, without [`MAGIC`]: from which on they are lengths of what follows, and of how much.
const LENGTHS_AT: usize = 2;
const PIECES: usize = 2 + STREAMS;
const HEAD: usize = MAGIC.len() + 4 * (LENGTHS_AT + PIECES);

/// What follows an instruction.
#[derive(Clone, Copy)]
enum Operands {
    /// A number in the bytes that it takes (LEB128), in this stream.
    Number(Stream),
    /// Two of them, among the others.
    Pair,
    /// How far memory is aligned, and the offset. The former is always 0, as [`crate::spelling`] says it, and left out.
    Memory,
    /// The same, and a lane of a vector.
    MemoryLane,
    /// How many jumps follow, and one more.
    JumpTable,
    /// What a block gives; how many exceptions it catches, and of each the way, perhaps which, and the jump, among the others.
    Try,
    /// As many bytes, among the others.
    Bytes(u8),
}

use Operands::{Bytes, JumpTable, Memory, MemoryLane, Number, Pair, Try};
use Stream::{Blocks, Functions, Globals, Jumps, Locals, Numbers, Offsets, Others};

impl Operands {
    /// What they are to the decoder.
    fn code(self) -> u8 {
        match self {
            Number(stream) => stream as u8,
            Memory => 10,
            MemoryLane => 11,
            Pair => 12,
            JumpTable => 13,
            Try => 14,
            Bytes(count) => 20 + count,
        }
    }
}

/// What follows which instructions. The others have nothing after them.
const OPERANDS: &[(RangeInclusive<usize>, Operands)] = &[
    (0x02..=0x04, Number(Blocks)), // block, loop, if
    (0x08..=0x08, Number(Others)), // throw
    (0x0c..=0x0d, Number(Jumps)),
    (0x0e..=0x0e, JumpTable),
    (0x10..=0x10, Number(Functions)),
    (0x11..=0x11, Pair), // call_indirect: type, table
    (0x1f..=0x1f, Try),
    (0x20..=0x22, Number(Locals)),
    (0x23..=0x24, Number(Globals)),
    (0x25..=0x26, Number(Others)), // a table's element
    (0x28..=0x3e, Memory),
    (0x3f..=0x40, Number(Others)), // the memory's size
    (0x41..=0x41, Number(Numbers)),
    (0x42..=0x42, Number(Others)),
    (0x43..=0x43, Bytes(4)),
    (0x44..=0x44, Bytes(8)),
    (0xd0..=0xd0, Number(Others)), // ref.null
    (0xd2..=0xd2, Number(Functions)),
    (BULK + 8..=BULK + 8, Pair), // memory.init
    (BULK + 9..=BULK + 9, Number(Others)),
    (BULK + 10..=BULK + 10, Pair), // memory.copy
    (BULK + 11..=BULK + 11, Number(Others)),
    (BULK + 12..=BULK + 12, Pair), // table.init
    (BULK + 13..=BULK + 13, Number(Others)),
    (BULK + 14..=BULK + 14, Pair), // table.copy
    (BULK + 15..=BULK + 17, Number(Others)),
    (VECTOR..=VECTOR + 11, Memory),
    (VECTOR + 12..=VECTOR + 13, Bytes(16)),
    (VECTOR + 21..=VECTOR + 34, Bytes(1)),
    (VECTOR + 84..=VECTOR + 91, MemoryLane),
    (VECTOR + 92..=VECTOR + 93, Memory),
];

/// Instructions after 0xfc and 0xfd have a number of their own, which is added to these.
const BULK: usize = 0x100;
const VECTOR: usize = 0x200;
const BULK_PREFIX: u8 = 0xfc;
const VECTOR_PREFIX: u8 = 0xfd;

/// The ways to catch an exception below this one name which.
const CATCH_ALL: u8 = 2;

/// What makes modules of what [`write`] gives, for the glue: `wasmOf(buffer)`.
pub fn decoder() -> String {
    let row = |(range, operands): &(RangeInclusive<usize>, Operands)| {
        format!("[{},{},{}]", range.start(), range.end(), operands.code())
    };
    let rows: Vec<String> = OPERANDS.iter().map(row).collect();
    CODE.replace("OPERANDS", &format!("[{}]", rows.join(",")))
}

/// The same module in streams. One without code stays as it is.
///
/// # Errors
/// It is not a module, or has instructions that no module of ours had when this was written.
pub fn write(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut streams: [Vec<u8>; STREAMS] = Default::default();
    let (mut before, mut code_end, mut length) = (0, None, SECTION_HEAD);
    let mut functions = 0_u32;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::Version { range, .. } => before = usize::try_from(range.end)?,
            Payload::CodeSectionStart { range, .. } => code_end = Some(usize::try_from(range.end)?),
            Payload::CodeSectionEntry(body) => {
                functions += 1;
                length += FUNCTION_HEAD + body.as_bytes().len();
                divide(body, &mut streams)?;
            }
            payload => {
                let section = payload.as_section().filter(|_| code_end.is_none());
                before = section.map_or(Ok(before), |(_, section)| usize::try_from(section.end))?;
            }
        }
    }
    let Some(code_end) = code_end else { return Ok(wasm.to_vec()) };
    let after = &wasm[code_end..];
    length += before + after.len();
    let mut file = MAGIC.to_vec();
    let numbers = [length, functions as usize, before, after.len()].into_iter().chain(streams.iter().map(Vec::len));
    for number in numbers {
        file.extend(u32::try_from(number)?.to_le_bytes());
    }
    file.extend(&wasm[..before]);
    file.extend(after);
    file.extend(streams.concat());
    Ok(file)
}

/// Where in a file that [`write`] wrote one thing ends and another begins. None in any other.
pub fn ends(file: &[u8]) -> Vec<usize> {
    let Some(numbers) = file.strip_prefix(&MAGIC) else { return Vec::new() };
    let numbers = numbers.as_chunks().0.iter().map(|number| u32::from_le_bytes(*number) as usize);
    let lengths = numbers.skip(LENGTHS_AT).take(PIECES);
    lengths
        .scan(HEAD, |end, length| {
            *end += length;
            Some(*end).filter(|end| *end <= file.len())
        })
        .collect()
}

/// Adds a function to the streams.
fn divide(body: &FunctionBody, streams: &mut [Vec<u8>; STREAMS]) -> Result<()> {
    let bytes = body.as_bytes();
    let mut operators = body.get_operators_reader()?;
    let start = operators.original_position() - body.range().start;
    let (declarations, mut code) = bytes.split_at(usize::try_from(start)?);
    streams[Stream::Declarations as usize].extend(declarations);
    while !operators.eof() {
        let before = operators.original_position();
        let operator = operators.read()?;
        let (instruction, rest) = code.split_at(usize::try_from(operators.original_position() - before)?);
        divide_instruction(instruction, streams)
            .with_context(|| format!("{operator:?} is not known to streams/mod.rs"))?;
        code = rest;
    }
    Ok(())
}

/// Adds an instruction with what follows it.
fn divide_instruction(mut bytes: &[u8], streams: &mut [Vec<u8>; STREAMS]) -> Result<()> {
    let mut add = |stream: Stream, bytes: &[u8]| streams[stream as usize].extend(bytes);
    let code = take(&mut bytes, 1)?;
    add(Stream::Instructions, code);
    let mut instruction = usize::from(code[0]);
    for (prefix, first) in [(BULK_PREFIX, BULK), (VECTOR_PREFIX, VECTOR)] {
        if code[0] == prefix {
            let (number, value) = take_number(&mut bytes)?;
            add(Stream::Instructions, number);
            instruction = first + value;
        }
    }
    let operands = OPERANDS.iter().find(|(range, _)| range.contains(&instruction)).map(|(_, operands)| *operands);
    match operands {
        None => {}
        Some(Number(stream)) => add(stream, take_number(&mut bytes)?.0),
        Some(Pair) => {
            add(Others, take_number(&mut bytes)?.0);
            add(Others, take_number(&mut bytes)?.0);
        }
        Some(operands @ (Memory | MemoryLane)) => {
            ensure!(take(&mut bytes, 1)? == [0], "memory is said to be aligned");
            add(Offsets, take_number(&mut bytes)?.0);
            if matches!(operands, MemoryLane) {
                add(Others, take(&mut bytes, 1)?);
            }
        }
        Some(JumpTable) => {
            let (number, count) = take_number(&mut bytes)?;
            add(Jumps, number);
            for _ in 0..=count {
                add(Jumps, take_number(&mut bytes)?.0);
            }
        }
        Some(Try) => {
            add(Blocks, take_number(&mut bytes)?.0);
            let (number, count) = take_number(&mut bytes)?;
            add(Others, number);
            for _ in 0..count {
                let way = take(&mut bytes, 1)?;
                add(Others, way);
                if way[0] < CATCH_ALL {
                    add(Others, take_number(&mut bytes)?.0);
                }
                add(Others, take_number(&mut bytes)?.0);
            }
        }
        Some(Bytes(count)) => add(Others, take(&mut bytes, count.into())?),
    }
    ensure!(bytes.is_empty(), "more follows than is known");
    Ok(())
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count).context("it ends too early")?;
    *bytes = rest;
    Ok(taken)
}

/// The bytes of a number, of which all but the last have their highest bit set, and its value without sign.
fn take_number<'a>(bytes: &mut &'a [u8]) -> Result<(&'a [u8], usize)> {
    let length = bytes.iter().position(|byte| byte & 0x80 == 0).context("a number does not end")? + 1;
    let number = take(bytes, length)?;
    // Values are asked for only where they are small.
    let value = number.iter().rev().fold(0_usize, |value, byte| value << 7 | usize::from(byte & 0x7f));
    Ok((number, value))
}
