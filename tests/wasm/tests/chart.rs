use crate::Utc;
use chart::{
    AxisId, Color, Layout, Series, SeriesStyle, Size, SvgSurface, TableMeasure, Theme, TimeSeriesChart, paint,
};
use frame::{GAP, TimeRange, Zone};
use wasm_bindgen_test::wasm_bindgen_test;

const SIZE: Size = Size { width_px: 600.0, height_px: 200.0, ratio: 1.0 };

fn svg(values: &[f64]) -> String {
    let times: Vec<f64> = (0..values.len()).map(|i| 1.7e12 + i as f64 * 15_000.0).collect();
    let style = SeriesStyle { color: Color::rgb(0x0056_b4e9), ..SeriesStyle::default() };
    let series = [Series { times: &times, values, baseline: None, style, axis: AxisId::First }];
    let range = TimeRange::new(1_700_000_000_000, 1_700_000_000_000 + values.len() as i64 * 15_000);
    let chart = TimeSeriesChart::new(range, &Zone::Utc, &series);
    let layout: Layout = chart.layout(&SIZE, &Theme::DARK, &TableMeasure, &Utc);
    let mut surface = SvgSurface::new(SIZE, Theme::DARK.panel);
    paint(&chart.draw(&layout), &mut surface).unwrap();
    surface.finish()
}

#[wasm_bindgen_test]
fn a_chart_is_drawn_without_a_browser_s_help() {
    let text = svg(&[1.0, 5.0, GAP, 2.0, f64::INFINITY, f64::NAN, 3.0]);
    assert!(text.starts_with("<svg") && text.contains("path"), "{text}");
}

#[wasm_bindgen_test]
fn hostile_values_are_drawn_without_a_panic() {
    for value in [GAP, f64::NAN, f64::INFINITY, f64::MAX, f64::MIN_POSITIVE, -0.0] {
        svg(&[value; 5]);
    }
    svg(&[]);
}
