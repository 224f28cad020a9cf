//! The streaming decoder for the answers of `/query` and `/query_range`.
//!
//! Bytes become columns in one pass. `lexer` cuts chunks into tokens and can stop at any byte; `walk` knows JSON's
//! grammar and `schema` the answer's form, so that each value finds its way into the `document`. Nearly all bytes of a
//! big answer are samples of one plain spelling, and `run` reads those straight from the chunk, past all the others;
//! whatever it does not know, such as the sample a chunk cuts in two, takes the long way, with the same outcome.

mod document;
mod eisel_lemire;
mod histograms;
mod labels;
mod lexer;
mod number;
mod order;
mod points;
mod results;
mod run;
mod schema;
mod spelling;
mod walk;

use crate::{Answer, DecodeError};
use document::{Document, Lack};
use frame::{Grid, Interner};
use lexer::Lexer;
use walk::Walk;

pub(crate) use number::parse_float;

/// What a query was asked for: which timestamps to expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// The instants of this grid: a range query.
    Grid(Grid),
    /// No particular ones: an instant query, or raw samples.
    Any,
}

/// How much of an answer is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of the body to read. What comes after them is ignored.
    pub bytes: u64,
    /// Points to keep in memory. On a grid gaps count like samples, as they take the same room.
    pub samples: u64,
    /// Series to keep.
    pub series: u32,
}

/// Decodes the body of an answer from `/query` or `/query_range`, in chunks of any size.
///
/// ```
/// use promapi::{Budget, Decoder, Expect, QueryResult};
///
/// let mut decoder = Decoder::new(Expect::Any, Budget { bytes: 1 << 20, samples: 1_000, series: 10 });
/// decoder.push(br#"{"status":"success","data":{"resultType":"scalar","resu"#)?;
/// decoder.push(br#"lt":[1700000000.5,"42"]}}"#)?;
/// let answer = decoder.finish()?;
/// assert_eq!(answer.result, QueryResult::Scalar(frame::Millis(1_700_000_000_500), 42.0));
/// # Ok::<(), promapi::DecodeError>(())
/// ```
#[derive(Debug)]
pub struct Decoder {
    lexer: Lexer,
    walk: Walk,
    document: Document,
    max_bytes: u64,
    bytes: u64,
    failed: Option<DecodeError>,
}

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    What(&'static str),
    TooDeep,
    OutOfMemory,
}

impl From<std::collections::TryReserveError> for Fault {
    fn from(_: std::collections::TryReserveError) -> Self {
        Self::OutOfMemory
    }
}

impl Decoder {
    /// A decoder for one answer.
    #[must_use]
    pub fn new(expect: Expect, budget: Budget) -> Self {
        Self::with_interner(expect, budget, Interner::default())
    }

    /// A decoder whose label texts are shared with earlier answers; [`into_parts`](Self::into_parts) gives the
    /// interner back.
    #[must_use]
    pub fn with_interner(expect: Expect, budget: Budget, interner: Interner) -> Self {
        Self {
            lexer: Lexer::default(),
            walk: Walk::new(),
            document: Document::new(expect, budget, interner),
            max_bytes: budget.bytes,
            bytes: 0,
            failed: None,
        }
    }

    /// Takes the next chunk of the body.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, at the same offset however the body is cut into chunks. It stays: every later
    /// call returns it again.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), DecodeError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let room = usize::try_from(self.max_bytes.saturating_sub(self.bytes)).unwrap_or(usize::MAX);
        self.bytes = self.bytes.saturating_add(chunk.len() as u64);
        let result = self.read(chunk.get(..room).unwrap_or(chunk));
        if let Err(error) = &result {
            self.failed = Some(error.clone());
        }
        result
    }

    /// Whether the rest of the body makes no difference, so that the transfer can be given up: the budget's bytes are
    /// used up, or something was wrong.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.failed.is_some() || self.bytes >= self.max_bytes
    }

    /// The answer, once the whole body was pushed.
    ///
    /// # Errors
    ///
    /// What [`push`](Self::push) said; [`DecodeError::Api`] when the server reports an error; otherwise whatever the
    /// document lacks.
    pub fn finish(self) -> Result<Answer, DecodeError> {
        self.into_parts().0
    }

    /// The answer as by [`finish`](Self::finish), and the interner for the next decoder.
    pub fn into_parts(self) -> (Result<Answer, DecodeError>, Interner) {
        let is_complete = self.walk.is_at_end();
        let is_cut = self.bytes >= self.max_bytes && !is_complete;
        let (answer, interner) = self.document.finish(self.bytes, is_cut);
        let answer = match self.failed {
            Some(error) => Err(error),
            None if !is_cut && !is_complete => Err(DecodeError::Truncated { offset: self.bytes }),
            None => answer.map_err(|lack| match lack {
                Lack::Api(error) => DecodeError::Api(error),
                Lack::Missing(what) => DecodeError::Malformed { offset: self.lexer.offset(), what },
            }),
        };
        (answer, interner)
    }

    fn read(&mut self, mut chunk: &[u8]) -> Result<(), DecodeError> {
        if self.walk.is_at_start() && self.lexer.skip_blanks(&mut chunk) && !matches!(chunk, [b'{' | b'[', ..]) {
            return Err(DecodeError::NotJson { offset: self.lexer.offset() });
        }
        self.read_tokens(&mut chunk).map_err(|fault| {
            let offset = self.lexer.token_start();
            match fault {
                Fault::What(what) => DecodeError::Malformed { offset, what },
                Fault::TooDeep => DecodeError::TooDeep { offset },
                Fault::OutOfMemory => DecodeError::OutOfMemory,
            }
        })
    }

    fn read_tokens(&mut self, rest: &mut &[u8]) -> Result<(), Fault> {
        while !self.walk.is_at_end() {
            if self.walk.is_at_sample() && self.lexer.is_between_tokens() {
                let read = self.document.read_samples(rest)?;
                if read > 0 {
                    *rest = rest.get(read..).unwrap_or_default();
                    self.lexer.skip(read);
                    self.walk.skip_samples();
                }
            }
            let wanted = self.walk.wants_text();
            match self.lexer.next(rest, wanted)? {
                Some(token) => self.walk.accept(token, &mut self.document)?,
                None => return Ok(()),
            }
        }
        match self.lexer.skip_blanks(rest) {
            true => Err(Fault::What("something after the end of the document")),
            false => Ok(()),
        }
    }
}
