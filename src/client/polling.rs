//! Reads that are kept fresh. The one place that polls: it slows down when nothing moves, stops while the tab is
//! hidden, and backs off with jitter while the server is away.

use super::clock;
use super::operation::{BrowserClock, Clock};
use super::session::Client;
use super::short_map::ShortMap;
use crate::routes::RouterName;
use futures::channel::mpsc;
use futures::future::{Either, select};
use futures::{FutureExt, StreamExt};
use leptos::prelude::*;
use quiesce_api::{Error, RefusalKind, Timestamp};
use std::any::Any;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// How often something is read while it changes, in milliseconds.
pub const ACTIVE_MS: u32 = 2_000;
/// How often something is read while it does not: four requests a minute of a list (docs/performance.md#cost-to-the-router).
pub const IDLE_MS: u32 = 15_000;

/// How often what is known of a run that ended is read, in milliseconds: the server may add to it late.
pub const ENDED_MS: u32 = 600_000;

impl Client {
    /// The time until the next read at this pace, in milliseconds. Where the server shares reads, all consoles read at the
    /// multiples of the pace by its clock (docs/adr/0020-shared-reads.md).
    pub fn until_next(self, pace: u32) -> u32 {
        if self.shares_reads() { until_multiple(pace, clock::server_milliseconds()) } else { pace }
    }

    /// The number of a read at this pace: after the last one or, where the server shares reads, that of the nearest multiple of
    /// the pace, the same in all consoles.
    pub fn next_turn(self, pace: u32, last: usize) -> usize {
        if !self.shares_reads() {
            return last.wrapping_add(1);
        }
        let pace = i64::from(pace.max(1));
        let nearest = clock::server_milliseconds().saturating_add(pace / 2).div_euclid(pace);
        usize::try_from(nearest).unwrap_or_default()
    }

    /// Whether the server answers identical reads of several browsers with one request.
    pub fn shares_reads(self) -> bool {
        self.info.try_with_untracked(|info| info.shared_reads).unwrap_or_default()
    }
}

/// The time from this moment, in milliseconds since 1970, until a multiple of the pace: the first one that is at least half
/// the pace away.
fn until_multiple(pace: u32, now: i64) -> u32 {
    if pace < ACTIVE_MS {
        return pace;
    }
    let half = pace / 2;
    let rest = now.saturating_add(half.into()).saturating_neg().rem_euclid(pace.into());
    half.saturating_add(u32::try_from(rest).unwrap_or(half))
}

/// Where a read stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// The first answer is on its way.
    Loading,
    /// The newest answer was good.
    Live,
    /// The server is away; when it is asked again, and how often it was.
    Away {
        /// What it said last.
        error: Error,
        /// How often it was asked.
        attempts: u32,
        /// When it is asked again.
        next: Timestamp,
    },
    /// The server refused, and asking again does not help on its own.
    Refused(Error),
}

/// Something read from the server again and again.
pub struct Polled<T: Send + Sync + 'static> {
    /// The newest answer.
    pub data: RwSignal<Option<Arc<T>>>,
    /// When it came.
    pub at: RwSignal<Option<Timestamp>>,
    /// Where the reading stands.
    pub health: RwSignal<Health>,
    /// Whether the operator holds it.
    pub paused: RwSignal<bool>,
    wake: StoredValue<mpsc::UnboundedSender<()>>,
}

impl<T: Send + Sync + 'static> Clone for Polled<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Polled<T> {}

thread_local! {
    /// The newest answers, so that a page that is opened again has rows at once.
    static KEPT: RefCell<ShortMap<(RouterName, String), (Timestamp, Rc<dyn Any>)>> =
        const { RefCell::new(ShortMap::new()) };
}

/// Drops the newest answers of a router: the operator signed out.
pub fn forget(router: &RouterName) {
    KEPT.with_borrow_mut(|kept| kept.retain(|(of, _)| of != router));
}

/// The newest answer of a router with this name, if there is one.
pub fn newest<T: 'static>(router: &RouterName, name: &str) -> Option<Arc<T>> {
    Some(kept(&(router.clone(), name.to_owned()))?.1)
}

fn kept<T: 'static>(key: &(RouterName, String)) -> Option<(Timestamp, Arc<T>)> {
    KEPT.with_borrow(|kept| {
        let (at, value) = kept.get(key)?;
        Some((*at, (*value.clone().downcast::<Arc<T>>().ok()?).clone()))
    })
}

