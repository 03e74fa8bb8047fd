//! What the palette offers, and which of it matches.

use super::fuzzy::{Match, Query};
use crate::pages::programs::{Fleet, Row};
use crate::text::palette as text;
use crate::ui::Mark;
use leptos::prelude::*;
use quiesce_api::ApplicationId;
use quiesce_lifecycle::kind::Kind;
use std::collections::BTreeMap;

/// How many entries are shown at most.
pub(super) const MOST: usize = 50;

/// What sort of thing an entry is. Of entries that match equally well, the first ones go before later ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// An operation that waits for a person.
    Urgent,
    Page,
    Action,
    Program,
    Application,
    Filter,
    Namespace,
    Router,
    Operation,
    StopProgram,
    UpgradeApplication,
}

impl Group {
    /// Whether there are as many of them as there are programs.
    fn is_of_fleet(self) -> bool {
        matches!(self, Self::Program | Self::Application | Self::StopProgram | Self::UpgradeApplication)
    }
}

/// What an entry does when it is chosen.
#[derive(Clone)]
pub(super) enum Act {
    /// Opens an address.
    Open(String),
    Run(Callback<()>),
}

/// An entry as it is shown.
#[derive(Clone)]
pub(super) struct Entry {
    pub group: Group,
    pub label: String,
    /// What it is, or what it does.
    pub hint: String,
    pub mark: Mark,
    /// Why it can't be chosen.
    pub refusal: Option<String>,
    pub act: Act,
}

/// What stands for an entry. Entries of programs are made only when they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// By its place among the entries that are made.
    Entry(usize),
    /// By its place in the fleet.
    Program(usize),
    Stop(usize),
    Upgrade(usize),
}

/// Something that a query may match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub group: Group,
    pub label: String,
    pub target: Target,
}

/// The name of a program: that of its application, where the program is the pipeline itself.
pub(super) fn program_label(row: &Row) -> String {
    let application = row.program.application.as_str();
    if row.kind.is_pipeline() {
        application.to_owned()
    } else {
        format!("{application} {}", row.program.program)
    }
}

/// Those of a fleet: each program, its stop, and the upgrade of each pipeline.
pub(super) fn of_fleet(fleet: &Fleet) -> Vec<Candidate> {
    let mut all = Vec::with_capacity(fleet.rows.len() * 2);
    for (place, row) in fleet.rows.iter().enumerate() {
        if row.kind == Kind::PipelineStep {
            continue;
        }
        let label = program_label(row);
        let stop =
            Candidate { group: Group::StopProgram, label: text::stop(&label), target: Target::Stop(place) };
        if row.kind.is_pipeline() {
            let label = text::upgrade(&label);
            all.push(Candidate { group: Group::UpgradeApplication, label, target: Target::Upgrade(place) });
        }
        all.push(stop);
        all.push(Candidate { group: Group::Program, label, target: Target::Program(place) });
    }
    all
}

/// The applications with more than one program of their own, each with their number.
pub(super) fn applications(fleet: &Fleet) -> Vec<(ApplicationId, usize)> {
    let mut all: BTreeMap<&ApplicationId, usize> = BTreeMap::new();
    for row in fleet.rows.iter().filter(|row| row.kind != Kind::PipelineStep) {
        *all.entry(&row.program.application).or_default() += 1;
    }
    all.into_iter()
        .filter(|(_, programs)| *programs > 1)
        .map(|(name, programs)| (name.clone(), programs))
        .collect()
}

/// A candidate that matches, by its place, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub place: usize,
    pub how: Match,
}

/// The best of those that match, the best first, and how many match. Without a query these are all but those of a fleet,
/// by group.
pub(super) fn rank(candidates: &[Candidate], query: &Query) -> (Vec<Hit>, usize) {
    let mut best: Vec<Hit> = Vec::with_capacity(MOST + 1);
    let mut all = 0;
    for (place, candidate) in candidates.iter().enumerate() {
        if query.is_empty() && candidate.group.is_of_fleet() {
            continue;
        }
        let Some(how) = query.matches(&candidate.label) else { continue };
        all += 1;
        let hit = Hit { place, how };
        let at = best.partition_point(|other| goes_before(candidates, other, &hit));
        if at < MOST {
            best.insert(at, hit);
            best.truncate(MOST);
        }
    }
    (best, all)
}

