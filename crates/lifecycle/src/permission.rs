//! What may be changed at all: nothing on a read-only console, and nothing that the server refused to the user before.
//! A refusal is of an action on an application or a program; the request that would be sent is asked for. A refusal of a
//! batch is of the programs that its message names, or of all if it names none.

use crate::capability::Refusal;
use quiesce_api::routes::{self, RouteKind};
use quiesce_api::{ApplicationId, Method, ProgramId, ProgramRef, ProgramType, Request, json};
use serde::Deserialize;

/// An action that changes something on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Start,
    Stop,
    Schedule,
    Upgrade,
    Deploy,
}

/// An action on an object, named by its path.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Act {
    change: Change,
    /// The path of the application or program, as the request has it.
    path: String,
}

impl Act {
    /// The action of a request for one object. `None` for a read, and for a batch.
    fn of(request: &Request) -> Option<Self> {
        let segments: Vec<&str> = request.path().split('/').collect();
        let ["", "v3", "namespaces", _, "apps", _, rest @ ..] = segments.as_slice() else { return None };
        let (change, object) = match (request.method, rest) {
            (Method::Put, []) => (Change::Deploy, None),
            (Method::Post, ["upgrade"]) => (Change::Upgrade, None),
            (Method::Post, ["schedules", _, "enable" | "disable"]) => (Change::Schedule, None),
            (Method::Post, ["versions", _, kind, program, "start"] | [kind, program, "start"]) => {
                (Change::Start, Some((kind, program)))
            }
            (
                Method::Post,
                ["versions", _, kind, program, "stop"]
                | [kind, program, "stop"]
                | [kind, program, "runs", _, "stop"],
            ) => (Change::Stop, Some((kind, program))),
            _ => return None,
        };
        let mut path = segments.get(..6)?.join("/");
        if let Some((kind, program)) = object {
            for part in ["/", kind, "/", program] {
                path.push_str(part);
            }
        }
        Some(Self { change, path })
    }
}

/// The actions of a request, each with its program if it is one of a batch. None of a read.
fn acts(request: &Request) -> Vec<(Option<ProgramRef>, Act)> {
    let segments: Vec<&str> = request.path().split('/').collect();
    let ["", "v3", "namespaces", namespace, verb @ ("stop" | "start")] = segments.as_slice() else {
        return Act::of(request).map(|act| (None, act)).into_iter().collect();
    };
    let body = request.body.as_deref().and_then(|body| json::from_str::<Vec<InBatch>>(body).ok());
    let mut acts = Vec::new();
    for InBatch { app_id, program_type, program_id } in body.into_iter().flatten() {
        let program = ProgramRef::new(*namespace, app_id, program_type, program_id);
        let change = if *verb == "stop" { Change::Stop } else { Change::Start };
        let (application, kind) = (program.application.as_str(), program.program_type.path());
        let path = ["v3", "namespaces", namespace, "apps", application, kind, program.program.as_str()];
        let path = Request::post(path).path().to_owned();
        acts.push((Some(program), Act { change, path }));
    }
    acts
}

/// An element of the body of a batch.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InBatch {
    app_id: ApplicationId,
    program_type: ProgramType,
    program_id: ProgramId,
}

/// How exactly the message of a refusal names a program: not at all, by its application alone, or by both names, as in
/// `… on entity 'program:default.orders.-SNAPSHOT.workflow.Main'`.
pub(crate) fn named(message: &str, program: &ProgramRef) -> u8 {
    let has = |name: &str| {
        let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
        message.split(|letter| !is_of_name(letter)).any(|word| word == name)
    };
    if has(program.application.as_str()) { 1 + u8::from(has(program.program.as_str())) } else { 0 }
}

/// What the user may change, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// Whether the console rejects every change.
    pub read_only: bool,
    forbidden: Vec<(Act, String)>,
}

impl Permissions {
    /// Nothing was refused yet.
    pub fn new(read_only: bool) -> Self {
        Self { read_only, forbidden: Vec::new() }
    }

