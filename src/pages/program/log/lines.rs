//! The lines of a log, in a box that stays at its end while the log is followed.

use super::state::State;
use crate::client::clock;
use crate::text::{common, run_log as text};
use leptos::html;
use leptos::prelude::*;
use quiesce_lifecycle::run_log::{Level, LogEntry, LogWindow, ShownLine};
use std::ops::Range;

/// How far above its end the box may be and still be at its end, in pixels.
const NEAR: i32 = 24;

/// What a line is drawn from: its number, the matches in it, and which of them is the current one.
type Key = (i64, Vec<Range<usize>>, Vec<Range<usize>>, Option<usize>);

fn key(line: &ShownLine, current: Option<usize>) -> Key {
    (line.number, line.in_message.clone(), line.in_stack_trace.clone(), current)
}

/// The lines. Scrolling up pauses the log, scrolling back to its end resumes it.
pub(super) fn lines(state: State, list: NodeRef<html::Ol>) -> AnyView {
    let by_scrolling = StoredValue::new(false);
    let top = StoredValue::new(0);
    let scrolled = move |_| {
        let Some(list) = list.get_untracked() else { return };
        let (now, before) = (list.scroll_top(), top.get_value());
        top.set_value(now);
        let at_end = list.scroll_height() - now - list.client_height() <= NEAR;
        let paused = state.live.paused.get_untracked();
        if now < before && !at_end && !paused {
            by_scrolling.set_value(true);
            state.live.paused.set(true);
        } else if at_end && paused && by_scrolling.get_value() {
            by_scrolling.set_value(false);
            state.live.paused.set(false);
            state.live.refresh();
        }
    };
    // Follows the end, also when a filter leaves fewer lines.
    Effect::new(move |_| {
        state.shown.track();
        if state.live.paused.get() {
            return;
        }
        by_scrolling.set_value(false);
        request_animation_frame(move || {
            if let Some(Some(list)) = list.try_get_untracked() {
                list.set_scroll_top(list.scroll_height());
            }
        });
    });
    Effect::new(move |_| {
        if state.current.get().is_some() {
            request_animation_frame(move || show_current(list));
        }
    });
    let drawn = move || {
        let current = state.current.get();
        state.shown.with(|shown| {
            let of = |line: &ShownLine| {
                let current = current.filter(|place| place.line == line.number).map(|place| place.index);
                (line.clone(), current)
            };
            shown.lines.iter().map(of).collect::<Vec<_>>()
        })
    };
    let empty = move || {
        let words = match (state.known.get(), state.window.with(LogWindow::is_empty)) {
            (false, _) => common::LOADING,
            (true, true) => text::NO_LINES,
            (true, false) => text::NO_LINES_OF_LEVEL,
        };
        state.shown.with(|shown| shown.lines.is_empty()).then(|| view! { <p class="pad muted">{words}</p> })
    };
    view! {
        {empty}
        <ol class="log" tabindex="0" aria-label=text::LINES node_ref=list on:scroll=scrolled>
            <For each=drawn key=|(line, current)| key(line, *current) let((line, current))>{view_line(&line, current)}</For>
        </ol>
    }
    .into_any()
}

/// Scrolls the current match into the box.
fn show_current(list: NodeRef<html::Ol>) {
    let Some(Some(list)) = list.try_get_untracked() else { return };
    let Ok(Some(mark)) = list.query_selector("mark[aria-current]") else { return };
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    mark.scroll_into_view_with_scroll_into_view_options(&options);
}

fn view_line(line: &ShownLine, current: Option<usize>) -> AnyView {
    let event = match &*line.entry {
        LogEntry::Line(event) => event,
        LogEntry::Raw(raw) => {
            return view! {
                <li data-tone="warn">
                    <span class="raw">{text::NOT_A_LINE}</span>" "
                    <span class="message">{marked(raw, &line.in_message, 0, current)}</span>
                </li>
            }
            .into_any();
        }
    };
    let log = &event.log;
    let tone = match Level::of(event) {
        Level::Error => Some("bad"),
        Level::Warning => Some("warn"),
        Level::Lower | Level::Unknown => None,
    };
    let at = log.timestamp.timestamp();
    let time = format!("{}.{:03}", clock::local(at), log.timestamp.0.rem_euclid(1_000));
    let stack_trace = (!log.stack_trace.is_empty()).then(|| {
        let open = !line.in_stack_trace.is_empty();
        let marked = marked(&log.stack_trace, &line.in_stack_trace, line.in_message.len(), current);
        view! { <details open=open><summary>{text::STACK_TRACE}</summary><pre>{marked}</pre></details> }
    });
    view! {
        <li data-tone=tone>
            <time datetime=at.to_string()>{time}</time>" "
            <span class="level">{log.log_level.clone()}</span>" "
            <span class="message">{marked(&log.message, &line.in_message, 0, current)}</span>
            {stack_trace}
        </li>
    }
    .into_any()
}

/// A text with its matches marked. `first`: the index of the first of them in its line.
fn marked(text: &str, matches: &[Range<usize>], first: usize, current: Option<usize>) -> AnyView {
    if matches.is_empty() {
        return text.to_owned().into_any();
    }
    let mut parts = Vec::with_capacity(matches.len() * 2 + 1);
    let mut end = 0;
    for (index, range) in matches.iter().enumerate() {
        let plain = text.get(end..range.start).unwrap_or_default().to_owned();
        let found = text.get(range.clone()).unwrap_or_default().to_owned();
        let is_current = current == Some(first + index);
        parts
            .push(view! { {plain}<mark aria-current=is_current.then_some("true")>{found}</mark> }.into_any());
        end = range.end;
    }
    parts.push(text.get(end..).unwrap_or_default().to_owned().into_any());
    parts.into_any()
}
