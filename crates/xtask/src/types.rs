//! Leaves out of a Wasm module the types that nothing in it has.
//!
//! A module that is cut into several has all types of the whole in each of them. Of those that are left, no two are the
//! same, and those that are named most often have the shortest numbers.

use anyhow::{Result, anyhow};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{Module, TypeSection};
use wasmparser::{CustomSectionReader, FuncType, Parser, Payload, TypeSectionReader};

/// The same module with other numbers for its types, and without custom sections.
///
/// # Errors
/// It is not a module.
pub fn renumber(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut numbers = Vec::new();
    let mut known: HashMap<FuncType, u32> = HashMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::TypeSection(types) = payload? {
            for (number, kind) in (0..).zip(types.into_iter_err_on_gc_types()) {
                numbers.push(*known.entry(kind?).or_insert(number));
            }
        }
    }
    let mut counted = Renumbered { order: Vec::new(), named: vec![0; numbers.len()], numbers };
    counted.write(wasm)?;

    let Renumbered { named, numbers: same, .. } = counted;
    let mut order: Vec<usize> = (0..named.len()).filter(|number| named[*number] > 0).collect();
    order.sort_by_key(|number| Reverse(named[*number]));
    let mut places = vec![0; named.len()];
    for (place, number) in (0..).zip(&order) {
        places[*number] = place;
    }
    let numbers = same.into_iter().map(|number| places[number as usize]).collect();
    Renumbered { order, named, numbers }.write(wasm)
}

/// A module on its way to other numbers.
struct Renumbered {
    /// Which types are written.
    order: Vec<usize>,
    /// The new number of each type.
    numbers: Vec<u32>,
    /// How often each new number is written.
    named: Vec<usize>,
}

impl Renumbered {
    fn write(&mut self, wasm: &[u8]) -> Result<Vec<u8>> {
        let mut module = Module::new();
        self.parse_core_module(&mut module, Parser::new(0), wasm)
            .map_err(|error| anyhow!("its types cannot be numbered: {error}"))?;
        Ok(module.finish())
    }
}

impl Reencode for Renumbered {
    type Error = Infallible;

    /// Names of types are of no use.
    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error<Self::Error>> {
        Ok(())
    }

    fn type_index(&mut self, number: u32) -> Result<u32, Error<Self::Error>> {
        let new = self.numbers.get(number as usize).copied().ok_or(Error::InvalidCodeSectionSize)?;
        self.named[new as usize] += 1;
        Ok(new)
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: TypeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let groups = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for number in self.order.clone() {
            let group = groups.get(number).cloned().ok_or(Error::InvalidCodeSectionSize)?;
            self.parse_recursive_type_group(types.ty(), group)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::renumber;
    use wasmparser::{Parser, Payload, Validator};

    /// The parameters of the types that a module has, as text.
    fn types(wasm: &[u8]) -> Vec<String> {
        let mut types = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::TypeSection(section) = payload.unwrap() {
                types.extend(section.into_iter_err_on_gc_types().map(|kind| format!("{:?}", kind.unwrap().params())));
            }
        }
        types
    }

    #[test]
    fn only_types_that_something_has_are_left_the_most_frequent_first() {
        let check = |text: &str, expected: &[&str]| {
            let wasm = renumber(&wat::parse_str(text).unwrap()).unwrap();
            Validator::new().validate_all(&wasm).unwrap();
            assert_eq!(types(&wasm), expected, "{text}");
        };
        let module = |rest: &str| {
            format!(
                "(module (type $none (func (param i64))) (type $a (func (param i32))) (type $b (func)) (type $c (func))
                    (type $d (func (param f32) (result i32))) {rest} (table 1 funcref))"
            )
        };
        check(&module(""), &[]);
        check(&module("(func (type $a)) (func (type $b)) (func (type $c))"), &["[]", "[I32]"]);
        check(&module("(import \"m\" \"f\" (func (type $c))) (func (type $c)) (func (type $a))"), &["[]", "[I32]"]);
        check(&module("(func (type $c) (call_indirect (type $a) (i32.const 1) (i32.const 0)))"), &["[I32]", "[]"]);
        check(
            &module("(func (type $b) (drop (f32.const 1) (block (type $d) (drop) (i32.const 1))))"),
            &["[]", "[F32]"],
        );
    }
}
