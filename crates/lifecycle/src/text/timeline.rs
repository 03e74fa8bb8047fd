//! What an event means, as text.

use super::error::answer;
use crate::operation::Delivery;
use crate::plural::plural;
use crate::stop;
use crate::upgrade::{
    AppEvent, AppUpgrade, AppUpgradeState, BackupEvent, Call, Command, Event, EventKind, NotSentReason, Part,
    RequestEvent, Restart, RestartState, ScheduleTask, ScheduleTaskState, UpgradeOperation,
};
use crate::user::UserName;
use quiesce_api::Error;
use quiesce_api::artifact::Artifact;

/// Who started an operation.
pub fn started(user: &UserName) -> String {
    format!("Started by {user}")
}

/// Who continued the operation of another user. `None`: the page knew no name.
pub fn continued(user: Option<&UserName>) -> String {
    format!("Continued by {}", user.map_or("another user", UserName::as_str))
}

/// What became of an application, with the status that the server answered but without its message.
pub fn work_without_message(work: &AppUpgrade) -> String {
    let mut short = work.clone();
    if let AppUpgradeState::Request(delivery) = &mut short.state
        && let Some(Error::Refused(refusal)) = delivery.error_mut()
    {
        refusal.message.clear();
    }
    self::work(&short)
}

/// What became of an application.
pub fn work(work: &AppUpgrade) -> String {
    let back = work.rolling_back;
    let not_done = if back { "Not rolled back" } else { "Not upgraded" };
    match &work.state {
        AppUpgradeState::Pending | AppUpgradeState::Ready(_) if back => "Roll back pending".to_owned(),
        AppUpgradeState::Pending | AppUpgradeState::Ready(_) => "Not sent".to_owned(),
        AppUpgradeState::Changed(why) => format!("{not_done}. {}", super::upgrade::drift(why)),
        AppUpgradeState::NotSent(reason, details) => not_sent(*reason, details.as_deref()),
        AppUpgradeState::Request(delivery) => match delivery {
            Delivery::NotSent | Delivery::InFlight => "Sent".to_owned(),
            Delivery::Acknowledged(_) => "The server accepted it. Checking the version…".to_owned(),
            Delivery::InDoubt(doubt) => format!("{} Checking the version…", answer(&doubt.error)),
            Delivery::Confirmed if back => "Rolled back".to_owned(),
            Delivery::Confirmed => "Upgraded".to_owned(),
            Delivery::Refused(error) if back => format!("{not_done}: {error}"),
            Delivery::Refused(error) => format!("Refused: {error}"),
            Delivery::Disproved(error) => {
                format!("{not_done}. {}", failure(error.as_ref(), work.still_on.as_ref()))
            }
        },
    }
}

/// Why an application is not where its request should have brought it.
fn failure(error: Option<&Error>, still_on: Option<&Artifact>) -> String {
    match (error, still_on) {
        (None, Some(artifact)) => format!("The server accepted it, and it is still on {artifact}."),
        (None, None) => "The server accepted it.".to_owned(),
        (Some(error), Some(artifact)) => format!("{} It is still on {artifact}.", answer(error)),
        (Some(error), None) => format!("It can't be read. {}", answer(error)),
    }
}

/// Why nothing was sent.
fn not_sent(reason: NotSentReason, details: Option<&str>) -> String {
    let reason = match reason {
        NotSentReason::NoBackup => "this browser doesn't have the backup any more",
        NotSentReason::BackupUnreadable => "the backup can't be read",
        NotSentReason::NoConfiguration => "the backup has no configuration of this application",
        NotSentReason::NoRequest => "the console doesn't know what to send",
    };
    match details {
        Some(details) => format!("Not sent: {reason} ({details})."),
        None => format!("Not sent: {reason}."),
    }
}

/// What became of a schedule.
pub fn switch(schedule: &ScheduleTask) -> &'static str {
    match &schedule.state {
        ScheduleTaskState::Pause(Delivery::NotSent) => "Not changed",
        ScheduleTaskState::Pause(Delivery::Confirmed) => "Paused",
        ScheduleTaskState::Pause(Delivery::Refused(_)) => "Could not be paused",
        ScheduleTaskState::Pause(_) => "Pausing",
        ScheduleTaskState::Resume(Delivery::Confirmed) => "Paused and resumed",
        ScheduleTaskState::Resume(Delivery::Refused(_)) => "Could not be resumed",
        ScheduleTaskState::Resume(_) => "Resuming",
        ScheduleTaskState::AlreadySuspended => "Paused by another user, not changed",
        ScheduleTaskState::Deleted => "No longer exists",
        ScheduleTaskState::LeftSuspended => "Left paused by the operator",
    }
}

/// A schedule with its application.
pub(crate) fn schedule_name(op: &UpgradeOperation, switch: &ScheduleTask) -> String {
    let application = op.plan.applications.get(switch.application);
    format!("{}/{}", application.map_or("", |chosen| chosen.application.as_str()), switch.name)
}

/// What became of a run that is started again.
pub fn start(start: &Restart) -> String {
    let older = if start.superseded { ", in the latest version" } else { "" };
    match &start.state {
        RestartState::WaitingForEnd(_) => "Waiting for the run to end".to_owned(),
        RestartState::Ended | RestartState::MayStart(..) => "To be started".to_owned(),
        RestartState::Request(Delivery::InDoubt(doubt), _) => {
            format!("{} Checking whether it is active…", answer(&doubt.error))
        }
        RestartState::Request(Delivery::Acknowledged(_), _) => {
            "The server accepted the start. Checking whether it is active…".to_owned()
        }
        RestartState::Request(..) => "Starting".to_owned(),
        RestartState::Started(run, _) => format!("Started as {run}{older}, not running yet"),
        RestartState::Running(run) => format!("Running as {run}{older}"),
        RestartState::Completed(run) => format!("Ran as {run}{older} and completed"),
        RestartState::AlreadyActive(run) => format!("Not started: {run} is already active"),
        RestartState::StillActive => "Not stopped, still active".to_owned(),
        RestartState::CompletedWithoutStop => "Completed on its own".to_owned(),
        RestartState::Failed(why) => format!("Not running. {}", super::upgrade::restart_failure(why)),
        RestartState::Skipped => "Not started, by the operator's choice".to_owned(),
    }
}

