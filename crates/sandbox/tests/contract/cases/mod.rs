//! The cases, by subject. Each names the lines of the API that it proves.

mod applications;
mod refusals;
mod runs;
mod starts;
mod stops;
mod system;

use crate::target::Target;
use quiesce_api::{Error, Response};
use std::future::Future;
use std::pin::Pin;

type Run<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// One thing that a server does.
pub struct Case {
    /// As a sentence.
    pub name: &'static str,
    /// The sections and traps of the API that it proves.
    pub proves: &'static str,
    /// Asks it.
    pub run: for<'a> fn(&'a Target) -> Run<'a>,
}

/// Writes a [`Case`] without the pin.
macro_rules! case {
    ($name:literal, $proves:literal, |$target:ident| $body:expr) => {
        $crate::cases::Case { name: $name, proves: $proves, run: |$target| Box::pin(async move { $body }) }
    };
}
pub(crate) use case;

/// All cases, in an order in which none disturbs the next.
pub fn all() -> Vec<Case> {
    [
        system::cases(),
        applications::cases(),
        refusals::cases(),
        starts::cases(),
        runs::cases(),
        stops::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Asks every case and tells of each; fails at the end if one failed.
pub async fn keep(target: &Target) {
    let mut failed = Vec::new();
    let cases = all();
    for case in &cases {
        let began = std::time::Instant::now();
        let outcome = futures_catch(std::panic::AssertUnwindSafe((case.run)(target))).await;
        let word = if outcome.is_ok() { "agrees" } else { "DIFFERS" };
        eprintln!("{word} {} ({}) {:.1} s", case.name, case.proves, began.elapsed().as_secs_f32());
        if outcome.is_err() {
            failed.push(case.name);
        }
    }
    assert!(failed.is_empty(), "{} of {} cases differ: {failed:#?}", failed.len(), cases.len());
}

/// Runs a future and catches its panic, so that one case does not hide the others.
async fn futures_catch(future: std::panic::AssertUnwindSafe<Run<'_>>) -> Result<(), ()> {
    let mut future = future.0;
    std::future::poll_fn(|context| {
        match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(std::task::Poll::Ready(())) => std::task::Poll::Ready(Ok(())),
            Ok(std::task::Poll::Pending) => std::task::Poll::Pending,
            Err(_) => std::task::Poll::Ready(Err(())),
        }
    })
    .await
}

/// The refusal must have this status and these words.
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>, status: u16, words: &str) {
    let error = outcome.expect_err("a refusal");
    let refusal = error.refusal().unwrap_or_else(|| panic!("no refusal: {error:?}"));
    assert_eq!(refusal.status, status, "{}", refusal.message);
    assert!(refusal.message.contains(words), "{words:?} is not in {:?}", refusal.message);
}

/// The answer must have this status, this content type and these words.
pub fn answered(answer: &Response, status: u16, content_type: Option<&str>, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.get("content-type"), content_type, "{}", answer.text());
    assert!(answer.text().contains(words), "{words:?} is not in {:?}", answer.text());
}
