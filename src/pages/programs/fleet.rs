//! Reads the fleet with few requests: the applications and the programs by type, then the latest run of many
//! programs a call. What batch calls cannot see, runs of older versions, is read program by program, and only of
//! applications that have more than one version (docs/cdap-api.md#superseded-versions).

use super::row::{Latest, Row};
use super::turns::due;
use crate::client::Client;
use crate::text::{common, programs as text};
use futures::stream::{self, StreamExt};
use quiesce_api::application::{ListApplications, ListPrograms, ProgramRecord};
use quiesce_api::artifact::Artifact;
use quiesce_api::run::{LatestRuns, ListRuns, RunRecord};
use quiesce_api::{
    ApplicationId, Error, InvalidRow, NamespaceId, ProgramRef, ProgramType, Truncation, VersionId,
};
use quiesce_lifecycle::kind::Kind;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::sync::Arc;

/// How many programs one call for the latest runs names.
pub const CHUNK: usize = 500;
/// How many runs of a program are looked at for one of an older version that is alive; active ones come first.
const DEEP: u32 = 20;
/// How many reads are under way at once.
const AT_ONCE: usize = 4;

/// The fleet as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fleet {
    /// One row a program.
    pub rows: Vec<Row>,
    /// The reading of the names: fleets that share it have the same programs in the same order.
    pub names: Arc<()>,
    /// How many applications there are.
    pub applications: usize,
    /// The latest version of each application that has more than one.
    pub superseding: FxHashMap<ApplicationId, VersionId>,
    /// Records that could not be read, each with the list that it was in.
    pub bad: Vec<(String, InvalidRow)>,
    /// Lists that ended early, and lists that could not be had, as text.
    pub partial: Vec<String>,
    /// How many readings in a row left something unknown.
    pub incomplete_rounds: u32,
}

impl Fleet {
    /// The name of its polled answer.
    pub fn name(namespace: &NamespaceId) -> String {
        format!("fleet {namespace}")
    }

    /// How many programs may be active without being shown as such.
    pub fn unknown(&self) -> usize {
        self.rows.iter().filter(|row| row.is_unknown() || row.unchecked).count()
    }
}

/// Reads the names of all programs: seven requests, whatever the size.
pub async fn names(client: Client, namespace: NamespaceId) -> Result<Fleet, Error> {
    let all = ListApplications::all_versions(namespace.clone());
    let applications = client.call(&all);
    let programs = futures::future::join_all(ProgramType::RUNNABLE.map(|program_type| {
        let list = ListPrograms { namespace: namespace.clone(), program_type };
        async move { (list.program_type.clone(), client.call(&list).await) }
    }));
    let (applications, programs) = futures::future::join(applications, programs).await;
    let applications = applications?;
    let mut fleet = Fleet::default();
    let mut artifacts: FxHashMap<ApplicationId, (Arc<Artifact>, VersionId)> =
        FxHashMap::with_capacity_and_hasher(applications.rows.good.len(), FxBuildHasher);
    let mut known: FxHashSet<Arc<Artifact>> = FxHashSet::default();
    note(&mut fleet, text::APPLICATION_LIST, applications.rows.bad, applications.rows.cut.as_ref());
    for record in applications.rows.good {
        let artifact = known.get(&record.artifact).cloned().unwrap_or_else(|| {
            let artifact = Arc::new(record.artifact);
            known.insert(artifact.clone());
            artifact
        });
        let latest = record.change.as_ref().and_then(|change| change.latest).unwrap_or(false);
        let before = artifacts.get(&record.name);
        let newest = before.filter(|_| !latest).map_or(&record.version, |(_, version)| version);
        if before.is_some() {
            fleet.superseding.insert(record.name.clone(), newest.clone());
        }
        if latest || before.is_none() {
            artifacts.insert(record.name, (artifact, record.version));
        }
    }
    fleet.applications = artifacts.len();
    for (program_type, result) in programs {
        match result {
            Ok(list) => {
                note(&mut fleet, &text::program_list(program_type.path()), list.bad, list.cut.as_ref());
                for record in list.good {
                    fleet.rows.push(row(&namespace, &record, &artifacts));
                }
            }
            Err(error) if ends_it(&error) => return Err(error),
            Err(error) => {
                fleet.partial.push(text::failed_list(program_type.path(), &error.sentence()));
            }
        }
    }
    Ok(fleet)
}

fn note(fleet: &mut Fleet, list: &str, bad: Vec<InvalidRow>, cut: Option<&Truncation>) {
    fleet.bad.extend(bad.into_iter().map(|bad| (list.to_owned(), bad)));
    if let Some(cut) = cut {
        fleet.partial.push(common::cut_list(list, cut.after, &cut.reason));
    }
}

fn row(
    namespace: &NamespaceId,
    record: &ProgramRecord,
    artifacts: &FxHashMap<ApplicationId, (Arc<Artifact>, VersionId)>,
) -> Row {
    let artifact = artifacts.get(&record.application).map(|(artifact, _)| artifact.clone());
    let kind = Kind::of(&record.program_type, &record.program, artifact.as_deref());
    Row::unread(record.program(namespace), kind, artifact)
}

