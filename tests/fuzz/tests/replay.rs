//! Every input in `fuzz/corpus`, without a fuzzer: what was found once stays mended. And what becomes of each when some
//! of its bytes are others, seeded, so that a failure comes again.

use std::fs;
use std::path::Path;
use tests_fuzz::Check;

/// So many variants of each input are tried, unless `PROPTEST_CASES` says otherwise.
const VARIANTS: u64 = 100;

/// What means something to most parsers.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"(",
    b"$",
    b"${",
    b"null",
    b"-1",
    b"1e999",
    b"\xff",
    b"\0",
    b"\xe2\x80\xae",
    b",",
    b"\n",
];

#[test]
fn every_input_of_the_corpus_holds() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(VARIANTS);
    for (name, check) in tests_fuzz::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
        let inputs = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let inputs: Vec<_> = inputs.flatten().map(|input| input.path()).collect();
        assert!(!inputs.is_empty(), "{name} has no inputs in {}", folder.display());
        for input in inputs {
            println!("{name} {}", input.display());
            let body = fs::read(&input).unwrap_or_else(|error| panic!("{}: {error}", input.display()));
            check(&body);
            (0..cases).for_each(|seed| check_variant(*check, &body, seed));
        }
    }
}

/// Checks the input with up to four changes: a byte that is another, a piece put in, a part left out or doubled.
fn check_variant(check: Check, body: &[u8], seed: u64) {
    let mut random = Random(seed);
    let mut body = body.to_vec();
    for _ in 0..1 + random.below(4) {
        let (from, length) = (random.below(body.len() + 1), random.below(9));
        let to = (from + length).min(body.len());
        match random.below(4) {
            0 if from < body.len() => body[from] = random.below(256) as u8,
            1 => _ = body.splice(from..from, PIECES[random.below(PIECES.len())].iter().copied()),
            2 => _ = body.drain(from..to),
            _ => _ = body.splice(from..from, body[from..to].to_vec()),
        }
    }
    println!("  seed {seed}");
    check(&body);
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}
