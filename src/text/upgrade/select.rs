//! The selection of applications, and the options of an upgrade.

use crate::text::common::{count, counted, some};
use quiesce_api::artifact::Artifact;
use quiesce_lifecycle::upgrade::{PluginMove, PluginUpgrade};

pub const UPGRADABLE: &str = "Upgradable";
pub const NEEDS_REDEPLOY: &str = "Needs redeploy";
pub const UP_TO_DATE: &str = "Up to date";
pub const NOT_UPGRADABLE: &str = "Not upgradable";
pub const REDEPLOY_ADVICE: &str = "Selecting one redeploys it. Old checkpoints are not read again.";
pub const FILTER: &str = "Filter applications";
pub const SEARCH: &str = "Search applications";
pub const SEARCHED_FIELDS: &str = "Name or artifact";
pub const NO_APPLICATIONS: &str = "No applications in this namespace";
pub const NO_APPLICATIONS_ADVICE: &str =
    "Deploy a pipeline in CDAP Studio, or choose another namespace in the top bar.";
pub const NO_MATCH: &str = "Nothing matches";
pub const NO_MATCH_ADVICE: &str = "Change the search or the filters.";
pub const ARTIFACT_LIST: &str = "the list of artifacts";

pub const NO_JOURNAL: &str = "This browser can't run an upgrade: ";
pub const NO_JOURNAL_ADVICE: &str =
    "Quiesce needs its journal to recover an upgrade after a reload. Allow storage for this page.";
pub const UNFINISHED: &str = "An upgrade of this namespace has not finished: ";
pub const RESUME_IT: &str = "resume it";
pub const JOURNAL_NOT_STORED: &str = "This browser can't store the journal.";
pub const NO_JOURNAL_NO_UPGRADE: &str = "This browser can't store the journal, so no upgrade can start.";
pub const STARTING: &str = "Starting…";
pub const SELECT_ONE: &str = "Select at least one application.";
pub const SELECT_ONE_SAFELY: &str = "Select at least one application. Selecting changes nothing.";

pub const OPTIONS: &str = "Upgrade options";
pub const SYSTEM_ARTIFACTS: &str = "System artifacts";
pub const SYSTEM_ARTIFACTS_HINT: &str = "Shipped with the server.";
pub const USER_ARTIFACTS: &str = "User artifacts";
pub const USER_ARTIFACTS_HINT: &str = "Added by users.";
pub const SNAPSHOTS: &str = "Include snapshots";
pub const SNAPSHOTS_HINT: &str = "Versions that end in -SNAPSHOT.";
pub const SHARED_REQUESTS: &str = "Several applications per request";
pub const SHARED_REQUESTS_HINT: &str = "Up to 20. Sends fewer requests. If the server does not respond to one, all \
    its applications have to be verified.";
pub const OPTIONS_EFFECT: &str = "Each application changes to the artifact version in the table. The server also \
    updates its plugins to the newest versions in the same scopes; the details list them. For a version range, \
    only the upper bound changes.";

pub const LACKING_EFFECT: &str = "The server refuses to upgrade them, so “Select all” skips them.";

pub const NOTE: &str = "Note";
pub const DETAILS: &str = "Details";
pub const TO: &str = " to ";
pub const ACTIVE: &str = "Active";
pub const NONE_ACTIVE: &str = "–";
pub const READING_STATE: &str = "Checking how this pipeline stores its state…";
pub const REFUSED: &str = "The server can't upgrade this pipeline (501).";
pub const DESPITE_MISSING: &str = "Select despite the missing plugin";
pub const DESPITE_MISSING_EFFECT: &str = "The server can't upgrade it until it has the plugin.";
pub const AGAIN_EFFECT: &str = "Only creates another version of the application.";
pub const STATE_UNKNOWN: &str = "Where it stores its state is unknown. The server may refuse to upgrade it.";
pub const CAN_UPGRADE: &str = "The server can upgrade it.";
pub const HAS_NEWEST: &str = "The server has no newer version of its artifact.";
pub const MISSING_PLUGINS: &str = "Missing plugins";
pub const PLUGIN_MOVES: &str = "Plugin moves";
pub const NO_PLUGIN_MOVES: &str = "None";
pub const REDEPLOY_MOVES_NONE: &str = "None: a redeploy keeps the configuration.";
pub const PLUGINS_UNREAD: &str = "Reading the plugins…";
pub const NOTE_READING_STATE: &str = "Checking state handling…";
pub const NOTE_STATE_UNKNOWN: &str = "State handling unknown";
pub const NOTE_PLUGINS_UNKNOWN: &str = "Plugins unknown";
pub const NOTE_NOT_A_PIPELINE: &str = "Not a pipeline";
pub const NOTE_NO_ARTIFACT: &str = "No artifact version";
pub const PLUGINS_UNKNOWN: &str = "Its plugins could not be read. The server may lack some of them.";

