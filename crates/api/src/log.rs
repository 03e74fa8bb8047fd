//! The log of a run (docs/cdap-api.md#logs).
//!
//! ```
//! use quiesce_api::log::GetLogs;
//! use quiesce_api::{Endpoint, ProgramRef, ProgramType, Response, Seconds};
//!
//! let program = ProgramRef::new("default", "clicks", ProgramType::Spark, "DataStreamsSparkStreaming");
//! let get = GetLogs { run: program.run("5c3e0e37"), start: Some(Seconds(1_795_418_580)), stop: None };
//! assert!(get.request().target.ends_with("/runs/5c3e0e37/logs?format=json&start=1795418580"));
//!
//! let response = Response::new(200, r#"[{"log":{"timestamp":1795418580120,"message":"Stopping"}}]"#);
//! assert_eq!(get.read(&response)?.good[0].log.message, "Stopping");
//! # Ok::<(), quiesce_api::Error>(())
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::list::Rows;
use crate::program::RunRef;
use crate::request::Request;
use crate::response::Response;
use crate::time::{Millis, Seconds};
use serde::{Deserialize, Serialize};

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEvent {
    /// Content of the line.
    pub log: LogLine,
    /// Opaque cursor for the next read: `<offset>.<millis>`.
    #[serde(default)]
    pub offset: String,
}

/// The content of a log line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// Time of the change.
    pub timestamp: Millis,
    /// `ERROR`, `WARN`, `INFO`, `DEBUG`, `TRACE`.
    #[serde(default)]
    pub log_level: String,
    /// Name of the thread.
    #[serde(default)]
    pub thread_name: String,
    /// Short name of the logger.
    #[serde(default)]
    pub simple_class_name: String,
    /// The message. Text, not HTML.
    #[serde(default)]
    pub message: String,
    /// The stack trace; empty if there is none.
    #[serde(default)]
    pub stack_trace: String,
}

/// Reads the log of a run between two times. Lines can lag several seconds behind, and an error while the server
/// reads them truncates the list silently.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GetLogs {
    /// The run.
    pub run: RunRef,
    /// Start in seconds; `None` means the start of the run.
    pub start: Option<Seconds>,
    /// End in seconds; `None` means now. The server rejects an end at or before `start` (400).
    pub stop: Option<Seconds>,
}

impl Endpoint for GetLogs {
    type Output = Rows<LogEvent>;

    fn request(&self) -> Request {
        let mut request = Request::get(self.run.segments().chain(["logs"])).query("format", "json");
        if let Some(start) = self.start {
            request = request.query("start", start.0);
        }
        if let Some(stop) = self.stop {
            request = request.query("stop", stop.0);
        }
        request
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// Reads the whole log of a run as text, as the server writes it to its own files. It can be of any length: read it as
/// it comes.
///
/// ```
/// use quiesce_api::log::GetLogText;
/// use quiesce_api::{Endpoint, ProgramRef, ProgramType};
///
/// let program = ProgramRef::new("default", "clicks", ProgramType::Spark, "DataStreamsSparkStreaming");
/// let get = GetLogText { run: program.run("5c3e0e37") };
/// assert!(get.request().target.ends_with("/runs/5c3e0e37/logs?escape=false"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GetLogText {
    /// The run.
    pub run: RunRef,
}

impl Endpoint for GetLogText {
    type Output = String;

    fn request(&self) -> Request {
        // Without it the server escapes the text for HTML.
        Request::get(self.run.segments().chain(["logs"])).query("escape", false)
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Ok(response.text())
    }
}

/// The direction in which [`PageLogs`] reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LogDirection {
    /// After the offset; without one, from the start of the log (recording `logs`).
    Next,
    /// Before the offset; without one, from the end of the log.
    Previous,
}

/// Reads a page of a run's log, starting at an offset.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PageLogs {
    /// The run.
    pub run: RunRef,
    /// The direction from the offset.
    pub direction: LogDirection,
    /// Maximum number of lines; the server's default is 50.
    pub most: Option<u32>,
    /// The offset of a line that was already read.
    pub from: Option<String>,
}

impl Endpoint for PageLogs {
    type Output = Rows<LogEvent>;

    fn request(&self) -> Request {
        let word = match self.direction {
            LogDirection::Next => "next",
            LogDirection::Previous => "prev",
        };
        let mut request = Request::get(self.run.segments().chain(["logs", word])).query("format", "json");
        if let Some(most) = self.most {
            request = request.query("max", most);
        }
        if let Some(from) = &self.from {
            request = request.query("fromOffset", from);
        }
        request
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}
