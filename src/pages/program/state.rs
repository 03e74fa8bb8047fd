//! The data of the program page.

use crate::navigation::{NavigateOptions, use_location, use_navigate};
use crate::routes::Address;
use leptos::prelude::*;
use quiesce_api::application::ApplicationDetail;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::{Error, InvalidRow, ProgramRef, RunId, Truncation};
use quiesce_lifecycle::capability::ProgramState;
use quiesce_lifecycle::kind::Kind;

/// What of the page its address selects, so that a link opens the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selected {
    /// The run whose records and log are shown.
    pub run: Option<RunId>,
    /// Whether only active runs are listed.
    pub only_active: bool,
    /// Whether the form that starts a run is open.
    pub starting: bool,
}

impl Selected {
    /// Reads the query of the address.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            run: get("run").map(RunId::from),
            only_active: get("runs").as_deref() == Some("active"),
            starting: get("form").as_deref() == Some("start"),
        }
    }

    /// The address that selects it.
    pub fn href(&self, page: &Address) -> String {
        let run = self.run.as_ref().map(|run| ("run", run.as_str()));
        let runs = self.only_active.then_some(("runs", "active"));
        let form = self.starting.then_some(("form", "start"));
        page.href_with(run.into_iter().chain(runs).chain(form))
    }
}

/// Selects something on a page, by its address.
pub(super) fn use_select(page: Address) -> impl Fn(&Selected) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    move |selected| navigate(&selected.href(&page), NavigateOptions { replace: true, scroll: false })
}

/// What the address selects now.
pub(super) fn selected() -> Memo<Selected> {
    let query = use_location().query;
    Memo::new(move |_| query.with(|query| Selected::read(|name| query.get(name))))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::{Route, RouterName};
    use quiesce_api::ProgramType;

    #[test]
    fn what_is_selected_comes_back_from_the_address() {
        let program = ProgramRef::new("default", "clicks", ProgramType::Spark, "Streaming");
        let page = Address { router: RouterName::default(), route: Route::program(&program) };
        let all = Selected { run: Some("a b".into()), only_active: true, starting: true };
        let query = "run=a%20b&runs=active&form=start";
        assert_eq!(all.href(&page), format!("/ns/default/apps/clicks/spark/Streaming?{query}"));
        let get = |name: &str| match name {
            "run" => Some("a b".to_owned()),
            "runs" => Some("active".to_owned()),
            "form" => Some("start".to_owned()),
            _ => None,
        };
        assert_eq!(Selected::read(get), all);
        assert_eq!(Selected::read(|_| None), Selected::default());
        assert_eq!(Selected::default().href(&page), "/ns/default/apps/clicks/spark/Streaming");
    }
}
