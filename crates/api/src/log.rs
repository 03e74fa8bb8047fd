//! The log of a run (docs/cdap-api.md#logs).

use crate::{Endpoint, Error, Millis, Request, Response, Rows, RunRef, Seconds};
use serde::{Deserialize, Serialize};

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEvent {
    /// The line.
    pub log: LogLine,
    /// Where it stands: `<offset>.<millis>`, opaque, the cursor of the next read.
    #[serde(default)]
    pub offset: String,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// When.
    pub timestamp: Millis,
    /// `ERROR`, `WARN`, `INFO`, `DEBUG`, `TRACE`.
    #[serde(default)]
    pub log_level: String,
    /// The thread.
    #[serde(default)]
    pub thread_name: String,
    /// The logger, by its short name.
    #[serde(default)]
    pub simple_class_name: String,
    /// The words. Text, not HTML.
    #[serde(default)]
    pub message: String,
    /// The stack trace, or empty.
    #[serde(default)]
    pub stack_trace: String,
}

/// The lines of a run between two moments. They can lag several seconds behind what happened, and an error while
/// the server reads them cuts the list without a word.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GetLogs {
    /// The run.
    pub run: RunRef,
    /// From this second on; without it, from the start of the run.
    pub start: Option<Seconds>,
    /// Up to this second; without it, until now. A server refuses one at or before `start` (400).
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

/// Which end of a log [`PageLogs`] reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LogDirection {
    /// What comes after the offset; without one, the log's beginning (recording `logs`).
    Next,
    /// What comes before the offset; without one, the log's end.
    Previous,
}

/// So many lines of a run's log, from an offset on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PageLogs {
    /// The run.
    pub run: RunRef,
    /// Which way.
    pub direction: LogDirection,
    /// At most so many lines; the server's default is 50.
    pub most: Option<u32>,
    /// Where to begin: the offset of a line that was read.
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
