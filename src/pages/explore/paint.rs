//! A query as it is drawn behind its field: roles in tones, a line under the mistake, brackets that belong together.

use promql::Span;
use promql::highlight::{Role, highlight, matching_brackets};

/// A piece of the text and its class; an empty one for plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub span: Span,
    pub class: &'static str,
}

/// All of `text` in pieces, in order, without holes. The caret is at byte `caret`, if the field has one.
pub fn pieces(text: &str, caret: Option<usize>, mistake: Option<Span>) -> Vec<Piece> {
    let pair = caret.and_then(|caret| matching_brackets(text, caret));
    let mut pieces = Vec::new();
    let mut at = 0;
    for (token, role) in highlight(text) {
        if at < token.span.start {
            pieces.push(Piece { span: Span { start: at, end: token.span.start }, class: "" });
        }
        let is_wrong = mistake.is_some_and(|wrong| overlaps(wrong, token.span));
        let is_paired = pair.is_some_and(|(open, close)| token.span == open || token.span == close);
        let class = if is_wrong {
            "wrong"
        } else if is_paired {
            "paired"
        } else {
            tone(role)
        };
        pieces.push(Piece { span: token.span, class });
        at = token.span.end;
    }
    if at < text.len() {
        pieces.push(Piece { span: Span { start: at, end: text.len() }, class: "" });
    }
    pieces
}

fn overlaps(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

fn tone(role: Role) -> &'static str {
    match role {
        Role::Comment => "faint",
        Role::Label | Role::Text | Role::Separator => "second",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, caret: Option<usize>, mistake: Option<(usize, usize)>, expected: &str) {
        let mistake = mistake.map(|(start, end)| Span { start, end });
        let pieces = pieces(text, caret, mistake);
        let whole: String = pieces.iter().map(|piece| piece.span.of(text)).collect();
        assert_eq!(whole, text);
        let drawn: Vec<String> =
            pieces.iter().map(|piece| format!("{}:{}", piece.span.of(text), piece.class)).collect();
        assert_eq!(drawn.join("|"), expected, "{text}");
    }

    #[test]
    fn a_text_is_drawn_without_holes() {
        check("", None, None, "");
        check(" up ", None, None, " :|up:| :");
        check("a{b=\"c\"} # d", None, None, "a:|{:|b:second|=:|\"c\":second|}:| :|# d:faint");
        check("f(a)", Some(4), None, "f:|(:paired|a:|):paired");
        check("f(a", None, Some((1, 2)), "f:|(:wrong|a:");
        check("f(a) b", None, Some((0, 4)), "f:wrong|(:wrong|a:wrong|):wrong| :|b:");
    }
}
