//! Whole pages, each reading from the example server.

use super::example_server::{self as answers, Exchanges, client};
use super::journals::{STOP_ANSWER_LOST, STOP_FORBIDDEN, STOP_MANY, STOP_REALTIME, UPGRADE};
use crate::client::Client;
use crate::client::session::password::SignInError;
use crate::client::session::state::Session;
use crate::client::storage::{self, Key};
use crate::client::use_client;
use crate::navigation::Location;
use crate::pages::list_state::List;
use crate::pages::load_part::load_part;
use crate::pages::parts;
use crate::pages::programs::Programs;
use crate::pages::recorded::Recorded;
use crate::pages::stop::form_href;
use crate::pages::stop::selection::Selection;
use crate::routes::Route;
use crate::shell::Shell;
use crate::text::gallery as text;
use leptos::prelude::*;
use quiesce_api::{Error, NamespaceId, ProgramRef, ProgramType, Response};
use std::cell::RefCell;

fn namespace() -> NamespaceId {
    NamespaceId::from("default")
}

fn batch(application: &str) -> ProgramRef {
    ProgramRef::new(namespace(), application, ProgramType::Workflow, "DataPipelineWorkflow")
}

fn real_time(application: &str) -> ProgramRef {
    ProgramRef::new(namespace(), application, ProgramType::Spark, "DataStreamsSparkStreaming")
}

thread_local! {
    /// What the frames of all sections hold. As the frame of the page, they last: a page that was left may still read.
    static FRAMES: RefCell<Vec<Owner>> = const { RefCell::new(Vec::new()) };
}

/// Puts a client of the example server, an address, and what else a page takes from its frame, into the context of a
/// section.
fn frame(own: Exchanges, href: impl FnOnce(Client) -> String) -> Client {
    let section = Owner::current();
    let owner = Owner::new_root(None);
    if let Some(section) = section {
        section.set();
    }
    let client = owner.with(|| client(own));
    let location = owner.with(|| Location::within(&href(client)));
    let shell = owner.with(|| Shell {
        route: Memo::new(|_| None),
        namespace: RwSignal::new(namespace()),
        overlay: RwSignal::new(None),
        selected: StoredValue::new(None),
        waiting: RwSignal::new(0),
        typed: RwSignal::new(String::new()),
    });
    FRAMES.with_borrow_mut(|frames| frames.push(owner));
    provide_context(client);
    provide_context(location);
    provide_context(shell);
    client
}

fn href(list: &List) -> impl FnOnce(Client) -> String + '_ {
    |client| list.address(&client.router()).href()
}

fn list(own: Exchanges, words: &str) -> AnyView {
    let list = List::Programs(namespace());
    frame(own, |client| list.address(&client.router()).href_with([("q", words)]));
    view! { <Programs namespace=namespace()/> }.into_any()
}

pub fn list_read() -> AnyView {
    list(answers::AS_RECORDED, "")
}

pub fn list_loading() -> AnyView {
    list(answers::NEVER, "")
}

pub fn list_empty() -> AnyView {
    list(answers::NO_APPLICATIONS, "")
}

pub fn list_unreachable() -> AnyView {
    list(answers::UNREACHABLE, "")
}

/// The sign-in over the list is closed again.
pub fn list_unauthenticated() -> AnyView {
    let list = list(answers::UNAUTHENTICATED, "");
    let asking = use_client().sign_in().asking;
    Effect::new(move || {
        if asking.get() {
            asking.set(false);
        }
    });
    list
}

pub fn list_forbidden() -> AnyView {
    list(answers::FORBIDDEN, "")
}

pub fn list_without_match() -> AnyView {
    list(answers::AS_RECORDED, "payments")
}

fn program(own: Exchanges, program: ProgramRef) -> AnyView {
    frame(own, |client| client.at(Route::program(&program)).href());
    load_part(move || parts::program(program.clone()))
}

pub fn program_real_time() -> AnyView {
    program(answers::AS_RECORDED, real_time("clicks_live"))
}

