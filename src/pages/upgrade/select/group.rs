//! The groups of the table: what can be done with an application, and which groups are folded.

use crate::text::upgrade::select as messages;
use quiesce_lifecycle::upgrade::Eligibility;
use std::collections::BTreeMap;

/// What can be done with an application, in the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Group {
    CanUpgrade,
    NeedsRedeploy,
    UpToDate,
    NotUpgradable,
}

impl Group {
    pub const ALL: [Self; 4] = [Self::CanUpgrade, Self::NeedsRedeploy, Self::UpToDate, Self::NotUpgradable];

    pub fn of(offer: &Eligibility) -> Self {
        match offer {
            Eligibility::Upgrade(_) => Self::CanUpgrade,
            Eligibility::Redeploy(_) => Self::NeedsRedeploy,
            Eligibility::UpToDate(_) => Self::UpToDate,
            Eligibility::Ineligible(_) => Self::NotUpgradable,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::CanUpgrade => messages::UPGRADABLE,
            Self::NeedsRedeploy => messages::NEEDS_REDEPLOY,
            Self::UpToDate => messages::UP_TO_DATE,
            Self::NotUpgradable => messages::NOT_UPGRADABLE,
        }
    }

    /// Its word in an address, in what is stored, and in ids.
    pub fn word(self) -> &'static str {
        match self {
            Self::CanUpgrade => "can",
            Self::NeedsRedeploy => "redeploy",
            Self::UpToDate => "newest",
            Self::NotUpgradable => "cannot",
        }
    }

    /// Whether a filter, the words of groups with commas between them, names it.
    pub fn is_in(self, filter: &str) -> bool {
        filter.split(',').any(|word| word == self.word())
    }

    /// Whether there is nothing in it to select at first.
    fn is_idle(self) -> bool {
        matches!(self, Self::UpToDate | Self::NotUpgradable)
    }
}

/// A filter with a group more or less.
pub(crate) fn filter_with(filter: &str, group: Group, on: bool) -> String {
    let named = Group::ALL.into_iter().filter(|it| if *it == group { on } else { it.is_in(filter) });
    named.map(Group::word).collect::<Vec<_>>().join(",")
}

/// A group as the table shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub group: Group,
    pub folded: bool,
    /// Whether it is folded unless the operator decides otherwise.
    pub starts_folded: bool,
    pub applications: usize,
}

/// The groups that the operator folded or unfolded, as far as they differ from how they start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Folding(BTreeMap<Group, bool>);

impl Folding {
    /// The groups of the rows that are shown. Groups without anything to select start folded, unless there are no
    /// others, or the list is narrowed by a search or a filter.
    pub fn sections(&self, rows: impl IntoIterator<Item = Group>, narrowed: bool) -> Vec<Section> {
        let mut sizes = BTreeMap::new();
        for group in rows {
            *sizes.entry(group).or_insert(0) += 1;
        }
        let only_idle = sizes.keys().all(|group| group.is_idle());
        let section = |(group, applications): (Group, usize)| {
            let starts_folded = group.is_idle() && !only_idle && !narrowed;
            let folded = self.0.get(&group).copied().unwrap_or(starts_folded);
            Section { group, folded, starts_folded, applications }
        };
        sizes.into_iter().map(section).collect()
    }

    /// Folds a group, or unfolds it.
    pub fn toggle(&mut self, section: Section) {
        let folded = !section.folded;
        if folded == section.starts_folded {
            self.0.remove(&section.group);
        } else {
            self.0.insert(section.group, folded);
        }
    }

    /// What is stored: `fold-newest`, `unfold-cannot`.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().map(|(group, folded)| {
            let start = if *folded { FOLD } else { UNFOLD };
            format!("{start}{}", group.word())
        })
    }

    /// Takes in a stored line; one that is something else is left alone.
    pub fn take(&mut self, line: &str) {
        let fold = line.strip_prefix(FOLD).map(|word| (word, true));
        let Some((word, folded)) = fold.or_else(|| Some((line.strip_prefix(UNFOLD)?, false))) else { return };
        if let Some(group) = Group::ALL.into_iter().find(|group| group.word() == word) {
            self.0.insert(group, folded);
        }
    }
}