fn name(op: &UpgradeOperation, place: usize) -> &str {
    op.plan.applications.get(place).map_or("", |chosen| chosen.application.as_str())
}

/// The line of an event that is told from the state before it.
pub(crate) fn before(op: &UpgradeOperation, event: &Event) -> Option<String> {
    let EventKind::Command(Command::Acknowledge(class, 1..)) = event.kind else { return None };
    let risk = op.risks().into_iter().find(|risk| risk.class == class)?;
    Some(format!("Acknowledged: {}", super::upgrade::risk(&risk)))
}

/// The line of an event, told from the state after it. `None`: the outcome of its target says it.
pub(crate) fn after(op: &UpgradeOperation, event: &Event) -> Option<String> {
    Some(match &event.kind {
        EventKind::Application(application, AppEvent::Read(_)) => of_application(op, application.0)?,
        EventKind::Application(application, AppEvent::CaughtUp) => {
            format!("{} has caught up", name(op, application.0))
        }
        EventKind::ScheduleRead(schedule, _) => of_schedule(op, schedule.0)?,
        EventKind::Restart(restart, _) => of_start(op, restart.0)?,
        EventKind::Request(RequestEvent::Answered { call, target, .. }) => match call {
            Call::Upgrade | Call::Redeploy | Call::RollBack => of_application(op, *target)?,
            Call::Pause | Call::Resume => of_schedule(op, *target)?,
            Call::Start | Call::Recover => of_start(op, *target)?,
        },
        EventKind::Request(RequestEvent::NotSent { targets, .. }) => {
            of_application(op, targets.first().copied()?)?
        }
        EventKind::Request(RequestEvent::Sending { .. }) | EventKind::SignedIn => return None,
        EventKind::Stop(event) => of_stop(op, event)?,
        EventKind::Backup(BackupEvent::Made(Ok(made))) => {
            let confirmed = if made.confirmed { "matches the server's digest" } else { "no digest sent" };
            let records = plural(made.records, "application");
            format!("Backup {} made: {records}, SHA-256 {}, {confirmed}", made.file, made.sha256)
        }
        EventKind::Backup(BackupEvent::Made(Err(problem))) => {
            format!("No backup. {}", super::upgrade::backup_failure(problem))
        }
        EventKind::Backup(BackupEvent::Saved(Ok(()))) => "Backup saved".to_owned(),
        EventKind::Backup(BackupEvent::Saved(Err(problem))) => super::upgrade::backup_failure(problem),
        EventKind::Command(command) => of_command(op, command)?,
        EventKind::Resumed => "Resumed".to_owned(),
    })
}

/// The outcome of an application, once it is settled.
fn of_application(op: &UpgradeOperation, place: usize) -> Option<String> {
    let of_it = op.upgrade_step().and_then(|upgrading| upgrading.apps.get(place))?;
    of_it.is_settled().then(|| format!("{}: {}", name(op, place), work(of_it)))
}

fn of_schedule(op: &UpgradeOperation, place: usize) -> Option<String> {
    let of_it = op.schedules.get(place)?;
    if of_it.is_open() {
        return None;
    }
    let why = of_it.refusal().map_or_else(String::new, |error| format!(": {error}"));
    Some(format!("Schedule {}: {}{why}", schedule_name(op, of_it), switch(of_it)))
}

fn of_start(op: &UpgradeOperation, place: usize) -> Option<String> {
    let of_it = op.restarts().get(place)?;
    of_it.is_settled().then(|| format!("{}: {}", of_it.run, start(of_it)))
}

fn of_stop(op: &UpgradeOperation, event: &stop::Event) -> Option<String> {
    match event {
        stop::Event::Sending { targets, .. } => {
            Some(format!("Stop requested for {}", plural(targets.len(), "run")))
        }
        stop::Event::Read { at, target, result: Ok(record) } if record.status.is_end() => {
            let stop = op.current_stop()?;
            let (run, outcome) = (stop.plan.targets.get(*target)?, stop.outcome(*target, *at)?);
            Some(format!("{}: {}", run.run, super::outcome::outcome(&outcome)))
        }
        _ => None,
    }
}

fn of_command(op: &UpgradeOperation, command: &Command) -> Option<String> {
    Some(match command {
        Command::Exclude(application) => format!("{} excluded", name(op, application.0)),
        Command::Retry(Part::Application(application)) => {
            format!("{}: retry requested", name(op, application.0))
        }
        Command::Redeploy(application) => format!("{}: redeploy selected", name(op, application.0)),
        Command::AcceptRisk(application, message) => {
            format!("{}: redeploy without draining acknowledged. {message}", name(op, application.0))
        }
        Command::Drain(application) => format!("{}: drain and retry requested", name(op, application.0)),
        Command::RollBack(application) => format!("{}: roll back requested", name(op, application.0)),
        Command::Continue => super::upgrade::step(op.step.name()).to_owned(),
        Command::Abort => "Aborted".to_owned(),
        Command::Acknowledge(..)
        | Command::Retry(_)
        | Command::Skip(_)
        | Command::Refresh(_)
        | Command::Begin(_) => return None,
    })
}
