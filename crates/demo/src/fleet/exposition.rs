//! What a service answers to a scrape, encoded by the official client, in the format that was asked for.

use super::exemplars::{self, Exemplar};
use super::latency::{CELLS, CLASSIC_BOUNDS, NATIVE_SCHEMA};
use super::simulation::{Requests, Snapshot};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeLabelSet, EncodeMetric as _, MetricEncoder, NativeHistogram, NativeHistogramBuckets,
    NoLabelSet, prometheus_protobuf, text,
};
use prometheus_client::metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge};
use prometheus_client::registry::{Registry, Unit};
use std::fmt;

/// The width of the zero bucket that client libraries give native histograms by default, 2^-128. It is what tells
/// Prometheus that a histogram without observations is a native one.
const ZERO_THRESHOLD: f64 = f64::from_bits((1023 - 128) << 52);

/// The name of the histogram, without its unit, and its help text.
const DURATION: (&str, &str) = ("request_duration", "How long requests took");

/// The format of an exposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OpenMetrics text. It has no native histograms.
    Text,
    /// Length-delimited `io.prometheus.client.MetricFamily` messages: the only format in which Prometheus 2.x takes
    /// native histograms.
    Protobuf,
}

impl Format {
    /// The best format among those in an `Accept` header. Prometheus names protobuf first when it wants it.
    #[must_use]
    pub fn negotiate(accept: &str) -> Self {
        let best = accept.split(',').filter_map(Self::of_media_range).max_by(|(a, _), (b, _)| a.total_cmp(b));
        best.map_or(Self::Text, |(_, format)| format)
    }

    /// A media range such as `text/plain;q=0.5`, if it is one of ours, with its weight.
    fn of_media_range(range: &str) -> Option<(f64, Self)> {
        let mut parts = range.split(';').map(str::trim);
        let format = match parts.next()? {
            "application/vnd.google.protobuf" => Self::Protobuf,
            "application/openmetrics-text" => Self::Text,
            _ => return None,
        };
        let mut weight = 1.0;
        for part in parts {
            match part.split_once('=') {
                Some(("q", q)) => weight = q.parse().ok()?,
                Some(("proto", proto)) if proto != "io.prometheus.client.MetricFamily" => return None,
                Some(("encoding", encoding)) if encoding != "delimited" => return None,
                _ => {}
            }
        }
        // Of two formats of the same weight the later one would win; protobuf tells more.
        Some((weight + if format == Self::Protobuf { 1e-9 } else { 0.0 }, format))
    }

    /// The `Content-Type` of an answer.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Protobuf => {
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
            }
        }
    }
}

/// The exposition of `snapshot` as OpenMetrics text.
///
/// # Errors
/// None in practice: the client's encoder writes to memory.
pub fn encode_text(snapshot: Snapshot) -> Result<String, fmt::Error> {
    let exemplars = exemplars::of(&snapshot);
    let mut exposition = String::with_capacity(64 * 1024);
    text::encode(&mut exposition, &registry(snapshot, Format::Text))?;
    Ok(exemplars::add_to_text(&exposition, &exemplars))
}

/// The exposition of `snapshot` as OpenMetrics text, without exemplars.
///
/// # Errors
/// As [`encode_text`].
pub fn encode_plain_text(snapshot: Snapshot) -> Result<String, fmt::Error> {
    let mut exposition = String::with_capacity(64 * 1024);
    text::encode(&mut exposition, &registry(snapshot, Format::Text))?;
    Ok(exposition)
}

/// What the exposition of `snapshot` says of its metrics, without a sample, as OpenMetrics text.
///
/// # Errors
/// As [`encode_text`].
pub fn encode_descriptions(snapshot: Snapshot) -> Result<String, fmt::Error> {
    let exposition = encode_plain_text(snapshot)?;
    Ok(exposition.lines().filter(|line| line.starts_with('#')).flat_map(|line| [line, "\n"]).collect())
}