impl<T: Send + Sync + 'static> Polled<T> {
    /// Reads until the owner of this scope is gone. `key` names the answer among the kept ones of its router; `pace` says how
    /// long it stays fresh, in milliseconds.
    pub fn new<F>(
        client: Client,
        key: String,
        read: impl Fn() -> F + 'static,
        pace: impl Fn(&T) -> u32 + 'static,
    ) -> Self
    where
        F: Future<Output = Result<T, Error>> + 'static,
    {
        let (wake, mut woken) = mpsc::unbounded();
        let key = (client.router(), key);
        let kept = kept::<T>(&key);
        let live = Self {
            data: RwSignal::new(kept.as_ref().map(|(_, value)| value.clone())),
            at: RwSignal::new(kept.as_ref().map(|(at, _)| *at)),
            health: RwSignal::new(if kept.is_some() { Health::Live } else { Health::Loading }),
            paused: RwSignal::new(false),
            wake: StoredValue::new(wake),
        };
        let visible = on_visible(move || live.refresh());
        Effect::new(move |before: Option<u32>| {
            let times = client.signed_in.get();
            if before.is_some_and(|before| before != times) {
                live.refresh();
            }
            times
        });
        leptos::task::spawn_local(async move {
            let mut attempts = 0_u32;
            loop {
                while is_hidden() || live.paused.try_get_untracked().unwrap_or(false) {
                    if woken.next().await.is_none() {
                        return;
                    }
                }
                let result = read().await;
                // The owner is gone when its signals are.
                if live.data.try_get_untracked().is_none() {
                    return;
                }
                let wait = match result {
                    Ok(value) => {
                        attempts = 0;
                        let wait = client.until_next(pace(&value));
                        let (value, at) = (Arc::new(value), clock::now());
                        KEPT.with_borrow_mut(|kept| {
                            kept.insert(key.clone(), (at, Rc::new(value.clone())));
                        });
                        live.at.set(Some(at));
                        live.data.set(Some(value));
                        if live.health.get_untracked() != Health::Live {
                            live.health.set(Health::Live);
                        }
                        Some(wait)
                    }
                    Err(error) if is_outage(&error) => {
                        attempts = attempts.saturating_add(1);
                        let wait = BrowserClock.back_off(attempts);
                        let next = clock::now().after(wait);
                        live.health.set(Health::Away { error, attempts, next });
                        Some(wait)
                    }
                    Err(error) => {
                        live.health.set(Health::Refused(error));
                        None
                    }
                };
                match wait {
                    Some(wait) => {
                        let timer = clock::sleep(wait).boxed_local();
                        if let Either::Right((None, _)) = select(timer, woken.next()).await {
                            return;
                        }
                    }
                    None => {
                        if woken.next().await.is_none() {
                            return;
                        }
                    }
                }
                // Several wishes to read again are one.
                while woken.try_recv().is_ok() {}
            }
        });
        on_cleanup(move || {
            drop(visible);
            if let Some(wake) = live.wake.try_get_value() {
                wake.close_channel();
            }
        });
        live
    }

    /// Reads now.
    pub fn refresh(&self) {
        if let Some(wake) = self.wake.try_get_value() {
            let _ = wake.unbounded_send(());
        }
    }
}

/// Whether the error means that the server is away, so that asking again may help.
pub fn is_outage(error: &Error) -> bool {
    match error {
        Error::Transport(_) => true,
        Error::Refused(refusal) => {
            matches!(
                refusal.kind,
                RefusalKind::Unavailable | RefusalKind::ServerError | RefusalKind::TooManyRequests
            )
        }
        Error::Undecodable(_) => false,
    }
}

fn is_hidden() -> bool {
    document().hidden()
}

/// Calls back when the tab is shown again, until the guard is dropped.
fn on_visible(call: impl Fn() + 'static) -> send_wrapper::SendWrapper<VisibleGuard> {
    let closure = Closure::<dyn Fn()>::new(move || {
        if !is_hidden() {
            call();
        }
    });
    let _ = document().add_event_listener_with_callback("visibilitychange", closure.as_ref().unchecked_ref());
    send_wrapper::SendWrapper::new(VisibleGuard(closure))
}

struct VisibleGuard(Closure<dyn Fn()>);

impl Drop for VisibleGuard {
    fn drop(&mut self) {
        let _ = document()
            .remove_event_listener_with_callback("visibilitychange", self.0.as_ref().unchecked_ref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consoles_that_were_opened_at_any_moment_read_at_the_same_one() {
        let moment = 1_020_000;
        for before in [7_500, 7_501, 10_000, 15_000, 22_499] {
            assert_eq!(i64::from(until_multiple(IDLE_MS, moment - before)), before);
        }
        assert_eq!(until_multiple(IDLE_MS, moment - 22_500), 7_500);
        assert_eq!(until_multiple(IDLE_MS, moment - 7_499), 22_499);
    }

    #[test]
    fn a_console_that_reads_at_a_multiple_reads_at_the_next_one() {
        for late in 0..=1_000 {
            assert_eq!(until_multiple(ACTIVE_MS, 4_000 + late), ACTIVE_MS - u32::try_from(late).unwrap());
        }
    }

    #[test]
    fn a_read_that_follows_at_once_waits_for_no_multiple() {
        assert_eq!(until_multiple(1, 1_234), 1);
    }
}
