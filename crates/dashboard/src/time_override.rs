//! A panel's own time range: the last so long, or the dashboard's moved back.

use crate::time::{Place, RawRange, apply_math};
use borsh::{BorshDeserialize, BorshSerialize};
use frame::{Millis, TimeRange, split_once};

/// How the time range of a panel differs from the dashboard's. Variables are filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct TimeOverride {
    /// The last so long, such as `24h`, the next so long, such as `+1h`, or up to now from an expression such as `now/d`. A
    /// dashboard that shows an absolute range keeps it.
    pub from: Option<String>,
    /// Moved so far back, such as `1d`.
    pub shift: Option<String>,
}

impl TimeOverride {
    /// The panel's range, where the dashboard's, written as `raw`, is `range` at the time `now`. What is no time changes
    /// nothing.
    #[must_use]
    pub fn apply(&self, raw: &RawRange, range: TimeRange, now: Millis, place: Place<'_>) -> TimeRange {
        let own = self.own_range(raw).and_then(|own| own.resolve_in(now, place));
        let range = own.unwrap_or(range);
        let shifted = |shift: &String| {
            let math = format!("-{shift}");
            let start = apply_math(&math, range.start, place, false)?;
            let end = apply_math(&math, range.end, place, true)?;
            Some(TimeRange { start, end })
        };
        self.shift.as_ref().and_then(shifted).unwrap_or(range)
    }

    /// What a panel says about it; nothing where it changes nothing.
    #[must_use]
    pub fn note(&self, raw: &RawRange) -> String {
        let own = self.own_range(raw).map(|own| own.describe());
        let shift = self.shift.as_ref().map(|shift| format!("{shift} earlier"));
        own.into_iter().chain(shift).collect::<Vec<_>>().join(", ")
    }

    fn own_range(&self, raw: &RawRange) -> Option<RawRange> {
        let from = self.from.as_deref().filter(|_| raw.from.starts_with("now"))?;
        Some(if split_once(from, "now").is_some() {
            RawRange::new(from, "now")
        } else if from.starts_with('+') {
            RawRange::new("now", format!("now{from}"))
        } else {
            RawRange::new(format!("now-{from}"), "now")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Calendar;
    use frame::{Zone, Zones};

    struct Utc;

    impl Zones for Utc {
        fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
            0
        }
    }

    #[test]
    fn a_panel_has_its_own_range() {
        const HOUR: i64 = 3_600_000;
        let now = Millis(1_000 * HOUR);
        // Hours before now, and what is said about it.
        let check = |raw: (&str, &str), from: &str, shift: &str, expected: (i64, i64), note: &str| {
            let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let time = TimeOverride { from: given(from), shift: given(shift) };
            let raw = RawRange::new(raw.0, raw.1);
            let place = Place { zone: &Zone::Utc, zones: &Utc, calendar: Calendar::default() };
            let range = raw.resolve_in(now, place).unwrap();
            let own = time.apply(&raw, range, now, place);
            let hours = (now.since(own.start) / HOUR, now.since(own.end) / HOUR);
            assert_eq!((hours, time.note(&raw).as_str()), (expected, note), "{raw:?} {from:?} {shift:?}");
        };
        let last_hour = ("now-1h", "now");
        check(last_hour, "", "", (1, 0), "");
        check(last_hour, "24h", "", (24, 0), "Last 24 hours");
        check(last_hour, "now-2d", "", (48, 0), "Last 2 days");
        check(last_hour, "+1h", "", (0, -1), "Next hour");
        check(last_hour, "+2h", "", (0, -2), "Next 2 hours");
        check(last_hour, "", "1d", (25, 24), "1d earlier");
        check(last_hour, "2h", "1d", (26, 24), "Last 2 hours, 1d earlier");
        check(("now-3h", "now-1h"), "2h", "", (2, 0), "Last 2 hours");
        let absolute = ("3564000000", "3596400000");
        check(absolute, "2h", "", (10, 1), "");
        check(absolute, "2h", "1h", (11, 2), "1h earlier");
        check(last_hour, "nonsense", "nonsense", (1, 0), "now-nonsense to now, nonsense earlier");
    }
}
