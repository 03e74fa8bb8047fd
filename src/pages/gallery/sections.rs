//! The sections of the gallery, in their order.

use super::{failures, journals, labels, rows, runs, widgets};
use crate::text::gallery as text;
use leptos::prelude::*;

/// A section.
pub struct Section {
    /// Its fragment in the address.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Whether it shows widgets, and not a page.
    pub is_widget: bool,
    /// Draws what it shows.
    pub view: fn() -> AnyView,
}

const fn widget(id: &'static str, title: &'static str, view: fn() -> AnyView) -> Section {
    Section { id, title, is_widget: true, view }
}

const fn page(id: &'static str, title: &'static str, view: fn() -> AnyView) -> Section {
    Section { id, title, is_widget: false, view }
}

/// All of them.
pub const SECTIONS: &[Section] = &[
    widget("buttons", text::BUTTONS, widgets::buttons),
    widget("chips", text::CHIPS, widgets::chips),
    widget("notices", text::NOTICES, widgets::notices),
    widget("dialogs", text::DIALOGS, widgets::dialogs),
    widget("disclosures", text::DISCLOSURES, widgets::disclosures),
    widget("empty-states", text::EMPTY_STATES, widgets::empty_states),
    widget("progress", text::PROGRESS, widgets::progress),
    widget("marks", text::MARKS, widgets::marks),
    widget("toasts", text::TOASTS, widgets::toasts),
    widget("skeletons", text::SKELETONS, widgets::skeletons),
    widget("icons", text::ICONS, widgets::icons),
    widget("requests", text::REQUESTS, widgets::requests),
    widget("run-states", text::RUN_STATES, labels::run_states),
    widget("verdicts", text::VERDICTS, labels::verdicts),
    widget("outcomes", text::ENDINGS, labels::outcomes),
    widget("refusals", text::REFUSALS, labels::refusals),
    widget("failures", text::FAILURES, failures::of_pages),
    widget("failed-changes", text::FAILED_CHANGES, failures::of_changes),
    widget("programs", text::PROGRAM_ROWS, rows::programs),
    widget("stopped-runs", text::STOPPED_RUNS, runs::stopped),
    page("stop-requested", text::STOP_REQUESTED, journals::stop_requested),
    page("stop-stopping", text::STOP_STOPPING, journals::stop_stopping),
    page("stop-ended", text::STOP_ENDED, journals::stop_ended),
    page("stop-in-doubt", text::STOP_IN_DOUBT, journals::stop_in_doubt),
    page("stop-refused", text::STOP_REFUSED, journals::stop_refused),
    page("stop-real-time", text::STOP_REAL_TIME, journals::stop_real_time),
    page("upgrade-review", text::UPGRADE_REVIEW, journals::review),
    page("upgrade-pause", text::UPGRADE_PAUSE, journals::pause),
    page("upgrade-stop", text::UPGRADE_STOP, journals::stop),
    page("upgrade-stopping", text::UPGRADE_STOPPING, journals::stopping),
    page("upgrade-backup", text::UPGRADE_BACKUP, journals::backup),
    page("upgrade-backed-up", text::UPGRADE_BACKED_UP, journals::backed_up),
    page("upgrade-applications", text::UPGRADE_APPLICATIONS, journals::applications),
    page("upgrade-drain", text::UPGRADE_DRAIN, journals::drain),
    page("upgrade-restore", text::UPGRADE_RESTORE, journals::restore),
    page("upgrade-report", text::UPGRADE_REPORT, journals::report),
];

/// The section that a fragment names; the first, if it names none.
pub fn index_of(fragment: &str) -> usize {
    let id = fragment.trim_start_matches('#');
    SECTIONS.iter().position(|section| section.id == id).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_fragment_names_one_section_and_any_other_the_first() {
        let ids = SECTIONS.iter().map(|section| section.id).collect::<BTreeSet<_>>();
        assert_eq!(ids.len(), SECTIONS.len());
        for (index, section) in SECTIONS.iter().enumerate() {
            assert_eq!(index_of(&format!("#{}", section.id)), index);
        }
        assert_eq!([index_of(""), index_of("#nothing")], [0, 0]);
    }

    #[test]
    fn every_section_has_a_title_of_its_own() {
        let titles = SECTIONS.iter().map(|section| section.title).collect::<BTreeSet<_>>();
        assert_eq!(titles.len(), SECTIONS.len());
    }
}
