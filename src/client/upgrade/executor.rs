//! Carries out the effects of an upgrade: requests, readings, the backup.

use super::backup;
use super::drain::{self, Counting};
use super::plugins::{PluginCheck, ServerPlugins};
use super::progress::{UpgradeProgress, file_of};
use super::snapshot::{self, Wanted, look};
use super::snapshots::look_all;
use crate::client::backups;
use crate::client::operation::{Executor, Ports, Prepared};
use crate::client::stop::{self, StopDone};
use crate::client::transport::PATIENCE;
use futures::FutureExt;
use futures::channel::mpsc::UnboundedSender;
use futures::future::LocalBoxFuture;
use quiesce_api::run::GetRun;
use quiesce_api::schedule::GetScheduleState;
use quiesce_api::{Error, Refusal, RefusalKind, Request, Response};
use quiesce_lifecycle::backup::{application, open};
use quiesce_lifecycle::journal::OperationId;
use quiesce_lifecycle::stop::StopInFlight;
use quiesce_lifecycle::upgrade::{
    BackupFailure, Call, Command, Depth, Effect, Event, EventKind, NotSentReason, UpgradeInFlight,
    UpgradeOperation,
};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How long an upgrade or a deployment may take, in seconds: the server writes it, then makes it ready. When nothing
/// came by then, it is read back.
const CHANGE: u32 = 300;
/// How much longer for each further application of a list, in seconds.
const ANOTHER: u32 = 60;

/// The backup, as far as it is in memory.
#[derive(Default)]
struct BackupCache {
    /// The archive, from when it was made until it is kept.
    archive: Cell<Option<Vec<u8>>>,
    /// The export in it.
    export: RefCell<Option<Rc<Vec<u8>>>>,
}

/// Carries out the effects of an upgrade, over its ports.
pub(super) struct UpgradeExecutor {
    ports: Ports,
    id: OperationId,
    progress: UpgradeProgress,
    partial: UnboundedSender<Done>,
    /// Which stop is under way; what comes of another is dropped.
    stop: usize,
    backup: Rc<BackupCache>,
    /// The plugins that the server has, as far as the review asked for them.
    plugins: Rc<ServerPlugins>,
    counting: Rc<RefCell<Option<Counting>>>,
}

/// What an effect of an upgrade brings.
pub(super) enum Done {
    /// Some of what an effect brings, begun during the stop with this number.
    Part(usize, Vec<Event>),
    /// What came of an effect, begun during the stop with this number.
    Effect(usize, Effect, Vec<Event>),
    /// The response to a request.
    Answer(Call, Vec<usize>, Result<Response, Error>),
    /// What came of an effect of the stop with this number.
    Stop(usize, StopDone),
}

impl UpgradeExecutor {
    pub(super) fn new(
        ports: Ports,
        id: OperationId,
        progress: UpgradeProgress,
        partial: UnboundedSender<Done>,
    ) -> Self {
        let (backup, plugins, counting) = (Rc::default(), Rc::default(), Rc::default());
        Self { ports, id, progress, partial, stop: 0, backup, plugins, counting }
    }
}

impl Executor<UpgradeOperation> for UpgradeExecutor {
    type Done = Done;

    fn look(&mut self, state: &UpgradeOperation, in_flight: &mut UpgradeInFlight) {
        let number = number_of_stop(state);
        if number != self.stop {
            (self.stop, in_flight.stop) = (number, StopInFlight::default());
        }
    }

