//! Events as the journal has them (docs/journal.md). Only this module reads and writes their fields; an entry that lacks
//! a field that its kind requires is not an event that this console knows.

use super::event::{
    AppEvent, AppIndex, BackupEvent, Call, Command, Created, Event, EventKind, NotSentReason, Part,
    RequestEvent, RestartEvent, RestartIndex, ScheduleIndex,
};
use super::reasons::BackupFailure;
use super::risk::RiskClass;
use super::snapshot::{AppSnapshot, RunSummary};
use crate::backup::Summary;
use crate::grace::Grace;
use crate::stop;
use quiesce_api::run::RunRecord;
use quiesce_api::{Error, RunId, Timestamp, VersionId, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;

impl Event {
    /// Reads an event of the journal. `None`: this console does not know it.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        WireEvent::parse(value)?.into_event()
    }
}

/// The kind of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum WireKind {
    /// An application was read.
    Looked,
    /// A call is about to be sent: the intent.
    Sending,
    /// A call was answered, or was not: the outcome.
    Answered,
    /// There is no request for a call that is due: nothing is sent.
    NotSent,
    /// The state of a schedule was read.
    ScheduleRead,
    /// A run was read.
    RunRead,
    /// The runs of a program were read.
    RunsRead,
    /// Something happened to the stop of this step.
    Stop,
    /// A backup was made and verified, or could not be.
    BackedUp,
    /// The backup was kept in the browser and given to the operator, or could not be.
    Saved,
    /// The operator ticked or unticked a risk.
    Acknowledged,
    /// The operator left an application out.
    LeftOut,
    /// The operator wants an application, or a part of it, tried again.
    Retry,
    /// The operator wants an application redeployed instead.
    Redeploy,
    /// The operator continues although something may be left.
    GoOnAnyway,
    /// The operator wants an application recovered first.
    Recover,
    /// What was recovered has caught up.
    CaughtUp,
    /// The operator wants something not restored.
    Skip,
    /// The operator wants an application rolled back.
    RollBack,
    /// The operator wants the check done again.
    LookAgain,
    /// The operator began what this step does.
    Begin,
    /// The operator went on to the next step.
    Continue,
    /// The operator gave the upgrade up.
    Abort,
    /// The operator signed in.
    SignedIn,
    /// The operation was resumed from its journal.
    Resumed,
}

