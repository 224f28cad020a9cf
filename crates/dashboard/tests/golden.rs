//! Dashboards as files, and what is read of them.
//!
//! A case is a folder `tests/golden/import-*` with `dashboard.json` and `expected.txt`. Set `UPDATE_GOLDENS` to write
//! the latter anew.
#![allow(clippy::unwrap_used)]

use dashboard::interpolate::Value;
use dashboard::model::{Candidate, Dashboard, FieldConfig, Matcher, Panel, PanelKind, Target, Variable};
use dashboard::resolution::{Resolution, Wanted, without_asking};
use dashboard::{grid, import};
use frame::{Millis, TimeRange};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn dashboards_are_read_as_expected() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| case.file_name().is_some_and(|name| name.to_string_lossy().starts_with("import-")));
    assert!(!cases.is_empty());
    for case in cases {
        let computed = describe(&case);
        let file = case.join("expected.txt");
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&file, &computed).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        assert!(computed == expected, "{} differs; it is now\n{computed}", file.display());
    }
}

fn describe(case: &Path) -> String {
    let text = fs::read_to_string(case.join("dashboard.json")).unwrap();
    let imported = import(&text).unwrap();
    let dashboard = imported.dashboard;
    let mut out = String::new();
    let Dashboard { uid, title, tags, time, refresh, timezone, calendar, cursor, schema_version, .. } = &dashboard;
    writeln!(out, "{title:?} uid {uid:?} tags {tags:?} schema {schema_version}").unwrap();
    writeln!(
        out,
        "{} refresh {refresh:?} zone {timezone:?} {calendar:?} cursor {cursor:?}",
        time.clone().unwrap_or_default().describe()
    )
    .unwrap();
    for link in &dashboard.links {
        writeln!(out, "link {:?} {:?}", link.title, link.target).unwrap();
    }
    let wanted = || Wanted { asked: Vec::new(), range: Some(TimeRange::new(0, 3_600_000)), now: Millis(3_600_000) };
    let mut resolution = Resolution::new(&dashboard.variables, wanted(), None);
    let groups = std::iter::from_fn(|| {
        let group = resolution.questions();
        group.iter().for_each(|index| drop(resolution.answer(*index, None)));
        Some(group).filter(|group| !group.is_empty())
    });
    let groups: Vec<_> = groups.collect();
    writeln!(out, "\nvariables, resolved in the order {groups:?}, cyclic {:?}", resolution.waiting()).unwrap();
    for variable in &dashboard.variables {
        describe_variable(&mut out, variable);
    }
    let scope = without_asking(&dashboard.variables, wanted()).scope;
    for (name, value) in &scope.values {
        let value = match value {
            Value::One(one) => one.clone(),
            Value::Many(many) => many.join(" | "),
            Value::Verbatim(text) => format!("as it is: {text}"),
        };
        writeln!(out, "  ${name} = {value}").unwrap();
    }
    writeln!(out, "\npanels").unwrap();
    for panel in &dashboard.panels {
        describe_panel(&mut out, panel);
    }
    writeln!(out, "\nlaid out, rows as saved").unwrap();
    let is_collapsed = |row: &Panel| matches!(row.kind, PanelKind::Row { collapsed: true });
    let cells = dashboard.panels.iter().map(|panel| grid::Cell::of(panel, panel.grid, is_collapsed(panel)));
    for placed in grid::layout(cells) {
        let grid = placed.grid;
        let id = dashboard.panels[placed.index].id;
        writeln!(out, "  {id} at {},{} size {}x{}, {} px high", grid.x, grid.y, grid.w, grid.h, placed.height_px())
            .unwrap();
    }
    writeln!(out, "\nnotes").unwrap();
    for note in &imported.notes {
        writeln!(out, "  {note}").unwrap();
    }
    out
}

fn describe_variable(out: &mut String, variable: &Variable) {
    let Variable { name, label, kind, multi, include_all, all_value, current, options, hide, .. } = variable;
    writeln!(out, "  {name} {label:?} {kind:?}").unwrap();
    let options: Vec<String> = options.iter().map(|option| format!("{}={}", option.label, option.value)).collect();
    writeln!(out, "    multi {multi} all {include_all} {all_value:?} hide {hide:?} options {options:?}").unwrap();
    writeln!(out, "    chosen {:?} shown as {:?}", current.values, current.labels).unwrap();
}

fn describe_panel(out: &mut String, panel: &Panel) {
    let Panel { id, title, kind, datasource, grid, json_pointer, .. } = panel;
    writeln!(out, "\n  {id} {title:?} {json_pointer} {},{} {}x{}", grid.x, grid.y, grid.w, grid.h).unwrap();
    writeln!(out, "    {kind:?}").unwrap();
    if panel.is_row() {
        return;
    }
    writeln!(out, "    from {datasource:?}").unwrap();
    for Target { ref_id, expr, legend, mode, format, interval, hide, .. } in &panel.targets {
        writeln!(out, "    {ref_id}: {expr} | {legend:?} {mode:?} {format:?} interval {interval:?} hide {hide}")
            .unwrap();
    }
    if let Some(repeat) = &panel.repeat {
        writeln!(out, "    repeated {repeat:?}").unwrap();
    }
    describe_fields(out, &panel.fields.defaults, "    ");
    for rule in &panel.fields.overrides {
        let ids: Vec<&str> = rule.properties.iter().map(|(id, _)| id.as_str()).collect();
        writeln!(out, "    override {:?} of {}", rule.matcher, ids.join(", ")).unwrap();
        let (name, ref_id) = match &rule.matcher {
            Matcher::Name(name) => (name.as_str(), ""),
            Matcher::RefId(ref_id) => ("", ref_id.as_str()),
            _ => ("error rate", ""),
        };
        describe_fields(
            out,
            &panel.fields.resolve(Candidate { shown_name: name, metric_name: None, ref_id }),
            "      ",
        );
    }
}

/// What of a field's look differs from that of one nobody configured.
fn describe_fields(out: &mut String, config: &FieldConfig, indent: &str) {
    let plain = FieldConfig::default();
    let mut line = |name: &str, now: String, usual: String| {
        if now != usual {
            writeln!(out, "{indent}{name} {now}").unwrap();
        }
    };
    macro_rules! differing {
        ($($($part:ident).+),+) => {
            $(line(stringify!($($part).+), format!("{:?}", config.$($part).+), format!("{:?}", plain.$($part).+));)+
        };
    }
    differing!(
        unit,
        decimals,
        min,
        max,
        display_name,
        no_value,
        thresholds,
        mappings,
        color,
        links,
        draw.style,
        draw.interpolation,
        draw.line_width,
        draw.line_style,
        draw.fill_opacity,
        draw.gradient,
        draw.stacking,
        draw.show_points,
        draw.point_size,
        draw.span_nulls,
        draw.negative_y,
        draw.axis,
        draw.thresholds,
        draw.hide_from
    );
}
