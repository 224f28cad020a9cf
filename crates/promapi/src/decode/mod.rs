//! The streaming decoder for the answers of `/query` and `/query_range`.
//!
//! Bytes become columns in one pass. `lexer` cuts chunks into tokens and can stop at any byte; `walk` knows JSON's
//! grammar and `schema` the answer's form, so that each value finds its way into the `document`. Nearly all bytes of a
//! big answer are samples of one plain spelling, and `run` reads those straight from the chunk, past all the others;
//! whatever it does not know, such as the sample a chunk cuts in two, takes the long way, with the same outcome.

mod digits;
mod document;
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
use borsh::{BorshDeserialize, BorshSerialize};
use document::Document;
use frame::{Grid, Interner};
use lexer::Lexer;
use std::sync::Arc;
use walk::Walk;

/// What a query was asked for: which timestamps to expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// The instants of this grid: a range query.
    Grid(Grid),
    /// No particular ones: an instant query, or raw samples.
    Any,
}

/// How much of an answer is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
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
    /// Whether the budget's samples or series are used up, and what still comes is only counted.
    is_counting: bool,
    failed: Option<DecodeError>,
}

/// Decodes a whole body with a list of names or values, such as that of `/label/…/values`. The caller bounds its size.
///
/// ```
/// let names = promapi::decode_names(br#"{"status":"success","data":["job","instance"]}"#)?;
/// assert_eq!(names.iter().map(|name| &**name).collect::<Vec<_>>(), ["job", "instance"]);
/// # Ok::<(), promapi::DecodeError>(())
/// ```
///
/// # Errors
///
/// [`DecodeError::Api`] when the server reports an error, the others when the body is no such list.
pub fn decode_names(body: &[u8]) -> Result<Vec<Arc<str>>, DecodeError> {
    let mut decoder = Decoder::new(Expect::Any, Budget { bytes: u64::MAX, samples: 0, series: 0 });
    // What is wrong is kept, and told at the end.
    let _ = decoder.push(body);
    decoder.finish_names()
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
    const COUNTED_BYTES: u64 = 1 << 20;

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
            is_counting: false,
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
    /// used up, or its series or samples since long ago, or something was wrong.
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
        let (offset, is_complete) = (self.lexer.offset(), self.walk.is_at_end());
        let is_cut = self.bytes >= self.max_bytes && !is_complete;
        let (answer, interner) = self.document.finish(self.bytes, is_cut);
        let answer = match self.failed {
            Some(error) => Err(error),
            None if !is_cut && !is_complete => Err(DecodeError::Truncated { offset: self.bytes }),
            None => answer.map_err(|lack| lack.at(offset)),
        };
        (answer, interner)
    }

    fn finish_names(self) -> Result<Vec<Arc<str>>, DecodeError> {
        match self.failed {
            Some(error) => Err(error),
            None if !self.walk.is_at_end() => Err(DecodeError::Truncated { offset: self.bytes }),
            None => self.document.finish_names().map_err(|lack| lack.at(self.lexer.offset())),
        }
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

    /// Once the budget is used up, only so much more is read as tells whether it was about enough or far from it: as many
    /// bytes again, and [`COUNTED_BYTES`](Self::COUNTED_BYTES).
    fn count_from_here(&mut self, rest: &mut &[u8]) {
        self.is_counting = true;
        let offset = self.lexer.offset();
        self.max_bytes = self.max_bytes.min(offset.saturating_mul(2).saturating_add(Self::COUNTED_BYTES));
        let room = usize::try_from(self.max_bytes.saturating_sub(offset)).unwrap_or(usize::MAX);
        *rest = rest.get(..room).unwrap_or(rest);
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
            if self.document.is_full() && !self.is_counting {
                self.count_from_here(rest);
            }
        }
        match self.lexer.skip_blanks(rest) {
            true => Err(Fault::What("something after the end of the document")),
            false => Ok(()),
        }
    }
}
