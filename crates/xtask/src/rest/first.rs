//! The module that is loaded first: without the rest, with doors to it.
//!
//! There is one door for all functions of a type: which of them is called, a global says. A function that is called by its
//! number lies in a table of the rest's own; one that is called through the first module's table will lie there where it
//! lay, and a door stands in until then.

use super::memory::{self, Divided};
use super::module::{FUNCTIONS, Module};
use super::numbers::Numbers;
use super::plan::Plan;
use super::{IS_THERE, LOAD, NAMESPACE, TABLE, exported_name, later, shared};
use anyhow::{Context as _, Result, anyhow};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, GlobalType, ImportSection, TableSection, TypeSection, ValType,
};
use wasmparser::{ElementItems, FunctionBody, Operator, Parser};

/// Writes it.
///
/// # Errors
/// It is not a module.
pub fn write(wasm: &[u8], module: &Module, plan: &Plan, data: &Divided) -> Result<Vec<u8>> {
    let called = plan.staying.iter().flat_map(|own| &module.calls[*own]).copied();
    let mut numbers = Numbers::of_imports(module, called.chain(module.roots()));
    let load = numbers.next();
    numbers.add(module, plan.staying.iter().chain(&plan.exported));
    // They are written in the order of their types, and so they are numbered.
    let mut one_for_each = |functions: &mut dyn Iterator<Item = usize>| -> Result<BTreeMap<u32, u32>> {
        let kinds = functions.map(|own| module.own_kind(own)).collect::<Result<BTreeSet<u32>>>()?;
        Ok(kinds.into_iter().map(|kind| (kind, numbers.next())).collect())
    };
    let doors = one_for_each(&mut plan.doors.iter().copied())?;
    let gaps = one_for_each(&mut plan.gaps.iter().map(|(_, own)| *own))?;
    for (_, own) in &plan.gaps {
        numbers.stand_in(module, *own, gaps[&module.own_kind(*own)?]);
    }
    let places = (0..).zip(&plan.doors).map(|(place, own)| (module.number(*own), place)).collect();
    let mut first = First { module, plan, data, load, load_type: 0, numbers, places, doors, gaps };
    let mut written = wasm_encoder::Module::new();
    first
        .parse_core_module(&mut written, Parser::new(0), wasm)
        .map_err(|error| anyhow!("what is loaded first cannot be written: {error}"))?;
    Ok(written.finish())
}

struct First<'a> {
    module: &'a Module<'a>,
    plan: &'a Plan,
    data: &'a Divided,
    numbers: Numbers,
    /// The function that loads the rest, and its type.
    load: u32,
    load_type: u32,
    /// Where functions of the rest lie in its table that are called by their number.
    places: HashMap<u32, i32>,
    /// The door to functions of each type, and what stands in the first table for those that are not there yet.
    doors: BTreeMap<u32, u32>,
    gaps: BTreeMap<u32, u32>,
}

