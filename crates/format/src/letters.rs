//! Lower case for comparing what people wrote, without the tables of all of Unicode, which weigh 20 KB.

/// `text` in lower case, as far as [`lower`] knows it.
#[must_use]
pub fn lowercase(text: &str) -> String {
    text.chars().map(lower).collect()
}

/// The small letter of a capital one in the Latin, Greek, Cyrillic and Armenian alphabets; any other letter as it is.
///
/// Rare letters of these alphabets stay as they are too: those for phonetics, for ancient texts and for mathematics.
#[must_use]
pub fn lower(letter: char) -> char {
    let code = u32::from(letter);
    let is_even = code.is_multiple_of(2);
    let distance = match code {
        // Latin
        0x41..=0x5A | 0xC0..=0xD6 | 0xD8..=0xDE => 32,
        0x130 => return 'i',
        0x100..=0x137 | 0x14A..=0x177 | 0x1E00..=0x1E95 | 0x1EA0..=0x1EFF if is_even && code != 0x1E9E => 1,
        0x139..=0x148 | 0x179..=0x17E if !is_even => 1,
        0x178 => return 'ÿ',
        0x1E9E => return 'ß',
        // Greek
        0x391..=0x3A1 | 0x3A3..=0x3AB => 32,
        0x386 => 38,
        0x388..=0x38A => 37,
        0x38C => 64,
        0x38E..=0x38F => 63,
        // Cyrillic
        0x410..=0x42F => 32,
        0x400..=0x40F => 80,
        0x460..=0x481 | 0x48A..=0x4BF | 0x4D0..=0x52F if is_even => 1,
        0x4C1..=0x4CE if !is_even => 1,
        0x4C0 => 15,
        // Armenian
        0x531..=0x556 => 48,
        _ => 0,
    };
    char::from_u32(code + distance).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn living_alphabets_have_the_small_letters_of_unicode() {
        // Latin to its first extension, Cyrillic with its supplement, Armenian, Latin of Vietnam, and all without capitals.
        let known = (0..0x180).chain(0x386..0x3CF).chain(0x400..0x590).chain(0x1E00..0x1F00).chain(0x3000..0x3400);
        for letter in known.filter_map(char::from_u32).filter(|letter| *letter != 'İ') {
            assert_eq!(lower(letter).to_string(), letter.to_lowercase().to_string(), "{:x}", u32::from(letter));
        }
    }

    #[test]
    fn every_letter_of_a_text_is_lowered() {
        let check = |text: &str, expected: &str| assert_eq!(lowercase(text), expected);
        check("Web-2 ÄÖÜ ẞ", "web-2 äöü ß");
        check("ΑΘΉΝΑ Москва ЁЛКА Երևան", "αθήνα москва ёлка երևան");
        check("İzmir 東京 🚀", "izmir 東京 🚀");
    }
}
