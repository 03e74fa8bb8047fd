//! Everything that can happen to an upgrade: what was read, what was sent and answered, what the operator decided.
//! The journal keeps events in the flat form of [`super::wire`].

use super::reasons::BackupFailure;
use super::risk::RiskClass;
use super::snapshot::{AppSnapshot, RunSummary};
use super::wire::WireEvent;
use crate::backup::Summary;
use crate::grace::Grace;
use crate::stop;
use quiesce_api::run::RunRecord;
use quiesce_api::{Error, RunId, Timestamp, VersionId};
use serde::{Deserialize, Serialize};

/// The index of an application in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppIndex(pub usize);

/// The index of a schedule in [`super::operation::UpgradeOperation::schedules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScheduleIndex(pub usize);

/// The index of a restart in [`super::operation::UpgradeOperation::restarts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RestartIndex(pub usize);

/// Something that happened, at a moment by the browser's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "WireEvent")]
pub struct Event {
    /// The moment, by the browser's clock.
    pub at: Timestamp,
    /// The event.
    pub kind: EventKind,
}

/// The events, by the part of the operation that they concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// An event of an application.
    Application(AppIndex, AppEvent),
    /// The state of a schedule was read: whether it is enabled.
    ScheduleRead(ScheduleIndex, Result<bool, Error>),
    /// An event of a restart, or of the restart that drains an application.
    Restart(RestartIndex, RestartEvent),
    /// An event of a request that changes something.
    Request(RequestEvent),
    /// An event of the stop of the current step.
    Stop(Box<stop::Event>),
    /// An event of the backup.
    Backup(BackupEvent),
    /// A decision of the operator.
    Command(Command),
    /// The operator signed in.
    SignedIn,
    /// The operation was resumed from its journal: requests without an answer will get none.
    Resumed,
}

/// An event of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppEvent {
    /// It was read, or could not be.
    Read(Result<Box<AppSnapshot>, Error>),
    /// Its draining run has caught up, or the operator stops it anyway.
    CaughtUp,
}

/// An event of a restart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestartEvent {
    /// Its run was read.
    RunRead(Result<Box<RunRecord>, Error>),
    /// The runs of its program were read.
    RunsRead(Result<Vec<RunSummary>, Error>),
}

/// An event of a request that changes something. Its targets are indices of applications, schedules or restarts,
/// depending on the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestEvent {
    /// The intent: in the journal before the request is sent.
    Sending {
        /// The call.
        call: Call,
        /// The targets of the call.
        targets: Vec<usize>,
    },
    /// The outcome for one target.
    Answered {
        /// The call.
        call: Call,
        /// The target.
        target: usize,
        /// The ID that the server answered, if any, or why there is no good answer.
        result: Result<Option<Created>, Error>,
    },
    /// No request could be built, so nothing was sent.
    NotSent {
        /// The call.
        call: Call,
        /// The targets of the call.
        targets: Vec<usize>,
        /// The reason.
        reason: NotSentReason,
        /// Details of the reason, for example a parse error.
        details: Option<String>,
    },
}

/// The ID of something that a call created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// The new version of an application.
    Version(VersionId),
    /// The run that a start became.
    Run(RunId),
}

/// An event of the backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupEvent {
    /// It was made and verified, or could not be.
    Made(Result<Box<Summary>, BackupFailure>),
    /// It was kept in the browser and handed to the operator, or could not be.
    Saved(Result<(), BackupFailure>),
}

/// A decision of the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Tick a risk with the number that it concerns; 0 unticks it.
    Acknowledge(RiskClass, usize),
    /// Exclude an application.
    Exclude(AppIndex),
    /// Try a part again that failed.
    Retry(Part),
    /// Leave a part as it is: a schedule suspended, a run not started.
    Skip(Part),
    /// Redeploy an application instead of upgrading it.
    Redeploy(AppIndex),
    /// Redeploy an application although it may have unprocessed data. Holds the message that was acknowledged.
    AcceptRisk(AppIndex, String),
    /// Drain an application first: start the same version, let it catch up, stop it again.
    Drain(AppIndex),
    /// Roll an application back.
    RollBack(AppIndex),
    /// Read an application again.
    Refresh(AppIndex),
    /// Begin the work of the current step. The grace is that of the step that stops runs.
    Begin(Option<Grace>),
    /// Continue to the next step.
    Continue,
    /// Abort the upgrade.
    Abort,
}

/// A part of the operation that can be retried or skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The pause of a schedule.
    Pause(ScheduleIndex),
    /// The resumption of a schedule.
    Resume(ScheduleIndex),
    /// The restart of a run.
    Start(RestartIndex),
    /// The upgrade of an application.
    Application(AppIndex),
}

/// A call that changes something on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Call {
    /// Turns a schedule off.
    Pause,
    /// Turns a schedule on again.
    Resume,
    /// Starts a run again.
    Start,
    /// Starts the old version again, so that it reads what was left.
    Recover,
    /// Upgrades applications.
    Upgrade,
    /// Deploys an application on the other version of its artifact.
    Redeploy,
    /// Deploys an application as the backup has it.
    RollBack,
}

