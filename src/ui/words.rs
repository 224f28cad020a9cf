//! Words with numbers in them.

/// `1 rule`, `2 rules`.
pub fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
