//! Carries out the effects of a stop.

use super::clock;
use super::journal::JournalError;
use super::operation::{self, Executor, Ports, Prepared, Running};
use super::session::Client;
use crate::routes::RouterName;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use quiesce_api::log::LogEvent;
use quiesce_api::run::{GetRun, LatestRun, ListRuns};
use quiesce_api::stop::StopResult;
use quiesce_api::{BatchResult, Endpoint, Error, NamespaceId, Rows};
use quiesce_lifecycle::journal::{Body, OperationId, StopConfirmed};
use quiesce_lifecycle::stop::{Effect, Event, StopCall, StopInFlight, StopOperation, StopPlan};
use std::sync::Arc;

/// A stop that this tab runs, or watches.
pub type RunningStop = Running<StopOperation>;

/// Stores the beginning of a stop and gives its ID. Nothing is sent unless this worked.
pub async fn begin(
    client: Client,
    namespace: NamespaceId,
    plan: StopPlan,
    title: String,
) -> Result<OperationId, JournalError> {
    let first = |at| Body::StopConfirmed(StopConfirmed { confirmed: (at, Box::new(plan)) });
    operation::begin::<StopOperation>(client, namespace, title, first).await
}

/// Takes up a stop from its journal.
pub fn resume(client: Client, id: OperationId) -> RunningStop {
    Running::resume(client, id, move |_| StopExecutor { router: client.router(), ports: client.ports() })
}

impl RunningStop {
    /// Sends a run's stop once more, by run: the operator saw that it was not stopped.
    pub fn send_again(&self, target: usize) {
        self.decide(Event::SendAgain { at: clock::now(), target });
    }
}

/// Carries out the effects of a stop, over its ports.
pub struct StopExecutor {
    /// The router of the stop: its server's clock is learned from run records, too.
    pub router: RouterName,
    /// The server and the clock.
    pub ports: Ports,
}

/// What an effect of a stop brings.
pub enum StopDone {
    /// An event.
    Event(Box<Event>),
    /// The latest runs of several programs, for the targets at these places.
    Latest(Vec<usize>, Result<Rows<BatchResult<LatestRun>>, Error>),
    /// The log of the target at this place.
    Log(usize, Result<Rows<LogEvent>, Error>),
}

impl Executor<StopOperation> for StopExecutor {
    type Done = StopDone;

    fn prepare<'a>(
        &'a mut self,
        state: &'a StopOperation,
        in_flight: &'a mut StopInFlight,
        effect: Effect,
    ) -> LocalBoxFuture<'a, Prepared<Event, StopDone>> {
        Box::pin(std::future::ready(prepare(&self.ports, state, in_flight, effect)))
    }

    fn finish(&mut self, state: &StopOperation, in_flight: &mut StopInFlight, done: StopDone) -> Vec<Event> {
        finish(&self.ports, state, in_flight, done)
    }

    fn shown(&self, state: &Arc<StopOperation>) -> Arc<StopOperation> {
        let mut state = state.clone();
        clock::share(&self.router, &mut Arc::make_mut(&mut state).clock);
        state
    }
}

/// Turns what an effect brought into events.
pub(super) fn finish(
    ports: &Ports,
    state: &StopOperation,
    in_flight: &mut StopInFlight,
    done: StopDone,
) -> Vec<Event> {
    match done {
        StopDone::Event(event) => {
            match &*event {
                Event::Checked { program, .. } => {
                    in_flight.checks.remove(program);
                }
                Event::Read { target, .. } => {
                    in_flight.reads.remove(target);
                    in_flight.unnamed.remove(target);
                }
                _ => {}
            }
            vec![*event]
        }
        StopDone::Latest(places, result) => state.batch_read(in_flight, ports.now(), &places, result),
        StopDone::Log(target, result) => {
            in_flight.logs.remove(&target);
            state.log_event(target, ports.now(), &result).into_iter().collect()
        }
    }
}

/// Prepares an effect of a stop.
pub(super) fn prepare(
    ports: &Ports,
    state: &StopOperation,
    in_flight: &mut StopInFlight,
    effect: Effect,
) -> Prepared<Event, StopDone> {
    let read = |work| Prepared { event: None, work };
    let ports = ports.clone();
    match effect {
        Effect::Check(program) => {
            in_flight.checks.insert(program.clone());
            read(Some(
                async move {
                    let result = ports.call(&ListRuns::of(program.clone())).await.map(|rows| rows.good);
                    StopDone::Event(Box::new(Event::Checked { at: ports.now(), program, result }))
                }
                .boxed_local(),
            ))
        }
        Effect::Read(target) => {
            let Some(run) = state.plan.targets.get(target).map(|it| it.run.clone()) else {
                return read(None);
            };
            in_flight.reads.insert(target);
            read(Some(
                async move {
                    let result = ports.call(&GetRun { run }).await;
                    StopDone::Event(Box::new(Event::Read { at: ports.now(), target, result }))
                }
                .boxed_local(),
            ))
        }
        Effect::ReadLatest(latest, places) => {
            in_flight.batches.push(places.clone());
            read(Some(async move { StopDone::Latest(places, ports.call(&latest).await) }.boxed_local()))
        }
        Effect::ReadLog(target, logs) => {
            in_flight.logs.insert(target);
            read(Some(async move { StopDone::Log(target, ports.call(&logs).await) }.boxed_local()))
        }
        Effect::Send { call, stop, targets } => {
            let event = Event::Sending { at: ports.now(), call, stop: stop.clone(), targets };
            let work = async move {
                let result = send(&ports, &stop).await;
                StopDone::Event(Box::new(Event::Answered { at: ports.now(), call, result }))
            };
            Prepared { event: Some(event), work: Some(work.boxed_local()) }
        }
        Effect::Wait(_) | Effect::Done => read(None),
    }
}

async fn send(ports: &Ports, stop: &StopCall) -> Result<Rows<StopResult>, Error> {
    match stop {
        StopCall::Run(stop) => ports.call(stop).await.map(|()| Rows::default()),
        StopCall::Program(stop) => ports.call(stop).await.map(|()| Rows::default()),
        StopCall::Batch(stop) => stop.read(&ports.send(stop.request()).await?),
    }
}
