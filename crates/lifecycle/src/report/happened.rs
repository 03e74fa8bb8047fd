//! What an event means, in words.

use super::{count, words};
use crate::stop;
use crate::upgrade::{
    Call, Event, Failure, NotSent, STEPS, Start, StartState, Switch, SwitchState, UpgradeOperation, What,
    Work, WorkState,
};
use quiesce_api::Error;

/// What became of an application.
pub fn work(work: &Work) -> String {
    match (&work.state, work.back) {
        (WorkState::Open | WorkState::Ready(_), false) => "Not sent".to_owned(),
        (WorkState::Open | WorkState::Ready(_), true) => "To be rolled back".to_owned(),
        (WorkState::Underway, _) => "Sent".to_owned(),
        (WorkState::InDoubt(doubt), _) => match &doubt.error {
            None => "The server accepted it. Checking the version…".to_owned(),
            Some(error) => format!("{} Checking the version…", answer(error)),
        },
        (WorkState::Done, false) => "Upgraded".to_owned(),
        (WorkState::Done, true) => "Rolled back".to_owned(),
        (WorkState::Drifted(why), false) => format!("Left alone. {why}"),
        (WorkState::Refused(error), false) => format!("Refused: {}", words(error)),
        (WorkState::NotSent(reason, details), _) => not_sent(*reason, details.as_deref()),
        (WorkState::Failed(why), false) => format!("Not upgraded. {}", failure(why)),
        (WorkState::Failed(why), true) => format!("Not rolled back. {}", failure(why)),
        (WorkState::Drifted(why), true) => format!("Not rolled back. {why}"),
        (WorkState::Refused(error), true) => format!("Not rolled back: {}", words(error)),
    }
}

/// The answer of the server with its own message, or that there was none; one sentence with a full stop.
pub fn answer(error: &Error) -> String {
    let mut text = match error {
        Error::Transport(error) => format!("No response: {error}"),
        Error::Undecodable(error) => format!("The server answered 200, but {error}"),
        Error::Refused(refusal) if refusal.message.is_empty() => format!("The server answered {refusal}"),
        Error::Refused(refusal) => format!("The server answered {}: {}", refusal.status, refusal.message),
    };
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

/// Why an application is not where its call should have brought it.
fn failure(why: &Failure) -> String {
    match (&why.error, &why.still_on) {
        (None, Some(artifact)) => format!("The server accepted it, and it is still on {artifact}."),
        (None, None) => "The server accepted it.".to_owned(),
        (Some(error), Some(artifact)) => format!("{} It is still on {artifact}.", answer(error)),
        (Some(error), None) => format!("It can't be read. {}", answer(error)),
    }
}

/// Why nothing was sent.
fn not_sent(reason: NotSent, details: Option<&str>) -> String {
    let reason = match reason {
        NotSent::NoBackup => "this browser doesn't have the backup any more",
        NotSent::BackupUnreadable => "the backup can't be read",
        NotSent::NoConfiguration => "the backup has no configuration of this application",
        NotSent::NoRequest => "the console doesn't know what to send",
    };
    match details {
        Some(details) => format!("Not sent: {reason} ({details})."),
        None => format!("Not sent: {reason}."),
    }
}

/// What became of a schedule.
pub fn switch(switch: &Switch) -> &'static str {
    match &switch.state {
        SwitchState::On => "Not touched",
        SwitchState::Pausing | SwitchState::PauseInDoubt(_) => "Being paused",
        SwitchState::Paused => "Paused",
        SwitchState::WasOff => "Was paused by somebody else, stays so",
        SwitchState::Gone => "Is not there any more",
        SwitchState::NotPaused(_) => "Could not be paused",
        SwitchState::Resuming | SwitchState::ResumeInDoubt(_) => "Being resumed",
        SwitchState::Resumed => "Paused and resumed",
        SwitchState::NotResumed(_) => "Could not be resumed",
        SwitchState::LeftOff => "Left paused by the operator",
    }
}

/// A schedule with its application.
pub(super) fn schedule_name(op: &UpgradeOperation, switch: &Switch) -> String {
    let application = op.plan.applications.get(switch.application);
    format!("{}/{}", application.map_or("", |chosen| chosen.application.as_str()), switch.name)
}

