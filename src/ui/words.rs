//! Words: how many of something, and whether they are in a text.

use format::letters::lowercase;

/// `1 rule`, `2 rules`.
pub fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Whether every word of `sought` is somewhere in `text`, large or small letters alike.
pub fn has_words(text: &str, sought: &str) -> bool {
    let text = lowercase(text);
    lowercase(sought).split_whitespace().all(|word| text.contains(word))
}
