//! What an event means, as text.

use super::{count, words};
use crate::stop;
use crate::text::{self, error::answer};
use crate::upgrade::{
    AppEvent, AppUpgrade, AppUpgradeFailure, AppUpgradeState, BackupEvent, Call, Command, Event, EventKind,
    NotSentReason, Part, RequestEvent, Restart, RestartState, STEPS, ScheduleTask, ScheduleTaskState,
    UpgradeOperation,
};
use quiesce_api::Error;

/// What became of an application, with the status that the server answered but without its message.
pub fn work_without_message(work: &AppUpgrade) -> String {
    let mut short = work.clone();
    let error = match &mut short.state {
        AppUpgradeState::InDoubt(doubt) => doubt.error.as_mut(),
        AppUpgradeState::Refused(error) => Some(error),
        AppUpgradeState::Failed(failure) => failure.error.as_mut(),
        _ => None,
    };
    if let Some(Error::Refused(refusal)) = error {
        refusal.message.clear();
    }
    self::work(&short)
}

/// What became of an application.
pub fn work(work: &AppUpgrade) -> String {
    match (&work.state, work.rolling_back) {
        (AppUpgradeState::Pending | AppUpgradeState::Ready(_), false) => "Not sent".to_owned(),
        (AppUpgradeState::Pending | AppUpgradeState::Ready(_), true) => "Roll back pending".to_owned(),
        (AppUpgradeState::InFlight, _) => "Sent".to_owned(),
        (AppUpgradeState::InDoubt(doubt), _) => match &doubt.error {
            None => "The server accepted it. Checking the version…".to_owned(),
            Some(error) => format!("{} Checking the version…", answer(error)),
        },
        (AppUpgradeState::Done, false) => "Upgraded".to_owned(),
        (AppUpgradeState::Done, true) => "Rolled back".to_owned(),
        (AppUpgradeState::Changed(why), false) => format!("Not upgraded. {why}"),
        (AppUpgradeState::Refused(error), false) => format!("Refused: {}", words(error)),
        (AppUpgradeState::NotSent(reason, details), _) => not_sent(*reason, details.as_deref()),
        (AppUpgradeState::Failed(why), false) => format!("Not upgraded. {}", failure(why)),
        (AppUpgradeState::Failed(why), true) => format!("Not rolled back. {}", failure(why)),
        (AppUpgradeState::Changed(why), true) => format!("Not rolled back. {why}"),
        (AppUpgradeState::Refused(error), true) => format!("Not rolled back: {}", words(error)),
    }
}

