//! Schedules of an application (docs/cdap-api.md#schedules).

use crate::list::decode_body;
use crate::program::{self, BatchResult};
use crate::{ApplicationId, Endpoint, Error, Millis, NamespaceId, ProgramId, ProgramRef, ProgramType};
use crate::{Request, Response, Rows};
use serde::{Deserialize, Serialize};

/// A schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// Where.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// The name.
    pub name: String,
    /// In the words of who made it.
    #[serde(default)]
    pub description: String,
    /// What it starts.
    pub program: ScheduledProgram,
    /// When it starts it: a trigger of any kind, as the server has it.
    #[serde(default)]
    pub trigger: serde_json::Value,
    /// `SCHEDULED` or `SUSPENDED`.
    pub status: String,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_update_time: Option<Millis>,
}

impl Schedule {
    /// Whether it fires.
    pub fn is_on(&self) -> bool {
        self.status == "SCHEDULED"
    }
}

/// The program that a schedule starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScheduledProgram {
    /// Its name.
    pub program_name: ProgramId,
    /// Its type.
    pub program_type: ProgramType,
}

/// The schedules of an application.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListSchedules {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
}

impl Endpoint for ListSchedules {
    type Output = Rows<Schedule>;

    fn request(&self) -> Request {
        Request::get([
            "v3",
            "namespaces",
            self.namespace.as_str(),
            "apps",
            self.application.as_str(),
            "schedules",
        ])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// The word of a schedule's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ScheduleState {
    /// It fires.
    Scheduled,
    /// It does not.
    Suspended,
}

impl ScheduleState {
    /// The word on the wire; in small letters it is refused (recording `schedules-filter-bad`).
    pub fn word(self) -> &'static str {
        match self {
            Self::Scheduled => "SCHEDULED",
            Self::Suspended => "SUSPENDED",
        }
    }
}

/// The schedules of an application that are in one state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FilterSchedules {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// The state.
    pub state: ScheduleState,
}

impl Endpoint for FilterSchedules {
    type Output = Rows<Schedule>;

    fn request(&self) -> Request {
        ListSchedules { namespace: self.namespace.clone(), application: self.application.clone() }
            .request()
            .query("schedule-status", self.state.word())
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// One schedule by its names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScheduleRef {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// The schedule.
    pub name: String,
}

impl ScheduleRef {
    fn segments(&self) -> [&str; 7] {
        let (namespace, application) = (self.namespace.as_str(), self.application.as_str());
        ["v3", "namespaces", namespace, "apps", application, "schedules", &self.name]
    }
}

/// One schedule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetSchedule {
    /// Which.
    pub schedule: ScheduleRef,
}

impl Endpoint for GetSchedule {
    type Output = Schedule;

    fn request(&self) -> Request {
        Request::get(self.schedule.segments())
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}

/// The state of one schedule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetScheduleState {
    /// Which.
    pub schedule: ScheduleRef,
}

/// The state of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleStateOf {
    /// `SCHEDULED`, `SUSPENDED`, or `NOT_FOUND`.
    pub status: String,
}

impl Endpoint for GetScheduleState {
    type Output = ScheduleStateOf;

    fn request(&self) -> Request {
        Request::get(self.schedule.segments().into_iter().chain(["status"]))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}

/// Turns a schedule on or off. 409 when it is so already.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SwitchSchedule {
    /// Which.
    pub schedule: ScheduleRef,
    /// Whether it shall fire.
    pub on: bool,
}

impl Endpoint for SwitchSchedule {
    type Output = ();

    fn request(&self) -> Request {
        let action = if self.on { "enable" } else { "disable" };
        Request::post(self.schedule.segments().into_iter().chain([action]))
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

/// Turns every schedule of a namespace on again that was turned off within a time by the server's clock, whoever
/// did it (docs/cdap-api.md#re-enabling-schedules).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReEnableSchedules {
    /// The namespace.
    pub namespace: NamespaceId,
    /// From this moment on.
    pub from: Millis,
    /// Before this moment.
    pub until: Millis,
}

impl Endpoint for ReEnableSchedules {
    type Output = ();

    fn request(&self) -> Request {
        Request::put(["v3", "namespaces", self.namespace.as_str(), "schedules", "re-enable"])
            .query("start-time-millis", self.from.0)
            .query("end-time-millis", self.until.0)
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

/// The schedules, of all namespaces, that the end of a program's runs sets off: alone, or as one of several triggers
/// (docs/cdap-api.md#schedule-actions).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListTriggered {
    /// The program.
    pub program: ProgramRef,
    /// Only those in this state.
    pub state: Option<ScheduleState>,
}

impl Endpoint for ListTriggered {
    type Output = Rows<Schedule>;

    fn request(&self) -> Request {
        let ProgramRef { namespace, application, program_type, program } = &self.program;
        let path = ["v3", "namespaces", namespace.as_str(), "schedules", "trigger-type", "program-status"];
        let request = Request::get(path)
            .query("trigger-namespace-id", namespace)
            .query("trigger-app-name", application)
            .query("trigger-program-type", program_type.path())
            .query("trigger-program-name", program);
        match self.state {
            Some(state) => request.query("schedule-status", state.word()),
            None => request,
        }
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// Adds a schedule, which is off then. 409 when there is one of this name (docs/cdap-api.md#schedule-actions).
#[derive(Clone, Debug, PartialEq)]
pub struct AddSchedule {
    /// Its names.
    pub schedule: ScheduleRef,
    /// What it starts.
    pub program: ScheduledProgram,
    /// When: a trigger of any kind.
    pub trigger: serde_json::Value,
}

impl Endpoint for AddSchedule {
    type Output = ();

    fn request(&self) -> Request {
        let body = serde_json::json!({
            "name": self.schedule.name,
            "program": {
                "programName": self.program.program_name,
                "programType": self.program.program_type.word().to_ascii_uppercase(),
            },
            "trigger": self.trigger,
        });
        Request::put(self.schedule.segments()).json(&body)
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

/// Deletes a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeleteSchedule {
    /// Which.
    pub schedule: ScheduleRef,
}

impl Endpoint for DeleteSchedule {
    type Output = ();

    fn request(&self) -> Request {
        Request::delete(self.schedule.segments())
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

/// When a workflow's schedules fire next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetNextRuns {
    /// The workflow.
    pub program: ProgramRef,
}

/// A moment at which a schedule fires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRun {
    /// The server's own id of the schedule.
    pub id: String,
    /// When.
    pub time: Millis,
}

impl Endpoint for GetNextRuns {
    type Output = Rows<NextRun>;

    fn request(&self) -> Request {
        Request::get(self.program.segments().into_iter().chain(["nextruntime"]))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// When the schedules of many workflows fire next. One service or worker among them fails the whole request with
/// 500 (recording `next-runtime-batch-worker`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NextRuns {
    /// Where the workflows live.
    pub namespace: NamespaceId,
    /// The workflows.
    pub programs: Vec<ProgramRef>,
}

/// When the schedules of a workflow fire next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRunsOf {
    /// The moments; empty when the element failed.
    #[serde(default)]
    pub schedules: Vec<NextRun>,
}

impl Endpoint for NextRuns {
    type Output = Rows<BatchResult<NextRunsOf>>;

    fn request(&self) -> Request {
        Request::post(["v3", "namespaces", self.namespace.as_str(), "nextruntime"])
            .json(&program::batch(&self.programs))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode_batch(response)
    }
}
