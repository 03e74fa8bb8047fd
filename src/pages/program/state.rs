//! The data of the program page.

use crate::navigation::use_location;
use leptos::prelude::*;
use quiesce_api::application::ApplicationDetail;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::{Error, InvalidRow, ProgramRef, RunId, Truncation};
use quiesce_lifecycle::capability::ProgramState;
use quiesce_lifecycle::kind::Kind;

/// The run that is selected in the address.
pub(super) fn selected_run() -> Memo<Option<RunId>> {
    let query = use_location().query;
    Memo::new(move |_| query.with(|query| query.get("run").map(RunId::from)))
}

/// A program, its runs and its application, as read from the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProgramData {
    /// Its runs of all versions, active ones first.
    pub runs: Vec<RunRecord>,
    /// Invalid run records.
    pub bad: Vec<InvalidRow>,
    /// Set when the list is truncated.
    pub cut: Option<Truncation>,
    /// The latest version of its application, if it could be read.
    pub detail: Option<ApplicationDetail>,
    /// Why its application could not be read.
    pub unread: Option<Error>,
    /// The kind of the program.
    pub kind: Kind,
}

impl ProgramData {
    /// The name of its polled answer.
    pub fn name(program: &ProgramRef) -> String {
        format!("program {program}")
    }

    /// Whether a run belongs to a superseded version.
    pub fn is_older(&self, run: &RunRecord) -> bool {
        match (&run.version, &self.detail) {
            (Some(version), Some(detail)) => *version != detail.version && !version.is_snapshot(),
            _ => false,
        }
    }

    pub fn active(&self) -> impl Iterator<Item = &RunRecord> {
        self.runs.iter().filter(|run| !run.status.is_end())
    }

    pub fn state(&self) -> ProgramState {
        ProgramState {
            kind: self.kind,
            alive: self.active().count(),
            stopping: self.active().filter(|run| run.status == RunStatus::Stopping).count(),
            state_mode: None,
            server: None,
        }
    }
}
