//! Variables: what the user chooses at the top of a dashboard.

use super::SourceRef;
use crate::adhoc::Filter;
use crate::variable_query::VariableQuery;

/// The value that stands for all options.
pub const ALL: &str = "$__all";

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// What queries call it.
    pub name: String,
    /// What the user reads; empty for the name.
    pub label: String,
    /// A description, shown beside it.
    pub description: String,
    /// Whether it is shown.
    pub hide: Hide,
    /// Where its options come from.
    pub kind: VariableKind,
    /// Several options can be chosen.
    pub multi: bool,
    /// There is an option for all.
    pub include_all: bool,
    /// What "all" stands for, instead of every option.
    pub all_value: Option<String>,
    /// What is chosen at first.
    pub current: Selection,
    /// The options the file came with; for queries only a memory of the last answer.
    pub options: Vec<VariableOption>,
    /// No other value can be typed than those on offer.
    pub only_offered: bool,
    /// Not written into the URL.
    pub skip_url: bool,
}

impl Variable {
    /// A variable with nothing chosen, and otherwise as Grafana makes a new one.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: VariableKind) -> Self {
        Self {
            name: name.into(),
            label: String::new(),
            description: String::new(),
            hide: Hide::Nothing,
            kind,
            multi: false,
            include_all: false,
            all_value: None,
            current: Selection::default(),
            options: Vec::new(),
            only_offered: false,
            skip_url: false,
        }
    }
}

/// Where the options of a variable come from.
#[derive(Clone, Debug)]
pub enum VariableKind {
    /// A query.
    Query {
        /// Where it is asked.
        datasource: SourceRef,
        /// What is asked.
        query: VariableQuery,
        /// Which part of each result is used: a pattern, between slashes or not; empty for all.
        regex: String,
        /// In which order the options stand.
        sort: Sort,
        /// When it is asked.
        refresh: Refresh,
    },
    /// The data sources of one kind.
    DataSource {
        /// The kind, such as `prometheus`.
        plugin: String,
        /// Which of them, by name; empty for all.
        regex: String,
    },
    /// A fixed list, in [`Variable::options`].
    Custom,
    /// A list of intervals, in [`Variable::options`].
    Interval {
        /// Offers an interval that follows the time range.
        auto: Option<AutoInterval>,
    },
    /// Whatever the user types.
    TextBox,
    /// A value the user does not see.
    Constant,
    /// On or off: the values of both.
    Switch {
        /// What "on" stands for.
        on: String,
        /// What "off" stands for.
        off: String,
    },
    /// Label matchers that are added to every query.
    AdHoc {
        /// To the queries of which data source.
        datasource: SourceRef,
        /// Those it starts with.
        filters: Vec<Filter>,
    },
    /// A kind this version does not know; it keeps its first value.
    Unsupported {
        /// Grafana's name for it.
        kind: String,
    },
}

/// An interval that follows the time range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutoInterval {
    /// The range is divided into so many steps,
    pub steps: u32,
    /// none shorter than this, such as `10s`.
    pub min: String,
}

/// Whether a variable is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hide {
    /// With its label.
    #[default]
    Nothing,
    /// Without its label.
    Label,
    /// Not at all.
    Variable,
}

/// When the options of a variable are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refresh {
    /// Never: those in the file are used. In Grafana's old files this also stands for "was not set".
    #[default]
    Never,
    /// When the dashboard is opened.
    OnLoad,
    /// Whenever the time range changes, too.
    OnTimeRange,
}

/// In which order options stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Sort {
    #[default]
    AsGiven,
    Alphabetical {
        descending: bool,
        ignore_case: bool,
    },
    Numerical {
        descending: bool,
    },
    Natural {
        descending: bool,
    },
}

/// What is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The values, [`ALL`] for all. Empty for nothing.
    pub values: Vec<String>,
    /// What is shown for each.
    pub labels: Vec<String>,
}

/// Something to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VariableOption {
    /// What is shown.
    pub label: String,
    /// What queries get.
    pub value: String,
}

impl VariableOption {
    /// An option shown as its value.
    #[must_use]
    pub fn plain(value: impl Into<String>) -> Self {
        let value = value.into();
        Self { label: value.clone(), value }
    }
}

impl Selection {
    /// Whether "all" is chosen.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.values.iter().any(|value| value == ALL)
    }

    /// A choice of these values, shown as they are.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = String>) -> Self {
        let values: Vec<String> = values.into_iter().collect();
        Self { labels: values.clone(), values }
    }
}