/// Why an application is not where its call should have brought it.
fn failure(why: &AppUpgradeFailure) -> String {
    match (&why.error, &why.still_on) {
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
pub fn switch(switch: &ScheduleTask) -> &'static str {
    match &switch.state {
        ScheduleTaskState::Enabled => "Not changed",
        ScheduleTaskState::Pausing | ScheduleTaskState::PauseInDoubt(_) => "Pausing",
        ScheduleTaskState::Paused => "Paused",
        ScheduleTaskState::AlreadySuspended => "Paused by another user, not changed",
        ScheduleTaskState::Deleted => "No longer exists",
        ScheduleTaskState::PauseRefused(_) => "Could not be paused",
        ScheduleTaskState::Resuming | ScheduleTaskState::ResumeInDoubt(_) => "Resuming",
        ScheduleTaskState::Resumed => "Paused and resumed",
        ScheduleTaskState::ResumeRefused(_) => "Could not be resumed",
        ScheduleTaskState::LeftSuspended => "Left paused by the operator",
    }
}

/// A schedule with its application.
pub(super) fn schedule_name(op: &UpgradeOperation, switch: &ScheduleTask) -> String {
    let application = op.plan.applications.get(switch.application);
    format!("{}/{}", application.map_or("", |chosen| chosen.application.as_str()), switch.name)
}

/// What became of a run that is started again.
pub fn start(start: &Restart) -> String {
    let older = if start.superseded { ", in the latest version" } else { "" };
    match &start.state {
        RestartState::WaitingForEnd(_) => "Waiting for the run to end".to_owned(),
        RestartState::Ended | RestartState::MayStart(..) => "To be started".to_owned(),
        RestartState::InFlight(_) => "Starting".to_owned(),
        RestartState::InDoubt(doubt, _) => match &doubt.error {
            Some(error) => format!("{} Checking whether it is active…", answer(error)),
            None => "Start request unanswered; verifying".to_owned(),
        },
        RestartState::Started(run, _) => format!("Started as {run}{older}, not running yet"),
        RestartState::Running(run) => format!("Running as {run}{older}"),
        RestartState::Completed(run) => format!("Ran as {run}{older} and completed"),
        RestartState::AlreadyActive(run) => format!("Not started: {run} is already active"),
        RestartState::StillActive => "Not stopped, still active".to_owned(),
        RestartState::CompletedWithoutStop => "Completed on its own".to_owned(),
        RestartState::Failed(why) => format!("Not running. {why}"),
        RestartState::Skipped => "Not started, by the operator's choice".to_owned(),
    }
}

fn name(op: &UpgradeOperation, place: usize) -> &str {
    op.plan.applications.get(place).map_or("", |chosen| chosen.application.as_str())
}

/// The line of an event that is told from the state before it.
pub(super) fn before(op: &UpgradeOperation, event: &Event) -> Option<String> {
    let EventKind::Command(Command::Acknowledge(class, 1..)) = event.kind else { return None };
    let risk = op.risks().into_iter().find(|risk| risk.class == class)?;
    Some(format!("Acknowledged: {}", risk.label))
}

/// The line of an event, told from the state after it. `None`: the outcome of its target says it.
pub(super) fn after(op: &UpgradeOperation, event: &Event) -> Option<String> {
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
            let records = count(made.records, "application");
            format!("Backup {} made: {records}, SHA-256 {}, {confirmed}", made.file, made.sha256)
        }
        EventKind::Backup(BackupEvent::Made(Err(problem))) => format!("No backup: {problem}"),
        EventKind::Backup(BackupEvent::Saved(Ok(()))) => "Backup saved".to_owned(),
        EventKind::Backup(BackupEvent::Saved(Err(problem))) => format!("Backup not saved: {problem}"),
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
    let why = match &of_it.state {
        ScheduleTaskState::PauseRefused(error) | ScheduleTaskState::ResumeRefused(error) => {
            format!(": {}", words(error))
        }
        _ if of_it.is_open() => return None,
        _ => String::new(),
    };
    Some(format!("Schedule {}: {}{why}", schedule_name(op, of_it), switch(of_it)))
}

fn of_start(op: &UpgradeOperation, place: usize) -> Option<String> {
    let of_it = op.restarts().get(place)?;
    of_it.is_settled().then(|| format!("{}: {}", of_it.run, start(of_it)))
}

fn of_stop(op: &UpgradeOperation, event: &stop::Event) -> Option<String> {
    match event {
        stop::Event::Sending { targets, .. } => {
            Some(format!("Stop requested for {}", count(targets.len(), "run")))
        }
        stop::Event::Read { at, target, result: Ok(record) } if record.status.is_end() => {
            let stop = op.current_stop()?;
            let (run, outcome) = (stop.plan.targets.get(*target)?, stop.outcome(*target, *at)?);
            Some(format!("{}: {}", run.run, text::outcome::outcome(&outcome)))
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
        Command::Continue => STEPS.get(op.step_number()).copied().unwrap_or_default().to_owned(),
        Command::Abort => "Aborted".to_owned(),
        Command::Acknowledge(..)
        | Command::Retry(_)
        | Command::Skip(_)
        | Command::Refresh(_)
        | Command::Begin(_) => return None,
    })
}
