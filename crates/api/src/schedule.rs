//! Schedules of an application (API section 5).

use crate::{
    ApplicationId, Endpoint, Error, Millis, NamespaceId, ProgramId, ProgramType, Request, Response, Rows,
};
use serde::{Deserialize, Serialize};

/// A schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
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
