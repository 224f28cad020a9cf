//! Prometheus' functions and aggregations, with what an editor says about them.

/// A function or an aggregation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Its parameters as its documentation writes them.
    pub signature: &'static str,
    /// One line on what it does.
    pub help: &'static str,
}

/// The function called `name`; names of functions are case-sensitive.
#[must_use]
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.get(FUNCTIONS.binary_search_by(|known| known.name.cmp(name)).ok()?)
}

/// The aggregation called `name`, in any case.
#[must_use]
pub fn aggregation(name: &str) -> Option<&'static Function> {
    AGGREGATIONS.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}

const fn f(name: &'static str, signature: &'static str, help: &'static str) -> Function {
    Function { name, signature, help }
}

/// The aggregations, by name.
pub const AGGREGATIONS: &[Function] = &[
    f("avg", "(v instant-vector)", "Average over the series of each group."),
    f("bottomk", "(k scalar, v instant-vector)", "The k smallest series of each group."),
    f("count", "(v instant-vector)", "Number of series in each group."),
    f(
        "count_values",
        "(label string, v instant-vector)",
        "Number of series with the same value, the value as a label.",
    ),
    f("group", "(v instant-vector)", "1 for each group."),
    f(
        "limit_ratio",
        "(r scalar, v instant-vector)",
        "A fixed sample of the series, about this share of them (experimental).",
    ),
    f("limitk", "(k scalar, v instant-vector)", "Any k series of each group (experimental)."),
    f("max", "(v instant-vector)", "Largest value of each group."),
    f("min", "(v instant-vector)", "Smallest value of each group."),
    f("quantile", "(φ scalar, v instant-vector)", "φ-quantile over the series of each group."),
    f("stddev", "(v instant-vector)", "Population standard deviation over the series of each group."),
    f("stdvar", "(v instant-vector)", "Population variance over the series of each group."),
    f("sum", "(v instant-vector)", "Sum over the series of each group."),
    f("topk", "(k scalar, v instant-vector)", "The k largest series of each group."),
];

