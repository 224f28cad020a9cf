use super::*;

const STREAM_NAMES: [&str; STREAMS] = [
    "instructions",
    "declarations",
    "locals",
    "offsets",
    "numbers",
    "functions",
    "globals",
    "blocks",
    "jumps",
    "others",
];

struct Pieces<'a> {
    before: &'a [u8],
    after: &'a [u8],
    /// Those that are not empty.
    streams: Vec<(&'static str, &'a [u8])>,
}

fn pieces(file: &[u8]) -> Pieces<'_> {
    let ends = ends(file);
    assert_eq!(ends.last(), Some(&file.len()), "all of the file is in some piece");
    let starts = std::iter::once(HEAD).chain(ends.iter().copied());
    let mut pieces = starts.zip(&ends).map(|(start, end)| &file[start..*end]);
    let (before, after) = (pieces.next().unwrap(), pieces.next().unwrap());
    let streams = STREAM_NAMES.into_iter().zip(pieces).filter(|(_, piece)| !piece.is_empty());
    Pieces { before, after, streams: streams.collect() }
}

#[test]
fn code_is_divided_by_kind() {
    let check = |function: &str, expected: &[(&str, &[u8])]| {
        let module = format!(
            "(module (memory 1) (table 4 funcref) (global (mut i32) (i32.const 0)) (tag (param i32)) (func {function}))"
        );
        let file = write(&wat::parse_str(module).unwrap()).unwrap();
        assert_eq!(pieces(&file).streams, expected, "{function}");
    };
    check("", &[("instructions", &[0x0b]), ("declarations", &[0])]);
    check(
        "(local i32 i32 f64) (local.set 1 (i32.load8_u offset=300 (local.get 0)))",
        &[
            ("instructions", &[0x20, 0x2d, 0x21, 0x0b]),
            ("declarations", &[2, 2, 0x7f, 1, 0x7c]),
            ("locals", &[0, 1]),
            ("offsets", &[0xac, 2]),
        ],
    );
    check(
        "(block (br_table 0 1 0 (i32.const -65))) (global.set 0 (global.get 0)) (call 0)",
        &[
            ("instructions", &[0x02, 0x41, 0x0e, 0x0b, 0x23, 0x24, 0x10, 0x0b]),
            ("declarations", &[0]),
            ("numbers", &[0xbf, 0x7f]),
            ("functions", &[0]),
            ("globals", &[0, 0]),
            ("blocks", &[0x40]),
            ("jumps", &[2, 0, 1, 0]),
        ],
    );
    check(
        "(memory.copy (i32.const 1) (i32.const 2) (i32.const 3)) (drop (v128.load8_lane align=1 2 (i32.const 0) (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)))",
        &[
            ("instructions", &[0x41, 0x41, 0x41, 0xfc, 0x0a, 0x41, 0xfd, 0x0c, 0xfd, 0x54, 0x1a, 0x0b]),
            ("declarations", &[0]),
            ("offsets", &[0]),
            ("numbers", &[1, 2, 3, 0]),
            ("others", &[0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 2]),
        ],
    );
    check(
        "(drop (block (result i32) (try_table (catch 0 0) (catch_all 1) (throw 0 (i32.const 5))) (i32.const 6)))",
        &[
            ("instructions", &[0x02, 0x1f, 0x41, 0x08, 0x0b, 0x41, 0x0b, 0x1a, 0x0b]),
            ("declarations", &[0]),
            ("numbers", &[5, 6]),
            ("blocks", &[0x7f, 0x40]),
            ("others", &[2, 0, 0, 0, 2, 1, 0]),
        ],
    );
    check(
        "(drop (f32.const 1)) (drop (f64.const 1)) (drop (i64.const 1)) (drop (call_indirect (result i32) (i32.const 0)))",
        &[
            ("instructions", &[0x43, 0x1a, 0x44, 0x1a, 0x42, 0x1a, 0x41, 0x11, 0x1a, 0x0b]),
            ("declarations", &[0]),
            ("numbers", &[0]),
            ("others", &[0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 1, 2, 0]),
        ],
    );
}

#[test]
fn all_but_the_code_stays_as_it_is() {
    let wasm =
        wat::parse_str("(module (memory 1) (func (export \"f\")) (func) (data (i32.const 0) \"text\"))").unwrap();
    let file = write(&wasm).unwrap();
    let Pieces { before, after, streams } = pieces(&file);
    assert!(wasm.starts_with(before) && before.ends_with(b"f\0\0"), "{before:?}");
    assert!(wasm.ends_with(after) && after.ends_with(b"text") && after[0] == 0x0b, "{after:?}");
    assert_eq!(streams, [("instructions", &[0x0b, 0x0b][..]), ("declarations", &[0, 0])]);
    let numbers = |at: usize| u32::from_le_bytes(*file[at..].first_chunk().unwrap());
    // Two functions of two bytes each, with lengths of five.
    assert_eq!(numbers(4) as usize, before.len() + SECTION_HEAD + 2 * (FUNCTION_HEAD + 2) + after.len());
    assert_eq!(numbers(8), 2);
}

#[test]
fn what_has_no_code_stays_and_what_is_not_known_is_refused() {
    let wasm = wat::parse_str("(module (memory 1) (data (i32.const 0) \"text\"))").unwrap();
    assert_eq!(write(&wasm).unwrap(), wasm);
    assert_eq!(ends(&wasm), [0; 0]);

    let check = |function: &str| {
        let wasm = wat::parse_str(format!("(module (memory 1 1 shared) (func {function}))")).unwrap();
        assert!(write(&wasm).is_err(), "{function}");
    };
    check("(drop (i32.load align=4 (i32.const 0)))");
    check("(drop (i32.atomic.load (i32.const 0)))");
    check("(select (result i32) (i32.const 0) (i32.const 0) (i32.const 0)) drop");
    assert!(write(b"<!doctype html>").is_err());
}
