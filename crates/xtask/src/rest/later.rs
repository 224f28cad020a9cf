//! The module that is loaded later: the rest.

use super::memory::{self, Divided};
use super::module::{FUNCTIONS, Module};
use super::numbers::Numbers;
use super::plan::Plan;
use super::{FIRST, TABLE, shared};
use anyhow::{Result, anyhow};
use std::collections::HashMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, FunctionSection, ImportSection, Instruction, RefType,
    TableType, TypeSection,
};
use wasmparser::{FunctionBody, Operator, Parser, Payload};

/// Writes it.
///
/// # Errors
/// It is not a module.
pub fn write(wasm: &[u8], module: &Module, plan: &Plan, data: &Divided) -> Result<Vec<u8>> {
    let own: Vec<usize> = (0..module.bodies.len()).filter(|own| plan.is_rest[*own]).collect();
    let mut numbers = Numbers::of_imports(module, own.iter().flat_map(|own| module.calls[*own].iter().copied()));
    numbers.add(module, own.iter());
    let places = plan.back.iter().enumerate().map(|(i, own)| (module.number(*own), plan.doors.len() + i));
    let mut later = Later { module, numbers, places: places.collect() };
    later.write(wasm, &own, plan, data).map_err(|error| anyhow!("the rest cannot be written: {error}"))
}

struct Later<'a> {
    module: &'a Module<'a>,
    numbers: Numbers,
    /// Where in the table the functions of the first module lie.
    places: HashMap<u32, usize>,
}

type Written<T = ()> = Result<T, Error<Infallible>>;

impl Later<'_> {
    fn write(&mut self, wasm: &[u8], own: &[usize], plan: &Plan, data: &Divided) -> Written<Vec<u8>> {
        let mut types = TypeSection::new();
        let mut imports = ImportSection::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => self.parse_type_section(&mut types, section)?,
                Payload::ImportSection(section) => self.numbers.write_imports(&mut imports, section)?,
                Payload::MemorySection(memories) => {
                    for (i, memory) in (0..).zip(memories) {
                        imports.import(FIRST, &shared('m', i), EntityType::Memory(self.memory_type(memory?)?));
                    }
                }
                Payload::TableSection(tables) => {
                    for (i, table) in (0..).zip(tables) {
                        imports.import(FIRST, &shared('t', i), EntityType::Table(self.table_type(table?.ty)?));
                    }
                }
                Payload::GlobalSection(globals) => {
                    for (i, global) in (0..).zip(globals) {
                        imports.import(FIRST, &shared('g', i), EntityType::Global(self.global_type(global?.ty)?));
                    }
                }
                _ => {}
            }
        }
        imports.import(FIRST, TABLE, EntityType::Table(table(plan)));

        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for own in own {
            functions.function(self.module.own_kind(*own).map_err(|_| Error::InvalidCodeSectionSize)?);
            self.parse_function_body(&mut code, self.module.bodies[*own].clone())?;
        }
        let doors = plan.doors.iter().map(|own| self.function_index(self.module.number(*own)));
        let doors = doors.collect::<Written<Vec<u32>>>()?;
        let mut elements = ElementSection::new();
        elements.active(Some(self.module.tables), &ConstExpr::i32_const(0), Elements::Functions(doors.into()));
        for gaps in plan.gaps.chunk_by(|(place, _), (next, _)| place + 1 == *next) {
            let Some((place, _)) = gaps.first() else { continue };
            let place = ConstExpr::i32_const(place.cast_signed());
            let filled = gaps.iter().map(|(_, own)| self.function_index(self.module.number(*own)));
            let filled = filled.collect::<Written<Vec<u32>>>()?;
            elements.active(Some(FUNCTIONS), &place, Elements::Functions(filled.into()));
        }
        let mut later = wasm_encoder::Module::new();
        later.section(&types).section(&imports).section(&functions).section(&elements).section(&code);
        later.section(&memory::section(&data.rest));
        Ok(later.finish())
    }
}

/// What both modules find each other's functions in.
pub fn table(plan: &Plan) -> TableType {
    let places = (plan.doors.len() + plan.back.len()) as u64;
    TableType { element_type: RefType::FUNCREF, minimum: places, maximum: Some(places), table64: false, shared: false }
}

impl Reencode for Later<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Written<u32> {
        self.numbers.get(function).ok_or(Error::InvalidCodeSectionSize)
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Written {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            let back = match operator {
                Operator::Call { function_index } => {
                    self.places.get(&function_index).map(|place| (*place, function_index))
                }
                _ => None,
            };
            if let Some((place, called)) = back {
                let type_index = self.module.kind(called).map_err(|_| Error::InvalidCodeSectionSize)?;
                function.instruction(&Instruction::I32Const(place as i32));
                function.instruction(&Instruction::CallIndirect { type_index, table_index: self.module.tables });
            } else {
                function.instruction(&self.instruction(operator)?);
            }
        }
        code.function(&function);
        Ok(())
    }
}
