//! JavaScript's regular expressions, as the engine reads them.
//!
//! What JavaScript takes as it is written (ECMAScript, Annex B: `{` that counts nothing, `-` beside a class) is an error for
//! the engine, or something else.

/// What `source` means to JavaScript, for the engine to read. What neither reads is left for the engine to refuse.
pub(super) fn for_engine(source: &str) -> String {
    let mut reader = Reader { rest: source, written: String::with_capacity(source.len()) };
    while let Some(atom) = reader.next() {
        match atom {
            "[" => reader.class(),
            "{" if !counts(reader.rest) => reader.written.push_str(r"\{"),
            // The borders of a word, for the engine.
            r"\<" | r"\>" => reader.written.push_str(atom.trim_start_matches('\\')),
            _ => reader.written.push_str(atom),
        }
    }
    reader.written
}

/// Whether what stands behind a `{` makes it say how often something is repeated: `2}`, `2,}`, `2,3}`.
fn counts(rest: &str) -> bool {
    let behind = behind_digits(rest);
    let most = behind.strip_prefix(',').map_or(behind, behind_digits);
    behind.len() < rest.len() && most.starts_with('}')
}

fn behind_digits(text: &str) -> &str {
    text.trim_start_matches(|letter: char| letter.is_ascii_digit())
}

struct Reader<'a> {
    rest: &'a str,
    written: String,
}

impl<'a> Reader<'a> {
    /// The next letter, with the backslash before it.
    fn next(&mut self) -> Option<&'a str> {
        let escaped = if self.rest.starts_with('\\') { 2 } else { 1 };
        let length = self.rest.chars().take(escaped).map(char::len_utf8).sum();
        let (atom, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(atom).filter(|atom| !atom.is_empty())
    }

    /// What stands between brackets, of which the first is read.
    fn class(&mut self) {
        for (every, own) in [("^]", r"[\s\S]"), ("]", r"[^\s\S]")] {
            if let Some(rest) = self.rest.strip_prefix(every) {
                self.written.push_str(own);
                self.rest = rest;
                return;
            }
        }
        self.written.push('[');
        if let Some(rest) = self.rest.strip_prefix('^') {
            self.written.push('^');
            self.rest = rest;
        }
        while let Some(first) = self.next() {
            if first == "]" {
                self.written.push(']');
                return;
            }
            self.member(first);
            self.range_from(first);
        }
    }

    /// The rest of a range that begins with `first`, if it is one: a class such as `\w` begins and ends none.
    fn range_from(&mut self, first: &str) {
        let Some(last) = self.rest.strip_prefix('-').filter(|rest| !rest.starts_with(']')) else { return };
        self.rest = last;
        let Some(last) = self.next() else { return };
        self.written.push_str(if is_class(first) || is_class(last) { r"\-" } else { "-" });
        self.member(last);
    }

    /// A letter between brackets, where `[`, `&`, `~` and `-` are nothing else to JavaScript.
    fn member(&mut self, atom: &str) {
        if matches!(atom, "[" | "&" | "~" | "-" | "^") {
            self.written.push('\\');
        }
        self.written.push_str(atom);
    }
}

fn is_class(atom: &str) -> bool {
    matches!(atom, r"\d" | r"\D" | r"\s" | r"\S" | r"\w" | r"\W")
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_lite::Regex;

    /// What `source` is to the engine, and what it finds first in `text`.
    fn check(source: &str, written: &str, text: &str, found: Option<&str>) {
        assert_eq!(for_engine(source), written, "{source}");
        let regex = Regex::new(written).unwrap_or_else(|error| panic!("{source}: {error}"));
        assert_eq!(regex.find(text).map(|found| found.as_str()), found, "{source} in {text}");
    }

    #[test]
    fn braces_that_count_nothing_are_letters() {
        check("{} (.*) .*", r"\{} (.*) .*", "{} 3 1700", Some("{} 3 1700"));
        check(r#"up{.*job="([^"]+)""#, r#"up\{.*job="([^"]+)""#, r#"up{a="b",job="c"}"#, Some(r#"up{a="b",job="c""#));
        check("{.*}", r"\{.*}", "up{a}", Some("{a}"));
        check("a{1}b{2,}c{1,3}", "a{1}b{2,}c{1,3}", "abbcc", Some("abbcc"));
        check("a{,2}", r"a\{,2}", "a{,2}", Some("a{,2}"));
        check("a{1,x}", r"a\{1,x}", "a{1,x}", Some("a{1,x}"));
        check("a{", r"a\{", "a{", Some("a{"));
        check(r"\{a\}", r"\{a\}", "{a}", Some("{a}"));
        check("[{}]+", "[{}]+", "a{}", Some("{}"));
    }

    #[test]
    fn a_dash_beside_a_class_is_a_letter() {
        check(r"[\w-.]+", r"[\w\-.]+", "a-b.c d", Some("a-b.c"));
        check(r"[\w-\.]+", r"[\w\-\.]+", "a-b.c d", Some("a-b.c"));
        check(r"[.-\d]+", r"[.\-\d]+", "a1-2.3", Some("1-2.3"));
        check(r"[\w-.-/]+", r"[\w\-.\-/]+", "a-./", Some("a-./"));
        check(r"[\w-]+", r"[\w\-]+", "a-b", Some("a-b"));
        check("[a-c-e]+", r"[a-c\-e]+", "dab-e", Some("ab-e"));
        check("[-a]+", r"[\-a]+", "b-a", Some("-a"));
        check(r"[a\-z]+", r"[a\-z]+", "ba-z", Some("a-z"));
    }

    #[test]
    fn between_brackets_only_a_bracket_ends() {
        check("[[]a", r"[\[]a", "[a", Some("[a"));
        check("[[:digit:]]", r"[\[:digit:]]", "g]", Some("g]"));
        check("[a&&b]+", r"[a\&\&b]+", "c&a", Some("&a"));
        check("[^~~]", r"[^\~\~]", "~a", Some("a"));
        check("[a^]+", r"[a\^]+", "b^a", Some("^a"));
        check("[^]a", r"[\s\S]a", "\na", Some("\na"));
        check("[]a", r"[^\s\S]a", "a]a", None);
    }

    #[test]
    fn escapes_stay() {
        check(r"\d+\/\w\.\[", r"\d+\/\w\.\[", "1/a.[", Some("1/a.["));
        check(r"\<a\>", "<a>", "<a>", Some("<a>"));
        check("(?<name>é{2})ü", "(?<name>é{2})ü", "ééü", Some("ééü"));
    }

    #[test]
    fn what_is_cut_off_is_left_to_the_engine() {
        for source in ["[", "[a", "[a-", "[^", r"[\", r"\", r"a\", "(", "{2}"] {
            assert!(Regex::new(&for_engine(source)).is_err(), "{source}");
        }
    }
}
