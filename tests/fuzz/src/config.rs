//! The readers of config.json and of a user's settings.

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let text = String::from_utf8_lossy(body);
    let (config, problems) = config::parse(&text);
    for problem in &problems {
        assert!(!problem.message.is_empty(), "a problem says what it is");
    }
    for source in &config.data_sources {
        assert!(config.data_source(&source.uid).is_some(), "a source is found by its uid");
        let _ = source.api_url("query");
    }
    let settings = config::Settings::parse(&text);
    let kept = settings.to_json();
    assert_eq!(config::Settings::parse(&kept).to_json(), kept, "what was written is read");
    let _ = config::Settings::unused(&text);
}
