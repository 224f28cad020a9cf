//! Pictures of charts, compared command by command with `tests/golden/chart-<case>/`: `list.txt` is what was drawn,
//! `chart.svg` how it looks. `UPDATE_GOLDENS=1` writes them anew; look at them before committing.

use chart::{
    Annotation, AxisId, Color, Dash, DisplayList, Draw, Gradient, GridLines, Interpolation, Limits, Points, Recorder,
    Rect, Region, Series, SeriesStyle, Side, Size, SpanGaps, Spread, SvgSurface, TableMeasure, Theme, Threshold,
    TickBase, TimeSeriesChart, ValueAxis, bands, paint, series_color, sparkline,
};
use frame::{GAP, Millis, TimeRange, Zone, Zones};
use std::path::Path;

const HOUR: i64 = 3_600_000;
/// Friday, 20 November 2026, 09:00 UTC.
const START: i64 = 1_795_165_200_000;
const SIZE: Size = Size { width_px: 1400.0, height_px: 480.0, ratio: 2.0 };

/// Draws on paper and as SVG and compares both with the files of the case.
fn check_list(name: &str, list: &DisplayList, size: Size, theme: &Theme) {
    let mut recorder = Recorder::new();
    let mut svg = SvgSurface::new(size, theme.panel);
    paint(list, &mut recorder).expect("recording cannot fail");
    paint(list, &mut svg).expect("writing SVG cannot fail");
    check_file(name, "list.txt", &recorder.finish());
    check_file(name, "chart.svg", &svg.finish());
}

fn check_file(name: &str, file: &str, found: &str) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden").join(format!("chart-{name}")).join(file);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&path, found).expect("the golden can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let different = expected.lines().zip(found.lines()).position(|(expected, found)| expected != found);
    let line = different.unwrap_or(expected.lines().count().min(found.lines().count()));
    assert!(
        expected == found,
        "{name}/{file} differs in line {}:\n  expected {:?}\n     found {:?}\nUPDATE_GOLDENS=1 writes it anew.",
        line + 1,
        expected.lines().nth(line),
        found.lines().nth(line),
    );
}

fn check(name: &str, chart: &TimeSeriesChart, theme: &Theme) {
    let layout = chart.layout(&SIZE, theme, &TableMeasure, &Clock);
    check_list(name, &chart.draw(&layout), SIZE, theme);
}

/// UTC, and `Europe/Berlin` in the autumn of 2026: an hour back on 25 October at 01:00 UTC.
struct Clock;

impl Zones for Clock {
    fn offset_millis(&self, zone: &Zone, at: Millis) -> i64 {
        match zone {
            Zone::Named(_) if at.0 < 1_792_890_000_000 => 2 * HOUR,
            Zone::Named(_) => HOUR,
            _ => 0,
        }
    }
}

/// `count` instants `step` milliseconds apart.
fn times(count: usize, step: i64) -> Vec<f64> {
    (0..count as i64).map(|index| (START + index * step) as f64).collect()
}

/// A wave between `low` and `high` with some noise on it, in plain arithmetic: the same on every machine.
fn wave(count: usize, period: usize, low: f64, high: f64, seed: usize) -> Vec<f64> {
    let at = |index: usize| {
        let phase = ((index + seed * 7) % period) as f64 / period as f64 * 2.0 - 1.0;
        // A parabola up and one down look like a sine.
        let swing = 4.0 * phase * (1.0 - phase.abs());
        let noise = ((index * 7_919 + seed * 104_729) % 97) as f64 / 97.0 - 0.5;
        low + (high - low) * (0.5 + 0.4 * swing + 0.2 * noise)
    };
    (0..count).map(at).collect()
}

fn style(index: usize, theme: &Theme) -> SeriesStyle {
    SeriesStyle { color: series_color(index, theme.dark), ..SeriesStyle::default() }
}

fn series<'a>(times: &'a [f64], values: &'a [f64], style: SeriesStyle) -> Series<'a> {
    Series { times, values, baseline: None, style, axis: AxisId::First }
}

fn range(hours: i64) -> TimeRange {
    TimeRange::new(START, START + hours * HOUR)
}

/// Round numbers with as many decimals as the distance between ticks needs.
fn plain(value: f64, step: f64) -> String {
    let decimals = (-step.log10()).ceil().clamp(0.0, 6.0) as usize;
    format!("{value:.decimals$}")
}

fn axis() -> ValueAxis<'static> {
    ValueAxis { label: &plain, ..ValueAxis::default() }
}

