//! When a schedule fires next. Only what the seeded schedules use: numbers, lists, `*/n` and `*`, in UTC.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// How far ahead is looked, in minutes: a schedule of a leap day is not found.
const HORIZON: i64 = 366 * 24 * 60;

/// The next time after a moment, both in milliseconds since the epoch.
pub(crate) fn next(expression: &str, after: i64) -> Option<i64> {
    let fields: Vec<_> = expression.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return None };
    let first = after.div_euclid(60_000) + 1;
    let mut at = first;
    while at < first + HORIZON {
        let time = civil(at)?;
        let weekday_number = i64::from(time.weekday().to_sunday_zero_offset());
        if !fits(month, i64::from(time.month()))
            || !fits(day, i64::from(time.day()))
            || !fits(weekday, weekday_number)
        {
            at += 1_440 - i64::from(time.hour()) * 60 - i64::from(time.minute());
        } else if !fits(hour, i64::from(time.hour())) {
            at += 60 - i64::from(time.minute());
        } else if !fits(minute, i64::from(time.minute())) {
            at += 1;
        } else {
            return Some(at * 60_000);
        }
    }
    None
}

fn civil(minutes: i64) -> Option<DateTime> {
    let at = Timestamp::from_second(minutes.checked_mul(60)?).ok()?;
    Some(at.to_zoned(TimeZone::UTC).datetime())
}

fn fits(field: &str, value: i64) -> bool {
    field.split(',').any(|part| match part.strip_prefix("*/") {
        Some(step) => step.parse::<i64>().is_ok_and(|step| step > 0 && value % step == 0),
        None => part == "*" || part.parse() == Ok(value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("a time").as_millisecond()
    }

    #[test]
    fn the_next_time_is_after_now() {
        let now = at("2026-11-23T07:25:11Z");
        assert_eq!(next("0 3 * * *", now), Some(at("2026-11-24T03:00:00Z")));
        assert_eq!(next("*/15 * * * *", now), Some(at("2026-11-23T07:30:00Z")));
        assert_eq!(next("0 6 1 * *", now), Some(at("2026-12-01T06:00:00Z")));
        assert_eq!(next("30 2 * * 0", now), Some(at("2026-11-29T02:30:00Z")));
        assert_eq!(next("soon", now), None);
    }
}
