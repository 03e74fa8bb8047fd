//! The calls as requests, and what their answers mean.

use super::event::{Call, Event};
use super::operation::UpgradeOperation;
use super::plan::PlannedApp;
use super::resources::Restart;
use super::steps::Step;
use crate::deployment;
use quiesce_api::deploy::{Deploy, Deployed};
use quiesce_api::schedule::{ScheduleRef, SwitchSchedule};
use quiesce_api::start::StartBatch;
use quiesce_api::upgrade::{Upgrade, UpgradeList, UpgradeResult};
use quiesce_api::{Endpoint, Error, Refusal, Request, Response, Timestamp, Undecodable};

impl UpgradeOperation {
    /// The start that a call concerns.
    fn start(&self, call: Call, place: usize) -> Option<&Restart> {
        match &self.step {
            Step::Upgrade(step) if call == Call::Recover => Some(&step.drain.as_ref()?.restart),
            _ => self.restarts().get(place),
        }
    }

    /// A schedule of this operation as the API names it.
    pub fn schedule(&self, place: usize) -> Option<ScheduleRef> {
        let switch = self.schedules.get(place)?;
        let PlannedApp { namespace, application, .. } = self.plan.applications.get(switch.application)?;
        let (namespace, application) = (namespace.clone(), application.clone());
        Some(ScheduleRef { namespace, application, name: switch.name.clone() })
    }

    fn start_batch(&self, call: Call, place: usize) -> Option<StartBatch> {
        let start = self.start(call, place)?;
        let programs = vec![(start.run.program.clone(), start.arguments.clone())];
        Some(StartBatch { namespace: start.run.program.namespace.clone(), programs })
    }

    fn upgrade_list(&self, places: &[usize]) -> UpgradeList {
        let mut applications = Vec::with_capacity(places.len());
        let mut namespace = None;
        for chosen in places.iter().filter_map(|place| self.plan.applications.get(*place)) {
            namespace.get_or_insert_with(|| chosen.namespace.clone());
            applications.push((chosen.application.clone(), None));
        }
        let (namespace, candidates) = (namespace.unwrap_or_else(|| "".into()), self.plan.candidates.clone());
        UpgradeList { namespace, applications, candidates }
    }

    fn deploy(&self, call: Call, place: usize, configuration: Option<&str>) -> Option<Deploy> {
        let chosen = self.plan.applications.get(place)?;
        let was = self.applications.get(place)?.snapshot.as_ref()?;
        let artifact = if call == Call::RollBack { was.artifact.clone() } else { chosen.to.clone() };
        deployment::of_version(&chosen.namespace, &chosen.application, &artifact, configuration)
    }

    /// The request of a call: what is shown, copied, sent and reported. A redeploy and a roll back need the
    /// configuration of the application as the backup has it ([`crate::backup::application`]); without, the request
    /// shows the rest.
    pub fn request(&self, call: Call, places: &[usize], configuration: Option<&str>) -> Option<Request> {
        let place = *places.first()?;
        match call {
            Call::Pause | Call::Resume => {
                let (schedule, on) = (self.schedule(place)?, call == Call::Resume);
                Some(SwitchSchedule { schedule, on }.request())
            }
            Call::Start | Call::Recover => Some(self.start_batch(call, place)?.request()),
            Call::Upgrade if self.plan.list => Some(self.upgrade_list(places).request()),
            Call::Upgrade => {
                let PlannedApp { namespace, application, .. } = self.plan.applications.get(place)?.clone();
                Some(Upgrade { namespace, application, candidates: self.plan.candidates.clone() }.request())
            }
            Call::Redeploy | Call::RollBack => Some(self.deploy(call, place, configuration)?.request()),
        }
    }

    /// What an answer means: an event for each place of the call.
    pub fn answers(
        &self,
        at: Timestamp,
        call: Call,
        places: &[usize],
        answer: Result<Response, Error>,
    ) -> Vec<Event> {
        let mut events = Vec::with_capacity(places.len());
        let answer = match answer.and_then(good) {
            Ok(answer) => answer,
            Err(error) => {
                for place in places {
                    events.push(Event::answered(at, call, *place, Err(error.clone())));
                }
                return events;
            }
        };
        let first = places.first().copied().unwrap_or_default();
        match call {
            Call::Pause | Call::Resume => events.push(Event::answered(at, call, first, Ok(None))),
            Call::Start | Call::Recover => {
                let rows = self.start_batch(call, first).map(|batch| batch.decode(&answer));
                let result = match rows {
                    Some(Ok(rows)) => match rows.good.first() {
                        Some(row) if row.status_code < 300 => {
                            Ok(row.value.run.as_ref().map(|run| run.as_str().to_owned()))
                        }
                        Some(row) => Err(refused(row.status_code, row.error.as_deref())),
                        None => Err(unnamed()),
                    },
                    Some(Err(error)) => Err(error),
                    None => Err(unnamed()),
                };
                events.push(Event::answered(at, call, first, result));
            }
            Call::Upgrade if self.plan.list => {
                let rows = self.upgrade_list(places).decode(&answer).map(|rows| rows.good);
                for place in places {
                    let name = self.plan.applications.get(*place).map(|chosen| &chosen.application);
                    let result = rows.as_ref().map_err(Clone::clone).and_then(|rows| {
                        let row = rows.iter().find(|row| Some(&row.application.application) == name);
                        row.map_or_else(|| Err(unnamed()), upgraded)
                    });
                    events.push(Event::answered(at, call, *place, result));
                }
            }
            Call::Upgrade => {
                // The answer names the application.
                let (namespace, application) = ("".into(), "".into());
                let one = Upgrade { namespace, application, candidates: self.plan.candidates.clone() };
                let result = one.decode(&answer).and_then(|row| upgraded(&row));
                events.push(Event::answered(at, call, first, result));
            }
            Call::Redeploy | Call::RollBack => {
                let version = match self.deploy(call, first, None).map(|deploy| deploy.decode(&answer)) {
                    Some(Ok(Deployed::Record(record))) => Some(record.version.as_str().to_owned()),
                    _ => None,
                };
                events.push(Event::answered(at, call, first, Ok(version)));
            }
        }
        events
    }
}

/// An answer of status 2xx. A server that fails while it deploys says 500 without having said what it did, so that
/// counts as a doubt; see [`Error::leaves_doubt`].
fn good(answer: Response) -> Result<Response, Error> {
    if (200..300).contains(&answer.status) { Ok(answer) } else { Err(Error::refused(&answer)) }
}

fn upgraded(row: &UpgradeResult) -> Result<Option<String>, Error> {
    if row.status_code < 300 {
        Ok(Some(row.application.version.as_str().to_owned()))
    } else {
        Err(refused(row.status_code, row.error.as_deref()))
    }
}

fn refused(status: u16, words: Option<&str>) -> Error {
    let message = words.unwrap_or_default().to_owned();
    Error::Refused(Refusal { status, kind: status.into(), message, auth_uris: Vec::new() })
}

fn unnamed() -> Error {
    let message = "no element of the answer names it".to_owned();
    Error::Undecodable(Undecodable { path: ".".into(), message, raw: String::new() })
}
