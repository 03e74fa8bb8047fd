//! Whether the browser keeps the journal: it is asked before the first effect of an operation.

use super::clock;
use futures::channel::oneshot;
use futures::future::select;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use std::pin::pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// How long an effect waits for the answer at most, in milliseconds. Some browsers ask the user.
const PATIENCE: u32 = 1_000;

/// The quota below which a window is taken for a private one, in bytes. Firefox and Safari give these less; Chrome
/// reports 10 GiB for every window since version 138.
const PRIVATE_QUOTA: f64 = 1e9;

/// How long the browser keeps the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Until the operator deletes it.
    Persistent,
    /// Until space is short.
    BestEffort,
    /// Perhaps only as long as the window is open: persistent storage was refused, and there is little of it.
    PrivateWindow,
}

impl Durability {
    fn of(persistent: bool, quota: Option<f64>) -> Self {
        match quota {
            _ if persistent => Self::Persistent,
            Some(quota) if quota < PRIVATE_QUOTA => Self::PrivateWindow,
            _ => Self::BestEffort,
        }
    }
}

thread_local! {
    /// What the browser answered.
    static ANSWER: ArcRwSignal<Option<Durability>> = ArcRwSignal::new(None);
}

/// What the browser answered, once it was asked and did.
pub fn answer() -> Option<Durability> {
    ANSWER.with(Get::get)
}

/// Asks the browser to keep the journal, unless it answered before. Returns after a second even without an answer, which
/// then arrives later.
pub async fn request() {
    if ANSWER.with(GetUntracked::get_untracked).is_some() {
        return;
    }
    let (told, answered) = oneshot::channel::<()>();
    leptos::task::spawn_local(async move {
        let durability = read().await;
        ANSWER.with(|answer| answer.set(Some(durability)));
        let _ = told.send(());
    });
    select(answered, pin!(clock::sleep(PATIENCE))).await;
}

async fn read() -> Durability {
    let is = |value: Option<JsValue>| value.is_some_and(|value| value.is_truthy());
    // Without a secure context there is no storage manager, and no promise to keep anything.
    let persistent = is(ask("persisted").await) || is(ask("persist").await);
    Durability::of(persistent, if persistent { None } else { estimate("quota").await })
}

/// How many bytes this browser stores for the page, where it says so.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of bytes")]
pub async fn usage() -> Option<u64> {
    estimate("usage").await.map(|bytes| bytes as u64)
}

async fn estimate(name: &str) -> Option<f64> {
    Reflect::get(&ask("estimate").await?, &name.into()).ok()?.as_f64()
}

/// Calls a method of `navigator.storage`.
async fn ask(method: &str) -> Option<JsValue> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let storage = get(&window().navigator(), "storage").filter(JsValue::is_object)?;
    let method: Function = get(&storage, method)?.dyn_into().ok()?;
    let promise: Promise = method.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_quota_without_persistence_is_taken_for_a_private_window() {
        assert_eq!(Durability::of(true, None), Durability::Persistent);
        assert_eq!(Durability::of(true, Some(1e6)), Durability::Persistent);
        assert_eq!(Durability::of(false, None), Durability::BestEffort);
        assert_eq!(Durability::of(false, Some(10e9)), Durability::BestEffort);
        assert_eq!(Durability::of(false, Some(50e6)), Durability::PrivateWindow);
    }
}
