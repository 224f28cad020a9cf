//! After a panic nothing can be trusted: the page stops, says so, and offers a reload.

use tests_e2e::{Dashboard, State, World};

pub fn the_page_stops_and_offers_a_reload(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up")]));
    let page = site.page();
    page.open("d/small?refresh=5s");
    page.panel_in("1", State::Ready);

    page.eval::<()>("globalThis.pyrographPanic('index out of bounds')");
    page.wait("the page has failed", || (page.app() == "failed").then_some(()));
    assert!(page.text().contains("index out of bounds"), "{}", page.text());
    let asked = site.log().requests().len();
    std::thread::sleep(std::time::Duration::from_secs(7));
    assert_eq!(site.log().requests().len(), asked, "it goes on asking");

    page.click("Reload");
    page.panel_in("1", State::Ready);
}
