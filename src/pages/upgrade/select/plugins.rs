//! The plugins of the applications in the list: which of them an upgrade moves, and which the server lacks.

use super::state::{Row, SelectState};
use leptos::prelude::*;
use quiesce_api::artifact::{Artifact, PluginRef};
use quiesce_api::upgrade::Candidates;
use quiesce_api::{ApplicationId, Error, VersionId};
use quiesce_lifecycle::grouping::group_by_key;
use quiesce_lifecycle::upgrade::{Eligibility, MissingPlugin, PluginInUse, PluginUpgrade, UpgradeMethod};
use std::collections::BTreeSet;

/// A version of an application.
pub(crate) type Version = (ApplicationId, VersionId);
/// A plugin for applications of an artifact.
pub(crate) type Question = (Artifact, PluginRef);

/// Answers by what was asked, in its order. `None`: could not be read.
#[derive(Clone, Debug, PartialEq)]
struct Answers<K, V>(Vec<(K, Option<V>)>);

impl<K: Ord, V> Answers<K, V> {
    fn get(&self, key: &K) -> Option<&Option<V>> {
        let index = self.0.binary_search_by(|(known, _)| known.cmp(key)).ok()?;
        self.0.get(index).map(|(_, answer)| answer)
    }

    fn put(&mut self, key: K, answer: Option<V>) {
        match self.0.binary_search_by(|(known, _)| known.cmp(&key)) {
            Ok(index) => self.0[index].1 = answer,
            Err(index) => self.0.insert(index, (key, answer)),
        }
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moves {
    /// The plugins of each version of an application.
    used: Answers<Version, Vec<PluginInUse>>,
    /// The artifacts that have a plugin for applications of an artifact.
    has: Answers<Question, Vec<Artifact>>,
    /// Why something could not be read last.
    failed: Option<Error>,
    /// Whether nothing more is read, since the server or the session failed.
    halted: bool,
    /// How often it was read anew; what was asked before is dropped.
    generation: u32,
}

/// The applications of the list by what is known of their plugins.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plugins {
    /// Those with a plugin that the server lacks.
    pub lacking: BTreeSet<ApplicationId>,
    /// The same by plugin.
    pub groups: Vec<(MissingPlugin, Vec<ApplicationId>)>,
    /// Those of which something could not be read.
    pub unknown: Vec<ApplicationId>,
    /// How many are not read yet.
    pub unread: usize,
}

impl Default for Moves {
    fn default() -> Self {
        Self {
            used: Answers(Vec::new()),
            has: Answers(Vec::new()),
            failed: None,
            halted: false,
            generation: 0,
        }
    }
}

/// How an application gets to which artifact, if the operator chooses it.
pub(crate) fn target(offer: &Eligibility) -> Option<(UpgradeMethod, &Artifact)> {
    match offer {
        Eligibility::Upgrade(to) | Eligibility::UpToDate(to) => Some((UpgradeMethod::Upgrade, to)),
        Eligibility::Redeploy(to) => Some((UpgradeMethod::Redeploy, to)),
        Eligibility::Ineligible(_) => None,
    }
}

pub(crate) fn version(row: &Row) -> Version {
    (row.application.name.clone(), row.application.version.clone())
}

impl Moves {
    /// Forgets everything, so that it is read anew.
    pub(crate) fn restart(&mut self) {
        *self = Self { generation: self.generation + 1, ..Self::default() };
    }

    /// Forgets what could not be read, so that it is read again.
    pub(crate) fn retry(&mut self) {
        self.used.0.retain(|(_, used)| used.is_some());
        self.has.0.retain(|(_, has)| has.is_some());
        (self.failed, self.halted) = (None, false);
    }

    /// Why something could not be read last.
    pub(crate) fn failed(&self) -> Option<&Error> {
        self.failed.as_ref()
    }

    /// Whether nothing more is read, since the server or the session failed.
    pub(crate) fn is_halted(&self) -> bool {
        self.halted
    }

