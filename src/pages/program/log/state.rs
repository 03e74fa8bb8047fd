//! The reading of a run's log: from where it was read last, not all of it again.

use crate::client::polling::{ACTIVE_MS, ENDED_MS, IDLE_MS, Polled};
use crate::client::{Client, use_client};
use crate::pages::program::state::ProgramData;
use leptos::prelude::*;
use quiesce_api::log::{LogDirection, LogEvent, PageLogs};
use quiesce_api::{Error, Rows, RunRef};
use quiesce_lifecycle::run_log::{LevelFilter, LogWindow, MatchPlace, Shown};

/// How many lines are read at first, and each time that the operator asks for earlier ones.
const PAGE: u32 = 500;
/// How many newer lines are read at most at once.
const NEWER: u32 = 1_000;
/// How soon the next lines are read while there are more, in milliseconds.
const MORE_MS: u32 = 250;
/// How long lines of a run that ended may be late, in seconds.
const LATE: i64 = 120;

/// The log of a run, as far as it was read.
#[derive(Clone, Copy)]
pub(super) struct State {
    of: StoredValue<(RunRef, Client)>,
    /// The lines.
    pub window: RwSignal<LogWindow>,
    /// Whether any answer came.
    pub known: RwSignal<bool>,
    pub filter: RwSignal<LevelFilter>,
    /// The text that is searched for.
    pub sought: RwSignal<String>,
    pub current: RwSignal<Option<MatchPlace>>,
    /// The lines that are shown.
    pub shown: Memo<Shown>,
    /// Whether the run has ended.
    pub ended: Memo<bool>,
    /// Whether there may be more lines; the reading itself.
    pub live: Polled<bool>,
    /// Whether earlier lines are being read.
    pub reading_earlier: RwSignal<bool>,
    /// Why earlier lines could not be read.
    pub problem: RwSignal<Option<Error>>,
}

impl State {
    pub fn new(run: RunRef, program: Polled<ProgramData>) -> Self {
        let client = use_client();
        let (window, known) = (RwSignal::new(LogWindow::default()), RwSignal::new(false));
        let (filter, sought) = (RwSignal::new(LevelFilter::default()), RwSignal::new(String::new()));
        let shown = Memo::new(move |_| {
            sought.with(|sought| window.with(|window| Shown::new(window, filter.get(), sought)))
        });
        let id = run.run.clone();
        let ended_at = Memo::new(move |_| {
            let run =
                program.data.with(|seen| seen.as_ref()?.runs.iter().find(|it| it.run == id).cloned())?;
            run.status.is_end().then(|| run.end.unwrap_or(run.starting).timestamp())
        });
        let key = format!("log {run}");
        let of = run.clone();
        let live = Polled::new(
            client,
            key,
            move || {
                let newer = window.with_untracked(|window| {
                    (!window.is_empty()).then(|| window.newer_from().map(str::to_owned))
                });
                let (direction, most, from) = match newer {
                    Some(from) => (LogDirection::Next, NEWER, from),
                    None => (LogDirection::Previous, PAGE, None),
                };
                let page = PageLogs { run: of.clone(), direction, most: Some(most), from };
                async move {
                    let answer = client.call(&page).await?;
                    let more = window.try_update(|window| take(window, answer, direction, most));
                    known.try_set(true);
                    Ok(more.unwrap_or_default())
                }
            },
            move |more: &bool| {
                let ended = ended_at.try_get_untracked().flatten();
                match ended {
                    _ if *more => MORE_MS,
                    None => ACTIVE_MS,
                    Some(at) if crate::client::clock::age(at, crate::client::clock::now()) < LATE => IDLE_MS,
                    Some(_) => ENDED_MS,
                }
            },
        );
        let ended = Memo::new(move |_| ended_at.get().is_some());
        // What it wrote last is not waited for.
        Effect::new(move |before: Option<bool>| {
            let ended = ended.get();
            if before == Some(!ended) {
                live.refresh();
            }
            ended
        });
        Self {
            of: StoredValue::new((run, client)),
            window,
            known,
            filter,
            sought,
            current: RwSignal::new(None),
            shown,
            ended,
            live,
            reading_earlier: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    pub fn run(self) -> RunRef {
        self.of.with_value(|(run, _)| run.clone())
    }

    pub fn client(self) -> Client {
        self.of.with_value(|(_, client)| *client)
    }

    /// Reads the lines before the first one, and calls back before they are shown.
    pub fn read_earlier(self, before: impl FnOnce() + 'static) {
        let page = PageLogs {
            run: self.run(),
            direction: LogDirection::Previous,
            most: Some(PAGE),
            from: self.window.with_untracked(|window| window.earlier_from().map(str::to_owned)),
        };
        self.reading_earlier.set(true);
        leptos::task::spawn_local(async move {
            let answer = self.client().call(&page).await;
            if self.reading_earlier.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(answer) => {
                    before();
                    self.window.update(|window| window.prepend(answer, PAGE as usize));
                    self.problem.set(None);
                }
                Err(error) => self.problem.set(Some(error)),
            }
        });
    }

    /// Makes another match the current one.
    pub fn step(self, forward: bool) {
        let from = self.current.get_untracked();
        self.current.set(self.shown.with_untracked(|shown| shown.step(from, forward)));
    }
}

/// Takes in an answer; whether there may be more.
fn take(window: &mut LogWindow, answer: Rows<LogEvent>, direction: LogDirection, most: u32) -> bool {
    match direction {
        LogDirection::Next => window.append(answer, most as usize),
        LogDirection::Previous => {
            window.start(answer, most as usize);
            false
        }
    }
}
