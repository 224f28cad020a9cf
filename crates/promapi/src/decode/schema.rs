//! The form of a query's answer: which brackets hold what, and where each value goes.

use super::lexer::Bracket;

/// The two levels of the envelope that can hold notices and statistics: Thanos and VictoriaMetrics differ from
/// Prometheus in which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Envelope,
    Data,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Severity {
    Warning,
    Info,
}

/// What an open bracket holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Envelope,
    Data,
    Notices(Part, Severity),
    Stats(Part),
    Timings(Part),
    SampleCounts(Part),
    /// The data, where it is a list of names and not a query's result.
    Names,
    /// The result: series, or time and value of a scalar or string.
    Result,
    Series,
    Metric,
    /// `[[time, "value"], …]`
    Samples,
    /// `[time, "value"]`
    Sample,
    /// `[[time, {…}], …]`
    HistogramSamples,
    /// `[time, {…}]`
    HistogramSample,
    Histogram,
    Buckets,
    /// `[rule, "lower", "upper", "count"]`
    Bucket,
    /// Something unknown or unwanted.
    Skipped(Bracket),
}

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Root,
    Status,
    ErrorType,
    ErrorMessage,
    IsPartial,
    Data,
    Notices(Part, Severity),
    Notice(Part, Severity),
    Stats(Part),
    Timings(Part),
    EvalTotalTime(Part),
    SampleCounts(Part),
    TotalQueryableSamples(Part),
    PeakSamples(Part),
    /// VictoriaMetrics' word for the time it took.
    ExecutionMillis(Part),
    Name,
    ResultType,
    Result,
    /// An element of the result, by index.
    Element(u8),
    Metric,
    LabelValue,
    Values,
    Value,
    Sample,
    Histograms,
    /// An element of `histograms`.
    HistogramSample,
    /// Key `histogram`, of a series in an instant vector.
    InstantHistogram,
    Time,
    Number,
    Histogram,
    HistogramCount,
    HistogramSum,
    Buckets,
    Bucket,
    /// Rule, lower bound, upper bound, count.
    BucketPart(u8),
    Skip,
}

impl Place {
    /// Which kind of bracket it is.
    pub(super) fn bracket(self) -> Bracket {
        match self {
            Self::Skipped(bracket) => bracket,
            Self::Envelope
            | Self::Data
            | Self::Stats(_)
            | Self::Timings(_)
            | Self::SampleCounts(_)
            | Self::Series
            | Self::Metric
            | Self::Histogram => Bracket::Object,
            Self::Notices(..)
            | Self::Names
            | Self::Result
            | Self::Samples
            | Self::Sample
            | Self::HistogramSamples
            | Self::HistogramSample
            | Self::Buckets
            | Self::Bucket => Bracket::Array,
        }
    }

    /// How many elements it must have, where that is fixed.
    pub(super) fn arity(self) -> Option<u8> {
        match self {
            Self::Sample | Self::HistogramSample => Some(2),
            Self::Bucket => Some(4),
            _ => None,
        }
    }

    /// Where the value of `key` goes.
    pub(super) fn slot_of_key(self, key: &str) -> Slot {
        use Severity::{Info, Warning};
        match (self, key) {
            (Self::Envelope, "status") => Slot::Status,
            (Self::Envelope, "data") => Slot::Data,
            (Self::Envelope, "errorType") => Slot::ErrorType,
            (Self::Envelope, "error") => Slot::ErrorMessage,
            (Self::Envelope, "isPartial") => Slot::IsPartial,
            (Self::Envelope, "warnings") => Slot::Notices(Part::Envelope, Warning),
            (Self::Envelope, "infos") => Slot::Notices(Part::Envelope, Info),
            (Self::Envelope, "stats") => Slot::Stats(Part::Envelope),
            (Self::Data, "resultType") => Slot::ResultType,
            (Self::Data, "result") => Slot::Result,
            (Self::Data, "warnings") => Slot::Notices(Part::Data, Warning),
            (Self::Data, "infos") => Slot::Notices(Part::Data, Info),
            (Self::Data, "stats") => Slot::Stats(Part::Data),
            (Self::Stats(part), "timings") => Slot::Timings(part),
            (Self::Stats(part), "samples") => Slot::SampleCounts(part),
            (Self::Stats(part), "executionTimeMsec") => Slot::ExecutionMillis(part),
            (Self::Timings(part), "evalTotalTime") => Slot::EvalTotalTime(part),
            (Self::SampleCounts(part), "totalQueryableSamples") => Slot::TotalQueryableSamples(part),
            (Self::SampleCounts(part), "peakSamples") => Slot::PeakSamples(part),
            (Self::Series, "metric") => Slot::Metric,
            (Self::Series, "values") => Slot::Values,
            (Self::Series, "value") => Slot::Value,
            (Self::Series, "histograms") => Slot::Histograms,
            (Self::Series, "histogram") => Slot::InstantHistogram,
            (Self::Metric, _) => Slot::LabelValue,
            (Self::Histogram, "count") => Slot::HistogramCount,
            (Self::Histogram, "sum") => Slot::HistogramSum,
            (Self::Histogram, "buckets") => Slot::Buckets,
            _ => Slot::Skip,
        }
    }

