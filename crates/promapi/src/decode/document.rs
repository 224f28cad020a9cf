//! What has been read of an answer: the envelope, and the results in it.

use super::Fault;
use super::lexer::Token;
use super::number::parse_millis;
use super::results::{ResultType, Results};
use super::schema::{Part, Place, Severity, Slot};
use super::{Budget, Expect};
use crate::{Answer, ApiError, DecodeError, Notices};
use frame::Interner;
use frame::decimal::parse_sample;
use std::sync::Arc;

/// VictoriaMetrics' `isPartial`, in the words shown to the user.
const PARTIAL: &str = "partial result";

/// More notices than this are counted, not kept. Servers send ten, those that merge others' answers some more.
const MAX_NOTICES: usize = 100;

#[derive(Debug)]
pub(super) struct Document {
    status: Option<Status>,
    error: ApiError,
    is_partial: bool,
    envelope: Extras,
    data: Data,
    results: Results,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Success,
    Error,
}

#[derive(Debug, Default)]
struct Data {
    extras: Extras,
    is_object: bool,
    names: Vec<Arc<str>>,
    result_type: Option<ResultType>,
    has_result: bool,
}

/// What comes with the result, in the envelope or in its data.
#[derive(Debug, Default)]
struct Extras {
    warnings: NoticeList,
    infos: NoticeList,
    eval_secs: Option<f64>,
    execution_millis: Option<f64>,
    queryable_samples: Option<u64>,
    peak_samples: Option<u64>,
}

#[derive(Debug, Default)]
struct NoticeList {
    texts: Vec<String>,
    omitted: u64,
}

/// Why a complete document is no answer.
pub(super) enum Lack {
    /// It reports an error.
    Api(ApiError),
    /// It lacks this.
    Missing(&'static str),
}

impl Document {
    pub(super) fn new(expect: Expect, budget: Budget, interner: Interner) -> Self {
        Self {
            status: None,
            error: ApiError::default(),
            is_partial: false,
            envelope: Extras::default(),
            data: Data::default(),
            results: Results::new(expect, budget, interner),
        }
    }

    /// A key announces a value for `slot`: what an earlier one of the same key left is forgotten. Tells where the
    /// value really goes, as some are not wanted.
    pub(super) fn key(&mut self, slot: Slot, key: &str) -> Result<Slot, Fault> {
        match slot {
            Slot::Status => self.status = None,
            Slot::ErrorType => self.error.kind.clear(),
            Slot::ErrorMessage => self.error.message.clear(),
            Slot::IsPartial => self.is_partial = false,
            Slot::Notices(part, severity) => *self.notices(part, severity) = NoticeList::default(),
            Slot::Stats(part) => {
                let extras = self.extras(part);
                (extras.eval_secs, extras.execution_millis) = (None, None);
                (extras.queryable_samples, extras.peak_samples) = (None, None);
            }
            Slot::Timings(part) | Slot::EvalTotalTime(part) => self.extras(part).eval_secs = None,
            Slot::ExecutionMillis(part) => self.extras(part).execution_millis = None,
            Slot::SampleCounts(part) => {
                let extras = self.extras(part);
                (extras.queryable_samples, extras.peak_samples) = (None, None);
            }
            Slot::TotalQueryableSamples(part) => self.extras(part).queryable_samples = None,
            Slot::PeakSamples(part) => self.extras(part).peak_samples = None,
            Slot::Data => {
                self.data = Data::default();
                self.results.clear();
                if self.status == Some(Status::Error) {
                    return Ok(Slot::Skip);
                }
            }
            Slot::ResultType => self.data.result_type = None,
            Slot::Result => {
                self.data.has_result = true;
                self.results.clear();
            }
            _ => return self.results.key(slot, key),
        }
        Ok(slot)
    }

    /// A bracket opens.
    pub(super) fn open(&mut self, place: Place) -> Result<(), Fault> {
        self.data.is_object |= place == Place::Data;
        self.results.open(place)
    }

    /// A bracket closes.
    pub(super) fn close(&mut self, place: Place) -> Result<(), Fault> {
        self.results.close(place)
    }

