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
        }
        Cow::Owned(course)
    }
}

/// What is drawn of each series instead of its values; empty where no panel says so, none where its values are.
///
/// Series are stacked that share their times; one that has its own stands alone.
pub(crate) fn drawn(data: &Data, spec: &PanelSpec) -> Vec<Option<Vec<f64>>> {
    if spec.course == Course::default() && spec.course_changes.is_empty() {
        return Vec::new();
    }
    let courses: Vec<Cow<'_, Course>> = data.series.iter().map(|series| spec.course(series)).collect();
    let mut drawn: Vec<Option<Vec<f64>>> =
        courses.iter().enumerate().map(|(index, course)| turned(data.points(index)?.1, course)).collect();
    let mut stacks: Vec<(&Stack, &Times, Vec<usize>)> = Vec::new();
    for (index, course) in courses.iter().enumerate() {
        let (Some(stack), Some((times, _))) = (&course.stack, data.points(index)) else { continue };
        match stacks.iter_mut().find(|(known, shared, _)| *known == stack && *shared == times) {
            Some((.., members)) => members.push(index),
            None => stacks.push((stack, times, vec![index])),
        }
    }
    for (of, _, members) in stacks {
        let values = |index: &usize| match drawn.get(*index)? {
            Some(values) => Some(values.as_slice()),
            None => Some(data.points(*index)?.1),
        };
        let columns: Vec<&[f64]> = members.iter().filter_map(values).collect();
        let edges = stack(&columns, if of.shares { StackMode::Percent } else { StackMode::Normal });
        for (index, edge) in members.iter().zip(edges) {
            if let Some(place) = drawn.get_mut(*index) {
                *place = Some(edge);
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
