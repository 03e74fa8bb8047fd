//! Sends requests by `fetch`.

use super::clock;
use super::first_requests::{self, SentRequest};
use crate::routes::RouterName;
use futures::future::{Either, LocalBoxFuture, select};
use leptos::prelude::window;
use quiesce_api::{Endpoint, Error, Method, Request, Response, TransportError};
use std::cell::Cell;
use std::pin::pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit,
    RequestRedirect,
};

/// How long a read may take until its last byte, in seconds.
pub const PATIENCE: u32 = 60;

/// The promise of the response to a request for a target; `None` if the network is to answer it.
pub type Answers = fn(&str, &Request) -> Option<js_sys::Promise>;

thread_local! {
    static ANSWERS: Cell<Option<Answers>> = const { Cell::new(None) };
}

/// Lets a function answer requests in place of the network: pages of the gallery read from no server.
pub fn answer_by(answers: Answers) {
    // Without `black_box` the compiler knows the only function that is set, and puts it into the first load.
    ANSWERS.set(Some(std::hint::black_box(answers)));
}

/// Told how many bytes of an answer have come, and how many there are in all if the server says it.
pub type Progress<'a> = &'a dyn Fn(u64, Option<u64>);

/// Sends a request to a router and reads its answer whole. The token goes into its own header and nowhere else. Cookies
/// go along for a proxy in front of the console that authenticates by them; the console's server forwards none. A
/// redirect is not followed: it leads to the sign-in page of such a proxy, which would pass for an answer of CDAP.
pub async fn send(
    router: &RouterName,
    request: &Request,
    token: Option<&str>,
    patience: u32,
    progress: Progress<'_>,
) -> Result<Response, TransportError> {
    let target = router.prefix() + &request.target;
    let first = match request.method {
        Method::Get => first_requests::take(&target, token),
        _ => None,
    };
    let sent = match first {
        Some(first) => first,
        None => fetch(&target, request, token).map_err(unreachable)?,
    };
    let controller = sent.controller.clone();
    let exchange = pin!(exchange(router, sent, progress));
    let limit = pin!(clock::sleep(patience.saturating_mul(1000)));
    match select(exchange, limit).await {
        Either::Left((result, _)) => result,
        Either::Right(((), _)) => {
            controller.abort();
            Err(TransportError::TimedOut(patience))
        }
    }
}

/// Reads the response of an endpoint once it comes. Boxed, as what it awaits: where it is awaited there is little more
/// than a pointer.
pub fn read<'a, E: Endpoint>(
    endpoint: &'a E,
    response: LocalBoxFuture<'static, Result<Response, Error>>,
) -> LocalBoxFuture<'a, Result<E::Output, Error>> {
    Box::pin(async move { endpoint.read(&response.await?) })
}

/// Begins to send a request.
pub(super) fn fetch(target: &str, request: &Request, token: Option<&str>) -> Result<SentRequest, JsValue> {
    let controller = AbortController::new()?;
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_redirect(RequestRedirect::Error);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&controller.signal()));
    if let Some(body) = &request.body {
        init.set_body(&body.into());
    }
    let sent = web_sys::Request::new_with_str_and_init(target, &init)?;
    let headers = sent.headers();
    if let Some(token) = token {
        headers.set("Authorization", &format!("Bearer {token}"))?;
    }
    if request.body.is_some() {
        headers.set("Content-Type", "application/json")?;
    }
    let answered = ANSWERS.get().and_then(|answers| answers(target, request));
    let response = answered.unwrap_or_else(|| window().fetch_with_request(&sent));
    Ok(SentRequest { sent: clock::now(), response, controller })
}

async fn exchange(
    router: &RouterName,
    sent: SentRequest,
    progress: Progress<'_>,
) -> Result<Response, TransportError> {
    let answer: web_sys::Response =
        JsFuture::from(sent.response).await.map_err(unreachable)?.unchecked_into();
    let answer = gloo_net::http::Response::from(answer);
    let headers =
        answer.headers().entries().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    let mut response = Response { status: answer.status(), headers, body: Vec::new(), cut: None };
    clock::learn(router, &response, sent.sent);
    let all = response.get("content-length").and_then(|length| length.parse().ok());
    if let Some(body) = answer.body()
        && let Err(reason) = read_all(&body, &mut response.body, &|bytes| progress(bytes, all)).await
    {
        response.cut = Some(reason);
    }
    away(&response)?;
    read_only(&mut response);
    Ok(response)
}

/// Reads a stream to its end. What came before it broke is kept.
async fn read_all(
    stream: &web_sys::ReadableStream,
    into: &mut Vec<u8>,
    progress: &dyn Fn(u64),
) -> Result<(), String> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut chunks = Vec::new();
    let mut length = 0;
    let end = loop {
        let read = match JsFuture::from(reader.read()).await {
            Ok(read) => read,
            Err(error) => break Err(words(&error)),
        };
        let Some(chunk) = bytes_of(&read) else { break Ok(()) };
        length += chunk.length() as usize;
        chunks.push(chunk);
        progress(length as u64);
    };
    // Into memory of the right size: one that grows with each chunk is copied again and again.
    into.resize(length, 0);
    let mut free = into.as_mut_slice();
    for chunk in chunks {
        let Some((start, rest)) = free.split_at_mut_checked(chunk.length() as usize) else { break };
        chunk.copy_to(start);
        free = rest;
    }
    end
}

/// The bytes that a read of a stream returned; `None` at its end.
pub(super) fn bytes_of(read: &JsValue) -> Option<js_sys::Uint8Array> {
    if js_sys::Reflect::get(read, &"done".into()).is_ok_and(|done| done.is_truthy()) {
        return None;
    }
    let value = js_sys::Reflect::get(read, &"value".into()).ok()?;
    value.dyn_into().ok()
}

/// The forwarding server says that the router is away with 502 or 504 and a JSON body of its own; to the operator
/// that is not an answer of CDAP.
pub(super) fn away(response: &Response) -> Result<(), TransportError> {
    #[derive(serde::Deserialize)]
    struct Away {
        error: String,
        message: String,
    }
    if !matches!(response.status, 502 | 504) {
        return Ok(());
    }
    match quiesce_api::json::from_slice::<Away>(&response.body) {
        Ok(away) if away.error.starts_with("router_") => Err(TransportError::Unreachable(away.message)),
        _ => Ok(()),
    }
}

/// A read-only console refuses a change with JSON of its own; its message is what people read.
fn read_only(response: &mut Response) {
    #[derive(serde::Deserialize)]
    struct Refused {
        message: String,
    }
    if response.get("x-quiesce-error") == Some("read_only")
        && let Ok(refused) = quiesce_api::json::from_slice::<Refused>(&response.body)
    {
        response.body = refused.message.into_bytes();
    }
}

pub(super) fn unreachable(error: JsValue) -> TransportError {
    TransportError::Unreachable(words(&error))
}

/// The words of a JavaScript error, or of what was thrown instead of one.
pub fn words(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .or_else(|| error.as_string())
        .or_else(|| error.js_typeof().as_string())
        .unwrap_or_default()
}
