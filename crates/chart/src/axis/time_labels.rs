//! Labels of the time axis.

use crate::axis::scale::TimeScale;
use crate::axis::time_ticks::{TimeStep, TimeTick, time_ticks};
use crate::layout::{LABEL_SIZE, PLOT_MARGIN};
use crate::{Measure, Size, Weight, Zone, Zones};

/// The closest ticks may come, in CSS pixels.
const TICK_DISTANCE: f32 = 60.0;
/// The least space between two labels, in CSS pixels.
const LABEL_SPACE: f32 = 10.0;
/// How far labels stay from the right edge of the canvas, in CSS pixels: a border lies there.
const EDGE: f32 = 4.0;

/// A labelled instant.
#[derive(Clone, Debug, PartialEq)]
pub struct XTick {
    /// The instant.
    pub tick: TimeTick,
    /// Where it is, in device pixels.
    pub x: f32,
    /// Its label.
    pub label: XLabel,
}

/// The label of an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct XLabel {
    /// The text.
    pub text: String,
    /// The x of its middle: the tick's, unless the label would come too near to the canvas's edge.
    pub center: f32,
    /// Its width in device pixels.
    pub width: f32,
}

/// Ticks and labels for a scale. Labels are short, and the larger unit is said where it changes: the date where a
/// day begins, the year where a year does. Where none begins, the last label with room for it carries the larger
/// unit.
pub(crate) fn time_axis(
    scale: &TimeScale,
    zone: &Zone,
    zones: &dyn Zones,
    measure: &dyn Measure,
    size: Size,
) -> Vec<XTick> {
    let label = |text: String, x: f32| {
        let width = measure.width(&text, LABEL_SIZE * size.ratio, Weight::Regular);
        // `max` last: a label wider than the canvas starts at its left edge.
        let center = x.min(size.width_px - EDGE * size.ratio - width / 2.0).max(width / 2.0);
        XLabel { text, center, width }
    };
    let step = choose_step(scale, size.ratio, |text| label(text.to_owned(), 0.0).width);
    let limit = (size.width_px / (TICK_DISTANCE * size.ratio)) as usize + 4;
    let ticks = time_ticks(scale.range(), step, zone, zones, limit);
    let mut before = None;
    let mut context_said = false;
    let mut labelled: Vec<XTick> = Vec::with_capacity(ticks.len());
    for tick in ticks {
        let begins = begins_larger_unit(&tick, before, step);
        let x = scale.x_of(tick.at.0 as f64);
        labelled.push(XTick { tick, x, label: label(text(&tick, step, begins), x) });
        context_said |= begins;
        before = Some(tick);
    }
    if !context_said {
        say_context(&mut labelled, step, LABEL_SPACE * size.ratio, label);
    }
    labelled
}

/// The smallest step that keeps both the distance between ticks and the space between their labels.
fn choose_step(scale: &TimeScale, ratio: f32, width: impl Fn(&str) -> f32) -> TimeStep {
    let millis = |px: f32| f64::from(px) / scale.px_per_milli();
    let step = TimeStep::at_least(millis(TICK_DISTANCE * ratio));
    let widest = match step {
        TimeStep::Clock(step) if step < 1_000 => "00:00:00.000",
        TimeStep::Clock(step) if step < 60_000 => "00:00:00",
        TimeStep::Clock(_) => "00:00",
        _ => "Nov 30",
    };
    let width = width(widest);
    // The last label may have to give way to the edge of the canvas.
    let pushed = (width / 2.0 - (PLOT_MARGIN - EDGE) * ratio).max(0.0);
    let distance = (TICK_DISTANCE * ratio).max(width + pushed + LABEL_SPACE * ratio);
    TimeStep::at_least(millis(distance))
}

/// Whether a new day (on an axis of times) or a new year (on one of dates) is first seen at this tick.
fn begins_larger_unit(tick: &TimeTick, before: Option<TimeTick>, step: TimeStep) -> bool {
    match (step, before) {
        (TimeStep::Clock(_), Some(before)) => before.date != tick.date,
        (TimeStep::Clock(_), None) => tick.clock_millis == 0,
        (_, Some(before)) => before.date.year != tick.date.year,
        (_, None) => tick.date.month == 1 && tick.date.day == 1,
    }
}

/// A label, with the larger unit where asked for.
fn text(tick: &TimeTick, step: TimeStep, with_context: bool) -> String {
    let date = tick.date;
    let month = month(date.month);
    match step {
        TimeStep::Clock(_) if with_context && tick.clock_millis == 0 => format!("{month} {}", date.day),
        TimeStep::Clock(step) if with_context => {
            format!("{month} {} {}", date.day, clock(tick.clock_millis, step))
        }
        TimeStep::Clock(step) => clock(tick.clock_millis, step),
        TimeStep::Days(_) if with_context => format!("{month} {} {}", date.day, date.year),
        TimeStep::Days(_) => format!("{month} {}", date.day),
        TimeStep::Months(months) if months % 12 == 0 || (with_context && date.month == 1) => date.year.to_string(),
        TimeStep::Months(_) if with_context => format!("{month} {}", date.year),
        TimeStep::Months(_) => month.to_owned(),
    }
}

/// A time of day, as exact as ticks `step` milliseconds apart need it.
fn clock(millis: i64, step: i64) -> String {
    let (hour, minute, second) = (millis / 3_600_000, millis / 60_000 % 60, millis / 1_000 % 60);
    if step % 60_000 == 0 {
        return format!("{hour:02}:{minute:02}");
    }
    let fraction = millis % 1_000;
    match step {
        _ if step % 1_000 == 0 => format!("{hour:02}:{minute:02}:{second:02}"),
        _ if step % 100 == 0 => format!("{hour:02}:{minute:02}:{second:02}.{}", fraction / 100),
        _ if step % 10 == 0 => format!("{hour:02}:{minute:02}:{second:02}.{:02}", fraction / 10),
        _ => format!("{hour:02}:{minute:02}:{second:02}.{fraction:03}"),
    }
}

