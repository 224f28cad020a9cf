//! The reader of config.json.

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let (config, problems) = config::parse(&String::from_utf8_lossy(body));
    for problem in &problems {
        assert!(!problem.message.is_empty(), "a problem says what it is");
    }
    for source in &config.data_sources {
        assert!(config.data_source(&source.uid).is_some(), "a source is found by its uid");
        let _ = source.api_url("query");
    }
}
