//! Sentences about the settings that a run was launched with.

use crate::launch::{AT_LEAST_ONCE, CHECKPOINTS_DISABLED, Document, LaunchEvidence};

/// Where a fact was read, and what stands there.
pub fn evidence(evidence: &LaunchEvidence) -> String {
    let text = match evidence {
        LaunchEvidence::Metrics(mode) => {
            return format!("The metrics of this run report the state mode {}.", mode.word());
        }
        LaunchEvidence::Specification(mode) => {
            return format!("The specification of the run's version has the state mode {}.", mode.word());
        }
        LaunchEvidence::VersionUnread => "The application version of this run could not be read.",
        LaunchEvidence::ConfigurationUnread => "The configuration of the run's version could not be read.",
        LaunchEvidence::ArgumentsUnread => "The runtime arguments of this run could not be read.",
        LaunchEvidence::NoBatchInterval => "The configuration has no batchInterval.",
        LaunchEvidence::StateStore => "The source stores its position in the server's state store.",
        LaunchEvidence::InvalidVersion(artifact) => {
            return format!("The version of {artifact} is not a number.");
        }
        LaunchEvidence::CheckpointsDisabled(artifact) => {
            return format!("The setting {CHECKPOINTS_DISABLED} is true ({artifact}).");
        }
        LaunchEvidence::CheckpointsNotDisabled(artifact) => {
            return format!("The setting {CHECKPOINTS_DISABLED} is not true ({artifact}).");
        }
        LaunchEvidence::CheckpointsByDefault(artifact) => {
            return format!("Neither the configuration nor an argument disables checkpoints ({artifact}).");
        }
        LaunchEvidence::CheckpointsAssumed(artifact) => {
            return format!(
                "Neither the configuration nor an argument disables checkpoints ({artifact}). The specification, which \
                 may disable them, was not read."
            );
        }
        LaunchEvidence::LogOffByDefault(artifact) => {
            return format!(
                "By default, {artifact} turns the write-ahead log off, and no setting turns it on."
            );
        }
        LaunchEvidence::LogOnByDefault(artifact) => {
            return format!(
                "By default, {artifact} turns the write-ahead log on, and no setting turns it off."
            );
        }
        LaunchEvidence::LogOnAssumed(artifact) => {
            return format!(
                "By default, {artifact} turns the write-ahead log on, and no setting that was read turns it off."
            );
        }
        LaunchEvidence::NotABoolean(name) => {
            return format!("The setting {name} is a macro or not a boolean.");
        }
        LaunchEvidence::AtLeastOnceArgument(value) => {
            return format!("The run was started with {AT_LEAST_ONCE} = {value}.");
        }
        LaunchEvidence::Macro { name, value } => return format!("The setting {name} is the macro {value}."),
        LaunchEvidence::Property { document, name, value } => {
            let document = match document {
                Document::Specification => "specification",
                Document::Configuration => "configuration",
            };
            return format!("The setting {name} is {value} in the {document} of the run's version.");
        }
        LaunchEvidence::Text(text) => text,
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch::StateMode;
    use crate::text::guide::follows_the_guide;

    #[test]
    fn evidence_follows_the_writing_guide() {
        let artifact = || "cdap-data-streams 6.10.0".to_owned();
        let (name, value) = (|| "stopGracefully".to_owned(), || "true".to_owned());
        for one in [
            LaunchEvidence::Metrics(StateMode::StateStore),
            LaunchEvidence::Specification(StateMode::None),
            LaunchEvidence::VersionUnread,
            LaunchEvidence::ConfigurationUnread,
            LaunchEvidence::ArgumentsUnread,
            LaunchEvidence::NoBatchInterval,
            LaunchEvidence::StateStore,
            LaunchEvidence::InvalidVersion(artifact()),
            LaunchEvidence::CheckpointsDisabled(artifact()),
            LaunchEvidence::CheckpointsNotDisabled(artifact()),
            LaunchEvidence::CheckpointsByDefault(artifact()),
            LaunchEvidence::CheckpointsAssumed(artifact()),
            LaunchEvidence::LogOffByDefault(artifact()),
            LaunchEvidence::LogOnByDefault(artifact()),
            LaunchEvidence::LogOnAssumed(artifact()),
            LaunchEvidence::NotABoolean(name()),
            LaunchEvidence::AtLeastOnceArgument(value()),
            LaunchEvidence::Macro { name: name(), value: "${graceful}".to_owned() },
            LaunchEvidence::Property { document: Document::Specification, name: name(), value: value() },
            LaunchEvidence::Property { document: Document::Configuration, name: name(), value: value() },
        ] {
            follows_the_guide(&evidence(&one));
        }
        assert_eq!(evidence(&LaunchEvidence::Text("As it was written.".to_owned())), "As it was written.");
    }
}
