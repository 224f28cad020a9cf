//! What is known of a module's memory, and how it is divided.

use super::divide::Divided;
use super::objects::{Objects, note};
use super::symbols::Linked;
use crate::rest::module::Module;
use crate::rest::plan::Plan;
use std::borrow::Cow;
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, DataSymbolDefinition, Encode as _, Function, FunctionSection,
    LinkingSection, MemorySection, MemoryType, NameMap, NameSection, SymbolTable, TypeSection, ValType,
};

/// Each object has two words: the first is the address of the next, the second a number of its own.
const SIZE: u32 = 8;
const NUMBERS: [u32; 4] = [11, 22, 33, 44];

/// A module in which the object numbered `i` lies at `places[i]`, and a function knows the address that is `ahead` of that
/// of the first, as the linker writes it: in five bytes. It says of both which symbol is meant.
fn module(places: [u32; 4], ahead: u32) -> Vec<u8> {
    let start = places.iter().copied().min().unwrap();
    let mut memory = vec![0; NUMBERS.len() * SIZE as usize];
    let word = |number: usize, place: u32| (places[number] - start + place) as usize;
    for number in 0..NUMBERS.len() {
        let next = places.get(number + 1).copied().unwrap_or_default();
        memory[word(number, 0)..][..4].copy_from_slice(&next.to_le_bytes());
        memory[word(number, 4)..][..4].copy_from_slice(&NUMBERS[number].to_le_bytes());
    }
    let (mut types, mut functions, mut memories) = (TypeSection::new(), FunctionSection::new(), MemorySection::new());
    types.ty().function([], [ValType::I32]);
    functions.function(0);
    memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let address = places[0] + ahead;
    let mut code = CodeSection::new();
    let mut function = Function::new([]);
    let groups = [0, 7, 14, 21].map(|shift| (address >> shift) as u8 & 0x7f | 0x80);
    function.raw([0x41].into_iter().chain(groups).chain([0]));
    function.instructions().end();
    code.function(&function);
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(start.cast_signed()), memory);
    let mut symbols = SymbolTable::new();
    for (number, place) in places.iter().enumerate() {
        let definition = DataSymbolDefinition { index: 0, offset: place - start, size: SIZE };
        symbols.data(0, &format!("object {number}"), Some(definition));
    }
    let mut linking = LinkingSection::new();
    linking.symbol_table(&symbols);
    let mut names = NameSection::new();
    let mut named = NameMap::new();
    named.append(0, "f");
    names.functions(&named);

    let mut module = wasm_encoder::Module::new();
    module.section(&types).section(&functions).section(&memories).section(&code).section(&data).section(&linking);
    // One function in the section, its length and its locals come before the code; then an operator.
    let in_code = relocations(3, &[(4, 4, 0, ahead)]);
    // One segment in the section, what kind it is, its address and its length come before the data.
    let head = 1 + 1 + ConstExpr::i32_const(start.cast_signed()).encoded_length() + 1;
    let references = (0..3).map(|number| (5, head + word(number, 0), number + 1, 0));
    let in_data = relocations(4, &references.collect::<Vec<_>>());
    for (name, data) in [("reloc.CODE", in_code), ("reloc.DATA", in_data)] {
        module.section(&CustomSection { name: name.into(), data: Cow::Owned(data) });
    }
    module.section(&names);
    module.finish()
}

trait EncodedLength {
    fn encoded_length(&self) -> usize;
}

impl EncodedLength for ConstExpr {
    fn encoded_length(&self) -> usize {
        let mut bytes = Vec::new();
        self.encode(&mut bytes);
        bytes.len()
    }
}

/// Kind, place, symbol and addend of each.
fn relocations(section: u32, entries: &[(u8, usize, usize, u32)]) -> Vec<u8> {
    let mut data = Vec::new();
    section.encode(&mut data);
    entries.len().encode(&mut data);
    for (kind, place, symbol, addend) in entries {
        data.push(*kind);
        place.encode(&mut data);
        symbol.encode(&mut data);
        addend.cast_signed().encode(&mut data);
    }
    data
}

#[test]
fn objects_are_known_where_the_cut_has_put_them() {
    let check = |linked: [u32; 4], main: [u32; 4], ahead: u32, expected: &[std::ops::Range<u32>]| {
        let (linked, mut main) = (module(linked, ahead), module(main, ahead));
        note(&linked, &mut main).unwrap();
        let objects = Objects::read(&main).unwrap().unwrap();
        let found: Vec<_> = (0..objects.len()).map(|object| objects.range(object)).collect();
        assert_eq!(found, expected);
    };
    let objects = |places: [u32; 4]| places.map(|place| place..place + SIZE);
    let linked = [1024, 1032, 1040, 1048];
    check(linked, linked, 0, &objects(linked));
    check(linked, [2024, 2016, 2008, 2000], 4, &objects([2000, 2008, 2016, 2024]));
    // What is reckoned from one object and lies behind it holds them together.
    check(linked, [2000, 2008, 2016, 2024], 8, &[2000..2016, 2016..2024, 2024..2032]);
}

#[test]
fn a_module_that_does_not_belong_to_the_symbols_is_refused() {
    // The object after the first cannot lie in two places.
    let linked = module([1024, 1032, 1024, 1048], 0);
    let mut main = module([1024, 1032, 1040, 1048], 0);
    assert!(Objects::read(&main).unwrap().is_none());
    assert!(note(&linked, &mut main).is_err());
    assert!(Linked::read(b"\0asm").is_err());
}

#[test]
fn what_only_the_rest_reads_is_put_in_with_it() {
    /// Four objects of 64 bytes from 1024 on: the first has the address of the second in it, the third is a text.
    fn divided(code: &str, stays: bool) -> (Vec<u32>, Vec<u32>) {
        let texts: String = ["b", "c", "d"].map(|letter| letter.repeat(64)).concat();
        let text = format!(
            "(module (memory 1) (global i32 (i32.const 1250))
                (data (i32.const 1024) \"\\40\\04\\00\\00{}{texts}\")
                (func (export \"f\") {code}))",
            "a".repeat(60)
        );
        let mut wasm = wat::parse_str(text).unwrap();
        let objects = [1024, 1088, 1152, 1216].map(|start: u32| start..start + 64);
        Objects::of_ranges(objects.to_vec()).append_to(&mut wasm);
        let module = Module::read(&wasm).unwrap();
        let plan = Plan::new(&module, |_| stays);
        let divided = Divided::new(&wasm, &module, &plan).unwrap();
        let lengths = divided.first.iter().chain(&divided.rest).map(|(_, bytes)| bytes.len());
        assert_eq!(lengths.sum::<usize>(), 256);
        let places = |segments: &[(u32, Vec<u8>)]| segments.iter().map(|(place, _)| *place).collect();
        (places(&divided.first), places(&divided.rest))
    }
    let check = |code: &str, first: &[u32], rest: &[u32]| {
        assert_eq!(divided(code, true), (first.to_vec(), rest.to_vec()), "{code}");
        // The number that a global starts with may be an address, too.
        assert_eq!(divided(code, false), (vec![1216], vec![1024]), "{code}");
    };
    check("(drop (i32.const 7))", &[1216], &[1024]);
    check("(drop (i32.const 1155))", &[1152], &[1024]);
    check("(drop (i32.load offset=1089 (i32.const 0)))", &[1088, 1216], &[1024, 1152]);
    check("(drop (v128.load offset=1089 (i32.const 0)))", &[1088, 1216], &[1024, 1152]);
    check("(drop (i32.load (i32.const 1024)))", &[1024, 1216], &[1152]);
}
