//! Makes one function of those that are the same.
//!
//! Generic code is compiled for each type, and often it is the same for several. LLVM finds some of these; others become
//! the same only once those that they call have.

use crate::functions::Functions;
use anyhow::{Result, anyhow};
use std::collections::HashMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module, NameMap, NameSection};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, KnownCustom, Name, Operator, Parser,
};

/// The same module, in which no two functions are the same. One that stands for several has the name of the first.
///
/// # Errors
/// It is not a module.
pub fn merge(wasm: &[u8]) -> Result<Vec<u8>> {
    let functions = Functions::read(wasm)?;
    let all = functions.imported + u32::try_from(functions.bodies.len())?;
    let mut merged = Merged { stands_for: (0..all).collect(), numbers: Vec::new() };
    while merged.find(&functions)? {}
    merged.number();
    let mut module = Module::new();
    merged
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|error| anyhow!("functions that are the same cannot be merged: {error}"))?;
    Ok(module.finish())
}

/// Stands for a call where codes are compared: no operator begins with this byte.
const CALL: u8 = 0xff;

/// A module on its way to fewer functions.
struct Merged {
    /// The function that each is the same as: the first of them, which may be itself.
    stands_for: Vec<u32>,
    /// The new number of each.
    numbers: Vec<u32>,
}

impl Merged {
    /// Looks for functions that are the same, now that those that they call may be. False when there are no more.
    fn find(&mut self, functions: &Functions) -> Result<bool> {
        let Functions { imported, kinds, bodies } = functions;
        let mut known = HashMap::new();
        let mut is_new = false;
        for ((function, kind), body) in (*imported..).zip(kinds).zip(bodies) {
            let at = function as usize;
            if self.stands_for[at] == function {
                let first = *known.entry((kind, self.code(body)?)).or_insert(function);
                self.stands_for[at] = first;
                is_new |= first != function;
            }
        }
        // Those that stood for others until now may have found another themselves.
        for at in 0..self.stands_for.len() {
            self.stands_for[at] = self.stands_for[self.stands_for[at] as usize];
        }
        Ok(is_new)
    }

    /// A function's code, in which it calls those that stand for what it calls.
    fn code(&self, body: &FunctionBody) -> Result<Vec<u8>> {
        let (start, bytes) = (body.range().start, body.as_bytes());
        let mut operators = body.get_operators_reader()?;
        let mut code = bytes[..(operators.original_position() - start) as usize].to_vec();
        while !operators.eof() {
            let from = operators.original_position();
            if let Operator::Call { function_index } = operators.read()? {
                code.push(CALL);
                code.extend(self.stands_for[function_index as usize].to_le_bytes());
            } else {
                code.extend(&bytes[(from - start) as usize..(operators.original_position() - start) as usize]);
            }
        }
        Ok(code)
    }

    fn number(&mut self) {
        let mut next = 0..;
        for (function, first) in (0..).zip(&self.stands_for) {
            let known = self.numbers.get(*first as usize).copied();
            self.numbers.push(known.filter(|_| *first != function).or_else(|| next.next()).unwrap_or_default());
        }
    }

    fn is_first(&self, function: u32) -> bool {
        self.stands_for.get(function as usize) == Some(&function)
    }
}

type Written<T = ()> = Result<T, Error<Infallible>>;

impl Reencode for Merged {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Written<u32> {
        self.numbers.get(function as usize).copied().ok_or(Error::InvalidCodeSectionSize)
    }

    fn parse_function_section(&mut self, functions: &mut FunctionSection, kinds: FunctionSectionReader<'_>) -> Written {
        let imported = self.stands_for.len() as u32 - kinds.count();
        for (function, kind) in (imported..).zip(kinds) {
            if self.is_first(function) {
                functions.function(self.type_index(kind?)?);
            }
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, bodies: CodeSectionReader<'_>) -> Written {
        let imported = self.stands_for.len() as u32 - bodies.count();
        for (function, body) in (imported..).zip(bodies) {
            if self.is_first(function) {
                utils::parse_function_body(self, code, body?)?;
            }
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> Written {
        let KnownCustom::Name(names) = section.as_known() else {
            return utils::parse_custom_section(self, module, section);
        };
        let mut functions = NameMap::new();
        for name in names {
            if let Name::Function(named) = name? {
                for naming in named {
                    let naming = naming?;
                    if self.is_first(naming.index) {
                        functions.append(self.function_index(naming.index)?, naming.name);
                    }
                }
            }
        }
        let mut names = NameSection::new();
        names.functions(&functions);
        module.section(&names);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::merge;
    use wasmparser::Validator;

    #[test]
    fn functions_that_are_the_same_become_one() {
        let check = |functions: &str, expected: &str| {
            let module = |functions: &str| {
                let text = format!("(module (import \"a\" \"b\" (func)) (type (func (param i32))) {functions})");
                wat::parse_str(text).unwrap()
            };
            let merged = merge(&module(functions)).unwrap();
            Validator::new().validate_all(&merged).unwrap();
            assert_eq!(merged, module(expected), "{functions}");
        };
        let (a, b) = ("(func (result i32) (i32.const 1))", "(func (result i32) (i32.const 2))");
        check(&format!("{a}{b}"), &format!("{a}{b}"));
        check(&format!("{a}{b}{a}"), &format!("{a}{b}"));
        // Those that call them follow, whoever comes first.
        check(
            &format!("(func (drop (call 3))) (func (drop (call 4))) {a}{a} (export \"x\" (func 2))"),
            &format!("(func (drop (call 2))) {a} (export \"x\" (func 1))"),
        );
        // Of another type, they are others.
        check("(func) (func (type 0)) (func)", "(func) (func (type 0))");
        // What lies in the table is called as before.
        check(
            &format!("{a}{a}{b} (table 3 funcref) (elem (i32.const 0) 1 2 3)"),
            &format!("{a}{b} (table 3 funcref) (elem (i32.const 0) 1 1 2)"),
        );
    }
}
