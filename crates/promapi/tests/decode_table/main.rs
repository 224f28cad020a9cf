//! One row per thing an answer can contain. Every row is decoded whole and in chunks of several sizes, down to one byte.
#![allow(clippy::unwrap_used)]

mod servers;

use frame::{Column, Field, Frame, Grid, HistogramColumn, Interner, Millis, Step, Times, is_gap};
use promapi::{Answer, Budget, DecodeError, Decoder, Expect, QueryResult, Truncated};

const PLENTY: Budget = Budget { bytes: 1 << 30, samples: 1 << 20, series: 1 << 20 };

/// 100 s, 110 s, 120 s, 130 s.
fn grid() -> Expect {
    Expect::Grid(Grid { start: Millis(100_000), step: Step::from_millis(10_000).unwrap(), len: 4 })
}

fn decode(body: &[u8], chunk: usize, expect: Expect, budget: Budget) -> Result<Answer, DecodeError> {
    let mut decoder = Decoder::new(expect, budget);
    for chunk in body.chunks(chunk) {
        decoder.push(chunk)?;
    }
    decoder.finish()
}

/// The outcome for `body`, the same for every size of chunks.
fn outcome(body: &[u8], expect: Expect, budget: Budget) -> Result<Answer, DecodeError> {
    let whole = decode(body, body.len().max(1), expect, budget);
    for chunk in [1, 2, 5, 16, 61, 64, 100] {
        let chunked = decode(body, chunk, expect, budget);
        assert_eq!(format!("{chunked:?}"), format!("{whole:?}"), "in chunks of {chunk}");
    }
    whole
}

fn check(expect: Expect, body: &str, expected: &str) {
    let answer = outcome(body.as_bytes(), expect, PLENTY).unwrap_or_else(|error| panic!("{error}: {body}"));
    assert_eq!(show(&answer), expected, "{body}");
}

