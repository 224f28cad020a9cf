//! Panels and rows that are shown once per value of a variable.

use crate::grid::COLUMNS;
use crate::interpolate::{Caption, Scope, Value};
use crate::model::{GridPos, Panel, PanelKind, Repeat, VariableOption};

/// A panel as it stands on the page: itself, or one of its copies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instance {
    /// The panel, as an index into the list that was expanded.
    pub index: usize,
    /// Unique on the page: the panel's id, `3-clone-1` for its second copy, `10-clone-1/3` in the second copy of row 10.
    pub id: String,
    /// Where it wants to stand. Only the order and the columns of copies mean something: the layout finds the rest.
    pub grid: GridPos,
    /// What the variables it is repeated for stand for in it.
    pub local: Scope,
}

/// All there is to show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expanded {
    /// In reading order, each row followed by its panels.
    pub instances: Vec<Instance>,
    /// So many copies would be more than a page can show.
    pub left_out: usize,
}

/// What is chosen of variables, by their names: the options one by one.
pub type Chosen = [(String, Vec<VariableOption>)];

/// More than this are left out.
const MOST_INSTANCES: usize = 2_000;
/// So many copies stand side by side where the panel does not say it.
const PER_ROW: u32 = 4;

/// Repeats rows with all that is in them, and panels, as Grafana does.
///
/// Where nothing is chosen of a variable, or it is none, what it would repeat is there once. Side by side, copies share the
/// whole width, which one alone has.
#[must_use]
pub fn expand(panels: &[Panel], chosen: &Chosen) -> Expanded {
    let mut out = Expanded::default();
    let mut start = 0;
    while start < panels.len() {
        let rest = panels.iter().enumerate().skip(start + 1);
        let end = rest.clone().find(|(_, panel)| !panel.in_row).map_or(panels.len(), |(at, _)| at);
        let row = panels.get(start).filter(|panel| panel.is_row());
        let repeat = row.and_then(|row| row.repeat.as_ref());
        for (number, local) in scopes(repeat, chosen, &Scope::default()).into_iter().enumerate() {
            let prefix = row.filter(|_| number > 0).map(|row| format!("{}-clone-{number}", row.id));
            for (index, panel) in panels.iter().enumerate().take(end).skip(start) {
                place(index, panel, chosen, (prefix.as_deref(), &local), &mut out);
            }
        }
        start = end;
    }
    out
}

/// A panel within one copy of its row, as often as it is repeated itself.
fn place(index: usize, panel: &Panel, chosen: &Chosen, (row, local): (Option<&str>, &Scope), out: &mut Expanded) {
    let is_row = matches!(panel.kind, PanelKind::Row { .. });
    // A row's copies are made around all of it.
    let repeat = panel.repeat.as_ref().filter(|_| !is_row);
    let scopes = scopes(repeat, chosen, local);
    let count = scopes.len();
    for (number, local) in scopes.into_iter().enumerate() {
        if out.instances.len() >= MOST_INSTANCES {
            out.left_out += 1;
            continue;
        }
        let own = if number == 0 { panel.id.to_string() } else { format!("{}-clone-{number}", panel.id) };
        let id = match row {
            None => own,
            Some(row) if is_row => row.to_owned(),
            Some(row) => format!("{row}/{own}"),
        };
        let grid = repeat.map_or(panel.grid, |repeat| nth_place(panel.grid, repeat, number, count));
        out.instances.push(Instance { index, id, grid, local });
    }
}

/// One scope per copy; the one there is if nothing is repeated.
fn scopes(repeat: Option<&Repeat>, chosen: &Chosen, local: &Scope) -> Vec<Scope> {
    let once = || vec![local.clone()];
    let Some(Repeat { variable, .. }) = repeat else { return once() };
    // In a row that is repeated for the same variable there is one value left.
    if local.get(variable).is_some() {
        return once();
    }
    let values = chosen.iter().find(|(name, _)| name == variable).map(|(_, values)| values.as_slice());
    let Some(values) = values.filter(|values| !values.is_empty()) else { return once() };
    let with = |option: &VariableOption| {
        let mut scope = local.clone();
        let caption = Caption::Each([option.label.clone()].into());
        scope.set_captioned(variable, Value::Many([option.value.clone()].into()), caption);
        scope
    };
    values.iter().map(with).collect()
}

