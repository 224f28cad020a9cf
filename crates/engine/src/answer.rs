//! Answers as they come, made alike.

use frame::{Column, Field, Frame, Labels, Times};
use promapi::{Answer, Notices, QueryResult, Truncated};
use std::sync::Arc;

/// An answer whose result is frames, whatever its type was.
#[derive(Debug)]
pub(crate) struct Answered {
    pub frames: Arc<[Frame]>,
    pub notices: Notices,
    pub bytes: u64,
    pub samples: u64,
    pub truncated: Option<Truncated>,
    /// The server's own time where it told, else the round trip's.
    pub took_millis: i64,
}

impl Answered {
    pub fn new(answer: Answer, round_trip_millis: i64) -> Self {
        let eval_millis = answer.eval_secs.map(|secs| (secs * 1000.0) as i64);
        Self {
            frames: into_frames(answer.result).into(),
            notices: answer.notices,
            bytes: answer.bytes,
            samples: answer.samples,
            truncated: answer.truncated,
            took_millis: eval_millis.unwrap_or(round_trip_millis),
        }
    }
}

fn into_frames(result: QueryResult) -> Vec<Frame> {
    let one_row = |at| Times::Explicit([at].into());
    match result {
        QueryResult::Matrix(frames) => frames,
        QueryResult::Vector(vector) => {
            let series = vector.series.into_iter().map(|(labels, value)| (labels, vec![value]));
            let mut frames = vec![Frame::series(one_row(vector.at), series)];
            frames.extend(vector.histograms.into_iter().map(|(labels, histogram)| Frame {
                fields: vec![time_field(one_row(vector.at)), value_field(labels, Column::Histogram(histogram))],
            }));
            frames
        }
        QueryResult::Scalar(at, value) => vec![Frame::series(one_row(at), [(Labels::default(), vec![value])])],
        QueryResult::String(at, text) => {
            let text = value_field(Labels::default(), Column::Text(vec![text.into()]));
            vec![Frame { fields: vec![time_field(one_row(at)), text] }]
        }
    }
}

fn time_field(times: Times) -> Field {
    Field { name: "Time".into(), labels: Labels::default(), column: Column::Time(times) }
}

fn value_field(labels: Labels, column: Column) -> Field {
    Field { name: "Value".into(), labels, column }
}
