//! What a browser may have kept, and what is made of it.

use config::{Resolution, Settings, ThemeChoice, WeekStart};
use proptest::prelude::*;

fn complete() -> Settings {
    Settings {
        theme: Some(ThemeChoice::Dark),
        timezone: Some("Europe/Berlin".into()),
        week_start: Some(WeekStart::Monday),
        refresh: Some("30s".into()),
        resolutions: vec![("a \"b\"".into(), Resolution::Full), ("p".into(), Resolution::Panel)],
        favourites: vec!["fleet".into(), "größe".into()],
        alerts_on_tab: true,
    }
}

#[test]
fn what_is_written_is_read_again() {
    for settings in [Settings::default(), complete(), Settings { refresh: Some(String::new()), ..complete() }] {
        let text = settings.to_json();
        assert_eq!(Settings::parse(&text), settings, "{text}");
        assert_eq!(Settings::unused(&text), Ok(Vec::new()), "{text}");
    }
    assert_eq!(Settings::default().to_json(), "{\n  \"version\": 1\n}\n");
}

#[test]
fn what_makes_no_sense_is_left_away() {
    let check = |text: &str, unused: &[&str], expected: Settings| {
        assert_eq!(Settings::parse(text), expected, "{text}");
        assert_eq!(Settings::unused(text).unwrap_or_default(), unused, "{text}");
    };
    let nothing = Settings::default;
    check("{}", &[], nothing());
    check("", &[], nothing());
    check("[]", &[], nothing());
    check(r#"{"theme": "pink"}"#, &["theme"], nothing());
    check(r#"{"theme": 1, "timezone": "", "refresh": "soon"}"#, &["refresh", "theme", "timezone"], nothing());
    check(r#"{"refresh": ""}"#, &[], Settings { refresh: Some(String::new()), ..nothing() });
    check(r#"{"refresh": "99h"}"#, &["refresh"], nothing());
    check(r#"{"weekStart": "tuesday"}"#, &["weekStart"], nothing());
    check(r#"{"alertsOnTab": 1}"#, &["alertsOnTab"], nothing());
    check(r#"{"alertsOnTab": false}"#, &[], nothing());
    check(
        r#"{"version": 2, "theme": "dark", "sound": true}"#,
        &["sound", "version"],
        Settings { theme: Some(ThemeChoice::Dark), ..nothing() },
    );
    check(
        r#"{"resolution": {"a": "full", "b": "finest"}}"#,
        &["resolution"],
        Settings { resolutions: vec![("a".into(), Resolution::Full)], ..nothing() },
    );
    check(r#"{"favourites": ["a", 1]}"#, &["favourites"], Settings { favourites: vec!["a".into()], ..nothing() });
    check(&format!(r#"{{"timezone": "{}"}}"#, "x".repeat(201)), &["timezone"], nothing());
    assert_eq!(Settings::unused("no"), Err("it is no JSON: expected ident at line 1 column 2".into()));
    assert_eq!(Settings::unused("[]"), Err("it is no JSON object".into()));
}

#[test]
fn lists_are_changed_one_by_one() {
    let mut settings = complete();
    settings.set_resolution("p", Some(Resolution::Auto));
    assert_eq!((settings.resolution("p"), settings.resolution("q")), (Some(Resolution::Auto), None));
    settings.set_resolution("p", None);
    assert_eq!(settings.resolution("p"), None);
    settings.set_favourite("fleet", true);
    assert_eq!(settings.favourites, ["größe", "fleet"]);
    settings.set_favourite("größe", false);
    assert_eq!(settings.favourites, ["fleet"]);
}

proptest! {
    #[test]
    fn any_text_gives_settings(text in "\\PC*") {
        let settings = Settings::parse(&text);
        prop_assert_eq!(Settings::parse(&settings.to_json()), settings);
        let _ = Settings::unused(&text);
    }

    #[test]
    fn any_object_gives_settings_that_stay(
        key in "theme|timezone|weekStart|refresh|resolution|favourites|alertsOnTab|other",
        value in r#""(dark|utc|monday|5s|)"|[0-9]{1,3}|true|null|\["a"(,"b"){0,2}\]|\{"a":"(full|auto|x)"\}"#,
    ) {
        let text = format!("{{\"{key}\": {value}}}");
        let settings = Settings::parse(&text);
        prop_assert_eq!(Settings::parse(&settings.to_json()), settings);
    }
}
