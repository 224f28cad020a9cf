//! What panels do to their queries' answers before they show them, compared with the API's own words.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tests_e2e::{Dashboard, Faulty, Page, State, World};

pub(super) const COUNT: &str = "count by (job) (up)";
const THREES: &str = "sum by (job) (up) * 3";

/// `base` with other keys, or with other values of its own.
fn with(base: Value, more: Value) -> Value {
    let object = |value: Value| value.as_object().cloned().unwrap_or_default();
    Value::Object(object(base).into_iter().chain(object(more)).collect::<Map<String, Value>>())
}

/// A query over time.
pub(super) fn over_time(ref_id: &str, expr: &str) -> Value {
    json!({ "refId": ref_id, "expr": expr, "legendFormat": "{{job}}" })
}

/// The same, now and as a table.
fn now(ref_id: &str, expr: &str) -> Value {
    with(over_time(ref_id, expr), json!({ "instant": true, "format": "table" }))
}

/// A page with one panel of these queries, and the site it is on as long as it is looked at.
pub(super) fn shown<'a>(world: &'a World, kind: &str, targets: Value, more: Value) -> (Page, Faulty<'a>) {
    shown_in(world, kind, targets, more, State::Ready)
}

/// The same, once the panel is in this state.
pub(super) fn shown_in<'a>(
    world: &'a World,
    kind: &str,
    targets: Value,
    more: Value,
    state: State,
) -> (Page, Faulty<'a>) {
    let place = json!({ "x": 0, "y": 0, "w": 24, "h": 12 });
    let panel = json!({ "id": 1, "type": kind, "title": "Shaped", "gridPos": place, "targets": targets });
    let dashboard = Dashboard::of(&[]).with("panels", json!([with(panel, more)]));
    let site = world.faulty().with(&dashboard);
    let page = site.page();
    page.open("");
    // Right after the start not everything has been scraped.
    page.wait("the numbers have been the same for a while", || {
        let stays = |expr: &str| by_job(&page, expr) == by_job(&page, &expr.replace("(up)", "(up offset 20s)"));
        (by_job(&page, COUNT).len() > 2 && stays(COUNT) && stays(THREES)).then_some(())
    });
    page.follow("d/small");
    page.panel_in("1", state);
    (page, site)
}

/// A legend that tells the last value of every series.
fn last_values() -> Value {
    json!({ "legend": { "displayMode": "table", "showLegend": true, "calcs": ["lastNotNull"] } })
}

/// What the API says now, by job.
pub(super) fn by_job(page: &Page, expr: &str) -> BTreeMap<String, f64> {
    let script = r#"const request = new XMLHttpRequest();
        request.open("GET", "prometheus/api/v1/query?query=" + encodeURIComponent(EXPR), false);
        request.send();
        const series = JSON.parse(request.responseText).data.result;
        return Object.fromEntries(series.map(({ metric, value }) => [metric.job, Number(value[1])]));"#;
    page.eval(&script.replace("EXPR", &Value::from(expr).to_string()))
}

/// The texts of a table, row by row; of a legend too.
pub(super) fn rows(page: &Page, part: &str) -> Vec<Vec<String>> {
    page.eval(&format!(
        r#"return [...document.querySelectorAll("section[data-panel-id='1'] {part} tr:not(.space)")]
            .map((row) => [...row.cells].map((cell) => cell.innerText.trim()));"#
    ))
}

/// Waits until the table's body reads so.
fn wait_for_rows(page: &Page, expected: &[Vec<String>]) {
    let found = || rows(page, "tbody");
    let same = page.look(std::time::Duration::from_secs(20), || (found() == expected).then_some(()));
    assert!(same.is_some(), "expected {expected:#?}\nfound {:#?}", found());
}

fn text(number: f64) -> String {
    number.to_string()
}

