//! The step of a query: how far apart its points are, and what `$__interval` and `$__rate_interval` stand for.

use crate::time::unit_millis;
use format::date::{DAY, HOUR, MINUTE, SECOND};

/// The most points Prometheus returns per series.
const MAX_POINTS: i64 = 11_000;

/// A length of time as interval options write it, in milliseconds: `15s`, `1m`, or bare seconds.
///
/// Only the first unit counts (`1m30s` is a minute) and fractions are cut off: Grafana reads them so.
#[must_use]
pub fn parse_interval(text: &str) -> Option<i64> {
    if frame::decimal::parse(text).is_some_and(|number| number != 0.0 && number.is_finite()) {
        return whole_number(text)?.checked_mul(SECOND);
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let number_len = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let mut unit = unsigned.get(number_len..).filter(|_| number_len > 0)?;
    if let Some(fraction) = unit.strip_prefix('.') {
        unit = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        (unit.len() < fraction.len()).then_some(())?;
    }
    let factor = unit.get(..2).and_then(unit_millis).or_else(|| unit.get(..1).and_then(unit_millis))?;
    whole_number(text)?.checked_mul(factor)
}

/// The digits a text starts with, and a minus before them.
pub(crate) fn whole_number(text: &str) -> Option<i64> {
    let sign = usize::from(text.starts_with('-'));
    let digits = text.bytes().skip(sign).take_while(u8::is_ascii_digit).count();
    text.get(..sign + digits)?.parse().ok()
}

/// The step, in milliseconds, that spreads `range_millis` over about `max_points`: a round number, at least the minimum.
///
/// This is what `$__interval` stands for. For no points at all it is a year, the longest there is.
#[must_use]
pub fn calculate_interval(range_millis: i64, max_points: f64, min_interval_millis: Option<i64>) -> i64 {
    let exact = range_millis as f64 / max_points;
    round_interval(exact).max(min_interval_millis.unwrap_or(1))
}

/// The round step nearest to `millis`: 1, 2, 5, 10, 15, 20 or 30 of a unit that people think in.
#[must_use]
pub fn round_interval(millis: f64) -> i64 {
    /// Up to which (exclusive) length a step is rounded to which.
    const STEPS: [(f64, i64); 30] = [
        (10.0, 1),
        (15.0, 10),
        (35.0, 20),
        (75.0, 50),
        (150.0, 100),
        (350.0, 200),
        (750.0, 500),
        (1_500.0, SECOND),
        (3_500.0, 2 * SECOND),
        (7_500.0, 5 * SECOND),
        (12_500.0, 10 * SECOND),
        (17_500.0, 15 * SECOND),
        (25_000.0, 20 * SECOND),
        (45_000.0, 30 * SECOND),
        (90_000.0, MINUTE),
        (210_000.0, 2 * MINUTE),
        (450_000.0, 5 * MINUTE),
        (750_000.0, 10 * MINUTE),
        (1_050_000.0, 15 * MINUTE),
        (1_500_000.0, 20 * MINUTE),
        (2_700_000.0, 30 * MINUTE),
        (5_400_000.0, HOUR),
        (9_000_000.0, 2 * HOUR),
        (16_200_000.0, 3 * HOUR),
        (32_400_000.0, 6 * HOUR),
        (86_400_000.0, 12 * HOUR),
        (604_800_000.0, DAY),
        (1_814_400_000.0, 7 * DAY),
        (3_628_800_000.0, 30 * DAY),
        (f64::INFINITY, 365 * DAY),
    ];
    STEPS.iter().find(|(below, _)| millis < *below).map_or(365 * DAY, |(_, step)| *step)
}

/// The step of a range query: `$__interval`, but never so small that the answer would have over 11,000 points.
#[must_use]
pub fn range_step(range_millis: i64, interval_millis: i64) -> i64 {
    interval_millis.max(round_interval(range_millis as f64 / MAX_POINTS as f64)).max(1)
}

/// What `$__rate_interval` stands for: long enough that every window holds at least four scrapes.
#[must_use]
pub fn rate_interval(interval_millis: i64, scrape_interval_millis: i64) -> i64 {
    interval_millis.saturating_add(scrape_interval_millis).max(scrape_interval_millis.saturating_mul(4))
}

/// An interval as PromQL and Grafana's texts write it, in its largest whole unit: `15s`, `2m`, `1d`.
///
/// What is left over is dropped, as in Grafana: 90 s is `1m`.
#[must_use]
pub fn interval_text(millis: i64) -> String {
    const UNITS: [(&str, i64); 6] =
        [("y", 365 * DAY), ("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", 1)];
    let unit = UNITS.iter().find(|(_, size)| millis.div_euclid(*size) != 0);
    unit.map_or_else(|| "less than a millisecond".into(), |(name, size)| format!("{}{name}", millis.div_euclid(*size)))
}

/// A duration that PromQL reads back as exactly `millis`: `1m30s`, `15s`, `500ms`.
#[must_use]
pub fn promql_duration(millis: i64) -> String {
    const UNITS: [(&str, i64); 5] = [("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", 1)];
    let mut rest = millis.max(0);
    let mut text = String::new();
    for (name, size) in UNITS {
        if rest >= size {
            text.push_str(&format!("{}{name}", rest / size));
            rest %= size;
        }
    }
    if text.is_empty() { "0s".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stay_under_the_limit_of_points() {
        let check = |range: i64, interval: i64, expected: i64| assert_eq!(range_step(range, interval), expected);
        check(HOUR, 5 * SECOND, 5 * SECOND);
        check(30 * DAY, 15 * SECOND, 5 * MINUTE);
        check(0, 0, 1);
    }

    #[test]
    fn rate_windows_hold_four_scrapes() {
        let check = |interval: i64, scrape: i64, expected: i64| assert_eq!(rate_interval(interval, scrape), expected);
        check(15 * SECOND, 15 * SECOND, MINUTE);
        check(2 * MINUTE, 15 * SECOND, 135 * SECOND);
        check(MINUTE, 30 * SECOND, 2 * MINUTE);
        check(i64::MAX, i64::MAX, i64::MAX);
    }

    #[test]
    fn durations_for_promql_are_exact() {
        let check = |millis: i64, expected: &str| assert_eq!(promql_duration(millis), expected);
        check(0, "0s");
        check(500, "500ms");
        check(90 * SECOND, "1m30s");
        check(DAY + HOUR, "1d1h");
    }
}
