//! The cases, by subject. Each names the lines of the API that it proves.

mod answers;
mod applications;
mod arguments;
mod deploys;
mod exports;
mod metrics;
mod missing_plugins;
mod plugins;
mod refusals;
mod runs;
mod schedules;
mod secured;
mod starts;
mod stops;
mod system;
mod triggers;
mod upgrades;

use crate::target::Target;
use quiesce_api::{Error, Response};
use std::future::Future;
use std::pin::Pin;
use std::time::Instant;

/// The content type of a sentence.
pub const TEXT: Option<&str> = Some("text/plain; charset=utf-8");

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

/// Cases of one subject.
pub struct Subject {
    /// What they are about.
    pub name: &'static str,
    pub cases: Vec<Case>,
}

fn subject(name: &'static str, cases: Vec<Case>) -> Subject {
    Subject { name, cases }
}

/// All cases, in an order in which none disturbs the next.
pub fn all() -> Vec<Subject> {
    vec![
        subject("the server", system::cases()),
        subject("applications, artifacts, programs", applications::cases()),
        subject("what is not there or asked wrongly", refusals::cases()),
        subject("answers to unusual requests", answers::cases()),
        subject("starts", starts::cases()),
        subject("runs", runs::cases()),
        subject("stops", stops::cases()),
        subject("preferences and arguments", arguments::cases()),
        subject("metrics and logs", metrics::cases()),
        subject("deployments and deletions", deploys::cases()),
        subject("schedules", schedules::cases()),
        subject("schedules that wait for programs", triggers::cases()),
        subject("upgrades", upgrades::cases()),
        subject("plugins", plugins::cases()),
        subject("plugins that are missing", missing_plugins::cases()),
        subject("the backup", exports::cases()),
    ]
}

/// The cases of a server that asks for a token.
pub fn secured() -> Vec<Subject> {
    vec![subject("tokens, on a secured server", secured::cases())]
}

/// How many of a subject's cases agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub subject: &'static str,
    pub cases: usize,
    pub agree: usize,
}

/// Asks every case and tells of each, and how long all took. `CONTRACT_ONLY` asks those with these words in their name or subject.
pub async fn keep(target: &Target, subjects: Vec<Subject>) -> Vec<Agreement> {
    let only = std::env::var("CONTRACT_ONLY").unwrap_or_default();
    let began = Instant::now();
    let mut agreements = Vec::new();
    for Subject { name: subject, cases } in subjects {
        let mut agreement = Agreement { subject, cases: cases.len(), agree: 0 };
        for case in cases.iter().filter(|case| subject.contains(&only) || case.name.contains(&only)) {
            let began = Instant::now();
            let outcome = futures_catch(std::panic::AssertUnwindSafe((case.run)(target))).await;
            let word = if outcome.is_ok() { "agrees" } else { "DIFFERS" };
            eprintln!("{word} {} ({}) {:.1} s", case.name, case.proves, began.elapsed().as_secs_f32());
            agreement.agree += usize::from(outcome.is_ok());
        }
        agreements.push(agreement);
    }
    eprintln!("{}: asked in {:.1} s", target.name, began.elapsed().as_secs_f32());
    agreements
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
