//! What of the fleet is shown, in which order: a value that stands in the address.

use super::row::{Bucket, Row};
use crate::text::programs as text;
use quiesce_lifecycle::kind::Kind;
use std::cmp::Ordering;

/// How many rows a page has.
pub const PAGE: usize = 50;

/// What is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words that must be in a name, a run id or the artifact.
    pub words: String,
    /// States; none means all.
    pub states: Vec<State>,
    /// Kinds; none means all.
    pub kinds: Vec<Kind>,
    /// By what it is sorted, and whether the other way round.
    pub sort: Sort,
    /// Whether the order is turned round.
    pub descending: bool,
    /// Which page, from 0.
    pub page: usize,
}

/// A state to filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A run is active, or it is unknown whether one is.
    Active,
    /// Running.
    Running,
    /// Pending, starting or stopping.
    Changing,
    /// The latest run failed.
    Failed,
    /// A run of an older version is alive.
    Older,
}

/// What the fleet is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// What is alive first, then by name.
    #[default]
    State,
    /// The application.
    Application,
    /// The program.
    Program,
    /// The kind.
    Kind,
    /// The artifact.
    Artifact,
    /// The latest start.
    Started,
}

impl State {
    /// All of them, in the order of the chips.
    pub const ALL: [Self; 5] = [Self::Active, Self::Running, Self::Changing, Self::Failed, Self::Older];

    /// The word in the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Running => "running",
            Self::Changing => "changing",
            Self::Failed => "failed",
            Self::Older => "older",
        }
    }

    /// The word on the chip.
    pub fn label(self) -> &'static str {
        match self {
            Self::Active => text::CHIP_ACTIVE,
            Self::Running => text::CHIP_RUNNING,
            Self::Changing => text::CHIP_CHANGING,
            Self::Failed => text::CHIP_FAILED,
            Self::Older => text::CHIP_SUPERSEDED,
        }
    }

    /// The buckets whose rows are in this state. Runs of older versions are in any.
    pub fn buckets(self) -> &'static [Bucket] {
        match self {
            Self::Active => &[Bucket::Running, Bucket::Changing, Bucket::Unknown],
            Self::Running => &[Bucket::Running],
            Self::Changing => &[Bucket::Changing],
            Self::Failed => &[Bucket::Failed],
            Self::Older => &[],
        }
    }

    /// Whether a row is in this state.
    pub fn holds(self, row: &Row) -> bool {
        match self {
            Self::Older => !row.older.is_empty(),
            _ => self.buckets().contains(&row.bucket()),
        }
    }
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::State, Self::Application, Self::Program, Self::Kind, Self::Artifact, Self::Started];

    /// The word in the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Application => "application",
            Self::Program => "program",
            Self::Kind => "kind",
            Self::Artifact => "artifact",
            Self::Started => "started",
        }
    }
}

/// The kinds that have a chip; steps of pipelines are shown only when they are asked for.
pub const KINDS: [Kind; 8] = [
    Kind::BatchPipeline,
    Kind::RealTimePipeline,
    Kind::Workflow,
    Kind::Spark,
    Kind::Service,
    Kind::Worker,
    Kind::MapReduce,
    Kind::PipelineStep,
];

/// The word of a kind in the address.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::BatchPipeline => "batch",
        Kind::RealTimePipeline => "realtime",
        Kind::PipelineStep => "step",
        Kind::Service => "service",
        Kind::Worker => "worker",
        Kind::MapReduce => "mapreduce",
        Kind::Workflow => "workflow",
        Kind::Spark => "spark",
        Kind::Other => "other",
    }
}

