//! The module that is loaded first: without the rest, with doors to it.

use super::module::Module;
use super::numbers::Numbers;
use super::plan::Plan;
use super::{IS_THERE, LOAD, NAMESPACE, TABLE, later, shared};
use anyhow::{Result, anyhow};
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, ImportSection, TableSection, TypeSection, ValType,
};
use wasmparser::Parser;

/// Writes it.
///
/// # Errors
/// It is not a module.
pub fn write(wasm: &[u8], module: &Module, plan: &Plan) -> Result<Vec<u8>> {
    let staying: Vec<usize> = (0..module.bodies.len()).filter(|own| !plan.is_rest[*own]).collect();
    let called = staying.iter().flat_map(|own| &module.calls[*own]);
    let mut numbers = Numbers::of_imports(module, called.chain(&module.roots).copied());
    let load = numbers.next();
    numbers.add(module, staying.iter().chain(&plan.doors));
    let mut first = First { module, plan, staying, load, load_type: 0, numbers };
    let mut written = wasm_encoder::Module::new();
    first
        .parse_core_module(&mut written, Parser::new(0), wasm)
        .map_err(|error| anyhow!("what is loaded first cannot be written: {error}"))?;
    Ok(written.finish())
}

struct First<'a> {
    module: &'a Module<'a>,
    plan: &'a Plan,
    /// Own functions that stay.
    staying: Vec<usize>,
    numbers: Numbers,
    /// The function that loads the rest, and its type.
    load: u32,
    load_type: u32,
}

impl First<'_> {
    /// Loads the rest where it is not there yet, then calls what lies at `place` of the table.
    fn door(&self, place: usize, function: usize) -> Result<Function> {
        let kind = self.module.kind(self.module.imported + u32::try_from(function)?)?;
        let mut door = Function::new([]);
        let mut code = door.instructions();
        code.global_get(self.module.globals).i32_eqz().if_(BlockType::Empty).call(self.load).end();
        for parameter in 0..self.module.parameters(kind)? {
            code.local_get(parameter);
        }
        code.i32_const(i32::try_from(place)?).call_indirect(self.module.tables, kind).end();
        Ok(door)
    }
}

type Written<T = ()> = Result<T, Error<Infallible>>;

impl Reencode for First<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Written<u32> {
        self.numbers.get(function).ok_or(Error::InvalidCodeSectionSize)
    }

    fn parse_type_section(&mut self, types: &mut TypeSection, section: wasmparser::TypeSectionReader<'_>) -> Written {
        utils::parse_type_section(self, types, section)?;
        self.load_type = types.len();
        types.ty().function([], []);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Written {
        self.numbers.write_imports(imports, section)?;
        imports.import(NAMESPACE, LOAD, EntityType::Function(self.load_type));
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: wasmparser::FunctionSectionReader<'_>,
    ) -> Written {
        for own in self.staying.iter().chain(&self.plan.doors) {
            let kind = self.module.kind(self.module.imported + *own as u32);
            functions.function(kind.map_err(|_| Error::InvalidCodeSectionSize)?);
        }
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: wasmparser::TableSectionReader<'_>,
    ) -> Written {
        utils::parse_table_section(self, tables, section)?;
        tables.table(later::table(self.plan));
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Written {
        utils::parse_global_section(self, globals, section)?;
        globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Written {
        utils::parse_export_section(self, exports, section)?;
        exports.export(&shared('m', 0), ExportKind::Memory, 0);
        (0..self.module.tables).for_each(|table| _ = exports.export(&shared('t', table), ExportKind::Table, table));
        (0..self.module.globals)
            .for_each(|global| _ = exports.export(&shared('g', global), ExportKind::Global, global));
        exports.export(TABLE, ExportKind::Table, self.module.tables);
        exports.export(IS_THERE, ExportKind::Global, self.module.globals);
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: wasmparser::ElementSectionReader<'_>,
    ) -> Written {
        utils::parse_element_section(self, elements, section)?;
        let back = self.plan.back.iter().map(|own| self.numbers.get(self.module.imported + *own as u32));
        let back: Vec<u32> = back.collect::<Option<_>>().ok_or(Error::InvalidCodeSectionSize)?;
        let place = ConstExpr::i32_const(self.plan.doors.len() as i32);
        elements.active(Some(self.module.tables), &place, Elements::Functions(back.into()));
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, _: wasmparser::CodeSectionReader<'_>) -> Written {
        for own in self.staying.clone() {
            utils::parse_function_body(self, code, self.module.bodies[own].clone())?;
        }
        for (place, own) in self.plan.doors.iter().enumerate() {
            code.function(&self.door(place, *own).map_err(|_| Error::InvalidCodeSectionSize)?);
        }
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        module: &mut wasm_encoder::Module,
        section: wasmparser::CustomSectionReader<'_>,
    ) -> Written {
        // Numbers of functions are in no other than that of names, which have done their duty.
        if section.name() == "name" { Ok(()) } else { utils::parse_custom_section(self, module, section) }
    }
}
