//! JSON's grammar over tokens: keeps track of the brackets, and tells the document what is where.

use super::Fault;
use super::document::Document;
use super::lexer::{Bracket, Token};
use super::schema::{Place, Slot};

/// Answers nest about ten levels deep, VictoriaMetrics' traces some dozens.
const MAX_DEPTH: usize = 128;

/// Where in the document the next token is.
#[derive(Debug)]
pub(super) struct Walk {
    levels: Vec<Level>,
    next: Next,
    /// Where the next value goes.
    slot: Slot,
}

#[derive(Clone, Copy, Debug)]
struct Level {
    place: Place,
    /// How many commas there were so far.
    commas: u8,
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Value,
    ValueOrClose,
    Key,
    KeyOrClose,
    Colon,
    CommaOrClose,
    End,
}

impl Walk {
    pub(super) fn new() -> Self {
        Self { levels: Vec::with_capacity(16), next: Next::Value, slot: Slot::Root }
    }

    /// Whether nothing of the document was there yet.
    pub(super) fn is_at_start(&self) -> bool {
        self.slot == Slot::Root && self.next == Next::Value
    }

    /// Whether the document is complete.
    pub(super) fn is_at_end(&self) -> bool {
        self.next == Next::End
    }

    /// Whether the next token, if it is a string, has a content that matters.
    pub(super) fn wants_text(&self) -> bool {
        match self.next {
            Next::Key | Next::KeyOrClose => !matches!(self.place(), Some(Place::Skipped(_))),
            _ => self.slot != Slot::Skip,
        }
    }

    /// Whether the next value, if there is one, is a sample in an array of such.
    pub(super) fn is_at_sample(&self) -> bool {
        self.slot == Slot::Sample && matches!(self.next, Next::Value | Next::ValueOrClose)
    }

    /// Somebody else has read samples, the last one with the comma that follows it.
    pub(super) fn skip_samples(&mut self) {
        self.next = Next::Value;
    }

    /// Takes the next token.
    pub(super) fn accept(&mut self, token: Token<'_>, document: &mut Document) -> Result<(), Fault> {
        match (self.next, token) {
            (Next::Value | Next::ValueOrClose, Token::Open(bracket)) => self.open(bracket, document),
            (Next::ValueOrClose | Next::KeyOrClose | Next::CommaOrClose, Token::Close(bracket)) => {
                self.close(bracket, document)
            }
            (Next::Key | Next::KeyOrClose, Token::Text(key)) => {
                let Some(place) = self.place() else { return Err(Fault::What("a key outside of an object")) };
                self.slot = document.key(place.slot_of_key(&key), &key)?;
                self.next = Next::Colon;
                Ok(())
            }
            (Next::Colon, Token::Colon) => {
                self.next = Next::Value;
                Ok(())
            }
            (Next::CommaOrClose, Token::Comma) => self.comma(),
            (
                Next::Value | Next::ValueOrClose,
                scalar @ (Token::Text(_) | Token::Number(_) | Token::Bool(_) | Token::Null),
            ) => {
                document.scalar(self.slot, scalar)?;
                self.next = Next::CommaOrClose;
                Ok(())
            }
            (expected, _) => Err(Fault::What(expected.complaint())),
        }
    }

    fn place(&self) -> Option<Place> {
        self.levels.last().map(|level| level.place)
    }

    fn open(&mut self, bracket: Bracket, document: &mut Document) -> Result<(), Fault> {
        if self.levels.len() >= MAX_DEPTH {
            return Err(Fault::TooDeep);
        }
        let place = self.slot.place_of(bracket).ok_or(Fault::What(self.slot.expectation()))?;
        document.open(place)?;
        self.levels.push(Level { place, commas: 0 });
        match bracket {
            Bracket::Object => self.next = Next::KeyOrClose,
            Bracket::Array => {
                self.next = Next::ValueOrClose;
                self.slot = place.slot_of_element(0).unwrap_or(Slot::Skip);
            }
        }
        Ok(())
    }

    fn comma(&mut self) -> Result<(), Fault> {
        let Some(level) = self.levels.last_mut() else { return Err(Fault::What(Next::End.complaint())) };
        match level.place.bracket() {
            Bracket::Object => self.next = Next::Key,
            Bracket::Array => {
                level.commas = level.commas.saturating_add(1);
                self.next = Next::Value;
                self.slot = level.place.slot_of_element(level.commas).ok_or(Fault::What(TOO_MANY))?;
            }
        }
        Ok(())
    }

    fn close(&mut self, bracket: Bracket, document: &mut Document) -> Result<(), Fault> {
        let Some(Level { place, commas }) = self.levels.pop() else { return Err(Fault::What(Next::End.complaint())) };
        if place.bracket() != bracket {
            return Err(Fault::What("brackets that do not match"));
        }
        let is_empty = self.next != Next::CommaOrClose;
        if place.arity().is_some_and(|arity| is_empty || commas + 1 != arity) {
            return Err(Fault::What(TOO_FEW));
        }
        document.close(place)?;
        self.next = if self.levels.is_empty() { Next::End } else { Next::CommaOrClose };
        Ok(())
    }
}

const TOO_FEW: &str = "a sample or bucket with too few parts";
const TOO_MANY: &str = "a sample or bucket with too many parts";

impl Next {
    /// What to say when something else comes.
    fn complaint(self) -> &'static str {
        match self {
            Self::Value => "a value is missing",
            Self::ValueOrClose => "neither a value nor the end of an array",
            Self::Key => "a key is missing",
            Self::KeyOrClose => "neither a key nor the end of an object",
            Self::Colon => "a colon is missing",
            Self::CommaOrClose => "neither a comma nor a closing bracket",
            Self::End => "something after the end of the document",
        }
    }
}
