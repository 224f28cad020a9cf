//! Whatever the bytes and however they are cut into chunks, the streaming decoder says the same, and where its slow
//! twin on top of `serde_json` understands them, it says what that says.
#![allow(clippy::unwrap_used)]

mod reference;

use frame::{Grid, Millis, Step};
use promapi::{Answer, Budget, DecodeError, Decoder, Expect};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const PLENTY: Budget = Budget { bytes: 1 << 30, samples: 1 << 20, series: 1 << 20 };

fn grid() -> Grid {
    Grid { start: Millis(1_700_000_000_000), step: Step::from_millis(15_000).unwrap(), len: 40 }
}

fn decode<'a>(
    chunks: impl IntoIterator<Item = &'a [u8]>,
    expect: Expect,
    budget: Budget,
) -> Result<Answer, DecodeError> {
    let mut decoder = Decoder::new(expect, budget);
    for chunk in chunks {
        decoder.push(chunk)?;
    }
    decoder.finish()
}

/// Cuts `body` at these places.
fn cut<'a>(body: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
    at.extend([0, body.len()]);
    at.sort_unstable();
    at.windows(2).map(|pair| &body[pair[0]..pair[1]]).collect()
}

/// The outcome for `body`, after checking that it does not depend on chunks.
fn decode_every_way(body: &[u8], expect: Expect, budget: Budget, cuts: &[Index]) -> Result<Answer, DecodeError> {
    let whole = decode([body], expect, budget);
    for (how, chunked) in [
        ("cut", decode(cut(body, cuts), expect, budget)),
        ("byte by byte", decode(body.chunks(1), expect, budget)),
        ("by sevens", decode(body.chunks(7), expect, budget)),
    ] {
        assert_eq!(
            reference::describe(&chunked),
            reference::describe(&whole),
            "{how}: {}",
            String::from_utf8_lossy(body)
        );
    }
    whole
}

fn check_against_reference(body: &[u8], expect: Expect, outcome: Result<Answer, DecodeError>) {
    let text = String::from_utf8_lossy(body);
    match (reference::decode(body, expect), outcome) {
        (Some(Ok(expected)), outcome @ Ok(_)) => {
            assert_eq!(reference::describe(&outcome), reference::describe(&Ok(expected)), "{text}");
        }
        (Some(Err(expected)), Err(DecodeError::Api(error))) => {
            assert_eq!(error.message, expected.message, "{text}");
        }
        (Some(Ok(_)), Err(DecodeError::Api(_))) => panic!("an error is reported that is not there: {text}"),
        (Some(Err(_)), Ok(_)) => panic!("an error is overlooked: {text}"),
        // Only one of the two is content: they differ on what is worth reading.
        _ => {}
    }
}

/// Numbers as servers spell them, and as they might.
fn value_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<f64>().prop_map(go),
        4 => (0.0..1.0).prop_map(go),
        2 => (-1e6..1e6).prop_map(go),
        1 => any::<f64>().prop_map(|value| format!("{value:e}")),
        1 => any::<f32>().prop_map(|value| go(f64::from(value))),
        3 => (-100_000_i64..100_000, 0..6_u32).prop_map(|(number, scale)| go(number as f64 / 10_f64.powi(scale as i32))),
        2 => any::<i64>().prop_map(|number| number.to_string()),
        2 => "-?[0-9]{1,12}\\.[0-9]{1,20}",
        1 => "-?[0-9]{1,25}(\\.[0-9]{0,30})?([eE][+-]?[0-9]{1,3})?",
        1 => "-?0\\.0{0,25}[0-9]{1,22}",
        1 => select(vec!["NaN", "+Inf", "-Inf", "0", "-0", "5e-324", "1.7976931348623157e+308", "1e-07", "1e+21"])
            .prop_map(str::to_owned),
    ]
}

/// As Go's `strconv.FormatFloat(value, 'f' or 'e', -1, 64)` in Prometheus.
fn go(value: f64) -> String {
    match value {
        _ if value.is_nan() => "NaN".to_owned(),
        _ if value.is_infinite() => format!("{}Inf", if value < 0.0 { '-' } else { '+' }),
        _ if value != 0.0 && !(1e-6..1e21).contains(&value.abs()) => {
            let text = format!("{value:e}");
            let (digits, exponent) = text.split_once('e').unwrap();
            let exponent: i32 = exponent.parse().unwrap();
            format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
        }
        _ => value.to_string(),
    }
}

