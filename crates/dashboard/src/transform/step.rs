//! The list of transformations: each Grafana id and what stands behind it.

use super::calculate::Calculate;
use super::convert::{Convert, FormatText, FormatTime};
use super::extract::Extract;
use super::filter::{FilterByName, FilterByValue, FilterFields, FilterTables, Limit};
use super::group::GroupBy;
use super::histogram::Histogram;
use super::join::{self, Join};
use super::labels::{JoinByLabels, LabelsToFields};
use super::matrix::{Concatenate, Matrix, Transpose};
use super::options::Options;
use super::organize::{Organize, RenameByPattern};
use super::reduce::Reduce;
use super::settings::{ConfigFromData, RowsToFields};
use super::sort::SortBy;
use super::split::{Partition, Prepare};
use super::table::{Shape, Table};
use super::trend::TimeSeriesTable;
use super::{Context, TransformError, merge};
use std::sync::Arc;

/// One transformation with its options.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Calculate(Box<Calculate>),
    Concatenate(Concatenate),
    ConfigFromData(Box<ConfigFromData>),
    Convert(Convert),
    EnsureColumns,
    Extract(Box<Extract>),
    FilterByName(Box<FilterByName>),
    FilterByValue(FilterByValue),
    FilterFields(Box<FilterFields>),
    FilterTables(FilterTables),
    FormatText(FormatText),
    FormatTime(FormatTime),
    GroupBy(GroupBy),
    Histogram(Histogram),
    Join(Join),
    JoinByLabels(JoinByLabels),
    LabelsToFields(LabelsToFields),
    Limit(Limit),
    Matrix(Matrix),
    Merge,
    Organize(Box<Organize>),
    Partition(Box<Partition>),
    Prepare(Prepare),
    Reduce(Box<Reduce>),
    RenameByPattern(RenameByPattern),
    RowsToFields(RowsToFields),
    SeriesToRows,
    SortBy(SortBy),
    TimeSeriesTable(TimeSeriesTable),
    ToAnnotations,
    Transpose(Transpose),
    /// Changes nothing.
    Same,
    /// An id of a plugin, or of another version.
    Unknown(Arc<str>),
}

impl Step {
    pub(super) fn read(id: &str, options: &Options) -> Result<Self, TransformError> {
        Ok(match id {
            "calculateField" => Self::Calculate(Box::new(Calculate::read(options))),
            "concatenate" => Self::Concatenate(Concatenate::read(options)),
            "configFromData" => Self::ConfigFromData(Box::new(ConfigFromData::read(options)?)),
            "convertFieldType" => Self::Convert(Convert::read(options)),
            "convertFrameType" if options.str("targetType") == Some("exemplar") => Self::ToAnnotations,
            "convertFrameType" | "noop" => Self::Same,
            "ensureColumns" => Self::EnsureColumns,
            "extractFields" => Self::Extract(Box::new(Extract::read(options))),
            "filterByRefId" => Self::FilterTables(FilterTables::read_by_ref_id(options)),
            "filterByValue" => Self::FilterByValue(FilterByValue::read(options)?),
            "filterFields" => Self::FilterFields(Box::new(FilterFields::read(options)?)),
            "filterFieldsByName" => Self::FilterByName(Box::new(FilterByName::read(options))),
            "filterFrames" => Self::FilterTables(FilterTables::read(options)?),
            "formatString" => Self::FormatText(FormatText::read(options)),
            "formatTime" => Self::FormatTime(FormatTime::read(options)),
            "groupBy" => Self::GroupBy(GroupBy::read(options)?),
            "groupToNestedTable" => Self::GroupBy(GroupBy::read_nested(options)?),
            "groupingToMatrix" => Self::Matrix(Matrix::read(options)),
            "histogram" => Self::Histogram(Histogram::read(options)),
            "joinByField" | "seriesToColumns" => Self::Join(Join::read(options)),
            "joinByLabels" => Self::JoinByLabels(JoinByLabels::read(options)),
            "labelsToFields" => Self::LabelsToFields(LabelsToFields::read(options)),
            "limit" => Self::Limit(Limit::read(options)),
            "merge" => Self::Merge,
            "order" => Self::Organize(Box::new(Organize::read_order(options))),
            "organize" => Self::Organize(Box::new(Organize::read(options))),
            "partitionByValues" => Self::Partition(Box::new(Partition::read(options))),
            "prepareTimeSeries" => Self::Prepare(Prepare::read(options)),
            "reduce" => Self::Reduce(Box::new(Reduce::read(options)?)),
            "rename" => Self::Organize(Box::new(Organize::read_names(options))),
            "renameByRegex" => Self::RenameByPattern(RenameByPattern::read(options)),
            "rowsToFields" => Self::RowsToFields(RowsToFields::read(options)),
            "seriesToRows" => Self::SeriesToRows,
            "sortBy" => Self::SortBy(SortBy::read(options)),
            "timeSeriesTable" => Self::TimeSeriesTable(TimeSeriesTable::read(options)),
            "transpose" => Self::Transpose(Transpose::read(options)),
            id => Self::Unknown(id.into()),
        })
    }

    pub(super) fn apply(&self, tables: Vec<Table>, context: &Context) -> Result<Vec<Table>, TransformError> {
        Ok(match self {
            Self::Calculate(calculate) => calculate.apply(tables, context)?,
            Self::Concatenate(concatenate) => concatenate.apply(tables),
            Self::ConfigFromData(config) => config.apply(tables),
            Self::Convert(convert) => convert.apply(tables, context),
            Self::EnsureColumns => join::ensure_columns(tables)?,
            Self::Extract(extract) => extract.apply(tables)?,
            Self::FilterByName(filter) => filter.apply(tables, context),
            Self::FilterByValue(filter) => filter.apply(tables, context),
            Self::FilterFields(filter) => filter.apply(tables),
            Self::FilterTables(filter) => filter.apply(tables, context),
            Self::FormatText(format) => format.apply(tables),
            Self::FormatTime(format) => format.apply(tables, context),
            Self::GroupBy(group) => group.apply(tables),
            Self::Histogram(histogram) => histogram.apply(tables)?,
            Self::Join(join) => join.apply(tables)?,
            Self::JoinByLabels(join) => join.apply(tables)?,
            Self::LabelsToFields(labels) => labels.apply(tables),
            Self::Limit(limit) => limit.apply(tables, context),
            Self::Matrix(matrix) => matrix.apply(tables)?,
            Self::Merge => merge::apply(tables)?,
            Self::Organize(organize) => organize.apply(tables, context),
            Self::Partition(partition) => partition.apply(tables),
            Self::Prepare(prepare) => prepare.apply(tables)?,
            Self::Reduce(reduce) => reduce.apply(tables),
            Self::RenameByPattern(rename) => rename.apply(tables, context)?,
            Self::RowsToFields(rows) => rows.apply(tables),
            Self::SeriesToRows => merge::series_to_rows(tables),
            Self::SortBy(sort) => sort.apply(tables, context),
            Self::TimeSeriesTable(table) => table.apply(tables),
            Self::ToAnnotations => tables.into_iter().map(to_annotations).collect(),
            Self::Transpose(transpose) => transpose.apply(tables),
            Self::Same | Self::Unknown(_) => tables,
        })
    }
}

/// `convertFrameType` to exemplars: points to draw over the series.
fn to_annotations(table: Table) -> Table {
    Table { name: Some("exemplar".into()), shape: Shape::Plain, is_annotation: true, ..table }
}
