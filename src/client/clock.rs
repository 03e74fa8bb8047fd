//! The browser's clock, its timers, and times in words.

use quiesce_api::{Millis, Timestamp};
use std::time::Duration;
use wasm_bindgen::JsValue;

/// The moment by the browser's clock.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, of a clock that a Date can hold")]
pub fn now() -> Timestamp {
    Millis(js_sys::Date::now() as i64).timestamp()
}

/// Waits.
pub async fn sleep(milliseconds: u32) {
    gloo_timers::future::sleep(Duration::from_millis(milliseconds.into())).await;
}

/// A moment in the operator's own time zone, as the browser knows it: `2026-11-23 14:32:11`.
pub fn local(at: Timestamp) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds(at)));
    format!(
        "{:04}-{:02}-{:02} {}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        clock_of(&date, true)
    )
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The time of day for today, the day for anything older.
pub fn short(at: Timestamp) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds(at)));
    let today = js_sys::Date::new_0();
    if date.to_date_string() == today.to_date_string() {
        return clock_of(&date, false);
    }
    let month = MONTHS.get(date.get_month() as usize).copied().unwrap_or_default();
    let year = if date.get_full_year() == today.get_full_year() {
        String::new()
    } else {
        format!(" {}", date.get_full_year())
    };
    format!("{} {month}{year}, {}", date.get_date(), clock_of(&date, false))
}

fn clock_of(date: &js_sys::Date, seconds: bool) -> String {
    let minutes = format!("{:02}:{:02}", date.get_hours(), date.get_minutes());
    if seconds { format!("{minutes}:{:02}", date.get_seconds()) } else { minutes }
}

#[expect(clippy::cast_precision_loss, reason = "a Date counts milliseconds as a double")]
fn milliseconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64
}