/// An event as the journal has it: one flat record, since each shape of record that is read and written adds to the
/// size of the page.
#[derive(Clone, Debug, Serialize)]
pub(super) struct WireEvent {
    at: Timestamp,
    what: WireKind,
    #[serde(skip_serializing_if = "is_zero")]
    place: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<Call>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Error>,
    #[serde(skip_serializing_if = "Option::is_none")]
    look: Option<Box<AppSnapshot>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<VersionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<RunId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Box<RunRecord>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<Vec<RunSummary>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop: Option<Box<stop::Event>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grace: Option<Grace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    backup: Option<Box<Summary>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<RiskClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_sent: Option<NotSentReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<BackupFailure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl WireEvent {
    fn new(at: Timestamp, what: WireKind) -> Self {
        Self {
            at,
            what,
            place: 0,
            call: None,
            places: Vec::new(),
            error: None,
            look: None,
            version: None,
            run: None,
            record: None,
            seen: None,
            stop: None,
            grace: None,
            backup: None,
            risk: None,
            on: None,
            not_sent: None,
            failure: None,
            words: None,
        }
    }

    /// Parses an entry. By hand, since derived code for as many optional fields is several times as large. An unknown
    /// field makes it an unknown event.
    fn parse(value: &Value) -> Option<Self> {
        let fields = value.as_object()?;
        let at = json::from_value(fields.get("at")?).ok()?;
        let mut event = Self::new(at, json::from_value(fields.get("what")?).ok()?);
        for (name, value) in fields {
            match name.as_str() {
                "at" | "what" => {}
                "place" => event.place = json::from_value(value).ok()?,
                "call" => event.call = json::from_value(value).ok()?,
                "places" => event.places = json::from_value(value).ok()?,
                "error" => event.error = json::from_value(value).ok()?,
                "look" => event.look = json::from_value(value).ok()?,
                "version" => event.version = json::from_value(value).ok()?,
                "run" => event.run = json::from_value(value).ok()?,
                "record" => event.record = json::from_value(value).ok()?,
                "seen" => event.seen = json::from_value(value).ok()?,
                "stop" => event.stop = json::from_value(value).ok()?,
                "grace" => event.grace = json::from_value(value).ok()?,
                "backup" => event.backup = json::from_value(value).ok()?,
                "risk" => event.risk = json::from_value(value).ok()?,
                "on" => event.on = json::from_value(value).ok()?,
                "not_sent" => event.not_sent = json::from_value(value).ok()?,
                "failure" => event.failure = json::from_value(value).ok()?,
                "words" => event.words = json::from_value(value).ok()?,
                _ => return None,
            }
        }
        Some(event)
    }

    fn with_error<T>(mut self, result: Result<T, Error>, set: impl FnOnce(&mut Self, T)) -> Self {
        match result {
            Ok(value) => set(&mut self, value),
            Err(error) => self.error = Some(error),
        }
        self
    }

    fn with_place(self, place: usize) -> Self {
        Self { place, ..self }
    }

    /// Why no backup was made, or why it is not saved. A sentence of an older journal is written back as it was.
    fn with_failure(self, failure: Option<BackupFailure>) -> Self {
        match failure {
            Some(BackupFailure::Recorded(words)) => Self { words: Some(words), ..self },
            failure => Self { failure, ..self },
        }
    }

    /// The failure of a backup, from either form.
    fn failure(&mut self) -> Option<BackupFailure> {
        self.failure.take().or_else(|| self.words.take().map(BackupFailure::Recorded))
    }

    /// The call and index of a part that is retried or skipped.
    fn with_part(self, part: Part) -> Self {
        let (call, place) = match part {
            Part::Pause(schedule) => (Some(Call::Pause), schedule.0),
            Part::Resume(schedule) => (Some(Call::Resume), schedule.0),
            Part::Start(restart) => (Some(Call::Start), restart.0),
            Part::Application(application) => (None, application.0),
        };
        Self { place, call, ..self }
    }

    fn part(&self) -> Part {
        match self.call {
            Some(Call::Pause) => Part::Pause(ScheduleIndex(self.place)),
            Some(Call::Resume) => Part::Resume(ScheduleIndex(self.place)),
            Some(Call::Start) => Part::Start(RestartIndex(self.place)),
            _ => Part::Application(AppIndex(self.place)),
        }
    }

    /// The field of a good outcome, or the error of a bad one.
    fn outcome<T>(field: Option<T>, error: Option<Error>) -> Option<Result<T, Error>> {
        match (field, error) {
            (Some(value), _) => Some(Ok(value)),
            (None, Some(error)) => Some(Err(error)),
            (None, None) => None,
        }
    }

    fn into_event(mut self) -> Option<Event> {
        let (at, place, application) = (self.at, self.place, AppIndex(self.place));
        let kind = match self.what {
            WireKind::Looked => {
                let result = Self::outcome(self.look, self.error)?;
                EventKind::Application(application, AppEvent::Read(result))
            }
            WireKind::CaughtUp => EventKind::Application(application, AppEvent::CaughtUp),
            WireKind::Sending => {
                EventKind::Request(RequestEvent::Sending { call: self.call?, targets: self.places })
            }
            WireKind::Answered => {
                let call = self.call?;
                let result = match self.error {
                    Some(error) => Err(error),
                    None => Ok(self.version.map(Created::Version).or(self.run.map(Created::Run))),
                };
                EventKind::Request(RequestEvent::Answered { call, target: place, result })
            }
            WireKind::NotSent => EventKind::Request(RequestEvent::NotSent {
                call: self.call?,
                targets: self.places,
                reason: self.not_sent?,
                details: self.words,
            }),
            WireKind::ScheduleRead => {
                EventKind::ScheduleRead(ScheduleIndex(place), Self::outcome(self.on, self.error)?)
            }
            WireKind::RunRead => {
                let result = Self::outcome(self.record, self.error)?;
                EventKind::Restart(RestartIndex(place), RestartEvent::RunRead(result))
            }
            WireKind::RunsRead => {
                let result = Self::outcome(self.seen, self.error)?;
                EventKind::Restart(RestartIndex(place), RestartEvent::RunsRead(result))
            }
            WireKind::Stop => EventKind::Stop(self.stop?),
            WireKind::BackedUp => {
                let result = match self.backup.take() {
                    Some(summary) => Ok(summary),
                    None => Err(self.failure()?),
                };
                EventKind::Backup(BackupEvent::Made(result))
            }
            WireKind::Saved => EventKind::Backup(BackupEvent::Saved(self.failure().map_or(Ok(()), Err))),
            WireKind::SignedIn => EventKind::SignedIn,
            WireKind::Resumed => EventKind::Resumed,
            WireKind::Acknowledged => EventKind::Command(Command::Acknowledge(self.risk?, place)),
            WireKind::LeftOut => EventKind::Command(Command::Exclude(application)),
            WireKind::Retry => EventKind::Command(Command::Retry(self.part())),
            WireKind::Skip => EventKind::Command(Command::Skip(self.part())),
            WireKind::Redeploy => EventKind::Command(Command::Redeploy(application)),
            WireKind::GoOnAnyway => EventKind::Command(Command::AcceptRisk(application, self.words?)),
            WireKind::Recover => EventKind::Command(Command::Drain(application)),
            WireKind::RollBack => EventKind::Command(Command::RollBack(application)),
            WireKind::LookAgain => EventKind::Command(Command::Refresh(application)),
            WireKind::Begin => EventKind::Command(Command::Begin(self.grace)),
            WireKind::Continue => EventKind::Command(Command::Continue),
            WireKind::Abort => EventKind::Command(Command::Abort),
        };
        Some(Event { at, kind })
    }
}

impl From<Event> for WireEvent {
    fn from(Event { at, kind }: Event) -> Self {
        let new = |what| Self::new(at, what);
        match kind {
            EventKind::Application(application, AppEvent::Read(result)) => new(WireKind::Looked)
                .with_place(application.0)
                .with_error(result, |wire, look| wire.look = Some(look)),
            EventKind::Application(application, AppEvent::CaughtUp) => {
                new(WireKind::CaughtUp).with_place(application.0)
            }
            EventKind::ScheduleRead(schedule, result) => new(WireKind::ScheduleRead)
                .with_place(schedule.0)
                .with_error(result, |wire, on| wire.on = Some(on)),
            EventKind::Restart(restart, RestartEvent::RunRead(result)) => new(WireKind::RunRead)
                .with_place(restart.0)
                .with_error(result, |wire, record| wire.record = Some(record)),
            EventKind::Restart(restart, RestartEvent::RunsRead(result)) => new(WireKind::RunsRead)
                .with_place(restart.0)
                .with_error(result, |wire, seen| wire.seen = Some(seen)),
            EventKind::Request(event) => event.into_wire(at),
            EventKind::Stop(stop) => Self { stop: Some(stop), ..new(WireKind::Stop) },
            EventKind::Backup(BackupEvent::Made(Ok(summary))) => {
                Self { backup: Some(summary), ..new(WireKind::BackedUp) }
            }
            EventKind::Backup(BackupEvent::Made(Err(failure))) => {
                new(WireKind::BackedUp).with_failure(Some(failure))
            }
            EventKind::Backup(BackupEvent::Saved(result)) => new(WireKind::Saved).with_failure(result.err()),
            EventKind::Command(command) => command.into_wire(at),
            EventKind::SignedIn => new(WireKind::SignedIn),
            EventKind::Resumed => new(WireKind::Resumed),
        }
    }
}

impl RequestEvent {
    fn into_wire(self, at: Timestamp) -> WireEvent {
        match self {
            Self::Sending { call, targets } => {
                WireEvent { call: Some(call), places: targets, ..WireEvent::new(at, WireKind::Sending) }
            }
            Self::Answered { call, target, result } => {
                let wire = WireEvent { call: Some(call), ..WireEvent::new(at, WireKind::Answered) };
                wire.with_place(target).with_error(result, |wire, created| match created {
                    Some(Created::Version(version)) => wire.version = Some(version),
                    Some(Created::Run(run)) => wire.run = Some(run),
                    None => {}
                })
            }
            Self::NotSent { call, targets, reason, details } => WireEvent {
                call: Some(call),
                places: targets,
                not_sent: Some(reason),
                words: details,
                ..WireEvent::new(at, WireKind::NotSent)
            },
        }
    }
}

impl Command {
    fn into_wire(self, at: Timestamp) -> WireEvent {
        let new = |what| WireEvent::new(at, what);
        let of = |what, application: AppIndex| new(what).with_place(application.0);
        match self {
            Self::Acknowledge(risk, count) => {
                WireEvent { risk: Some(risk), place: count, ..new(WireKind::Acknowledged) }
            }
            Self::Exclude(application) => of(WireKind::LeftOut, application),
            Self::Retry(part) => new(WireKind::Retry).with_part(part),
            Self::Skip(part) => new(WireKind::Skip).with_part(part),
            Self::Redeploy(application) => of(WireKind::Redeploy, application),
            Self::AcceptRisk(application, message) => {
                WireEvent { words: Some(message), ..of(WireKind::GoOnAnyway, application) }
            }
            Self::Drain(application) => of(WireKind::Recover, application),
            Self::RollBack(application) => of(WireKind::RollBack, application),
            Self::Refresh(application) => of(WireKind::LookAgain, application),
            Self::Begin(grace) => WireEvent { grace, ..new(WireKind::Begin) },
            Self::Continue => new(WireKind::Continue),
            Self::Abort => new(WireKind::Abort),
        }
    }
}
