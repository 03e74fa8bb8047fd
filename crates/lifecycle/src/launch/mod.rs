//! What a real-time run was launched with. Judged by the run's own version and arguments, never by what is deployed
//! today (docs/cdap-api.md#write-ahead-log-of-a-run).

mod configuration;
mod evidence;
mod facts;
mod setting;
mod sources;
#[cfg(test)]
mod tests;
mod version;

pub(crate) use configuration::{ARGUMENT as AT_LEAST_ONCE, CHECKPOINTS_DISABLED};
pub use evidence::{Document, LaunchEvidence};
pub use facts::{Fact, LaunchFacts, LaunchInput};
pub use setting::{Setting, StateMode};
pub use sources::Receiver;
pub use version::ArtifactVersion;