impl Filter {
    /// Reads the filter from the query of the address.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let list = |name| get(name).unwrap_or_default();
        let states = list("state");
        let kinds = list("kind");
        let sort = list("sort");
        let sort_word = sort.strip_prefix('-').unwrap_or(&sort);
        Self {
            words: get("q").unwrap_or_default(),
            states: State::ALL
                .into_iter()
                .filter(|state| states.split(',').any(|word| word == state.word()))
                .collect(),
            kinds: KINDS
                .into_iter()
                .filter(|kind| kinds.split(',').any(|word| word == kind_word(*kind)))
                .collect(),
            sort: Sort::ALL.into_iter().find(|it| it.word() == sort_word).unwrap_or_default(),
            descending: sort.starts_with('-'),
            page: get("page")
                .and_then(|page| page.parse().ok())
                .map_or(0, |page: usize| page.saturating_sub(1)),
        }
    }

    /// The query that says it; defaults are absent.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = Vec::new();
        if !self.words.is_empty() {
            query.push(("q", self.words.clone()));
        }
        if !self.states.is_empty() {
            query.push(("state", self.states.iter().map(|it| it.word()).collect::<Vec<_>>().join(",")));
        }
        if !self.kinds.is_empty() {
            query.push(("kind", self.kinds.iter().map(|it| kind_word(*it)).collect::<Vec<_>>().join(",")));
        }
        if self.sort != Sort::default() || self.descending {
            let minus = if self.descending { "-" } else { "" };
            query.push(("sort", format!("{minus}{}", self.sort.word())));
        }
        if self.page > 0 {
            query.push(("page", (self.page + 1).to_string()));
        }
        query
    }

    /// Whether anything is excluded by it.
    pub fn narrows(&self) -> bool {
        !self.words.is_empty() || !self.states.is_empty() || !self.kinds.is_empty()
    }

    /// Whether a row is of the kinds and in the states.
    pub fn shows(&self, row: &Row) -> bool {
        let kind = if self.kinds.is_empty() {
            row.kind != Kind::PipelineStep
        } else {
            self.kinds.contains(&row.kind)
        };
        kind && (self.states.is_empty() || self.states.iter().any(|state| state.holds(row)))
    }

    /// The words, as they are compared with the searched text of a row.
    pub fn searched(&self) -> String {
        self.words.trim().to_ascii_lowercase()
    }

    /// Whether both show rows in the same order.
    pub fn same_order(&self, other: &Self) -> bool {
        (self.sort, self.descending) == (other.sort, other.descending)
    }

    /// Whether it shows no row that `before` does not show.
    pub fn narrows_further(&self, before: &Self) -> bool {
        self.states == before.states
            && self.kinds == before.kinds
            && self.searched().contains(&before.searched())
    }

    /// Orders rows by what they are sorted by, not turned round.
    pub fn order(&self, a: &Row, b: &Row) -> Ordering {
        match self.sort {
            Sort::State => a.bucket().cmp(&b.bucket()),
            Sort::Application => a.program.application.cmp(&b.program.application),
            Sort::Program => a.program.program.cmp(&b.program.program),
            Sort::Kind => kind_word(a.kind).cmp(kind_word(b.kind)),
            Sort::Artifact => a.artifact.cmp(&b.artifact),
            // What never ran comes last.
            Sort::Started => match (a.started(), b.started()) {
                (Some(a), Some(b)) => b.cmp(&a),
                (a, b) => a.is_none().cmp(&b.is_none()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fleet::Fleet;
    use super::super::index::Index;
    use super::super::row::Latest;
    use super::*;
    use quiesce_api::run::RunStatus;
    use quiesce_api::{ProgramRef, ProgramType};
    use std::sync::Arc;

    fn row(application: &str, kind: Kind, status: Option<&str>) -> Row {
        let latest = status.map_or(Latest::Never, |status| {
            let record =
                serde_json::json!({ "runid": format!("run-{application}"), "starting": 5, "status": status });
            Latest::Run(Arc::new(serde_json::from_value(record).unwrap()))
        });
        let program = ProgramRef::new("default", application, ProgramType::Worker, "Main");
        Row { latest, ..Row::unread(program, kind, None) }
    }

    fn apply(filter: &Filter, rows: &[Row]) -> Vec<usize> {
        let fleet = Arc::new(Fleet { rows: rows.to_vec(), ..Fleet::default() });
        Index::default().shown(&fleet, filter).to_vec()
    }

    fn read(query: &[(&'static str, &str)]) -> Filter {
        Filter::read(|name| query.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn a_filter_comes_back_from_the_address_as_it_was() {
        let filter = Filter {
            words: "clicks & co".into(),
            states: vec![State::Active, State::Older],
            kinds: vec![Kind::RealTimePipeline],
            sort: Sort::Started,
            descending: true,
            page: 3,
        };
        let query = filter.query();
        let again =
            Filter::read(|name| query.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()));
        assert_eq!(again, filter);
        assert!(Filter::default().query().is_empty());
    }

    #[test]
    fn words_of_the_address_that_mean_nothing_are_left_out() {
        let filter = read(&[("state", "active,nope"), ("sort", "-nope"), ("page", "x")]);
        assert_eq!(filter.states, [State::Active]);
        assert_eq!((filter.sort, filter.page), (Sort::State, 0));
    }

    #[test]
    fn what_is_alive_comes_first_and_steps_of_pipelines_only_when_asked_for() {
        let rows = [
            row("zebra", Kind::Worker, Some("RUNNING")),
            row("apple", Kind::Worker, None),
            row("bread", Kind::PipelineStep, Some("RUNNING")),
            row("cheese", Kind::Worker, Some("STOPPING")),
        ];
        assert_eq!(apply(&Filter::default(), &rows), [0, 3, 1]);
        assert_eq!(apply(&read(&[("kind", "step")]), &rows), [2]);
        assert_eq!(apply(&read(&[("state", "changing")]), &rows), [3]);
    }

    #[test]
    fn a_program_whose_state_is_unknown_counts_as_active_and_comes_before_failed_ones() {
        let mut unknown = row("apple", Kind::Worker, None);
        unknown.latest = Latest::Problem("The answer is cut".to_owned());
        let rows = [
            row("bread", Kind::Worker, Some("FAILED")),
            row("cheese", Kind::Worker, Some("COMPLETED")),
            row("zebra", Kind::Worker, Some("RUNNING")),
            unknown,
        ];
        assert_eq!(apply(&Filter::default(), &rows), [2, 3, 0, 1]);
        assert_eq!(apply(&read(&[("state", "active")]), &rows), [2, 3]);
    }

    #[test]
    fn a_program_that_is_or_may_be_active_is_in_the_state_active_whatever_its_status() {
        let statuses = RunStatus::KNOWN.iter().map(RunStatus::word).chain(["NEW"]);
        let mut rows = vec![row("never", Kind::Worker, None)];
        rows.extend(statuses.map(|status| row(status, Kind::Worker, Some(status))));
        for latest in [Latest::Unread, Latest::Problem("refused".to_owned())] {
            rows.push(Row { latest, ..row("other", Kind::Worker, None) });
        }
        for row in rows.clone() {
            let older = serde_json::json!({ "runid": "old", "starting": 1, "status": "RUNNING" });
            rows.push(Row { older: vec![serde_json::from_value(older).unwrap()], ..row });
        }
        for row in rows {
            let expected = row.is_active() || row.is_unknown();
            assert_eq!(State::Active.holds(&row), expected, "{row:?}");
        }
    }

    #[test]
    fn search_finds_names_and_run_ids_in_any_case() {
        let rows = [row("Clicks", Kind::Worker, Some("RUNNING")), row("orders", Kind::Worker, None)];
        assert_eq!(apply(&read(&[("q", "CLI")]), &rows), [0]);
        assert_eq!(apply(&read(&[("q", "run-cl")]), &rows), [0]);
        assert_eq!(apply(&read(&[("q", "main")]), &rows).len(), 2);
        assert!(apply(&read(&[("q", "nothing")]), &rows).is_empty());
    }

    #[test]
    fn a_run_of_an_older_version_makes_its_program_active() {
        let mut row = row("orders", Kind::BatchPipeline, Some("COMPLETED"));
        assert!(!row.is_active());
        let older = serde_json::json!({ "runid": "old", "starting": 1, "status": "RUNNING" });
        row.older.push(serde_json::from_value(older).unwrap());
        assert!(row.is_active());
        assert!(State::Older.holds(&row));
        assert_eq!(row.run().map(|run| run.run.as_str()), Some("old"));
    }
}
