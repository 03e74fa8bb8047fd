//! The server page: capabilities, services, the sandbox.

use quiesce_api::system::StopSettings;
use quiesce_lifecycle::findings::GraceSupport;

pub const CAPABILITIES: &str = "Server capabilities";
pub const RECHECK: &str = "Re-run checks";
pub const CHECKING: &str = "Running checks…";
pub const CAPABILITY: &str = "Capability";
pub const RESULT: &str = "Result";
pub const CHECKED: &str = "Checked";
pub const UNKNOWN: &str = "Unknown";

pub const VERSION: &str = "Version";
pub const GRACE_PERIOD: &str = "Grace period";
pub const STOP_SETTINGS: &str = "Stop settings";
pub const BATCH_DETAILS: &str = "Application details in batch";
pub const APPLICATION_LISTS: &str = "Application lists";
pub const COMPONENTS: &str = "Components";

pub const SERVICES: &str = "Services";
pub const SERVICE: &str = "Service";
pub const LOGS: &str = "Logs";
pub const INSTANCES: &str = "Instances";

pub const SANDBOX: &str = "Sandbox";
pub const RESET: &str = "Reset the sandbox";
pub const RESETTING: &str = "Resetting…";
pub const RESET_HINT: &str =
    "This is the demo. A reset restores its applications, runs, schedules and clock, and removes its faults.";
pub const RESET_DONE: &str =
    "The sandbox was reset. Operations stay in this browser's journal; their runs no longer exist.";
pub const RESET_UNKNOWN: &str = "The sandbox did not respond. It may or may not have been reset.";

pub fn server_version(version: &str) -> String {
    format!(", CDAP {version}")
}

pub fn grace_support(support: GraceSupport) -> &'static str {
    match support {
        GraceSupport::Honoured => "This server applies the grace period of run-level and batch stops.",
        GraceSupport::Ignored => {
            "This server ignores the grace period without an error: every run gets the default."
        }
    }
}

pub fn stop_settings(settings: &StopSettings) -> String {
    let value = |value: Option<i64>| value.map_or_else(|| "not set".to_owned(), |it| format!("{it} s"));
    format!(
        "app.program.max.stop.seconds: {}; app.program.terminate.time.buffer.secs: {}; app.program.terminator.interval.secs: {}",
        value(settings.max_stop_seconds),
        value(settings.terminate_buffer_seconds),
        value(settings.terminator_interval_seconds)
    )
}

pub fn batch_details(version_required: bool) -> &'static str {
    if version_required { "A version is required" } else { "No version is required" }
}

pub fn application_lists(paged: bool) -> &'static str {
    if paged { "In pages" } else { "As a whole only" }
}

pub fn instances(provisioned: impl std::fmt::Display, requested: impl std::fmt::Display) -> String {
    format!("{provisioned} of {requested}")
}