    /// A value that is no bracket.
    pub(super) fn scalar(&mut self, slot: Slot, value: Token<'_>) -> Result<(), Fault> {
        match (slot, &value) {
            (Slot::Skip, _) => {}
            (Slot::Status, Token::Text(text)) => {
                self.status = Some(match &**text {
                    "success" => Status::Success,
                    "error" => Status::Error,
                    _ => return Err(Fault::What(slot.expectation())),
                });
            }
            (Slot::ErrorType, Token::Text(text)) => self.error.kind.push_str(text),
            (Slot::ErrorType, Token::Number(text)) => self.error.kind.push_str(text),
            (Slot::ErrorMessage, Token::Text(text)) => self.error.message.push_str(text),
            (Slot::IsPartial, Token::Bool(is_partial)) => self.is_partial = *is_partial,
            (Slot::Notices(part, severity) | Slot::Notice(part, severity), Token::Text(text)) => {
                self.notices(part, severity).push(text);
            }
            (Slot::EvalTotalTime(part), Token::Number(text)) => {
                self.extras(part).eval_secs = parse_sample(text.as_bytes());
            }
            (Slot::ExecutionMillis(part), Token::Number(text)) => {
                self.extras(part).execution_millis = parse_sample(text.as_bytes());
            }
            (Slot::TotalQueryableSamples(part), Token::Number(text)) => {
                self.extras(part).queryable_samples = text.parse().ok();
            }
            (Slot::PeakSamples(part), Token::Number(text)) => self.extras(part).peak_samples = text.parse().ok(),
            (Slot::Name, Token::Text(text)) => self.data.names.push((&**text).into()),
            (Slot::ResultType, Token::Text(text)) => self.data.result_type = Some(ResultType::parse(text)?),
            (Slot::Element(0), Token::Text(_) | Token::Number(_)) => {
                self.results.begin_scalar(number(slot, &value, parse_millis)?)?;
            }
            (Slot::Element(1), Token::Text(text)) => self.results.end_scalar(text)?,
            (Slot::Element(1), Token::Number(text)) => self.results.end_scalar(text)?,
            (Slot::LabelValue, Token::Text(text)) => self.results.label_value(text),
            (Slot::Time, _) => self.results.time(number(slot, &value, parse_millis)?),
            (Slot::Number, _) => self.results.number(number(slot, &value, parse_sample)?)?,
            (Slot::HistogramCount, _) => self.results.histogram().set_count(number(slot, &value, parse_sample)?),
            (Slot::HistogramSum, _) => self.results.histogram().set_sum(number(slot, &value, parse_sample)?),
            (Slot::BucketPart(index), _) => {
                self.results.histogram().set_bucket_part(index, number(slot, &value, parse_sample)?)?
            }
            _ if slot.is_optional() || (value == Token::Null && slot.is_nullable()) => {}
            _ => return Err(Fault::What(slot.expectation())),
        }
        Ok(())
    }

    /// Whether the budget is used up.
    pub(super) fn is_full(&self) -> bool {
        self.results.is_full()
    }

    /// Reads as many samples from the start of `input` as have their usual form; tells how many bytes that were.
    pub(super) fn read_samples(&mut self, input: &[u8]) -> Result<usize, Fault> {
        self.results.read_samples(input)
    }

    /// The answer. `is_cut`: the document goes on after the budget's bytes.
    pub(super) fn finish(self, bytes: u64, is_cut: bool) -> (Result<Answer, Lack>, Interner) {
        let Self { status, error, is_partial, envelope, data, results } = self;
        let (outcome, interner) = results.finish(data.result_type, is_cut);
        let answer = match status {
            Some(Status::Error) => Err(Lack::Api(error)),
            None if !is_cut => Err(Lack::Missing("there is no status")),
            _ if !is_cut && !data.has_result => Err(Lack::Missing("there is no result")),
            _ => outcome.map_err(Lack::Missing).map(|outcome| {
                let (inner, outer) = (data.extras, envelope);
                let execution_millis = inner.execution_millis.or(outer.execution_millis);
                let partial = is_partial.then(|| PARTIAL.to_owned());
                Answer {
                    result: outcome.result,
                    notices: Notices {
                        warnings: outer
                            .warnings
                            .into_texts()
                            .chain(inner.warnings.into_texts())
                            .chain(partial)
                            .collect(),
                        infos: outer.infos.into_texts().chain(inner.infos.into_texts()).collect(),
                    },
                    bytes,
                    series: outcome.series,
                    samples: outcome.samples,
                    eval_secs: inner.eval_secs.or(outer.eval_secs).or(execution_millis.map(|ms| ms / 1e3)),
                    queryable_samples: inner.queryable_samples.or(outer.queryable_samples),
                    peak_samples: inner.peak_samples.or(outer.peak_samples),
                    is_metricsql: execution_millis.is_some(),
                    truncated: outcome.truncated,
                }
            }),
        };
        (answer, interner)
    }

    /// The names, where the data is a list of them. No data is an empty list, as Go writes those.
    pub(super) fn finish_names(self) -> Result<Vec<Arc<str>>, Lack> {
        match self.status {
            Some(Status::Error) => Err(Lack::Api(self.error)),
            None => Err(Lack::Missing("there is no status")),
            _ if self.data.is_object => Err(Lack::Missing("the data is not a list")),
            _ => Ok(self.data.names),
        }
    }

    fn extras(&mut self, part: Part) -> &mut Extras {
        match part {
            Part::Envelope => &mut self.envelope,
            Part::Data => &mut self.data.extras,
        }
    }

    fn notices(&mut self, part: Part, severity: Severity) -> &mut NoticeList {
        let extras = self.extras(part);
        match severity {
            Severity::Warning => &mut extras.warnings,
            Severity::Info => &mut extras.infos,
        }
    }
}

impl Lack {
    /// The error of a document that ends at `offset`.
    pub(super) fn at(self, offset: u64) -> DecodeError {
        match self {
            Self::Api(error) => DecodeError::Api(error),
            Self::Missing(what) => DecodeError::Malformed { offset, what },
        }
    }
}

impl NoticeList {
    fn push(&mut self, text: &str) {
        if self.texts.len() < MAX_NOTICES {
            self.texts.push(text.to_owned());
        } else {
            self.omitted += 1;
        }
    }

    fn into_texts(self) -> impl Iterator<Item = String> {
        let omitted = (self.omitted > 0).then(|| format!("{} more omitted", self.omitted));
        self.texts.into_iter().chain(omitted)
    }
}

/// A number, in a string or bare.
fn number<T>(slot: Slot, value: &Token<'_>, parse: fn(&[u8]) -> Option<T>) -> Result<T, Fault> {
    let text = match value {
        Token::Text(text) => text,
        Token::Number(text) => *text,
        _ => "",
    };
    parse(text.as_bytes()).ok_or(Fault::What(slot.expectation()))
}
