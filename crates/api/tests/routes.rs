//! Every endpoint has exactly one route, or is listed here as one that the console does not use.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

use quiesce_api::application::{
    ApplicationDetails, GetApplication, GetSpecification, ListApplications, ListPrograms, ListVersions,
};
use quiesce_api::arguments::{GetRuntimeArguments, PutRuntimeArguments};
use quiesce_api::artifact::{Artifact, ListArtifactVersions, ListArtifacts, ListPlugins, PluginRef};
use quiesce_api::deploy::{DeleteAllApplications, DeleteApplication, DeleteState, DeleteVersion, Deploy};
use quiesce_api::export::ExportApplications;
use quiesce_api::log::{GetLogText, GetLogs, LogDirection, PageLogs};
use quiesce_api::metrics::{QueryManyMetrics, QueryMetrics, QueryMetricsByRun};
use quiesce_api::preferences::{GetPreferences, PreferenceLevel, PutPreferences};
use quiesce_api::routes::{NoRoute, ROUTES, Route, RouteKind, find};
use quiesce_api::run::{GetRun, GetStatus, LatestRuns, ListRuns, RunCounts, Statuses};
use quiesce_api::runtime_info::{GetInstances, GetLiveInfo};
use quiesce_api::schedule::{
    AddSchedule, DeleteSchedule, FilterSchedules, GetNextRuns, GetSchedule, GetScheduleState, ListSchedules,
    ListTriggered, NextRuns, ReEnableSchedules, ScheduleRef, ScheduleState, ScheduledProgram, SwitchSchedule,
};
use quiesce_api::start::{RestartPrograms, Start, StartBatch};
use quiesce_api::stop::{Graceful, ProbeGraceful, StopBatch, StopProgram, StopRun};
use quiesce_api::system::{
    CreateNamespace, GetNamespace, GetRouterStatus, GetServiceStates, GetStopSettings, GetVersion,
    ListComponentVersions, ListNamespaces, ListServices, Ping,
};
use quiesce_api::upgrade::{Candidates, Upgrade, UpgradeList};
use quiesce_api::{
    ApplicationId, Endpoint, Millis, NamespaceId, ProgramRef, ProgramType, Request, Seconds, VersionId,
};
use std::collections::{BTreeMap, BTreeSet};

/// Names that look like other parts of a path, and one that must be percent-encoded.
const NAMES: [&str; 7] = ["orders", "apps", "versions", "runs", "workflows", "stop", "a b?ü#:%"];

/// The endpoints that the console does not use, and that change something or are not below `/v3`.
const UNUSED: [&str; 12] = [
    "AddSchedule",
    "CreateNamespace",
    "DeleteAllApplications",
    "DeleteApplication",
    "DeleteSchedule",
    "DeleteState",
    "DeleteVersion",
    "GetRouterStatus",
    "PutPreferences",
    "PutRuntimeArguments",
    "ReEnableSchedules",
    "RestartPrograms",
];

/// The endpoints whose requests change something although they are in the table.
const WRITES: [&str; 9] = [
    "Deploy",
    "Start",
    "StartBatch",
    "StopBatch",
    "StopProgram",
    "StopRun",
    "SwitchSchedule",
    "Upgrade",
    "UpgradeList",
];

macro_rules! requests {
    ($($endpoint:ident { $($fields:tt)* }),+ $(,)?) => {
        vec![$((stringify!($endpoint), $endpoint { $($fields)* }.request())),+]
    };
}

/// The requests of all endpoints with this name for everything that has one.
fn requests(name: &str) -> Vec<(&'static str, Request)> {
    let mut all = Vec::new();
    for program_type in ProgramType::RUNNABLE.into_iter().chain([ProgramType::CustomAction]) {
        for version in [None, Some(VersionId::from(name))] {
            let program = ProgramRef::new(name, name, program_type.clone(), name);
            all.extend(requests_of(name, &program, version.as_ref()));
        }
    }
    all
}

