//! The versions of an application: their list, and two of them in detail.

use crate::client::polling::Polled;
use crate::client::{Client, use_client};
use crate::pages::program::state::ProgramData;
use leptos::prelude::*;
use quiesce_api::application::{
    ApplicationDetail, ApplicationRecord, GetApplication, ListApplications, NameMatch,
};
use quiesce_api::{ApplicationId, Error, NamespaceId, ProgramRef, VersionId};
use quiesce_lifecycle::version_restore::RestoreResult;

/// The versions as they were read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct VersionList {
    /// Newest first.
    pub versions: Vec<ApplicationRecord>,
    /// How many records could not be read.
    pub unreadable: usize,
}

impl VersionList {
    /// The latest version.
    pub fn latest(&self) -> Option<&VersionId> {
        let marked = |it: &&ApplicationRecord| it.change.as_ref().is_some_and(|it| it.latest == Some(true));
        self.versions.iter().find(marked).or(self.versions.first()).map(|it| &it.version)
    }
}

/// A version in detail: not read yet, read, or not readable.
pub(super) type Detail = Option<Result<ApplicationDetail, Error>>;

/// What the section shows.
#[derive(Clone, Copy)]
pub(super) struct State {
    of: StoredValue<(NamespaceId, ApplicationId)>,
    pub client: Client,
    pub program: Polled<ProgramData>,
    pub list: RwSignal<Option<Result<VersionList, Error>>>,
    /// The two versions that are compared.
    pub compared: RwSignal<Option<(VersionId, VersionId)>>,
    /// The version whose restore is asked for.
    pub restoring: RwSignal<Option<VersionId>>,
    /// What became of the last restore.
    pub result: RwSignal<Option<(VersionId, RestoreResult)>>,
}

impl State {
    pub fn new(program: &ProgramRef, live: Polled<ProgramData>) -> Self {
        let state = Self {
            of: StoredValue::new((program.namespace.clone(), program.application.clone())),
            client: use_client(),
            program: live,
            list: RwSignal::new(None),
            compared: RwSignal::new(None),
            restoring: RwSignal::new(None),
            result: RwSignal::new(None),
        };
        // Read once, and again when another version is the latest.
        let latest =
            Memo::new(move |_| live.data.with(|seen| Some(seen.as_ref()?.detail.as_ref()?.version.clone())));
        Effect::new(move |_| {
            latest.track();
            state.client.signed_in.track();
            state.read();
        });
        state
    }

    pub fn namespace(self) -> NamespaceId {
        self.of.with_value(|(namespace, _)| namespace.clone())
    }

    pub fn application(self) -> ApplicationId {
        self.of.with_value(|(_, application)| application.clone())
    }

    /// Reads the list.
    pub fn read(self) {
        let list = ListApplications {
            name: Some(self.application().to_string()),
            name_match: Some(NameMatch::Equals),
            ..ListApplications::all_versions(self.namespace())
        };
        leptos::task::spawn_local(async move {
            let answer = self.client.call(&list).await.and_then(|answer| {
                let mut versions = answer.rows.good;
                // Older servers compare no names: they list the applications whose name contains it.
                versions
                    .retain(|it| Some(&it.name) == self.of.try_with_value(|(_, name)| name.clone()).as_ref());
                versions.sort_by_key(|it| {
                    std::cmp::Reverse(it.change.as_ref().and_then(|it| it.creation_time_millis))
                });
                match answer.rows.cut {
                    Some(cut) => Err(quiesce_api::Undecodable {
                        path: ".".to_owned(),
                        message: cut.reason,
                        raw: String::new(),
                    }
                    .into()),
                    None => Ok(VersionList { versions, unreadable: answer.rows.bad.len() }),
                }
            });
            self.list.try_set(Some(answer));
        });
    }

    pub fn latest(self) -> Option<VersionId> {
        self.list.with(|list| list.as_ref()?.as_ref().ok()?.latest().cloned())
    }

    /// Reads a version in detail; `None` reads the latest.
    pub async fn detail(self, version: Option<VersionId>) -> Result<ApplicationDetail, Error> {
        let get = GetApplication { namespace: self.namespace(), application: self.application(), version };
        self.client.call(&get).await
    }

    /// A version in detail, as soon as it is read.
    pub fn detail_of(self, version: VersionId) -> RwSignal<Detail> {
        let detail = RwSignal::new(None);
        leptos::task::spawn_local(async move {
            let read = self.detail(Some(version)).await;
            detail.try_set(Some(read));
        });
        detail
    }
}
