//! The browser's clock and its timers, the estimate of the server's clock, and times as text.

use super::calendar::Day;
use super::short_map::ShortMap;
use crate::routes::RouterName;
use quiesce_api::{Millis, Response, Seconds, Timestamp};
use quiesce_lifecycle::clock::Reading;
pub use quiesce_lifecycle::clock::{Moment, ServerClock};
use quiesce_lifecycle::time_axis::Precision;
use std::cell::RefCell;
use std::time::Duration;
use wasm_bindgen::JsValue;

thread_local! {
    /// What answers told of the clocks of the servers behind the routers.
    static SERVERS: RefCell<ShortMap<RouterName, ServerClock>> = const { RefCell::new(ShortMap::new()) };
    /// The router whose times the page shows.
    static SHOWN: RefCell<RouterName> = RefCell::default();
}

/// Shows the times of a router's server from now on.
pub fn show(router: &RouterName) {
    SHOWN.set(router.clone());
}

fn server_of(router: &RouterName) -> ServerClock {
    SERVERS.with_borrow(|servers| servers.get(router).copied().unwrap_or_default())
}

/// The clock of the server whose times the page shows.
fn server() -> ServerClock {
    SHOWN.with_borrow(server_of)
}

/// The moment by the browser's clock.
pub fn now() -> Timestamp {
    Millis(milliseconds()).timestamp()
}

/// Milliseconds since 1970 by the browser's clock.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, of a clock that a Date can hold")]
pub fn milliseconds() -> i64 {
    js_sys::Date::now() as i64
}

/// Milliseconds since 1970 by the clock of the server whose times the page shows, as far as it is known.
pub fn server_milliseconds() -> i64 {
    millis_between(Moment::Server(Millis(0).timestamp()), Moment::Browser(now()))
}

/// Learns from an answer that has just begun to arrive: from the header of the console's server, which has one where
/// the router sent no `Date`; else from `Date`.
#[expect(clippy::cast_possible_truncation, reason = "whole seconds, of a clock that a Date can hold")]
pub fn learn(router: &RouterName, answer: &Response, sent: Timestamp) {
    let own = answer.get("quiesce-time").and_then(|time| time.parse().ok()).map(Millis);
    let date = || {
        let date = js_sys::Date::parse(answer.get("date")?);
        (!date.is_nan()).then(|| Reading::Seconds(Seconds((date / 1000.0) as i64)))
    };
    if let Some(reading) = own.map(Reading::Millis).or_else(date) {
        let mut clock = server_of(router);
        clock.learn(reading, sent, now());
        set(router, clock);
    }
}

fn set(router: &RouterName, clock: ServerClock) {
    SERVERS.with_borrow_mut(|servers| servers.insert(router.clone(), clock));
}

/// Lets the page and a stop of a router complete each other: what is unknown to one is taken from the other. A stop learns from
/// run records, which are there even where no header tells the time.
pub fn share(router: &RouterName, stop: &mut ServerClock) {
    let page = server_of(router);
    match (page.is_known(), stop.is_known()) {
        (true, false) => *stop = page,
        (false, true) => set(router, *stop),
        _ => {}
    }
}

/// How far this browser's clock is certainly wrong, in seconds: positive when it is ahead of that of the router's server.
pub fn skew(router: &RouterName) -> Option<i64> {
    server_of(router).skew()
}

/// Whole seconds from one moment to another: every age, duration and countdown of the page.
pub fn between(from: Moment, to: Moment) -> i64 {
    millis_between(from, to).div_euclid(1000)
}

/// Milliseconds from one moment to another.
pub fn millis_between(from: Moment, to: Moment) -> i64 {
    server().between(from, to).0
}

/// How long ago something happened on the server, in whole seconds. `now` is by the browser's clock.
pub fn age(since: Timestamp, now: Timestamp) -> i64 {
    between(Moment::Server(since), Moment::Browser(now))
}

/// Whole seconds between two moments by the browser's clock.
pub fn passed(from: Timestamp, to: Timestamp) -> i64 {
    between(Moment::Browser(from), Moment::Browser(to))
}

/// Waits.
pub async fn sleep(milliseconds: u32) {
    gloo_timers::future::sleep(Duration::from_millis(milliseconds.into())).await;
}

/// A moment in the operator's own time zone, as the browser knows it: `2026-11-23 14:32:11`.
pub fn local(at: Timestamp) -> String {
    let date = date_of(at);
    format!(
        "{:04}-{:02}-{:02} {}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        clock_of(&date, true)
    )
}

/// The day of a moment, in the operator's own time zone.
pub fn day(at: Timestamp) -> Day {
    day_of(&date_of(at))
}

/// The time of day of a moment, in the operator's own time zone: `14:32`.
pub fn time_of_day(at: Timestamp) -> String {
    clock_of(&date_of(at), false)
}

/// The label of a moment on an axis.
pub fn on_axis(at: Timestamp, precision: Precision) -> String {
    match precision {
        Precision::Seconds => clock_of(&date_of(at), true),
        Precision::Minutes => time_of_day(at),
        Precision::Days => short(at),
    }
}

/// The time of day for today, the day for anything older. Today is the server's.
pub fn short(at: Timestamp) -> String {
    short_to(at, Precision::Minutes)
}

/// The same, as exactly as the times of a timeline are shown.
pub fn short_to(at: Timestamp, precision: Precision) -> String {
    let date = date_of(at);
    let (day, today) = (day_of(&date), day_of(&date_of(server().now(now()).timestamp())));
    let time = clock_of(&date, precision == Precision::Seconds);
    if day == today { time } else { format!("{}, {time}", day.label(today)) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "what a Date can hold")]
fn day_of(date: &js_sys::Date) -> Day {
    Day { year: date.get_full_year() as i32, month: date.get_month() as u8 + 1, day: date.get_date() as u8 }
}

fn clock_of(date: &js_sys::Date, seconds: bool) -> String {
    let minutes = format!("{:02}:{:02}", date.get_hours(), date.get_minutes());
    if seconds { format!("{minutes}:{:02}", date.get_seconds()) } else { minutes }
}

#[expect(clippy::cast_precision_loss, reason = "a Date counts milliseconds as a double")]
fn date_of(at: Timestamp) -> js_sys::Date {
    js_sys::Date::new(&JsValue::from_f64(at.as_millisecond() as f64))
}
