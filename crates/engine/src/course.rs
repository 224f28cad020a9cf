//! What becomes of values before they are drawn: turned around, filled up, stacked. Numbers to read stay as they are.

use crate::{Data, PanelSpec, SeriesHead};
use borsh::{BorshDeserialize, BorshSerialize};
use frame::stack::{StackMode, stack};
use frame::{Times, is_gap};
use std::borrow::Cow;

/// How the values of a series are drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Course {
    /// Downwards from zero.
    pub downwards: bool,
    /// With a zero where a value is missing.
    pub zeros: bool,
    /// On top of the others of a stack; none for by itself.
    pub stack: Option<Stack>,
    /// The number of the scale that it is drawn on. What has another one is not stacked with it.
    pub scale: u32,
}

/// Which stack a series belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Stack {
    /// Its name. Several of a panel stand beside each other.
    pub name: String,
    /// Values are shares of the whole, and not sums.
    pub shares: bool,
}

/// What an override changes in a [`Course`].
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CourseChange {
    /// The override's number.
    pub rule: u32,
    /// [`Course::downwards`].
    pub downwards: Option<bool>,
    /// [`Course::zeros`].
    pub zeros: Option<bool>,
    /// [`Course::stack`].
    pub stack: Option<Option<Stack>>,
    /// [`Course::scale`].
    pub scale: Option<u32>,
}

impl PanelSpec {
    /// How a series is drawn. Overrides count where it is known which are for it: where answers are shaped.
    fn course(&self, series: &SeriesHead) -> Cow<'_, Course> {
        let rules = series.field.as_ref().map_or(&[][..], |field| &field.overrides);
        let mut changes = self.course_changes.iter().filter(|change| rules.contains(&change.rule)).peekable();
        if changes.peek().is_none() {
            return Cow::Borrowed(&self.course);
        }
        let mut course = self.course.clone();
        for change in changes {
            course.downwards = change.downwards.unwrap_or(course.downwards);
            course.zeros = change.zeros.unwrap_or(course.zeros);
            if let Some(stack) = &change.stack {
                course.stack.clone_from(stack);
            }
            course.scale = change.scale.unwrap_or(course.scale);
        }
        Cow::Owned(course)
    }
}

const NOT_STACKED: &str =
    "These are too many series with instants of their own to be stacked; give their queries the same interval";

/// What is drawn of a series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawn {
    /// What is drawn instead of its values; none where these are.
    pub values: Option<Vec<f64>>,
    /// The number of the stack that it belongs to.
    pub stack: Option<u32>,
}

/// What is drawn of each series; empty where no panel says so. What cannot be done is told as one of `problems`.
pub(crate) fn drawn(data: &Data, spec: &PanelSpec, problems: &mut Vec<String>) -> Vec<Drawn> {
    if spec.course == Course::default() && spec.course_changes.is_empty() {
        return Vec::new();
    }
    let courses: Vec<Cow<'_, Course>> = data.series.iter().map(|series| spec.course(series)).collect();
    let own = |(index, course): (usize, &Cow<'_, Course>)| Drawn {
        values: data.points(index).and_then(|(_, values)| turned(values, course)),
        stack: None,
    };
    let mut drawn: Vec<Drawn> = courses.iter().enumerate().map(own).collect();
    let mut stacks: Vec<(&Stack, u32, Vec<usize>)> = Vec::new();
    for (index, course) in courses.iter().enumerate() {
        let Some(stack) = course.stack.as_ref().filter(|_| data.points(index).is_some()) else { continue };
        match stacks.iter_mut().find(|(known, scale, _)| *known == stack && *scale == course.scale) {
            Some((.., members)) => members.push(index),
            None => stacks.push((stack, course.scale, vec![index])),
        }
    }
    for (number, (of, _, members)) in (0..).zip(stacks) {
        let column = |index: &usize| {
            let (times, values) = data.points(*index)?;
            Some((times, drawn.get(*index)?.values.as_deref().unwrap_or(values)))
        };
        let columns: Vec<(&Times, &[f64])> = members.iter().filter_map(column).collect();
        let mode = if of.shares { StackMode::Percent } else { StackMode::Normal };
        let Some(edges) = stack(&columns, mode) else {
            problems.push(NOT_STACKED.to_owned());
            continue;
        };
        for (index, edge) in members.iter().zip(edges) {
            if let Some(place) = drawn.get_mut(*index) {
                // What goes downwards stands on what does.
                *place = Drawn { values: Some(edge.values), stack: Some(2 * number + u32::from(edge.downwards)) };
            }
        }
    }
    drawn
}

/// The values with zeros for gaps, or turned around; none where they stay as they are.
fn turned(values: &[f64], course: &Course) -> Option<Vec<f64>> {
    let turn = |value: &f64| match is_gap(*value) {
        true if course.zeros => 0.0,
        true => *value,
        false if course.downwards => -value,
        false => *value,
    };
    (course.zeros || course.downwards).then(|| values.iter().map(turn).collect())
}
