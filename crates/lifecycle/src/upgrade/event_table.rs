//! The table of docs/architecture.md: which event changes something in which step, by what recorded operations did.

use super::model::*;
use super::*;
use crate::grace::Grace;
use crate::journal::Entry;
use crate::operation::Operation;
use crate::stop;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The events, in the order of the table.
const EVENTS: [&str; 22] = [
    "an application is read",
    "a draining run has caught up",
    "a schedule is read",
    "the run of a restart is read",
    "the runs of a program are read",
    "a request is about to be sent",
    "a request is answered",
    "a request can't be built",
    "an event of the stop",
    "a backup is made, or fails",
    "the backup is saved, or is not",
    "*acknowledge*",
    "*exclude*",
    "*refresh*",
    "*begin* (pause, stop, back up, upgrade, restore)",
    "*continue*",
    "*abort*",
    "*retry*",
    "*skip*",
    "*redeploy*, *accept the risk*, *drain*",
    "*roll back*",
    "the operation is resumed",
];

fn row(event: &Event) -> Option<usize> {
    let name = match &event.kind {
        EventKind::Application(_, AppEvent::Read(_)) => EVENTS[0],
        EventKind::Application(_, AppEvent::CaughtUp) => EVENTS[1],
        EventKind::ScheduleRead(..) => EVENTS[2],
        EventKind::Restart(_, RestartEvent::RunRead(_)) => EVENTS[3],
        EventKind::Restart(_, RestartEvent::RunsRead(_)) => EVENTS[4],
        EventKind::Request(RequestEvent::Sending { .. }) => EVENTS[5],
        EventKind::Request(RequestEvent::Answered { .. }) => EVENTS[6],
        EventKind::Request(RequestEvent::NotSent { .. }) => EVENTS[7],
        EventKind::Stop(_) => EVENTS[8],
        EventKind::Backup(BackupEvent::Made(_)) => EVENTS[9],
        EventKind::Backup(BackupEvent::Saved(_)) => EVENTS[10],
        EventKind::Command(command) => match command {
            Command::Acknowledge(..) => EVENTS[11],
            Command::Exclude(_) => EVENTS[12],
            Command::Refresh(_) => EVENTS[13],
            Command::Begin(_) => EVENTS[14],
            Command::Continue => EVENTS[15],
            Command::Abort => EVENTS[16],
            Command::Retry(_) => EVENTS[17],
            Command::Skip(_) => EVENTS[18],
            Command::Redeploy(_) | Command::AcceptRisk(..) | Command::Drain(_) => EVENTS[19],
            Command::RollBack(_) => EVENTS[20],
        },
        EventKind::Resumed => EVENTS[21],
        // It ends an outage, which is not kept in the journal.
        EventKind::SignedIn => return None,
    };
    EVENTS.iter().position(|event| *event == name)
}

/// Notes every event of a journal that changed something, with its step.
fn note(entries: &[Entry], seen: &mut BTreeSet<(usize, StepName)>) {
    let mut op = UpgradeOperation::begin(entries[0].body.clone()).unwrap();
    for entry in &entries[1..] {
        let event = UpgradeOperation::event(&entry.body).unwrap();
        let step = op.step.name();
        if op.apply(event) {
            seen.extend(row(event).map(|row| (row, step)));
        }
    }
}

/// Operations in which each event happens in each step in which it can.
fn operations() -> Vec<ModelState> {
    let mut worlds = Vec::new();
    for fate in [Fate::Good, Fate::LostBefore, Fate::No, Fate::Late] {
        for first in [true, false] {
            let mut world = five();
            let mut tried = BTreeSet::new();
            let choose = |all: &[Event]| if first { 0 } else { last(all) };
            for _ in 0..2_000 {
                let step = world.op.step.name();
                // What is possible in the step is tried on a copy, once, and after everything that happens.
                for command in commands() {
                    if tried.len() < 400
                        && world.op.can(&command)
                        && tried.insert((step, format!("{command:?}")))
                    {
                        let mut other = world.clone();
                        let goes_on = matches!(command, Command::RollBack(_) | Command::Begin(_));
                        other.feed(Event::command(other.now(), command));
                        if goes_on {
                            other.run(last, good);
                        }
                        worlds.push(other);
                    }
                }
                for effect in world.effects() {
                    let sends =
                        matches!(effect, Effect::Send { .. } | Effect::Stop(stop::Effect::Send { .. }));
                    if sends && tried.insert((step, "a crash".to_owned())) {
                        let mut other = world.clone();
                        other.carry_out(&effect, Fate::CrashAfter);
                        worlds.push(other);
                    }
                }
                let pending = |work: &AppUpgrade| work.state == AppUpgradeState::Pending;
                let pending = world.op.upgrade_step().and_then(|it| it.apps.iter().position(pending));
                let upgrades = matches!(world.op.step, Step::Upgrade(_));
                if let (true, Some(place)) =
                    (upgrades && tried.insert((step, "no request".to_owned())), pending)
                {
                    let mut other = world.clone();
                    let reason = NotSentReason::NoBackup;
                    other.feed(Event::not_sent(other.now(), Call::Redeploy, vec![place], reason, None));
                    worlds.push(other);
                }
                let disturbed = std::cell::Cell::new(false);
                let once = |effect: &Effect| {
                    let sends = matches!(effect, Effect::Send { .. });
                    if sends && !disturbed.replace(true) { fate } else { Fate::Good }
                };
                if !world.one(&choose, &once) {
                    break;
                }
            }
            worlds.push(world);
        }
    }
    worlds
}

fn commands() -> Vec<Command> {
    let mut commands = vec![
        Command::Acknowledge(RiskClass::MayLose, 1),
        Command::Begin(Some(Grace::default())),
        Command::Continue,
        Command::Abort,
    ];
    for place in [0, 3, 4] {
        let app = AppIndex(place);
        commands.extend([
            Command::Exclude(app),
            Command::Refresh(app),
            Command::Retry(Part::Application(app)),
            Command::Redeploy(app),
            Command::Drain(app),
            Command::RollBack(app),
        ]);
    }
    let (schedule, restart) = (ScheduleIndex(0), RestartIndex(0));
    commands
        .extend([Part::Pause(schedule), Part::Resume(schedule), Part::Start(restart)].map(Command::Retry));
    commands.extend([Part::Resume(schedule), Part::Start(restart)].map(Command::Skip));
    commands
}

fn table() -> String {
    let mut seen = BTreeSet::new();
    for world in operations() {
        note(&world.entries(), &mut seen);
    }
    let mut table = String::from("| event |");
    for step in &StepName::ALL[1..] {
        let _ = write!(table, " {} |", crate::text::upgrade::step(*step));
    }
    table.push_str("\n| --- |");
    table.push_str(&" :-: |".repeat(StepName::ALL.len() - 1));
    for (row, event) in EVENTS.iter().enumerate() {
        let _ = write!(table, "\n| {event} |");
        for step in &StepName::ALL[1..] {
            table.push_str(if seen.contains(&(row, *step)) { " ● |" } else { "  |" });
        }
    }
    table
}

#[test]
fn the_documents_say_which_event_changes_something_in_which_step() {
    let document = include_str!("../../../../docs/architecture.md");
    let table = table();
    assert!(document.contains(&table), "docs/architecture.md needs this table:\n{table}");
}
