//! Carries out what the machine asks for: calls, readings, the backup.

use super::plugins::PluginCheck;
use super::runner::{Runner, number_of_stop};
use super::snapshot::{Wanted, look};
use super::snapshots::look_all;
use super::{Message, backup, drain, snapshot};
use crate::client::stop::{carry_out, intent};
use crate::client::transport::PATIENCE;
use crate::client::{backups, clock};
use futures::future::LocalBoxFuture;
use quiesce_api::run::GetRun;
use quiesce_api::schedule::GetScheduleState;
use quiesce_api::{Error, Refusal, RefusalKind, Request};
use quiesce_lifecycle::backup::{application, open};
use quiesce_lifecycle::journal::OperationId;
use quiesce_lifecycle::upgrade::{Call, Depth, Effect, Event, NotSentReason};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How long an upgrade or a deployment may take, in seconds: the server writes it, then makes it ready. When nothing
/// came by then, it is read back.
const CHANGE: u32 = 300;
/// How much longer for each further application of a list, in seconds.
const ANOTHER: u32 = 60;
/// The backup, as far as it is in memory.
#[derive(Default)]
pub(super) struct BackupCache {
    /// The archive, from when it was made until it is kept.
    archive: Cell<Option<Vec<u8>>>,
    /// The export in it.
    export: RefCell<Option<Rc<Vec<u8>>>>,
}

