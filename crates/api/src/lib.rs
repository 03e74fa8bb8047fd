//! The lifecycle REST API of CDAP as values.
//!
//! An [`Endpoint`] is a value that writes its [`Request`] and reads its [`Response`]. Nothing here does I/O,
//! looks at a clock or knows a browser, so the same value is sent, previewed, printed as curl, journalled and
//! compared in tests.
//!
//! One module per subject of the API; each holds the records and the endpoints of that subject.

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
pub mod json;
pub mod live;
pub mod log;
pub mod metrics;
pub mod preferences;
pub mod run;
pub mod schedule;
pub mod start;
pub mod stop;
pub mod system;
pub mod token;
pub mod upgrade;

pub use endpoint::Endpoint;
pub use error::{Error, Refusal, RefusalKind, TransportError, Undecodable};
pub use id::{ApplicationId, NamespaceId, ProgramId, RunId, VersionId};
pub use list::{BadRow, Cut, Rows};
pub use program::{BatchResult, ProgramRef, ProgramType, RunRef};
pub use request::{Method, Request};
pub use response::Response;
pub use time::{Millis, Seconds, Timestamp};
