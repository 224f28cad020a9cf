//! Files of the operator's that are not what they should be.

use faultd::{Fault, Rule, When};
use tests_e2e::World;

pub fn a_broken_dashboard_says_where(world: &World) {
    let check = |file: &str, told: &[&str]| {
        let site = world.faulty().with_file(file);
        let page = site.page();
        page.open("d/small");
        for told in told {
            page.wait(&format!("the page says {told:?}"), || page.text().to_lowercase().contains(told).then_some(()));
        }
        assert_eq!(page.app(), "ready");
        assert_eq!(page.panels().len(), 0);
    };
    check("{\n  \"title\": \"Half\",\n  \"panels\": [", &["line 3"]);
    check("{\n  \"title\": oops\n}", &["line 2"]);
    check("[1, 2, 3]", &["dashboard"]);
    check("<!doctype html><title>Not found</title>", &["line 1"]);
}

/// What is wrong is told with its path; what is right is used.
pub fn a_broken_configuration_says_where(world: &World) {
    let site = world.faulty();
    let config = r#"{
        "dataSources": [{ "uid": "prometheus", "name": "Prometheus", "url": "prometheus", "default": true }],
        "dashboards": { "index": "dashboards/index.json" },
        "defaults": { "refersh": "10s" }
    }"#;
    site.set(&[Rule::new(When::path("/config.json"), Fault::status(200, "application/json", config))]);
    let page = site.page();
    page.open("");
    page.wait("the unknown key is named", || page.text().contains("refersh").then_some(()));
    page.wait("the dashboards are listed all the same", || (page.count("a[href*='#/d/']") > 0).then_some(()));
}

/// As after a power cut: the page is there before the server of its files is well. Nobody sits at a wall screen.
pub fn files_that_come_late_are_waited_for(world: &World) {
    for file in ["/config.json", "/dashboards/index.json", "/dashboards/fleet-overview.json"] {
        let site = world.faulty();
        site.set(&[Rule::new(When::path(file), Fault::status(502, "text/plain", "Bad Gateway"))]);
        let page = site.page();
        page.load("d/fleet-overview");
        let told = || page.text().contains(&format!("{} answered 502", &file[1..])).then_some(());
        page.wait(&format!("it is told that {file} is not there"), told);
        site.heal();
        page.wait("the dashboard is there", || (page.panels().len() > 4).then_some(()));
        assert!(told().is_none(), "{}", page.text());
    }
}
