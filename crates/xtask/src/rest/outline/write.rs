//! Writes a module whose regions are functions.

use super::body::Body;
use super::region::{Region, regions};
use anyhow::{Result, anyhow};
use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::Range;
use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder, utils};
use wasm_encoder::{BlockType, CodeSection, Function, FunctionSection, Instruction, TypeSection, ValType};
use wasmparser::{Operator, Parser, Payload, TypeRef, ValidPayload, Validator};

/// What is to be taken out of the functions of a module.
pub struct Outline<'a> {
    wasm: &'a [u8],
    functions: Vec<(Body<'a>, Vec<Region>)>,
    /// How many functions come from elsewhere.
    imported: u32,
}

impl<'a> Outline<'a> {
    /// `is_run` says it of each stretch of each of the module's own functions.
    ///
    /// # Errors
    /// It is not a module.
    pub fn new(wasm: &'a [u8], is_run: impl Fn(usize, usize) -> bool) -> Result<Self> {
        let mut outline = Self { wasm, functions: Vec::new(), imported: 0 };
        let mut validator = Validator::new();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            if let Payload::ImportSection(imports) = &payload {
                for import in imports.clone().into_imports() {
                    outline.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
                let own = outline.functions.len();
                let body = Body::read(function, &body)?;
                let regions = regions(&body, &|stretch| is_run(own, stretch));
                outline.functions.push((body, regions));
            }
        }
        Ok(outline)
    }

    /// Whether anything is taken out of a function.
    pub fn changes(&self, own: usize) -> bool {
        self.functions.get(own).is_some_and(|(_, regions)| !regions.is_empty())
    }

    /// The same module, in which what is taken out is functions of their own, after all others.
    ///
    /// # Errors
    /// It is not a module.
    pub fn write(self) -> Result<Vec<u8>> {
        let (wasm, mut module) = (self.wasm, wasm_encoder::Module::new());
        Writer { outline: self, kinds: Vec::new() }
            .parse_core_module(&mut module, Parser::new(0), wasm)
            .map_err(|error| anyhow!("what is not run cannot be taken out: {error}"))?;
        Ok(module.finish())
    }
}

struct Writer<'a> {
    outline: Outline<'a>,
    /// The types of the regions, in the order of their functions.
    kinds: Vec<u32>,
}

type Written<T = ()> = Result<T, Error<Infallible>>;

