//! What the linker says of a module: its symbols, and where their addresses are written.

use anyhow::{Context as _, Result, bail};
use std::collections::HashMap;
use std::ops::Range;
use wasmparser::{
    DataKind, DefinedDataSymbol, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocationEntry,
    RelocationType, SymbolInfo, TypeRef,
};

/// A module's functions by their names, and its memory.
#[derive(Default)]
pub struct Linked<'a> {
    wasm: &'a [u8],
    /// The code of each function, as a range of the module's bytes.
    bodies: Vec<Range<usize>>,
    imported: u32,
    numbers: HashMap<&'a str, u32>,
    /// Address and bytes of each segment of data.
    pub segments: Vec<(u32, &'a [u8])>,
    /// Where they are in the module, like `code`.
    segment_starts: Vec<usize>,
    code: usize,
    data: usize,
    /// Of all symbols, those of data.
    pub symbols: Vec<Option<DefinedDataSymbol>>,
    relocations: Vec<(u32, Vec<RelocationEntry>)>,
    code_section: u32,
    data_section: u32,
}

/// A place where the address of a symbol is written.
pub struct Reference {
    pub symbol: usize,
    pub addend: i64,
}

impl<'a> Linked<'a> {
    /// # Errors
    /// It is not a module, or of a kind that the linker does not make.
    pub fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut linked = Self { wasm, ..Self::default() };
        let mut sections = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            let is_section = payload.as_section().is_some();
            linked.take(payload, sections)?;
            sections += u32::from(is_section);
        }
        Ok(linked)
    }

    fn take(&mut self, payload: Payload<'a>, section: u32) -> Result<()> {
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    self.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionStart { range, .. } => {
                (self.code, self.code_section) = (usize::try_from(range.start)?, section);
            }
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                self.bodies.push(usize::try_from(range.start)?..usize::try_from(range.end)?);
            }
            Payload::DataSection(data) => {
                (self.data, self.data_section) = (usize::try_from(data.range().start)?, section);
                for segment in data {
                    let segment = segment?;
                    let DataKind::Active { memory_index: 0, offset_expr } = &segment.kind else {
                        bail!("data that is not put into the memory at the start");
                    };
                    let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                        bail!("data at an address that is not known");
                    };
                    self.segments.push((value.cast_unsigned(), segment.data));
                    self.segment_starts.push(usize::try_from(segment.range.end)? - segment.data.len());
                }
            }
            Payload::CustomSection(custom) => match custom.as_known() {
                KnownCustom::Name(names) => {
                    for names in names {
                        if let Name::Function(functions) = names? {
                            for naming in functions {
                                let naming = naming?;
                                self.numbers.insert(naming.name, naming.index);
                            }
                        }
                    }
                }
                KnownCustom::Linking(linking) => {
                    for linking in linking {
                        if let Linking::SymbolTable(symbols) = linking? {
                            for symbol in symbols {
                                let SymbolInfo::Data { symbol, .. } = symbol? else {
                                    self.symbols.push(None);
                                    continue;
                                };
                                self.symbols.push(symbol);
                            }
                        }
                    }
                }
                KnownCustom::Reloc(relocations) => {
                    let entries = relocations.entries().into_iter().collect::<Result<_, _>>()?;
                    self.relocations.push((relocations.section_index(), entries));
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    /// Every function that both modules have, as the ranges of their bytes: those are the same but for numbers and
    /// addresses, for which the linker leaves five bytes each.
    pub fn same_functions(&self, other: &Linked<'_>) -> Vec<(Range<usize>, Range<usize>)> {
        let pair = |(name, number): (&&str, &u32)| {
            let mine = self.body(*number)?;
            let theirs = other.body(*other.numbers.get(*name)?)?;
            (mine.len() == theirs.len()).then_some((mine, theirs))
        };
        let mut pairs: Vec<_> = self.numbers.iter().filter_map(pair).collect();
        pairs.sort_unstable_by_key(|(mine, _)| mine.start);
        pairs
    }

    fn body(&self, number: u32) -> Option<Range<usize>> {
        self.bodies.get(number.checked_sub(self.imported)? as usize).cloned()
    }

    /// The references to data in the code, by their places in the module.
    pub fn in_code(&self) -> Vec<(usize, Reference)> {
        self.references(self.code_section, self.code)
    }

    /// The references to data in the data, by the address where they stand.
    pub fn in_data(&self) -> Vec<(u32, Reference)> {
        let references = self.references(self.data_section, self.data).into_iter();
        references.filter_map(|(at, reference)| Some((self.address_of(at)?, reference))).collect()
    }

    /// The address of a place in the data of the module.
    fn address_of(&self, at: usize) -> Option<u32> {
        let segments = self.segments.iter().zip(&self.segment_starts);
        let within = segments.filter_map(|((address, bytes), start)| {
            let offset = at.checked_sub(*start).filter(|offset| *offset < bytes.len())?;
            Some(address + u32::try_from(offset).ok()?)
        });
        within.max()
    }

    fn references(&self, section: u32, start: usize) -> Vec<(usize, Reference)> {
        let of_section = self.relocations.iter().filter(|(of, _)| *of == section).flat_map(|(_, entries)| entries);
        let is_address = |entry: &&RelocationEntry| {
            use RelocationType as R;
            matches!(entry.ty, R::MemoryAddrLeb | R::MemoryAddrSleb | R::MemoryAddrI32)
        };
        let mut references: Vec<_> = of_section
            .filter(is_address)
            .map(|entry| {
                let reference = Reference { symbol: entry.index as usize, addend: entry.addend };
                (start + entry.offset as usize, reference)
            })
            .collect();
        references.sort_unstable_by_key(|(at, _)| *at);
        references
    }

    /// The number of five bytes in code: signed or not, an address is the same.
    ///
    /// # Errors
    /// The place is not in the module.
    pub fn number_in_code(&self, at: usize) -> Result<u32> {
        let bytes = self.wasm.get(at..at + 5).context("an address beyond the code")?;
        Ok((0..).step_by(7).zip(bytes).fold(0, |number, (shift, byte)| number | (u32::from(byte & 0x7f) << shift)))
    }

    /// The number that stands in memory at an address; none where nothing is put at the start.
    pub fn number_in_memory(&self, address: u32) -> Option<u32> {
        let bytes = self.segments.iter().find_map(|(start, bytes)| {
            let at = address.checked_sub(*start)? as usize;
            bytes.get(at..at + 4)
        });
        Some(u32::from_le_bytes(bytes?.try_into().ok()?))
    }

    /// The addresses of a symbol's bytes; none where it is not in the memory.
    pub fn range(&self, symbol: usize) -> Option<Range<u32>> {
        let symbol = self.symbols.get(symbol)?.as_ref()?;
        let (start, _) = self.segments.get(symbol.index as usize)?;
        Some(start + symbol.offset..start + symbol.offset + symbol.size)
    }
}
