//! After a panic nothing can be trusted: the page stops, says so, and offers a reload.

use tests_e2e::{Dashboard, State, World};

pub fn the_page_stops_and_offers_a_reload(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up")]));
    let page = site.page();
    page.open("d/small?refresh=5s");
    page.panel_in("1", State::Ready);

    // No input is known that makes the app panic. A browser that runs a frame's callback at once, which none does, enters
    // the frame loop while it is in use: a real panic in Rust.
    page.eval::<()>("window.requestAnimationFrame = (callback) => { callback(0); return 1; }");
    page.wait("the page has failed", || (page.app() == "failed").then_some(()));
    assert!(page.text().contains("RefCell already borrowed"), "{}", page.text());
    let asked = site.log().requests().len();
    std::thread::sleep(std::time::Duration::from_secs(7));
    assert_eq!(site.log().requests().len(), asked, "it goes on asking");

    page.click("Reload");
    page.panel_in("1", State::Ready);
}
