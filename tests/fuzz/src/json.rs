//! The small reader and writer of JSON.

use serde_json::Value;

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let text = String::from_utf8_lossy(body);
    let ours = json::parse(&text);
    let theirs: Result<Value, _> = serde_json::from_str(&text);
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(written(ours), written(theirs), "{text:?}"),
        (Err(error), Err(_)) => assert!(error.line >= 1 && error.line <= text.lines().count() + 1, "{error}"),
        // They differ on numbers beyond all that a computer has, and on nothing else.
        (ours, theirs) => assert!(has_exponent(&text) || is_long(&text), "{ours:?} is not {theirs:?}"),
    }
    let Ok(value) = ours else { return };
    let once = written(&value);
    let again = json::parse(&once).expect("what was written is read");
    assert_eq!(written(&again), once);
}

fn has_exponent(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_digit() && pair[1].eq_ignore_ascii_case(&b'e'))
}

fn is_long(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 300)
}

fn written(value: &Value) -> String {
    let mut text = String::new();
    json::push_value(value, &mut text);
    text
}
