//! The one short note in the line of an application: the fact that matters most for selecting it.

use super::plugins::Known;
use super::state::Row;
use crate::text::upgrade::{redeploy_on, select as messages};
use quiesce_lifecycle::upgrade::{Eligibility, IneligibleReason};

/// The fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// It isn't read yet where it stores its state.
    ReadingState,
    Ineligible(IneligibleReason),
    MissingPlugins(usize),
    /// A redeploy on this version is offered.
    Redeploy(String),
    StateUnknown,
    PluginsUnknown,
    PluginsMove(usize),
}

impl Note {
    /// The note of a row, of which `moves` plugins move.
    pub fn of(row: &Row, known: &Known, moves: usize) -> Option<Self> {
        match &row.offer {
            Eligibility::Ineligible(reason) => Some(Self::Ineligible(*reason)),
            _ if row.unread => Some(Self::ReadingState),
            _ if !known.missing.is_empty() => Some(Self::MissingPlugins(known.missing.len())),
            Eligibility::Redeploy(to) => Some(Self::Redeploy(to.version.clone())),
            _ if row.unknown => Some(Self::StateUnknown),
            _ if known.unknown => Some(Self::PluginsUnknown),
            Eligibility::Upgrade(_) if moves > 0 => Some(Self::PluginsMove(moves)),
            Eligibility::Upgrade(_) | Eligibility::UpToDate(_) => None,
        }
    }

    pub fn text(&self) -> String {
        match self {
            Self::ReadingState => messages::NOTE_READING_STATE.to_owned(),
            Self::Ineligible(IneligibleReason::NotAPipeline) => messages::NOTE_NOT_A_PIPELINE.to_owned(),
            Self::Ineligible(IneligibleReason::NoArtifact) => messages::NOTE_NO_ARTIFACT.to_owned(),
            Self::MissingPlugins(plugins) => messages::missing_plugins(*plugins),
            Self::Redeploy(version) => redeploy_on(version),
            Self::StateUnknown => messages::NOTE_STATE_UNKNOWN.to_owned(),
            Self::PluginsUnknown => messages::NOTE_PLUGINS_UNKNOWN.to_owned(),
            Self::PluginsMove(plugins) => messages::plugins_move(*plugins),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::application::ApplicationRecord;
    use quiesce_api::artifact::{Artifact, PluginRef};
    use quiesce_lifecycle::upgrade::MissingPlugin;

    fn artifact(version: &str) -> Artifact {
        Artifact { name: "cdap-data-streams".into(), version: version.into(), scope: "SYSTEM".into() }
    }

    fn row(offer: Eligibility) -> Row {
        let application = ApplicationRecord {
            name: "clicks".into(),
            version: "v1".into(),
            artifact: artifact("6.10.0"),
            change: None,
        };
        Row { application, offer, alive: false, mode: None, unread: false, unknown: false }
    }

    #[test]
    fn a_missing_plugin_comes_before_the_offer_of_a_redeploy() {
        let redeploy = row(Eligibility::Redeploy(artifact("6.11.0")));
        assert_eq!(Note::of(&redeploy, &Known::default(), 0), Some(Note::Redeploy("6.11.0".to_owned())));
        let plugin = PluginRef { kind: "action".into(), name: "Wait".into() };
        let missing = vec![MissingPlugin { plugin, artifact: artifact("1.0.0"), incompatible: false }];
        let lacking = Known { missing, ..Known::default() };
        assert_eq!(Note::of(&redeploy, &lacking, 0), Some(Note::MissingPlugins(1)));
    }

    #[test]
    fn what_is_unknown_comes_before_the_plugins_that_move() {
        let mut upgrade = row(Eligibility::Upgrade(artifact("6.11.0")));
        assert_eq!(Note::of(&upgrade, &Known::default(), 0), None);
        assert_eq!(Note::of(&upgrade, &Known::default(), 2), Some(Note::PluginsMove(2)));
        let unknown = Known { unknown: true, ..Known::default() };
        assert_eq!(Note::of(&upgrade, &unknown, 2), Some(Note::PluginsUnknown));
        upgrade.unknown = true;
        assert_eq!(Note::of(&upgrade, &unknown, 2), Some(Note::StateUnknown));
        (upgrade.unknown, upgrade.unread) = (false, true);
        assert_eq!(Note::of(&upgrade, &unknown, 2), Some(Note::ReadingState));
    }
}
