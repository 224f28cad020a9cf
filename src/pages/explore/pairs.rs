//! Brackets and quotes come in pairs as they are typed.

use std::ops::Range;

/// What a key does to a text: `text` in the place of `range`, and the caret behind `caret` bytes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub range: Range<usize>,
    pub text: String,
    pub caret: usize,
}

const PAIRS: [(&str, &str); 4] = [("(", ")"), ("[", "]"), ("{", "}"), ("\"", "\"")];

/// What `key` does where `selected` is selected, if it has to do with pairs: an opening one brings its partner or goes
/// around what is selected, a closing one steps over the one that is there, and both go together.
pub fn press(text: &str, selected: Range<usize>, key: &str) -> Option<Edit> {
    let (before, after) = (text.get(..selected.start)?, text.get(selected.end..)?);
    let inside = text.get(selected.clone())?;
    if key == "Backspace" {
        let is_empty_pair = |(open, close): &(&str, &str)| before.ends_with(open) && after.starts_with(close);
        let range = selected.start.checked_sub(1)?..selected.end + 1;
        let goes = selected.is_empty() && PAIRS.iter().any(is_empty_pair);
        return goes.then(|| Edit { range, text: String::new(), caret: 0 });
    }
    if selected.is_empty() && PAIRS.iter().any(|(_, close)| *close == key) && after.starts_with(key) {
        return Some(Edit { range: selected.start..selected.end + 1, text: key.to_owned(), caret: 1 });
    }
    let (open, close) = PAIRS.iter().find(|(open, _)| *open == key)?;
    // In front of a word or a quote a bracket is meant alone, and behind a word a quote is.
    let is_alone = after.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '"' | '$'));
    let ends = *open == "\"" && before.ends_with(|last: char| last.is_alphanumeric() || last == '\\');
    if inside.is_empty() && (is_alone || ends) {
        return None;
    }
    Some(Edit { range: selected, text: format!("{open}{inside}{close}"), caret: 1 + inside.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` marks the caret or the two ends of what is selected; none where the key does only what it always does.
    fn check(marked: &str, key: &str, expected: Option<&str>) {
        let text = marked.replace('|', "");
        let start = marked.find('|').unwrap_or_default();
        let end = marked.rfind('|').filter(|end| *end > start).map_or(start, |end| end - 1);
        let after = press(&text, start..end, key).map(|edit| {
            let mut new = text.clone();
            new.replace_range(edit.range.clone(), &edit.text);
            new.insert(edit.range.start + edit.caret, '|');
            new
        });
        assert_eq!(after.as_deref(), expected, "{key} in {marked}");
    }

    #[test]
    fn pairs_come_and_go_together() {
        check("rate|", "(", Some("rate(|)"));
        check("rate(|)", ")", Some("rate()|"));
        check("rate(|)", "Backspace", Some("rate|"));
        check("rate(|x)", "Backspace", None);
        check("|", "Backspace", None);
        check("|up|", "(", Some("(up|)"));
        check("|up", "(", None);
        check("up{a=|}", "\"", Some("up{a=\"|\"}"));
        check("up{a=\"|\"}", "\"", Some("up{a=\"\"|}"));
        check("up{a=\"b|}", "\"", None);
        check("up{a=\"\"|}", "Backspace", None);
        check("x|", "a", None);
        check("ü|", "[", Some("ü[|]"));
    }
}
