//! Operations by day of the browser's calendar. Which day a moment is on comes from the caller; nothing here reads a
//! clock.

use crate::client::calendar::Day;
use crate::text::history as text;
use quiesce_api::Timestamp;
use quiesce_lifecycle::journal::{Header, OperationId};

/// The operations of a day.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DayGroup {
    pub day: Day,
    pub headers: Vec<Header>,
}

/// Groups operations by the day on which they began, in their order.
pub(super) fn by_day<'a>(
    headers: impl IntoIterator<Item = &'a Header>,
    day_of: impl Fn(Timestamp) -> Day,
) -> Vec<DayGroup> {
    let mut groups: Vec<DayGroup> = Vec::new();
    for header in headers {
        let day = day_of(header.created);
        match groups.iter_mut().rfind(|group| group.day == day) {
            Some(group) => group.headers.push(header.clone()),
            None => groups.push(DayGroup { day, headers: vec![header.clone()] }),
        }
    }
    groups
}

/// The heading of a day.
pub(super) fn heading(day: Day, today: Day) -> String {
    match day.days_before(today) {
        0 => text::TODAY.to_owned(),
        1 => text::YESTERDAY.to_owned(),
        _ => day.label(today),
    }
}

/// The finished operations of a server that began more than this many days ago. Operations of other servers may be
/// needed by whoever works there.
pub(super) fn expired(
    headers: &[Header],
    server: &str,
    days: i32,
    today: Day,
    day_of: impl Fn(Timestamp) -> Day,
) -> Vec<OperationId> {
    let expired = headers.iter().filter(|header| {
        header.finished && header.server == server && day_of(header.created).days_before(today) > days
    });
    expired.map(|header| header.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::Millis;
    use quiesce_lifecycle::journal::{OperationKind, VERSION};

    const HOUR: i64 = 3_600_000;
    /// 29 November 2026, 00:00 UTC.
    const MIDNIGHT: i64 = 1_795_910_400_000;
    const TODAY: Day = Day { year: 2026, month: 11, day: 29 };

    fn header(id: &str, created: i64) -> Header {
        Header {
            id: OperationId(id.to_owned()),
            version: VERSION,
            kind: OperationKind::Stop,
            namespace: "default".into(),
            server: "here".to_owned(),
            created: Millis(created).timestamp(),
            title: String::new(),
            finished: true,
            user: None,
            continued: Vec::new(),
        }
    }

    /// The day at a fixed distance from UTC, in hours, near the end of November 2026.
    fn in_zone(hours: i64) -> impl Fn(Timestamp) -> Day {
        move |at| {
            let passed = at.as_millisecond() + hours * HOUR - MIDNIGHT;
            Day { day: u8::try_from(29 + passed.div_euclid(24 * HOUR)).unwrap(), ..TODAY }
        }
    }

    fn grouped(headers: &[Header], day_of: impl Fn(Timestamp) -> Day) -> Vec<(String, Vec<&str>)> {
        let ids = |group: &DayGroup| {
            let ids = group.headers.iter().map(|it| it.id.0.clone());
            ids.map(|id| headers.iter().find(|it| it.id.0 == id).unwrap().id.0.as_str()).collect()
        };
        by_day(headers, day_of).iter().map(|group| (heading(group.day, TODAY), ids(group))).collect()
    }

    #[test]
    fn a_millisecond_before_midnight_is_yesterday() {
        let all = [header("b", MIDNIGHT), header("a", MIDNIGHT - 1), header("old", MIDNIGHT - 24 * HOUR - 1)];
        let expected = [("Today", vec!["b"]), ("Yesterday", vec!["a"]), ("27 Nov", vec!["old"])];
        assert_eq!(grouped(&all, in_zone(0)), expected.map(|(day, ids)| (day.to_owned(), ids)));
    }

    #[test]
    fn midnight_is_that_of_the_browsers_time_zone() {
        let all = [header("b", MIDNIGHT + HOUR), header("a", MIDNIGHT - HOUR)];
        assert_eq!(grouped(&all, in_zone(2)), [("Today".to_owned(), vec!["b", "a"])]);
        assert_eq!(grouped(&all, in_zone(-8)), [("Yesterday".to_owned(), vec!["b", "a"])]);
    }

    #[test]
    fn yesterday_follows_the_calendar_and_not_the_hours() {
        let day = |month, day| Day { year: 2026, month, day };
        // 30 hours can be from yesterday to today, and 25 from the day before: a day counts as one.
        assert_eq!(heading(day(10, 31), day(11, 1)), "Yesterday");
        assert_eq!(heading(day(10, 30), day(11, 1)), "30 Oct");
        assert_eq!(heading(Day { year: 2025, month: 12, day: 31 }, day(1, 1)), "Yesterday");
        assert_eq!(heading(Day { year: 2025, month: 12, day: 30 }, day(1, 1)), "30 Dec 2025");
    }

    #[test]
    fn an_operation_from_the_future_has_its_date() {
        assert_eq!(heading(Day { day: 30, ..TODAY }, TODAY), "30 Nov");
    }

    #[test]
    fn a_day_has_one_group_even_if_the_clock_went_back() {
        let all = [header("c", MIDNIGHT), header("b", MIDNIGHT - 1), header("a", MIDNIGHT + 1)];
        let expected = [("Today", vec!["c", "a"]), ("Yesterday", vec!["b"])];
        assert_eq!(grouped(&all, in_zone(0)), expected.map(|(day, ids)| (day.to_owned(), ids)));
    }

    #[test]
    fn only_finished_operations_of_the_server_expire_by_whole_days() {
        let unfinished = Header { finished: false, ..header("unfinished", MIDNIGHT - 200 * HOUR) };
        let other = Header { server: "there".to_owned(), ..header("other", MIDNIGHT - 200 * HOUR) };
        let all = [header("2", MIDNIGHT - 25 * HOUR), header("1", MIDNIGHT - 1), unfinished, other];
        let ids = |days| expired(&all, "here", days, TODAY, in_zone(0));
        assert_eq!(ids(1), [OperationId("2".to_owned())]);
        assert_eq!(ids(0), [OperationId("2".to_owned()), OperationId("1".to_owned())]);
        assert_eq!(ids(2), []);
    }
}