/// As [`check`], for a result in the usual envelope.
fn check_result(expect: Expect, kind: &str, result: &str, expected: &str) {
    let body = format!(r#"{{"status":"success","data":{{"resultType":"{kind}","result":{result}}}}}"#);
    check(expect, &body, expected);
}

fn check_error(body: &[u8], expected: DecodeError) {
    assert_eq!(outcome(body, Expect::Any, PLENTY), Err(expected), "{}", String::from_utf8_lossy(body));
}

/// As [`check_error`], for a malformed body: the offset is where `before` ends.
fn check_malformed(before: &str, after: &str, what: &'static str) {
    check_error(format!("{before}{after}").as_bytes(), DecodeError::Malformed { offset: before.len() as u64, what });
}

fn show(answer: &Answer) -> String {
    let mut parts = match &answer.result {
        QueryResult::Matrix(frames) => frames.iter().flat_map(show_frame).collect(),
        QueryResult::Vector(vector) => {
            let numbers = vector.series.iter().map(|(labels, value)| format!("{labels} {}", show_number(*value)));
            let histograms = vector
                .histograms
                .iter()
                .map(|(labels, column)| format!("{labels} {}", show_histograms(column).join(" ")));
            std::iter::once(format!("at {}", vector.at.0)).chain(numbers).chain(histograms).collect()
        }
        QueryResult::Scalar(at, value) => vec![format!("scalar at {}: {value}", at.0)],
        QueryResult::String(at, text) => vec![format!("string at {}: {text}", at.0)],
    };
    parts.extend(answer.notices.warnings.iter().map(|text| format!("warning: {text}")));
    parts.extend(answer.notices.infos.iter().map(|text| format!("info: {text}")));
    parts.extend(answer.eval_secs.map(|secs| format!("took {secs} s")));
    parts.extend(answer.queryable_samples.map(|samples| format!("touched {samples}")));
    parts.extend(answer.peak_samples.map(|samples| format!("held {samples}")));
    parts.extend(answer.is_metricsql.then(|| "by MetricsQL".to_owned()));
    parts.extend(answer.truncated.map(|truncated| format!("first {} of {}", truncated.shown, truncated.seen)));
    parts.join("; ")
}

fn show_frame(frame: &Frame) -> Vec<String> {
    let times = frame.times().unwrap();
    let is_grid = matches!(times, Times::Grid(_));
    let show_field = |field: &Field| {
        let values: Vec<String> = match &field.column {
            Column::Number(values) => values.iter().map(|value| show_number(*value)).collect(),
            Column::Histogram(column) => show_histograms(column),
            _ => return None,
        };
        let rows = values.iter().enumerate().map(|(row, value)| match times.get(row) {
            Some(at) if !is_grid => format!("{value}@{}", at.0),
            _ => value.clone(),
        });
        Some(format!("{} {}", field.labels, rows.collect::<Vec<_>>().join(" ")))
    };
    frame.fields.iter().filter_map(show_field).collect()
}

fn show_number(value: f64) -> String {
    if is_gap(value) { "_".to_owned() } else { value.to_string() }
}

fn show_histograms(column: &HistogramColumn) -> Vec<String> {
    let rows = column.bucket_starts.windows(2).enumerate().map(|(row, bounds)| {
        if is_gap(column.count[row]) {
            return "_".to_owned();
        }
        let buckets = (bounds[0] as usize..bounds[1] as usize).map(|bucket| {
            format!(
                "{}:{}..{}={}",
                column.rules[bucket], column.lower[bucket], column.upper[bucket], column.counts[bucket]
            )
        });
        format!("<{}/{} {}>", column.count[row], column.sum[row], buckets.collect::<Vec<_>>().join(","))
    });
    rows.collect()
}

#[test]
fn matrices_become_one_wide_frame() {
    let one = |values: &str| format!(r#"[{{"metric":{{"a":"x"}},"values":{values}}}]"#);
    check_result(grid(), "matrix", "[]", "");
    check_result(grid(), "matrix", "null", "");
    check_result(
        grid(),
        "matrix",
        &one(r#"[[100,"1"],[110,"2.5"],[120,"-3"],[130,"4e2"]]"#),
        r#"{a="x"} 1 2.5 -3 400"#,
    );
    check_result(grid(), "matrix", &one(r#"[[110,"1"]]"#), r#"{a="x"} _ 1 _ _"#);
    check_result(grid(), "matrix", &one(r#"[[100,"NaN"],[130,"+Inf"]]"#), r#"{a="x"} NaN _ _ inf"#);
    check_result(grid(), "matrix", &one(r#"[[100,"-Inf"],[120,"-0"]]"#), r#"{a="x"} -inf _ -0 _"#);
    check_result(grid(), "matrix", &one("[]"), r#"{a="x"} _ _ _ _"#);
    check_result(grid(), "matrix", &one("null"), r#"{a="x"} _ _ _ _"#);
    check_result(
        grid(),
        "matrix",
        r#"[{"metric":{"a":"x"},"values":[[100,"1"]]},{"values":[[110,"2"]],"metric":{"__name__":"up"}}]"#,
        r#"{a="x"} 1 _ _ _; up _ 2 _ _"#,
    );
}

#[test]
fn spellings_of_samples() {
    for sample in [
        r#"[110,"1.5"]"#,
        " [ 110 ,\n\"1.5\"\t] ",
        r#"[110.000,"1.5"]"#,
        r#"[1.1e2,"1.5"]"#,
        r#"["110","1.5"]"#,
        "[110,1.5]",
        "[110,15e-1]",
        r#"[110,"\u0031.5"]"#,
        r#"[110,"+1.50"]"#,
    ] {
        check_result(grid(), "matrix", &format!(r#"[{{"values":[{sample}]}}]"#), "{} _ 1.5 _ _");
        check_result(grid(), "matrix", &format!(r#"[{{"values":[{sample},[120,"2"]]}}]"#), "{} _ 1.5 2 _");
    }
}

#[test]
fn series_off_the_grid_keep_their_timestamps() {
    let one = |values: &str| format!(r#"[{{"metric":{{}},"values":{values}}}]"#);
    check_result(grid(), "matrix", &one(r#"[[100,"1"],[110.5,"2"],[120,"3"]]"#), "{} 1@100000 2@110500 3@120000");
    check_result(grid(), "matrix", &one(r#"[[100,"1"],[120,"2"],[140,"3"]]"#), "{} 1@100000 2@120000 3@140000");
    check_result(grid(), "matrix", &one(r#"[[90,"1"]]"#), "{} 1@90000");
    check_result(Expect::Any, "matrix", &one(r#"[[100,"1"],[110,"2"]]"#), "{} 1@100000 2@110000");
    check_result(Expect::Any, "matrix", &one(r#"[[1.001,"1"],[1.02,"2"],[-0.5,"3"]]"#), "{} 3@-500 1@1001 2@1020");
    check_result(
        grid(),
        "matrix",
        r#"[{"metric":{"a":"x"},"values":[[101,"1"]]},{"metric":{"a":"y"},"values":[[100,"2"]]}]"#,
        r#"{a="y"} 2 _ _ _; {a="x"} 1@101000"#,
    );
}

#[test]
fn equal_instants_are_held_once_and_values_take_no_more_than_they_need() {
    let long: Vec<String> = (0..1_000).map(|second| format!(r#"[{second},"1"]"#)).collect();
    let series = [&*long.join(","), &long.join(","), r#"[1,"1"]"#, r#"[1,"2"]"#, r#"[2,"1"]"#];
    let series = series.map(|values| format!(r#"{{"metric":{{}},"values":[{values}]}}"#)).join(",");
    let body = format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{series}]}}}}"#);
    let answer = outcome(body.as_bytes(), Expect::Any, PLENTY).unwrap();
    let QueryResult::Matrix(frames) = answer.result else { panic!("{:?}", answer.result) };
    let instants = |index: usize| match frames[index].times() {
        Some(Times::Explicit(instants)) => instants,
        other => panic!("{other:?}"),
    };
    let shared = |a: usize, b: usize| std::sync::Arc::ptr_eq(instants(a), instants(b));
    assert_eq!([shared(0, 1), shared(1, 2), shared(2, 3), shared(3, 4)], [true, false, true, false]);
    for frame in &frames {
        let Column::Number(values) = &frame.fields[1].column else { panic!("{frame:?}") };
        assert_eq!(values.capacity(), values.len());
    }
}

#[test]
fn of_two_samples_for_one_instant_the_later_one_stays() {
    let one = |values: &str| format!(r#"[{{"metric":{{}},"values":{values}}}]"#);
    check_result(grid(), "matrix", &one(r#"[[120,"1"],[100,"2"],[120,"3"]]"#), "{} 2 _ 3 _");
    check_result(grid(), "matrix", &one(r#"[[110,"1"],[110,"2"],[111,"3"]]"#), "{} 2@110000 3@111000");
    check_result(Expect::Any, "matrix", &one(r#"[[2,"1"],[1,"2"],[2,"3"]]"#), "{} 2@1000 3@2000");
}

#[test]
fn vectors_have_one_sample_per_series() {
    check_result(Expect::Any, "vector", "[]", "at 0");
    check_result(
        Expect::Any,
        "vector",
        r#"[{"metric":{"a":"x"},"value":[1.5,"1"]},{"metric":{"a":"y"},"value":[1.5,"NaN"]}]"#,
        r#"at 1500; {a="x"} 1; {a="y"} NaN"#,
    );
    check_result(grid(), "vector", r#"[{"value":[100,"1"]}]"#, "at 100000; {} 1");
    check_result(
        Expect::Any,
        "vector",
        r#"[{"metric":{},"histogram":[1,{"count":"2","sum":"3","buckets":[[0,"-1","1","2"]]}]}]"#,
        "at 1000; {} <2/3 0:-1..1=2>",
    );
}

#[test]
fn scalars_and_strings() {
    check_result(Expect::Any, "scalar", r#"[1700000000.123,"0.5"]"#, "scalar at 1700000000123: 0.5");
    check_result(Expect::Any, "scalar", "[1,2]", "scalar at 1000: 2");
    check_result(Expect::Any, "string", r#"[1,"a\n\"b\" \ud83d\ude00"]"#, "string at 1000: a\n\"b\" 😀");
}

#[test]
fn native_histograms_are_frames_of_their_own() {
    let result = r#"[{"metric":{},"histograms":[
        [100,{"count":"5","sum":"2.5","buckets":[[0,"0.5","1","4"],[3,"-0.1","0.1","1"]]}],
        [120,{"sum":"0","count":"0"}]]}]"#;
    check_result(grid(), "matrix", result, "{} <5/2.5 0:0.5..1=4,3:-0.1..0.1=1> _ <0/0 > _");
    check_result(Expect::Any, "matrix", result, "{} <5/2.5 0:0.5..1=4,3:-0.1..0.1=1>@100000 <0/0 >@120000");
    check_result(
        grid(),
        "matrix",
        r#"[{"histograms":[[110,{"count":"1","sum":"1","buckets":[[1,"-Inf","+Inf","1"]]}]],"values":[[100,"7"]]}]"#,
        "{} 7 _ _ _; {} _ <1/1 1:-inf..inf=1> _ _",
    );
    check_result(
        grid(),
        "matrix",
        r#"[{"histograms":[[115,{"count":"2","sum":"2"}],[105,{"count":"1","sum":"1"}],[115,{"count":"3","sum":"3"}]]}]"#,
        "{} <1/1 >@105000 <3/3 >@115000",
    );
    check_result(grid(), "matrix", r#"[{"histograms":[[100,{"buckets":null}]]}]"#, "{} <NaN/NaN > _ _ _");
}

#[test]
fn the_envelope() {
    check(
        grid(),
        r#"{"data":{"result":[{"values":[[100,"1"]]}],"resultType":"matrix"},"status":"success"}"#,
        "{} 1 _ _ _",
    );
    check(
        grid(),
        r#" {"status":"success","data":{"resultType":"matrix","result":[],"x":{"y":[1,{}]}},"warnings":["w"],"infos":["i"],"z":null} "#,
        "warning: w; info: i",
    );
    check(
        grid(),
        r#"{"status":"success","warnings":["a"],"data":{"warnings":["b"],"infos":null,"resultType":"vector","result":[]},"isPartial":true}"#,
        "at 0; warning: a; warning: b; warning: partial result",
    );
    check(
        grid(),
        r#"{"status":"success","data":{"resultType":"vector","result":[],"stats":{"timings":{"evalTotalTime":0.25,"x":[]},"samples":{"totalQueryableSamples":7,"peakSamples":[[1,2]]}}}}"#,
        "at 0; took 0.25 s; touched 7",
    );
    check(
        grid(),
        r#"{"status":"success","data":{"resultType":"vector","result":[]},"stats":{"seriesFetched":"1","executionTimeMsec":12}}"#,
        "at 0; took 0.012 s; by MetricsQL",
    );
}

#[test]
fn odd_forms_of_what_is_optional_do_no_harm() {
    check(
        grid(),
        r#"{"status":"success","warnings":"one","infos":{"a":1},"isPartial":"yes","errorType":[],"error":5,"data":{"resultType":"vector","result":[],"stats":[],"warnings":[1,"two",{}]}}"#,
        "at 0; warning: one; warning: two",
    );
}

#[test]
fn of_a_repeated_key_the_last_one_counts() {
    check(
        grid(),
        r#"{"status":"error","status":"success","warnings":["a"],"warnings":["b"],"data":{"result":[{"value":[1,"1"]}],"resultType":"vector","result":[{"metric":{"a":"1","a":"2"},"metric":{"b":"3"},"values":[[100,"1"],[110,"1"]],"values":[[120,"2"]]}],"resultType":"matrix"}}"#,
        r#"{b="3"} _ _ 2 _; warning: b"#,
    );
}

#[test]
fn errors_of_the_server() {
    let api = |kind: &str, message: &str| {
        DecodeError::Api(promapi::ApiError { kind: kind.to_owned(), message: message.to_owned() })
    };
    check_error(
        br#"{"status":"error","errorType":"bad_data","error":"1:5: parse error"}"#,
        api("bad_data", "1:5: parse error"),
    );
    check_error(br#"{"error":"<b>","status":"error","errorType":"422","data":null}"#, api("422", "<b>"));
    check_error(br#"{"status":"error","errorType":503,"data":[1,2]}"#, api("503", ""));
}

#[test]
fn what_is_not_json() {
    check_error(b"<html>", DecodeError::NotJson { offset: 0 });
    check_error(b"\r\n Service Unavailable", DecodeError::NotJson { offset: 3 });
    check_error("\u{feff}{}".as_bytes(), DecodeError::NotJson { offset: 0 });
    check_error(b"null", DecodeError::NotJson { offset: 0 });
    check_error(b"", DecodeError::Truncated { offset: 0 });
    check_error(b"  ", DecodeError::Truncated { offset: 2 });
}

#[test]
fn what_breaks_off_or_goes_on() {
    let body =
        r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[100,"1"]]}]}}"#;
    for end in 1..body.len() {
        check_error(&body.as_bytes()[..end], DecodeError::Truncated { offset: end as u64 });
    }
    for rest in ["x", "{}", "\0", "1 ", "nul", "\"a"] {
        check_malformed(&format!("{body}\r\n"), rest, "something after the end of the document");
    }
}

#[test]
fn what_is_malformed() {
    let to_data = r#"{"status":"success","data":{"resultType":"matrix","result":"#;
    let to_series = &format!("{to_data}[");
    let to_values = &format!(r#"{to_data}[{{"values":[[100,"1"],"#);
    let to_histogram = &format!(r#"{to_data}[{{"histograms":[[100,{{"#);
    let to_bucket = &format!(r#"{to_histogram}"buckets":["#);
    for (before, after, what) in [
        // The grammar.
        ("{\"status\":", "}", "a value is missing"),
        ("{\"status\"", ",1}", "a colon is missing"),
        ("{\"status\":\"success\"", "\"data\"", "neither a comma nor a closing bracket"),
        ("{\"status\":\"success\",", "}", "a key is missing"),
        ("{", "1:2}", "neither a key nor the end of an object"),
        ("{\"x\":[", ",]}", "neither a value nor the end of an array"),
        ("{\"x\":[1,", "]}", "a value is missing"),
        ("{\"x\":[1", "}", "brackets that do not match"),
        ("{\"x\":{\"y\":1", "]}", "brackets that do not match"),
        ("{\"x\":", "nul}", "neither a number nor true, false or null"),
        ("{\"x\":", "01}", "neither a number nor true, false or null"),
        ("{\"x\":", "'a'}", "a character that begins no JSON value"),
        ("{\"x\":", "\"a\nb\"}", "a control character in a string"),
        ("{", "\"\\x\":1}", "an unknown escape in a string"),
        // The form of an answer.
        ("", "[1]", "the answer is not a JSON object"),
        ("{\"status\":", "\"fine\"}", "the status is neither success nor error"),
        ("{\"status\":", "1}", "the status is neither success nor error"),
        ("{\"data\":", "3}", "the data is neither an object nor a list"),
        ("{\"data\":{\"resultType\":", "5}}", "the result type is not a string"),
        ("{\"data\":{\"resultType\":", "\"streams\"}}", "an unknown type of result"),
        (to_data, "{}}}", "the result is not an array"),
        (to_series, "null]}}", "an element of the result is neither a series nor part of a scalar"),
        (&format!("{to_series}{{\"metric\":"), "[]}]}}", "a metric is not an object of labels"),
        (&format!("{to_series}{{\"metric\":{{\"a\":"), "1}}]}}", "the value of a label is not a string"),
        (&format!("{to_series}{{\"values\":"), "{}}]}}", "the samples of a series are not an array"),
        (to_values, "1]}]}}", "a sample is not an array of time and value"),
        (&format!("{to_values}["), "\"x\",\"1\"]]}]}}", "a timestamp is not a number of seconds in range"),
        (&format!("{to_values}["), "1e300,\"1\"]]}]}}", "a timestamp is not a number of seconds in range"),
        (&format!("{to_values}[1,"), "\"0x1\"]]}]}}", "a sample's value is not a number in a string"),
        (&format!("{to_values}[1,"), "\"infinit\"]]}]}}", "a sample's value is not a number in a string"),
        (&format!("{to_values}[1,"), "\"\"]]}]}}", "a sample's value is not a number in a string"),
        (&format!("{to_values}[1,"), "null]]}]}}", "a sample's value is not a number in a string"),
        (&format!("{to_values}[1"), "]]}]}}", "a sample or bucket with too few parts"),
        (&format!("{to_values}["), "]]}]}}", "a sample or bucket with too few parts"),
        (&format!("{to_values}[1,\"1\""), ",2]]}]}}", "a sample or bucket with too many parts"),
        (&format!("{to_histogram}\"sum\":"), "{}}]]}]}}", "a histogram's count or sum is not a number in a string"),
        (to_bucket, "5]}]]}]}}", "a bucket is not an array of rule, bounds and count"),
        (&format!("{to_bucket}["), "4,\"1\",\"2\",\"3\"]]}]]}]}}", "the rule of a bucket is not 0, 1, 2 or 3"),
        (&format!("{to_bucket}[0,\"1\",\"2\""), "]]}]]}]}}", "a sample or bucket with too few parts"),
        (
            &format!("{to_data}[{{\"values\":[]}},{{\"value\":[1,\"1\"]"),
            "}]}}",
            "series and samples of different kinds in one result",
        ),
    ] {
        check_malformed(before, after, what);
    }
}

#[test]
fn what_is_missing() {
    for (body, what) in [
        ("{}", "there is no status"),
        (r#"{"status":"success"}"#, "there is no result"),
        (r#"{"status":"success","data":null}"#, "there is no result"),
        (r#"{"status":"success","data":{"resultType":"matrix"}}"#, "there is no result"),
        (r#"{"status":"success","data":{"result":[]}}"#, "there is no type of result"),
        (r#"{"status":"success","data":{"resultType":"scalar","result":[]}}"#, "a scalar without a value"),
        (r#"{"status":"success","data":{"resultType":"scalar","result":[1]}}"#, "a scalar without a value"),
        (
            r#"{"status":"success","data":{"resultType":"scalar","result":[1,"x"]}}"#,
            "the value of a scalar is not a number",
        ),
        (
            r#"{"status":"success","data":{"resultType":"vector","result":[{"values":[]}]}}"#,
            "the result is not of the type it says",
        ),
        (
            r#"{"status":"success","data":{"resultType":"matrix","result":[1,"2"]}}"#,
            "the result is not of the type it says",
        ),
    ] {
        check_malformed(body, "", what);
    }
}

#[test]
fn brackets_nest_only_so_deep() {
    let nested = |depth: usize| format!("{{\"status\":\"success\",\"x\":{}", "[".repeat(depth));
    check_error(nested(127).as_bytes(), DecodeError::Truncated { offset: nested(127).len() as u64 });
    check_error(nested(100_000).as_bytes(), DecodeError::TooDeep { offset: nested(127).len() as u64 });
}

#[test]
fn budgets_keep_the_first_series() {
    let series = |name: &str| format!(r#"{{"metric":{{"a":"{name}"}},"values":[[100,"1"],[110,"2"]]}}"#);
    let body = format!(
        r#"{{"status":"success","data":{{"resultType":"matrix","result":[{},{},{}]}},"warnings":["w"]}}"#,
        series("x"),
        series("y"),
        series("z")
    );
    let second = body.find(r#"{"metric":{"a":"y"}"#).unwrap() as u64;
    let all = r#"{a="x"} 1 2 _ _; {a="y"} 1 2 _ _; {a="z"} 1 2 _ _; warning: w"#;
    for (expect, budget, expected) in [
        (grid(), PLENTY, all),
        (grid(), Budget { bytes: body.len() as u64, samples: 12, series: 3 }, all),
        (grid(), Budget { series: 2, ..PLENTY }, r#"{a="x"} 1 2 _ _; {a="y"} 1 2 _ _; warning: w; first 2 of 3"#),
        (grid(), Budget { series: 0, ..PLENTY }, "warning: w; first 0 of 3"),
        // On the grid gaps count: four points a series.
        (grid(), Budget { samples: 11, ..PLENTY }, r#"{a="x"} 1 2 _ _; {a="y"} 1 2 _ _; warning: w; first 2 of 3"#),
        (grid(), Budget { samples: 3, ..PLENTY }, "warning: w; first 0 of 3"),
        (Expect::Any, Budget { samples: 3, ..PLENTY }, r#"{a="x"} 1@100000 2@110000; warning: w; first 1 of 3"#),
        // What comes after the bytes of the budget is not even looked at.
        (grid(), Budget { bytes: second, ..PLENTY }, r#"{a="x"} 1 2 _ _; first 1 of 1"#),
        (grid(), Budget { bytes: second + 40, ..PLENTY }, r#"{a="x"} 1 2 _ _; first 1 of 2"#),
        (grid(), Budget { bytes: 5, ..PLENTY }, "first 0 of 0"),
    ] {
        let answer = outcome(body.as_bytes(), expect, budget).unwrap();
        assert_eq!(show(&answer), expected, "{budget:?}");
        assert_eq!(answer.bytes, body.len() as u64);
    }
}

#[test]
fn a_transfer_can_be_given_up_once_the_budget_is_used_up() {
    let body = br#"{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"1"]},{"value":[1,"2"]}]}}"#;
    let mut decoder = Decoder::new(Expect::Any, Budget { bytes: 80, ..PLENTY });
    let mut chunks = body.chunks(8);
    while !decoder.is_done() {
        decoder.push(chunks.next().unwrap()).unwrap();
    }
    assert_eq!(show(&decoder.finish().unwrap()), "at 1000; {} 1; first 1 of 2");
}

#[test]
fn what_is_far_beyond_the_budget_is_not_even_counted() {
    let series = |number: usize| format!(r#"{{"metric":{{"a":"{number:06}"}},"value":[1,"1"]}}"#);
    let all: Vec<String> = (0..60_000).map(series).collect();
    let body =
        format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{}]}}}}"#, all.join(",")).into_bytes();
    // A hundred fit, in four kilobytes; what follows is counted for as many again and a megabyte.
    let budget = Budget { series: 100, ..PLENTY };
    let mut outcomes = Vec::new();
    for chunk in [body.len(), 997, 65_536] {
        let mut decoder = Decoder::new(Expect::Any, budget);
        let mut chunks = body.chunks(chunk);
        while !decoder.is_done() {
            decoder.push(chunks.next().unwrap()).unwrap();
        }
        let answer = decoder.finish().unwrap();
        assert!(answer.bytes < (1 << 20) + 65_536 + 10_000 || chunk == body.len(), "{}", answer.bytes);
        outcomes.push(answer.truncated.unwrap());
    }
    let Truncated { shown, seen } = outcomes[0];
    assert!(shown == 100 && (24_000..30_000).contains(&seen), "{seen}");
    assert_eq!(outcomes, [outcomes[0]; 3]);
}

#[test]
fn a_grid_longer_than_the_budget_allocates_nothing() {
    let grid = Grid { start: Millis(0), step: Step::from_millis(1).unwrap(), len: u32::MAX };
    let body = br#"{"status":"success","data":{"resultType":"matrix","result":[{"values":[[1,"1"],[2,"2"]]}]}}"#;
    let answer = outcome(body, Expect::Grid(grid), PLENTY).unwrap();
    assert_eq!(show(&answer), "first 0 of 1");
}

#[test]
fn counts() {
    let body = br#"{"status":"success","data":{"resultType":"matrix","result":[{"values":[[100,"1"],[100,"2"]]},
        {"values":[[110,"3"]],"histograms":[[120,{}]]}]}}"#;
    let answer = outcome(body, grid(), PLENTY).unwrap();
    assert_eq!((answer.series, answer.samples, answer.bytes), (2, 4, body.len() as u64));
}

#[test]
fn only_so_many_notices_are_kept() {
    let warnings = vec!["\"w\""; 103].join(",");
    let body =
        format!(r#"{{"status":"success","warnings":[{warnings}],"data":{{"resultType":"vector","result":[]}}}}"#);
    let warnings = outcome(body.as_bytes(), Expect::Any, PLENTY).unwrap().notices.warnings;
    assert_eq!((warnings.len(), warnings.last().unwrap().as_str()), (101, "3 more omitted"));
}

#[test]
fn label_texts_are_shared_with_earlier_answers() {
    let body =
        br#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"node"},"value":[1,"1"]}]}}"#;
    let mut interner = Interner::default();
    for _ in 0..2 {
        let mut decoder = Decoder::with_interner(Expect::Any, PLENTY, interner);
        decoder.push(body).unwrap();
        let (answer, returned) = decoder.into_parts();
        assert!(answer.is_ok());
        interner = returned;
    }
    assert_eq!(interner.len(), 2);
}

#[test]
fn an_error_stays() {
    let mut decoder = Decoder::new(Expect::Any, PLENTY);
    let error = decoder.push(b"{]").unwrap_err();
    assert!(decoder.is_done());
    assert_eq!(decoder.push(b"}"), Err(error.clone()));
    assert_eq!(decoder.finish(), Err(error));
}