pub fn tables_are_merged_named_and_sorted(world: &World) {
    let steps = json!([
        { "id": "merge", "options": {} },
        { "id": "organize", "options": { "excludeByName": { "Time": true }, "indexByName": { "job": 0 },
            "renameByName": { "Value #A": "Targets", "Value #B": "Threes" } } },
    ]);
    let options = json!({ "sortBy": [{ "displayName": "job", "desc": true }] });
    let targets = json!([now("A", COUNT), now("B", THREES)]);
    let (page, _site) = shown(world, "table", targets, json!({ "transformations": steps, "options": options }));
    let (counts, threes) = (by_job(&page, COUNT), by_job(&page, THREES));
    let row = |job: &String| vec![job.clone(), text(counts[job]), text(threes[job])];
    let rising: Vec<Vec<String>> = counts.keys().map(row).collect();
    let falling: Vec<Vec<String>> = rising.iter().rev().cloned().collect();
    wait_for_rows(&page, &falling);
    assert!(rising.len() > 2, "{rising:?}");
    let order = |heading: &str| {
        let script =
            r#"return [...document.querySelectorAll("th")].find((th) => th.innerText.startsWith(NAME)).ariaSort"#;
        page.eval::<String>(&script.replace("NAME", &Value::from(heading).to_string()))
    };
    assert_eq!((order("job"), order("Targets")), ("descending".into(), "none".into()));
    let press = |heading: &str| {
        let script = r#"[...document.querySelectorAll("th button")].find((b) => b.innerText.startsWith(NAME)).click()"#;
        page.eval::<Value>(&script.replace("NAME", &Value::from(heading).to_string()));
    };
    // Falling, as it came, rising.
    press("job");
    press("job");
    wait_for_rows(&page, &rising);
    assert_eq!(order("job"), "ascending");
    page.assert_no_complaints();
}

pub fn tables_are_joined(world: &World) {
    let steps = json!([
        { "id": "joinByField", "options": { "byField": "job", "mode": "outer" } },
        { "id": "filterFieldsByName", "options": { "include": { "names": ["job", "Value #A", "Value #B"] } } },
    ]);
    let fields = json!({ "defaults": { "unit": "none" }, "overrides": [
        { "matcher": { "id": "byName", "options": "Value #B" }, "properties": [
            { "id": "displayName", "value": "Share" }, { "id": "unit", "value": "percent" } ] },
    ] });
    let targets = json!([now("A", COUNT), now("B", THREES)]);
    let (page, _site) = shown(world, "table", targets, json!({ "transformations": steps, "fieldConfig": fields }));
    let (counts, threes) = (by_job(&page, COUNT), by_job(&page, THREES));
    let row = |job: &String| vec![job.clone(), text(counts[job]), format!("{}%", threes[job])];
    wait_for_rows(&page, &counts.keys().map(row).collect::<Vec<_>>());
    assert_eq!(rows(&page, "thead"), [["job", "Value #A", "Share"]]);
}

pub fn a_query_without_series_keeps_its_column(world: &World) {
    let steps = json!([
        { "id": "merge", "options": {} },
        { "id": "organize", "options": { "excludeByName": { "Time": true },
            "renameByName": { "Value #A": "Targets", "Value #B": "Lost" } } },
    ]);
    let targets = json!([now("A", COUNT), now("B", "count by (job) (up > 1)")]);
    let (page, _site) = shown(world, "table", targets, json!({ "transformations": steps }));
    let row = |(job, count): (String, f64)| vec![job, text(count), String::new()];
    wait_for_rows(&page, &by_job(&page, COUNT).into_iter().map(row).collect::<Vec<_>>());
    assert_eq!(rows(&page, "thead"), [["job", "Targets", "Lost"]]);
}

/// Of a series without the label of its legend, as a panel shows it that shapes nothing.
pub fn a_series_without_a_legend_is_named_by_its_labels(world: &World) {
    let fields = json!({ "defaults": {}, "overrides": [
        { "matcher": { "id": "byName", "options": "Value" }, "properties": [{ "id": "unit", "value": "percent" }] },
    ] });
    let query = json!([over_time("A", "sum(vector(3))")]);
    let more = json!({ "fieldConfig": fields, "options": last_values() });
    let (page, _site) = shown(world, "timeseries", query, more);
    wait_for_rows(&page, &[vec!["Value".to_owned(), "3%".to_owned()]]);
}

pub fn series_are_reduced_to_rows(world: &World) {
    let steps = json!([{ "id": "reduce", "options": { "reducers": ["max", "lastNotNull"] } }]);
    let (page, _site) = shown(world, "table", json!([over_time("A", THREES)]), json!({ "transformations": steps }));
    let row = |(job, value): (String, f64)| vec![job, text(value), text(value)];
    wait_for_rows(&page, &by_job(&page, THREES).into_iter().map(row).collect::<Vec<_>>());
}

pub fn an_expression_computes_with_hidden_queries(world: &World) {
    let hidden = |query: Value| with(query, json!({ "hide": true }));
    let expression =
        json!({ "refId": "C", "type": "math", "expression": "$B / $A + 1", "datasource": { "uid": "__expr__" } });
    let targets = json!([hidden(over_time("A", COUNT)), hidden(over_time("B", THREES)), expression]);
    let (page, _site) = shown(world, "timeseries", targets, json!({ "options": last_values() }));
    let (counts, threes) = (by_job(&page, COUNT), by_job(&page, THREES));
    let row = |job: &String| vec![format!("C {job}"), text(threes[job] / counts[job] + 1.0)];
    wait_for_rows(&page, &counts.keys().map(row).collect::<Vec<_>>());
}

