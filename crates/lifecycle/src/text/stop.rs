//! A stop, as text.

use super::{grace, outcome, timeline, verdict};
use crate::journal::Header;
use crate::plural::{list, plural};
use crate::stop::{Drift, NotStoppedReason, Phase, StopOperation, StopState};
use crate::verdict::NextStep;
use quiesce_api::Timestamp;
use std::fmt::Write;

/// A phase of a run that is stopped.
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Requested => "Server",
        Phase::Stopping => "Stopping",
        Phase::PastDeadline => "Past the deadline",
    }
}

/// Why a run counts as not stopped.
pub fn not_stopped(reason: &NotStoppedReason) -> String {
    match reason {
        NotStoppedReason::NoEffect => "The server accepted the stop, but it has had no effect yet".to_owned(),
        NotStoppedReason::NoAnswer(error) => error.to_string(),
    }
}

/// The summary that can be copied: plain text, one line a run. Names the users whom the header of the journal names.
pub fn summary(stop: &StopOperation, header: Option<&Header>, now: Timestamp) -> String {
    let counts = stop.counts(now);
    let mut text = String::new();
    let namespaces = list(stop.plan.namespaces());
    let _ = writeln!(text, "Stop in namespace {namespaces}, confirmed {}", stop.confirmed);
    if let Some((header, user)) = header.and_then(|header| Some((header, header.user.as_ref()?))) {
        let _ = writeln!(text, "{}", timeline::started(user));
        for it in &header.continued {
            let _ = writeln!(text, "{}, {}", timeline::continued(it.user.as_ref()), it.at);
        }
    }
    let _ = writeln!(text, "Grace asked: {}", grace::grace(stop.plan.grace));
    let _ = writeln!(text, "{} of {} ended", counts.ended, plural(counts.all, "run"));
    for view in stop.views(now) {
        let Some(target) = stop.plan.targets.get(view.place) else { continue };
        let applied = view.outcome.applied_grace.map_or("none".to_owned(), |grace| format!("{grace} s"));
        let what = match &view.state {
            StopState::EndedBefore => {
                format!("ended before the stop reached it ({})", outcome::outcome(&view.outcome))
            }
            StopState::Ended | StopState::Stopping | StopState::PastDeadline => {
                outcome::outcome(&view.outcome)
            }
            StopState::Gone(error)
            | StopState::Refused(error)
            | StopState::NotStopped(NotStoppedReason::NoAnswer(error))
            | StopState::InDoubt(error) => {
                let words = error.to_string();
                format!("{}: {words}", state_label(&view.state))
            }
            StopState::NotStopped(reason @ NotStoppedReason::NoEffect) => {
                format!("{}: {}", state_label(&view.state), not_stopped(reason))
            }
            state => state_label(state).to_owned(),
        };
        let older = if target.older { " (superseded version)" } else { "" };
        let _ = writeln!(text, "- {}{older}: {what}; applied grace {applied}", target.run);
        if let Some(quote) = stop.runs.get(view.place).and_then(|run| run.log.as_ref()?.quotes.first()) {
            let _ = writeln!(text, "  log: {}", quote.line);
        }
        for assessment in &view.after {
            let next = match assessment.next {
                NextStep::SameVersion => "if this version is started again",
                NextStep::Upgrade => "if it is upgraded",
            };
            let _ = writeln!(text, "  {next}: {}", verdict::label(assessment.verdict));
        }
    }
    for drift in &stop.drift {
        let _ = match drift {
            Drift::NewRun(run) => writeln!(text, "- {run}: started after the confirmation, not stopped"),
            Drift::AlsoStopped(run) => {
                writeln!(text, "- {run}: not selected, but stopped by the same request")
            }
        };
    }
    text
}

/// The word for a state, where the outcome does not say it.
pub(crate) fn state_label(state: &StopState) -> &'static str {
    match state {
        StopState::Planned => "not sent yet",
        StopState::Requested => "being sent",
        StopState::Accepted => "stop requested",
        StopState::InDoubt(_) => "no response, checking what happened",
        StopState::NotStopped(_) => "not stopped",
        StopState::Refused(_) => "refused",
        StopState::OfWorkflow => "ends with its workflow",
        StopState::Stopping => "stopping",
        StopState::PastDeadline => "past its deadline",
        StopState::Gone(_) => "not found",
        StopState::EndedBefore => "ended before the stop",
        StopState::Ended => "ended",
    }
}
