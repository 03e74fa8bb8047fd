use super::*;
use quiesce_api::application::{
    ApplicationDetails, GetApplication, GetSpecification, ListApplications, ListPrograms,
};
use quiesce_api::arguments::GetRuntimeArguments;
use quiesce_api::artifact::{Artifact, ListArtifacts, ListPlugins, PluginRef};
use quiesce_api::log::{LogDirection, PageLogs};
use quiesce_api::preferences::{GetPreferences, PreferenceLevel};
use quiesce_api::run::{LatestRuns, ListRuns};
use quiesce_api::schedule::{GetNextRuns, ListSchedules};
use quiesce_api::stop::ProbeGraceful;
use quiesce_api::system::{GetStopSettings, GetVersion, ListComponentVersions, ListServices};
use quiesce_api::{Endpoint, Error, NamespaceId, ProgramRef, ProgramType, Response, Rows};

/// Whether an endpoint reads all of an answer.
type Result = std::result::Result<bool, Error>;

fn whole<T>(rows: Rows<T>) -> bool {
    rows.bad.is_empty() && rows.cut.is_none()
}

fn listed<T, E: Endpoint<Output = Rows<T>>>(endpoint: &E, response: &Response) -> Result {
    endpoint.read(response).map(whole)
}

fn read<E: Endpoint>(endpoint: &E, response: &Response) -> Result {
    endpoint.read(response).map(|_| true)
}

/// Reads an answer by the endpoint of its path.
fn reads(path: &str, response: &Response) -> Result {
    let namespace = || NamespaceId::from("default");
    let program = ProgramRef::new("default", "orders", ProgramType::Workflow, "DataPipelineWorkflow");
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let segments = path.split('/').skip(2).collect::<Vec<_>>();
    let details = ApplicationDetails { namespace: namespace(), applications: Vec::new() };
    match segments.as_slice() {
        ["version"] => read(&GetVersion, response),
        ["versions"] => read(&ListComponentVersions, response),
        ["config", "cdap"] => read(&GetStopSettings, response),
        ["system", "services"] => listed(&ListServices, response),
        ["metrics", "query"] => Ok(json::from_slice::<serde_json::Value>(&response.body).is_ok()),
        ["namespaces", _, rest @ ..] => match rest {
            ["stop"] => read(&ProbeGraceful { namespace: namespace() }, response),
            ["runs"] => listed(&LatestRuns { namespace: namespace(), programs: Vec::new() }, response),
            ["appdetail"] => listed(&details, response),
            ["apps"] => ListApplications::all(namespace()).read(response).map(|paged| whole(paged.rows)),
            ["artifacts"] => listed(&ListArtifacts { namespace: namespace(), scope: None }, response),
            ["artifacts", .., plugin] => {
                let artifact =
                    || Artifact { name: String::new(), version: String::new(), scope: "SYSTEM".to_owned() };
                let plugin = PluginRef { name: (*plugin).to_owned(), kind: String::new() };
                listed(&ListPlugins { namespace: namespace(), parent: artifact(), plugin }, response)
            }
            ["apps", application] | ["apps", application, "versions", _] => {
                let application = (*application).into();
                read(&GetApplication { namespace: namespace(), application, version: None }, response)
            }
            ["apps", application, "schedules"] => {
                let application = (*application).into();
                listed(&ListSchedules { namespace: namespace(), application }, response)
            }
            ["apps", .., "nextruntime"] => listed(&GetNextRuns { program }, response),
            ["apps", .., "runtimeargs"] => read(&GetRuntimeArguments { program }, response),
            ["apps", .., "preferences"] => {
                let level = PreferenceLevel::Program(program);
                read(&GetPreferences { level, resolved: true }, response)
            }
            ["apps", .., "runs"] => listed(&ListRuns::of(program), response),
            ["apps", .., run, "logs", "prev"] => {
                let direction = LogDirection::Previous;
                let run = program.run(*run);
                listed(&PageLogs { run, direction, most: None, from: None }, response)
            }
            ["apps", _, "versions", ..] => {
                read(&GetSpecification { program, version: Some("1".into()) }, response)
            }
            [word] => {
                let program_type = ProgramType::from_path(word);
                listed(&ListPrograms { namespace: namespace(), program_type }, response)
            }
            _ => panic!("{path}?{query} is of no endpoint"),
        },
        _ => panic!("{path} is of no endpoint"),
    }
}

fn exchanges(list: Exchanges) -> impl Iterator<Item = Exchange> {
    list.lines().map(|line| json::from_str(line).unwrap())
}

#[test]
fn endpoints_read_every_answer_of_the_example_server() {
    let mut lists = vec![RECORDED];
    lists.extend(LISTS);
    for exchange in lists.into_iter().flat_map(exchanges) {
        let Some(ExchangeResponse { status, body }) = exchange.response else { continue };
        let response = Response::new(status, body.as_str());
        match exchange.request {
            Some(request) if status == 200 => assert_eq!(reads(&request.path, &response), Ok(true), "{body}"),
            _ => assert!(GetVersion.read(&response).is_err(), "{status}"),
        }
    }
}

#[test]
fn own_answers_replace_recorded_ones_and_the_others_stay() {
    let own =
        r#"{"request": {"method": "GET", "path": "/v3/version"}, "response": {"status": 503, "body": ""}}"#;
    let server = ExampleServer::new([RECORDED, own]);
    assert_eq!(server.answer(&GetVersion.request()).unwrap().status, 503);
    assert_eq!(server.answer(&ListServices.request()).unwrap().status, 200);
}

#[test]
fn a_list_may_answer_every_request_in_one_way_or_never() {
    let server = ExampleServer::new([RECORDED, UNREACHABLE]);
    assert_eq!(server.answer(&GetVersion.request()).unwrap().status, 502);
    let server = ExampleServer::new([RECORDED, NEVER]);
    assert_eq!(server.answer(&GetVersion.request()), None);
}

#[test]
fn a_log_ends_where_its_recording_does() {
    let program = ProgramRef::new("default", "orders", ProgramType::Workflow, "DataPipelineWorkflow");
    let newer = PageLogs {
        run: program.run("r-1"),
        direction: LogDirection::Next,
        most: Some(1000),
        from: Some("-10000.1796118992702".to_owned()),
    };
    let answer = ExampleServer::new([RECORDED, AS_RECORDED]).answer(&newer.request()).unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (200, "[]"));
}