pub fn program_batch() -> AnyView {
    program(answers::AS_RECORDED, batch("customers_sync"))
}

pub fn program_never_run() -> AnyView {
    program(answers::AS_RECORDED, batch("invoices_monthly"))
}

pub fn program_not_found() -> AnyView {
    program(answers::NOT_FOUND, batch("orders_hourly"))
}

pub fn program_server_error() -> AnyView {
    program(answers::SERVER_ERROR, batch("orders_daily"))
}

fn stop_form(own: Exchanges, programs: Vec<ProgramRef>) -> AnyView {
    let selection = Selection { programs, runs: Vec::new() };
    frame(own, |client| form_href(client, &namespace(), &selection));
    load_part(|| parts::stop_form(namespace()))
}

/// Programs of each kind; nothing of the last one runs.
fn several() -> Vec<ProgramRef> {
    let service = ProgramRef::new(namespace(), "Warehouse", ProgramType::Service, "Stock");
    vec![
        real_time("clicks_live"),
        real_time("clicks_no_wal"),
        batch("customers_sync"),
        service,
        batch("orders_daily"),
    ]
}

pub fn stop_form_several() -> AnyView {
    stop_form(answers::AS_RECORDED, several())
}

pub fn stop_form_refused() -> AnyView {
    stop_form(answers::ONE_REFUSED, several())
}

fn applications(selection: &str) -> AnyView {
    let list = List::Applications(namespace());
    let client = frame(answers::AS_RECORDED, href(&list));
    storage::write(Key::Selection(&href(&list)(client)), selection);
    load_part(|| parts::select_applications(namespace()))
}

pub fn select_applications() -> AnyView {
    applications("unfold-newest\nunfold-cannot")
}

/// One to upgrade, and one to redeploy.
pub fn select_some() -> AnyView {
    applications(include_str!("selection.txt"))
}

fn history(operations: Vec<(Recorded, u32)>) -> AnyView {
    frame(answers::AS_RECORDED, href(&List::Operations));
    load_part(move || parts::history_example(operations.clone()))
}

pub fn history_empty() -> AnyView {
    history(Vec::new())
}

/// At the moment of the pictures: of today, of yesterday, and of three days before.
pub fn history_days() -> AnyView {
    let all = |(file, hours)| (Recorded { file, entries: usize::MAX }, hours);
    let operations =
        [(STOP_MANY, 68), (STOP_REALTIME, 44), (UPGRADE, 0), (STOP_ANSWER_LOST, 0), (STOP_FORBIDDEN, 0)];
    history(operations.map(all).to_vec())
}

fn server(own: Exchanges) -> AnyView {
    frame(own, |client| client.at(Route::Server).href());
    load_part(parts::server)
}

pub fn server_healthy() -> AnyView {
    server(answers::HEALTHY)
}

pub fn server_with_problems() -> AnyView {
    server(answers::PROBLEMS)
}

fn sign_in_frame() -> Client {
    frame(answers::AS_RECORDED, |client| client.at(Route::SignIn).href())
}

pub fn sign_in() -> AnyView {
    sign_in_frame();
    load_part(parts::sign_in)
}

/// A server without an authentication server that the console knows.
pub fn sign_in_with_token() -> AnyView {
    sign_in_frame().info.update(|info| info.routers.iter_mut().for_each(|it| it.password = false));
    load_part(parts::sign_in)
}

/// The server requires a token.
pub fn sign_in_required() -> AnyView {
    let client = sign_in_frame();
    let refusal = Error::refused(&Response::new(401, text::UNAUTHENTICATED));
    client.sign_in().session.update(|session| {
        session.refused(None, refusal);
    });
    load_part(parts::sign_in)
}

pub fn sign_in_wrong_password() -> AnyView {
    sign_in_frame();
    load_part(|| parts::sign_in_example(SignInError::WrongCredentials))
}

pub fn signed_out() -> AnyView {
    sign_in_frame().sign_in().session.update(Session::sign_out);
    load_part(parts::signed_out)
}
