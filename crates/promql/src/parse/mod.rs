//! Text to tree. Total: any text gives a tree, and a list of what is wrong with it.
//!
//! A Pratt parser by hand, for the language of Prometheus 3 with everything experimental in it, and with the variables of
//! dashboards where the crate's documentation says.

mod call;
mod duration;
mod error;
mod selector;
mod tokens;

pub use error::{Bracket, Context, ErrorKind, SyntaxError};

use crate::ast::{Ast, Id, Kind, Matching, Node};
use crate::lexer::Lexer;
use crate::number;
use crate::ops::BinaryOp;
use crate::token::{Keyword, Span, Token, TokenKind};
use tokens::{can_name_a_metric, starts_operand};

/// How deep brackets, calls and signs may nest. Nothing written by a person comes near; recursion stays small.
const DEEPEST: u32 = 160;

/// More than anyone reads.
const MOST_ERRORS: usize = 100;

/// What came of a text.
#[derive(Clone, Debug)]
pub struct Parsed<'a> {
    /// The tree; of a broken text, the best that could be made of it.
    pub ast: Ast<'a>,
    /// What is wrong, first things first; at most a hundred things. The server tells of the first only.
    pub errors: Vec<SyntaxError>,
    /// Whether the text nests so deep that a part of it was not read at all.
    pub is_cut: bool,
}

/// Reads an expression.
///
/// ```
/// let parsed = promql::parse("sum by (job) (rate(http_requests_total[$__rate_interval]))");
/// assert!(parsed.errors.is_empty());
/// let broken = promql::parse("sum(rate(up[5m])");
/// assert_eq!(broken.errors[0].message(broken.ast.text()), "unclosed left parenthesis");
/// ```
#[must_use]
pub fn parse(text: &str) -> Parsed<'_> {
    let tokens = Lexer::new(text).filter(|token| !token.kind.is_trivia()).collect();
    let mut parser = Parser {
        text,
        tokens,
        at: 0,
        plain_until: 0,
        nodes: Vec::new(),
        errors: Vec::new(),
        depth: 0,
        operators: 0,
        in_aggregation: false,
        quiet: false,
        is_cut: false,
    };
    let root = parser.whole();
    Parsed { ast: Ast { text, nodes: parser.nodes, root }, errors: parser.errors, is_cut: parser.is_cut }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    /// Up to here no word has a variable: the rest of a long word is not looked through again and again.
    plain_until: usize,
    nodes: Vec<Node>,
    errors: Vec<SyntaxError>,
    depth: u32,
    /// How many operators the duration has so far. Each makes its tree deeper, unlike those of expressions, since
    /// durations are not in the list of nodes.
    operators: u32,
    /// Within the brackets of an aggregation, however deep, which is where Prometheus then says an error is.
    in_aggregation: bool,
    /// While looking for a place to go on after an error: what is found there is no news.
    quiet: bool,
    is_cut: bool,
}