    /// How often it was read anew; [`Moves::take`] drops what was asked before.
    pub(crate) fn generation(&self) -> u32 {
        self.generation
    }

    /// Takes in what was read, unless it was asked before a restart.
    pub(crate) fn take(
        &mut self,
        generation: u32,
        used: Vec<(Version, Option<Vec<PluginInUse>>)>,
        has: Vec<(Question, Option<Vec<Artifact>>)>,
        failed: Option<Error>,
    ) {
        if self.generation != generation {
            return;
        }
        for (version, used) in used {
            self.used.put(version, used);
        }
        for (question, has) in has {
            self.has.put(question, has);
        }
        self.halted |= failed.as_ref().is_some_and(Error::is_unrelated_to_request);
        self.failed = failed.or(self.failed.take());
    }

    /// Whether the plugins of a version of an application were not asked yet.
    pub(crate) fn is_unread_version(&self, version: &Version) -> bool {
        self.used.get(version).is_none()
    }

    /// Whether something of the plugins of an application was not asked yet.
    pub(crate) fn is_unread(&self, row: &Row, to: &Artifact) -> bool {
        match self.used.get(&version(row)) {
            None => true,
            Some(None) => false,
            Some(Some(used)) => used.iter().any(|one| self.has(to, one).is_none()),
        }
    }

    /// The plugins of these applications that were not asked yet.
    pub(crate) fn questions(&self, batch: &[(Version, Artifact)]) -> Vec<Question> {
        let mut questions = Vec::new();
        for (version, to) in batch {
            for one in self.used.get(version).into_iter().flatten().flatten() {
                let question = (to.clone(), one.plugin.clone());
                if self.has.get(&question).is_none() && !questions.contains(&question) {
                    questions.push(question);
                }
            }
        }
        questions
    }

    fn has(&self, to: &Artifact, one: &PluginInUse) -> Option<&Option<Vec<Artifact>>> {
        self.has.get(&(to.clone(), one.plugin.clone()))
    }

    /// What is known of the plugins of an application.
    fn known(&self, row: &Row, artifacts: &[Artifact], candidates: &Candidates) -> Known {
        let mut known = Known::default();
        let Some((way, to)) = target(&row.offer).filter(|_| !row.unread) else { return known };
        match self.used.get(&version(row)) {
            None if !self.halted => known.unread = true,
            None | Some(None) => known.unknown = true,
            Some(Some(used)) => {
                for one in used {
                    match self.has(to, one) {
                        None if !self.halted => known.unread = true,
                        None | Some(None) => known.unknown = true,
                        Some(Some(has)) => known.missing.extend(one.missing(has, artifacts, way, candidates)),
                    }
                }
            }
        }
        known
    }

    /// The plugins that an upgrade of an application moves, as far as that is known.
    pub(crate) fn moved(&self, row: &Row, candidates: &Candidates) -> Vec<PluginUpgrade> {
        let mut upgrades = Vec::new();
        let (Eligibility::Upgrade(to) | Eligibility::UpToDate(to)) = &row.offer else { return upgrades };
        for one in self.used.get(&version(row)).into_iter().flatten().flatten() {
            if let Some(Some(has)) = self.has(to, one) {
                upgrades.extend(one.upgrade(has, candidates));
            }
        }
        upgrades
    }
}

/// What is known of the plugins of an application.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Known {
    /// Those that the server lacks.
    pub missing: Vec<MissingPlugin>,
    /// Whether something could not be read.
    pub unknown: bool,
    /// Whether something is not read yet.
    pub unread: bool,
}

/// What is known of the plugins of an application in the list.
pub(crate) fn of_row(state: SelectState, row: &Row) -> Known {
    state.data.with(|data| {
        let Some(Ok(offers)) = data else { return Known::default() };
        let artifacts = &offers.artifacts;
        state.candidates.with(|candidates| state.moves.with(|moves| moves.known(row, artifacts, candidates)))
    })
}