fn time_text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0..40_i64).prop_map(|index| (1_700_000_000 + index * 15).to_string()),
        2 => (1_600_000_000_000_i64..1_800_000_000_000).prop_map(|ms| format!("{}.{:03}", ms / 1000, ms % 1000)),
        1 => (-1_000_000_000..9_000_000_000_i64).prop_map(|ms| format!("{}", ms as f64 / 1e3)),
        1 => select(vec!["0", "-0", "1.7e9", "1700000000.0", "1700000000.12", "\"1700000015\"", "17e8", "12345678901.5"])
            .prop_map(str::to_owned),
    ]
}

/// A run of samples, nearly all of them on the grid and in order, as in real answers.
fn samples_text() -> impl Strategy<Value = String> {
    let sample = (time_text(), value_text()).prop_map(|(time, value)| format!("[{time},\"{value}\"]"));
    let run = (0..30_usize, prop::collection::vec(value_text(), 0..40)).prop_map(|(skip, values)| {
        let times = (skip..40).map(|index| 1_700_000_000 + index * 15);
        times.zip(values).map(|(time, value)| format!("[{time},\"{value}\"]")).collect::<Vec<_>>()
    });
    (run, prop::collection::vec(sample, 0..3), any::<Index>()).prop_map(|(mut run, others, at)| {
        let at = at.index(run.len() + 1);
        run.splice(at..at, others);
        format!("[{}]", run.join(","))
    })
}

fn histogram_text() -> impl Strategy<Value = String> {
    let bucket = (0..4_u8, value_text(), value_text(), value_text())
        .prop_map(|(rule, lower, upper, count)| format!("[{rule},\"{lower}\",\"{upper}\",\"{count}\"]"));
    let buckets = prop::option::of(prop::collection::vec(bucket, 0..4));
    (value_text(), value_text(), buckets).prop_map(|(count, sum, buckets)| {
        let buckets = buckets.map_or(String::new(), |buckets| format!(",\"buckets\":[{}]", buckets.join(",")));
        format!("{{\"count\":\"{count}\",\"sum\":\"{sum}\"{buckets}}}")
    })
}

fn metric_text() -> impl Strategy<Value = String> {
    let pair = (select(vec!["__name__", "job", "instance", "le", "köln", "a\"b"]), any::<String>());
    prop::collection::vec(pair, 0..4).prop_map(|pairs| {
        let pairs = pairs.iter().map(|(name, value)| format!("{}:{}", quote(name), quote(value)));
        format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
    })
}

