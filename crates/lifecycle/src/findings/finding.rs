//! A finding about a server, with its evidence.

use quiesce_api::system::{ComponentVersion, StopSettings};
use quiesce_api::{Error, Timestamp};
use serde::{Deserialize, Serialize};

/// An answer about the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Finding<T> {
    /// The answer; `None` when it could not be told, and the evidence says why.
    pub value: Option<T>,
    /// What it rests on.
    pub evidence: Evidence,
    /// When it was taken, by the clock of whoever asked.
    pub taken_at: Timestamp,
}

/// What a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// The request, as one line: `POST /v3/namespaces/default/stop?graceful=-1`.
    pub asked: String,
    /// What the answer showed, or why there was none.
    pub saw: Observation,
}

/// What the answer to a request about the server showed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Observation {
    /// The value of the finding.
    Value,
    /// A list of results, with its length.
    Results(usize),
    /// Applications, without a token for a next page.
    Applications(usize),
    /// A page of applications with a token for the next one.
    Page(usize),
    /// The status of the first result of a batch call.
    ResultStatus(u16),
    /// No good answer. Long messages are cut.
    Failed(Error),
    /// A description as text, in entries of the journal that were written before there were the other variants.
    #[serde(untagged)]
    Text(String),
}

/// What a server does with the `graceful` parameter (docs/cdap-api.md#the-graceful-parameter).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum GraceSupport {
    /// It reads it: at run level and in batch a run gets what was asked.
    Honoured,
    /// It does not know it, and says nothing.
    Ignored,
}

/// The findings about a server. `None`: not asked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ServerFindings {
    /// The version.
    pub version: Option<Finding<String>>,
    /// What it does with the grace that is asked for.
    pub grace: Option<Finding<GraceSupport>>,
    /// How it stops programs.
    pub stop_settings: Option<Finding<StopSettings>>,
    /// Whether the batch call for application details finds an application only by its version.
    pub details_need_version: Option<Finding<bool>>,
    /// Whether the list of applications comes in pages.
    pub paged_lists: Option<Finding<bool>>,
    /// The versions of its parts.
    pub components: Option<Finding<Vec<ComponentVersion>>>,
}

impl ServerFindings {
    /// What the server does with a grace; `None` when it was not asked or could not be told.
    pub fn grace_support(&self) -> Option<GraceSupport> {
        self.grace.as_ref()?.value
    }

    /// The settings of stopping, if they are known.
    pub fn stop_settings(&self) -> Option<&StopSettings> {
        self.stop_settings.as_ref()?.value.as_ref()
    }
}