/// The plugins that an upgrade of an application in the list moves, as far as that is known.
pub(crate) fn moves_of_row(state: SelectState, row: &Row) -> Vec<PluginUpgrade> {
    state.candidates.with(|candidates| state.moves.with(|moves| moves.moved(row, candidates)))
}

impl Plugins {
    /// What is known of the plugins of all applications in the list.
    pub(crate) fn of(rows: &[Row], moves: &Moves, artifacts: &[Artifact], candidates: &Candidates) -> Self {
        let mut plugins = Self::default();
        let mut missing = Vec::new();
        for row in rows {
            let name = &row.application.name;
            let known = moves.known(row, artifacts, candidates);
            plugins.unread += usize::from(known.unread);
            if known.unknown {
                plugins.unknown.push(name.clone());
            }
            if !known.missing.is_empty() {
                plugins.lacking.insert(name.clone());
            }
            missing.extend(known.missing.into_iter().map(|missing| (missing, name.clone())));
        }
        plugins.groups = group_by_key(missing);
        plugins
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::application::ApplicationRecord;

    fn artifact(name: &str, version: &str) -> Artifact {
        Artifact { name: name.into(), version: version.into(), scope: "USER".into() }
    }

    fn target_artifact() -> Artifact {
        artifact("cdap-data-pipeline", "6.11.0")
    }

    fn row(name: &str) -> Row {
        let application = ApplicationRecord {
            name: name.into(),
            version: "v1".into(),
            artifact: artifact("cdap-data-pipeline", "6.10.0"),
            change: None,
        };
        let offer = Eligibility::Upgrade(target_artifact());
        Row { application, offer, alive: false, mode: None, unread: false, unknown: false }
    }

    fn wait() -> PluginInUse {
        let plugin = PluginRef { kind: "action".into(), name: "Wait".into() };
        PluginInUse { plugin, artifact: artifact("ghost-plugins", "1.0.0") }
    }

    fn plugins(rows: &[Row], moves: &Moves) -> Plugins {
        Plugins::of(rows, moves, &[], &Candidates::default())
    }

    #[test]
    fn each_plugin_is_asked_once_and_a_missing_one_names_all_its_applications() {
        let rows = ["a", "b"].map(row);
        let mut moves = Moves::default();
        assert_eq!(plugins(&rows, &moves).unread, 2);
        let used = rows.iter().map(|row| (version(row), Some(vec![wait()]))).collect();
        moves.take(0, used, Vec::new(), None);
        let batch: Vec<_> = rows.iter().map(|row| (version(row), target_artifact())).collect();
        let questions = moves.questions(&batch);
        assert_eq!(questions, [(target_artifact(), wait().plugin)]);
        moves.take(0, Vec::new(), vec![(questions[0].clone(), Some(Vec::new()))], None);
        let known = plugins(&rows, &moves);
        assert_eq!((known.lacking.len(), known.unread, known.unknown.len()), (2, 0, 0));
        assert_eq!(known.groups.len(), 1);
        assert_eq!(known.groups[0].1, ["a".into(), "b".into()]);
    }

    #[test]
    fn plugins_that_could_not_be_read_are_unknown_until_they_are_read_again() {
        let rows = ["a", "b"].map(row);
        let mut moves = Moves::default();
        let away = Error::from(quiesce_api::TransportError::TimedOut(60));
        moves.take(0, vec![(version(&rows[0]), None)], Vec::new(), Some(away));
        let known = plugins(&rows, &moves);
        assert_eq!((known.unknown.len(), known.unread, known.lacking.len()), (2, 0, 0));
        moves.retry();
        assert_eq!(plugins(&rows, &moves).unread, 2);
    }

    #[test]
    fn an_answer_to_a_question_from_before_a_restart_is_dropped() {
        let rows = ["a"].map(row);
        let mut moves = Moves::default();
        moves.restart();
        moves.take(0, vec![(version(&rows[0]), Some(Vec::new()))], Vec::new(), None);
        assert_eq!(plugins(&rows, &moves).unread, 1);
    }
}
