//! After a panic nothing can be trusted: the page stops, says so, and offers a reload.

use std::time::Duration;
use tests_e2e::{Clock, Dashboard, Page, State, World};

pub fn the_page_stops_and_offers_a_reload(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up")]));
    let page = site.page();
    page.open("d/small?refresh=5s");
    page.panel_in("1", State::Ready);

    make_it_panic(&page);
    assert!(page.text().contains("RefCell already borrowed"), "{}", page.text());
    let asked = site.log().requests().len();
    std::thread::sleep(Duration::from_secs(7));
    assert_eq!(site.log().requests().len(), asked, "it goes on asking");

    page.click("Reload");
    page.panel_in("1", State::Ready);
}

/// No panic tells of a stack that overflows.
pub fn any_other_trap_is_told(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up")]));
    // What a browser does with an error that nobody catches.
    for (event, told) in [
        ("new ErrorEvent('error', { error: new WebAssembly.RuntimeError('out of bounds') })", "out of bounds"),
        (
            "new PromiseRejectionEvent('unhandledrejection', { promise: Promise.resolve(), reason: new RangeError('Maximum call stack size exceeded') })",
            "call stack",
        ),
    ] {
        let page = site.page();
        page.open("d/small?refresh=5s");
        page.panel_in("1", State::Ready);
        page.eval::<()>(&format!("dispatchEvent({event})"));
        page.wait("the page has failed", || (page.app() == "failed").then_some(()));
        assert!(page.text().contains(told), "{}", page.text());
        let called: String = page.eval(
            r#"return (async () => {
                const glue = await import(new URL(document.querySelector("[data-glue]").dataset.glue, document.baseURI));
                try {
                    glue.serve();
                    return "it goes on";
                } catch (error) {
                    return error.message;
                }
            })()"#,
        );
        assert_eq!(called, "Pyrograph has stopped");
    }
}

/// Nobody sits at a wall screen. It must not reload without end either.
pub fn a_wall_screen_reloads_by_itself(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up")])).with_clock(Clock::default());
    let page = site.page();
    page.open("d/small?kiosk&refresh=5s");
    for _ in 0..3 {
        page.panel_in("1", State::Ready);
        make_it_panic(&page);
        assert!(page.text().contains("It reloads by itself in 10 s."), "{}", page.text());
        site.jump(&page, Duration::from_secs(11));
        page.wait("the page is there again", || (page.app() == "ready").then_some(()));
    }
    page.panel_in("1", State::Ready);
    make_it_panic(&page);
    let text = page.text();
    assert!(text.contains("It reloads by itself in") && !text.contains("in 10 s"), "a fourth time at once: {text}");
    site.jump(&page, Duration::from_secs(300));
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(page.app(), "failed", "it reloads more often than three times in ten minutes");
    site.jump(&page, Duration::from_secs(310));
    page.wait("it is tried again", || (page.app() == "ready").then_some(()));
}

/// What holds a gigabyte will hold two: the page says so while it can, and a wall screen begins anew.
pub fn a_page_that_has_grown_is_to_be_reloaded(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up")])).with_clock(Clock::default());
    let grow = |route: &str, bytes: u64| {
        let page = site.page();
        page.open(route);
        page.panel_in("1", State::Ready);
        let is_watched = "return performance.getEntriesByName(new URL('watch.js', document.baseURI).href).length > 0";
        page.wait("the page is watched over", || page.eval::<bool>(is_watched).then_some(()));
        page.eval::<()>(&format!(
            "Object.defineProperty(performance, 'memory', {{ value: {{ usedJSHeapSize: {bytes} }} }})"
        ));
        site.jump(&page, Duration::from_secs(61));
        page
    };
    let offers = |page: &Page| page.text().contains("GiB of memory").then_some(());
    let page = grow("d/small", 300 << 20);
    assert!(page.look(Duration::from_secs(2), || offers(&page)).is_none(), "300 MiB are nothing to speak of");
    let page = grow("d/small", 3 << 29);
    page.wait("a reload is offered", || offers(&page));
    page.panel_in("1", State::Ready);
    page.click("Reload");
    page.wait("it begins anew", || offers(&page).is_none().then_some(()));
    page.panel_in("1", State::Ready);

    let page = grow("d/small?kiosk", 3 << 29);
    page.wait("it is told on the wall as well", || offers(&page));
    site.jump(&page, Duration::from_secs(11));
    page.wait("it begins anew by itself", || offers(&page).is_none().then_some(()));
    page.panel_in("1", State::Ready);
}

/// No input is known that makes the app panic. A browser that runs a frame's callback at once, which none does, enters
/// the frame loop while it is in use: a real panic in Rust. A chart of another size is painted anew, which takes a frame.
fn make_it_panic(page: &Page) {
    page.eval::<()>(
        "window.requestAnimationFrame = (callback) => { callback(0); return 1; }; document.body.style.width = '90%'",
    );
    page.wait("the page has failed", || (page.app() == "failed").then_some(()));
}