impl Parser<'_> {
    fn whole(&mut self) -> Id {
        if self.tokens.is_empty() {
            self.error(ErrorKind::Empty, Span::default());
            return self.push(Kind::Missing, self.nowhere());
        }
        let root = self.expr(0);
        if let Some(token) = self.peek() {
            let kind = match token.kind {
                TokenKind::RightParen => ErrorKind::Unopened(Bracket::Paren),
                TokenKind::RightBracket => ErrorKind::Unopened(Bracket::Square),
                _ => ErrorKind::Unexpected(Context::Expression),
            };
            self.error(kind, token.span);
            // What follows is still looked at, so that its selectors are known.
            self.skip_until(&[]);
        }
        root
    }

    /// An expression of operators that bind at least as tightly as `floor`.
    fn expr(&mut self, floor: u8) -> Id {
        if self.depth >= DEEPEST {
            return self.too_deep();
        }
        self.depth += 1;
        let mut lhs = self.operand();
        while let Some(op) = self.peek().and_then(|token| self.binary_op(token)).filter(|op| op.binding() >= floor) {
            self.at += 1;
            let matching = self.matching();
            // Powers are taken from the right: a ^ (b ^ c).
            let rhs = self.expr(op.binding() + u8::from(op != BinaryOp::Power));
            let span = Span { start: self.span(lhs).start, end: self.span(rhs).end };
            lhs = self.push(Kind::Binary { op, lhs, rhs, matching }, span);
        }
        self.depth -= 1;
        lhs
    }

    fn operand(&mut self) -> Id {
        match self.peek() {
            Some(Token { kind: kind @ (TokenKind::Plus | TokenKind::Minus), span }) => {
                self.at += 1;
                let expr = self.expr(BinaryOp::Power.binding());
                self.signed(kind == TokenKind::Minus, span, expr)
            }
            _ => {
                let id = self.primary();
                self.postfix(id)
            }
        }
    }

    /// A sign belongs to a number; before anything else it is an operation.
    fn signed(&mut self, minus: bool, sign: Span, expr: Id) -> Id {
        let node = &mut self.nodes[expr.index()];
        if let Kind::Number { value, .. } = &mut node.kind {
            *value = if minus { -*value } else { *value };
            node.span.start = sign.start;
            return expr;
        }
        let span = Span { start: sign.start, end: node.span.end };
        self.push(Kind::Unary { minus, expr }, span)
    }

    fn primary(&mut self) -> Id {
        loop {
            let Some(token) = self.peek() else { return self.missing() };
            if let Some((span, parts)) = self.word_with_variable() {
                return self.variable(span, parts);
            }
            return match token.kind {
                TokenKind::LeftParen => self.paren(),
                TokenKind::LeftBrace => self.selector(None),
                TokenKind::Number | TokenKind::Duration | TokenKind::BadNumber => self.number(token),
                TokenKind::Text { closed } => self.text(token.span, closed),
                TokenKind::Name => self.named(token.span),
                TokenKind::Keyword(Keyword::Aggregation) if self.is_aggregate() => {
                    self.at += 1;
                    self.aggregate(token.span)
                }
                TokenKind::Keyword(keyword) if can_name_a_metric(keyword, token.span.of(self.text)) => {
                    self.at += 1;
                    self.selector(Some(token.span))
                }
                TokenKind::Unknown => {
                    self.error(ErrorKind::Unexpected(Context::Expression), token.span);
                    self.at += 1;
                    continue;
                }
                _ => self.missing(),
            };
        }
    }

    fn paren(&mut self) -> Id {
        let open = self.take();
        let inner = self.expr(0);
        let end = self.close_paren(open);
        self.push(Kind::Paren(inner), Span { start: open.start, end })
    }

    fn number(&mut self, token: Token) -> Id {
        let duration = token.kind == TokenKind::Duration;
        let value = self.literal().unwrap_or_default();
        self.push(Kind::Number { value, duration }, token.span)
    }

    /// Takes a number, or a duration as its seconds.
    fn literal(&mut self) -> Option<f64> {
        let token = self.peek()?;
        self.at += 1;
        let written = token.span.of(self.text);
        let (value, error) = match token.kind {
            TokenKind::Duration => {
                (number::parse_duration(written).map(|millis| millis as f64 / 1000.0), ErrorKind::BadDuration)
            }
            TokenKind::Number => (number::parse_number(written), ErrorKind::BadNumber),
            _ => (None, ErrorKind::BadNumber),
        };
        if value.is_none() {
            self.error(error, token.span);
        }
        value
    }

    fn text(&mut self, span: Span, closed: bool) -> Id {
        self.at += 1;
        self.check_text(span, closed);
        self.push(Kind::Text, span)
    }

    fn check_text(&mut self, span: Span, closed: bool) {
        if !closed {
            self.error(ErrorKind::UnclosedText, span);
        } else if crate::quoting::unquote(span.of(self.text)).is_none() {
            self.error(ErrorKind::BadEscape, span);
        }
    }

    /// What `bool`, `on (…)` and the like say between an operator and its right operand.
    fn matching(&mut self) -> Option<Box<Matching>> {
        let start = self.at;
        let mut matching = Matching { bool: self.take_keyword("bool").is_some(), ..Matching::default() };
        matching.labels = self.match_labels();
        if matching.labels.is_some() {
            matching.group = self.group();
        }
        self.fill(&mut matching);
        (self.at > start).then(|| Box::new(matching))
    }

    fn missing(&mut self) -> Id {
        self.error(ErrorKind::Unexpected(Context::Expression), self.here());
        self.push(Kind::Missing, self.nowhere())
    }

    /// Gives up on all that follows.
    fn too_deep(&mut self) -> Id {
        if !self.is_cut {
            self.quiet = false;
            self.error(ErrorKind::TooDeep, self.here());
        }
        self.is_cut = true;
        self.quiet = true;
        self.at = self.tokens.len();
        self.push(Kind::Missing, self.nowhere())
    }

    /// Reads on until one of `stops`, keeping what can be understood.
    fn skip_until(&mut self, stops: &[TokenKind]) {
        let was_quiet = std::mem::replace(&mut self.quiet, true);
        while let Some(token) = self.peek().filter(|token| !stops.contains(&token.kind)) {
            let before = self.at;
            if starts_operand(token.kind) {
                self.expr(0);
            }
            // An operand may turn out to be none.
            if self.at == before {
                self.at += 1;
            }
        }
        self.quiet = was_quiet;
    }

    fn close_paren(&mut self, open: Span) -> usize {
        self.close(TokenKind::RightParen, open, ErrorKind::Unclosed(Bracket::Paren), Context::Expression)
    }

    /// Takes a closing bracket, or says why it is not there. Gives the end of what was read.
    fn close(&mut self, closing: TokenKind, open: Span, unclosed: ErrorKind, context: Context) -> usize {
        if self.peek().is_some_and(|token| token.kind != closing) {
            self.error(ErrorKind::Unexpected(context), self.here());
            self.skip_until(&[TokenKind::RightParen, TokenKind::RightBracket, TokenKind::RightBrace]);
        }
        match self.peek() {
            Some(token) if token.kind == closing => {
                self.at += 1;
                token.span.end
            }
            Some(_) => self.end_of_last(),
            None => {
                self.error(unclosed, open);
                self.end_of_last()
            }
        }
    }

    fn push(&mut self, kind: Kind, span: Span) -> Id {
        // A node stands for at least one token or one error; texts of 4 GB do not get here.
        let id = Id(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { kind, span });
        id
    }

    fn span(&self, id: Id) -> Span {
        self.nodes[id.index()].span
    }

    fn error(&mut self, kind: ErrorKind, span: Span) {
        let kind = match kind {
            ErrorKind::Unexpected(Context::Expression) if self.in_aggregation => {
                ErrorKind::Unexpected(Context::Aggregation)
            }
            kind => kind,
        };
        if !self.quiet && self.errors.len() < MOST_ERRORS {
            self.errors.push(SyntaxError { span, kind });
        }
    }
}
