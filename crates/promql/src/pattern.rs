//! Whether a regular expression matches the empty string: the one thing about patterns that decides whether Prometheus
//! takes a selector at all, and not worth an engine.

/// Whether the whole of `pattern` matches nothing. `None` where it is not a pattern of the kind that Prometheus takes,
/// as far as looking at it tells.
pub(crate) fn matches_empty(pattern: &str) -> Option<bool> {
    let mut reader = Reader { rest: pattern, depth: 0 };
    let answer = reader.alternatives()?;
    reader.rest.is_empty().then_some(answer)
}

/// Deeper than anything written by a person.
const DEEPEST: u32 = 50;

struct Reader<'a> {
    rest: &'a str,
    depth: u32,
}

impl Reader<'_> {
    /// `a|b`, up to a closing bracket or the end.
    fn alternatives(&mut self) -> Option<bool> {
        let mut any = false;
        loop {
            any |= self.sequence()?;
            if !self.take("|") {
                return Some(any);
            }
        }
    }

    fn sequence(&mut self) -> Option<bool> {
        let mut all = true;
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            let atom = self.atom()?;
            all &= self.repeated(atom)?;
        }
        Some(all)
    }

    fn atom(&mut self) -> Option<bool> {
        let first = self.rest.chars().next()?;
        if self.take("(") {
            self.skip_flags();
            self.depth += 1;
            let inner = (self.depth <= DEEPEST).then(|| self.alternatives())??;
            self.depth -= 1;
            return self.take(")").then_some(inner);
        }
        if first == '[' {
            self.class()?;
            return Some(false);
        }
        if self.take("\\") {
            let escaped = self.rest.chars().next()?;
            self.rest = &self.rest[escaped.len_utf8()..];
            // The beginning, the end, and "no border of a word" are true of nothing.
            return Some(matches!(escaped, 'A' | 'z' | 'B'));
        }
        self.rest = &self.rest[first.len_utf8()..];
        (!matches!(first, '*' | '+' | '?')).then_some(matches!(first, '^' | '$'))
    }

    /// `?:`, `?i:`, `?P<name>` after an opening bracket.
    fn skip_flags(&mut self) {
        if !self.rest.starts_with('?') {
            return;
        }
        let end = self.rest.find([':', '>', ')']).unwrap_or(self.rest.len());
        let is_inside = !self.rest[end..].starts_with(')');
        self.rest = self.rest.get(end + usize::from(is_inside)..).unwrap_or_default();
    }

    /// `[…]`, in which a first `]` is a character, and `[:alpha:]` stands for many.
    fn class(&mut self) -> Option<()> {
        let inner = self.rest.strip_prefix('[')?;
        let mut chars = inner.strip_prefix('^').unwrap_or(inner).chars();
        let mut is_first = true;
        while let Some(c) = chars.next() {
            match c {
                '\\' => drop(chars.next()),
                '[' => chars = after_named_class(chars.as_str()).unwrap_or(chars.as_str()).chars(),
                ']' if !is_first => {
                    self.rest = chars.as_str();
                    return Some(());
                }
                _ => {}
            }
            is_first = false;
        }
        None
    }

    /// What comes of an atom with the `*`, `+`, `?` or `{1,2}` behind it.
    fn repeated(&mut self, mut atom: bool) -> Option<bool> {
        loop {
            if self.take("*") || self.take("?") {
                atom = true;
            } else if let Some(counts) = self.counts() {
                atom |= counts.split(',').next()?.bytes().all(|byte| byte == b'0');
            } else if !self.take("+") {
                return Some(atom);
            }
        }
    }

    /// `2,3` of `{2,3}`.
    fn counts(&mut self) -> Option<String> {
        let inner = self.rest.strip_prefix('{')?;
        let end = inner.find('}')?;
        let counts = &inner[..end];
        let is_count = counts.starts_with(|c: char| c.is_ascii_digit())
            && counts.bytes().all(|byte| byte == b',' || byte.is_ascii_digit());
        is_count.then(|| {
            self.rest = &inner[end + 1..];
            counts.to_owned()
        })
    }

    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

/// What follows `:alpha:]` or `:^alpha:]`.
fn after_named_class(rest: &str) -> Option<&str> {
    let name = rest.strip_prefix(':')?;
    let name = name.strip_prefix('^').unwrap_or(name);
    name.trim_start_matches(|c: char| c.is_ascii_lowercase()).strip_prefix(":]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for empty in [
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
        ] {
            assert_eq!(matches_empty(empty), Some(true), "{empty}");
        }
        for full in [
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
            "\\Qa",
            "{a}",
            "é",
            "[[:alpha:]]",
        ] {
            assert_eq!(matches_empty(full), Some(false), "{full}");
        }
        for broken in ["(", "a)", "[a", "[[:alpha:]", "*a", "\\", "(a|*)"] {
            assert_eq!(matches_empty(broken), None, "{broken}");
        }
        assert_eq!(matches_empty(&"(".repeat(100_000)), None);
    }
}