/// The exposition of `snapshot` in Prometheus' protobuf format.
///
/// # Errors
/// As [`encode_text`].
pub fn encode_protobuf(snapshot: Snapshot) -> Result<Vec<u8>, fmt::Error> {
    let exemplars: Vec<Option<Exemplar>> = exemplars::of(&snapshot);
    let mut families = prometheus_protobuf::encode(&registry(snapshot, Format::Protobuf))?;
    exemplars::add_to_families(&mut families, &exemplars);
    Ok(families.iter().flat_map(prost::Message::encode_length_delimited_to_vec).collect())
}

fn registry(snapshot: Snapshot, format: Format) -> Registry {
    let service = snapshot.service.name;
    let mut registry = Registry::with_labels([("service".into(), service.into())].into_iter());
    registry.register_collector(Box::new(Exposition { snapshot, format }));
    registry
}

/// A snapshot with the format it is encoded for, which the client does not tell its collectors.
#[derive(Debug)]
struct Exposition {
    snapshot: Snapshot,
    format: Format,
}

impl Collector for Exposition {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        self.encode_requests(&mut encoder)?;
        self.encode_durations(&mut encoder)?;
        if self.format == Format::Protobuf {
            self.encode_native_durations(&mut encoder)?;
        }
        self.encode_service(&mut encoder)?;
        self.encode_process(&mut encoder)
    }
}

impl Exposition {
    fn encode_requests(&self, encoder: &mut DescriptorEncoder) -> Result<(), fmt::Error> {
        let mut family = encoder.encode_descriptor("requests", "Requests answered", None, MetricType::Counter)?;
        for requests in &self.snapshot.requests {
            let labels = labels(requests);
            let total: u64 = requests.cells.iter().sum();
            ConstCounter::new(total).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }

    fn encode_durations(&self, encoder: &mut DescriptorEncoder) -> Result<(), fmt::Error> {
        let (name, help) = DURATION;
        let mut family = encoder.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Histogram)?;
        for requests in &self.snapshot.requests {
            let labels = labels(requests);
            let (sum, count) = sum_and_count(requests);
            let buckets = classic_buckets(requests);
            family.encode_family(&labels)?.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
        }
        Ok(())
    }

    /// The native form, in a second family of the same name. Prometheus 2.42 ignores the classic buckets of a
    /// histogram that has native ones, and the option to keep both, `scrape_classic_histograms`, only came with 2.45.
    /// In families of their own each gets the names it would have with that option: `request_duration_seconds` here,
    /// `request_duration_seconds_bucket`, `_sum` and `_count` above.
    fn encode_native_durations(&self, encoder: &mut DescriptorEncoder) -> Result<(), fmt::Error> {
        let (name, help) = DURATION;
        let mut family = encoder.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Histogram)?;
        for requests in &self.snapshot.requests {
            let labels = labels(requests);
            let (sum, count) = sum_and_count(requests);
            let (spans, deltas) = native_buckets(requests);
            let native = NativeHistogram {
                schema: NATIVE_SCHEMA,
                zero_threshold: ZERO_THRESHOLD,
                zero_count: 0,
                negative: NativeHistogramBuckets { spans: &[], deltas: &[] },
                positive: NativeHistogramBuckets { spans: &spans, deltas: &deltas },
                created: None,
            };
            let mut metric = family.encode_family(&labels)?;
            // Its exemplars are those of the classic buckets, which is where Prometheus looks for them.
            metric.encode_histogram_with_native::<NoLabelSet>(sum, count, &classic_buckets(requests), None, native)?;
        }
        Ok(())
    }

    fn encode_service(&self, encoder: &mut DescriptorEncoder) -> Result<(), fmt::Error> {
        let snapshot = &self.snapshot;
        let labels = [("version", snapshot.version.as_str()), ("language", "rust")];
        encoder.encode_descriptor("build", "The version that runs", None, MetricType::Info)?.encode_info(&labels)?;
        gauge(encoder, "requests_in_flight", "Requests being worked on", None, snapshot.in_flight)?;
        if let (Some(queue), Some(queued)) = (snapshot.service.queue, snapshot.queued) {
            let mut family = encoder.encode_descriptor("queue_depth", "Jobs waiting", None, MetricType::Gauge)?;
            ConstGauge::new(queued).encode(family.encode_family(&[("queue", queue)])?)?;
        }
        if let (Some((cache, _)), Some((hits, misses))) = (snapshot.service.cache, snapshot.cache) {
            let help = "Lookups in a cache, by result";
            let mut family = encoder.encode_descriptor("cache_requests", help, None, MetricType::Counter)?;
            for (result, count) in [("hit", hits), ("miss", misses)] {
                ConstCounter::new(count).encode(family.encode_family(&[("cache", cache), ("result", result)])?)?;
            }
        }
        Ok(())
    }

    /// The figures client libraries give of their own process.
    fn encode_process(&self, encoder: &mut DescriptorEncoder) -> Result<(), fmt::Error> {
        let snapshot = &self.snapshot;
        let help = "CPU time used, user and system";
        let cpu = encoder.encode_descriptor("process_cpu", help, Some(&Unit::Seconds), MetricType::Counter)?;
        ConstCounter::new(snapshot.cpu_secs).encode(cpu)?;
        let limit = (snapshot.service.memory_limit_mib * f64::from(1 << 20)) as i64;
        let bytes = Some(&Unit::Bytes);
        gauge(encoder, "process_resident_memory", "Resident memory", bytes, snapshot.memory_bytes)?;
        gauge(encoder, "process_memory_limit", "Memory at which the process is killed", bytes, limit)?;
        let seconds = Some(&Unit::Seconds);
        gauge(
            encoder,
            "process_start_time",
            "When the process started, since the epoch",
            seconds,
            snapshot.started_secs,
        )?;
        gauge(encoder, "process_open_fds", "Open file descriptors", None, 24 + 2 * snapshot.in_flight)?;
        gauge(encoder, "process_max_fds", "The most file descriptors it may open", None, 1024)
    }
}

