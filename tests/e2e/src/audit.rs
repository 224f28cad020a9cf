//! Checks of a page as it stands: of what everybody needs to use it, whatever they see, hear and press.

use crate::page::Page;
use serde_json::{Value, json};

/// More presses of Tab than any page needs.
const MOST_PRESSES: usize = 600;

/// What makes the page hard to use: names, roles, structure, contrast (WCAG AA).
pub fn accessibility(page: &Page) -> Vec<String> {
    // What fades in has another contrast until it is there.
    let moves = "return document.getAnimations().some((a) => a.playState === 'running' && a.effect.getComputedTiming().endTime < 1e9)";
    page.wait("nothing moves any more", || (!page.eval::<bool>(moves)).then_some(()));
    let mut findings: Vec<String> = page.eval(include_str!("audit/accessibility.js"));
    findings.extend(unnamed_nodes(page));
    findings
}

/// What is cut off at the window's size.
pub fn layout(page: &Page) -> Vec<String> {
    page.eval(include_str!("audit/layout.js"))
}

/// The nodes of the browser's own accessibility tree that take the focus and have no name.
fn unnamed_nodes(page: &Page) -> Vec<String> {
    page.cdp("Accessibility.enable", json!({}));
    let tree = page.cdp("Accessibility.getFullAXTree", json!({}));
    page.cdp("Accessibility.disable", json!({}));
    let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
    assert!(nodes.len() > 5, "the browser has no accessibility tree: {tree}");
    let is_bad = |node: &&Value| {
        let focusable = node["properties"].as_array().into_iter().flatten();
        let focusable = focusable.into_iter().any(|p| p["name"] == "focusable" && p["value"]["value"] == true);
        let role = node["role"]["value"].as_str().unwrap_or_default();
        // What scrolls takes the focus in Chromium, and says its content.
        let is_control = !matches!(role, "RootWebArea" | "generic" | "none");
        let name = node["name"]["value"].as_str().unwrap_or_default();
        node["ignored"] == false && focusable && is_control && name.trim().is_empty()
    };
    let told = |node: &Value| format!("the browser finds no name for a {}", node["role"]["value"]);
    nodes.iter().filter(is_bad).map(told).collect()
}

/// Goes through the page with the Tab key, and says what is not reached, is reached out of order, or does not show that
/// it has the focus.
pub fn keyboard(page: &Page) -> Vec<String> {
    page.eval::<Value>(PREPARE);
    for _ in 0..MOST_PRESSES {
        press_tab(page);
        if page.eval::<bool>(NOTE) {
            return page.eval(CONCLUDE);
        }
    }
    vec![format!("after {MOST_PRESSES} presses of Tab the end is not reached")]
}

fn press_tab(page: &Page) {
    for kind in ["rawKeyDown", "keyUp"] {
        let key = json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
        page.cdp("Input.dispatchKeyEvent", key);
    }
}

/// Notes in their order the elements that the keyboard has to reach.
const PREPARE: &str = r#"
    document.activeElement?.blur();
    getSelection().removeAllRanges();
    const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
    const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
    const isWanted = (e) => e.tabIndex >= 0 && !e.disabled && shown(e);
    globalThis.__wanted = [...document.querySelectorAll(controls)].filter(isWanted);
    globalThis.__reached = [];
    globalThis.__dim = [];
    return null;
"#;

/// Notes what has the focus now; true once the end is reached.
const NOTE: &str = r#"
    const now = document.activeElement;
    if (!now || now === document.body || now === document.documentElement || __reached[0] === now) return true;
    if (__reached.at(-1) === now) return false;
    __reached.push(now);
    const rings = [now, ...now.querySelectorAll("*"), now.parentElement].map((e) => getComputedStyle(e));
    const isRing = (s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
    if (!rings.some(isRing)) __dim.push(now);
    return false;
"#;

const CONCLUDE: &str = r#"
    const describe = (e) => `<${e.localName} class="${e.className}" ${e.getAttribute("aria-label") ?? ""}>${e.textContent.trim().slice(0, 40)}`;
    const wanted = __wanted.filter((e) => e.isConnected);
    const missed = wanted.filter((e) => !__reached.includes(e)).map((e) => `Tab does not reach ${describe(e)}`);
    const order = __reached.filter((e) => wanted.includes(e));
    const late = order.filter((e, i) => i > 0 && wanted.indexOf(e) < wanted.indexOf(order[i - 1]));
    const dim = __dim.filter((e) => wanted.includes(e));
    return [...missed, ...late.map((e) => `it is reached out of order: ${describe(e)}`), ...dim.map((e) => `it does not show its focus: ${describe(e)}`)];
"#;
