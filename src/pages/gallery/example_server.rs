//! A server with fixed answers, for pages that read from one. It answers as the sandbox did when the demo was recorded,
//! except for what a section answers differently. It lives in the page: no request reaches a network.

use crate::client::Client;
use crate::client::info::{Info, RouterInfo};
use crate::client::polling;
use crate::client::transport;
use crate::routes::RouterName;
use leptos::prelude::*;
use quiesce_api::{Method, Request, json};
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;

/// The name of its router.
const NAME: &str = "example";
/// Its address.
const ADDRESS: &str = "cdap.example.com:11015";
/// What follows the logs that were recorded.
const NO_LINES: &str = "[]";
const NOT_RECORDED: u16 = 501;

/// Exchanges, one on each line.
pub type Exchanges = &'static str;

macro_rules! exchanges {
    ($name:literal) => {
        include_str!(concat!("example_server/", $name, ".jsonl"))
    };
}

/// Everything is answered as recorded.
pub const AS_RECORDED: Exchanges = "";
pub const NEVER: Exchanges = exchanges!("never");
pub const UNREACHABLE: Exchanges = exchanges!("unreachable");
pub const UNAUTHENTICATED: Exchanges = exchanges!("unauthenticated");
pub const FORBIDDEN: Exchanges = exchanges!("forbidden");
pub const SERVER_ERROR: Exchanges = exchanges!("server-error");
pub const NOT_FOUND: Exchanges = exchanges!("not-found");
pub const NO_APPLICATIONS: Exchanges = exchanges!("no-applications");
pub const ONE_REFUSED: Exchanges = exchanges!("one-refused");
pub const HEALTHY: Exchanges = exchanges!("healthy");
pub const PROBLEMS: Exchanges = exchanges!("problems");

/// What the pages of the demo read.
const RECORDED: Exchanges = exchanges!("recorded");
/// What sections answer differently.
#[cfg(test)]
const LISTS: [Exchanges; 10] = [
    NEVER,
    UNREACHABLE,
    UNAUTHENTICATED,
    FORBIDDEN,
    SERVER_ERROR,
    NOT_FOUND,
    NO_APPLICATIONS,
    ONE_REFUSED,
    HEALTHY,
    PROBLEMS,
];

/// A request with its answer.
#[derive(Debug, Deserialize)]
struct Exchange {
    /// None: this is the answer to every request.
    #[serde(default)]
    request: Option<ExchangeRequest>,
    /// None: it is never answered.
    #[serde(default)]
    response: Option<ExchangeResponse>,
}

#[derive(Debug, Deserialize)]
struct ExchangeRequest {
    method: Method,
    path: String,
    /// None: whatever the body.
    #[serde(default)]
    body: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct ExchangeResponse {
    status: u16,
    body: String,
}

/// The answers of the server, by what was asked.
#[derive(Debug, Default)]
struct ExampleServer(BTreeMap<String, Option<ExchangeResponse>>);

/// The key of the answer to every request.
const EVERY: &str = "";

fn key(method: Method, target: &str, body: Option<&str>) -> String {
    [method.as_str(), target, body.unwrap_or_default()].join(" ")
}

impl ExampleServer {
    /// A list replaces answers of the one before it.
    fn new(lists: [Exchanges; 2]) -> Self {
        let mut answers = BTreeMap::new();
        for line in lists.into_iter().flat_map(str::lines) {
            let Ok(Exchange { request, response }) = json::from_str(line) else { continue };
            let key = request.map(|it| key(it.method, &it.path, it.body.as_deref()));
            answers.insert(key.unwrap_or_else(|| EVERY.to_owned()), response);
        }
        Self(answers)
    }

    /// The answer to a request; none if it is never answered.
    fn answer(&self, request: &Request) -> Option<ExchangeResponse> {
        let Request { method, target, body } = request;
        let keys = [EVERY.to_owned(), key(*method, target, body.as_deref()), key(*method, target, None)];
        if let Some(answer) = keys.iter().find_map(|key| self.0.get(key)) {
            return answer.clone();
        }
        let end_of_log = target.contains("/logs/next?");
        let (status, body) = if end_of_log { (200, NO_LINES) } else { (NOT_RECORDED, target.as_str()) };
        if !end_of_log {
            leptos::logging::error!("{request}");
        }
        Some(ExchangeResponse { status, body: body.to_owned() })
    }
}

thread_local! {
    static SERVER: RefCell<ExampleServer> = RefCell::default();
}

fn router() -> RouterName {
    RouterName::new(NAME).unwrap_or_default()
}

/// Whether an address is one of its router.
pub fn is_own(href: &str) -> bool {
    href.strip_prefix(&router().prefix()).is_some_and(|rest| rest.starts_with('/'))
}

/// The answer of the server, if a request is to it.
fn answered(target: &str, request: &Request) -> Option<js_sys::Promise> {
    if !is_own(target) {
        return None;
    }
    let Some(answer) = SERVER.with_borrow(|server| server.answer(request)) else {
        return Some(js_sys::Promise::new(&mut |_, _| {}));
    };
    let response = gloo_net::http::Response::builder().status(answer.status).body(Some(answer.body.as_str()));
    let response = JsValue::from(web_sys::Response::from(response.ok()?));
    Some(js_sys::Promise::resolve(&response))
}

/// A client of the server, which answers these exchanges, and all others as recorded.
pub fn client(own: Exchanges) -> Client {
    SERVER.set(ExampleServer::new([RECORDED, own]));
    transport::answer_by(answered);
    // The section before may have read the same.
    polling::forget(&router());
    let described = RouterInfo {
        name: NAME.to_owned(),
        server: ADDRESS.to_owned(),
        password: true,
        ..RouterInfo::default()
    };
    let info = Info { server: ADDRESS.to_owned(), routers: vec![described], ..Info::default() };
    Client::new(router(), RwSignal::new(info))
}

#[cfg(test)]
mod tests;