/// Where copy `number` of `count` stands.
fn nth_place(grid: GridPos, repeat: &Repeat, number: usize, count: usize) -> GridPos {
    let (number, count) = (number as u32, u32::try_from(count).unwrap_or(u32::MAX));
    if repeat.vertical {
        return GridPos { y: grid.y.saturating_add(number.saturating_mul(grid.h)), ..grid };
    }
    let per_row = count.min(repeat.max_per_row.unwrap_or(PER_ROW)).clamp(1, COLUMNS);
    let (line, at) = (number / per_row, number % per_row);
    let (x, end) = (at * COLUMNS / per_row, (at + 1) * COLUMNS / per_row);
    GridPos { x, w: end - x, y: grid.y.saturating_add(line.saturating_mul(grid.h)), h: grid.h }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import;

    /// Repeats panels written as `kind id x,y,wxh [variable [down] [max N]]`, for what is chosen written as `name=a,b`, and
    /// compares with instances written as `id x,y,wxh name=value…`.
    fn check(panels: &[&str], chosen: &[&str], expected: &[&str]) {
        let json: Vec<serde_json::Value> = panels.iter().map(|panel| panel_json(panel)).collect();
        let text = serde_json::json!({"title": "", "panels": json}).to_string();
        let dashboard = import(&text).unwrap().dashboard;
        let chosen = chosen.iter().map(|chosen| {
            let (name, values) = chosen.split_once('=').unwrap();
            let values = values.split(',').filter(|value| !value.is_empty()).map(VariableOption::plain);
            (name.to_owned(), values.collect::<Vec<_>>())
        });
        let expanded = expand(&dashboard.panels, &chosen.collect::<Vec<_>>());
        let written: Vec<String> = expanded.instances.iter().map(written).collect();
        assert_eq!(written, expected, "{panels:?}");
        assert_eq!(expanded.left_out, 0);
    }

    fn written(Instance { id, grid: GridPos { x, y, w, h }, local, .. }: &Instance) -> String {
        let values = local.values.iter().map(|(name, value)| format!(" {name}={}", value.parts().join("|")));
        format!("{id} {x},{y},{w}x{h}{}", values.collect::<String>())
    }

    fn panel_json(panel: &str) -> serde_json::Value {
        let words: Vec<&str> = panel.split(' ').collect();
        let numbers: Vec<i64> = words[2].split([',', 'x']).map(|number| number.parse().unwrap()).collect();
        let most = words.iter().position(|word| *word == "max").map(|at| words[at + 1].parse::<u32>().unwrap());
        serde_json::json!({
            "type": words[0], "id": words[1].parse::<u32>().unwrap(),
            "gridPos": {"x": numbers[0], "y": numbers[1], "w": numbers[2], "h": numbers[3]},
            "repeat": words.get(3), "repeatDirection": if words.contains(&"down") { "v" } else { "h" }, "maxPerRow": most,
        })
    }

    #[test]
    fn without_repeats_everything_is_there_once() {
        check(&[], &[], &[]);
        check(
            &["stat 1 0,0,6x2", "row 2 0,2,24x1", "stat 3 0,3,6x5"],
            &["v=a,b"],
            &["1 0,0,6x2", "2 0,2,24x1", "3 0,3,6x5"],
        );
    }

    #[test]
    fn copies_share_the_width() {
        check(&["stat 1 3,0,6x2 v"], &["v=a"], &["1 0,0,24x2 v=a"]);
        check(&["stat 1 3,0,6x2 v max 2"], &["v=a"], &["1 0,0,24x2 v=a"]);
        check(&["stat 1 0,0,6x2 v"], &["v=a,b"], &["1 0,0,12x2 v=a", "1-clone-1 12,0,12x2 v=b"]);
        check(
            &["stat 1 0,0,6x2 v", "stat 2 6,0,6x2"],
            &["v=a,b,c,d,e"],
            &[
                "1 0,0,6x2 v=a",
                "1-clone-1 6,0,6x2 v=b",
                "1-clone-2 12,0,6x2 v=c",
                "1-clone-3 18,0,6x2 v=d",
                "1-clone-4 0,2,6x2 v=e",
                "2 6,0,6x2",
            ],
        );
        check(
            &["stat 1 0,0,6x2 v max 2"],
            &["v=a,b,c"],
            &["1 0,0,12x2 v=a", "1-clone-1 12,0,12x2 v=b", "1-clone-2 0,2,12x2 v=c"],
        );
        check(
            &["stat 1 0,0,6x2 v max 12"],
            &["v=a,b,c,d,e"],
            &[
                "1 0,0,4x2 v=a",
                "1-clone-1 4,0,5x2 v=b",
                "1-clone-2 9,0,5x2 v=c",
                "1-clone-3 14,0,5x2 v=d",
                "1-clone-4 19,0,5x2 v=e",
            ],
        );
    }

    #[test]
    fn copies_stand_below_each_other() {
        check(&["stat 1 6,3,6x2 v down"], &["v=a"], &["1 6,3,6x2 v=a"]);
        check(&["stat 1 6,3,6x2 v down"], &["v=a,b"], &["1 6,3,6x2 v=a", "1-clone-1 6,5,6x2 v=b"]);
    }

    #[test]
    fn what_is_not_chosen_repeats_nothing() {
        check(&["stat 1 0,0,6x2 v"], &[], &["1 0,0,24x2"]);
        check(&["stat 1 0,0,6x2 v"], &["v=", "w=a,b"], &["1 0,0,24x2"]);
    }

    #[test]
    fn rows_are_repeated_with_their_panels() {
        check(
            &["stat 9 0,0,6x2", "row 1 0,2,24x1 v", "stat 2 0,3,6x2", "row 3 0,5,24x1", "stat 4 0,6,6x2"],
            &["v=a,b"],
            &[
                "9 0,0,6x2",
                "1 0,2,24x1 v=a",
                "2 0,3,6x2 v=a",
                "1-clone-1 0,2,24x1 v=b",
                "1-clone-1/2 0,3,6x2 v=b",
                "3 0,5,24x1",
                "4 0,6,6x2",
            ],
        );
        check(&["row 1 0,2,24x1 v"], &["v=a,b"], &["1 0,2,24x1 v=a", "1-clone-1 0,2,24x1 v=b"]);
    }

    #[test]
    fn panels_are_repeated_in_repeated_rows() {
        check(
            &["row 1 0,0,24x1 v", "stat 2 0,1,6x2 w", "stat 3 0,3,6x2 v"],
            &["v=a,b", "w=x,y"],
            &[
                "1 0,0,24x1 v=a",
                "2 0,1,12x2 v=a w=x",
                "2-clone-1 12,1,12x2 v=a w=y",
                "3 0,3,24x2 v=a",
                "1-clone-1 0,0,24x1 v=b",
                "1-clone-1/2 0,1,12x2 v=b w=x",
                "1-clone-1/2-clone-1 12,1,12x2 v=b w=y",
                "1-clone-1/3 0,3,24x2 v=b",
            ],
        );
    }

    #[test]
    fn a_page_has_limits() {
        let json = serde_json::json!({"title": "", "panels": [panel_json("stat 1 0,0,6x2 v")]}).to_string();
        let panels = import(&json).unwrap().dashboard.panels;
        let values = (0..10_000).map(|number| VariableOption::plain(number.to_string())).collect();
        let expanded = expand(&panels, &[("v".to_owned(), values)]);
        assert_eq!((expanded.instances.len(), expanded.left_out), (MOST_INSTANCES, 10_000 - MOST_INSTANCES));
    }
}
