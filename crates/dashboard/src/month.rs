//! A month as a calendar shows it.

use format::date::{Civil, days_in_month};

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// The year.
    pub year: i64,
    /// 1 is January.
    pub month: u8,
}

impl Month {
    /// The month that `day` is in.
    #[must_use]
    pub fn of(day: Civil) -> Self {
        Self { year: day.year, month: day.month }
    }

    /// The month that comes `months` later.
    #[must_use]
    pub fn plus(self, months: i64) -> Self {
        Self::of(Civil::midnight(self.year, self.month, 1).plus_months(months))
    }

    /// Its days by weeks, with the days of the months around that share a week with them. `week_start` is the day that
    /// weeks start with, 0 being Sunday.
    ///
    /// ```
    /// # use dashboard::month::Month;
    /// let weeks = Month { year: 2026, month: 11 }.weeks(1);
    /// assert_eq!((weeks[0][0].month, weeks[0][0].day), (10, 26));
    /// assert_eq!((weeks[0][6].month, weeks[0][6].day), (11, 1));
    /// assert_eq!(weeks.len(), 6);
    /// ```
    #[must_use]
    pub fn weeks(self, week_start: u8) -> Vec<Vec<Civil>> {
        let first = Civil::midnight(self.year, self.month, 1);
        let before = (7 + i64::from(first.weekday()) - i64::from(week_start % 7)) % 7;
        let weeks = (before + i64::from(days_in_month(self.year, self.month)) + 6) / 7;
        let day = |week: i64, day: i64| first.plus_days(7 * week + day - before);
        (0..weeks).map(|week| (0..7).map(|weekday| day(week, weekday)).collect()).collect()
    }
}

/// The days of the week, from `week_start` on, in two letters and whole.
#[must_use]
pub fn weekdays(week_start: u8) -> Vec<(&'static str, &'static str)> {
    const DAYS: [(&str, &str); 7] = [
        ("Su", "Sunday"),
        ("Mo", "Monday"),
        ("Tu", "Tuesday"),
        ("We", "Wednesday"),
        ("Th", "Thursday"),
        ("Fr", "Friday"),
        ("Sa", "Saturday"),
    ];
    DAYS.iter().cycle().skip(usize::from(week_start % 7)).take(7).copied().collect()
}
