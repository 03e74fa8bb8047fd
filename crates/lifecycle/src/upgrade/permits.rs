//! Which decisions of the operator are permitted: by the requests to which each leads.

use super::event::{AppIndex, Call, Command, Part, RestartIndex, ScheduleIndex};
use super::operation::UpgradeOperation;
use super::resources::ScheduleTask;
use super::steps::Step;
use crate::capability::Refusal;
use crate::grace::Grace;
use crate::operation::Delivery;
use crate::permission::Permissions;
use crate::stop::Target;
use quiesce_api::start::Start;
use quiesce_api::stop::{Graceful, StopRun};
use quiesce_api::{Endpoint, Request};

impl UpgradeOperation {
    /// Whether the permissions allow the requests to which a decision leads: a read-only console changes nothing, and
    /// what the server refused to the user is not sent again.
    pub fn permits(&self, command: &Command, permissions: &Permissions) -> Result<(), Refusal> {
        if permissions.read_only && self.leads_to_changes(command) {
            return Err(Refusal::ReadOnly);
        }
        if !permissions.has_refusals() {
            return Ok(());
        }
        self.first_requests(command).iter().try_for_each(|request| permissions.check(request))
    }

    /// Whether a decision that has a meaning now is not permitted since the server refused the like of it to the user.
    pub fn lacks_permission(&self, permissions: &Permissions) -> bool {
        if permissions.read_only || !permissions.has_refusals() {
            return false;
        }
        let mut commands = vec![Command::Begin(None), Command::Begin(Some(Grace::default()))];
        for place in 0..self.schedules.len() {
            let schedule = ScheduleIndex(place);
            commands.extend([Part::Pause(schedule), Part::Resume(schedule)].map(Command::Retry));
        }
        commands.extend((0..self.restarts().len()).map(|it| Command::Retry(Part::Start(RestartIndex(it)))));
        for place in 0..self.plan.applications.len() {
            let app = AppIndex(place);
            commands.extend([
                Command::Retry(Part::Application(app)),
                Command::RollBack(app),
                Command::Drain(app),
            ]);
        }
        let refused = |command: &Command| self.can(command) && self.permits(command, permissions).is_err();
        commands.iter().any(refused)
            || self.current_stop().is_some_and(|stop| {
                let mut runs = stop.plan.targets.iter().zip(&stop.runs);
                runs.any(|(target, run)| {
                    matches!(run.delivery, Delivery::Refused(_))
                        && permissions.check(&stop_of(target)).is_err()
                })
            })
    }

    /// The requests with which a decision begins, if a refusal of one keeps all from it. A restore is not kept by one:
    /// it sends the others.
    fn first_requests(&self, command: &Command) -> Vec<Request> {
        let request = |call, place: usize| self.request(call, &[place], None).into_iter().collect();
        match command {
            Command::Retry(Part::Pause(ScheduleIndex(place))) => request(Call::Pause, *place),
            Command::Retry(Part::Resume(ScheduleIndex(place))) => request(Call::Resume, *place),
            Command::Retry(Part::Start(RestartIndex(place))) => request(Call::Start, *place),
            Command::Retry(Part::Application(AppIndex(place))) => {
                let work = self.upgrade_step().and_then(|step| step.apps.get(*place));
                work.map_or_else(Vec::new, |work| request(work.call(), *place))
            }
            Command::Redeploy(AppIndex(place)) | Command::AcceptRisk(AppIndex(place), _) => {
                request(Call::Redeploy, *place)
            }
            Command::RollBack(AppIndex(place)) => request(Call::RollBack, *place),
            Command::Drain(AppIndex(place)) => {
                let program = self.real_time_program(*place);
                vec![Start { program, version: None, arguments: None }.request()]
            }
            Command::Begin(_) => self.requests_of_step(),
            Command::Acknowledge(..)
            | Command::Exclude(_)
            | Command::Skip(_)
            | Command::Refresh(_)
            | Command::Continue
            | Command::Abort => Vec::new(),
        }
    }

    fn requests_of_step(&self) -> Vec<Request> {
        match &self.step {
            Step::PauseSchedules(_) => {
                let in_scope = |schedule: &ScheduleTask| {
                    self.applications.get(schedule.application).is_some_and(|it| it.excluded.is_none())
                };
                let schedules = self.schedules.iter().enumerate();
                let places = schedules.filter(|(_, it)| !it.is_suspended() && in_scope(it));
                places.filter_map(|(place, _)| self.request(Call::Pause, &[place], None)).collect()
            }
            Step::StopRuns(_) => self.active_runs().iter().map(stop_of).collect(),
            Step::Upgrade(step) => {
                let works = self.in_scope().filter_map(|(place, ..)| Some((place, step.apps.get(place)?)));
                works.filter_map(|(place, work)| self.request(work.call(), &[place], None)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a decision leads to requests that change something.
    fn leads_to_changes(&self, command: &Command) -> bool {
        match command {
            Command::Acknowledge(..)
            | Command::Exclude(_)
            | Command::Skip(_)
            | Command::Refresh(_)
            | Command::Continue => false,
            Command::Begin(_) => !matches!(self.step, Step::BackUp(_)),
            Command::Abort => !matches!(self.step, Step::Review(_)),
            Command::Retry(_)
            | Command::Redeploy(_)
            | Command::AcceptRisk(..)
            | Command::Drain(_)
            | Command::RollBack(_) => true,
        }
    }
}

/// The stop of a run, as far as a permission is asked for.
fn stop_of(target: &Target) -> Request {
    StopRun { run: target.run.clone(), graceful: Graceful::Absent }.request()
}
