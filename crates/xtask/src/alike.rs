//! Puts the functions of a Wasm module that are alike side by side.
//!
//! The linker leaves functions in the order of their crates. Brotli says what was there before in the fewer bits the nearer
//! it is, so with neighbours that are alike the same module is about 2 % smaller on the wire. Names of functions, which
//! nobody asks for, are left out.

use crate::functions::Functions;
use crate::{spelling, types};
use anyhow::Result;
use std::collections::HashMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser};

/// The same module with its functions in another order, and without names and types that nobody asks for.
///
/// # Errors
/// It is not a module.
pub fn arrange(wasm: &[u8]) -> Result<Vec<u8>> {
    let wasm = &spelling::same(&types::renumber(wasm)?)?;
    let functions = Functions::read(wasm)?;
    let (imported, order) = (functions.imported, chain(&functions));
    let mut places = vec![0; order.len()];
    for (place, &function) in order.iter().enumerate() {
        places[function] = imported + u32::try_from(place)?;
    }
    let mut module = Module::new();
    Arranged { imported, order, places }.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

/// An order of a module's own functions in which those that are alike stand side by side.
///
/// # Errors
/// It is not a module.
pub fn order(wasm: &[u8]) -> Result<Vec<usize>> {
    Ok(chain(&Functions::read(wasm)?))
}

/// A module on its way into another order.
struct Arranged {
    /// How many functions come from elsewhere: these keep their numbers.
    imported: u32,
    /// Which function comes when.
    order: Vec<usize>,
    /// The new number of every function.
    places: Vec<u32>,
}

impl Reencode for Arranged {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Self::Error>> {
        let own = function.checked_sub(self.imported);
        let place = own.map(|own| self.places.get(own as usize).copied());
        place.unwrap_or(Some(function)).ok_or(Error::InvalidCodeSectionSize)
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for function in self.order.clone() {
            let kind = types.get(function).ok_or(Error::InvalidCodeSectionSize)?;
            functions.function(self.type_index(*kind)?);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for function in self.order.clone() {
            let body = bodies.get(function).ok_or(Error::InvalidCodeSectionSize)?;
            utils::parse_function_body(self, code, body.clone())?;
        }
        Ok(())
    }
}

/// As many bytes in a row make a sequence: shorter ones are alike by chance.
const SEQUENCE: usize = 6;
/// A sequence that more functions have says nothing about any two of them.
const COMMON: usize = 100;
/// Added to a function's sequences when it is asked how large a share of them is known: without it, the smallest ones
/// would always be taken first.
const SMALL: usize = 20;

/// An order in which each function is followed by the one, of those that are left, that is most like it.
fn chain(functions: &Functions) -> Vec<usize> {
    let bodies: Vec<&[u8]> = functions.bodies.iter().map(|body| body.as_bytes()).collect();
    let sequences: Vec<Vec<&[u8]>> = bodies.iter().map(|body| sequences(body)).collect();
    let mut owners: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, sequences) in sequences.iter().enumerate() {
        for sequence in sequences {
            owners.entry(sequence).or_default().push(function);
        }
    }
    owners.retain(|_, functions| functions.len() <= COMMON);

    let mut order = Vec::with_capacity(bodies.len());
    let mut is_placed = vec![false; bodies.len()];
    let mut shared = vec![0_usize; bodies.len()];
    for first in 0..bodies.len() {
        let mut next = Some(first).filter(|first| !is_placed[*first]);
        while let Some(function) = next {
            is_placed[function] = true;
            order.push(function);
            let mut alike = Vec::new();
            for other in sequences[function].iter().filter_map(|sequence| owners.get(sequence)).flatten() {
                if !is_placed[*other] {
                    if shared[*other] == 0 {
                        alike.push(*other);
                    }
                    shared[*other] += 1;
                }
            }
            // By whole numbers, so that the order is the same on every machine; of two, the one that comes first.
            let share = |other: &usize| shared[*other] * 1_000_000 / (sequences[*other].len() + SMALL);
            next = alike.iter().copied().max_by_key(|other| (share(other), std::cmp::Reverse(*other)));
            for other in alike {
                shared[other] = 0;
            }
        }
    }
    order
}

/// Every sequence of bytes in `body`, each once.
fn sequences(body: &[u8]) -> Vec<&[u8]> {
    let mut sequences: Vec<&[u8]> = body.windows(SEQUENCE).collect();
    sequences.sort_unstable();
    sequences.dedup();
    sequences
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{ExportKind, ExportSection, Function, TypeSection, ValType};

    /// A function that gives `number`, after adding it up `length` times in the manner of its `kind`.
    fn function(kind: i32, number: i32, length: usize) -> Function {
        let mut function = Function::new([(1, ValType::I32)]);
        let mut code = function.instructions();
        for _ in 0..length {
            code.i32_const(kind).local_get(0).i32_xor().i32_const(kind * 7).i32_mul().local_set(0);
        }
        code.i32_const(number).end();
        function
    }

    /// A module whose exports `0`, `1`, … call functions that give 0, 1, …
    fn module(kinds: &[i32]) -> Vec<u8> {
        let count = u32::try_from(kinds.len()).unwrap();
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let (mut functions, mut exports, mut code) = (FunctionSection::new(), ExportSection::new(), CodeSection::new());
        for (number, kind) in (0..count).zip(kinds) {
            functions.function(0);
            exports.export(&number.to_string(), ExportKind::Func, count + number);
            code.function(&function(*kind, number.cast_signed(), 4));
        }
        for number in 0..count {
            functions.function(0);
            let mut caller = Function::new([]);
            caller.instructions().call(number).end();
            code.function(&caller);
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    /// The number that export `name` gives, and where the function stands that gives it.
    fn call(wasm: &[u8], name: &str) -> (i32, u32) {
        use wasmparser::{Operator, Payload};
        let (mut bodies, mut exported) = (Vec::new(), None);
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.unwrap() {
                Payload::ExportSection(exports) => {
                    exported = exports.into_iter().map(Result::unwrap).find(|export| export.name == name);
                }
                Payload::CodeSectionEntry(body) => bodies.push(body),
                _ => {}
            }
        }
        let mut at = exported.unwrap().index;
        loop {
            let operators = bodies[at as usize].get_operators_reader().unwrap().into_iter();
            match operators.map(Result::unwrap).collect::<Vec<_>>().as_slice() {
                [Operator::Call { function_index }, Operator::End] => at = *function_index,
                [.., Operator::I32Const { value }, Operator::End] => return (*value, at),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn each_function_is_still_called_by_its_name_and_stands_beside_its_like() {
        let kinds = [11, 99, 11, 55, 99, 11, 55];
        let before = module(&kinds);
        let after = arrange(&before).unwrap();
        wasmparser::Validator::new().validate_all(&after).unwrap();
        let mut places = Vec::new();
        for (number, kind) in (0..).zip(kinds) {
            let (found, place) = call(&after, &format!("{number}"));
            assert_eq!((found, call(&before, &format!("{number}")).0), (number, number));
            places.push((place, kind));
        }
        places.sort_unstable();
        let kinds: Vec<i32> = places.into_iter().map(|(_, kind)| kind).collect();
        assert_eq!(kinds, [11, 11, 11, 99, 99, 55, 55]);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        for bytes in [b"".as_slice(), b"\0asm", b"<!doctype html>"] {
            assert!(arrange(bytes).is_err(), "{bytes:?}");
        }
    }
}
