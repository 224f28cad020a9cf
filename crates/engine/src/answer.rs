//! Answers as they come, made alike.

use frame::{Column, Field, Frame, Interner, Labels, Millis, Times};
use promapi::{Answer, Notices, QueryResult, Truncated};
use std::sync::Arc;

/// An answer whose result is frames, whatever its type was.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    pub frames: Arc<[Frame]>,
    pub notices: Notices,
    pub bytes: u64,
    pub samples: u64,
    /// How many samples the server read for it, counted anew at each step; none where it did not say.
    pub read_samples: Option<u64>,
    /// Whether it was made by MetricsQL.
    pub is_metricsql: bool,
    pub truncated: Option<Truncated>,
    /// The server's own time where it told, else the round trip's.
    pub took_millis: i64,
    /// When it came, or the last part of it.
    pub came_at: Millis,
}

impl Answered {
    /// `labels` are those of earlier answers, to be shared.
    pub fn new(answer: Answer, round_trip_millis: i64, came_at: Millis, labels: &mut Interner) -> Self {
        let eval_millis = answer.eval_secs.map(|secs| (secs * 1000.0) as i64);
        let mut frames = into_frames(answer.result);
        for field in frames.iter_mut().flat_map(|frame| &mut frame.fields) {
            field.labels = labels.intern_labels(&field.labels);
        }
        Self {
            frames: frames.into(),
            notices: answer.notices,
            bytes: answer.bytes,
            samples: answer.samples,
            read_samples: answer.queryable_samples,
            is_metricsql: answer.is_metricsql,
            truncated: answer.truncated,
            took_millis: eval_millis.unwrap_or(round_trip_millis),
            came_at,
        }
    }

    /// How many points it holds in memory, gaps included.
    pub fn points(&self) -> u64 {
        let fields = self.frames.iter().flat_map(|frame| &frame.fields);
        fields.map(|field| field.column.points() as u64).sum()
    }

    /// How many series it has.
    pub fn series(&self) -> u64 {
        self.frames.iter().map(|frame| frame.fields.len().saturating_sub(1) as u64).sum()
    }

    /// Roughly how many bytes it takes. Labels are shared and not counted.
    pub fn resident_bytes(&self) -> u64 {
        const FIELD_BYTES: u64 = 64;
        self.points() * 8 + self.series() * FIELD_BYTES
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

#[cfg(test)]
mod tests {
    use super::*;
    use promapi::Vector;

    #[test]
    fn answers_share_their_label_texts() {
        let mut labels = Interner::default();
        let mut answered = |value: f64| {
            let series = vec![([("job", "node")].into_iter().collect(), value)];
            let vector = Vector { at: Millis(1), series, histograms: Vec::new() };
            let answer = Answer {
                result: QueryResult::Vector(vector),
                notices: Notices::default(),
                bytes: 1,
                series: 1,
                samples: 1,
                eval_secs: None,
                queryable_samples: None,
                peak_samples: None,
                is_metricsql: false,
                truncated: None,
            };
            Answered::new(answer, 0, Millis(1), &mut labels)
        };
        let text = |answered: &Answered| {
            let (labels, _) = answered.frames[0].numbers().next().unwrap();
            labels.get("job").unwrap().as_ptr()
        };
        let (first, second) = (answered(1.0), answered(2.0));
        assert_eq!(text(&first), text(&second));
        assert_eq!((first.points(), first.series()), (2, 1));
    }
}
