//! The result: series under construction, what is kept of them, and the budget.

use super::histograms::Histograms;
use super::labels::LabelReader;
use super::points::{Added, Points};
use super::schema::{Place, Slot};
use super::spelling::Spelling;
use super::{Budget, Expect, Fault, run};
use crate::{QueryResult, Truncated, Vector};
use frame::decimal::parse_sample;
use frame::{Column, Field, Frame, Grid, Interner, Labels, Millis, Times};

/// Prometheus' `resultType`. It may come before or after the result, so it is only compared at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResultType {
    Matrix,
    Vector,
    Scalar,
    String,
}

impl ResultType {
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "matrix" => Ok(Self::Matrix),
            "vector" => Ok(Self::Vector),
            "scalar" => Ok(Self::Scalar),
            "string" => Ok(Self::String),
            _ => Err(Fault::What("an unknown type of result")),
        }
    }
}

/// What the result turns out to be from its own form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shape {
    #[default]
    Unknown,
    /// Series with many samples.
    Matrix,
    /// Series with one sample.
    Vector,
    /// Time and value.
    Scalar,
}

#[derive(Debug)]
pub(super) struct Results {
    grid: Option<Grid>,
    spelling: Option<Spelling>,
    budget: Budget,
    labels: LabelReader,
    current: Series,
    kept: Kept,
}

/// The series being read.
#[derive(Debug)]
struct Series {
    shape: Shape,
    /// The time of the sample being read.
    at: Millis,
    points: Points,
    histograms: Histograms,
}

/// What has been read and is kept.
#[derive(Debug, Default)]
struct Kept {
    shape: Shape,
    on_grid: Vec<(Labels, Vec<f64>)>,
    frames: Vec<Frame>,
    vector: Vector,
    scalar: Option<(Millis, Option<String>)>,
    /// Whether the budget is used up: what comes now is only counted.
    is_full: bool,
    points: u64,
    series: u32,
    samples: u64,
    seen: u32,
}

/// The results, and how much of them there is.
pub(super) struct Outcome {
    pub(super) result: QueryResult,
    pub(super) series: u32,
    pub(super) samples: u64,
    pub(super) truncated: Option<Truncated>,
}

impl Results {
    pub(super) fn new(expect: Expect, budget: Budget, interner: Interner) -> Self {
        let grid = match expect {
            Expect::Grid(grid) => Some(grid),
            Expect::Any => None,
        };
        Self {
            grid,
            spelling: grid.and_then(Spelling::of),
            budget,
            labels: LabelReader::new(interner),
            current: Series::default(),
            kept: Kept::default(),
        }
    }

    /// Forgets all results.
    pub(super) fn clear(&mut self) {
        self.kept = Kept::default();
    }

    /// A key announces a value for `slot`; see [`super::document::Document::key`].
    pub(super) fn key(&mut self, slot: Slot, key: &str) -> Result<Slot, Fault> {
        let current = &mut self.current;
        match slot {
            Slot::Metric if self.kept.is_full => return Ok(Slot::Skip),
            Slot::Metric => self.labels.clear(),
            Slot::LabelValue => self.labels.name(key),
            Slot::Values => {
                current.shape.unify(Shape::Matrix)?;
                current.points = self.kept.points_for(self.grid, self.budget);
            }
            Slot::Value => {
                current.shape.unify(Shape::Vector)?;
                current.points = self.kept.points_for(None, self.budget);
            }
            Slot::Histograms => {
                current.shape.unify(Shape::Matrix)?;
                current.histograms = Histograms::default();
            }
            Slot::InstantHistogram => {
                current.shape.unify(Shape::Vector)?;
                current.histograms = Histograms::default();
            }
            Slot::HistogramCount => current.histograms.set_count(f64::NAN),
            Slot::HistogramSum => current.histograms.set_sum(f64::NAN),
            Slot::Buckets => current.histograms.clear_buckets(),
            _ => {}
        }
        Ok(slot)
    }