impl First<'_> {
    /// The globals: whether the rest is there, and which place of a table is called.
    fn is_there(&self) -> u32 {
        self.module.globals
    }

    fn place(&self) -> u32 {
        self.module.globals + 1
    }

    /// Loads the rest where it is not there yet, then passes the call on to what lies in the table at the place.
    fn door(&self, kind: u32, table: u32) -> Result<Function> {
        let mut door = Function::new([]);
        let mut code = door.instructions();
        code.global_get(self.is_there()).i32_eqz().if_(BlockType::Empty).call(self.load).end();
        for parameter in 0..self.module.parameters(kind)? {
            code.local_get(parameter);
        }
        code.global_get(self.place()).call_indirect(table, kind).end();
        Ok(door)
    }

    /// The door to a function that is called from outside.
    fn exported(&self, own: usize) -> Result<Function> {
        let kind = self.module.own_kind(own)?;
        let mut door = Function::new([]);
        for parameter in 0..self.module.parameters(kind)? {
            door.instructions().local_get(parameter);
        }
        self.call(self.module.number(own), &mut door).context("a function without a door")?;
        door.instructions().end();
        Ok(door)
    }

    /// Calls a function of the rest by its place; nothing where it is none.
    fn call(&self, function: u32, caller: &mut Function) -> Option<()> {
        let door = self.doors.get(&self.module.kind(function).ok()?)?;
        let place = self.places.get(&function)?;
        caller.instructions().i32_const(*place).global_set(self.place()).call(*door);
        Some(())
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
        for own in self.plan.staying.iter().chain(&self.plan.exported) {
            functions.function(self.module.own_kind(*own).map_err(|_| Error::InvalidCodeSectionSize)?);
        }
        self.doors.keys().chain(self.gaps.keys()).for_each(|kind| _ = functions.function(*kind));
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
        for _ in [self.is_there(), self.place()] {
            let kind = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
            globals.global(kind, &ConstExpr::i32_const(0));
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Written {
        for export in section {
            let export = export?;
            let is_function = export.kind == wasmparser::ExternalKind::Func;
            match self.module.exports.get_key_value(export.name) {
                Some((name, function)) if is_function => {
                    exports.export(
                        &exported_name(self.module, name),
                        ExportKind::Func,
                        self.function_index(*function)?,
                    );
                }
                _ if is_function => {}
                _ => utils::parse_export(self, exports, export)?,
            }
        }
        exports.export(&shared('m', 0), ExportKind::Memory, 0);
        (0..self.module.tables).for_each(|table| _ = exports.export(&shared('t', table), ExportKind::Table, table));
        (0..self.module.globals)
            .for_each(|global| _ = exports.export(&shared('g', global), ExportKind::Global, global));
        exports.export(TABLE, ExportKind::Table, self.module.tables);
        exports.export(IS_THERE, ExportKind::Global, self.is_there());
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: wasmparser::ElementSectionReader<'_>,
    ) -> Written {
        utils::parse_element_section(self, elements, section)?;
        let back = self.plan.back.iter().map(|own| self.numbers.get(self.module.number(*own)));
        let back: Vec<u32> = back.collect::<Option<_>>().ok_or(Error::InvalidCodeSectionSize)?;
        let place = ConstExpr::i32_const(self.plan.doors.len() as i32);
        elements.active(Some(self.module.tables), &place, Elements::Functions(back.into()));
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, _: wasmparser::CodeSectionReader<'_>) -> Written {
        for own in &self.plan.staying {
            self.parse_function_body(code, self.module.bodies[*own].clone())?;
        }
        let exported = self.plan.exported.iter().map(|own| self.exported(*own));
        let doors = self.doors.keys().map(|kind| self.door(*kind, self.module.tables));
        let gaps = self.gaps.keys().map(|kind| self.door(*kind, FUNCTIONS));
        for door in exported.chain(doors).chain(gaps) {
            code.function(&door.map_err(|_| Error::InvalidCodeSectionSize)?);
        }
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Written {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            match operator {
                Operator::Call { function_index } if self.call(function_index, &mut function).is_some() => continue,
                Operator::CallIndirect { type_index, table_index: FUNCTIONS }
                    if self.gaps.contains_key(&type_index) =>
                {
                    function.instructions().global_set(self.place()).global_get(self.place());
                }
                _ => {}
            }
            function.instruction(&self.instruction(operator)?);
        }
        code.function(&function);
        Ok(())
    }

    fn data_count(&mut self, _: u32) -> Written<u32> {
        Ok(self.data.first.len() as u32)
    }

    fn parse_data_section(&mut self, data: &mut DataSection, _: wasmparser::DataSectionReader<'_>) -> Written {
        *data = memory::section(&self.data.first);
        Ok(())
    }

    fn parse_element(&mut self, elements: &mut ElementSection, element: wasmparser::Element<'_>) -> Written {
        // A table has nothing in it at first: that need not be said of the places of functions that are in parts.
        let is_nothing = match &element.items {
            ElementItems::Functions(_) => false,
            ElementItems::Expressions(_, expressions) => expressions.clone().into_iter().all(|expression| {
                let operator = expression.and_then(|expression| expression.get_operators_reader().read());
                matches!(operator, Ok(Operator::RefNull { .. }))
            }),
        };
        if is_nothing { Ok(()) } else { utils::parse_element(self, elements, element) }
    }

    fn parse_custom_section(
        &mut self,
        module: &mut wasm_encoder::Module,
        section: wasmparser::CustomSectionReader<'_>,
    ) -> Written {
        // Numbers of functions are in no other than that of names, which have done their duty.
        if ["name", memory::SECTION].contains(&section.name()) {
            Ok(())
        } else {
            utils::parse_custom_section(self, module, section)
        }
    }
}
