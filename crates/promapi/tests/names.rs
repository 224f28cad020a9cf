//! Lists of names and values.

use promapi::{ApiError, DecodeError, decode_names};
use proptest::prelude::*;

fn check(body: &str, expected: Result<&[&str], DecodeError>) {
    let names = decode_names(body.as_bytes());
    let names = names.as_ref().map(|names| names.iter().map(|name| &**name).collect::<Vec<_>>());
    assert_eq!(names, expected.as_ref().map(|names| names.to_vec()), "{body}");
}

#[test]
fn lists_of_names() {
    check(r#"{"status":"success","data":["job","a\u00e9","😀"]}"#, Ok(&["job", "aé", "😀"]));
    check(r#"{"data":["a"],"warnings":["w"],"x":[{"y":1}],"status":"success"}"#, Ok(&["a"]));
    check(r#"{"status":"success","data":["a"],"data":["b"]}"#, Ok(&["b"]));
    for none in [r#"{"status":"success","data":[]}"#, r#"{"status":"success","data":null}"#, r#"{"status":"success"}"#]
    {
        check(none, Ok(&[]));
    }
}

#[test]
fn what_is_no_list_of_names() {
    let malformed = |offset, what| Err(DecodeError::Malformed { offset, what });
    let api = ApiError { kind: "bad_data".into(), message: "no".into() };
    check(r#"{"status":"error","errorType":"bad_data","error":"no","data":["a"]}"#, Err(DecodeError::Api(api)));
    check(r#"{"status":"success","data":{"result":[]}}"#, malformed(41, "the data is not a list"));
    check(r#"{"status":"success","data":[1]}"#, malformed(28, "an element of a list is not a string"));
    check(r#"{"status":"success","data":["a" "b"]}"#, malformed(32, "neither a comma nor a closing bracket"));
    check(r#"{"data":["a"]}"#, malformed(14, "there is no status"));
    check(r#"{"status":"success","data":["a""#, Err(DecodeError::Truncated { offset: 31 }));
    check("<html>", Err(DecodeError::NotJson { offset: 0 }));
    check("", Err(DecodeError::Truncated { offset: 0 }));
}

proptest! {
    #[test]
    fn what_is_written_is_read(names in prop::collection::vec(".{0,12}", 0..8)) {
        let body = serde_json::json!({ "status": "success", "data": names }).to_string();
        check(&body, Ok(&names.iter().map(String::as_str).collect::<Vec<_>>()));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let _ = decode_names(&bytes);
    }
}