/// The newest runs of the applications could not be read.
pub fn runs_unread(reason: &str) -> String {
    format!("It is unknown which applications run: {reason}")
}

/// Where a real-time pipeline stores its state could not be read.
pub fn state_mode_unread(application: &str, reason: &str) -> String {
    format!("The state mode of {application} is unknown: {reason}")
}

/// How many records of a list could not be read.
pub fn unreadable(records: usize, list: &str) -> String {
    format!("{} of {list} could not be read.", some(records, "record"))
}

pub fn title(title: &str) -> String {
    format!("{title}, ")
}

pub fn selected(applications: usize) -> String {
    format!("{} selected. Nothing has been changed yet. Next: review.", count(applications))
}

pub fn select(application: &str) -> String {
    format!("Select {application}")
}

pub fn select_all(upgradable: usize) -> String {
    format!("Select all upgradable applications ({})", count(upgradable))
}

/// The name of an option of a row among others.
pub fn option_of(option: &str, application: &str) -> String {
    format!("{option}: {application}")
}

pub fn again(version: &str) -> String {
    format!("Upgrade to {version} again")
}

/// How many applications use plugins that the server lacks.
pub fn lacking(applications: usize) -> String {
    counted(
        applications,
        "application uses plugins that the server lacks. ",
        "applications use plugins that the server lacks. ",
    )
}

pub fn unread_plugins(applications: usize) -> String {
    format!("The plugins of {} could not be read. ", some(applications, "application"))
}

pub fn reading_plugins(applications: usize) -> String {
    format!("Reading the plugins of {}…", some(applications, "more application"))
}

/// The number of applications of a group, and how many of them are selected.
pub fn group_size(applications: usize, selected: usize) -> String {
    let size = some(applications, "application");
    if selected == 0 { size } else { format!("{size}, {} selected", count(selected)) }
}

pub fn details_of(application: &str) -> String {
    format!("{DETAILS} of {application}")
}

pub fn missing_plugins(plugins: usize) -> String {
    some(plugins, "missing plugin")
}

pub fn plugins_move(plugins: usize) -> String {
    counted(plugins, "plugin moves", "plugins move")
}

/// How many plugins move in which applications.
pub fn plugins_move_in(plugins: usize, selected: bool) -> String {
    let which = if selected { " in the selected applications" } else { " in the upgradable applications" };
    format!("{}{which}", plugins_move(plugins))
}

/// An artifact with its scope: `sample-plugins 1.0.0 (user)`.
pub fn artifact(artifact: &Artifact) -> String {
    format!("{artifact} ({})", artifact.scope.to_ascii_lowercase())
}

/// The change of an artifact: `sample-plugins 1.0.0 → 1.1.0`.
fn artifact_change(from: &Artifact, to: &Artifact) -> String {
    let target = if to.name == from.name { to.version.clone() } else { to.to_string() };
    let scope =
        if to.scope == from.scope { String::new() } else { format!(" ({})", to.scope.to_ascii_lowercase()) };
    format!("{from} → {target}{scope}")
}

/// The change of a plugin by an upgrade: `Wait: sample-plugins 1.0.0 → 1.1.0`.
pub fn plugin_upgrade(PluginUpgrade { plugin, from, to }: &PluginUpgrade) -> String {
    format!("{plugin}: {}", artifact_change(from, to))
}

/// The change of the plugins of an artifact: `sample-plugins 1.0.0 → 1.1.0 in 2 applications`.
pub fn plugin_move(one: &PluginMove) -> String {
    format!("{} in {}", artifact_change(&one.from, &one.to), some(one.applications, "application"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(name: &str, version: &str, scope: &str) -> Artifact {
        Artifact { name: name.into(), version: version.into(), scope: scope.into() }
    }

    #[test]
    fn a_change_of_plugins_names_what_differs() {
        let from = artifact("wrangler-transform", "4.10.0", "SYSTEM");
        let to = artifact("wrangler-transform", "4.11.0", "SYSTEM");
        let one =
            PluginMove { from: from.clone(), to, plugins: vec!["Wrangler".to_owned()], applications: 12 };
        assert_eq!(plugin_move(&one), "wrangler-transform 4.10.0 → 4.11.0 in 12 applications");
        let to = artifact("wrangler", "5.0.0", "USER");
        let other = PluginUpgrade { plugin: "Wrangler".to_owned(), from, to };
        assert_eq!(plugin_upgrade(&other), "Wrangler: wrangler-transform 4.10.0 → wrangler 5.0.0 (user)");
    }

    #[test]
    fn a_group_counts_its_selected_applications_only_if_there_are_any() {
        assert_eq!(group_size(1, 0), "1 application");
        assert_eq!(group_size(12, 3), "12 applications, 3 selected");
        assert_eq!(plugins_move_in(1, true), "1 plugin moves in the selected applications");
    }
}
