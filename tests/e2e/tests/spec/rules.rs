//! The rules of a server that has very many.

use tests_e2e::{Page, World};

fn shown(page: &Page) -> Vec<String> {
    page.eval("return [...document.querySelectorAll('[data-rule]')].map((row) => row.dataset.rule)")
}

/// By filter, by state and by key; the rows that nobody looks at are not in the page.
pub fn the_one_of_thousands_is_found(world: &World) {
    let site = world.faulty().with_rules(3_402, 14_758);
    let page = site.page();
    page.open("alerts");
    page.wait("rules are there", || (!shown(&page).is_empty()).then_some(()));
    assert!(page.text().contains("14758 rules: 50 firing, 49 pending, 29 with errors"), "{}", page.text());
    assert!(shown(&page).len() < 100, "{} rows are in the page", shown(&page).len());

    page.focus(".rule-rows").press("End");
    page.wait("the last one is in view", || shown(&page).contains(&"TheVeryLastOne".to_owned()).then_some(()));
    page.press("Enter");
    let detail = "return document.querySelector('.rule-detail')?.innerText ?? ''";
    page.wait("its details are shown", || {
        let text = page.eval::<String>(detail);
        (text.contains("TheVeryLastOne") && text.contains("runbook_url")).then_some(())
    });

    page.focus("input[aria-label='Filter rules']").type_text("verylast CHECK");
    page.wait("nothing is like that", || page.text().contains("No rule is like that").then_some(()));
    page.eval::<()>("document.activeElement.select()");
    page.type_text("VERYlast");
    page.wait("it is the only one", || (shown(&page) == ["TheVeryLastOne"]).then_some(()));
    assert!(page.text().contains("1 of 14758 rules"), "{}", page.text());
    assert_eq!(page.route(), "alerts?q=VERYlast");

    page.follow("alerts");
    page.click("Firing");
    page.wait("those that fire are left", || page.text().contains("50 of 14758 rules").then_some(()));
    assert_eq!(page.route(), "alerts?state=firing");
    page.assert_no_complaints();
}
