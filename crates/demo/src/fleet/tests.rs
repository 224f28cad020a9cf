//! The fleet as a whole: its counters only grow, its histograms add up, and whoever asks gets the same figures.

use super::conditions::QUANTUM_SECS;
use super::*;
use frame::Millis;
use prometheus_client::encoding::prometheus_protobuf::prometheus_data_model::{Histogram, MetricFamily};
use prost::Message as _;
use std::collections::{BTreeMap, BTreeSet};

/// Some afternoon, in the middle of a quantum.
const AFTERNOON: Millis = Millis((20_400 * 86_400 + 13 * 3600) * 1000 + 4_321);

/// The samples of an exposition in text, by series.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let parse = |line: &str| {
        let (series, rest) = line.split_once("} ").unwrap();
        (format!("{series}}}"), rest.split(' ').next().unwrap().parse().unwrap())
    };
    lines.map(parse).collect()
}

fn text_at(simulation: &mut Simulation, service: ServiceId, at: Millis) -> Option<String> {
    simulation.advance(at);
    simulation.snapshot(service, at).map(|snapshot| encode_text(snapshot).unwrap())
}

#[test]
fn descriptions_have_no_samples() {
    let snapshot = Simulation::new(AFTERNOON).snapshot(ServiceId::Gateway, AFTERNOON).unwrap();
    let text = encode_descriptions(snapshot).unwrap();
    assert!(text.contains("# TYPE requests counter\n") && text.ends_with("# EOF\n"), "{text}");
    assert_eq!(samples(&text), BTreeMap::new());
}

/// The series that may only grow while a process lives.
fn is_counter(series: &str) -> bool {
    let name = series.split('{').next().unwrap_or_default();
    ["_total", "_bucket", "_sum", "_count"].iter().any(|suffix| name.ends_with(suffix))
}

#[test]
fn counters_grow_until_their_process_restarts() {
    let simulation = Simulation::new(AFTERNOON);
    let mut restarts = 0;
    for service in &SERVICES {
        let mut simulation = simulation.clone();
        let mut before: BTreeMap<String, f64> = BTreeMap::new();
        // Four hours, at the beginning of quanta and in their middle.
        for step in 0..576 {
            let Some(text) = text_at(&mut simulation, service.id, AFTERNOON.plus(step * 25_000)) else { continue };
            let now = samples(&text);
            let same_process = started(&before) == started(&now);
            restarts += usize::from(!before.is_empty() && !same_process);
            for (series, value) in now.iter().filter(|(series, _)| same_process && is_counter(series)) {
                assert!(*value >= before[series], "{series} fell from {} to {value}", before[series]);
            }
            before = now;
        }
    }
    assert!(restarts > 0, "four hours without any restart");
}

/// When the process started that exposed `samples`.
fn started(samples: &BTreeMap<String, f64>) -> Option<f64> {
    samples.iter().find(|(series, _)| series.starts_with("process_start_time")).map(|(_, secs)| *secs)
}

#[test]
fn histograms_add_up() {
    let simulation = Simulation::new(AFTERNOON);
    for service in &SERVICES {
        let snapshot = simulation.snapshot(service.id, AFTERNOON).unwrap();
        let families = decode(&encode_protobuf(snapshot).unwrap());
        let metrics = |name: &str, place: usize| {
            let family = families.iter().filter(|family| family.name == name).nth(place).unwrap();
            family
                .metric
                .iter()
                .map(|metric| (format!("{:?}", metric.label), metric.clone()))
                .collect::<BTreeMap<_, _>>()
        };
        let totals = metrics("requests_total", 0);
        let classic = metrics("request_duration_seconds", 0);
        let native = metrics("request_duration_seconds", 1);
        assert_eq!(classic.len(), totals.len());
        assert_eq!(native.len(), totals.len());
        for (labels, total) in &totals {
            let total = total.counter.as_ref().unwrap().value as u64;
            let classic = classic[labels].histogram.as_ref().unwrap();
            let native = native[labels].histogram.as_ref().unwrap();
            assert_eq!(classic.sample_count, total);
            assert_eq!(native.sample_count, total);
            assert_eq!(classic.sample_sum.to_bits(), native.sample_sum.to_bits());
            assert!(classic.bucket.is_sorted_by_key(|bucket| bucket.cumulative_count), "{labels}");
            assert_eq!(classic.bucket.last().unwrap().cumulative_count, total);
            assert_eq!(classic.positive_span.len(), 0, "the classic family must not look like a native one");
            assert!(native.zero_threshold > 0.0, "the native family must look like one, even when empty");
            assert_eq!(native_count(&native.positive_delta), total);
            let spanned: u32 = native.positive_span.iter().map(|span| span.length).sum();
            assert_eq!(spanned as usize, native.positive_delta.len());
            check_sum(classic, labels);
        }
    }
}

/// The observations in native buckets, each given as the difference to the one before.
fn native_count(deltas: &[i64]) -> u64 {
    let counts = deltas.iter().scan(0, |count, delta| {
        *count += delta;
        Some(*count)
    });
    counts.sum::<i64>().try_into().unwrap()
}