const FOLD: &str = "fold-";
const UNFOLD: &str = "unfold-";

#[cfg(test)]
mod tests {
    use super::*;
    use Group::{CanUpgrade, NeedsRedeploy, NotUpgradable, UpToDate};

    /// The groups with a mark at each that is folded.
    fn shown(folding: &Folding, rows: &[Group], narrowed: bool) -> Vec<(Group, bool)> {
        let sections = folding.sections(rows.iter().copied(), narrowed);
        sections.iter().map(|section| (section.group, section.folded)).collect()
    }

    #[test]
    fn groups_without_anything_to_select_start_folded_unless_they_are_alone_or_searched() {
        let folding = Folding::default();
        let all = [NotUpgradable, UpToDate, UpToDate, NeedsRedeploy, CanUpgrade];
        let unfolded = [(CanUpgrade, false), (NeedsRedeploy, false)];
        let folded = [(UpToDate, true), (NotUpgradable, true)];
        assert_eq!(shown(&folding, &all, false), [unfolded, folded].concat());
        assert_eq!(shown(&folding, &[UpToDate], false), [(UpToDate, false)]);
        assert_eq!(shown(&folding, &[UpToDate, CanUpgrade], true), [(CanUpgrade, false), (UpToDate, false)]);
        assert_eq!(shown(&folding, &[], false), []);
        let sections = folding.sections(all, false);
        assert_eq!(sections.iter().map(|it| it.applications).collect::<Vec<_>>(), [1, 1, 2, 1]);
    }

    #[test]
    fn a_group_that_is_folded_twice_is_as_it_started() {
        let mut folding = Folding::default();
        let rows = [CanUpgrade, UpToDate];
        for (group, folded) in [(CanUpgrade, true), (UpToDate, false)] {
            let sections = folding.sections(rows, false);
            folding.toggle(*sections.iter().find(|it| it.group == group).expect("the group"));
            assert!(shown(&folding, &rows, false).contains(&(group, folded)));
        }
        for section in folding.sections(rows, false) {
            folding.toggle(section);
        }
        assert_eq!(folding, Folding::default());
    }

    #[test]
    fn a_group_that_was_folded_during_a_search_unfolds_after_it() {
        let mut folding = Folding::default();
        let rows = [CanUpgrade, UpToDate];
        for (narrowed, folded) in [(true, true), (false, false)] {
            folding.toggle(folding.sections(rows, narrowed)[1]);
            assert_eq!(shown(&folding, &rows, narrowed)[1], (UpToDate, folded));
        }
    }

    #[test]
    fn what_is_stored_comes_back_and_other_lines_are_left_alone() {
        let mut folding = Folding::default();
        for section in folding.sections([CanUpgrade, NotUpgradable], false) {
            folding.toggle(section);
        }
        let lines: Vec<_> = folding.lines().collect();
        assert_eq!(lines, ["fold-can", "unfold-cannot"]);
        let mut read = Folding::default();
        for line in lines.iter().map(String::as_str).chain(["fold-else", "page 2", "upgrade a 1\tfold-can"]) {
            read.take(line);
        }
        assert_eq!(read, folding);
    }

    #[test]
    fn a_filter_names_groups_in_the_order_of_the_table() {
        assert_eq!(filter_with("cannot", CanUpgrade, true), "can,cannot");
        assert_eq!(filter_with("can,cannot", CanUpgrade, false), "cannot");
        assert_eq!(filter_with("", NeedsRedeploy, true), "redeploy");
        assert!(NotUpgradable.is_in("can,cannot") && !CanUpgrade.is_in("cannot"));
    }
}