fn lines(name: &str, theme: &Theme) {
    let times = times(181, 2 * HOUR / 60);
    let (a, mut b, c) = (wave(181, 90, 20.0, 45.0, 1), wave(181, 120, 40.0, 70.0, 2), wave(181, 70, 65.0, 95.0, 3));
    b[60..80].fill(GAP);
    b[70] = 58.0;
    let all = [
        series(&times, &a, SeriesStyle { fill_opacity: 0.1, ..style(0, theme) }),
        series(&times, &b, style(1, theme)),
        series(&times, &c, style(2, theme)),
    ];
    let dash = Some(Dash { on: 4.0, off: 4.0 });
    let thresholds = [Threshold { from: 80.0, to: f64::INFINITY, color: theme.firing, line: dash, fill: true }];
    let regions = [Region { range: TimeRange::new(START + HOUR, START + 2 * HOUR), color: theme.firing }];
    let annotations = [Annotation { at: (START + 4 * HOUR) as f64, color: theme.info }];
    let chart = TimeSeriesChart {
        y: ValueAxis { unit: Some("requests/s"), ..axis() },
        thresholds: &thresholds,
        regions: &regions,
        annotations: &annotations,
        ..TimeSeriesChart::new(range(6), &Zone::Utc, &all)
    };
    check(name, &chart, theme);
}

#[test]
fn lines_with_everything_around_them() {
    lines("lines", &Theme::DARK);
    lines("lines-light", &Theme::LIGHT);
}

fn stack(name: &str, theme: &Theme) {
    let times = times(61, HOUR / 10);
    let mut edges = [wave(61, 40, 10.0, 20.0, 1), wave(61, 30, 30.0, 45.0, 2), wave(61, 60, 55.0, 80.0, 3)];
    edges[1][25..30].fill(GAP);
    let edges: Vec<(&[f64], &[f64])> = edges.iter().map(|edge| (&times[..], &edge[..])).collect();
    let bands = bands(&edges);
    let all: Vec<Series> = bands
        .iter()
        .enumerate()
        .map(|(index, band)| Series {
            baseline: Some(&band.lower),
            ..series(
                &band.times,
                &band.upper,
                SeriesStyle { fill_opacity: 0.4, line_width: 1.0, ..style(index, theme) },
            )
        })
        .collect();
    check(name, &TimeSeriesChart { y: axis(), ..TimeSeriesChart::new(range(6), &Zone::Utc, &all) }, theme);
}

#[test]
fn stacked_areas() {
    stack("stack", &Theme::DARK);
    stack("stack-light", &Theme::LIGHT);
}

#[test]
fn infinities_and_nans_are_shown() {
    let times = times(37, HOUR / 6);
    let mut values = wave(37, 20, -2.0, 8.0, 4);
    values[5] = f64::INFINITY;
    values[12] = f64::NEG_INFINITY;
    values[18..22].fill(f64::NAN);
    values[28..31].fill(GAP);
    let bridged = SeriesStyle { span_gaps: SpanGaps::Always, ..style(0, &Theme::DARK) };
    let all = [series(&times, &values, bridged)];
    let chart = TimeSeriesChart { y: axis(), ..TimeSeriesChart::new(range(6), &Zone::Utc, &all) };
    check("infinite", &chart, &Theme::DARK);
}

#[test]
fn logarithmic_axis() {
    let times = times(61, HOUR / 10);
    let exponents = wave(61, 60, 0.0, 5.0, 5);
    let mut values: Vec<f64> = exponents.iter().map(|exponent| (1 << (exponent * 3.0) as u32) as f64).collect();
    values[40..43].fill(0.0);
    let all = [series(&times, &values, style(7, &Theme::LIGHT))];
    let y = ValueAxis { spread: Spread::Log { base: 10.0 }, ..axis() };
    check("log", &TimeSeriesChart { y, ..TimeSeriesChart::new(range(6), &Zone::Utc, &all) }, &Theme::LIGHT);
}

#[test]
fn bars() {
    let times = times(25, HOUR / 4);
    let values = wave(25, 20, -3.0, 12.0, 6);
    let bars = SeriesStyle { draw: Draw::Bars, fill_opacity: 0.6, line_width: 1.0, ..style(1, &Theme::DARK) };
    let all = [series(&times, &values, bars)];
    let chart = TimeSeriesChart { y: axis(), ..TimeSeriesChart::new(range(6), &Zone::Utc, &all) };
    check("bars", &chart, &Theme::DARK);
}

