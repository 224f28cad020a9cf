//! What Prometheus, Thanos and VictoriaMetrics write, version by version.

use super::{check, check_result, grid};
use promapi::Expect;

#[test]
fn histograms_as_servers_write_them() {
    let check_one = |histogram: &str, expected: &str| {
        check_result(
            grid(),
            "matrix",
            &format!(r#"[{{"histograms":[[100,{histogram}]]}}]"#),
            &format!("{{}} {expected} _ _ _"),
        );
        let instant = format!(r#"[{{"histogram":[1.5,{histogram}]}}]"#);
        check_result(Expect::Any, "vector", &instant, &format!("at 1500; {{}} {expected}"));
    };
    // Exponential buckets, zero bucket closed on both sides, between negative and positive ones.
    check_one(
        r#"{"count":"7","sum":"-0.5","buckets":[[1,"-2","-1","2"],[3,"-0.001","0.001","1"],[0,"1","2","4"]]}"#,
        "<7/-0.5 1:-2..-1=2,3:-0.001..0.001=1,0:1..2=4>",
    );
    // Custom buckets begin at -Inf and end at +Inf.
    check_one(
        r#"{"count":"4","sum":"1.25","buckets":[[0,"-Inf","0.1","3"],[0,"0.1","+Inf","1"]]}"#,
        "<4/1.25 0:-inf..0.1=3,0:0.1..inf=1>",
    );
    // Of rates, fractional; of gauges, negative; overlapping the zero bucket.
    check_one(
        r#"{"count":"0.025","sum":"NaN","buckets":[[3,"-1","1","0.01"],[0,"0.5","1","0.015"]]}"#,
        "<0.025/NaN 3:-1..1=0.01,0:0.5..1=0.015>",
    );
    check_one(
        r#"{"count":"-3","sum":"-1e+21","buckets":[[2,"0","1","-3"]]}"#,
        "<-3/-1000000000000000000000 2:0..1=-3>",
    );
    // Without observations there are no buckets, and the key may be missing.
    check_one(r#"{"count":"0","sum":"0"}"#, "<0/0 >");
    check_one(r#"{"count":"0","sum":"0","buckets":[]}"#, "<0/0 >");
    check_one(
        r#"{"schema":3,"count":"1","sum":"1","zeroThreshold":1e-128,"buckets":[[0,"1","2","1"]]}"#,
        "<1/1 0:1..2=1>",
    );
}

#[test]
fn floats_and_histograms_of_one_series() {
    // A series that changed from one to the other: two lists, which by time belong together.
    check_result(
        grid(),
        "matrix",
        r#"[{"metric":{"a":"x"},"values":[[100,"1"],[130,"4"]],"histograms":[[110,{"count":"2","sum":"2"}],[120,{"count":"3","sum":"3"}]]},
            {"metric":{"a":"y"},"values":[[100,"5"]]}]"#,
        r#"{a="x"} 1 _ _ 4; {a="y"} 5 _ _ _; {a="x"} _ <2/2 > <3/3 > _"#,
    );
    check_result(
        Expect::Any,
        "vector",
        r#"[{"metric":{"a":"x"},"value":[1,"1"]},{"metric":{"a":"y"},"histogram":[1,{"count":"2","sum":"2"}]}]"#,
        r#"at 1000; {a="x"} 1; {a="y"} <2/2 >"#,
    );
}

#[test]
fn notices_of_every_server() {
    let check_notices = |extra: &str, expected: &str| {
        let body = format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[]}},{extra}}}"#);
        check(Expect::Any, &body, &format!("at 0{expected}"));
    };
    // Prometheus: annotations, ten of each; infos since 2.54, until then among the warnings.
    check_notices(
        r#""warnings":["PromQL warning: bad (1:5)","2 more warning annotations omitted"],"infos":["PromQL info: metric might not be a counter (1:6)"]"#,
        "; warning: PromQL warning: bad (1:5); warning: 2 more warning annotations omitted; info: PromQL info: metric might not be a counter (1:6)",
    );
    check_notices(r#""warnings":["results truncated due to limit"]"#, "; warning: results truncated due to limit");
    // VictoriaMetrics: a flag, a trace, and numbers in strings.
    check_notices(
        r#""isPartial":false,"stats":{"seriesFetched":"3","executionTimeMsec":2},"trace":{"duration_msec":0.1,"children":[{"children":[]}]}"#,
        "; took 0.002 s; by MetricsQL",
    );
    check_notices(r#""isPartial":true"#, "; warning: partial result");
    // Thanos: warnings in the data too, and what it explains.
    check(
        Expect::Any,
        r#"{"status":"success","data":{"resultType":"vector","result":[],"warnings":["store a"],"analysis":{"name":"x","children":[]},"explanation":null},"warnings":["store b"]}"#,
        "at 0; warning: store b; warning: store a",
    );
}

#[test]
fn statistics_of_every_version() {
    let check_stats = |stats: &str, expected: &str| {
        let body = format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[],"stats":{stats}}}}}"#);
        check(Expect::Any, &body, &format!("at 0{expected}"));
    };
    check_stats(
        r#"{"timings":{"evalTotalTime":0.5,"resultSortTime":0,"queryPreparationTime":0.1,"innerEvalTime":0.2,"execQueueTime":1e-05,"execTotalTime":0.6},
            "samples":{"totalQueryableSamplesPerStep":[[1600000000,4],[1600000015,5]],"totalQueryableSamples":9,"peakSamples":4,"samplesRead":12}}"#,
        "; took 0.5 s; touched 9; held 4",
    );
    check_stats(r#"{"timings":{"evalTotalTime":1e-05}}"#, "; took 0.00001 s");
    check_stats("null", "");
    check_stats(r#"{"samples":{"totalQueryableSamples":-1}}"#, "");
}

#[test]
fn values_as_servers_write_them() {
    for (text, expected) in
        [("1e-07", "0.0000001"), ("1e+21", "1000000000000000000000"), ("-0", "-0"), ("NaN", "NaN"), ("+Inf", "inf")]
    {
        check_result(
            grid(),
            "matrix",
            &format!(r#"[{{"values":[[110,"{text}"]]}}]"#),
            &format!("{{}} _ {expected} _ _"),
        );
        check_result(
            Expect::Any,
            "scalar",
            &format!(r#"[1435781451.781,"{text}"]"#),
            &format!("scalar at 1435781451781: {expected}"),
        );
    }
    check_result(Expect::Any, "string", r#"[1435781451.78,""]"#, "string at 1435781451780: ");
    // Raw samples, as `metric[5m]` has them: off any grid.
    check_result(
        Expect::Any,
        "matrix",
        r#"[{"values":[[1435781430.781,"1"],[1435781445.7,"2"]]}]"#,
        "{} 1@1435781430781 2@1435781445700",
    );
    // One label set twice, as from proxies that do not deduplicate.
    check_result(
        grid(),
        "matrix",
        r#"[{"metric":{"a":"x"},"values":[[100,"1"]]},{"metric":{"a":"x"},"values":[[100,"2"]]}]"#,
        r#"{a="x"} 1 _ _ _; {a="x"} 2 _ _ _"#,
    );
}