pub fn a_field_is_calculated_over_series(world: &World) {
    let all = json!({ "mode": "reduceRow", "reduce": { "reducer": "sum" }, "alias": "all", "replaceFields": true });
    let steps = json!([{ "id": "joinByField", "options": {} }, { "id": "calculateField", "options": all }]);
    let more = json!({ "transformations": steps, "options": last_values() });
    let (page, _site) = shown(world, "timeseries", json!([over_time("A", THREES)]), more);
    wait_for_rows(&page, &[vec!["all".to_owned(), text(by_job(&page, THREES).values().sum())]]);
}

pub fn an_override_is_for_series_by_their_value(world: &World) {
    let matcher = json!({ "id": "byValue", "options": { "reducer": "max", "op": "gte", "value": 9 } });
    let fields = json!({ "defaults": {}, "overrides": [
        { "matcher": matcher, "properties": [{ "id": "displayName", "value": "large" }] },
    ] });
    let more = json!({ "fieldConfig": fields, "options": last_values() });
    let (page, _site) = shown(world, "timeseries", json!([over_time("A", THREES)]), more);
    let row = |(job, value): (String, f64)| vec![if value >= 9.0 { "large".to_owned() } else { job }, text(value)];
    let expected: Vec<Vec<String>> = by_job(&page, THREES).into_iter().map(row).collect();
    let large = expected.iter().filter(|row| row[0] == "large").count();
    assert!(large > 0 && large < expected.len(), "{expected:?}");
    wait_for_rows(&page, &expected);
    assert!(!page.panel("1").text.contains("partly"), "{}", page.panel("1").text);
}

pub fn many_rows_are_there_where_one_looks(world: &World) {
    let (page, _site) = shown(world, "table", json!([now("A", "{__name__=~\".+\"}")]), json!({}));
    let foot = || page.eval::<String>("return document.querySelector('.table-foot')?.innerText ?? ''");
    let count = page.wait("it says how many rows there are", || {
        foot().split_whitespace().next().and_then(|word| word.parse::<usize>().ok())
    });
    let first = rows(&page, "tbody");
    assert!(count > 1_000 && first.len() < count / 2, "{} of {count}", first.len());
    page.eval::<Value>("const box = document.querySelector('.table-scroll'); box.scrollTop = box.scrollHeight");
    page.wait("the last rows are there", || {
        let in_view: bool = page.eval(
            "const box = document.querySelector('.table-scroll').getBoundingClientRect();
            const last = [...document.querySelectorAll('.table-scroll tbody tr:not(.space)')].at(-1)?.getBoundingClientRect();
            return last !== undefined && last.bottom <= box.bottom + 1 && last.top >= box.top;",
        );
        (in_view && rows(&page, "tbody") != first).then_some(())
    });
}

pub fn pages_are_turned(world: &World) {
    let options = json!({ "options": { "enablePagination": true } });
    let (page, _site) = shown(world, "table", json!([now("A", "{__name__=~\".+\"}")]), options);
    // "1 – 12 of 1,234 rows" as numbers.
    let shown = || -> Option<[usize; 3]> {
        let text: String = page.eval("return document.querySelector('.pager')?.innerText ?? ''");
        let numbers: Vec<usize> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        numbers.try_into().ok()
    };
    let [first, last, count] = page.wait("the first page is there", shown);
    assert!(first == 1 && last > 1 && last < count, "{first} to {last} of {count}");
    let rows_now = rows(&page, "tbody");
    assert_eq!(rows_now.len(), last);
    let fits = "const box = document.querySelector('.table-scroll'); return box.scrollHeight <= box.clientHeight";
    assert!(page.eval::<bool>(fits), "nothing is scrolled");
    page.click("Next page");
    page.wait("the next page is there", || (shown() == Some([last + 1, (2 * last).min(count), count])).then_some(()));
    assert_ne!(rows(&page, "tbody"), rows_now);
    page.click("Previous page");
    page.wait("the first page is there again", || (rows(&page, "tbody") == rows_now).then_some(()));
}

pub fn what_cannot_be_transformed_is_told(world: &World) {
    let steps = json!([{ "id": "renameByRegex", "options": { "regex": "(?<=a)b", "renamePattern": "c" } }]);
    let (page, _site) = shown(world, "timeseries", json!([over_time("A", COUNT)]), json!({ "transformations": steps }));
    let panel = page.panel("1");
    assert!(panel.partial && panel.series > Some(2), "{panel:#?}");
    let told: String = page.eval("return document.querySelector('section[data-panel-id] .mark.warn').title");
    assert!(told.contains("transformations[0].options.regex"), "{told}");
}