#[test]
fn ways_from_point_to_point() {
    let times = times(13, HOUR / 2);
    let rows: Vec<Vec<f64>> = (0..5).map(|row| wave(13, 9, row as f64 * 10.0, row as f64 * 10.0 + 8.0, 1)).collect();
    let draws = [
        Draw::Line(Interpolation::Linear),
        Draw::Line(Interpolation::StepAfter),
        Draw::Line(Interpolation::StepBefore),
        Draw::Line(Interpolation::Smooth),
        Draw::Points,
    ];
    let dashes = [Dash::SOLID, Dash { on: 6.0, off: 4.0 }, Dash { on: 0.0, off: 4.0 }, Dash::SOLID, Dash::SOLID];
    let points = [Points::Auto, Points::Never, Points::Never, Points::Never, Points::Auto];
    let all: Vec<Series> = (0..5)
        .map(|row| {
            let own =
                SeriesStyle { draw: draws[row], dash: dashes[row], points: points[row], ..style(row, &Theme::LIGHT) };
            series(&times, &rows[row], own)
        })
        .collect();
    let grid = GridLines { horizontal: true, vertical: true };
    let chart = TimeSeriesChart { y: axis(), grid, ..TimeSeriesChart::new(range(6), &Zone::Utc, &all) };
    check("interpolation", &chart, &Theme::LIGHT);
}

#[test]
fn more_points_than_pixels() {
    let count = 1_600;
    let times: Vec<f64> = (0..count).map(|index| START as f64 + index as f64 * 13_500.0).collect();
    let (a, b) = (wave(count, 900, 10.0, 50.0, 1), wave(count, 1_600, 60.0, 90.0, 2));
    let all = [
        series(&times, &a, SeriesStyle { fill_opacity: 0.1, ..style(0, &Theme::DARK) }),
        series(&times, &b, style(1, &Theme::DARK)),
    ];
    let chart = TimeSeriesChart { y: axis(), ..TimeSeriesChart::new(range(6), &Zone::Utc, &all) };
    let size = Size { width_px: 400.0, height_px: 240.0, ratio: 2.0 };
    let layout = chart.layout(&size, &Theme::DARK, &TableMeasure, &Clock);
    check_list("dense", &chart.draw(&layout), size, &Theme::DARK);
}

#[test]
fn two_value_axes() {
    let times = times(37, HOUR / 6);
    let (bytes, percent) = (wave(37, 25, 1.2e9, 3.4e9, 1), wave(37, 30, 20.0, 88.0, 2));
    let all = [
        series(
            &times,
            &bytes,
            SeriesStyle { fill_opacity: 0.25, gradient: Gradient::Opacity, ..style(0, &Theme::DARK) },
        ),
        Series { axis: AxisId::Second, ..series(&times, &percent, style(1, &Theme::DARK)) },
    ];
    let gibibytes = |value: f64, _: f64| format!("{} GiB", value / f64::from(1 << 30));
    let limits = Limits { min: Some(0.0), max: Some(100.0), ..Limits::default() };
    let chart = TimeSeriesChart {
        y: ValueAxis { base: TickBase::Binary, label: &gibibytes, ..ValueAxis::default() },
        y2: Some(ValueAxis { side: Side::Right, limits, unit: Some("%"), ..axis() }),
        ..TimeSeriesChart::new(range(6), &Zone::Utc, &all)
    };
    check("axes", &chart, &Theme::DARK);
}

#[test]
fn a_night_when_the_clock_goes_back() {
    // From Saturday, 24 October 2026, 18:00 to Sunday 12:00 in Berlin: nineteen hours.
    let start = 1_792_857_600_000_i64;
    let range = TimeRange::new(start, start + 19 * HOUR);
    let times: Vec<f64> = (0..=76).map(|index| (start + index * HOUR / 4) as f64).collect();
    let values = wave(77, 40, 3.0, 9.0, 2);
    let hue = SeriesStyle { fill_opacity: 0.5, gradient: Gradient::Hue, ..style(4, &Theme::DARK) };
    let all = [series(&times, &values, hue)];
    let berlin = Zone::Named("Europe/Berlin".into());
    let chart = TimeSeriesChart { y: axis(), ..TimeSeriesChart::new(range, &berlin, &all) };
    check("clock-change", &chart, &Theme::DARK);
}

#[test]
fn no_data() {
    let chart = TimeSeriesChart { y: axis(), ..TimeSeriesChart::new(range(24 * 40), &Zone::Utc, &[]) };
    check("empty", &chart, &Theme::LIGHT);
}

#[test]
fn a_sparkline() {
    let times = times(61, HOUR / 10);
    let values = wave(61, 33, 5.0, 9.0, 3);
    let area = SeriesStyle {
        fill_opacity: 0.14,
        points: Points::Never,
        color: Color::rgb(0x2ea36b),
        ..SeriesStyle::default()
    };
    let size = Size { width_px: 320.0, height_px: 80.0, ratio: 2.0 };
    let mut list = DisplayList::new();
    sparkline(&mut list, &series(&times, &values, area), range(6), Rect::new(0.0, 0.0, 320.0, 80.0), 2.0);
    check_list("sparkline", &list, size, &Theme::DARK);
}