/// The functions, sorted by name.
pub const FUNCTIONS: &[Function] = &[
    f("abs", "(v instant-vector)", "Absolute value."),
    f("absent", "(v instant-vector)", "1 if the vector is empty, else nothing."),
    f("absent_over_time", "(v range-vector)", "1 if the series has no sample in the range, else nothing."),
    f("acos", "(v instant-vector)", "Arccosine, in radians."),
    f("acosh", "(v instant-vector)", "Inverse hyperbolic cosine."),
    f("asin", "(v instant-vector)", "Arcsine, in radians."),
    f("asinh", "(v instant-vector)", "Inverse hyperbolic sine."),
    f("atan", "(v instant-vector)", "Arctangent, in radians."),
    f("atanh", "(v instant-vector)", "Inverse hyperbolic tangent."),
    f("avg_over_time", "(v range-vector)", "Average of the samples in the range."),
    f("ceil", "(v instant-vector)", "Rounded up to a whole number."),
    f("changes", "(v range-vector)", "How often the value changed in the range."),
    f("clamp", "(v instant-vector, min scalar, max scalar)", "Limited to at least min and at most max."),
    f("clamp_max", "(v instant-vector, max scalar)", "Limited to at most max."),
    f("clamp_min", "(v instant-vector, min scalar)", "Limited to at least min."),
    f("cos", "(v instant-vector)", "Cosine of radians."),
    f("cosh", "(v instant-vector)", "Hyperbolic cosine."),
    f("count_over_time", "(v range-vector)", "Number of samples in the range."),
    f("day_of_month", "(v=vector(time()) instant-vector)", "Day of the month, 1 to 31, in UTC."),
    f("day_of_week", "(v=vector(time()) instant-vector)", "Day of the week, 0 (Sunday) to 6, in UTC."),
    f("day_of_year", "(v=vector(time()) instant-vector)", "Day of the year, 1 to 366, in UTC."),
    f("days_in_month", "(v=vector(time()) instant-vector)", "Number of days in the month, 28 to 31, in UTC."),
    f("deg", "(v instant-vector)", "Radians to degrees."),
    f("delta", "(v range-vector)", "Difference between the ends of the range, extrapolated to it; for gauges."),
    f("deriv", "(v range-vector)", "Change per second by linear regression; for gauges."),
    f(
        "double_exponential_smoothing",
        "(v range-vector, sf scalar, tf scalar)",
        "Smoothed value by level and trend (experimental).",
    ),
    f("end", "()", "End of the query's time range, in seconds (experimental)."),
    f("exp", "(v instant-vector)", "e to the power of the value."),
    f("first_over_time", "(v range-vector)", "Oldest sample in the range."),
    f("floor", "(v instant-vector)", "Rounded down to a whole number."),
    f("histogram_avg", "(v instant-vector)", "Average observation of native histograms."),
    f("histogram_count", "(v instant-vector)", "Number of observations of native histograms."),
    f(
        "histogram_fraction",
        "(lower scalar, upper scalar, b instant-vector)",
        "Share of the observations between two values.",
    ),
    f("histogram_quantile", "(φ scalar, b instant-vector)", "φ-quantile of classic or native histograms."),
    f(
        "histogram_quantiles",
        "(b instant-vector, label string, φ scalar, …)",
        "Several quantiles of histograms at once (experimental).",
    ),
    f("histogram_stddev", "(v instant-vector)", "Estimated standard deviation of native histograms."),
    f("histogram_stdvar", "(v instant-vector)", "Estimated variance of native histograms."),
    f("histogram_sum", "(v instant-vector)", "Sum of the observations of native histograms."),
    f(
        "holt_winters",
        "(v range-vector, sf scalar, tf scalar)",
        "Now double_exponential_smoothing; gone since Prometheus 3.",
    ),
    f("hour", "(v=vector(time()) instant-vector)", "Hour of the day, 0 to 23, in UTC."),
    f("idelta", "(v range-vector)", "Difference between the last two samples; for gauges."),
    f("increase", "(v range-vector)", "Increase of a counter over the range, extrapolated to it."),
    f(
        "info",
        "(v instant-vector, [data-label-selector instant-vector])",
        "Adds the labels of matching info metrics (experimental).",
    ),
    f("integral", "(v range-vector, [s scalar])", "Area under the samples in the range (experimental)."),
    f("irate", "(v range-vector)", "Increase of a counter per second, by the last two samples."),
    f(
        "label_join",
        "(v instant-vector, dst string, separator string, src string, …)",
        "Sets a label to other labels' values, joined.",
    ),
    f(
        "label_replace",
        "(v instant-vector, dst string, replacement string, src string, regex string)",
        "Sets a label by a regular expression on another.",
    ),
    f("last_over_time", "(v range-vector)", "Newest sample in the range."),
    f("ln", "(v instant-vector)", "Natural logarithm."),
    f("log10", "(v instant-vector)", "Logarithm to base 10."),
    f("log2", "(v instant-vector)", "Logarithm to base 2."),
    f("mad_over_time", "(v range-vector)", "Median absolute deviation in the range (experimental)."),
    f("max_of", "(a scalar, b scalar)", "The larger of two scalars (experimental)."),
    f("max_over_time", "(v range-vector)", "Largest sample in the range."),
    f("min_of", "(a scalar, b scalar)", "The smaller of two scalars (experimental)."),
    f("min_over_time", "(v range-vector)", "Smallest sample in the range."),
    f("minute", "(v=vector(time()) instant-vector)", "Minute of the hour, 0 to 59, in UTC."),
    f("month", "(v=vector(time()) instant-vector)", "Month of the year, 1 to 12, in UTC."),
    f("pi", "()", "π."),
    f("predict_linear", "(v range-vector, t scalar)", "Value in t seconds by linear regression; for gauges."),
    f("present_over_time", "(v range-vector)", "1 for each series with a sample in the range."),
    f("quantile_over_time", "(φ scalar, v range-vector)", "φ-quantile of the samples in the range."),
    f("rad", "(v instant-vector)", "Degrees to radians."),
    f("range", "()", "Length of the query's time range, in seconds (experimental)."),
    f("rate", "(v range-vector)", "Increase of a counter per second, averaged over the range."),
    f("resets", "(v range-vector)", "How often the counter was reset in the range."),
    f("round", "(v instant-vector, to_nearest=1 scalar)", "Rounded to the nearest multiple."),
    f("scalar", "(v instant-vector)", "The value of the only series as a scalar, else NaN."),
    f("sgn", "(v instant-vector)", "1, 0 or -1 by the sign."),
    f("sin", "(v instant-vector)", "Sine of radians."),
    f("sinh", "(v instant-vector)", "Hyperbolic sine."),
    f("sort", "(v instant-vector)", "Sorted by value, ascending; instant queries only."),
    f("sort_by_label", "(v instant-vector, label string, …)", "Sorted by labels; instant queries only (experimental)."),
    f(
        "sort_by_label_desc",
        "(v instant-vector, label string, …)",
        "Sorted by labels, descending; instant queries only (experimental).",
    ),
    f("sort_desc", "(v instant-vector)", "Sorted by value, descending; instant queries only."),
    f("sqrt", "(v instant-vector)", "Square root."),
    f("start", "()", "Start of the query's time range, in seconds (experimental)."),
    f(
        "start_timestamp",
        "(v instant-vector)",
        "When each counter began to count, in seconds since 1970 (experimental).",
    ),
    f("stddev_over_time", "(v range-vector)", "Population standard deviation of the samples in the range."),
    f("stdvar_over_time", "(v range-vector)", "Population variance of the samples in the range."),
    f("step", "()", "The query's step, in seconds (experimental)."),
    f("sum_over_time", "(v range-vector)", "Sum of the samples in the range."),
    f("tan", "(v instant-vector)", "Tangent of radians."),
    f("tanh", "(v instant-vector)", "Hyperbolic tangent."),
    f("time", "()", "The evaluation time, in seconds since 1970."),
    f("timestamp", "(v instant-vector)", "When each sample was taken, in seconds since 1970."),
    f("ts_of_first_over_time", "(v range-vector)", "When the oldest sample in the range was taken (experimental)."),
    f("ts_of_last_over_time", "(v range-vector)", "When the newest sample in the range was taken (experimental)."),
    f("ts_of_max_over_time", "(v range-vector)", "When the largest sample in the range was taken (experimental)."),
    f("ts_of_min_over_time", "(v range-vector)", "When the smallest sample in the range was taken (experimental)."),
    f("vector", "(s scalar)", "The scalar as a vector without labels."),
    f("year", "(v=vector(time()) instant-vector)", "Year, in UTC."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_found() {
        for table in [FUNCTIONS, AGGREGATIONS] {
            assert!(table.is_sorted_by(|a, b| a.name < b.name));
        }
        assert!(FUNCTIONS.iter().all(|known| function(known.name) == Some(known)));
        assert!(AGGREGATIONS.iter().all(|known| aggregation(&known.name.to_uppercase()) == Some(known)));
        assert_eq!(function("Rate"), None);
        assert_eq!(function("frobnicate"), None);
    }
}
