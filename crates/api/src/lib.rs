//! The lifecycle REST API of CDAP as values.
//!
//! An [`Endpoint`] is a value that writes its [`Request`] and reads its [`Response`]. This crate does no I/O, reads no
//! clock and needs no browser, so the same value is sent, previewed, printed as curl, journaled and compared in tests.
//! There is one module per subject of the API, with its records and endpoints.
//!
//! # Send a request
//!
//! ```
//! use quiesce_api::application::ListApplications;
//! use quiesce_api::{Endpoint, Response};
//!
//! let list = ListApplications::all("default".into());
//! assert_eq!(list.request().to_string(), "GET /v3/namespaces/default/apps");
//!
//! // Send it with any HTTP client, then read the response.
//! let response = Response::new(200, "[]");
//! assert!(list.read(&response)?.rows.good.is_empty());
//! # Ok::<(), quiesce_api::Error>(())
//! ```
//!
//! # Read a list with an invalid record
//!
//! One invalid record does not hide the others: [`Rows`] keeps both.
//!
//! ```
//! use quiesce_api::schedule::ListSchedules;
//! use quiesce_api::{Endpoint, Response};
//!
//! let list = ListSchedules { namespace: "default".into(), application: "orders".into() };
//! let response = Response::new(200, r#"[
//!     {"namespace":"default","application":"orders","name":"nightly","status":"SCHEDULED",
//!      "program":{"programName":"DataPipelineWorkflow","programType":"WORKFLOW"}},
//!     {"namespace":"default","application":"orders","name":7}
//! ]"#);
//! let schedules = list.read(&response)?;
//! assert_eq!(schedules.good[0].name, "nightly");
//! assert_eq!(schedules.bad[0].error.path, "[1].name");
//! assert_eq!(schedules.bad[0].error.message, "invalid type: integer `7`, expected a string");
//! # Ok::<(), quiesce_api::Error>(())
//! ```
//!
//! # Print a request as curl
//!
//! ```
//! use quiesce_api::stop::{Graceful, StopRun};
//! use quiesce_api::{Endpoint, ProgramRef, ProgramType};
//!
//! let program = ProgramRef::new("default", "orders", ProgramType::Workflow, "DataPipelineWorkflow");
//! let stop = StopRun { run: program.run("5c3e0e37"), graceful: Graceful::Seconds(60) };
//! assert_eq!(
//!     stop.request().curl("http://127.0.0.1:11015", true),
//!     "curl --fail-with-body -X POST -H \"Authorization: Bearer $CDAP_TOKEN\" \
//!      'http://127.0.0.1:11015/v3/namespaces/default/apps/orders/workflows/DataPipelineWorkflow/runs/5c3e0e37/stop?graceful=60'"
//! );
//! ```

mod endpoint;
mod error;
mod id;
mod list;
mod program;
mod request;
mod response;
mod time;

pub mod application;
pub mod arguments;
pub mod artifact;
pub mod deploy;
pub mod export;
pub mod log;
pub mod metrics;
pub mod preferences;
pub mod routes;
pub mod run;
pub mod runtime_info;
pub mod schedule;
pub mod start;
pub mod stop;
pub mod system;
pub mod token;
pub mod upgrade;

pub use endpoint::Endpoint;
pub use error::{Error, Refusal, RefusalKind, TransportError, Undecodable};
pub use id::{ApplicationId, NamespaceId, ProgramId, RunId, VersionId};
pub use list::{InvalidRow, Rows, Truncation};
pub use program::{BatchResult, ProgramRef, ProgramType, RunRef};
pub use quiesce_json as json;
pub use request::{Method, Request};
pub use response::Response;
pub use time::{Millis, Seconds, Timestamp};