    /// The server refused a request with 403, in these words.
    pub fn forbid(&mut self, request: &Request, message: &str) {
        let acts = acts(request);
        let exact = |program: &Option<ProgramRef>| program.as_ref().map_or(0, |it| named(message, it));
        let most = acts.iter().map(|(program, _)| exact(program)).max();
        for (_, act) in acts.into_iter().filter(|(program, _)| Some(exact(program)) == most) {
            self.forbidden.retain(|(known, _)| *known != act);
            self.forbidden.push((act, message.to_owned()));
        }
    }

    /// The server accepted a request: it was refused before, perhaps.
    pub fn permit(&mut self, request: &Request) {
        for (_, act) in acts(request) {
            self.forbidden.retain(|(known, _)| *known != act);
        }
    }

    /// Whether a refusal is remembered.
    pub fn has_refusals(&self) -> bool {
        !self.forbidden.is_empty()
    }

    /// Forgets all refusals: another user signed in, or the operator wants to try again.
    pub fn forget(&mut self) {
        self.forbidden.clear();
    }

    /// Whether a request may be sent, or why not.
    pub fn check(&self, request: &Request) -> Result<(), Refusal> {
        if self.read_only && changes(request) {
            return Err(Refusal::ReadOnly);
        }
        if self.forbidden.is_empty() {
            return Ok(());
        }
        let acts = acts(request);
        match self.forbidden.iter().find(|(known, _)| acts.iter().any(|(_, act)| act == known)) {
            Some((_, message)) => Err(Refusal::Forbidden(message.clone())),
            None => Ok(()),
        }
    }
}

