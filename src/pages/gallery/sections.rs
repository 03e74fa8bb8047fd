//! The sections of the gallery, in their order.

use super::{failures, journals, labels, pages, rows, runs, widgets};
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
    page("list", text::LIST, pages::list_read),
    page("list-loading", text::LIST_LOADING, pages::list_loading),
    page("list-empty", text::LIST_EMPTY, pages::list_empty),
    page("list-no-match", text::LIST_NO_MATCH, pages::list_without_match),
    page("list-unreachable", text::LIST_UNREACHABLE, pages::list_unreachable),
    page("list-unauthenticated", text::LIST_UNAUTHENTICATED, pages::list_unauthenticated),
    page("list-forbidden", text::LIST_FORBIDDEN, pages::list_forbidden),
    page("program-real-time", text::PROGRAM_REAL_TIME, pages::program_real_time),
    page("program-batch", text::PROGRAM_BATCH, pages::program_batch),
    page("program-never-run", text::PROGRAM_NEVER_RUN, pages::program_never_run),
    page("program-not-found", text::PROGRAM_NOT_FOUND, pages::program_not_found),
    page("program-server-error", text::PROGRAM_SERVER_ERROR, pages::program_server_error),
    page("stop-form", text::STOP_FORM, pages::stop_form_several),
    page("stop-form-refused", text::STOP_FORM_REFUSED, pages::stop_form_refused),
    page("stop-requested", text::STOP_REQUESTED, journals::stop_requested),
    page("stop-stopping", text::STOP_STOPPING, journals::stop_stopping),
    page("stop-ended", text::STOP_ENDED, journals::stop_ended),
    page("stop-in-doubt", text::STOP_IN_DOUBT, journals::stop_in_doubt),
    page("stop-refused", text::STOP_REFUSED, journals::stop_refused),
    page("stop-real-time", text::STOP_REAL_TIME, journals::stop_real_time),
    page("upgrade-select", text::UPGRADE_SELECT, pages::select_applications),
    page("upgrade-selected", text::UPGRADE_SELECTED, pages::select_some),
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
    page("history-empty", text::HISTORY_EMPTY, pages::history_empty),
    page("history", text::HISTORY, pages::history_days),
    page("server", text::SERVER, pages::server_healthy),
    page("server-problems", text::SERVER_PROBLEMS, pages::server_with_problems),
    page("sign-in", text::SIGN_IN, pages::sign_in),
    page("sign-in-token", text::SIGN_IN_TOKEN, pages::sign_in_with_token),
    page("sign-in-required", text::SIGN_IN_REQUIRED, pages::sign_in_required),
    page("sign-in-wrong", text::SIGN_IN_WRONG, pages::sign_in_wrong_password),
    page("signed-out", text::SIGNED_OUT, pages::signed_out),
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