impl Runner {
    /// Takes the intent of an effect in and gives what carries it out.
    pub(super) async fn prepare(&mut self, effect: Effect) -> Option<LocalBoxFuture<'static, ()>> {
        let (client, outbox) = (self.client, self.outbox.clone());
        if let Effect::Stop(effect) = effect {
            if let Some(sending) = intent(&effect) {
                self.book.apply(Event::stop(sending));
            }
            let (number, stop) = (self.stop, self.book.state.current_stop()?);
            let work = carry_out(client, stop, &mut self.flying.stop, effect)?;
            return Some(Box::pin(async move {
                let _ = outbox.unbounded_send(Message::Stop(number, work.await));
            }));
        }
        if let Effect::Send { call, places } = effect {
            let request = match self.request(call, &places).await {
                Ok(request) => request,
                Err((reason, details)) => {
                    self.book.apply(Event::not_sent(clock::now(), call, places, reason, details));
                    return None;
                }
            };
            self.book.apply(Event::sending(clock::now(), call, places.clone()));
            return Some(Box::pin(async move {
                let more = u32::try_from(places.len()).unwrap_or(1).saturating_sub(1);
                let change = matches!(call, Call::Upgrade | Call::Redeploy | Call::RollBack);
                let patience = if change { CHANGE + ANOTHER * more } else { PATIENCE };
                let answer = client.send_for(request, patience, |_, _| {}).await;
                let _ = outbox.unbounded_send(Message::Answered(call, places, answer));
            }));
        }
        self.flying.effects.push(effect.clone());
        let (work, number) = (self.read(&effect), number_of_stop(&self.book.state));
        Some(Box::pin(async move {
            let _ = outbox.unbounded_send(Message::Done(number, effect, work.await));
        }))
    }

    /// What is read of an application. In full with its plugins, each of which is asked once for all applications.
    fn wanted(&self, place: usize, depth: Depth) -> Wanted {
        let plan = &self.book.state.plan;
        let chosen = plan.applications.get(place);
        let plugins = chosen.filter(|_| depth == Depth::Full).map(|chosen| PluginCheck {
            server: self.plugins.clone(),
            namespace: plan.namespace.clone(),
            chosen: chosen.clone(),
            candidates: plan.candidates.clone(),
        });
        let application = chosen.map_or_else(|| "".into(), |chosen| chosen.application.clone());
        Wanted { namespace: plan.namespace.clone(), application, plugins }
    }

    /// The request of a call, or why there is none.
    async fn request(
        &self,
        call: Call,
        places: &[usize],
    ) -> Result<Request, (NotSentReason, Option<String>)> {
        let mut configuration = None;
        if matches!(call, Call::Redeploy | Call::RollBack) {
            configuration = Some(self.configuration(places).await?);
        }
        let request = self.book.state.request(call, places, configuration.as_deref());
        let reason =
            if configuration.is_some() { NotSentReason::NoConfiguration } else { NotSentReason::NoRequest };
        request.ok_or((reason, None))
    }

    /// The configuration of an application as the backup has it.
    async fn configuration(&self, places: &[usize]) -> Result<String, (NotSentReason, Option<String>)> {
        let unreadable = |details: String| (NotSentReason::BackupUnreadable, Some(details));
        let kept = self.kept.export.borrow().clone();
        let export = if let Some(kept) = kept {
            kept
        } else {
            let archive =
                backups::read(&self.book.id).await.map_err(|error| unreadable(error.to_string()))?;
            let archive = archive.ok_or((NotSentReason::NoBackup, None))?;
            let export = open(&archive).map_err(|problem| unreadable(problem.to_string()))?.export;
            let export = Rc::new(export);
            *self.kept.export.borrow_mut() = Some(export.clone());
            export
        };
        let place = places.first().copied().unwrap_or_default();
        let plan = &self.book.state.plan;
        let chosen = plan.applications.get(place).ok_or((NotSentReason::NoRequest, None))?;
        let found = application(&export, &plan.namespace, &chosen.application);
        let found = found.map_err(|problem| (NotSentReason::NoConfiguration, Some(problem.to_string())))?;
        Ok(found.configuration)
    }

    /// What reads, makes or keeps something, and the events that it brings. Nothing of it holds the state, which
    /// would be copied for the next event.
    fn read(&self, effect: &Effect) -> LocalBoxFuture<'static, Vec<Event>> {
        let (client, running, kept, state) = (self.client, self.running, self.kept.clone(), &self.book.state);
        let namespace = state.plan.namespace.clone();
        match effect {
            Effect::ReadApplication { place, depth } => {
                let (place, depth, wanted) = (*place, *depth, self.wanted(*place, *depth));
                Box::pin(async move {
                    let look = look(client, wanted, depth, None).await;
                    vec![Event::application_read(clock::now(), place, look)]
                })
            }
            Effect::ReadApplications { places, depth } => {
                let (depth, number, outbox) = (*depth, number_of_stop(state), self.outbox.clone());
                let mut wanted = Vec::with_capacity(places.len());
                wanted.extend(places.iter().map(|place| (*place, self.wanted(*place, depth))));
                let deliver = move |events| outbox.unbounded_send(Message::Read(number, events)).is_ok();
                Box::pin(look_all(client, wanted, depth, deliver))
            }
            Effect::ReadSchedule(place) => {
                let (place, schedule) = (*place, state.schedule(*place));
                Box::pin(async move {
                    let Some(schedule) = schedule else { return Vec::new() };
                    let result = client.call(&GetScheduleState { schedule }).await;
                    let result = result.and_then(|state| match state.status.as_str() {
                        "NOT_FOUND" => Err(no_schedule()),
                        status => Ok(status == "SCHEDULED"),
                    });
                    vec![Event::schedule_read(clock::now(), place, result)]
                })
            }
            Effect::ReadRun(place, run) => {
                let (place, run) = (*place, run.clone());
                Box::pin(async move {
                    let record = client.call(&GetRun { run }).await;
                    vec![Event::run_read(clock::now(), place, record)]
                })
            }
            Effect::ReadRuns(place, program) => {
                let (place, program) = (*place, program.clone());
                Box::pin(async move {
                    let runs = snapshot::runs(client, &program).await.map(|rows| rows.good);
                    vec![Event::runs_read(clock::now(), place, runs)]
                })
            }
            Effect::Watch(place, run) => {
                let (counting, interval) = (self.counting.clone(), drain::interval(state));
                Box::pin(drain::watch(client, running, counting, interval, *place, run.clone()))
            }
            Effect::MakeBackup => {
                let mut applications = Vec::with_capacity(state.plan.applications.len());
                applications.extend(state.in_scope().map(|(_, chosen, _)| chosen.application.clone()));
                Box::pin(async move {
                    let made = backup::make(client, running, namespace, applications).await;
                    let made = made.map(|(summary, archive)| {
                        kept.archive.set(Some(archive));
                        kept.export.take();
                        summary
                    });
                    vec![Event::backed_up(clock::now(), made)]
                })
            }
            Effect::SaveBackup => {
                let (file, id) = (super::file_of(state).unwrap_or_default().to_owned(), self.book.id.clone());
                Box::pin(async move {
                    let saved = save(&file, &kept, &id).await;
                    vec![Event::saved(clock::now(), saved)]
                })
            }
            Effect::Send { .. } | Effect::Stop(_) | Effect::Wait(_) | Effect::Done => {
                Box::pin(std::future::ready(Vec::new()))
            }
        }
    }
}

/// Keeps the archive in the browser, then hands it to the operator.
async fn save(file: &str, kept: &BackupCache, id: &OperationId) -> Result<(), String> {
    let archive = kept.archive.take();
    let archive = archive.ok_or("The page was closed before the backup was saved. Run the backup again.")?;
    if let Err(error) = backups::keep(id, &archive).await {
        return Err(format!(
            "The backup could not be saved: {error}. Free storage and run the backup again."
        ));
    }
    backups::download(file, "application/zip", &archive);
    Ok(())
}

/// The server's answer `NOT_FOUND` for a schedule, which comes with status 200.
fn no_schedule() -> Error {
    let message = "the schedule does not exist".to_owned();
    Error::Refused(Refusal { status: 404, kind: RefusalKind::NotFound, message, auth_uris: Vec::new() })
}