/// Whether a request changes something, by the table of the console's requests.
fn changes(request: &Request) -> bool {
    routes::find(request.method.as_str(), request.path()).is_ok_and(|route| route.kind != RouteKind::Read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::application::GetApplication;
    use quiesce_api::start::Start;
    use quiesce_api::stop::{Graceful, StopProgram, StopRun};
    use quiesce_api::{Endpoint, ProgramRef, ProgramType, VersionId};

    fn program(name: &str) -> ProgramRef {
        ProgramRef::new("default", "orders daily", ProgramType::Workflow, name)
    }

    fn start(name: &str) -> Request {
        Start { program: program(name), version: None, arguments: None }.request()
    }

    fn stop(name: &str, version: Option<&str>) -> Request {
        StopProgram { program: program(name), version: version.map(VersionId::from) }.request()
    }

    fn stop_run(name: &str) -> Request {
        StopRun { run: program(name).run("r-1"), graceful: Graceful::Absent }.request()
    }

    #[test]
    fn a_refusal_forbids_the_same_action_on_the_same_program_and_nothing_else() {
        let mut permissions = Permissions::default();
        permissions.forbid(&stop_run("Main"), "not authorized");
        let refused = Err(Refusal::Forbidden("not authorized".to_owned()));
        assert_eq!(permissions.check(&stop("Main", None)), refused);
        assert_eq!(permissions.check(&stop("Main", Some("v1"))), refused);
        assert_eq!(permissions.check(&stop_run("Main")), refused);
        assert_eq!(permissions.check(&stop("Other", None)), Ok(()));
        assert_eq!(permissions.check(&start("Main")), Ok(()));
    }

    #[test]
    fn an_accepted_request_a_new_user_and_the_wish_to_try_again_end_a_refusal() {
        let mut permissions = Permissions::default();
        permissions.forbid(&start("Main"), "first");
        permissions.forbid(&start("Main"), "second");
        assert_eq!(permissions.check(&start("Main")), Err(Refusal::Forbidden("second".to_owned())));
        permissions.permit(&start("Main"));
        assert_eq!(permissions.check(&start("Main")), Ok(()));
        permissions.forbid(&stop("Main", None), "third");
        permissions.forget();
        assert_eq!(permissions, Permissions::default());
    }

    #[test]
    fn a_read_only_console_changes_nothing_and_reads_everything() {
        let permissions = Permissions::new(true);
        let deploy = Request::put(["v3", "namespaces", "default", "apps", "orders"]);
        let batch = Request::post(["v3", "namespaces", "default", "stop"]);
        for change in [start("Main"), stop("Main", None), stop_run("Main"), deploy, batch] {
            assert_eq!(permissions.check(&change), Err(Refusal::ReadOnly), "{change}");
        }
        let read =
            GetApplication { namespace: "default".into(), application: "orders".into(), version: None };
        let status = Request::post(["v3", "namespaces", "default", "status"]);
        for read in [read.request(), status] {
            assert_eq!(permissions.check(&read), Ok(()), "{read}");
        }
    }

    fn batch(verb: &str, programs: &[&str]) -> Request {
        let element = |name: &&str| {
            let [application, name] = name.split('/').collect::<Vec<_>>()[..] else { panic!("{name}") };
            serde_json::json!({ "appId": application, "programType": "Workflow", "programId": name })
        };
        let elements: Vec<_> = programs.iter().map(element).collect();
        Request::post(["v3", "namespaces", "default", verb]).json(&elements)
    }

    fn of(application: &str, name: &str) -> ProgramRef {
        ProgramRef::new("default", application, ProgramType::Workflow, name)
    }

    /// The programs of the batch whose stop is refused afterwards.
    fn refused_of(message: &str) -> Vec<(&'static str, &'static str)> {
        let all = [("orders", "Main"), ("orders", "Nightly"), ("orders-old", "Main"), ("clicks", "Main")];
        let mut permissions = Permissions::default();
        permissions.forbid(
            &batch("stop", &["orders/Main", "orders/Nightly", "orders-old/Main", "clicks/Main"]),
            message,
        );
        let refused = |(application, name): &(&str, &str)| {
            let stop = StopProgram { program: of(application, name), version: None }.request();
            let start = Start { program: of(application, name), version: None, arguments: None }.request();
            assert_eq!(permissions.check(&start), Ok(()), "another action");
            permissions.check(&stop) == Err(Refusal::Forbidden(message.to_owned()))
        };
        all.into_iter().filter(refused).collect()
    }

    #[test]
    fn a_refused_batch_forbids_the_programs_that_its_message_names_or_all_of_them() {
        let of_program = "not authorized on entity 'program:default.orders.-SNAPSHOT.workflow.Main'";
        assert_eq!(refused_of(of_program), [("orders", "Main")]);
        let of_application = "not authorized on entity 'application:orders'";
        assert_eq!(refused_of(of_application), [("orders", "Main"), ("orders", "Nightly")]);
        assert_eq!(refused_of("not authorized on entity 'namespace:default'").len(), 4);
        assert_eq!(refused_of("").len(), 4);
    }

    #[test]
    fn an_accepted_batch_permits_its_programs_and_a_batch_with_a_refused_one_is_refused() {
        let mut permissions = Permissions::default();
        permissions.forbid(&start("Main"), "no");
        let with_it = batch("start", &["orders daily/Main", "clicks/Main"]);
        assert_eq!(permissions.check(&with_it), Err(Refusal::Forbidden("no".to_owned())));
        assert_eq!(permissions.check(&batch("start", &["clicks/Main"])), Ok(()));
        assert_eq!(permissions.check(&batch("stop", &["orders daily/Main"])), Ok(()));
        permissions.permit(&with_it);
        assert_eq!(permissions, Permissions::default());
    }

    #[test]
    fn a_batch_without_readable_programs_forbids_nothing() {
        let mut permissions = Permissions::default();
        for body in [None, Some("nonsense".to_owned()), Some(r#"[{"appId":"orders"}]"#.to_owned())] {
            let request = Request { body, ..Request::post(["v3", "namespaces", "default", "stop"]) };
            permissions.forbid(&request, "not authorized");
        }
        assert_eq!(permissions, Permissions::default());
    }
}
