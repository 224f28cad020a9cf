//! A dashboard, or one panel of it, in a frame of someone else's page.

use super::fleet::FLEET;
use tests_e2e::{Options, Page, State, World, local};

/// Someone else's page with `route` of the app at `url` in a frame, and the frame entered.
fn framed(world: &World, url: &str, route: &str, options: Options) -> (Page, tests_e2e::Local) {
    let portal = world.serve(local::page_with_frame(&format!("{url}/#/{route}")));
    // Another site than the app's, whose cookies and storage are kept apart.
    let page = world.page_at(&format!("http://localhost:{}", portal.port), options);
    page.goto(&format!("http://localhost:{}/", portal.port));
    page.enter_frame();
    (page, portal)
}

/// nginx that lets every page of this machine frame the app.
fn open_to_frames(world: &World) -> tests_e2e::Nginx {
    let allowed = "$pyrograph_frame_ancestors { default \"'self' http://localhost:*\"; }";
    world.nginx().set("$pyrograph_frame_ancestors { default \"'self'\"; }", allowed).start()
}

pub fn a_dashboard_without_its_surroundings(world: &World) {
    let nginx = open_to_frames(world);
    let (page, _portal) = framed(world, &nginx.url(), &format!("{FLEET}?kiosk&theme=dark"), Options::default());
    for panel in page.settled().iter().filter(|panel| panel.in_view && panel.visualization != "text") {
        assert_eq!(panel.state, State::Ready, "{panel:#?}");
    }
    let hidden = "return [...document.querySelectorAll('nav, .bar')].every((e) => e.offsetParent === null)";
    assert!(page.eval::<bool>(hidden), "there is more than panels: {}", page.text());
    assert_eq!(page.eval::<String>("return document.documentElement.dataset.theme"), "dark");
    let fits: bool = page.eval("return document.documentElement.scrollWidth <= innerWidth");
    assert!(fits, "it scrolls sideways");
}

pub fn the_page_around_shows_through(world: &World) {
    let nginx = open_to_frames(world);
    let (page, _portal) = framed(world, &nginx.url(), &format!("{FLEET}?kiosk&transparent"), Options::default());
    page.settled();
    let ground = "return getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).backgroundColor";
    assert_eq!(page.eval::<String>(ground), "rgba(0, 0, 0, 0)rgba(0, 0, 0, 0)");
}

pub fn the_page_around_is_told_the_size(world: &World) {
    let portal = world.serve(local::page_that_listens());
    let check = |listed: &str, told: bool| {
        let config = serde_json::json!({
            "dataSources": [{"uid": "prometheus", "name": "Prometheus", "url": "prometheus"}],
            "embed": {"origins": [listed]},
        });
        let allowed = "$pyrograph_frame_ancestors { default \"'self' http://localhost:*\"; }";
        let nginx = world.nginx().set("$pyrograph_frame_ancestors { default \"'self'\"; }", allowed);
        let nginx = nginx.file("site/config.json", config.to_string()).start();
        let page = world.page_at(&format!("http://localhost:{}", portal.port), Options::default());
        let address = format!("{}/#/{FLEET}?kiosk", nginx.url());
        page.goto(&format!("http://localhost:{}/#{}", portal.port, address.replace('#', "%23")));
        let tall =
            || page.eval::<bool>("return sizes.some((size) => size.height > 1000 && size.width > 700)").then_some(());
        if told {
            page.wait("the size is told", tall);
        } else {
            assert!(page.look(std::time::Duration::from_secs(5), tall).is_none(), "it is told though not listed");
        }
    };
    check(&format!("http://localhost:{}", portal.port), true);
    check("https://portal.example", false);
}

pub fn one_panel_with_its_variable_and_range(world: &World) {
    let nginx = open_to_frames(world);
    let route = "d/service-detail?viewPanel=8&kiosk&theme=light&var-service=cart&from=now-15m&to=now";
    let (page, _portal) = framed(world, &nginx.url(), route, Options::default());
    let panels = page.settled();
    assert_eq!(panels.len(), 1, "{panels:#?}");
    assert_eq!(panels[0].state, State::Ready, "{panels:#?}");
    page.wait("it is about that service", || page.text().contains("/carts/{id}").then_some(()));
    let share: f64 = page.eval("return document.querySelector('.panel').offsetHeight / innerHeight");
    assert!((0.8..=1.0).contains(&share), "it has {share} of the frame's height");
    assert_eq!(page.eval::<String>("return document.documentElement.dataset.theme"), "light");
}

pub fn other_pages_are_kept_from_framing_it(world: &World) {
    let nginx = world.nginx().start();
    let (page, _portal) = framed(world, &nginx.url(), "", Options::default());
    let shown = page.look(std::time::Duration::from_secs(3), || (page.app() == "ready").then_some(()));
    assert!(shown.is_none(), "a page that is not listed shows it in a frame");
    assert!(page.eval::<String>("return location.href").starts_with("chrome-error:"));
}

pub fn without_storage_it_works_the_same(world: &World) {
    let nginx = open_to_frames(world);
    let denied = Options { storage_denied: true, ..Options::default() };
    let (page, _portal) = framed(world, &nginx.url(), "explore?expr=up", denied);
    let denied: bool = page.eval("try { localStorage; return false } catch { return true }");
    assert!(denied, "the browser does not deny storage");
    assert_eq!(page.panel_in("explore-graph", State::Ready).state, State::Ready);
}
