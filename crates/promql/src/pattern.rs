//! What decides whether Prometheus takes a selector with a regular expression: whether it is one, and whether it matches
//! the empty string. Not worth an engine.
//!
//! The syntax is that of Go's `regexp/syntax`, and so are the words for what is wrong. What is refused here is refused
//! there; names of Unicode's classes and the size of what comes out are not looked at.

/// Why it cannot be said whether a pattern matches nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault<'a> {
    /// Go refuses it: what is wrong, and with which part.
    Wrong(&'static str, &'a str),
    /// It nests too deep to be looked at, or has plain text between `\Q` and `\E`.
    Unknown,
}

/// Whether the whole of `pattern` matches nothing.
pub(crate) fn matches_empty(pattern: &str) -> Result<bool, Fault<'_>> {
    let mut reader = Reader { whole: pattern, rest: pattern, depth: 0 };
    let answer = reader.alternatives()?;
    if reader.rest.is_empty() { Ok(answer) } else { Err(Fault::Wrong("unexpected )", pattern)) }
}

/// Deeper than anything written by a person.
const DEEPEST: u32 = 50;

/// More than that many times nothing can be repeated.
const MOST_REPEATED: u32 = 1000;

struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
    depth: u32,
}

impl<'a> Reader<'a> {
    /// `a|b`, up to a closing bracket or the end.
    fn alternatives(&mut self) -> Result<bool, Fault<'a>> {
        let mut any = false;
        loop {
            any |= self.sequence()?;
            if !self.take("|") {
                return Ok(any);
            }
        }
    }

    fn sequence(&mut self) -> Result<bool, Fault<'a>> {
        let (mut all, mut last) = (true, None);
        // Where the repetition right before begins: none may follow.
        let mut repeated: Option<&str> = None;
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            let start = self.rest;
            if let Some(optional) = self.repetition()? {
                if let Some(first) = repeated {
                    return Err(Fault::Wrong("invalid nested repetition operator", self.since(first)));
                }
                let missing = Fault::Wrong("missing argument to repetition operator", self.since(start));
                last = Some(last.ok_or(missing)? || optional);
                repeated = Some(start);
            } else {
                if let Some(atom) = self.atom()? {
                    all &= last.unwrap_or(true);
                    last = Some(atom);
                }
                repeated = None;
            }
        }
        Ok(all && last.unwrap_or(true))
    }

    /// Takes `*`, `+`, `?` or `{1,2}`, maybe with the `?` that makes it reluctant. Whether no time is enough for it.
    fn repetition(&mut self) -> Result<Option<bool>, Fault<'a>> {
        let start = self.rest;
        let optional = if self.take("*") || self.take("?") {
            true
        } else if self.take("+") {
            false
        } else {
            let Some((least, most, rest)) = counts(start) else { return Ok(None) };
            self.rest = rest;
            if least > most || most > MOST_REPEATED {
                return Err(Fault::Wrong("invalid repeat count", self.since(start)));
            }
            least == 0
        };
        self.take("?");
        Ok(Some(optional))
    }

    /// What can be repeated. Nothing for `(?i)`, which stands for nothing.
    fn atom(&mut self) -> Result<Option<bool>, Fault<'a>> {
        let start = self.rest;
        match self.next() {
            Some('(') => self.group(start),
            Some('[') => self.class(start).map(|()| Some(false)),
            Some('\\') => self.escape(start).map(Some),
            first => Ok(first.map(|first| matches!(first, '^' | '$'))),
        }
    }

    fn group(&mut self, start: &'a str) -> Result<Option<bool>, Fault<'a>> {
        if self.take("?") && !self.flags(start)? {
            return Ok(None);
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::Unknown);
        }
        let inner = self.alternatives()?;
        self.depth -= 1;
        if self.take(")") { Ok(Some(inner)) } else { Err(Fault::Wrong("missing closing )", self.whole)) }
    }

    /// The rest of `(?:`, `(?i:`, `(?P<name>`, `(?<name>` or `(?i)`. Whether a group begins.
    fn flags(&mut self, start: &'a str) -> Result<bool, Fault<'a>> {
        if self.take("P<") || self.take("<") {
            return self.name(start).map(|()| true);
        }
        let (mut is_negated, mut has_flag) = (false, false);
        loop {
            match self.next() {
                Some('i' | 'm' | 's' | 'U') => has_flag = true,
                Some('-') if !is_negated => (is_negated, has_flag) = (true, false),
                Some(end @ (':' | ')')) if has_flag || !is_negated => return Ok(end == ':'),
                _ => return Err(Fault::Wrong("invalid or unsupported Perl syntax", self.since(start))),
            }
        }
    }

    fn name(&mut self, start: &'a str) -> Result<(), Fault<'a>> {
        let (name, rest) = self.rest.split_once('>').unwrap_or((self.rest, ""));
        self.rest = rest;
        let is_closed = self.since(start).ends_with('>');
        let is_word = !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        if is_closed && is_word { Ok(()) } else { Err(Fault::Wrong("invalid named capture", self.since(start))) }
    }

    /// What follows a backslash.
    fn escape(&mut self, start: &'a str) -> Result<bool, Fault<'a>> {
        // The beginning, the end, and "no border of a word" are true of nothing.
        if self.take("A") || self.take("z") || self.take("B") {
            return Ok(true);
        }
        if self.take("b") {
            return Ok(false);
        }
        // All up to `\E` is plain text.
        if self.take("Q") { Err(Fault::Unknown) } else { self.escaped(start).map(|_| false) }
    }

    /// A character, if it is told by itself, or a class of them.
    fn escaped(&mut self, start: &'a str) -> Result<Option<char>, Fault<'a>> {
        let trailing = Fault::Wrong("trailing backslash at end of expression", "");
        match self.next().ok_or(trailing)? {
            'a' | 'f' | 'n' | 'r' | 't' | 'v' | 'd' | 'D' | 's' | 'S' | 'w' | 'W' => Ok(None),
            'p' | 'P' | 'x' if self.take("{") => {
                self.rest = self.rest.split_once('}').map_or("", |(_, rest)| rest);
                Ok(None)
            }
            'p' | 'P' => Ok(self.next().and(None)),
            'x' => Ok(self.next().and_then(|_| self.next()).and(None)),
            // One digit alone would be what a group matched, which is not supported.
            c @ '0'..='7' if c == '0' || self.rest.starts_with(is_octal) => {
                let digits = self.rest.bytes().take(2).take_while(|byte| is_octal(char::from(*byte))).count();
                self.rest = &self.rest[digits..];
                Ok(None)
            }
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok(Some(c)),
            _ => Err(Fault::Wrong("invalid escape sequence", self.since(start))),
        }
    }

    /// The rest of `[…]`, in which a first `]` is a character, and `[:alpha:]` stands for many.
    fn class(&mut self, start: &'a str) -> Result<(), Fault<'a>> {
        self.take("^");
        let mut is_first = true;
        while is_first || !self.take("]") {
            self.class_part(start)?;
            is_first = false;
        }
        Ok(())
    }

    /// A character of the class that begins at `class`, a range of them, or another class.
    fn class_part(&mut self, class: &'a str) -> Result<(), Fault<'a>> {
        let start = self.rest;
        if let Some(rest) = after_named_class(start) {
            self.rest = rest;
            return Ok(());
        }
        let first = self.class_char(class)?;
        let is_class = start.starts_with('\\') && start[1..].starts_with(['d', 'D', 's', 'S', 'w', 'W', 'p', 'P']);
        if is_class || self.rest.starts_with("-]") || self.rest == "-" || !self.take("-") {
            return Ok(());
        }
        let last = self.class_char(class)?;
        if first.zip(last).is_some_and(|(first, last)| last < first) {
            return Err(Fault::Wrong("invalid character class range", self.since(start)));
        }
        Ok(())
    }

    fn class_char(&mut self, class: &'a str) -> Result<Option<char>, Fault<'a>> {
        let start = self.rest;
        match self.next() {
            None => Err(Fault::Wrong("missing closing ]", class)),
            Some('\\') => self.escaped(start),
            Some(c) => Ok(Some(c)),
        }
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What was read of `start`.
    fn since(&self, start: &'a str) -> &'a str {
        &start[..start.len() - self.rest.len()]
    }
}

fn is_octal(c: char) -> bool {
    c.is_digit(8)
}

/// What follows `[:alpha:]` or `[:^alpha:]`.
fn after_named_class(text: &str) -> Option<&str> {
    let name = text.strip_prefix("[:")?;
    let name = name.strip_prefix('^').unwrap_or(name);
    name.trim_start_matches(|c: char| c.is_ascii_lowercase()).strip_prefix(":]")
}

/// The least and the most of `{2,3}`, `{2}` or `{2,}`, and what follows. Any other `{` is a character.
fn counts(text: &str) -> Option<(u32, u32, &str)> {
    let (least, rest) = count(text.strip_prefix('{')?)?;
    let (most, rest) = match rest.strip_prefix(',') {
        Some(rest) => count(rest).unwrap_or((least, rest)),
        None => (least, rest),
    };
    Some((least, most, rest.strip_prefix('}')?))
}

fn count(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let is_count = !digits.is_empty() && (digits == "0" || !digits.starts_with('0'));
    is_count.then(|| (digits.parse().unwrap_or(u32::MAX), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: Result<bool, Fault>, patterns: &[&str]) {
        for pattern in patterns {
            assert_eq!(matches_empty(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn patterns() {
        check(
            Ok(true),
            &[
                "",
                ".*",
                "a?",
                "a|",
                "|a",
                "(a|)b*",
                "(?:.*)",
                "(?i:a*)",
                "^$",
                "a{0,3}",
                "[a-z]*",
                ".*?",
                "(?i)",
                "[[:alpha:]]*",
                "[^[:^digit:]_-]?",
                "[[:alpha:][:digit:]]*",
                "[[:alpha]*",
                "[[:]*",
                "[^^]*",
                "a(?i)*",
                "a*(?i)*",
                "^*",
                "()+",
                "(?P<a_1>b*)(?<c>d?)",
                "(?i-s:a*)",
                "\\x41*\\x{41}*\\012*\\pL*\\p{Greek}*\\n*",
            ],
        );
        check(
            Ok(false),
            &[
                ".+",
                "a",
                "a|b",
                "(a|)b",
                "[]*]",
                "[^]]",
                "\\.",
                "a{1,}",
                "a*b",
                "(a*)+c",
                "{a}",
                "é",
                "[[:alpha:]]",
                "a{,2}*b",
                "a{01}",
                "a{1",
                "a{1,b}",
                "a{1000}",
                "{",
                "]",
                "[a-]",
                "[+--]",
                "[A-[:x]",
                "[\\d-[:alpha:]]",
                "[a\\]]",
                "[\\pL-[:alpha:]]",
                "\\bb",
                "\\_\\-\\/",
            ],
        );
        check(Err(Fault::Unknown), &["\\Q*\\E", &"(".repeat(100_000)]);
    }

    #[test]
    fn broken_patterns() {
        for (pattern, what, part) in [
            ("(", "missing closing )", "("),
            ("a)", "unexpected )", "a)"),
            ("b[a", "missing closing ]", "[a"),
            ("[]", "missing closing ]", "[]"),
            ("[[:alpha:]", "missing closing ]", "[[:alpha:]"),
            ("[a-", "missing closing ]", "[a-"),
            ("[b-a]", "invalid character class range", "b-a"),
            ("*a", "missing argument to repetition operator", "*"),
            ("(a|*?)", "missing argument to repetition operator", "*?"),
            ("(?i)+", "missing argument to repetition operator", "+"),
            ("{2}", "missing argument to repetition operator", "{2}"),
            ("a*+b", "invalid nested repetition operator", "*+"),
            ("a{2}?*?", "invalid nested repetition operator", "{2}?*?"),
            ("a{2,1}", "invalid repeat count", "{2,1}"),
            ("a{99999999999,}", "invalid repeat count", "{99999999999,}"),
            ("(?", "invalid or unsupported Perl syntax", "(?"),
            ("(?!a)", "invalid or unsupported Perl syntax", "(?!"),
            ("(?i-:a)", "invalid or unsupported Perl syntax", "(?i-:"),
            ("(?P=a)", "invalid or unsupported Perl syntax", "(?P"),
            ("b(?<=a)", "invalid named capture", "(?<=a)"),
            ("(?<a-b>c)", "invalid named capture", "(?<a-b>"),
            ("(?P<>c)", "invalid named capture", "(?P<>"),
            ("\\", "trailing backslash at end of expression", ""),
            ("[\\", "trailing backslash at end of expression", ""),
            ("a\\y", "invalid escape sequence", "\\y"),
            ("(a)\\1", "invalid escape sequence", "\\1"),
            ("[\\b]", "invalid escape sequence", "\\b"),
        ] {
            assert_eq!(matches_empty(pattern), Err(Fault::Wrong(what, part)), "{pattern}");
        }
    }
}
