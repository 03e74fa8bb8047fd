//! What is selected in the first step, with its options: stored when the step is left, and restored when it is opened
//! again.

use super::group::Folding;
use super::state::{Row, SelectState};
use crate::pages::list_state::Visit;
use leptos::prelude::*;
use quiesce_api::ApplicationId;
use quiesce_api::upgrade::{Candidates, UpgradeScope};
use quiesce_lifecycle::upgrade::Eligibility;
use std::collections::BTreeMap;

/// What is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Stored {
    candidates: Candidates,
    /// Whether one call names several applications.
    list: bool,
    page: usize,
    folding: Folding,
    /// Each application with what it was selected for. The same box means another thing once the server has a newer
    /// artifact, or the application is upgraded: then it isn't checked again.
    applications: BTreeMap<ApplicationId, String>,
}

impl Stored {
    fn text(&self) -> String {
        let mut lines = vec![format!("page {}", self.page)];
        let scopes = self.candidates.scopes.iter().map(|scope| match scope {
            UpgradeScope::System => "system",
            UpgradeScope::User => "user",
        });
        lines.extend(scopes.map(str::to_owned));
        lines.extend(self.candidates.allow_snapshot.then(|| "snapshots".to_owned()));
        lines.extend(self.list.then(|| "list".to_owned()));
        lines.extend(self.folding.lines());
        lines.extend(self.applications.iter().map(|(name, action)| format!("{action}\t{name}")));
        lines.join("\n")
    }

    fn of_text(text: &str) -> Self {
        let mut stored = Self::default();
        for line in text.lines() {
            match line {
                "system" => stored.candidates.scopes.push(UpgradeScope::System),
                "user" => stored.candidates.scopes.push(UpgradeScope::User),
                "snapshots" => stored.candidates.allow_snapshot = true,
                "list" => stored.list = true,
                line => {
                    if let Some((action, name)) = line.split_once('\t') {
                        stored.applications.insert(name.into(), action.to_owned());
                    } else if let Some(page) = line.strip_prefix("page ") {
                        stored.page = page.parse().unwrap_or_default();
                    } else {
                        stored.folding.take(line);
                    }
                }
            }
        }
        stored
    }
}

/// What the box of a row stands for; nothing while that isn't known.
fn action(row: &Row) -> Option<String> {
    let (action, to) = match &row.offer {
        Eligibility::Upgrade(to) if !row.unread => ("upgrade", to),
        Eligibility::Redeploy(to) => ("redeploy", to),
        Eligibility::UpToDate(to) => ("again", to),
        _ => return None,
    };
    Some(format!("{action} {to}"))
}

/// Stands before the action of an application that is selected although the server lacks a plugin of it.
const FORCED: &str = "forced ";

/// Whether a stored action was forced, and the action.
fn split_forced(stored: &str) -> (bool, &str) {
    stored.strip_prefix(FORCED).map_or((false, stored), |action| (true, action))
}

/// Restores what was stored, and stores what is selected from now on.
pub(crate) fn keep(state: SelectState, visit: Visit) {
    let stored = Stored::of_text(&visit.selection().unwrap_or_default());
    state.candidates.set(stored.candidates.clone());
    state.list.set(stored.list);
    state.page.set(stored.page);
    state.folding.set(stored.folding);
    // Selected again once it is known what its box stands for.
    let waiting = RwSignal::new(stored.applications);
    Effect::new(move || {
        let whole = state.more.with(|more| more.whole);
        state.rows.with(|rows| {
            if waiting.with_untracked(BTreeMap::is_empty) {
                return;
            }
            let known = rows.iter().filter_map(|row| Some((&row.application.name, action(row)?)));
            let mut selected = Vec::new();
            waiting.update(|waiting| {
                for (name, action) in known {
                    let stored = waiting.get(name).map(|stored| split_forced(stored));
                    if let Some((force, _)) = stored.filter(|(_, stored)| *stored == action) {
                        waiting.remove(name);
                        selected.push((name.clone(), force));
                    }
                }
                if whole {
                    waiting.clear();
                }
            });
            if !selected.is_empty() {
                state.chosen.update(|chosen| chosen.extend(selected));
            }
        });
    });
    let changed = move || {
        state.chosen.track();
        state.candidates.track();
        state.list.track();
        state.page.track();
        state.folding.track();
        waiting.track();
    };
    let text = move || {
        let mut applications = waiting.try_get_untracked()?;
        let chosen = state.chosen.try_get_untracked()?;
        state.rows.try_with_untracked(|rows| {
            for row in rows.iter() {
                let name = &row.application.name;
                let Some(forced) = chosen.get(name) else { continue };
                let prefix = if *forced { FORCED } else { "" };
                applications.extend(action(row).map(|action| (name.clone(), format!("{prefix}{action}"))));
            }
        })?;
        let stored = Stored {
            candidates: state.candidates.try_get_untracked()?,
            list: state.list.try_get_untracked()?,
            page: state.page.try_get_untracked()?,
            folding: state.folding.try_get_untracked()?,
            applications,
        };
        Some(stored.text())
    };
    visit.keep(changed, text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_with_its_options_comes_back_as_it_was_stored() {
        let mut folding = Folding::default();
        folding.take("fold-can");
        let stored = Stored {
            candidates: Candidates { scopes: vec![UpgradeScope::User], allow_snapshot: true },
            list: true,
            page: 2,
            folding,
            applications: BTreeMap::from([
                ("orders daily".into(), "upgrade cdap-data-pipeline 6.11.0".to_owned()),
                ("list".into(), "redeploy cdap-data-streams 6.11.0".to_owned()),
            ]),
        };
        assert_eq!(Stored::of_text(&stored.text()), stored);
        assert_eq!(Stored::of_text(""), Stored::default());
    }

    #[test]
    fn a_line_of_another_release_is_ignored() {
        let text =
            "page 1\nfold-newest\nfold-unknown\ncolumns wide\nupgrade cdap-data-pipeline 6.11.0\torders";
        let stored = Stored::of_text(text);
        assert_eq!((stored.page, stored.applications.len()), (1, 1));
        assert_eq!(stored.folding.lines().collect::<Vec<_>>(), ["fold-newest"]);
    }
}
