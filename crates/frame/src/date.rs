//! Days and dates of the proleptic Gregorian calendar, after Howard Hinnant's `days_from_civil` and
//! `civil_from_days` (<https://howardhinnant.github.io/date_algorithms.html>).

/// A date. Months and days count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year; 0 is 1 BC.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// The date `days` after 1970-01-01.
    #[must_use]
    pub fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month: month as u8, day: day as u8 }
    }

    /// Days from 1970-01-01 to the first of month `month` (counted from 0, any number of years ahead or back) of
    /// `year`.
    #[must_use]
    pub fn days_to_month(year: i64, month: i64) -> i64 {
        let year = year + month.div_euclid(12);
        let month = month.rem_euclid(12) + 1;
        let year_from_march = if month <= 2 { year - 1 } else { year };
        let era = year_from_march.div_euclid(400);
        let year_of_era = year_from_march.rem_euclid(400);
        let month_from_march = if month > 2 { month - 3 } else { month + 9 };
        let day_of_year = (153 * month_from_march + 2) / 5;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(days: i64, year: i64, month: u8, day: u8) {
        assert_eq!(Date::from_days(days), Date { year, month, day });
        let first = Date::days_to_month(year, i64::from(month) - 1);
        assert_eq!(first + i64::from(day) - 1, days, "{year}-{month}-{day}");
    }

    #[test]
    fn known_dates() {
        check(0, 1970, 1, 1);
        check(-1, 1969, 12, 31);
        check(11_016, 2000, 2, 29);
        check(11_017, 2000, 3, 1);
        check(20_777, 2026, 11, 20);
        check(-719_468, 0, 3, 1);
        check(-25_509, 1900, 2, 28);
        check(-25_508, 1900, 3, 1);
    }

    #[test]
    fn every_day_follows_the_one_before() {
        for days in -200_000..200_000 {
            let date = Date::from_days(days);
            assert!(Date::from_days(days - 1) < date);
            let first = Date::days_to_month(date.year, i64::from(date.month) - 1);
            assert_eq!(first + i64::from(date.day) - 1, days);
        }
    }

    #[test]
    fn months_roll_over_years() {
        assert_eq!(Date::days_to_month(2025, 12), Date::days_to_month(2026, 0));
        assert_eq!(Date::days_to_month(2025, -1), Date::days_to_month(2024, 11));
    }
}
