//! The applications of the first step, and what is selected of them.

use super::group::{Folding, Group};
use super::listing::Listing;
use super::load::{Loaded, LoadedLater};
use super::plugins::{Moves, Plugins};
use crate::client::Client;
use leptos::prelude::*;
use quiesce_api::application::ApplicationRecord;
use quiesce_api::upgrade::Candidates;
use quiesce_api::{ApplicationId, Error, NamespaceId};
use quiesce_lifecycle::launch::StateMode;
use quiesce_lifecycle::upgrade::Eligibility;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An application with what can be done with it.
#[derive(Clone, PartialEq)]
pub(crate) struct Row {
    pub application: ApplicationRecord,
    pub offer: Eligibility,
    pub alive: bool,
    /// Where a real-time pipeline stores its state, if that was read.
    pub mode: Option<StateMode>,
    /// A real-time pipeline of which it is not read yet where it stores its state.
    pub unread: bool,
    /// A real-time pipeline of which that could not be read.
    pub unknown: bool,
}

impl Row {
    pub fn group(&self) -> Group {
        Group::of(&self.offer)
    }

    /// Its place among the others. What can be upgraded has real-time pipelines last: some of them move to the next
    /// group when it is read where they store their state, and no other row then moves away from under a pointer.
    pub fn rank(&self) -> (Group, bool, &ApplicationId) {
        let group = self.group();
        let may_move = group == Group::CanUpgrade && self.application.artifact.is_realtime_pipeline();
        (group, may_move, &self.application.name)
    }
}

/// Whether the upgrade of what is chosen can be begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Beginning {
    Possible,
    UnderWay,
    /// Not in this browser, for this reason.
    Impossible(String),
}

/// What the choice comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Choice {
    /// What is known of the plugins of each application.
    pub plugins: Arc<Plugins>,
    /// The applications chosen, without those that the server refuses for lack of a plugin unless they are forced.
    pub selected: BTreeSet<ApplicationId>,
}

#[derive(Clone, Copy)]
pub(crate) struct SelectState {
    pub client: Client,
    pub namespace: StoredValue<NamespaceId>,
    pub data: RwSignal<Option<Result<Arc<Loaded>, Error>>>,
    pub more: RwSignal<LoadedLater>,
    pub candidates: RwSignal<Candidates>,
    pub list: RwSignal<bool>,
    pub rows: Memo<Arc<Vec<Row>>>,
    pub listing: Memo<Arc<Listing>>,
    pub folding: RwSignal<Folding>,
    /// The applications whose details are open.
    pub open: RwSignal<BTreeSet<ApplicationId>>,
    /// The applications that are chosen, and whether each is forced although the server lacks a plugin of it.
    pub chosen: RwSignal<BTreeMap<ApplicationId, bool>>,
    pub page: RwSignal<usize>,
    /// What was read of the plugins of the applications.
    pub moves: RwSignal<Moves>,
    pub choice: Memo<Arc<Choice>>,
    pub beginning: RwSignal<Beginning>,
}

impl SelectState {
    /// Chooses nothing, since what there is to choose has changed.
    pub(crate) fn choose_none(self) {
        self.chosen.set(BTreeMap::new());
    }
}
