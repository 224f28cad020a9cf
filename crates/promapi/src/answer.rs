//! What a query's answer decodes to.

use frame::{Frame, HistogramColumn, Labels, Millis};

/// A decoded answer of `/query` or `/query_range`.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The data.
    pub result: QueryResult,
    /// What the server had to say about it.
    pub notices: Notices,
    /// Length of the body in bytes, uncompressed.
    pub bytes: u64,
    /// How many series were kept.
    pub series: u32,
    /// How many samples the kept series came with; a histogram is one sample.
    pub samples: u64,
    /// Seconds the server spent on evaluation, where it sent statistics.
    pub eval_secs: Option<f64>,
    /// How many samples the server had to look at, where it sent statistics.
    pub queryable_samples: Option<u64>,
    /// How many samples the server held at once, where it sent statistics.
    pub peak_samples: Option<u64>,
    /// Whether the server shows by its statistics that it is VictoriaMetrics, whose MetricsQL looks back for samples by the
    /// query's step.
    pub is_metricsql: bool,
    /// Set when the budget did not allow for the whole answer.
    pub truncated: Option<Truncated>,
}

/// The data of a query's answer, by Prometheus' `resultType`.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryResult {
    /// A range of samples per series. The first frame is the wide one, where any series is on the expected grid; then
    /// comes a frame for every series off the grid, and one for every series of native histograms (a time field and
    /// a histogram field).
    Matrix(Vec<Frame>),
    /// One sample per series.
    Vector(Vector),
    /// A number without labels.
    Scalar(Millis, f64),
    /// A text without labels.
    String(Millis, String),
}

/// The result of an instant query: one sample per series, in the server's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vector {
    /// When the query was evaluated, by the first sample; the epoch where there is none.
    pub at: Millis,
    /// The series with a number.
    pub series: Vec<(Labels, f64)>,
    /// The series with a native histogram, each in a column of one row.
    pub histograms: Vec<(Labels, HistogramColumn)>,
}

/// Warnings and infos that came with an answer. Texts from outside: never to be parsed as HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// The result may be wrong or incomplete.
    pub warnings: Vec<String>,
    /// The result is right, the query could be better.
    pub infos: Vec<String>,
}

impl Notices {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.warnings.is_empty() && self.infos.is_empty()
    }

    /// Adds what `other` says and these do not yet, up to a hundred each.
    pub fn add(&mut self, other: &Self) {
        const MOST: usize = 100;
        for (known, texts) in [(&mut self.warnings, &other.warnings), (&mut self.infos, &other.infos)] {
            for text in texts {
                if known.len() < MOST && !known.contains(text) {
                    known.push(text.clone());
                }
            }
        }
    }
}

/// "The first `shown` of `seen` series".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truncated {
    /// How many series were kept, each of them complete.
    pub shown: u32,
    /// How many series were there as far as the body was read: to its end, unless that was far off when the budget was
    /// used up.
    pub seen: u32,
}
