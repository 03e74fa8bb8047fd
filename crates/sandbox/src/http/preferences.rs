//! Preferences of the instance, a namespace, an application or a program. Saved runtime arguments are the
//! preferences of a program under another name.

use super::batch::strings;
use super::programs::{kind, program_ref};
use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::model::program::ProgramRef;
use crate::model::refusal::{Refusal, version as version_name};
use crate::model::server_state::ServerState;
use crate::model::text::Arguments;
use crate::model::version::SNAPSHOT;

impl ServerState {
    /// The preferences at a level, which is told by the parts of the path; with those above it if they are asked for.
    fn preferences_at(&self, parts: &[&str], resolved: bool) -> Result<Arguments, Refusal> {
        let mut all = Arguments::new();
        let mut add = |own: &Arguments, last: bool| {
            if resolved || last {
                all.extend(own.clone());
            }
        };
        add(&self.preferences, parts.is_empty());
        if let [namespace, rest @ ..] = parts {
            let missing = || match rest.first() {
                Some(name) => Refusal::missing(version_name(namespace, name, SNAPSHOT)),
                None => Refusal::new(404, format!("Namespace {namespace} not present")),
            };
            let home = self.namespaces.get(*namespace).ok_or_else(missing)?;
            add(&home.preferences, rest.is_empty());
            if let [name, rest @ ..] = rest {
                let missing = || Refusal::missing(version_name(namespace, name, SNAPSHOT));
                let application = home.get(name).ok_or_else(missing)?;
                add(&application.preferences, rest.is_empty());
                if let [word, program] = rest {
                    let program_ref =
                        ProgramRef { namespace, application: name, kind: kind(self, word)?, name: program };
                    add(&self.program(program_ref)?.1.preferences, true);
                }
            }
        }
        Ok(all)
    }

    fn preferences_of(&mut self, parts: &[&str]) -> Result<&mut Arguments, Refusal> {
        self.preferences_at(parts, false)?;
        let types = match parts {
            [_, _, word, _] => Some(kind(self, word)?),
            _ => None,
        };
        let own = match (parts, types) {
            ([], _) => Some(&mut self.preferences),
            ([namespace], _) => self.namespaces.get_mut(*namespace).map(|it| &mut it.preferences),
            ([namespace, name], _) => self.find_mut(namespace, name).map(|it| &mut it.preferences),
            ([namespace, name, _, program], Some(kind)) => {
                let program_ref = ProgramRef { namespace, application: name, kind, name: program };
                self.program_mut(program_ref).map(|it| &mut it.preferences)
            }
            _ => None,
        };
        own.ok_or_else(|| Refusal::new(404, ""))
    }
}

fn body(request: &Request) -> Result<Arguments, Refusal> {
    let value = request.json().map_err(Refusal::bad)?;
    let value = value.ok_or_else(|| Refusal::bad("Invalid json in the request body."))?;
    strings(&value).map_err(|_| Refusal::bad("Invalid json object provided in the request body."))
}

pub(super) fn get(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    Ok(Response::json(&server.preferences_at(parts, request.flag("resolved", false))?))
}

pub(super) fn put(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let given = body(request)?;
    *server.preferences_of(parts)? = given;
    Ok(Response::empty())
}

pub(super) fn delete(server: &mut ServerState, _: &Request, parts: &[&str]) -> HandlerResult {
    server.preferences_of(parts)?.clear();
    Ok(Response::empty())
}

pub(super) fn get_arguments(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let program_ref = program_ref(server, parts, request)?;
    Ok(Response::json(&server.program(program_ref)?.1.preferences))
}

pub(super) fn put_arguments(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let program_ref = program_ref(server, parts, request)?;
    server.program(program_ref)?;
    let given = body(request)?;
    if let Some(program) = server.program_mut(program_ref) {
        program.preferences = given;
    }
    Ok(Response::empty())
}
