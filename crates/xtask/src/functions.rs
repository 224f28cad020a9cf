//! The functions of a Wasm module, as those read them that write it anew.

use anyhow::Result;
use wasmparser::{FunctionBody, Parser, Payload, TypeRef};

/// A module's functions.
pub struct Functions<'a> {
    /// How many come from elsewhere: they have the first numbers.
    pub imported: u32,
    /// The types of its own, in their order.
    pub kinds: Vec<u32>,
    /// The code of its own, in their order.
    pub bodies: Vec<FunctionBody<'a>>,
}

impl<'a> Functions<'a> {
    /// # Errors
    /// It is not a module.
    pub fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut functions = Self { imported: 0, kinds: Vec::new(), bodies: Vec::new() };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let is_function = matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
                        functions.imported += u32::from(is_function);
                    }
                }
                Payload::FunctionSection(kinds) => functions.kinds = kinds.into_iter().collect::<Result<_, _>>()?,
                Payload::CodeSectionEntry(body) => functions.bodies.push(body),
                _ => {}
            }
        }
        Ok(functions)
    }
}
