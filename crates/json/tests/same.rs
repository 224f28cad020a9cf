//! The same values as serde_json, and the same refusals.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::Value;

fn check(text: &str) {
    let (ours, theirs) = (json::parse(text), serde_json::from_str::<Value>(text));
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            assert_eq!(ours, theirs, "{text}");
            // Numbers are written as JavaScript writes them, so it is the text that is the same once more.
            assert_eq!(written(&json::parse(&written(ours)).unwrap()), written(theirs), "{text}");
        }
        (Err(_), Err(_)) => {}
        _ => panic!("{text}: {ours:?}, but {theirs:?}"),
    }
}

fn written(value: &Value) -> String {
    let mut text = String::new();
    json::push_value(value, &mut text);
    text
}

#[test]
fn values_are_the_same() {
    for text in [
        "null",
        " true ",
        "false",
        "0",
        "-0",
        "-1",
        "1.5",
        "1e3",
        "1E-3",
        "-0.0",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "1e400",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e",
        "tru",
        "nul",
        "truex",
        "[]",
        "[ ]",
        "[1, 2]",
        "[1,]",
        "[,]",
        "[1 2]",
        "[",
        "[1",
        "{}",
        "{ }",
        r#"{"a":1}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,}"#,
        r#"{a:1}"#,
        r#"{"a" 1}"#,
        r#"{"a":}"#,
        r#"{"a":1"#,
        "{,}",
        r#""""#,
        r#""a\"\\\/\b\f\n\r\tz""#,
        r#""\u0041\u00e9\u4e2d""#,
        r#""\ud83d\ude80""#,
        r#""\ud83d""#,
        r#""\ud83dx""#,
        r#""\ud83d\u0041""#,
        r#""\ude80""#,
        r#""\u12""#,
        r#""\x""#,
        "\"\n\"",
        "\"\u{7f}\"",
        "\"unfinished",
        "1 2",
        "",
        "  ",
        "\u{feff}1",
        "\"日本 🚀\"",
        "[[[[]]]]",
        "'a'",
    ] {
        check(text);
    }
    for depth in [126, 127, 128, 1_000] {
        check(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
        check(&format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth)));
    }
}

#[test]
fn errors_say_where() {
    let check = |text: &str, expected: &str| assert_eq!(json::parse(text).unwrap_err().to_string(), expected, "{text}");
    check("", "EOF while parsing a value at line 1 column 0");
    check("{\n  \"title\": x}", "expected value at line 2 column 12");
    check("[1,\n2", "EOF while parsing a list at line 2 column 1");
    check("[1,]", "trailing comma at line 1 column 4");
    check("[1] x", "trailing characters at line 1 column 5");
    check(&"[".repeat(200), "recursion limit exceeded at line 1 column 128");
}

#[test]
fn numbers_are_written_as_javascript_writes_them() {
    for (text, expected) in
        [("1", "1"), ("-7", "-7"), ("1.5", "1.5"), ("1e21", "1e+21"), ("18446744073709551615", "18446744073709551615")]
    {
        let Ok(Value::Number(number)) = json::parse(text) else { panic!("{text}") };
        assert_eq!(json::number_text(&number), expected);
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_is_read(value in value()) {
        check(&value.to_string());
        check(&format!("{value:#}"));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[\\[\\]{}:,\"\\\\a-f0-9eu.\\- \\n]{0,24}") {
        check(&text);
    }

    #[test]
    fn any_string_is_written(text: String) {
        let mut out = String::new();
        json::push_string(&text, &mut out);
        prop_assert_eq!(out, serde_json::to_string(&text).unwrap());
    }
}
