//! A module that tells which stretches of its code are run.

use super::module::Module;
use super::outline::end_of_stretch;
use super::{NAMESPACE, RUN};
use anyhow::{Result, anyhow};
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, EntityType, ImportSection, Instruction, TypeSection, ValType};
use wasmparser::{FunctionBody, Parser};

/// The same module, where each stretch of code first tells its number: those of all functions are counted together, from 0.
///
/// # Errors
/// It is not a module.
pub fn write(wasm: &[u8], module: &Module) -> Result<Vec<u8>> {
    let mut traced = Traced { run: module.imported, run_type: 0, next: 0 };
    let mut written = wasm_encoder::Module::new();
    traced
        .parse_core_module(&mut written, Parser::new(0), wasm)
        .map_err(|error| anyhow!("the traced module cannot be written: {error}"))?;
    Ok(written.finish())
}

struct Traced {
    /// The function that is told, and its type.
    run: u32,
    run_type: u32,
    /// The stretch that comes next.
    next: i32,
}

type Written<T = ()> = Result<T, Error<Infallible>>;

impl Reencode for Traced {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Written<u32> {
        Ok(if function < self.run { function } else { function + 1 })
    }

    fn parse_type_section(&mut self, types: &mut TypeSection, section: wasmparser::TypeSectionReader<'_>) -> Written {
        utils::parse_type_section(self, types, section)?;
        self.run_type = types.len();
        types.ty().function([ValType::I32], []);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Written {
        utils::parse_import_section(self, imports, section)?;
        imports.import(NAMESPACE, RUN, EntityType::Function(self.run_type));
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Written {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut is_start = true;
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            if is_start {
                function.instruction(&Instruction::I32Const(self.next));
                function.instruction(&Instruction::Call(self.run));
                self.next += 1;
            }
            is_start = end_of_stretch(&operator).is_some();
            function.instruction(&self.instruction(operator)?);
        }
        code.function(&function);
        Ok(())
    }
}
