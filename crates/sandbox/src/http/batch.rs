//! Calls about many programs at once.

use super::request::{Request, json_type};
use super::response::{HandlerResult, Response};
use crate::model::program::Kind;
use crate::model::program::ProgramRef;
use crate::model::refusal::{Refusal, program as program_name, version as version_name};
use crate::model::server_state::ServerState;
use crate::model::text::Arguments;
use crate::model::version::SNAPSHOT;
use serde_json::{Map, Value, json};

/// The most elements that `runcount` takes.
const MOST_COUNTED: usize = 100;

/// A program as an element of a batch names it.
#[derive(Debug)]
pub(super) struct Element {
    pub application: String,
    pub kind: Kind,
    pub program: String,
    arguments: Option<Arguments>,
}

impl Element {
    pub(super) fn program_ref<'a>(&'a self, namespace: &'a str) -> ProgramRef<'a> {
        ProgramRef { namespace, application: &self.application, kind: self.kind, name: &self.program }
    }

    /// An answer to it: what is special first, as recorded, then what it was asked for.
    pub(super) fn response(&self, first: Value) -> Value {
        let mut response = match first {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        response.insert("appId".into(), json!(self.application));
        response.insert("programType".into(), json!(self.kind.word()));
        response.insert("programId".into(), json!(self.program));
        Value::Object(response)
    }

    /// The answer to one that was refused.
    pub(super) fn refused(&self, refusal: &Refusal) -> Value {
        self.response(json!({"statusCode": refusal.status, "error": refusal.text}))
    }
}

/// Reads the body of a batch call. One bad element is a refusal of the whole.
pub(super) fn elements(request: &Request) -> Result<Vec<Element>, Refusal> {
    let list = request.list()?;
    let invalid = |what: &str| {
        Refusal::bad(format!("Must provide valid appId, programType, and programId for each object: {what}"))
    };
    let mut elements = Vec::with_capacity(list.len());
    for (index, element) in list.iter().enumerate() {
        if element.is_null() {
            return Err(Refusal::new(
                500,
                "Cannot invoke \"io.cdap.cdap.proto.BatchProgram.validate()\" because \"program\" is null",
            ));
        }
        let text = |key: &str| element.get(key).and_then(Value::as_str).filter(|it| !it.is_empty());
        let application = text("appId").ok_or_else(|| invalid("'appId' must be specified."))?;
        let kind = text("programType").and_then(Kind::from_word).ok_or_else(|| {
            invalid("'programType' must be one of [MapReduce, Workflow, Service, Spark, Worker, Custom]")
        })?;
        let program = text("programId").ok_or_else(|| invalid("'programId' must be specified."))?;
        let arguments = match element.get("runtimeargs") {
            None | Some(Value::Null) => None,
            Some(value) => Some(strings(value).map_err(|(key, found)| {
                Refusal::bad(format!(
                    "Request body is invalid json: java.lang.IllegalStateException: Expected a string but was \
                     {found} path $[{index}].runtimeargs.{key}"
                ))
            })?),
        };
        elements.push(Element {
            application: application.to_owned(),
            kind,
            program: program.to_owned(),
            arguments,
        });
    }
    Ok(elements)
}

/// An object of texts; of another value the key and what it is. Numbers are read as texts, as Gson does.
pub(super) fn strings(value: &Value) -> Result<Arguments, (String, &'static str)> {
    let Value::Object(map) = value else { return Err((String::new(), json_type(value))) };
    map.iter()
        .map(|(key, value)| match value {
            Value::String(text) => Ok((key.clone(), text.clone())),
            Value::Number(number) => Ok((key.clone(), number.to_string())),
            Value::Bool(flag) => Ok((key.clone(), flag.to_string())),
            other => Err((key.clone(), json_type(other))),
        })
        .collect()
}

/// Answers each element by itself.
fn each(elements: &[Element], response: impl Fn(&Element) -> Result<Value, Refusal>) -> Response {
    let responses: Vec<Value> = elements
        .iter()
        .map(|element| match response(element) {
            Ok(first) => element.response(first),
            Err(refusal) => element.refused(&refusal),
        })
        .collect();
    Response::json(&responses)
}

pub(super) fn status(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    let elements = elements(request)?;
    Ok(each(&elements, |element| {
        let (application, program) = server.any_program(element.program_ref(namespace))?;
        let word = server.program_status(program, &application.latest_id());
        Ok(json!({"status": word, "statusCode": 200}))
    }))
}

/// The latest run of the latest version: runs of older versions are not seen.
pub(super) fn runs(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    let elements = elements(request)?;
    let mut responses = Vec::with_capacity(elements.len());
    for element in &elements {
        responses.push(
            if let Ok((application, program)) = server.any_program(element.program_ref(namespace)) {
                let latest = application.latest_id();
                let runs = server.ordered(program, Some(&latest));
                let runs: Vec<Value> = runs.first().map(|run| server.record(run)).into_iter().collect();
                element.response(json!({"runs": runs, "statusCode": 200}))
            } else {
                let name =
                    program_name(namespace, &element.application, SNAPSHOT, element.kind, &element.program);
                let refusal = Refusal::missing(name);
                element.response(json!({"runs": [], "statusCode": refusal.status, "error": refusal.text}))
            },
        );
    }
    Ok(Response::json(&responses))
}

/// All versions are counted.
pub(super) fn run_count(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    let elements = elements(request)?;
    if elements.len() > MOST_COUNTED {
        let text =
            format!("{} programs found in the request, the maximum number supported is 100", elements.len());
        return Err(Refusal::bad(text));
    }
    Ok(each(&elements, |element| {
        let (_, program) = server.any_program(element.program_ref(namespace))?;
        Ok(json!({"runCount": server.ordered(program, None).len(), "statusCode": 200}))
    }))
}

pub(super) fn instances(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    let elements = elements(request)?;
    Ok(each(&elements, |element| {
        let kind = element.kind.display();
        if !matches!(element.kind, Kind::Service | Kind::Worker) {
            return Err(Refusal::bad(format!(
                "Program type '{kind}' is not a valid program type to get instances"
            )));
        }
        let Some(application) = server.find(namespace, &element.application) else {
            let entity = version_name(namespace, &element.application, SNAPSHOT);
            return Err(Refusal::new(404, format!("App: {entity} not found")));
        };
        let program = application.program(element.kind, &element.program);
        let program =
            program.ok_or_else(|| Refusal::new(404, format!("{kind}: {} not found", element.program)))?;
        Ok(json!({"statusCode": 200, "provisioned": program.instances, "requested": program.instances}))
    }))
}

/// A missing application ends the call, after the starts before it were done.
pub(super) fn start(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    let elements = elements(request)?;
    let mut responses = Vec::with_capacity(elements.len());
    for element in &elements {
        if let Some(refusal) = server.faults.forbids(request, &element.application) {
            return Err(refusal);
        }
        if server.options.profile.keeps_versions() {
            server.application(namespace, &element.application)?;
        }
        let arguments = element.arguments.clone().unwrap_or_default();
        responses.push(match server.start(element.program_ref(namespace), &arguments) {
            Ok(run) => element.response(json!({"statusCode": 200, "runId": *run})),
            Err(refusal) => element.refused(&refusal),
        });
    }
    Ok(Response::json(&responses))
}