/// What became of a run that is started again.
pub fn start(start: &Start) -> String {
    let older = if start.older { ", in the latest version" } else { "" };
    match &start.state {
        StartState::Waiting(_) => "Waits for its end".to_owned(),
        StartState::Ended | StartState::Free(..) => "To be started".to_owned(),
        StartState::Underway(_) => "Being started".to_owned(),
        StartState::InDoubt(..) => "Started without an answer, being read".to_owned(),
        StartState::Started(run, _) => format!("Started as {run}{older}, not seen running yet"),
        StartState::Running(run) => format!("Runs as {run}{older}"),
        StartState::Completed(run) => format!("Ran as {run}{older} and completed"),
        StartState::RunsAlready(run) => format!("Not started: {run} runs already"),
        StartState::StillRuns => "Was not stopped, and runs".to_owned(),
        StartState::ByItself => "Completed by itself".to_owned(),
        StartState::Failed(why) => format!("Not running. {why}"),
        StartState::LeftOff => "Not started, by the operator's choice".to_owned(),
    }
}

fn name(op: &UpgradeOperation, place: usize) -> &str {
    op.plan.applications.get(place).map_or("", |chosen| chosen.application.as_str())
}

/// What an event means that is told from the state before it.
pub(super) fn before(op: &UpgradeOperation, event: &Event) -> Option<String> {
    if event.what != What::Acknowledged || event.place == 0 {
        return None;
    }
    let risk = op.risks().into_iter().find(|risk| Some(risk.class) == event.risk)?;
    Some(format!("Acknowledged: {}", risk.label))
}

/// What an event means, told from the state after it. `None`: it is in what becomes of its things.
pub(super) fn after(op: &UpgradeOperation, event: &Event) -> Option<String> {
    let place = event.place;
    let application = || name(op, place);
    Some(match event.what {
        What::Looked | What::Answered | What::NotSent
            if matches!(event.call, None | Some(Call::Upgrade | Call::Redeploy | Call::RollBack)) =>
        {
            let of_it = op.upgrading().and_then(|upgrading| upgrading.works.get(place))?;
            if !of_it.is_settled() {
                return None;
            }
            format!("{}: {}", application(), work(of_it))
        }
        What::Answered | What::ScheduleRead if !matches!(event.call, Some(Call::Start | Call::Recover)) => {
            let of_it = op.schedules.get(place)?;
            let why = match &of_it.state {
                SwitchState::NotPaused(error) | SwitchState::NotResumed(error) => {
                    format!(": {}", words(error))
                }
                _ if of_it.is_open() => return None,
                _ => String::new(),
            };
            format!("Schedule {}: {}{why}", schedule_name(op, of_it), switch(of_it))
        }
        What::Answered | What::RunRead | What::RunsRead => {
            let of_it = op.starts().get(place)?;
            if !of_it.is_settled() {
                return None;
            }
            format!("{}: {}", of_it.run, start(of_it))
        }
        What::Stop => match event.stop.as_deref()? {
            stop::Event::Sending { targets, .. } => format!("{} told to stop", count(targets.len(), "run")),
            stop::Event::Read { target, result: Ok(record), .. } if record.status.is_end() => {
                let stop = op.current_stop()?;
                let (run, outcome) = (stop.plan.targets.get(*target)?, stop.outcome(*target, event.at)?);
                format!("{}: {outcome}", run.run)
            }
            _ => return None,
        },
        What::BackedUp => match (&event.backup, &event.words) {
            (Some(made), _) => {
                let confirmed =
                    if made.confirmed { "equal to the server's digest" } else { "no digest sent" };
                let records = count(made.records, "application");
                format!("Backup {} made: {records}, SHA-256 {}, {confirmed}", made.file, made.sha256)
            }
            (None, why) => format!("No backup: {}", why.as_deref().unwrap_or_default()),
        },
        What::Saved => match &event.words {
            None => "Backup saved".to_owned(),
            Some(why) => format!("Backup not saved: {why}"),
        },
        What::LeftOut => format!("{} left out", application()),
        What::Retry => match event.call {
            Some(Call::Upgrade) => format!("{} to be tried again", application()),
            _ => return None,
        },
        What::Redeploy => format!("{} to be redeployed instead", application()),
        What::GoOnAnyway => {
            format!(
                "{} to be redeployed anyway: {}",
                application(),
                event.words.as_deref().unwrap_or_default()
            )
        }
        What::Recover => format!("{} to be recovered first", application()),
        What::CaughtUp => format!("{} has caught up", application()),
        What::RollBack => format!("{} to be rolled back", application()),
        What::Abort => "Given up".to_owned(),
        What::Resumed => "Taken up again".to_owned(),
        What::Continue => STEPS.get(op.step_number()).copied().unwrap_or_default().to_owned(),
        _ => return None,
    })
}
