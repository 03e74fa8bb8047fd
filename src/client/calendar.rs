//! Days of the browser's calendar. [`super::clock::day`] says on which one a moment is; nothing here reads a clock.

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A day of the browser's calendar, in its time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_field_names, reason = "a date has a year, a month and a day")]
pub struct Day {
    pub year: i32,
    /// From 1.
    pub month: u8,
    /// Of the month, from 1.
    pub day: u8,
}

impl Day {
    /// Days since 1 January 1970 (Hinnant, `days_from_civil`): a day counts as one, however many hours it has.
    fn number(self) -> i32 {
        let (month, day) = (i32::from(self.month), i32::from(self.day));
        let year = self.year - i32::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// How many days it is before another one; negative if it is later.
    pub fn days_before(self, other: Self) -> i32 {
        other.number() - self.number()
    }

    /// Its label: `18 Nov`, with the year unless it is that of today.
    pub fn label(self, today: Self) -> String {
        let month = MONTHS.get(usize::from(self.month).wrapping_sub(1)).copied().unwrap_or_default();
        let day = format!("{} {month}", self.day);
        if self.year == today.year { day } else { format!("{day} {}", self.year) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u8, day: u8) -> Day {
        Day { year, month, day }
    }

    #[test]
    fn counts_days_across_months_leap_days_and_years() {
        assert_eq!(day(1970, 1, 1).number(), 0);
        assert_eq!(day(1969, 12, 31).days_before(day(1970, 1, 1)), 1);
        assert_eq!(day(2028, 2, 28).days_before(day(2028, 3, 1)), 2);
        assert_eq!(day(2026, 2, 28).days_before(day(2026, 3, 1)), 1);
        assert_eq!(day(2026, 11, 29).days_before(day(2027, 11, 29)), 365);
        assert_eq!(day(2000, 3, 1).number(), 11_017);
        assert_eq!(day(2026, 11, 30).days_before(day(2026, 11, 29)), -1);
    }

    #[test]
    fn a_label_has_the_year_only_of_another_year() {
        assert_eq!(day(2026, 11, 18).label(day(2026, 11, 29)), "18 Nov");
        assert_eq!(day(2025, 12, 31).label(day(2026, 1, 1)), "31 Dec 2025");
    }
}
