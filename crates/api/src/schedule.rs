//! Schedules of an application (docs/cdap-api.md#schedules).
//!
//! ```
//! use quiesce_api::Endpoint;
//! use quiesce_api::schedule::{ScheduleRef, SwitchSchedule};
//!
//! let schedule =
//!     ScheduleRef { namespace: "default".into(), application: "orders".into(), name: "nightly".into() };
//! let pause = SwitchSchedule { schedule, on: false };
//! assert_eq!(pause.request().to_string(), "POST /v3/namespaces/default/apps/orders/schedules/nightly/disable");
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::{ApplicationId, NamespaceId, ProgramId};
use crate::list::{Rows, decode_body};
use crate::program::{self, BatchResult, ProgramRef, ProgramType};
use crate::request::Request;
use crate::response::Response;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// A schedule of an application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// Namespace of the schedule.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// Name of the schedule.
    pub name: String,
    /// Description by its author.
    #[serde(default)]
    pub description: String,
    /// The program that it starts.
    pub program: ScheduledProgram,
    /// The trigger, of any kind, as the server sent it.
    #[serde(default)]
    pub trigger: serde_json::Value,
    /// `SCHEDULED` or `SUSPENDED`.
    pub status: String,
    /// Time of the last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_update_time: Option<Millis>,
}

impl Schedule {
    /// Whether it is enabled.
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
    /// Type of the program.
    pub program_type: ProgramType,
}

/// Lists the schedules of an application.
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

/// The state of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ScheduleState {
    /// The schedule is enabled.
    Scheduled,
    /// The schedule is disabled.
    Suspended,
}

impl ScheduleState {
    /// The word on the wire; in lower case it is rejected (recording `schedules-filter-bad`).
    pub fn word(self) -> &'static str {
        match self {
            Self::Scheduled => "SCHEDULED",
            Self::Suspended => "SUSPENDED",
        }
    }
}

/// Lists the schedules of an application in one state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FilterSchedules {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// Status of the run.
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

/// The names that identify a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScheduleRef {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// Name of the schedule.
    pub name: String,
}

impl ScheduleRef {
    fn segments(&self) -> [&str; 7] {
        let (namespace, application) = (self.namespace.as_str(), self.application.as_str());
        ["v3", "namespaces", namespace, "apps", application, "schedules", &self.name]
    }
}

/// Reads one schedule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetSchedule {
    /// The schedule.
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

/// Reads the state of one schedule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetScheduleState {
    /// The schedule.
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

/// Enables or disables a schedule. 409 if it is already in this state.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SwitchSchedule {
    /// The schedule.
    pub schedule: ScheduleRef,
    /// Whether to enable or to disable it.
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

/// Enables every schedule of a namespace that was disabled within an interval of the server's clock, no matter by
/// whom (docs/cdap-api.md#re-enabling-schedules).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReEnableSchedules {
    /// The namespace.
    pub namespace: NamespaceId,
    /// Start of the interval, inclusive.
    pub from: Millis,
    /// End of the interval, exclusive.
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

/// Lists the schedules of all namespaces that are triggered by the end of a program's runs: alone, or as one of
/// several triggers (docs/cdap-api.md#schedule-actions).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListTriggered {
    /// The program.
    pub program: ProgramRef,
    /// Only schedules in this state.
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

/// Adds a schedule, which is disabled at first. 409 if the name exists (docs/cdap-api.md#schedule-actions).
#[derive(Clone, Debug, PartialEq)]
pub struct AddSchedule {
    /// Names of the new schedule.
    pub schedule: ScheduleRef,
    /// The program that it starts.
    pub program: ScheduledProgram,
    /// The trigger, of any kind.
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
    /// The schedule.
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

/// Reads the next start times of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetNextRuns {
    /// The workflow.
    pub program: ProgramRef,
}

/// A start time of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRun {
    /// The server's ID of the schedule.
    pub id: String,
    /// Time of the change.
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

/// Reads the next start times of many workflows. One service or worker among them fails the whole request with 500
/// (recording `next-runtime-batch-worker`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NextRuns {
    /// Namespace of the workflows.
    pub namespace: NamespaceId,
    /// The requested workflows.
    pub programs: Vec<ProgramRef>,
}

/// The next start times of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRunsOf {
    /// The start times; empty if the element failed.
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