    /// Where the element at `index` goes; none when there is one too many.
    pub(super) fn slot_of_element(self, index: u8) -> Option<Slot> {
        Some(match (self, index) {
            (Self::Notices(part, severity), _) => Slot::Notice(part, severity),
            (Self::Names, _) => Slot::Name,
            (Self::Result, _) => Slot::Element(index),
            (Self::Samples, _) => Slot::Sample,
            (Self::HistogramSamples, _) => Slot::HistogramSample,
            (Self::Sample | Self::HistogramSample, 0) => Slot::Time,
            (Self::Sample, 1) => Slot::Number,
            (Self::HistogramSample, 1) => Slot::Histogram,
            (Self::Buckets, _) => Slot::Bucket,
            (Self::Bucket, 0..4) => Slot::BucketPart(index),
            (Self::Skipped(_), _) => Slot::Skip,
            _ => return None,
        })
    }
}

impl Slot {
    /// What a bracket at this slot holds; none where none belongs.
    pub(super) fn place_of(self, bracket: Bracket) -> Option<Place> {
        use Bracket::{Array, Object};
        Some(match (self, bracket) {
            (Self::Root, Object) => Place::Envelope,
            (Self::Data, Object) => Place::Data,
            (Self::Data, Array) => Place::Names,
            (Self::Notices(part, severity), Array) => Place::Notices(part, severity),
            (Self::Stats(part), Object) => Place::Stats(part),
            (Self::Timings(part), Object) => Place::Timings(part),
            (Self::SampleCounts(part), Object) => Place::SampleCounts(part),
            (Self::Result, Array) => Place::Result,
            (Self::Element(_), Object) => Place::Series,
            (Self::Metric, Object) => Place::Metric,
            (Self::Values, Array) => Place::Samples,
            (Self::Value | Self::Sample, Array) => Place::Sample,
            (Self::Histograms, Array) => Place::HistogramSamples,
            (Self::InstantHistogram | Self::HistogramSample, Array) => Place::HistogramSample,
            (Self::Histogram, Object) => Place::Histogram,
            (Self::Buckets, Array) => Place::Buckets,
            (Self::Bucket, Array) => Place::Bucket,
            (slot, _) if slot.is_optional() => Place::Skipped(bracket),
            _ => return None,
        })
    }

    /// Whether the answer makes sense without this value, so that an unexpected form of it does no harm.
    pub(super) fn is_optional(self) -> bool {
        matches!(
            self,
            Self::Skip
                | Self::ErrorType
                | Self::ErrorMessage
                | Self::IsPartial
                | Self::Notices(..)
                | Self::Notice(..)
                | Self::Stats(_)
                | Self::Timings(_)
                | Self::EvalTotalTime(_)
                | Self::SampleCounts(_)
                | Self::TotalQueryableSamples(_)
                | Self::PeakSamples(_)
                | Self::ExecutionMillis(_)
        )
    }

    /// Whether null stands for an absent value here, as where Go writes nil slices, maps and pointers.
    pub(super) fn is_nullable(self) -> bool {
        matches!(
            self,
            Self::Data
                | Self::Result
                | Self::Metric
                | Self::Values
                | Self::Histograms
                | Self::Value
                | Self::InstantHistogram
                | Self::Buckets
        )
    }

    /// What belongs here, for the message that something else is there.
    pub(super) fn expectation(self) -> &'static str {
        match self {
            Self::Root => "the answer is not a JSON object",
            Self::Status => "the status is neither success nor error",
            Self::Data => "the data is neither an object nor a list",
            Self::Name => "an element of a list is not a string",
            Self::ResultType => "the result type is not a string",
            Self::Result => "the result is not an array",
            Self::Element(_) => "an element of the result is neither a series nor part of a scalar",
            Self::Metric => "a metric is not an object of labels",
            Self::LabelValue => "the value of a label is not a string",
            Self::Values | Self::Histograms => "the samples of a series are not an array",
            Self::Value | Self::InstantHistogram | Self::Sample | Self::HistogramSample => {
                "a sample is not an array of time and value"
            }
            Self::Time => "a timestamp is not a number of seconds in range",
            Self::Number => "a sample's value is not a number in a string",
            Self::Histogram => "a histogram is not an object",
            Self::HistogramCount | Self::HistogramSum => "a histogram's count or sum is not a number in a string",
            Self::Buckets => "the buckets of a histogram are not an array",
            Self::Bucket => "a bucket is not an array of rule, bounds and count",
            Self::BucketPart(0) => "the rule of a bucket is not 0, 1, 2 or 3",
            Self::BucketPart(_) => "a bound or count of a bucket is not a number in a string",
            _ => "a value of an unexpected kind",
        }
    }
}
