//! What may be changed at all: nothing on a read-only console, and nothing that the server refused to the user before.
//! A refusal is of an action on an application or a program; the request that would be sent is asked for.

use crate::capability::Refusal;
use quiesce_api::routes::{self, RouteKind};
use quiesce_api::{Method, Request};

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
    /// The action of a request. `None` for a read, and for a batch: a refusal does not say which element it is for.
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
        if let Some(act) = Act::of(request) {
            self.forbidden.retain(|(known, _)| *known != act);
            self.forbidden.push((act, message.to_owned()));
        }
    }

    /// The server accepted a request: it was refused before, perhaps.
    pub fn permit(&mut self, request: &Request) {
        if let Some(act) = Act::of(request) {
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
        let Some(act) = Act::of(request) else { return Ok(()) };
        match self.forbidden.iter().find(|(known, _)| *known == act) {
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

    #[test]
    fn a_batch_is_remembered_for_none_of_its_elements() {
        let mut permissions = Permissions::default();
        permissions.forbid(&Request::post(["v3", "namespaces", "default", "stop"]), "not authorized");
        assert_eq!(permissions, Permissions::default());
    }
}