/// Programs with what is known of their latest runs.
pub type Found = Vec<(ProgramRef, Latest)>;

/// Reads the latest runs of these programs. What was found is in their order.
pub async fn latest(
    client: Client,
    namespace: NamespaceId,
    programs: Vec<ProgramRef>,
) -> Result<Found, Error> {
    let chunks: Vec<Vec<ProgramRef>> = programs.chunks(CHUNK).map(<[ProgramRef]>::to_vec).collect();
    let mut answers = stream::iter(chunks.into_iter().map(|programs| {
        let call = LatestRuns { namespace: namespace.clone(), programs };
        async move { (client.call(&call).await, call.programs) }
    }))
    .buffered(AT_ONCE);
    let mut found = Found::new();
    while let Some((answer, asked)) = answers.next().await {
        let rows = answer?;
        let why = match (rows.bad.first(), &rows.cut) {
            (Some(bad), _) => bad.error.to_string(),
            (None, Some(cut)) => text::cut_response(&cut.reason),
            (None, None) => text::NOT_IN_RESPONSE.to_owned(),
        };
        let first = found.len();
        found.extend(asked.into_iter().map(|program| (program, Latest::Problem(why.clone()))));
        let elements = rows.good.into_iter().map(|element| {
            let program = element.program(&namespace);
            let latest = match (element.value.runs.into_iter().next(), element.error) {
                (Some(run), _) => Latest::Run(Arc::new(run)),
                (None, None) => Latest::Never,
                (None, Some(error)) => Latest::Problem(format!("{}: {error}", element.status_code)),
            };
            (program, latest)
        });
        assign(found.get_mut(first..).unwrap_or_default(), elements);
    }
    Ok(found)
}

/// Assigns the elements of a response to the programs of its request. Servers keep their order, so each is looked for
/// after the one before; programs that were not asked for are ignored.
fn assign(asked: &mut [(ProgramRef, Latest)], elements: impl Iterator<Item = (ProgramRef, Latest)>) {
    let mut next = 0;
    for (program, found) in elements {
        let is_it = |(asked, _): &(ProgramRef, Latest)| *asked == program;
        let (before, after) = asked.split_at(next);
        let place = after.iter().position(is_it).map(|place| next + place);
        let Some(place) = place.or_else(|| before.iter().position(is_it)) else { continue };
        next = place + 1;
        if let Some((_, latest)) = asked.get_mut(place) {
            *latest = found;
        }
    }
}

/// Whether an error concerns more than what was asked for: an outage, or a session that ended.
fn ends_it(error: &Error) -> bool {
    crate::client::polling::is_outage(error) || error.is_unrelated_to_request()
}

/// These programs, whose runs could not be read, such as for lack of a permission.
fn problems(programs: Vec<ProgramRef>, error: &Error) -> Found {
    let problem = Latest::Problem(error.sentence());
    programs.into_iter().map(|program| (program, problem.clone())).collect()
}

/// Reads which runs of superseded versions are active, of programs of applications with more than one version, which are
/// given with the indices of their rows. `None` for a program whose runs could not all be read.
async fn older(
    client: Client,
    programs: Vec<(usize, ProgramRef)>,
    latest: &FxHashMap<ApplicationId, VersionId>,
) -> Vec<(usize, Option<Vec<RunRecord>>)> {
    let reads = stream::iter(programs.into_iter().map(|(place, program)| async move {
        let list = ListRuns { limit: Some(DEEP), ..ListRuns::of(program) };
        let runs = client.call(&list).await.ok().filter(|rows| rows.cut.is_none() && rows.bad.is_empty());
        let newest = latest.get(&list.program.application);
        let active = runs.map(|rows| {
            let runs = rows.good.into_iter();
            runs.filter(|run| !run.status.is_end() && run.version.as_ref() != newest).collect()
        });
        (place, active)
    }));
    reads.buffer_unordered(AT_ONCE).collect().await
}

/// How long the names of programs stay fresh, in milliseconds. Deployments are rare; runs are not.
const NAMES_MS: u32 = 300_000;
/// How much earlier they are read, in seconds, so that a timer that is a little early does not delay them by a pace.
const EARLY: i64 = 1;

/// Reads the fleet step by step: names first, so that there are rows; then states, chunk by chunk; then, for as long
/// as the page is open, one call at a time for what is alive and for a part of the rest.
pub struct Reader {
    client: Client,
    namespace: NamespaceId,
    fleet: Fleet,
    /// When the names are read again.
    names_due: Option<quiesce_api::Timestamp>,
    searched: bool,
    turn: usize,
    /// Set to read all of it anew.
    pub again: bool,
}

impl Reader {
    /// A reader that has read nothing.
    pub fn new(client: Client, namespace: NamespaceId) -> Self {
        Self {
            client,
            namespace,
            fleet: Fleet::default(),
            names_due: None,
            searched: false,
            turn: 0,
            again: false,
        }
    }

