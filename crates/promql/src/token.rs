//! What a text of PromQL is made of.

/// Bytes `start..end` of a text; always whole characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The text it covers; empty where it lies outside of `text`.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Blanks and line ends.
    Space,
    /// `# …` to the end of the line.
    Comment,
    /// A number: `12`, `1.5e3`, `0x1F`, `1_000`, `Inf`, `NaN`.
    Number,
    /// A duration: `5m`, `1h30m`.
    Duration,
    /// A string in double, single or back quotes.
    Text {
        /// Whether its closing quote is there.
        closed: bool,
    },
    /// A name: of a metric, a label or a function.
    Name,
    /// A word with a meaning of its own. Where it cannot have that meaning, it is a name.
    Keyword(Keyword),
    /// A variable of a dashboard: `$job`, `${job:regex}`, `[[job]]`.
    Variable,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `{`
    LeftBrace,
    /// `}`
    RightBrace,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `,`
    Comma,
    /// `:` of a subquery
    Colon,
    /// `@`
    At,
    /// `=`
    Assign,
    /// `=~`
    Matches,
    /// `!~`
    DoesNotMatch,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `</`
    TrimUpper,
    /// `>/`
    TrimLower,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `^`
    Power,
    /// Digits and letters that are neither a number nor a duration: `5x`, `0x`.
    BadNumber,
    /// A character that has no place in PromQL.
    Unknown,
}

impl TokenKind {
    /// Whether it means nothing.
    #[must_use]
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Space | Self::Comment)
    }

    /// The bracket that closes this one.
    #[must_use]
    pub fn closing(self) -> Option<Self> {
        match self {
            Self::LeftParen => Some(Self::RightParen),
            Self::LeftBrace => Some(Self::RightBrace),
            Self::LeftBracket => Some(Self::RightBracket),
            _ => None,
        }
    }

    /// Whether it closes a bracket.
    #[must_use]
    pub fn is_closing(self) -> bool {
        matches!(self, Self::RightParen | Self::RightBrace | Self::RightBracket)
    }
}

/// Reserved words. Prometheus takes them in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// `and`, `or`, `unless`, `atan2`
    Operator,
    /// `by`, `without`: labels of an aggregation follow
    Grouping,
    /// `on`, `ignoring`, `group_left`, `group_right`: labels of a vector match follow
    Matching,
    /// `fill`, `fill_left`, `fill_right`: the value of missing partners follows
    Fill,
    /// `bool`
    Bool,
    /// `offset`
    Offset,
    /// `anchored`, `smoothed`
    Modifier,
    /// `sum`, `topk` …
    Aggregation,
}

impl Keyword {
    /// The keyword a word is, in whatever case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        const WORDS: [(&str, Keyword); 17] = [
            ("and", Keyword::Operator),
            ("or", Keyword::Operator),
            ("unless", Keyword::Operator),
            ("atan2", Keyword::Operator),
            ("by", Keyword::Grouping),
            ("without", Keyword::Grouping),
            ("on", Keyword::Matching),
            ("ignoring", Keyword::Matching),
            ("group_left", Keyword::Matching),
            ("group_right", Keyword::Matching),
            ("fill", Keyword::Fill),
            ("fill_left", Keyword::Fill),
            ("fill_right", Keyword::Fill),
            ("bool", Keyword::Bool),
            ("offset", Keyword::Offset),
            ("anchored", Keyword::Modifier),
            ("smoothed", Keyword::Modifier),
        ];
        let reserved = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, keyword)| *keyword);
        let aggregation = || crate::ops::AggregateOp::parse(word).map(|_| Self::Aggregation);
        reserved.or_else(aggregation)
    }
}
