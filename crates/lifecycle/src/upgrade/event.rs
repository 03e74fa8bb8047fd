//! What happens to an upgrade. An event is one flat record for all that can happen, since each shape of record that
//! the journal reads and writes is paid for in the size of the page; the functions here are the only ways to make
//! one, and [`super::UpgradeOperation::apply`] leaves the state alone when a field that it needs is not there.

use super::look::{Look, Seen};
use super::risk::RiskClass;
use crate::backup::Summary;
use crate::grace::Grace;
use crate::stop;
use quiesce_api::run::RunRecord;
use quiesce_api::{Error, RunId, Timestamp, VersionId, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What sort of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum What {
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
    /// The operator goes on although something may be left.
    GoOnAnyway,
    /// The operator wants an application recovered first.
    Recover,
    /// What was recovered has caught up.
    CaughtUp,
    /// The operator wants something not put back.
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
    /// The operation was taken up from its journal.
    Resumed,
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
pub enum NotSent {
    /// This browser doesn't have the backup any more.
    NoBackup,
    /// The backup can't be read.
    BackupUnreadable,
    /// The backup has no configuration of the application that can be read.
    NoConfiguration,
    /// The operation doesn't know what to send.
    NoRequest,
}

/// Something that happened, at a moment by the browser's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
    /// To which application, schedule or start, by its place. Of [`What::Acknowledged`]: how many were ticked.
    #[serde(skip_serializing_if = "is_zero")]
    pub place: usize,
    /// The call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    /// The places of a call that names several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<usize>,
    /// Why there is no good answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
    /// What was read of an application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look: Option<Box<Look>>,
    /// The version that the server answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionId>,
    /// The run that a start became.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// What was read of a run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<RunRecord>>,
    /// What was read of a program's runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<Vec<Seen>>,
    /// What happened to the stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Box<stop::Event>>,
    /// The grace asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace: Option<Grace>,
    /// The backup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup: Option<Box<Summary>>,
    /// The risk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<RiskClass>,
    /// Whether a schedule is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    /// Why nothing was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_sent: Option<NotSent>,
    /// In words: a problem, or what was acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Event {
    fn new(at: Timestamp, what: What) -> Self {
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
            words: None,
        }
    }

    /// Reads an event out of the journal. By hand, since what is derived for so many fields that may be absent is
    /// several times as large. A field that is not known makes it an event that is not known.
    pub(crate) fn read(value: &Value) -> Option<Self> {
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
                "words" => event.words = json::from_value(value).ok()?,
                _ => return None,
            }
        }
        Some(event)
    }

    fn of(at: Timestamp, what: What, place: usize) -> Self {
        Self { place, ..Self::new(at, what) }
    }

    /// What [`super::Effect::Look`] brings.
    pub fn looked(at: Timestamp, place: usize, result: Result<Look, Error>) -> Self {
        let mut event = Self::of(at, What::Looked, place);
        match result {
            Ok(look) => event.look = Some(Box::new(look)),
            Err(error) => event.error = Some(error),
        }
        event
    }

    /// Before [`super::Effect::Send`] is carried out.
    pub fn sending(at: Timestamp, call: Call, places: Vec<usize>) -> Self {
        Self { call: Some(call), places, ..Self::new(at, What::Sending) }
    }

    /// What [`super::Effect::Send`] brings where there is no request, in place of [`Event::sending`].
    pub fn not_sent(
        at: Timestamp,
        call: Call,
        places: Vec<usize>,
        reason: NotSent,
        details: Option<String>,
    ) -> Self {
        let not_sent = Some(reason);
        Self { call: Some(call), places, not_sent, words: details, ..Self::new(at, What::NotSent) }
    }

    /// What [`super::Effect::Send`] brings, for each of its places. `Ok` holds the id that the server answered, if
    /// any: of the new version for an upgrade and a deployment, of the run for a start.
    pub fn answered(at: Timestamp, call: Call, place: usize, result: Result<Option<String>, Error>) -> Self {
        let mut event = Self { call: Some(call), ..Self::of(at, What::Answered, place) };
        match result {
            Ok(id) => match call {
                Call::Start | Call::Recover => event.run = id.map(RunId::from),
                _ => event.version = id.map(VersionId::from),
            },
            Err(error) => event.error = Some(error),
        }
        event
    }

    /// What [`super::Effect::ReadSchedule`] brings.
    pub fn schedule_read(at: Timestamp, place: usize, result: Result<bool, Error>) -> Self {
        let mut event = Self::of(at, What::ScheduleRead, place);
        match result {
            Ok(on) => event.on = Some(on),
            Err(error) => event.error = Some(error),
        }
        event
    }

    /// What [`super::Effect::ReadRun`] brings.
    pub fn run_read(at: Timestamp, place: usize, result: Result<RunRecord, Error>) -> Self {
        let mut event = Self::of(at, What::RunRead, place);
        match result {
            Ok(record) => event.record = Some(Box::new(record)),
            Err(error) => event.error = Some(error),
        }
        event
    }

    /// What [`super::Effect::ReadRuns`] brings.
    pub fn runs_read(at: Timestamp, place: usize, result: Result<Vec<RunRecord>, Error>) -> Self {
        let mut event = Self::of(at, What::RunsRead, place);
        match result {
            Ok(records) => event.seen = Some(Seen::of(&records)),
            Err(error) => event.error = Some(error),
        }
        event
    }

    /// Something that happened to the stop of this step.
    pub fn stop(stop: stop::Event) -> Self {
        Self { at: stop.at(), stop: Some(Box::new(stop)), ..Self::new(Timestamp::MIN, What::Stop) }
    }

    /// What [`super::Effect::MakeBackUp`] brings.
    pub fn backed_up(at: Timestamp, result: Result<Summary, String>) -> Self {
        let mut event = Self::new(at, What::BackedUp);
        match result {
            Ok(summary) => event.backup = Some(Box::new(summary)),
            Err(words) => event.words = Some(words),
        }
        event
    }

    /// What [`super::Effect::SaveBackUp`] brings.
    pub fn saved(at: Timestamp, result: Result<(), String>) -> Self {
        Self { words: result.err(), ..Self::new(at, What::Saved) }
    }

    /// The operator ticked a risk with its number; with 0, unticked it.
    pub fn acknowledged(at: Timestamp, risk: RiskClass, count: usize) -> Self {
        Self { risk: Some(risk), ..Self::of(at, What::Acknowledged, count) }
    }

    /// The operator began to stop, with this grace.
    pub fn begin_stop(at: Timestamp, grace: Grace) -> Self {
        Self { grace: Some(grace), ..Self::new(at, What::Begin) }
    }

    /// The operator goes on although something may be left in an application, in the words that were acknowledged.
    pub fn go_on_anyway(at: Timestamp, place: usize, words: String) -> Self {
        Self { words: Some(words), ..Self::of(at, What::GoOnAnyway, place) }
    }

    /// The operator wants a part tried again, or not put back: `call` says which list `place` counts in.
    pub fn part(at: Timestamp, what: What, call: Call, place: usize) -> Self {
        Self { call: Some(call), ..Self::of(at, what, place) }
    }

    /// The operator wants something of an application: [`What::LeftOut`], [`What::Redeploy`], [`What::Recover`],
    /// [`What::CaughtUp`], [`What::RollBack`], [`What::LookAgain`].
    pub fn application(at: Timestamp, what: What, place: usize) -> Self {
        Self::of(at, what, place)
    }

    /// Something that concerns the whole: [`What::Begin`], [`What::Continue`], [`What::Abort`],
    /// [`What::SignedIn`], [`What::Resumed`].
    pub fn whole(at: Timestamp, what: What) -> Self {
        Self::new(at, what)
    }
}
