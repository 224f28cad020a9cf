//! See ../README.md.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| tests_fuzz::json::check(body));
