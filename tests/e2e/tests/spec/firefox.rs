//! Every page in Firefox.

use super::fleet::FLEET;
use faultd::{Fault, Rule, When};
use tests_e2e::{State, World};

pub fn every_page_works(world: &World) {
    let firefox = world.firefox();
    let page = firefox.open(&world.url()).unwrap_or_else(|error| panic!("{error:#}"));
    page.open("");
    page.wait("the dashboards are listed", || (page.count("a[href*='#/d/']") >= 4).then_some(()));
    for panel in page.open(FLEET).settled().iter().filter(|panel| panel.in_view && panel.visualization != "text") {
        assert_eq!(panel.state, State::Ready, "{panel:#?}");
    }
    page.open("explore?expr=up").settled();
    assert_eq!(page.panel("explore-graph").state, State::Ready);
    assert_eq!(page.panel("explore-table").state, State::Ready);
    page.open("alerts");
    page.wait("the rules of Prometheus are there", || (page.count("[data-rule]") > 0).then_some(()));
    page.assert_no_complaints();

    page.eval::<()>("setTimeout(() => { throw new Error('on purpose') })");
    page.wait("an error would have been seen", || {
        page.complaints().iter().any(|c| c.contains("on purpose")).then_some(())
    });
}

/// Takes byte streams away in the worker, and tells the server when a body is read without.
const NO_BYTE_STREAMS: &str = r#"
    const getReader = ReadableStream.prototype.getReader;
    ReadableStream.prototype.getReader = function (options) {
        if (options?.mode === "byob") throw new TypeError("there are no byte streams here");
        fetch("read-in-chunks");
        return getReader.call(this, options);
    };
"#;

/// Browsers without byte streams read bodies in chunks of their own.
pub fn without_byte_streams_the_data_arrives(world: &World) {
    let name = world.built(|name| name.starts_with("worker") && name.ends_with(".js"));
    let script = std::fs::read_to_string(world.dist().join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let site = world.faulty();
    let without = Fault::status(200, "text/javascript", &format!("{NO_BYTE_STREAMS}{script}"));
    site.set(&[Rule::new(When::path(name), without)]);
    let firefox = world.firefox();
    let page = firefox.open(&site.url()).unwrap_or_else(|error| panic!("{error:#}"));
    page.open("explore?expr=up").settled();
    let graph = page.panel_in("explore-graph", State::Ready);
    assert!(graph.samples > Some(0), "{graph:#?}");
    assert!(site.log().count(&When::path("read-in-chunks")) > 0, "nothing was read in chunks");
}