/// The sum lies between what it would be if all observations were at the lower or at the upper ends of their buckets.
fn check_sum(histogram: &Histogram, labels: &str) {
    let (mut least, mut most, mut below, mut lower) = (0.0, 0.0, 0, 0.0);
    for bucket in &histogram.bucket {
        let count = (bucket.cumulative_count - below) as f64;
        least += count * lower;
        // Nothing takes longer than the longest native bucket in use.
        most += count * bucket.upper_bound.min(16.0);
        (below, lower) = (bucket.cumulative_count, bucket.upper_bound);
    }
    let sum = histogram.sample_sum;
    assert!(least <= sum && sum <= most, "{labels}: {least} <= {sum} <= {most}");
}

fn decode(mut bytes: &[u8]) -> Vec<MetricFamily> {
    let mut families = Vec::new();
    while !bytes.is_empty() {
        families.push(MetricFamily::decode_length_delimited(&mut bytes).unwrap());
    }
    families
}

#[test]
fn figures_do_not_depend_on_who_asks() {
    // One simulation has been counting for three hours, another begins now: their answers are the same text.
    let mut old = Simulation::new(AFTERNOON.plus(-3 * 3_600_000));
    let mut new = Simulation::new(AFTERNOON);
    for service in &SERVICES {
        let expected = text_at(&mut old, service.id, AFTERNOON);
        assert!(expected.is_some());
        assert_eq!(text_at(&mut new, service.id, AFTERNOON), expected);
    }
}

#[test]
fn series_are_at_most_two_thousand() {
    let simulation = Simulation::new(AFTERNOON);
    let mut series = BTreeSet::new();
    for service in &SERVICES {
        let snapshot = simulation.snapshot(service.id, AFTERNOON).unwrap();
        let native = snapshot.requests.len();
        series.extend(samples(&encode_text(snapshot).unwrap()).into_keys());
        series.extend((0..native).map(|place| format!("native {} {place}", service.name)));
    }
    // Prometheus adds five of its own to each target: up, and four on the scrape.
    let total = series.len() + 5 * SERVICES.len();
    assert!((1_000..=2_000).contains(&total), "{total}");
}

#[test]
fn both_formats_have_the_same_exemplars() {
    let simulation = Simulation::new(AFTERNOON);
    let mut seen = 0;
    for service in &SERVICES {
        let snapshot = simulation.snapshot(service.id, AFTERNOON).unwrap();
        let text = encode_text(snapshot.clone()).unwrap();
        let in_text: Vec<_> = text.split("trace_id=\"").skip(1).map(|rest| rest[..32].to_owned()).collect();
        let families = decode(&encode_protobuf(snapshot).unwrap());
        for family in families.iter().filter(|family| family.name == "request_duration_seconds") {
            let buckets = family.metric.iter().flat_map(|metric| &metric.histogram.as_ref().unwrap().bucket);
            let mut in_family = Vec::new();
            let mut lower = 0.0;
            for bucket in buckets {
                if let Some(exemplar) = &bucket.exemplar {
                    in_family.push(exemplar.label[0].value.clone());
                    assert!(exemplar.value <= bucket.upper_bound);
                    assert!(exemplar.value > lower);
                    assert!(exemplar.timestamp.as_ref().unwrap().seconds <= AFTERNOON.0 / 1000);
                }
                lower = if bucket.upper_bound.is_finite() { bucket.upper_bound } else { 0.0 };
            }
            assert_eq!(in_family, in_text, "{}", service.name);
        }
        seen += in_text.len();
    }
    assert!(seen > 20, "{seen} exemplars");
}

#[test]
fn a_killed_process_is_away_and_starts_from_nothing() {
    let mut incidents = (0..8).map(|hour| Incident::of_hour(AFTERNOON.0 / 1000 + hour * 3600));
    let leak = incidents.find(|incident| incident.kind == Kind::Leak).unwrap();
    let mut simulation = Simulation::new(Millis(leak.end * 1000 - 1));
    let requests =
        |snapshot: Option<Snapshot>| snapshot.map(|s| s.requests.iter().flat_map(|r| r.cells.clone()).sum::<u64>());
    let mut at = |secs: i64| {
        let at = Millis(secs * 1000);
        simulation.advance(at);
        requests(simulation.snapshot(leak.service, at))
    };
    assert!(at(leak.end - 1).unwrap() > 0);
    assert_eq!(at(leak.end), None);
    assert_eq!(at(leak.end + 2 * QUANTUM_SECS), Some(0));
    assert!(at(leak.end + 4 * QUANTUM_SECS).unwrap() > 0);
}

#[test]
fn formats_are_negotiated() {
    let check = |accept: &str, expected: Format| assert_eq!(Format::negotiate(accept), expected, "{accept}");
    check("", Format::Text);
    check("*/*", Format::Text);
    check("application/openmetrics-text", Format::Text);
    check(
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
        Format::Protobuf,
    );
    // What Prometheus 2.42 sends with native histograms, and what it sends without.
    check(
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,\
         application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,\
         text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        Format::Protobuf,
    );
    check("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", Format::Text);
    check("application/openmetrics-text;q=0.9, application/vnd.google.protobuf;q=0.2", Format::Text);
    check("application/vnd.google.protobuf;proto=another.Message", Format::Text);
    check("application/vnd.google.protobuf;q=nonsense", Format::Text);
}
