//! Answers of any length as files: they are read as they come, past the memory of the page's own code, which never
//! shrinks.

use super::session::Client;
use super::{backups, clock, transport};
use futures::future::{Either, select};
use leptos::prelude::*;
use quiesce_api::{Error, Request, Response, TransportError, Undecodable};
use std::pin::pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader};

/// A download, while it runs.
#[derive(Clone, Copy)]
pub struct Download {
    /// How many bytes have come; `None` while nothing is downloaded.
    pub received: RwSignal<Option<u64>>,
    controller: StoredValue<Option<AbortController>, LocalStorage>,
}

impl Download {
    /// Nothing is downloaded yet.
    pub fn new() -> Self {
        let download = Self { received: RwSignal::new(None), controller: StoredValue::new_local(None) };
        on_cleanup(move || download.cancel());
        download
    }

    /// Ends the download that runs.
    pub fn cancel(self) {
        if let Some(Some(controller)) = self.controller.try_update_value(Option::take) {
            controller.abort();
        }
        self.received.try_set(None);
    }

    /// Reads the answer to a request and hands it to the operator as a file. Returns its size, or `None` if it was
    /// canceled.
    pub async fn run(self, client: Client, request: Request, file: &str) -> Result<Option<u64>, Error> {
        self.cancel();
        self.received.set(Some(0));
        let parts = js_sys::Array::new();
        let result = self.read(client, &request, &parts).await;
        if self.received.try_get_untracked().flatten().is_none() {
            return Ok(None);
        }
        self.cancel();
        let bytes = result?;
        backups::download_parts(file, "text/plain", &parts);
        Ok(Some(bytes))
    }

    async fn read(self, client: Client, request: &Request, parts: &js_sys::Array) -> Result<u64, Error> {
        let token = client.token();
        let target = client.router().prefix() + &request.target;
        let sent = transport::fetch(&target, request, token.as_deref()).map_err(transport::unreachable)?;
        self.controller.set_value(Some(sent.controller));
        let answer: web_sys::Response = in_time(sent.response).await?.unchecked_into();
        if !answer.ok() {
            return Err(refusal(&answer).await);
        }
        let Some(body) = answer.body() else { return Ok(0) };
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let mut bytes = 0;
        loop {
            let read = in_time(reader.read()).await.map_err(|error| ended_early(bytes, &error))?;
            let Some(part) = transport::bytes_of(&read) else { return Ok(bytes) };
            bytes += u64::from(part.length());
            parts.push(&part);
            self.received.try_set(Some(bytes));
        }
    }
}

/// Waits for a promise, no longer than a read may take.
async fn in_time(promise: js_sys::Promise) -> Result<JsValue, TransportError> {
    let value = pin!(JsFuture::from(promise));
    let limit = pin!(clock::sleep(transport::PATIENCE.saturating_mul(1000)));
    match select(value, limit).await {
        Either::Left((value, _)) => value.map_err(transport::unreachable),
        Either::Right(((), _)) => Err(TransportError::TimedOut(transport::PATIENCE)),
    }
}

async fn refusal(answer: &web_sys::Response) -> Error {
    let own = answer.headers().get("x-quiesce-error").ok().flatten();
    let text = match answer.text() {
        Ok(text) => JsFuture::from(text).await.ok().and_then(|text| text.as_string()),
        Err(_) => None,
    };
    let mut response = Response::new(answer.status(), text.unwrap_or_default());
    if let Some(own) = own {
        response = response.header("x-quiesce-error", own);
    }
    match transport::away(&response) {
        Ok(()) => Error::refused(&response),
        Err(error) => error.into(),
    }
}

fn ended_early(bytes: u64, error: &TransportError) -> Error {
    let reason = match error {
        TransportError::Unreachable(reason) => reason.clone(),
        other => other.to_string(),
    };
    let message = format!("the answer ended early, after {bytes} B ({reason})");
    Undecodable { path: ".".to_owned(), message, raw: String::new() }.into()
}