fn quote(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// `{…}` of these members in any order.
fn object(members: Vec<String>) -> impl Strategy<Value = String> {
    Just(members).prop_shuffle().prop_map(|members| format!("{{{}}}", members.join(",")))
}

fn range_series() -> impl Strategy<Value = String> {
    let histograms = (time_text(), histogram_text()).prop_map(|(time, histogram)| format!("[{time},{histogram}]"));
    let histograms = prop::option::weighted(0.3, prop::collection::vec(histograms, 0..5));
    (metric_text(), prop::option::weighted(0.9, samples_text()), histograms).prop_flat_map(
        |(metric, values, histograms)| {
            let values = values.map(|values| format!("\"values\":{values}"));
            let histograms = histograms.map(|all| format!("\"histograms\":[{}]", all.join(",")));
            object([Some(format!("\"metric\":{metric}")), values, histograms].into_iter().flatten().collect())
        },
    )
}

fn instant_series() -> impl Strategy<Value = String> {
    (metric_text(), time_text(), value_text(), histogram_text(), 0..5_u8).prop_flat_map(
        |(metric, time, value, histogram, kind)| {
            let value = (kind != 0).then(|| format!("\"value\":[{time},\"{value}\"]"));
            let histogram = (kind <= 1).then(|| format!("\"histogram\":[{time},{histogram}]"));
            object([Some(format!("\"metric\":{metric}")), value, histogram].into_iter().flatten().collect())
        },
    )
}

fn data_text() -> impl Strategy<Value = String> {
    let result = prop_oneof![
        4 => prop::collection::vec(range_series(), 0..4).prop_map(|all| ("matrix", format!("[{}]", all.join(",")))),
        2 => prop::collection::vec(instant_series(), 0..4).prop_map(|all| ("vector", format!("[{}]", all.join(",")))),
        1 => (time_text(), value_text()).prop_map(|(at, value)| ("scalar", format!("[{at},\"{value}\"]"))),
        1 => (time_text(), any::<String>()).prop_map(|(at, text)| ("string", format!("[{at},{}]", quote(&text)))),
    ];
    let stats = prop::option::of((0.0..10.0, any::<u32>()).prop_map(|(secs, samples)| {
        format!(r#""stats":{{"timings":{{"evalTotalTime":{secs}}},"samples":{{"totalQueryableSamples":{samples}}}}}"#)
    }));
    (result, stats).prop_flat_map(|((kind, result), stats)| {
        let members = [format!("\"resultType\":\"{kind}\""), format!("\"result\":{result}")];
        object(members.into_iter().chain(stats).collect())
    })
}

/// A whole answer, as some server might send it.
fn body() -> impl Strategy<Value = String> {
    let notices = prop::collection::vec(any::<String>(), 0..3);
    let trace = select(vec!["null", "[]", "{\"a\":[{}, true, 1e5, \"\\ud83d\\ude00\"]}", "-0.5"]);
    (data_text(), notices, any::<bool>(), trace, any::<bool>()).prop_flat_map(
        |(data, notices, partial, trace, pretty)| {
            let warnings = notices.iter().map(|text| quote(text)).collect::<Vec<_>>().join(",");
            let members = vec![
                "\"status\":\"success\"".to_owned(),
                format!("\"data\":{data}"),
                format!("\"warnings\":[{warnings}]"),
                format!("\"isPartial\":{partial}"),
                format!("\"trace\":{trace}"),
            ];
            object(members).prop_map(move |body| {
                if !pretty {
                    return body;
                }
                let value: serde_json::Value = serde_json::from_str(&body).unwrap();
                serde_json::to_string_pretty(&value).unwrap()
            })
        },
    )
}

fn expectation() -> impl Strategy<Value = Expect> {
    prop_oneof![3 => Just(Expect::Grid(grid())), 1 => Just(Expect::Any)]
}

#[derive(Clone, Debug)]
enum Damage {
    Cut(Index),
    Set(Index, u8),
    Insert(Index, u8),
    Repeat(Index, Index),
    Remove(Index, Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = || prop_oneof![select(b"{}[]:,\"\\0123456789.eE+-NaIinftrue \n\x00\xff".to_vec()), any::<u8>()];
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Damage::Cut),
        (at(), byte()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        (at(), byte()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        (at(), at()).prop_map(|(from, to)| Damage::Repeat(from, to)),
        (at(), at()).prop_map(|(from, to)| Damage::Remove(from, to)),
    ]
}

fn apply(damage: &Damage, body: &mut Vec<u8>) {
    let index = |at: &Index| at.index(body.len().max(1));
    let range = |from: &Index, to: &Index| index(from).min(index(to))..index(from).max(index(to));
    match damage {
        _ if body.is_empty() => {}
        Damage::Cut(at) => body.truncate(index(at)),
        Damage::Set(at, byte) => {
            let at = index(at);
            body[at] = *byte;
        }
        Damage::Insert(at, byte) => body.insert(index(at), *byte),
        Damage::Repeat(from, to) => {
            let part = body[range(from, to)].to_vec();
            let at = index(from).min(index(to));
            body.splice(at..at, part);
        }
        Damage::Remove(from, to) => {
            let range = range(from, to);
            body.drain(range);
        }
    }
}

proptest! {
    #[test]
    fn what_servers_send_is_read_as_the_reference_reads_it(
        body in body(), expect in expectation(), cuts in prop::collection::vec(any::<Index>(), 0..8)
    ) {
        let outcome = decode_every_way(body.as_bytes(), expect, PLENTY, &cuts);
        let expected = reference::decode(body.as_bytes(), expect).expect("the reference reads it").expect("a success");
        prop_assert_eq!(reference::describe(&outcome), reference::describe(&Ok(expected)), "{}", body);
    }

    #[test]
    fn damaged_bodies_are_read_alike_in_every_chunking(
        body in body(), expect in expectation(), damages in prop::collection::vec(damage(), 1..4),
        cuts in prop::collection::vec(any::<Index>(), 0..8)
    ) {
        let mut body = body.into_bytes();
        damages.iter().for_each(|damage| apply(damage, &mut body));
        let outcome = decode_every_way(&body, expect, PLENTY, &cuts);
        check_against_reference(&body, expect, outcome);
    }

    #[test]
    fn budgets_cut_alike_in_every_chunking(
        body in body(), expect in expectation(), cuts in prop::collection::vec(any::<Index>(), 0..8),
        bytes in 0..4_000_u64, samples in 0..200_u64, series in 0..4_u32
    ) {
        let budget = Budget { bytes, samples, series };
        if let Ok(answer) = decode_every_way(body.as_bytes(), expect, budget, &cuts) {
            prop_assert!(answer.series <= series);
            if let Some(truncated) = answer.truncated {
                prop_assert_eq!(truncated.shown, answer.series);
                prop_assert!(truncated.shown <= truncated.seen);
            }
        }
    }
}
