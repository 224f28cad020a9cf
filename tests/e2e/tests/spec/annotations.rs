//! What happened, on the charts' time axes.

use serde_json::{Value, json};
use tests_e2e::{Dashboard, State, World};

/// Always so for the cart service; the filter keeps it from the second panel.
fn list() -> Value {
    json!({ "list": [
        { "builtIn": 1, "name": "Annotations & Alerts", "enable": true },
        {
            "name": "Cart is up", "enable": true, "iconColor": "red", "step": "30s",
            "datasource": { "type": "prometheus", "uid": "prometheus" },
            "expr": "up{job=\"fleet\", service=\"$service\"}", "titleFormat": "Up", "textFormat": "{{service}} of {{job}}",
            "tagKeys": "service", "filter": { "exclude": true, "ids": [2] },
        },
    ] })
}

pub fn they_stand_on_the_charts_they_are_for(world: &World) {
    let service = json!({ "list": [{ "name": "service", "type": "constant", "query": "cart" }] });
    let dashboard = Dashboard::of(&[("One", "up{job=\"fleet\"}"), ("Two", "up{job=\"fleet\"}")])
        .with("annotations", list())
        .with("templating", service);
    let site = world.faulty().with(&dashboard);
    let page = site.page();
    page.open("d/small").settled();
    page.panel_in("1", State::Ready);
    let flags = |panel: u32| -> Vec<String> {
        page.eval(&format!(
            "return [...document.querySelectorAll('[data-panel-id=\"{panel}\"] .flag')].map((flag) => flag.getAttribute('aria-label'))"
        ))
    };
    page.wait("there is a mark", || (!flags(1).is_empty()).then_some(()));
    assert!(flags(1).iter().all(|words| words.ends_with("Up. cart of fleet. cart")), "{:?}", flags(1));
    assert!(flags(2).is_empty(), "{:?}", flags(2));
    assert!(page.count("[data-panel-id='1'] .annotation .span") > 0);
    page.eval::<Value>("document.querySelector('.flag').focus()");
    let card = page.wait("the card tells", || {
        let card: String = page.eval("return document.querySelector('.annotations .tooltip')?.innerText ?? ''");
        (!card.is_empty()).then_some(card)
    });
    assert!(card.contains("Up") && card.contains("cart of fleet"), "{card}");
    page.click("Cart is up");
    page.wait("the marks are gone", || flags(1).is_empty().then_some(()));
    page.click("Cart is up");
    page.wait("the marks are back", || (!flags(1).is_empty()).then_some(()));
    page.assert_no_complaints();
}