fn gauge<'e>(
    encoder: &'e mut DescriptorEncoder,
    name: &'e str,
    help: &str,
    unit: Option<&'e Unit>,
    value: i64,
) -> Result<(), fmt::Error> {
    let metric: MetricEncoder = encoder.encode_descriptor(name, help, unit, MetricType::Gauge)?;
    ConstGauge::new(value).encode(metric)
}

/// The labels of a route's requests, beside that of the service.
fn labels(requests: &Requests) -> impl EncodeLabelSet + use<> {
    [
        ("route", requests.route.path.to_owned()),
        ("method", requests.route.method.to_owned()),
        ("code", requests.code.to_string()),
    ]
}

fn sum_and_count(requests: &Requests) -> (f64, u64) {
    let sum = CELLS.iter().zip(&requests.cells).map(|(cell, count)| cell.middle_secs * *count as f64).sum();
    (sum, requests.cells.iter().sum())
}

/// Upper bounds with how many observations lie in the bucket; the encoder adds them up.
fn classic_buckets(requests: &Requests) -> Vec<(f64, u64)> {
    let bounds = CLASSIC_BOUNDS.into_iter().chain([f64::INFINITY]);
    let mut buckets: Vec<_> = bounds.map(|bound| (bound, 0)).collect();
    for (cell, count) in CELLS.iter().zip(&requests.cells) {
        buckets[cell.classic].1 += count;
    }
    buckets
}

/// The buckets with observations, as spans (the gap before, the length) and the differences between neighbours.
fn native_buckets(requests: &Requests) -> (Vec<(i32, u32)>, Vec<i64>) {
    let (mut spans, mut deltas): (Vec<(i32, u32)>, Vec<i64>) = (Vec::new(), Vec::new());
    let (mut next_index, mut previous) = (0, 0);
    let mut push = |index: i32, count: i64| {
        match spans.last_mut() {
            Some((_, length)) if index == next_index => *length += 1,
            _ => spans.push((index - next_index, 1)),
        }
        deltas.push(count - previous);
        (next_index, previous) = (index + 1, count);
    };
    let mut filled = CELLS.iter().zip(&requests.cells).filter(|(_, count)| **count > 0).peekable();
    while let Some((cell, count)) = filled.next() {
        let mut total = *count as i64;
        while let Some((_, more)) = filled.next_if(|(other, _)| other.native == cell.native) {
            total += *more as i64;
        }
        push(cell.native, total);
    }
    (spans, deltas)
}
