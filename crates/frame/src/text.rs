//! Short marks in texts.

/// What stands before and after the first `mark` in `text`; none where there is none, or the mark is empty.
///
/// The standard library's search is fast for marks of any length, by much code. This one is for those of a few bytes.
///
/// ```
/// assert_eq!(frame::split_once("now||/d", "||"), Some(("now", "/d")));
/// ```
#[must_use]
pub fn split_once<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let at = text.as_bytes().windows(mark.len().max(1)).position(|bytes| bytes == mark.as_bytes())?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::split_once;

    #[test]
    fn it_is_found_where_the_standard_library_finds_it() {
        for text in ["", "{", "{{", "a{{b}}c{{", "}}{{", "ä{{ö", "{{{", "{ {", "{}{{"] {
            for mark in ["{{", "}}", "{", "ö", "a{{"] {
                assert_eq!(split_once(text, mark), text.split_once(mark), "{mark} in {text}");
            }
            assert_eq!(split_once(text, ""), None);
        }
    }
}