/// Whether a hit goes before a later one: by score, group, length of the label, and place.
fn goes_before(candidates: &[Candidate], hit: &Hit, later: &Hit) -> bool {
    let key = |hit: &Hit| {
        let candidate = candidates.get(hit.place)?;
        // Other groups have an order of their own.
        let length = if candidate.group.is_of_fleet() { candidate.label.len() } else { 0 };
        Some((-i64::from(hit.how.score), candidate.group, length))
    };
    key(hit) <= key(later)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::programs::Latest;
    use quiesce_api::{ProgramRef, ProgramType};

    fn row(application: &str, program: &str, kind: Kind) -> Row {
        let program = ProgramRef::new("default", application, ProgramType::Worker, program);
        Row { latest: Latest::Never, ..Row::unread(program, kind, None) }
    }

    fn candidate(group: Group, label: &str) -> Candidate {
        Candidate { group, label: label.to_owned(), target: Target::Entry(0) }
    }

    fn labels(candidates: &[Candidate], query: &str) -> Vec<String> {
        let (hits, _) = rank(candidates, &Query::new(query));
        hits.iter().map(|hit| candidates[hit.place].label.clone()).collect()
    }

    #[test]
    fn a_program_goes_before_its_stop_and_its_upgrade() {
        let rows = vec![row("clicks_live", "Main", Kind::RealTimePipeline)];
        let all = of_fleet(&Fleet { rows, ..Fleet::default() });
        assert_eq!(labels(&all, "cli"), ["clicks_live", "Stop clicks_live…", "Upgrade clicks_live…"]);
        assert_eq!(labels(&all, "stop cli"), ["Stop clicks_live…"]);
    }

    #[test]
    fn steps_of_pipelines_are_absent_and_other_programs_have_their_own_name() {
        let rows =
            vec![row("a", "phase-1", Kind::PipelineStep), row("Warehouse", "StockPoller", Kind::Worker)];
        let all = of_fleet(&Fleet { rows, ..Fleet::default() });
        assert_eq!(labels(&all, "poller"), ["Warehouse StockPoller", "Stop Warehouse StockPoller…"]);
        assert!(labels(&all, "phase").is_empty());
    }

    #[test]
    fn an_application_with_several_programs_of_its_own_is_an_entry() {
        let rows = vec![
            row("Warehouse", "A", Kind::Worker),
            row("Warehouse", "B", Kind::Service),
            row("orders", "DataPipelineWorkflow", Kind::BatchPipeline),
            row("orders", "phase-1", Kind::PipelineStep),
        ];
        assert_eq!(applications(&Fleet { rows, ..Fleet::default() }), [("Warehouse".into(), 2)]);
    }

    #[test]
    fn without_a_query_there_is_everything_but_the_fleet_by_group() {
        let all = [
            candidate(Group::Program, "clicks"),
            candidate(Group::Action, "View…"),
            candidate(Group::Page, "Upgrade"),
            candidate(Group::Page, "History"),
            candidate(Group::Urgent, "Stop 1 run"),
        ];
        assert_eq!(labels(&all, ""), ["Stop 1 run", "Upgrade", "History", "View…"]);
    }

    #[test]
    fn at_most_fifty_of_ten_thousand_are_shown_the_best_ones_in_a_fixed_order_and_all_are_counted() {
        let mut all: Vec<_> =
            (0..10_000).map(|n| candidate(Group::Program, &format!("reorders_{n}"))).collect();
        all.push(candidate(Group::Program, "orders"));
        let (hits, count) = rank(&all, &Query::new("orders"));
        assert_eq!((hits.len(), count), (MOST, 10_001));
        let places: Vec<_> = hits.iter().map(|hit| hit.place).take(3).collect();
        assert_eq!(places, [10_000, 0, 1]);
        assert_eq!(rank(&all, &Query::new("orders")).0, hits);
    }
}
