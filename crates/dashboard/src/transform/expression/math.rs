//! The formulas of math expressions and their values.

use super::super::{TransformError, check_size};
use super::item::{Data, Item};
use frame::{GAP, Labels, is_gap};
use std::cmp::Ordering;
use std::sync::Arc;

/// A formula.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Number(f64),
    /// The answer of a query.
    Query(Arc<str>),
    Unary(Unary, Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
}

/// What is done to every value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unary {
    Minus,
    Not,
    Abs,
    Log,
    Round,
    Ceil,
    Floor,
    IsInf,
    IsNan,
    IsNull,
    IsNumber,
}

/// What is done to two values.
#[derive(Clone, Copy, Debug)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
}

/// The items of a query.
type Queries<'q, 'i> = &'q dyn Fn(&str) -> &'i [Item];

impl Node {
    /// The queries it refers to.
    pub(super) fn inputs(&self) -> Vec<&str> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Query(ref_id) => vec![ref_id],
            Self::Unary(_, node) => node.inputs(),
            Self::Binary(_, left, right) => [left.inputs(), right.inputs()].concat(),
        }
    }

    pub(super) fn evaluate(&self, queries: Queries) -> Result<Vec<Item>, TransformError> {
        Ok(match self {
            Self::Number(number) => vec![Item::number(*number)],
            Self::Query(ref_id) => queries(ref_id).to_vec(),
            Self::Unary(op, node) => node.evaluate(queries)?.into_iter().map(|item| op.of_item(item)).collect(),
            Self::Binary(op, left, right) => op.of_items(&left.evaluate(queries)?, &right.evaluate(queries)?)?,
        })
    }
}

impl Unary {
    fn of_item(self, item: Item) -> Item {
        let data = match item.data {
            Data::Number(number) => Data::Number(self.of(number)),
            Data::Series { times, mut values } => {
                values.iter_mut().for_each(|value| *value = self.of(*value));
                Data::Series { times, values }
            }
        };
        Item { data, ..item }
    }

    fn of(self, value: f64) -> f64 {
        let flag = |holds: bool| f64::from(u8::from(holds));
        match self {
            Self::IsNull => flag(is_gap(value)),
            Self::IsNan => flag(value.is_nan() && !is_gap(value)),
            Self::IsInf => flag(value.is_infinite()),
            Self::IsNumber => flag(value.is_finite()),
            // Neither a missing value nor NaN becomes a number.
            _ if value.is_nan() => value,
            Self::Minus => -value,
            Self::Not => flag(value == 0.0),
            Self::Abs => value.abs(),
            Self::Log => value.ln(),
            Self::Round => value.round(),
            Self::Ceil => value.ceil(),
            Self::Floor => value.floor(),
        }
    }
}

impl Binary {
    /// Every item of one side with every one of the other whose labels fit.
    fn of_items(self, left: &[Item], right: &[Item]) -> Result<Vec<Item>, TransformError> {
        let mut results = Vec::new();
        let mut size = 0;
        for a in left {
            for b in right {
                // A single item on each side always fits; labels that differ are then left out.
                let single = || (left.len() == 1 && right.len() == 1).then(Labels::default);
                let Some(labels) = joined(&a.labels, &b.labels).or_else(single) else { continue };
                let item = Item { labels, data: self.of_data(&a.data, &b.data) };
                size += item.len();
                check_size(size, 1)?;
                results.push(item);
            }
        }
        Ok(results)
    }

    fn of_data(self, left: &Data, right: &Data) -> Data {
        match (left, right) {
            (Data::Number(left), Data::Number(right)) => Data::Number(self.of(*left, *right)),
            (Data::Series { times, values }, Data::Number(right)) => Data::Series {
                times: times.clone(),
                values: values.iter().map(|left| self.of(*left, *right)).collect(),
            },
            (Data::Number(left), Data::Series { times, values }) => Data::Series {
                times: times.clone(),
                values: values.iter().map(|right| self.of(*left, *right)).collect(),
            },
            (Data::Series { times, values: left }, Data::Series { times: other, values: right }) => {
                if Arc::ptr_eq(times, other) || times == other {
                    let values = left.iter().zip(right).map(|(left, right)| self.of(*left, *right)).collect();
                    return Data::Series { times: times.clone(), values };
                }
                self.of_common_times((times, left), (other, right))
            }
        }
    }

    /// Points at times that only one of two series has are left out.
    fn of_common_times(self, left: (&[f64], &[f64]), right: (&[f64], &[f64])) -> Data {
        let (mut times, mut values) = (Vec::new(), Vec::new());
        let (mut a, mut b) = (0, 0);
        while let (Some(x), Some(y)) = (left.0.get(a), right.0.get(b)) {
            match x.partial_cmp(y) {
                Some(Ordering::Less) => a += 1,
                Some(Ordering::Greater) => b += 1,
                Some(Ordering::Equal) | None => {
                    times.push(*x);
                    values.push(self.of(left.1[a], right.1[b]));
                    (a, b) = (a + 1, b + 1);
                }
            }
        }
        Data::Series { times: Arc::new(times), values }
    }

    fn of(self, left: f64, right: f64) -> f64 {
        if is_gap(left) || is_gap(right) {
            return GAP;
        }
        let flag = |holds: bool| f64::from(u8::from(holds));
        match self {
            // The left side alone may decide; else NaN on either makes the result NaN, of comparisons too.
            Self::Or if left != 0.0 => 1.0,
            Self::And if left == 0.0 => 0.0,
            _ if left.is_nan() || right.is_nan() => f64::NAN,
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Modulo => left % right,
            Self::Power => left.powf(right),
            Self::Equal => flag(left == right),
            Self::NotEqual => flag(left != right),
            Self::Less => flag(left < right),
            Self::LessOrEqual => flag(left <= right),
            Self::Greater => flag(left > right),
            Self::GreaterOrEqual => flag(left >= right),
            Self::And | Self::Or => flag(right != 0.0),
        }
    }
}

/// The labels of two items together: equal ones, or those of the one that has all of the other's and more. Of two that are
/// equally many and differ there are none.
fn joined(left: &Labels, right: &Labels) -> Option<Labels> {
    let contains = |all: &Labels, some: &Labels| some.iter().all(|(name, value)| all.get(name) == Some(value));
    match left.len().cmp(&right.len()) {
        Ordering::Less if contains(right, left) => Some(right.clone()),
        Ordering::Greater if contains(left, right) => Some(left.clone()),
        Ordering::Equal if left == right => Some(left.clone()),
        _ => None,
    }
}
