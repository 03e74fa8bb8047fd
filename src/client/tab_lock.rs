//! Tabs of one browser: one acts on an operation, the others watch. `navigator.locks` where there is one; it exists
//! only in secure contexts, so elsewhere a lease in `localStorage` that its holder renews.

use super::{clock, preferences};
use futures::channel::oneshot;
use leptos::prelude::{WindowListenerHandle, window, window_event_listener_untyped};
use quiesce_api::Millis;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// How long a lease holds without being renewed, in seconds.
const LEASE: i64 = 6;

/// The right to act on an operation. Given back when dropped, or when the tab is closed.
pub struct TabLock {
    _release: Option<oneshot::Sender<()>>,
    lease: Option<(String, String)>,
    leaving: Option<WindowListenerHandle>,
}

impl TabLock {
    /// Renews a lease. To be called every second or two; says whether it is still held.
    pub fn renew(&self) -> bool {
        let Some((key, me)) = &self.lease else { return true };
        if holder(key).is_some_and(|(other, _)| other != *me) {
            return false;
        }
        write(key, me);
        true
    }
}

impl Drop for TabLock {
    fn drop(&mut self) {
        if let Some((key, me)) = &self.lease {
            give_back(key, me);
        }
        if let Some(leaving) = self.leaving.take() {
            leaving.remove();
        }
    }
}

/// Ends a lease of one's own.
fn give_back(key: &str, me: &str) {
    if holder(key).is_some_and(|(other, _)| other == me) {
        preferences::set(key, "");
    }
}

/// Takes the right to act on an operation, or says at once that another tab has it.
pub async fn take(operation: &str) -> Option<TabLock> {
    let name = format!("operation.{operation}");
    match locks() {
        Some(locks) => by_lock(&locks, &name).await,
        None => by_lease(name),
    }
}

/// Takes the sign that the operation on which this tab acts waits for a decision: other tabs see it.
pub async fn wait(operation: &str) -> Option<TabLock> {
    take(&waiting(operation)).await
}

/// Whether a tab of this browser acts on an operation, and whether that tab waits for a decision.
pub async fn look(operation: &str) -> (bool, bool) {
    (is_held(operation).await, is_held(&waiting(operation)).await)
}

fn waiting(operation: &str) -> String {
    format!("{operation}.waits")
}

async fn is_held(operation: &str) -> bool {
    let name = format!("operation.{operation}");
    match locks() {
        Some(locks) => is_locked(&locks, &name).await.unwrap_or_default(),
        None => holder(&name).is_some(),
    }
}

async fn is_locked(locks: &JsValue, name: &str) -> Option<bool> {
    let query: js_sys::Function = js_sys::Reflect::get(locks, &"query".into()).ok()?.dyn_into().ok()?;
    let asked: js_sys::Promise = query.call0(locks).ok()?.dyn_into().ok()?;
    let state = wasm_bindgen_futures::JsFuture::from(asked).await.ok()?;
    let held: js_sys::Array = js_sys::Reflect::get(&state, &"held".into()).ok()?.dyn_into().ok()?;
    let named = |lock: &JsValue| js_sys::Reflect::get(lock, &"name".into()).ok()?.as_string();
    Some(held.iter().any(|lock| named(&lock).as_deref() == Some(name)))
}

fn locks() -> Option<JsValue> {
    let navigator = window().navigator();
    let locks = js_sys::Reflect::get(&navigator, &"locks".into()).ok()?;
    locks.is_object().then_some(locks)
}

async fn by_lock(locks: &JsValue, name: &str) -> Option<TabLock> {
    let (release, released) = oneshot::channel::<()>();
    let (answer, answered) = oneshot::channel::<bool>();
    let callback = Closure::once_into_js(move |lock: JsValue| -> js_sys::Promise {
        let got = lock.is_truthy();
        let _ = answer.send(got);
        wasm_bindgen_futures::future_to_promise(async move {
            if got {
                let _ = released.await;
            }
            Ok(JsValue::UNDEFINED)
        })
    });
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE).ok()?;
    let request: js_sys::Function = js_sys::Reflect::get(locks, &"request".into()).ok()?.dyn_into().ok()?;
    request.call3(locks, &name.into(), &options, &callback).ok()?;
    match answered.await {
        Ok(true) => Some(TabLock { _release: Some(release), lease: None, leaving: None }),
        _ => None,
    }
}

fn by_lease(name: String) -> Option<TabLock> {
    let me = format!("{:016x}", js_sys::Math::random().to_bits());
    if holder(&name).is_some() {
        return None;
    }
    write(&name, &me);
    // Two tabs may have written; the one that reads itself back has it.
    if holder(&name).is_none_or(|(holder, _)| holder != me) {
        return None;
    }
    // A page that is loaded anew shall not have to wait for its own lease to run out.
    let (key, own) = (name.clone(), me.clone());
    let leaving = window_event_listener_untyped("pagehide", move |_| give_back(&key, &own));
    Some(TabLock { _release: None, lease: Some((name, me)), leaving: Some(leaving) })
}

fn write(key: &str, me: &str) {
    preferences::set(key, &format!("{me} {}", clock::milliseconds()));
}

/// Who holds a lease that has not run out.
fn holder(key: &str) -> Option<(String, i64)> {
    let value = preferences::get(key)?;
    let (holder, at) = value.split_once(' ')?;
    let at: i64 = at.parse().ok()?;
    let fresh = clock::passed(Millis(at).timestamp(), clock::now()) < LEASE;
    fresh.then(|| (holder.to_owned(), at))
}