/// Why a call can't be sent. Nothing reached the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NotSentReason {
    /// This browser doesn't have the backup any more.
    NoBackup,
    /// The backup can't be read.
    BackupUnreadable,
    /// The backup has no configuration of the application that can be read.
    NoConfiguration,
    /// The operation doesn't know what to send.
    NoRequest,
}

impl Event {
    /// An event of this kind.
    pub fn new(at: Timestamp, kind: EventKind) -> Self {
        Self { at, kind }
    }

    /// A decision of the operator.
    pub fn command(at: Timestamp, command: Command) -> Self {
        Self::new(at, EventKind::Command(command))
    }

    /// The outcome of [`super::effects::Effect::ReadApplication`].
    pub fn application_read(at: Timestamp, application: usize, result: Result<AppSnapshot, Error>) -> Self {
        let event = AppEvent::Read(result.map(Box::new));
        Self::new(at, EventKind::Application(AppIndex(application), event))
    }

    /// The intent of [`super::effects::Effect::Send`]: in the journal before it is carried out.
    pub fn sending(at: Timestamp, call: Call, targets: Vec<usize>) -> Self {
        Self::new(at, EventKind::Request(RequestEvent::Sending { call, targets }))
    }

    /// The outcome of [`super::effects::Effect::Send`] when no request can be built, in place of [`Event::sending`].
    pub fn not_sent(
        at: Timestamp,
        call: Call,
        targets: Vec<usize>,
        reason: NotSentReason,
        details: Option<String>,
    ) -> Self {
        Self::new(at, EventKind::Request(RequestEvent::NotSent { call, targets, reason, details }))
    }

    /// The outcome of [`super::effects::Effect::Send`] for one of its targets. `Ok` holds the ID that the server answered, if
    /// any: of the new version for an upgrade and a deployment, of the run for a start.
    pub fn answered(at: Timestamp, call: Call, target: usize, result: Result<Option<String>, Error>) -> Self {
        let result = result.map(|id| id.map(|id| call.created(id)));
        Self::new(at, EventKind::Request(RequestEvent::Answered { call, target, result }))
    }

    /// The outcome of [`super::effects::Effect::ReadSchedule`].
    pub fn schedule_read(at: Timestamp, schedule: usize, result: Result<bool, Error>) -> Self {
        Self::new(at, EventKind::ScheduleRead(ScheduleIndex(schedule), result))
    }

    /// The outcome of [`super::effects::Effect::ReadRun`].
    pub fn run_read(at: Timestamp, restart: usize, result: Result<RunRecord, Error>) -> Self {
        let event = RestartEvent::RunRead(result.map(Box::new));
        Self::new(at, EventKind::Restart(RestartIndex(restart), event))
    }

    /// The outcome of [`super::effects::Effect::ReadRuns`].
    pub fn runs_read(at: Timestamp, restart: usize, result: Result<Vec<RunRecord>, Error>) -> Self {
        let event = RestartEvent::RunsRead(result.map(|records| RunSummary::of(&records)));
        Self::new(at, EventKind::Restart(RestartIndex(restart), event))
    }

    /// An event of the stop of the current step.
    pub fn stop(stop: stop::Event) -> Self {
        Self::new(stop.at(), EventKind::Stop(Box::new(stop)))
    }

    /// The outcome of [`super::effects::Effect::MakeBackup`].
    pub fn backed_up(at: Timestamp, result: Result<Summary, BackupFailure>) -> Self {
        Self::new(at, EventKind::Backup(BackupEvent::Made(result.map(Box::new))))
    }

    /// The outcome of [`super::effects::Effect::SaveBackup`].
    pub fn saved(at: Timestamp, result: Result<(), BackupFailure>) -> Self {
        Self::new(at, EventKind::Backup(BackupEvent::Saved(result)))
    }

    /// The error of a reading or of an answer.
    pub(super) fn error(&self) -> Option<&Error> {
        match &self.kind {
            EventKind::Application(_, AppEvent::Read(Err(error)))
            | EventKind::ScheduleRead(_, Err(error))
            | EventKind::Restart(_, RestartEvent::RunRead(Err(error)) | RestartEvent::RunsRead(Err(error)))
            | EventKind::Request(RequestEvent::Answered { result: Err(error), .. }) => Some(error),
            _ => None,
        }
    }

    /// Whether it shows that the server answers this session: a good answer, or a new session.
    pub(super) fn ends_outage(&self) -> bool {
        matches!(
            self.kind,
            EventKind::Application(_, AppEvent::Read(Ok(_)))
                | EventKind::ScheduleRead(_, Ok(_))
                | EventKind::Restart(_, RestartEvent::RunRead(Ok(_)) | RestartEvent::RunsRead(Ok(_)))
                | EventKind::Request(RequestEvent::Answered { result: Ok(_), .. })
                | EventKind::SignedIn
        )
    }
}

impl Call {
    /// The ID that the server answers to this call.
    pub(super) fn created(self, id: String) -> Created {
        match self {
            Self::Start | Self::Recover => Created::Run(id.into()),
            _ => Created::Version(id.into()),
        }
    }
}