fn month(month: u8) -> &'static str {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    NAMES.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default()
}

/// Lets the last label that has room for it carry the larger unit.
fn say_context(ticks: &mut [XTick], step: TimeStep, space: f32, label: impl Fn(String, f32) -> XLabel) {
    for index in (0..ticks.len()).rev() {
        let Some(tick) = ticks.get(index) else { continue };
        let longer = label(text(&tick.tick, step, true), tick.x);
        let clear_of = |other: Option<&XTick>| {
            other.is_none_or(|other| {
                let distance = (longer.center - other.label.center).abs();
                distance >= (longer.width + other.label.width) / 2.0 + space
            })
        };
        let before = index.checked_sub(1).and_then(|before| ticks.get(before));
        if clear_of(before) && clear_of(ticks.get(index + 1)) {
            if let Some(tick) = ticks.get_mut(index) {
                tick.label = longer;
            }
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Millis, TableMeasure, TimeRange};

    struct Utc;

    impl Zones for Utc {
        fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
            0
        }
    }

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    /// Friday, 20 November 2026, 00:00.
    const FRIDAY: i64 = 20_777 * DAY;

    fn axis(start: i64, length: i64, width_px: f32, ratio: f32) -> Vec<XTick> {
        let size = Size { width_px, height_px: 240.0 * ratio, ratio };
        let scale = TimeScale::new(TimeRange::new(start, start + length), 40.0 * ratio, width_px - 12.0 * ratio);
        time_axis(&scale, &Zone::Utc, &Utc, &TableMeasure, size)
    }

    #[test]
    fn labels_say_what_changes() {
        let check = |start: i64, length: i64, width_px: f32, expected: &str| {
            let texts: Vec<String> =
                axis(start, length, width_px, 1.0).into_iter().map(|tick| tick.label.text).collect();
            assert_eq!(texts.join(" | "), expected);
        };
        check(FRIDAY, 40, 700.0, "Nov 20 | 00:00:00.01 | 00:00:00.02 | 00:00:00.03 | 00:00:00.04");
        check(FRIDAY + 9 * HOUR, 2_000, 500.0, "09:00:00.0 | 09:00:00.5 | 09:00:01.0 | Nov 20 09:00:01.5 | 09:00:02.0");
        check(FRIDAY + 9 * HOUR, 60_000, 400.0, "09:00:00 | 09:00:15 | 09:00:30 | Nov 20 09:00:45 | 09:01:00");
        check(FRIDAY + 9 * HOUR, 6 * HOUR, 400.0, "10:00 | 12:00 | Nov 20 14:00");
        check(FRIDAY + 21 * HOUR, 6 * HOUR, 600.0, "21:00 | 22:00 | 23:00 | Nov 21 | 01:00 | 02:00 | 03:00");
        check(FRIDAY, 2 * DAY, 400.0, "Nov 20 | 12:00 | Nov 21 | 12:00 | Nov 22");
        check(FRIDAY, 7 * DAY, 700.0, "Nov 20 | Nov 21 | Nov 22 | Nov 23 | Nov 24 | Nov 25 | Nov 26 | Nov 27 2026");
        check(FRIDAY, 50 * DAY, 700.0, "Nov 23 | Nov 30 | Dec 7 | Dec 14 | Dec 21 | Dec 28 | Jan 4 2027");
        check(FRIDAY, 200 * DAY, 700.0, "Dec | 2027 | Feb | Mar | Apr | May | Jun");
        check(FRIDAY, 2_000 * DAY, 500.0, "2027 | 2028 | 2029 | 2030 | 2031 | 2032");
    }

    #[test]
    fn the_context_goes_where_there_is_room() {
        // Each hour has just its 60 pixels, and the last label gives way to the edge.
        let ticks = axis(FRIDAY + 9 * HOUR, 6 * HOUR, 416.0, 1.0);
        let texts: Vec<&str> = ticks.iter().map(|tick| tick.label.text.as_str()).collect();
        assert_eq!(texts, ["09:00", "10:00", "11:00", "12:00", "Nov 20 13:00", "14:00", "15:00"]);
    }

    #[test]
    fn labels_never_touch_nor_come_near_the_edge() {
        let lengths = [10, 1_000, 60_000, HOUR, 5 * HOUR, DAY, 3 * DAY, 30 * DAY, 400 * DAY, 20_000 * DAY];
        for (length, (width, ratio)) in lengths
            .iter()
            .flat_map(|length| [(80.0, 1.0), (333.0, 1.0), (700.0, 1.5), (2_800.0, 2.0)].map(|size| (length, size)))
        {
            for start in [FRIDAY, FRIDAY + 17 * HOUR + 1_234, FRIDAY + 40 * DAY] {
                let ticks = axis(start, *length, width, ratio);
                for pair in ticks.windows(2) {
                    let [left, right] = [&pair[0], &pair[1]].map(|tick| &tick.label);
                    let between = right.center - right.width / 2.0 - left.center - left.width / 2.0;
                    assert!(between > 0.0, "{} and {} at {width}", left.text, right.text);
                    assert!(pair[1].x - pair[0].x >= TICK_DISTANCE * ratio - 0.1);
                }
                for XTick { label, .. } in &ticks {
                    let (from, to) = (label.center - label.width / 2.0, label.center + label.width / 2.0);
                    let room = width - EDGE * ratio;
                    assert!(from >= -0.01 && (to <= room + 0.01 || label.width > room), "{}", label.text);
                }
            }
        }
    }
}