fn requests_of(
    name: &str,
    program: &ProgramRef,
    version: Option<&VersionId>,
) -> Vec<(&'static str, Request)> {
    let namespace = || NamespaceId::from(name);
    let application = || ApplicationId::from(name);
    let program = || program.clone();
    let version = || version.cloned();
    let run = || program().run(name);
    let schedule =
        || ScheduleRef { namespace: namespace(), application: application(), name: name.to_owned() };
    let artifact =
        || Artifact { name: name.to_owned(), version: name.to_owned(), scope: "SYSTEM".to_owned() };
    let candidates = || Candidates { scopes: Vec::new(), allow_snapshot: false };
    let mut all = requests![
        GetVersion {},
        ListComponentVersions {},
        ListServices {},
        GetStopSettings {},
        ListNamespaces {},
        GetRouterStatus {},
        Ping {},
        GetServiceStates {},
        ExportApplications {},
        GetNamespace { namespace: namespace() },
        CreateNamespace { namespace: namespace() },
        GetRuntimeArguments { program: program() },
        PutRuntimeArguments { program: program(), arguments: BTreeMap::new() },
        Deploy {
            namespace: namespace(),
            application: application(),
            artifact: artifact(),
            config: None,
            update_schedules: None,
            change: None
        },
        DeleteApplication { namespace: namespace(), application: application() },
        DeleteVersion { namespace: namespace(), application: application(), version: VersionId::from(name) },
        DeleteAllApplications { namespace: namespace() },
        DeleteState { namespace: namespace(), application: application() },
        GetInstances { program: program() },
        GetLiveInfo { program: program() },
        Start { program: program(), version: version(), arguments: None },
        StartBatch { namespace: namespace(), programs: vec![(program(), None)] },
        RestartPrograms {
            namespace: namespace(),
            application: application(),
            version: VersionId::from(name),
            window: Some((Seconds(1), Seconds(2)))
        },
        ListArtifacts { namespace: namespace(), scope: None },
        ListArtifactVersions { namespace: namespace(), name: name.to_owned(), scope: None },
        ListPlugins {
            namespace: namespace(),
            parent: artifact(),
            plugin: PluginRef { kind: name.to_owned(), name: name.to_owned() }
        },
        GetLogs { run: run(), start: None, stop: None },
        GetLogText { run: run() },
        StopRun { run: run(), graceful: Graceful::Unlimited },
        StopProgram { program: program(), version: version() },
        StopBatch { namespace: namespace(), programs: vec![program()], graceful: Graceful::Seconds(60) },
        ProbeGraceful { namespace: namespace() },
        GetApplication { namespace: namespace(), application: application(), version: version() },
        ListVersions { namespace: namespace(), application: application() },
        ApplicationDetails { namespace: namespace(), applications: vec![(application(), version())] },
        ListPrograms { namespace: namespace(), program_type: program().program_type },
        GetSpecification { program: program(), version: version() },
        ListRuns {
            program: program(),
            version: version(),
            status: None,
            start: None,
            end: None,
            limit: Some(1)
        },
        GetRun { run: run() },
        LatestRuns { namespace: namespace(), programs: vec![program()] },
        RunCounts { namespace: namespace(), programs: vec![program()] },
        ListSchedules { namespace: namespace(), application: application() },
        FilterSchedules {
            namespace: namespace(),
            application: application(),
            state: ScheduleState::Suspended
        },
        GetSchedule { schedule: schedule() },
        GetScheduleState { schedule: schedule() },
        SwitchSchedule { schedule: schedule(), on: true },
        SwitchSchedule { schedule: schedule(), on: false },
        ReEnableSchedules { namespace: namespace(), from: Millis(1), until: Millis(2) },
        ListTriggered { program: program(), state: None },
        AddSchedule {
            schedule: schedule(),
            program: ScheduledProgram {
                program_name: program().program,
                program_type: program().program_type
            },
            trigger: serde_json::Value::Null
        },
        DeleteSchedule { schedule: schedule() },
        GetNextRuns { program: program() },
        NextRuns { namespace: namespace(), programs: vec![program()] },
        Upgrade { namespace: namespace(), application: application(), candidates: candidates() },
        UpgradeList {
            namespace: namespace(),
            applications: vec![(application(), version())],
            candidates: candidates()
        },
        QueryMetrics { metrics: vec![name.to_owned()], tags: vec![(name.to_owned(), name.to_owned())] },
        QueryMetricsByRun { program: program(), metrics: vec![name.to_owned()] },
        GetStatus { program: program(), version: version() },
        Statuses { namespace: namespace(), programs: vec![program()] },
    ];
    let metrics = QueryMetrics { metrics: vec![name.to_owned()], tags: Vec::new() };
    all.push(("QueryManyMetrics", QueryManyMetrics(metrics).request()));
    all.push(("ListApplications", ListApplications::all(namespace()).request()));
    for direction in [LogDirection::Next, LogDirection::Previous] {
        let page = PageLogs { run: run(), direction, most: Some(50), from: Some(name.to_owned()) };
        all.push(("PageLogs", page.request()));
    }
    for level in [
        PreferenceLevel::Server,
        PreferenceLevel::Namespace(namespace()),
        PreferenceLevel::Application(namespace(), application()),
        PreferenceLevel::Program(program()),
    ] {
        let preferences = BTreeMap::new();
        all.push(("GetPreferences", GetPreferences { level: level.clone(), resolved: true }.request()));
        all.push(("PutPreferences", PutPreferences { level, preferences }.request()));
    }
    all
}

