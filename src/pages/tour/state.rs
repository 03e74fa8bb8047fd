//! The state of the tour in this tab, remembered in the browser.

use super::operations;
use super::steps::{Facts, Operations, Status, Step, Tour};
use crate::client::{Client, clock, preferences};
use crate::shell::Shell;
use crate::text::tour as text;
use crate::ui::Announcer;
use leptos::prelude::*;
use quiesce_api::Request;
use serde::Serialize;

/// The preference that remembers it.
const PREFERENCE: &str = "tour";

/// The sandbox's route for faults.
const FAULTS: [&str; 2] = ["sandbox", "faults"];

/// How often the operations of the tour are read, in milliseconds.
const PACE: u32 = 1_500;

/// A fault of the sandbox that a step of the tour arms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The next request for an upgrade is performed, and its response is lost.
    Response,
    /// The server is unavailable.
    Server,
}

/// A fault as the sandbox accepts it.
#[derive(Serialize)]
struct Fault {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    label: String,
}

impl Failure {
    fn fault(self, label: String) -> Fault {
        let fault = Fault { name: "down", method: None, path: None, seconds: None, times: None, label };
        match self {
            // Twice: a browser itself repeats a request whose reused connection was closed without a response.
            Self::Response => Fault {
                name: "drop-after",
                method: Some("POST"),
                path: Some("/upgrade"),
                times: Some(2),
                ..fault
            },
            Self::Server => Fault { seconds: Some(20), ..fault },
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct TourState {
    pub client: Client,
    pub shell: Shell,
    pub announcer: Announcer,
    pub status: RwSignal<Status>,
    /// The operations of the tour, as they were read last.
    pub operations: RwSignal<Operations>,
    /// The result of arming a fault.
    pub said: RwSignal<&'static str>,
}

impl TourState {
    pub(super) fn new(client: Client, shell: Shell, announcer: Announcer) -> Self {
        let stored = preferences::get(PREFERENCE).unwrap_or_default();
        Self {
            client,
            shell,
            announcer,
            status: RwSignal::new(Status::of_text(&stored)),
            operations: RwSignal::new(Operations::default()),
            said: RwSignal::new(""),
        }
    }

    /// Begins the tour, unless it is under way.
    pub(super) fn begin(self) {
        if self.status.with_untracked(|status| status.tour().is_none()) {
            self.operations.set(Operations::default());
            self.set(Status::Running(Tour::begin(clock::milliseconds())));
            self.announce();
        }
    }

    pub(super) fn leave(self) {
        self.set(Status::Dismissed);
    }

    /// Removes the faults that a tour armed.
    fn disarm(self, label: String) {
        let request = Request::delete(FAULTS).query("label", label);
        leptos::task::spawn_local(async move {
            // A sandbox that does not answer has ended, and its faults with it.
            let _ = self.client.send(request).await;
        });
    }

    /// Changes the step, and says it.
    pub(super) fn go(self, change: impl FnOnce(&mut Tour)) {
        self.said.set("");
        self.change(change);
        self.announce();
        leptos::task::spawn_local(self.read());
    }

    fn change(self, change: impl FnOnce(&mut Tour)) {
        let Some(Status::Running(mut tour)) = self.status.try_get_untracked() else { return };
        change(&mut tour);
        self.set(Status::Running(tour));
    }

    /// A status that did not change is neither drawn nor stored again. One in which the tour is over removes its faults.
    fn set(self, status: Status) {
        let before = self.status.get_untracked();
        if before == status {
            return;
        }
        preferences::set(PREFERENCE, &status.text());
        if let Some(label) = before.faults().filter(|label| status.faults().as_ref() != Some(label)) {
            self.disarm(label);
        }
        self.status.set(status);
    }

    fn announce(self) {
        let step = self.status.with_untracked(|status| status.tour().map(|tour| tour.step));
        if let Some(step) = step {
            self.announcer.say(text::at_step(step.number(), Step::ALL.len(), step.text()));
        }
    }

    fn observe(self, facts: &Facts<'_>) {
        self.change(|tour| {
            let before = tour.is_done(tour.step);
            tour.observe(facts);
            if !before && tour.is_done(tour.step) {
                self.announcer.say(text::done(tour.step.text().0));
            }
        });
    }

    /// Observes the current page and the operations that were read last.
    fn observe_page(self) {
        let operations = self.operations.get_untracked();
        self.shell.route.with_untracked(|route| {
            self.observe(&Facts { route: route.as_ref(), operations, is_broken: false });
        });
    }

    /// Follows the page at once and the journal from time to time, for as long as the frame of this router is shown.
    pub(super) fn follow(self) {
        Effect::new(move || {
            self.shell.route.track();
            self.observe_page();
        });
        Effect::new(move || {
            self.client.operations.track();
            leptos::task::spawn_local(self.read());
        });
        leptos::task::spawn_local(async move {
            while self.status.try_get_untracked().is_some() {
                clock::sleep(PACE).await;
                if !document().hidden() {
                    self.read().await;
                }
            }
        });
    }

    async fn read(self) {
        let Some(Status::Running(tour)) = self.status.try_get_untracked() else { return };
        if !tour.step.needs_journal() {
            return;
        }
        let operations = operations::read(self.client, &tour).await;
        let Some(changed) = self.operations.try_with_untracked(|before| *before != operations) else {
            return;
        };
        if changed {
            self.operations.set(operations);
            self.observe_page();
        }
    }

    /// Arms a fault of the sandbox.
    pub(super) fn break_with(self, failure: Failure) {
        let faults = move || self.status.try_get_untracked().and_then(|status| status.faults());
        let Some(label) = faults() else { return };
        let request = Request::post(FAULTS).json(&failure.fault(label.clone()));
        leptos::task::spawn_local(async move {
            let answer = self.client.send(request).await;
            if !answer.is_ok_and(|answer| answer.status == 200) {
                self.said.try_set(text::NOT_BROKEN);
                return;
            }
            if faults().as_ref() != Some(&label) {
                self.disarm(label);
                return;
            }
            self.said.try_set(match failure {
                Failure::Response => text::RESPONSE_LOST,
                Failure::Server => text::SERVER_LOST,
            });
            self.observe(&Facts { is_broken: true, ..Facts::default() });
        });
    }
}
