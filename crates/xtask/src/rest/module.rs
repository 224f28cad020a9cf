//! What has to be known of a module to cut it.

use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use wasmparser::{
    CompositeInnerType, Element, ElementItems, ElementKind, FunctionBody, KnownCustom, Name, Operator, Parser, Payload,
    TypeRef, ValType,
};

/// The table through which functions are called: there is no other but that of JavaScript's values.
pub const FUNCTIONS: u32 = 0;

/// A module as `wasm-bindgen` leaves it. Functions are known by their numbers, those from elsewhere first.
#[derive(Default)]
pub struct Module<'a> {
    /// How many functions come from elsewhere.
    pub imported: u32,
    /// The modules that they come from, and their names there.
    pub imports: Vec<(&'a str, &'a str)>,
    /// The module's own functions.
    pub bodies: Vec<FunctionBody<'a>>,
    /// Their symbols, as far as the module says.
    pub symbols: Vec<Option<&'a str>>,
    /// What each of them refers to.
    pub calls: Vec<Vec<u32>>,
    /// What can be called from outside, by its names there.
    pub exports: BTreeMap<&'a str, u32>,
    /// What is called at the start.
    start: Option<u32>,
    /// What can be called through the table, by its places.
    pub entries: Vec<(u32, u32)>,
    pub tables: u32,
    pub globals: u32,
    /// The type of each function.
    kinds: Vec<u32>,
    /// The parameters of each type.
    parameters: Vec<Vec<ValType>>,
}

impl<'a> Module<'a> {
    /// # Errors
    /// It is not a module, or of a kind that the linker does not make.
    pub fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut module = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            module.take(payload?)?;
        }
        module.symbols.resize(module.bodies.len(), None);
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(types) => {
                for group in types {
                    for kind in group?.into_types() {
                        let parameters = match &kind.composite_type.inner {
                            CompositeInnerType::Func(function) => function.params().to_vec(),
                            _ => Vec::new(),
                        };
                        self.parameters.push(parameters);
                    }
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    if let TypeRef::Func(kind) = import.ty {
                        self.imported += 1;
                        self.imports.push((import.module, import.name));
                        self.kinds.push(kind);
                    }
                }
            }
            Payload::FunctionSection(functions) => {
                for kind in functions {
                    self.kinds.push(kind?);
                }
            }
            Payload::TableSection(tables) => self.tables = tables.count(),
            Payload::GlobalSection(globals) => self.globals = globals.count(),
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == wasmparser::ExternalKind::Func {
                        self.exports.insert(export.name, export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(elements) => {
                for element in elements {
                    self.take_entries(element?)?;
                }
            }
            Payload::CodeSectionEntry(body) => {
                self.calls.push(calls(&body)?);
                self.bodies.push(body);
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    for name in names {
                        if let Name::Function(functions) = name? {
                            self.take_names(functions)?;
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn take_entries(&mut self, element: Element) -> Result<()> {
        let ElementKind::Active { table_index: None | Some(FUNCTIONS), offset_expr } = element.kind else {
            bail!("functions in another way than in the first table");
        };
        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
            bail!("functions at a place of the table that is not known");
        };
        let place = value.cast_unsigned();
        match element.items {
            ElementItems::Functions(functions) => {
                for (place, function) in (place..).zip(functions) {
                    self.entries.push((place, function?));
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for (place, expression) in (place..).zip(expressions) {
                    if let Operator::RefFunc { function_index } = expression?.get_operators_reader().read()? {
                        self.entries.push((place, function_index));
                    }
                }
            }
        }
        Ok(())
    }

    fn take_names(&mut self, functions: wasmparser::NameMap<'a>) -> Result<()> {
        for naming in functions {
            let naming = naming?;
            if let Some(own) = naming.index.checked_sub(self.imported) {
                let own = own as usize;
                if self.symbols.len() <= own {
                    self.symbols.resize(own + 1, None);
                }
                self.symbols[own] = Some(naming.name);
            }
        }
        Ok(())
    }

    /// What is called from outside.
    pub fn outside(&self) -> impl Iterator<Item = u32> {
        self.exports.values().copied().chain(self.start)
    }

    /// What can be called from outside, or through the table.
    pub fn roots(&self) -> impl Iterator<Item = u32> {
        self.outside().chain(self.entries.iter().map(|(_, function)| *function))
    }

    /// The number of an own function, counted from 0; none for one from elsewhere.
    pub fn own(&self, function: u32) -> Option<usize> {
        Some(function.checked_sub(self.imported)? as usize)
    }

    /// The type of a function.
    ///
    /// # Errors
    /// There is no such function.
    pub fn kind(&self, function: u32) -> Result<u32> {
        self.kinds.get(function as usize).copied().context("a function that there is not")
    }

    /// The number of an own function, given as it is counted from 0.
    pub fn number(&self, own: usize) -> u32 {
        self.imported + own as u32
    }

    /// The type of an own function, counted from 0.
    ///
    /// # Errors
    /// There is no such function.
    pub fn own_kind(&self, own: usize) -> Result<u32> {
        self.kind(self.number(own))
    }

    /// How many parameters the functions of a type have.
    ///
    /// # Errors
    /// There is no such type.
    pub fn parameters(&self, kind: u32) -> Result<u32> {
        let parameters = self.parameters.get(kind as usize).context("a type that there is not")?;
        Ok(u32::try_from(parameters.len())?)
    }
}

/// What a function refers to.
fn calls(body: &FunctionBody) -> Result<Vec<u32>> {
    let mut calls = Vec::new();
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } => calls.push(function_index),
            _ => {}
        }
    }
    calls.sort_unstable();
    calls.dedup();
    Ok(calls)
}
