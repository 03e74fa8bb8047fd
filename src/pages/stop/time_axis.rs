//! The axis above the drawings of a timeline, and what the drawings below it share.

use crate::client::clock;
use leptos::prelude::*;
use quiesce_api::Timestamp;
use quiesce_lifecycle::time_axis::{LENGTH, Precision, position, ticks};

/// How many ticks an axis has at most.
const MOST: u16 = 5;
/// The least width of a bar, so that a short span is seen.
const LEAST: i64 = 30;

/// The period of a timeline.
#[derive(Clone, Copy)]
pub(crate) struct TimeAxis {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl TimeAxis {
    /// A moment, with seconds if the whole is short.
    pub fn time(self, at: Timestamp) -> String {
        clock::short_to(at, Precision::of(self.from, self.until))
    }

    fn x(self, at: Timestamp) -> i64 {
        position(at, self.from, self.until)
    }

    fn ticks(self) -> Vec<Timestamp> {
        ticks(self.from, self.until, MOST)
    }

    /// Ticks with their times. Not announced: the cells below have times and durations.
    pub fn view(self) -> AnyView {
        let precision = Precision::of(self.from, self.until);
        let mut marks = Vec::new();
        for at in self.ticks() {
            let x = self.x(at);
            let anchor = match x {
                ..1_000 => "start",
                1_000..9_000 => "middle",
                _ => "end",
            };
            let x = format!("{}.{:02}%", x / 100, x % 100);
            marks.push(view! {
                <line x1=x.clone() x2=x.clone() y1="75%" y2="100%"></line>
                <text x=x y="60%" text-anchor=anchor>{clock::on_axis(at, precision)}</text>
            });
        }
        view! { <svg class="axis" aria-hidden="true">{marks}</svg> }.into_any()
    }

    /// A drawing in a row, with the ticks of the axis behind its bars. Not announced: the cells next to it say the same.
    pub fn course(self, bars: Vec<AnyView>) -> AnyView {
        let ticks = self.ticks().into_iter().map(|at| self.mark(at, "tick")).collect_view();
        view! {
            <svg class="course" aria-hidden="true" viewBox=format!("0 0 {LENGTH} 10") preserveAspectRatio="none">
                {ticks}
                {bars}
            </svg>
        }
        .into_any()
    }

    /// A bar of a course, centered: phases differ in height, not only in color.
    pub fn bar(self, tone: &'static str, from: Timestamp, until: Timestamp, height: u8) -> AnyView {
        let x = self.x(from).min(LENGTH - LEAST);
        let width = (self.x(until) - x).max(LEAST);
        let y = 10_u8.saturating_sub(height) / 2;
        view! { <rect data-tone=tone x=x.to_string() y=y.to_string() width=width.to_string() height=height.to_string()></rect> }
            .into_any()
    }

    /// An upright line in a course.
    pub fn mark(self, at: Timestamp, class: &'static str) -> AnyView {
        let path = format!("M{} 0V10", self.x(at));
        view! { <path class=class d=path vector-effect="non-scaling-stroke"></path> }.into_any()
    }
}