    fn prepare<'a>(
        &'a mut self,
        state: &'a UpgradeOperation,
        in_flight: &'a mut UpgradeInFlight,
        effect: Effect,
    ) -> LocalBoxFuture<'a, Prepared<Event, Done>> {
        Box::pin(async move {
            match effect {
                Effect::Stop(effect) => {
                    let Some(stop) = state.current_stop() else {
                        return Prepared { event: None, work: None };
                    };
                    let number = self.stop;
                    let Prepared { event, work } =
                        stop::prepare(&self.ports, stop, &mut in_flight.stop, effect);
                    let work = work.map(|work| work.map(move |done| Done::Stop(number, done)).boxed_local());
                    Prepared { event: event.map(Event::stop), work }
                }
                Effect::Send { call, places } => self.prepare_request(state, call, places).await,
                effect => {
                    in_flight.effects.push(effect.clone());
                    let (work, number) = (self.read(state, &effect), number_of_stop(state));
                    let work = work.map(move |events| Done::Effect(number, effect, events));
                    Prepared { event: None, work: Some(work.boxed_local()) }
                }
            }
        })
    }

    fn finish(
        &mut self,
        state: &UpgradeOperation,
        in_flight: &mut UpgradeInFlight,
        done: Done,
    ) -> Vec<Event> {
        // Readings of applications that were begun before another stop say nothing of its runs.
        let is_current = |number| number == number_of_stop(state);
        match done {
            Done::Part(number, events) if is_current(number) => events,
            Done::Effect(number, effect, events) => {
                in_flight.effects.retain(|it| *it != effect);
                let reads =
                    matches!(effect, Effect::ReadApplication { .. } | Effect::ReadApplications { .. });
                if reads && !is_current(number) { Vec::new() } else { events }
            }
            Done::Answer(call, places, answer) => state.answers(self.ports.now(), call, &places, answer),
            Done::Stop(number, done) if number == self.stop => {
                let Some(stop) = state.current_stop() else { return Vec::new() };
                let events = stop::finish(&self.ports, stop, &mut in_flight.stop, done);
                events.into_iter().map(Event::stop).collect()
            }
            Done::Part(..) | Done::Stop(..) => Vec::new(),
        }
    }

    fn decided(&mut self, event: &Event) {
        if matches!(event.kind, EventKind::Command(Command::Refresh(_))) {
            self.plugins.clear();
        }
    }
}

/// Which stop is under way.
fn number_of_stop(state: &UpgradeOperation) -> usize {
    let draining = state.upgrade_step().and_then(|upgrading| upgrading.drain.as_ref());
    state.stop_rounds.len() * 2 + usize::from(draining.is_some_and(|drain| drain.stop.is_some()))
}

impl UpgradeExecutor {
    /// Builds the request before its intent, so that one that can't be built is not announced.
    async fn prepare_request(
        &self,
        state: &UpgradeOperation,
        call: Call,
        places: Vec<usize>,
    ) -> Prepared<Event, Done> {
        let request = match self.request(state, call, &places).await {
            Ok(request) => request,
            Err((reason, details)) => {
                let event = Event::not_sent(self.ports.now(), call, places, reason, details);
                return Prepared { event: Some(event), work: None };
            }
        };
        let event = Event::sending(self.ports.now(), call, places.clone());
        let more = u32::try_from(places.len()).unwrap_or(1).saturating_sub(1);
        let change = matches!(call, Call::Upgrade | Call::Redeploy | Call::RollBack);
        let patience = if change { CHANGE + ANOTHER * more } else { PATIENCE };
        let answer = self.ports.transport.send(request, patience, Box::new(|_, _| {}));
        let work = answer.map(move |answer| Done::Answer(call, places, answer));
        Prepared { event: Some(event), work: Some(work.boxed_local()) }
    }

    /// What is read of an application. In full with its plugins, each of which is asked once for all applications.
    fn wanted(&self, state: &UpgradeOperation, place: usize, depth: Depth) -> Wanted {
        let chosen = state.plan.applications.get(place);
        let plugins = chosen.filter(|_| depth == Depth::Full).map(|chosen| PluginCheck {
            server: self.plugins.clone(),
            chosen: chosen.clone(),
            candidates: state.plan.candidates.clone(),
        });
        let namespace = chosen.map_or_else(|| "".into(), |chosen| chosen.namespace.clone());
        let application = chosen.map_or_else(|| "".into(), |chosen| chosen.application.clone());
        Wanted { namespace, application, plugins }
    }

    /// The request of a call, or why there is none.
    async fn request(
        &self,
        state: &UpgradeOperation,
        call: Call,
        places: &[usize],
    ) -> Result<Request, (NotSentReason, Option<String>)> {
        let mut configuration = None;
        if matches!(call, Call::Redeploy | Call::RollBack) {
            configuration = Some(self.configuration(state, places).await?);
        }
        let request = state.request(call, places, configuration.as_deref());
        let reason =
            if configuration.is_some() { NotSentReason::NoConfiguration } else { NotSentReason::NoRequest };
        request.ok_or((reason, None))
    }

    /// The configuration of an application as the backup has it.
    async fn configuration(
        &self,
        state: &UpgradeOperation,
        places: &[usize],
    ) -> Result<String, (NotSentReason, Option<String>)> {
        let unreadable = |details: String| (NotSentReason::BackupUnreadable, Some(details));
        let kept = self.backup.export.borrow().clone();
        let export = if let Some(kept) = kept {
            kept
        } else {
            let archive = backups::read(&self.id).await.map_err(|error| unreadable(error.to_string()))?;
            let archive = archive.ok_or((NotSentReason::NoBackup, None))?;
            let export = open(&archive).map_err(|problem| unreadable(problem.to_string()))?.export;
            let export = Rc::new(export);
            *self.backup.export.borrow_mut() = Some(export.clone());
            export
        };
        let place = places.first().copied().unwrap_or_default();
        let plan = &state.plan;
        let chosen = plan.applications.get(place).ok_or((NotSentReason::NoRequest, None))?;
        let found = application(&export, &chosen.namespace, &chosen.application);
        let found = found.map_err(|problem| (NotSentReason::NoConfiguration, Some(problem.to_string())))?;
        Ok(found.configuration)
    }

