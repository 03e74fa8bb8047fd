//! The first requests, which `public/boot.js` sends while the page loads.

use quiesce_api::{Millis, Timestamp};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortController;

/// For how long an answer may wait for the page, in milliseconds. What a page of a hidden tab shows later is read again.
const FRESH: i64 = 60_000;

/// A request that was sent, by the page or while it was loading.
pub struct SentRequest {
    /// The promise of its response.
    pub response: js_sys::Promise,
    /// Ends it.
    pub controller: AbortController,
    /// When it was sent.
    pub sent: Timestamp,
}

/// Takes the GET request with this target and token, if it was sent and not taken yet.
pub fn take(target: &str, token: Option<&str>) -> Option<SentRequest> {
    let window = leptos::prelude::window();
    let take = js_sys::Reflect::get(&window, &"takeFirstRequest".into()).ok()?;
    let take = take.dyn_into::<js_sys::Function>().ok()?;
    let request = take.call2(&JsValue::NULL, &target.into(), &token.unwrap_or_default().into()).ok()?;
    let request = request.dyn_into::<js_sys::Array>().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, from a Date")]
    let sent = request.get(2).as_f64()? as i64;
    (super::clock::milliseconds() - sent < FRESH).then_some(SentRequest {
        response: request.get(0).dyn_into().ok()?,
        controller: request.get(1).dyn_into().ok()?,
        sent: Millis(sent).timestamp(),
    })
}