    /// Reads the next part and gives the whole as far as it is known.
    pub async fn step(&mut self) -> Result<Fleet, Error> {
        let now = crate::client::clock::now();
        let stale = self.names_due.is_none_or(|due| crate::client::clock::passed(due, now) >= -EARLY);
        if stale || std::mem::take(&mut self.again) {
            self.read_names(now).await?;
            if self.fleet.rows.len() > CHUNK {
                return Ok(self.fleet.clone());
            }
        }
        let mut ask = self.places(|row| row.latest == Latest::Unread);
        ask.truncate(CHUNK);
        if ask.is_empty() {
            self.turn = self.client.next_turn(pace(&self.fleet), self.turn);
            ask = due(&self.fleet.rows, self.turn, self.client.shares_reads());
        }
        if !ask.is_empty() {
            let programs: Vec<_> = self.programs(&ask).map(|(_, program)| program).collect();
            let found = match latest(self.client, self.namespace.clone(), programs.clone()).await {
                Err(error) if !ends_it(&error) => problems(programs, &error),
                found => found?,
            };
            for (place, (_, latest)) in ask.into_iter().zip(found) {
                if let Some(row) = self.fleet.rows.get_mut(place) {
                    row.latest = latest;
                }
            }
        }
        if self.fleet.rows.iter().all(|row| row.latest != Latest::Unread) {
            let superseding = &self.fleet.superseding;
            let suspects = if self.searched {
                self.places(|row| !row.older.is_empty() || row.unchecked)
            } else {
                self.places(|row| {
                    superseding.contains_key(&row.program.application) && row.kind != Kind::PipelineStep
                })
            };
            self.searched = true;
            let programs = self.programs(&suspects).collect();
            for (place, runs) in older(self.client, programs, &self.fleet.superseding).await {
                if let Some(row) = self.fleet.rows.get_mut(place) {
                    row.unchecked = runs.is_none();
                    if let Some(runs) = runs {
                        row.older = runs;
                    }
                }
            }
        }
        self.fleet.incomplete_rounds = match self.fleet.unknown() {
            0 => 0,
            _ => self.fleet.incomplete_rounds.saturating_add(1),
        };
        Ok(self.fleet.clone())
    }

    /// Reads the names anew and keeps what is known of the programs that are still there.
    async fn read_names(&mut self, now: quiesce_api::Timestamp) -> Result<(), Error> {
        let mut fleet = names(self.client, self.namespace.clone()).await?;
        let mut known: FxHashMap<Arc<ProgramRef>, Row> =
            self.fleet.rows.drain(..).map(|row| (row.program.clone(), row)).collect();
        for row in &mut fleet.rows {
            if let Some(old) = known.remove(&row.program) {
                row.latest = old.latest;
                row.older = old.older;
            }
        }
        self.fleet = fleet;
        self.names_due = Some(now.after(self.client.until_next(NAMES_MS)));
        self.searched = false;
        Ok(())
    }

    /// The indices of these rows.
    fn places(&self, which: impl Fn(&Row) -> bool) -> Vec<usize> {
        self.fleet.rows.iter().enumerate().filter(|(_, row)| which(row)).map(|(place, _)| place).collect()
    }

    fn programs(&self, places: &[usize]) -> impl Iterator<Item = (usize, ProgramRef)> {
        places.iter().filter_map(|place| Some((*place, (*self.fleet.rows.get(*place)?.program).clone())))
    }
}

/// How many times in a row what could not be read is asked for again soon; a lasting fault is not worth more requests.
const SOON: u32 = 5;

/// How long what was read stays fresh, in milliseconds.
pub fn pace(fleet: &Fleet) -> u32 {
    use super::row::Bucket;
    use crate::client::polling::{ACTIVE_MS, IDLE_MS};
    if fleet.rows.iter().any(|row| row.latest == Latest::Unread) {
        1
    } else if fleet.rows.iter().any(|row| row.bucket() == Bucket::Changing)
        || (1..=SOON).contains(&fleet.incomplete_rounds)
    {
        ACTIVE_MS
    } else {
        IDLE_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(name: &str) -> ProgramRef {
        ProgramRef::new("default", name, ProgramType::Worker, "Main")
    }

    /// What is assigned to the programs a, b and c by a response with these elements.
    fn assigned(response: &str) -> String {
        let missing = Latest::Problem("missing".to_owned());
        let mut asked = ["a", "b", "c"].map(|name| (program(name), missing.clone()));
        let element =
            |name: char| (program(&name.to_string()), Latest::Problem(name.to_uppercase().to_string()));
        assign(&mut asked, response.chars().map(element));
        let words = asked.iter().map(|(_, latest)| match latest {
            Latest::Problem(words) if words != "missing" => words.as_str(),
            _ => "-",
        });
        words.collect()
    }

    #[test]
    fn each_program_gets_its_element_whatever_their_order() {
        for response in ["abc", "cba", "bca", "axbyc", "abcabc"] {
            assert_eq!(assigned(response), "ABC", "{response}");
        }
    }

    #[test]
    fn a_program_without_an_element_keeps_why_it_is_unknown() {
        for (response, expected) in [("", "---"), ("c", "--C"), ("ca", "A-C"), ("xb", "-B-")] {
            assert_eq!(assigned(response), expected, "{response}");
        }
    }
}
