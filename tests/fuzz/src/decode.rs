//! The decoder of query results.

#[path = "../../../crates/promapi/tests/reference/mod.rs"]
mod reference;

use frame::{Grid, Millis, Step};
use promapi::{Answer, Budget, DecodeError, Decoder, Expect};

const PLENTY: Budget = Budget { bytes: 1 << 30, samples: 1 << 20, series: 1 << 20 };
const LITTLE: Budget = Budget { bytes: 600, samples: 50, series: 2 };

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let _ = promapi::decode_names(body);
    let step = Step::from_millis(15_000).expect("a step");
    let grid = Grid { start: Millis(1_700_000_000_000), step, len: 20 };
    for expect in [Expect::Grid(grid), Expect::Any] {
        for budget in [PLENTY, LITTLE] {
            check_chunks(body, expect, budget);
        }
        check_reference(body, expect);
    }
}

fn decode(body: &[u8], chunk: usize, expect: Expect, budget: Budget) -> Result<Answer, DecodeError> {
    let mut decoder = Decoder::new(expect, budget);
    for chunk in body.chunks(chunk) {
        decoder.push(chunk)?;
    }
    decoder.finish()
}

fn check_chunks(body: &[u8], expect: Expect, budget: Budget) {
    let whole = reference::describe(&decode(body, body.len().max(1), expect, budget));
    // Sizes that depend on the body find more borders than fixed ones do.
    let checksum = body.iter().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    for chunk in [1, 3, 64, 1 + checksum % 100] {
        assert_eq!(reference::describe(&decode(body, chunk, expect, budget)), whole, "in chunks of {chunk}");
    }
}

fn check_reference(body: &[u8], expect: Expect) {
    match (reference::decode(body, expect), decode(body, body.len().max(1), expect, PLENTY)) {
        (Some(Ok(expected)), outcome @ Ok(_)) => {
            assert_eq!(reference::describe(&outcome), reference::describe(&Ok(expected)));
        }
        (Some(Err(expected)), Err(DecodeError::Api(error))) => assert_eq!(error.message, expected.message),
        (Some(Ok(_)), Err(DecodeError::Api(_))) | (Some(Err(_)), Ok(_)) => panic!("they differ on the status"),
        // Only one of the two is content: they differ on what is worth reading.
        _ => {}
    }
}
