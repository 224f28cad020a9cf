//! What values look like: a function of the series and of the time, so that an answer is the same whichever part of it
//! is asked for.

use super::series::{BUCKETS, Labels};
use promql::ops::BinaryOp;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

/// What the values of a series are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Only ever grows, and starts anew every day.
    Counter,
    /// A number around this.
    Around(u32),
    /// Bytes: a large number.
    Bytes,
    /// Some milliseconds.
    Seconds,
    /// From 0 to 1.
    Share,
    /// 0 or 1.
    Flag,
    /// 1.
    One,
    /// A small whole number.
    Count,
    /// Seconds since 1970, some time ago.
    Timestamp,
}

impl Look {
    /// What the name of a metric says about its values.
    pub fn of_metric(name: &str) -> Self {
        let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
        if name == "up" || ends(&["_up", "_status", "_ready", "_healthy", "_success"]) {
            Self::Flag
        } else if ends(&["_info", "_labels", "_created"]) {
            Self::One
        } else if ends(&["_timestamp", "_timestamp_seconds", "_time_seconds"]) && !name.contains("duration") {
            Self::Timestamp
        } else if ends(&["_total", "_count", "_sum", "_bucket"]) {
            Self::Counter
        } else if name.contains("bytes") {
            Self::Bytes
        } else if ends(&["_seconds", "_duration"]) {
            Self::Seconds
        } else if ends(&["_ratio", "_percent"]) {
            Self::Share
        } else {
            Self::Around(100)
        }
    }

    /// What `function` makes of such values.
    pub fn after(self, function: &str) -> Self {
        match function {
            "rate" | "irate" | "increase" | "delta" | "idelta" | "deriv" if self == Self::Counter => Self::Around(10),
            "changes" | "resets" | "count_over_time" => Self::Count,
            "timestamp" => Self::Timestamp,
            "minute" | "hour" | "day_of_week" | "day_of_month" | "month" => Self::Count,
            _ => self,
        }
    }

    /// What such values are like once `op` has combined them with others.
    pub fn combined(self, op: BinaryOp) -> Self {
        match op {
            BinaryOp::Divide if matches!(self, Self::Bytes | Self::Count | Self::Around(_)) => Self::Share,
            _ => self,
        }
    }

    /// The value of the series with these labels at `at`, in seconds. None where it has a gap.
    pub fn value(self, labels: &Labels, at: f64) -> Option<f64> {
        let seed = seed(labels);
        // One in eight series is not scraped for some minutes of each hour and a half.
        if seed.is_multiple_of(8) && (at / 60.0).rem_euclid(97.0) < 5.0 {
            return None;
        }
        let value = self.shaped(seed, at);
        // Buckets count all that is below their bound.
        let bucket = labels.get("le").and_then(|le| BUCKETS.iter().position(|bound| bound == le));
        Some(bucket.map_or(value, |bucket| value * (bucket + 1) as f64 / BUCKETS.len() as f64))
    }

    fn shaped(self, seed: u64, at: f64) -> f64 {
        let share = wave(seed, at);
        let size = 0.5 + (seed % 100) as f64 / 100.0;
        match self {
            Self::Counter => {
                let since = at.rem_euclid(86_400.0);
                // Grows by at least half its rate all the time: the wave's slope is far below that.
                (size * 10.0 * since + 2_000.0 * share).round()
            }
            Self::Around(level) => f64::from(level) * size * (0.5 + share),
            Self::Bytes => (size * 4e9 * (0.5 + share)).round(),
            Self::Seconds => 0.2 * size * (0.5 + share),
            Self::Share => share,
            Self::Flag => f64::from(u8::from(!seed.is_multiple_of(5) || share > 0.3)),
            Self::One => 1.0,
            Self::Count => (1.0 + 9.0 * share).round(),
            Self::Timestamp => at - 86_400.0 * size - at.rem_euclid(3_600.0),
        }
    }
}

/// From 0 to 1: two waves of the series' own periods, of some minutes and of some hours.
fn wave(seed: u64, at: f64) -> f64 {
    let phase = (seed % 1_000) as f64;
    let (short, long) = (600.0 + (seed % 7) as f64 * 130.0, 9_000.0 + (seed % 11) as f64 * 900.0);
    let turn = std::f64::consts::TAU;
    0.5 + 0.15 * ((at / short + phase) * turn).sin() + 0.35 * ((at / long + phase / 3.0) * turn).sin()
}

/// A number of the series' own. All buckets of a histogram share one.
fn seed(labels: &Labels) -> u64 {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    labels.iter().filter(|(name, _)| *name != "le").fold(0, |seed, label| seed.rotate_left(5) ^ hasher.hash_one(label))
}

#[cfg(test)]
mod tests {
    use super::{Labels, Look};

    fn labels(text: &str) -> Labels {
        text.split(',').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
    }

    #[test]
    fn the_name_of_a_metric_says_what_it_is() {
        let check = |name: &str, expected| assert_eq!(Look::of_metric(name), expected, "{name}");
        check("up", Look::Flag);
        check("kube_pod_info", Look::One);
        check("process_start_time_seconds", Look::Timestamp);
        check("http_requests_total", Look::Counter);
        check("http_request_duration_seconds_bucket", Look::Counter);
        check("node_memory_MemFree_bytes", Look::Bytes);
        check("go_gc_duration_seconds", Look::Seconds);
        check("cache_hit_ratio", Look::Share);
        check("node_load1", Look::Around(100));
    }

    #[test]
    fn counters_grow_and_buckets_count_what_is_below() {
        for seed in 0..50 {
            let labels_of = |le: &str| labels(&format!("__name__=x_bucket,series={seed},le={le}"));
            let value = |le: &str, at: f64| Look::Counter.value(&labels_of(le), at).unwrap_or(f64::INFINITY);
            let gap = (0..1_440).any(|minute| value("1", f64::from(minute) * 60.0).is_infinite());
            for minute in (0..1_439).filter(|_| !gap) {
                let at = f64::from(minute) * 60.0;
                assert!(value("1", at + 60.0) > value("1", at), "series {seed} falls at minute {minute}");
                assert!(value("1", at) <= value("+Inf", at));
            }
        }
    }
}