impl Reencode for Writer<'_> {
    type Error = Infallible;

    fn parse_type_section(&mut self, types: &mut TypeSection, section: wasmparser::TypeSectionReader<'_>) -> Written {
        utils::parse_type_section(self, types, section)?;
        let mut known = HashMap::new();
        for (body, regions) in &self.outline.functions {
            for region in regions {
                let (takes, gives) = kind(body, region)?;
                let number = known.entry((takes.clone(), gives.clone())).or_insert_with(|| {
                    types.ty().function(takes, gives);
                    types.len() - 1
                });
                self.kinds.push(*number);
            }
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Written {
        utils::parse_function_section(self, functions, section)?;
        self.kinds.iter().for_each(|kind| _ = functions.function(*kind));
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, _: wasmparser::CodeSectionReader<'_>) -> Written {
        let mut number = self.outline.imported + self.outline.functions.len() as u32;
        for (body, regions) in &self.outline.functions {
            code.function(&remainder(body, regions, number)?);
            number += regions.len() as u32;
        }
        for (body, regions) in &self.outline.functions {
            for region in regions {
                code.function(&taken_out(body, region)?);
            }
        }
        Ok(())
    }
}

/// What the function of a region takes, and what it gives: which way out of it was taken, where there are some, then the
/// locals that it wrote.
fn kind(body: &Body, region: &Region) -> Written<(Vec<ValType>, Vec<ValType>)> {
    let way_out = (!region.exits.is_empty()).then_some(ValType::I32);
    let gives = way_out.into_iter().chain(types(body, region.outputs.iter().copied())?).collect();
    Ok((types(body, region.inputs.iter().copied())?, gives))
}

fn types(body: &Body, locals: impl Iterator<Item = u32>) -> Written<Vec<ValType>> {
    locals.map(|local| same().val_type(body.locals[local as usize])).collect()
}

/// What changes nothing.
fn same() -> RoundtripReencoder {
    RoundtripReencoder
}

/// A function without its regions, each of which is a call. The function of the first has this number.
fn remainder(body: &Body, regions: &[Region], first: u32) -> Written<Function> {
    let locals = (body.parameters as u32)..(body.locals.len() as u32);
    let mut function = Function::new_with_locals_types(types(body, locals)?);
    let mut at = 0;
    for (number, region) in (first..).zip(regions) {
        copy(body, at..region.from, &mut function)?;
        call(body, region, number, &mut function);
        at = region.to;
    }
    copy(body, at..body.operators.len(), &mut function)?;
    Ok(function)
}

fn copy(body: &Body, range: Range<usize>, function: &mut Function) -> Written {
    for operator in &body.operators[range] {
        function.instruction(&same().instruction(operator.clone())?);
    }
    Ok(())
}

/// Calls the function of a region, and goes where that says.
fn call(body: &Body, region: &Region, number: u32, function: &mut Function) {
    let mut code = function.instructions();
    if !region.exits.is_empty() {
        code.block(BlockType::Empty);
    }
    region.inputs.iter().for_each(|local| _ = code.local_get(*local));
    code.call(number);
    region.outputs.iter().rev().for_each(|local| _ = code.local_set(*local));
    if !region.exits.is_empty() {
        let around = body.depth(region.from);
        // One more than from the region itself: the block is around the branch.
        let depths = region.exits.iter().map(|exit| 1 + exit.map_or(around, |block| around - 1 - body.depth(block)));
        let depths: Vec<u32> = [0].into_iter().chain(depths).collect();
        code.br_table(depths, 0).end();
    }
}

/// The function of a region: within a block for each way out, the operators; after each block, what is given back.
fn taken_out(body: &Body, region: &Region) -> Written<Function> {
    let mut places = vec![None; body.locals.len()];
    let mut next = 0;
    let mut place = |local: u32| {
        let place = &mut places[local as usize];
        place.is_none().then(|| *place = Some(next)).map(|()| next += 1).is_some()
    };
    region.inputs.iter().for_each(|local| _ = place(*local));
    let mut own = Vec::new();
    for operator in &body.operators[region.from..region.to] {
        if let Operator::LocalGet { local_index }
        | Operator::LocalSet { local_index }
        | Operator::LocalTee { local_index } = operator
            && place(*local_index)
        {
            own.push(*local_index);
        }
    }
    let mut function = Function::new_with_locals_types(types(body, own.into_iter())?);
    let place = |local: u32| places[local as usize].unwrap_or_default();
    let exits = region.exits.len();
    for _ in 0..exits {
        function.instruction(&Instruction::Block(BlockType::Empty));
    }
    let around = body.depth(region.from);
    for at in region.from..region.to {
        let within = body.depth(at) - around;
        let depth = |depth: u32| {
            if depth < within {
                return depth;
            }
            let exit = region.exits.iter().position(|exit| *exit == body.target(at, depth));
            within + exit.unwrap_or_default() as u32
        };
        let instruction = match &body.operators[at] {
            Operator::LocalGet { local_index } => Instruction::LocalGet(place(*local_index)),
            Operator::LocalSet { local_index } => Instruction::LocalSet(place(*local_index)),
            Operator::LocalTee { local_index } => Instruction::LocalTee(place(*local_index)),
            Operator::Br { relative_depth } => Instruction::Br(depth(*relative_depth)),
            Operator::BrIf { relative_depth } => Instruction::BrIf(depth(*relative_depth)),
            Operator::BrTable { targets } => {
                let depths = targets.targets().map(|target| Ok(depth(target?))).collect::<Written<Vec<_>>>()?;
                Instruction::BrTable(depths.into(), depth(targets.default()))
            }
            Operator::Return => Instruction::Br(depth(body.depth(at))),
            operator => same().instruction(operator.clone())?,
        };
        function.instruction(&instruction);
    }
    for exit in 0..=exits {
        let mut code = function.instructions();
        if exits > 0 {
            code.i32_const(exit as i32);
        }
        region.outputs.iter().for_each(|local| _ = code.local_get(place(*local)));
        if exit < exits {
            code.return_();
        }
        code.end();
    }
    Ok(function)
}
