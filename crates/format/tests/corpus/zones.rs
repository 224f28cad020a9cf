//! The zones that the tables use, as far as their rules are simple enough to write down.

use frame::{Date, Millis, Zone, Zones};

/// Zones by their present rules.
pub struct FewZones;

/// A zone, and since when clocks are set by these rules.
struct Rules {
    name: &'static str,
    since_year: i64,
    standard_minutes: i64,
    summer: Option<Summer>,
}

/// When clocks are set forward and back, in minutes of the day in UTC.
struct Summer {
    minutes: i64,
    begins: Change,
    ends: Change,
}

/// A Sunday of a month, counted from 1; [`LAST`] is the last one.
struct Change {
    month: i64,
    sunday: i64,
    utc_minutes: i64,
}

const LAST: i64 = 5;

const fn change(month: i64, sunday: i64, utc_minutes: i64) -> Change {
    Change { month, sunday, utc_minutes }
}

const EUROPE: Summer = Summer { minutes: 60, begins: change(3, LAST, 60), ends: change(10, LAST, 60) };

const fn fixed(name: &'static str, since_year: i64, standard_minutes: i64) -> Rules {
    Rules { name, since_year, standard_minutes, summer: None }
}

const fn with_summer(name: &'static str, since_year: i64, standard_minutes: i64, summer: Summer) -> Rules {
    Rules { name, since_year, standard_minutes, summer: Some(summer) }
}

const RULES: &[Rules] = &[
    fixed("Asia/Kolkata", 1946, 330),
    fixed("Asia/Tokyo", 1952, 540),
    fixed("Etc/GMT+5", -9_999, -300),
    fixed("America/Sao_Paulo", 2020, -180),
    fixed("Asia/Tehran", 2023, 210),
    with_summer("Europe/Berlin", 1996, 60, EUROPE),
    with_summer("Europe/London", 1996, 0, EUROPE),
    with_summer(
        "America/New_York",
        2007,
        -300,
        Summer { minutes: 60, begins: change(3, 2, 7 * 60), ends: change(11, 1, 6 * 60) },
    ),
    with_summer(
        "America/St_Johns",
        2012,
        -210,
        Summer { minutes: 60, begins: change(3, 2, 5 * 60 + 30), ends: change(11, 1, 4 * 60 + 30) },
    ),
    // On Saturday in UTC: minutes before the Sunday.
    with_summer(
        "Australia/Lord_Howe",
        2009,
        630,
        Summer { minutes: 30, begins: change(10, 1, -8 * 60 - 30), ends: change(4, 1, -9 * 60) },
    ),
    with_summer(
        "Pacific/Chatham",
        2008,
        765,
        Summer { minutes: 60, begins: change(9, LAST, -10 * 60), ends: change(4, 1, -10 * 60) },
    ),
];

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

impl Change {
    /// When it is in `year`, in epoch milliseconds.
    fn at(&self, year: i64) -> i64 {
        // 1970-01-01 was a Thursday.
        let sunday_from = |day: i64| day + (-(day + 4)).rem_euclid(7);
        let day = match self.sunday {
            LAST => sunday_from(Date::days_to_month(year, self.month) - 7),
            count => sunday_from(Date::days_to_month(year, self.month - 1)) + 7 * (count - 1),
        };
        day * DAY + self.utc_minutes * MINUTE
    }
}

impl Summer {
    fn is_at(&self, at: Millis) -> bool {
        let year = Date::from_days(at.0.div_euclid(DAY)).year;
        let (begins, ends) = (self.begins.at(year), self.ends.at(year));
        match begins < ends {
            true => (begins..ends).contains(&at.0),
            false => !(ends..begins).contains(&at.0),
        }
    }
}

impl Zones for FewZones {
    fn offset_millis(&self, zone: &Zone, at: Millis) -> i64 {
        let Zone::Named(name) = zone else { return 0 };
        let Some(rules) = RULES.iter().find(|rules| rules.name == &**name) else { return 0 };
        let summer = rules.summer.as_ref().filter(|summer| summer.is_at(at)).map_or(0, |summer| summer.minutes);
        (rules.standard_minutes + summer) * MINUTE
    }
}

/// The zone that a table names, of which the rules hold at `earliest` and later; none for one that is not written down.
pub fn zone(name: &str, earliest: Millis) -> Option<Zone> {
    match name {
        "utc" | "UTC" | "Etc/UTC" => return Some(Zone::Utc),
        "browser" | "" => return Some(Zone::Browser),
        _ => {}
    }
    let rules = RULES.iter().find(|rules| rules.name == name)?;
    let year = Date::from_days(earliest.0.div_euclid(DAY)).year;
    (year >= rules.since_year).then(|| Zone::Named(name.into()))
}
