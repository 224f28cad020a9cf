//! What the pointer and the keys do to a chart.

use serde_json::{Value, json};
use tests_e2e::{Dashboard, Page, State, World};

/// A chart of two level lines, A and B, over the values 0 to 20.
fn two_lines(a: u32, b: u32, defaults: Value, overrides: Value) -> Dashboard {
    let target =
        |(name, level): (&str, u32)| json!({ "refId": name, "expr": format!("vector({level})"), "legendFormat": name });
    let targets: Vec<Value> = ["A", "B"].into_iter().zip([a, b]).map(target).collect();
    let mut defaults = defaults;
    defaults["min"] = 0.into();
    defaults["max"] = 20.into();
    let panel = json!({
        "id": 1, "type": "timeseries", "title": "Two lines", "gridPos": { "x": 0, "y": 0, "w": 24, "h": 12 },
        "targets": targets,
        "fieldConfig": { "defaults": defaults, "overrides": overrides },
        "options": { "tooltip": { "mode": "multi" } },
    });
    Dashboard::of(&[]).with("panels", json!([panel]))
}

fn chart(page: &Page) -> [f64; 4] {
    page.panel_in("1", State::Ready);
    page.eval("const box = document.querySelector('.chart').getBoundingClientRect(); return [box.x, box.y, box.width, box.height]")
}

fn mouse(page: &Page, what: &str, (x, y): (f64, f64)) {
    let buttons = u8::from(what != "mouseMoved");
    page.cdp(
        "Input.dispatchMouseEvent",
        json!({ "type": what, "x": x, "y": y, "button": if buttons > 0 { "left" } else { "none" }, "clickCount": buttons }),
    );
}

/// By what is drawn: with bands of a stack and with two axes, a value says little about where its line is.
pub fn the_line_nearest_to_the_pointer_stands_out(world: &World) {
    let stacked = || json!({ "custom": { "stacking": { "mode": "normal" } } });
    let right = || {
        json!([{ "matcher": { "id": "byName", "options": "B" }, "properties": [
            { "id": "custom.axisPlacement", "value": "right" }, { "id": "max", "value": 2000 },
        ] }])
    };
    let other_unit = || {
        json!([{ "matcher": { "id": "byName", "options": "B" }, "properties": [
            { "id": "unit", "value": "s" }, { "id": "max", "value": 2000 },
        ] }])
    };
    let (top, middle, bottom) = (0.05, 0.5, 0.85);
    for (a, b, defaults, overrides, height, expected) in [
        (0, 20, json!({}), json!([]), top, "B"),
        (0, 20, json!({}), json!([]), bottom, "A"),
        (10, 10, stacked(), json!([]), top, "B"),
        (10, 10, stacked(), json!([]), middle, "A"),
        (20, 100, json!({}), right(), top, "A"),
        (20, 100, json!({}), right(), bottom, "B"),
        (20, 100, json!({}), other_unit(), top, "A"),
        (20, 100, json!({}), other_unit(), bottom, "B"),
        // Neither does it stand on what has another unit.
        (20, 100, stacked(), other_unit(), bottom, "B"),
    ] {
        let site = world.faulty().with(&two_lines(a, b, defaults, overrides));
        let page = site.page();
        page.open("d/small");
        let [x, y, width, tall] = chart(&page);
        mouse(&page, "mouseMoved", (x + width / 2.0, y + tall * height));
        let nearest = page.wait("the tooltip is there", || {
            let names: Vec<String> = page.eval(
                "return [...document.querySelectorAll('.tooltip .entry.nearest .name')].map((name) => name.textContent)",
            );
            names.into_iter().next()
        });
        assert_eq!(nearest, expected, "{a} and {b} at {height}");
        page.assert_no_complaints();
    }
}

pub fn a_drag_zooms_in_and_back_zooms_out(world: &World) {
    let site = world.faulty().with(&two_lines(5, 15, json!({}), json!([])));
    let page = site.page();
    page.open("d/small");
    let [x, y, width, tall] = chart(&page);
    let at = |share: f64| (x + width * share, y + tall / 2.0);
    mouse(&page, "mouseMoved", at(0.4));
    page.wait("the pointer is followed", || (page.count(".tooltip") == 1).then_some(()));
    mouse(&page, "mousePressed", at(0.4));
    mouse(&page, "mouseMoved", at(0.6));
    assert_eq!(page.count(".chart .selection"), 1);
    mouse(&page, "mouseReleased", at(0.6));
    let route =
        page.wait("the range is in the address", || Some(page.route()).filter(|route| route.contains("from=1")));
    let millis = |name: &str| {
        let (_, rest) = route.split_once(name).unwrap_or_else(|| panic!("{route} has no {name}"));
        rest.split('&').next().and_then(|digits| digits.parse::<i64>().ok()).unwrap_or_else(|| panic!("{route}"))
    };
    // A fifth of a quarter of an hour, and a little more as the axis takes a part of the width.
    let minutes = (millis("to=") - millis("from=")) as f64 / 60_000.0;
    assert!((2.5..4.5).contains(&minutes), "{minutes} minutes");
    page.back();
    page.wait("the range is as before", || (page.route() == "d/small").then_some(()));
}

pub fn the_cursor_moves_by_key(world: &World) {
    let site = world.faulty().with(&two_lines(5, 15, json!({}), json!([])));
    let page = site.page();
    page.open("d/small");
    chart(&page);
    page.eval::<Value>("document.querySelector('.chart').focus()");
    let press = |key: &str| {
        for what in ["keyDown", "keyUp"] {
            page.cdp("Input.dispatchKeyEvent", json!({ "type": what, "key": key }));
        }
    };
    let time = || page.eval::<Option<String>>("return document.querySelector('.tooltip .time')?.textContent ?? null");
    let first = page.wait("an arrow shows the cursor", || {
        press("ArrowRight");
        time()
    });
    press("ArrowRight");
    page.wait("the next one moves it", || time().filter(|now| *now != first));
    press("Escape");
    page.wait("Escape hides it", || (page.count(".tooltip, .chart .cursor") == 0).then_some(()));
}