#[test]
fn each_request_of_the_console_has_exactly_one_route() {
    for name in NAMES {
        for (endpoint, request) in requests(name) {
            let found: Vec<&Route> = ROUTES
                .iter()
                .filter(|route| route.method == request.method && route.matches(request.path()))
                .collect();
            let expected = usize::from(!UNUSED.contains(&endpoint));
            assert_eq!(found.len(), expected, "{endpoint}: {request} has the routes {found:?}");
            let result = find(request.method.as_str(), request.path());
            assert_eq!(result.ok(), found.first().copied(), "{endpoint}: {request}");
        }
    }
}

#[test]
fn each_route_belongs_to_an_endpoint() {
    let requests = requests("orders");
    for route in ROUTES {
        let used = requests.iter().any(|(_, it)| it.method == route.method && route.matches(it.path()));
        assert!(used, "{route} belongs to no endpoint");
    }
}

#[test]
fn a_request_that_changes_something_is_never_a_read() {
    for (endpoint, request) in requests("orders") {
        let Ok(route) = find(request.method.as_str(), request.path()) else { continue };
        let query = request.target.split_once('?').map_or("", |(_, query)| query);
        let reads = match route.kind {
            RouteKind::Read => true,
            RouteKind::Write => false,
            RouteKind::WriteUnless(harmless) => {
                query == harmless.query && request.body.as_deref() == Some(harmless.body)
            }
        };
        assert_eq!(reads, !WRITES.contains(&endpoint), "{endpoint}: {request}");
    }
}

#[test]
fn a_stop_with_the_query_or_the_body_of_the_probe_is_a_write() {
    let probe = ProbeGraceful { namespace: "default".into() }.request();
    let route = find("POST", probe.path()).expect("a route");
    let RouteKind::WriteUnless(harmless) = route.kind else { panic!("{route:?}") };
    let program = ProgramRef::new("default", "orders", ProgramType::Worker, "poller");
    let stop =
        StopBatch { namespace: "default".into(), programs: vec![program], graceful: Graceful::Seconds(-1) };
    assert_ne!(stop.request().body.as_deref(), Some(harmless.body));
    assert_eq!(find("DELETE", probe.path()), Err(NoRoute::Method(vec![quiesce_api::Method::Post])));
}

/// The names of all types that implement [`Endpoint`], from the sources.
fn endpoints() -> BTreeSet<String> {
    fn read(folder: &std::path::Path, into: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                read(&path, into);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source");
            let names = text.lines().filter_map(|line| line.strip_prefix("impl Endpoint for "));
            into.extend(names.map(|name| name.trim_end_matches(" {").to_owned()));
        }
    }
    let mut names = BTreeSet::new();
    read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
    names
}

#[test]
fn every_endpoint_is_in_this_test() {
    let tested: BTreeSet<String> = requests("orders").iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(tested, endpoints());
}

/// The sources of the page and of its decisions name no endpoint that this table does not contain.
#[test]
fn the_console_uses_no_endpoint_without_a_route() {
    fn search(folder: &std::path::Path) {
        for entry in std::fs::read_dir(folder).expect("the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                search(&path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for word in text.split(|it: char| !it.is_alphanumeric() && it != '_') {
                assert!(!UNUSED.contains(&word), "{} uses {word}: add its route", path.display());
            }
        }
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    search(&root.join("src"));
    search(&root.join("crates/lifecycle/src"));
}