    pub(super) fn open(&mut self, place: Place) -> Result<(), Fault> {
        match place {
            Place::Series => {
                self.kept.seen = self.kept.seen.saturating_add(1);
                self.kept.is_full |= self.kept.series >= self.budget.series;
                self.labels.clear();
                self.current = Series { points: self.kept.points_for(self.grid, self.budget), ..Series::default() };
            }
            Place::Histogram if !self.kept.is_full => {
                if self.current.histograms.len() < self.kept.room(self.budget) {
                    self.current.histograms.begin(self.current.at)?;
                } else {
                    self.fill_up();
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn close(&mut self, place: Place) -> Result<(), Fault> {
        match place {
            Place::Series => self.end_series(),
            Place::Bucket => self.current.histograms.end_bucket(),
            _ => Ok(()),
        }
    }

    /// Whether the budget is used up: what comes now is only counted.
    pub(super) fn is_full(&self) -> bool {
        self.kept.is_full
    }

    pub(super) fn label_value(&mut self, text: &str) {
        self.labels.value(text);
    }

    /// The time of the next number or histogram.
    pub(super) fn time(&mut self, millis: i64) {
        self.current.at = Millis(millis);
    }

    pub(super) fn number(&mut self, value: f64) -> Result<(), Fault> {
        if self.current.points.push(self.current.at, value)? == Added::OverBudget {
            self.fill_up();
        }
        Ok(())
    }

    /// Reads as many samples from the start of `input` as have their usual form; tells how many bytes that were.
    pub(super) fn read_samples(&mut self, input: &[u8]) -> Result<usize, Fault> {
        run::read_samples(input, &mut self.current.points, self.spelling)
    }

    /// The histogram being read.
    pub(super) fn histogram(&mut self) -> &mut Histograms {
        &mut self.current.histograms
    }

    pub(super) fn begin_scalar(&mut self, millis: i64) -> Result<(), Fault> {
        self.kept.shape.unify(Shape::Scalar)?;
        self.kept.scalar = Some((Millis(millis), None));
        Ok(())
    }

    pub(super) fn end_scalar(&mut self, text: &str) -> Result<(), Fault> {
        let Some((_, value)) = &mut self.kept.scalar else { return Err(Fault::What(MIXED)) };
        *value = Some(text.to_owned());
        Ok(())
    }

    /// The results; `is_cut`: they may go on after what was read. Otherwise what is missing.
    pub(super) fn finish(
        self,
        result_type: Option<ResultType>,
        is_cut: bool,
    ) -> (Result<Outcome, &'static str>, Interner) {
        let Kept { shape, on_grid, mut frames, vector, scalar, series, samples, seen, .. } = self.kept;
        let result_type = result_type.or(match shape {
            _ if !is_cut => None,
            Shape::Vector => Some(ResultType::Vector),
            _ => Some(ResultType::Matrix),
        });
        let result = match (result_type, shape, scalar) {
            (Some(ResultType::Matrix), Shape::Matrix | Shape::Unknown, _) => {
                if let Some(grid) = self.grid.filter(|_| !on_grid.is_empty()) {
                    frames.insert(0, Frame::series(Times::Grid(grid), on_grid));
                }
                Ok(QueryResult::Matrix(frames))
            }
            (Some(ResultType::Vector), Shape::Vector | Shape::Unknown, _) => Ok(QueryResult::Vector(vector)),
            (Some(ResultType::Scalar), _, Some((at, Some(text)))) => match parse_sample(text.as_bytes()) {
                Some(value) => Ok(QueryResult::Scalar(at, value)),
                None => Err("the value of a scalar is not a number"),
            },
            (Some(ResultType::String), _, Some((at, Some(text)))) => Ok(QueryResult::String(at, text)),
            (Some(ResultType::Scalar | ResultType::String), Shape::Unknown | Shape::Scalar, _) => {
                Err("a scalar without a value")
            }
            (Some(_), ..) => Err("the result is not of the type it says"),
            (None, ..) => Err("there is no type of result"),
        };
        let truncated = (is_cut || seen > series).then_some(Truncated { shown: series, seen });
        (result.map(|result| Outcome { result, series, samples, truncated }), self.labels.into_interner())
    }

    /// The budget does not allow for the current series: it goes, and what comes after it is only counted.
    fn fill_up(&mut self) {
        self.kept.is_full = true;
        self.current.points = Points::dropped();
        self.current.histograms = Histograms::default();
    }

    fn end_series(&mut self) -> Result<(), Fault> {
        let cost = self.current.cost(self.grid);
        if cost > self.kept.room(self.budget) {
            self.fill_up();
        }
        let series = std::mem::take(&mut self.current);
        let shape = if series.shape == Shape::Unknown { Shape::Matrix } else { series.shape };
        self.kept.shape.unify(shape)?;
        if self.kept.is_full {
            return Ok(());
        }
        self.kept.points += cost as u64;
        self.kept.series += 1;
        self.kept.samples += series.points.received() + series.histograms.len() as u64;
        let labels = self.labels.finish();
        match shape {
            Shape::Vector => self.kept.add_to_vector(labels, series),
            _ => self.kept.add_to_matrix(labels, series, self.grid),
        }
    }
}

const MIXED: &str = "series and samples of different kinds in one result";

impl Shape {
    fn unify(&mut self, with: Self) -> Result<(), Fault> {
        match *self {
            Self::Unknown => *self = with,
            known if known == with => {}
            _ => return Err(Fault::What(MIXED)),
        }
        Ok(())
    }
}

impl Default for Series {
    fn default() -> Self {
        Self { shape: Shape::Unknown, at: Millis(0), points: Points::dropped(), histograms: Histograms::default() }
    }
}

impl Series {
    /// A series of histograms only has no column of numbers.
    fn has_numbers(&self) -> bool {
        self.histograms.is_empty() || self.points.received() > 0
    }

    /// How many points it takes in memory.
    fn cost(&self, grid: Option<Grid>) -> usize {
        let numbers = if self.has_numbers() { self.points.cost() } else { 0 };
        numbers.saturating_add(self.histograms.cost(grid))
    }
}

impl Kept {
    /// How many more points the budget allows for.
    fn room(&self, budget: Budget) -> usize {
        usize::try_from(budget.samples.saturating_sub(self.points)).unwrap_or(usize::MAX)
    }

    fn points_for(&self, grid: Option<Grid>, budget: Budget) -> Points {
        let likely = self.last_times().map_or(0, Times::len);
        if self.is_full { Points::dropped() } else { Points::new(grid, self.room(budget), likely) }
    }

    /// Those of the last series that has its own.
    fn last_times(&self) -> Option<&Times> {
        self.frames.last().and_then(Frame::times)
    }

    fn add_to_vector(&mut self, labels: Labels, series: Series) -> Result<(), Fault> {
        let number = series.points.into_single();
        let Some(at) = number.map(|(at, _)| at).or(series.histograms.first_time()) else {
            return Err(Fault::What("a series without a value"));
        };
        if self.series == 1 {
            self.vector.at = at;
        }
        if !series.histograms.is_empty() {
            self.vector.histograms.push((labels.clone(), series.histograms.into_column()));
        }
        self.vector.series.extend(number.map(|(_, value)| (labels, value)));
        Ok(())
    }

    fn add_to_matrix(&mut self, labels: Labels, series: Series, grid: Option<Grid>) -> Result<(), Fault> {
        if series.has_numbers()
            && let Some((times, values)) = series.points.finish(self.last_times())?
        {
            match times {
                Times::Grid(_) => self.on_grid.push((labels.clone(), values)),
                Times::Explicit(_) => self.frames.push(Frame::series(times, [(labels.clone(), values)])),
            }
        }
        if !series.histograms.is_empty() {
            let (times, histograms) = series.histograms.finish(grid)?;
            let mut frame = Frame::series(times, []);
            frame.fields.push(Field { name: "Value".into(), labels, column: Column::Histogram(histograms) });
            self.frames.push(frame);
        }
        Ok(())
    }
}