    /// What reads, makes or keeps something, and the events that it brings. Nothing of it holds the state, which
    /// would be copied for the next event.
    fn read(&self, state: &UpgradeOperation, effect: &Effect) -> LocalBoxFuture<'static, Vec<Event>> {
        let (ports, progress, kept) = (self.ports.clone(), self.progress, self.backup.clone());
        match effect {
            Effect::ReadApplication { place, depth } => {
                let (place, depth, wanted) = (*place, *depth, self.wanted(state, *place, *depth));
                Box::pin(async move {
                    let look = look(&ports, wanted, depth, None).await;
                    vec![Event::application_read(ports.now(), place, look)]
                })
            }
            Effect::ReadApplications { places, depth } => {
                let (depth, number, partial) = (*depth, number_of_stop(state), self.partial.clone());
                let mut wanted = Vec::with_capacity(places.len());
                wanted.extend(places.iter().map(|place| (*place, self.wanted(state, *place, depth))));
                let deliver = move |events| partial.unbounded_send(Done::Part(number, events)).is_ok();
                Box::pin(look_all(ports, wanted, depth, deliver))
            }
            Effect::ReadSchedule(place) => {
                let (place, schedule) = (*place, state.schedule(*place));
                Box::pin(async move {
                    let Some(schedule) = schedule else { return Vec::new() };
                    let result = ports.call(&GetScheduleState { schedule }).await;
                    let result = result.and_then(|state| match state.status.as_str() {
                        "NOT_FOUND" => Err(no_schedule()),
                        status => Ok(status == "SCHEDULED"),
                    });
                    vec![Event::schedule_read(ports.now(), place, result)]
                })
            }
            Effect::ReadRun(place, run) => {
                let (place, run) = (*place, run.clone());
                Box::pin(async move {
                    let record = ports.call(&GetRun { run }).await;
                    vec![Event::run_read(ports.now(), place, record)]
                })
            }
            Effect::ReadRuns(place, program) => {
                let (place, program) = (*place, program.clone());
                Box::pin(async move {
                    let runs = snapshot::runs(&ports, &program).await.map(|rows| rows.good);
                    vec![Event::runs_read(ports.now(), place, runs)]
                })
            }
            Effect::Watch(place, run) => {
                let (counting, interval) = (self.counting.clone(), drain::interval(state));
                Box::pin(drain::watch(ports, progress, counting, interval, *place, run.clone()))
            }
            Effect::MakeBackup => {
                let mut applications = Vec::with_capacity(state.plan.applications.len());
                for (_, chosen, _) in state.in_scope() {
                    applications.push((chosen.namespace.clone(), chosen.application.clone()));
                }
                Box::pin(async move {
                    let made = backup::make(ports.clone(), progress, applications).await;
                    let made = made.map(|(summary, archive)| {
                        kept.archive.set(Some(archive));
                        kept.export.take();
                        summary
                    });
                    vec![Event::backed_up(ports.now(), made)]
                })
            }
            Effect::SaveBackup => {
                let (file, id) = (file_of(state).unwrap_or_default().to_owned(), self.id.clone());
                Box::pin(async move {
                    let saved = save(&file, &kept, &id).await;
                    vec![Event::saved(ports.now(), saved)]
                })
            }
            Effect::Send { .. } | Effect::Stop(_) | Effect::Wait(_) | Effect::Done => {
                Box::pin(std::future::ready(Vec::new()))
            }
        }
    }
}

/// Keeps the archive in the browser, then hands it to the operator.
async fn save(file: &str, kept: &BackupCache, id: &OperationId) -> Result<(), BackupFailure> {
    let archive = kept.archive.take().ok_or(BackupFailure::PageClosed)?;
    backups::keep(id, &archive).await.map_err(|error| BackupFailure::NotStored(error.into_message()))?;
    backups::download(file, "application/zip", &archive);
    Ok(())
}

/// The server's answer `NOT_FOUND` for a schedule, which comes with status 200.
fn no_schedule() -> Error {
    let message = "the schedule does not exist".to_owned();
    Error::Refused(Refusal { status: 404, kind: RefusalKind::NotFound, message, auth_uris: Vec::new() })
}
