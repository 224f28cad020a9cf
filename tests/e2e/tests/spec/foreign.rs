//! Dashboards that are in no list: dropped on the page, or given by their address.

use faultd::{Fault, Rule, When};
use tests_e2e::{Dashboard, Options, Page, State, World};

/// Lets a file go on the page.
fn let_go(page: &Page, name: &str, text: &str) {
    page.eval::<()>(&format!(
        "const files = new DataTransfer(); files.items.add(new File([{}], '{name}')); \
         for (const type of ['dragover', 'drop']) document.body.dispatchEvent( \
         new DragEvent(type, {{dataTransfer: files, bubbles: true, cancelable: true}}))",
        serde_json::Value::from(text)
    ));
}

/// The text of a small dashboard with this title.
fn file(title: &str) -> String {
    let dashboard = Dashboard::of(&[("Up", "up{job=\"fleet\"}")]).with("title", title.into());
    dashboard.text()
}

pub fn a_file_is_opened_where_it_is_dropped(world: &World) {
    for storage_denied in [false, true] {
        let page = world.page_with(Options { storage_denied, ..Options::default() });
        page.open("settings");
        // What takes files comes after the first page.
        page.wait("the first is opened", || {
            let_go(&page, "mine.json", &file("First of mine"));
            page.look(std::time::Duration::from_secs(2), || page.text().contains("First of mine").then_some(()))
        });
        page.panel_in("1", State::Ready);
        let first = page.route();
        let_go(&page, "mine.json", &file("Second of mine"));
        page.wait("the second is opened", || page.text().contains("Second of mine").then_some(()));
        page.back();
        page.wait("the first is still there", || page.text().contains("First of mine").then_some(()));
        let_go(&page, "broken.json", "{");
        page.wait("the mistake is told", || page.text().contains("broken.json cannot be opened").then_some(()));

        page.open(&first);
        let expected = if storage_denied { "this tab does not have it any more" } else { "First of mine" };
        page.wait("what the tab has kept is told", || page.text().contains(expected).then_some(()));
        page.assert_no_complaints();
    }
}

pub fn an_address_of_the_same_origin_is_opened(world: &World) {
    let site = world.faulty();
    let answer = Fault::status(200, "application/json", &file("Not in the list"));
    site.set(&[Rule::new(When::path("elsewhere/one.json"), answer)]);
    let page = site.page();
    page.open("d/?url=elsewhere/one.json&from=now-15m&to=now");
    page.panel_in("1", State::Ready);
    assert!(page.text().contains("Not in the list"));
    assert!(page.eval::<String>("return document.title").contains("last 15 minutes"));
    let others =
        ["https://example.com/one.json", "//example.com/one.json", "javascript:alert(1)", "data:text/plain,{}"];
    for other in others {
        page.follow(&format!("d/?url={other}"));
        page.wait("it is refused", || page.text().contains("is not on this page's origin").then_some(()));
        page.follow("settings");
    }
    page.assert_no_complaints();
}
