//! The access log: one event for each request, with the target `access`.

use super::record::Record;
use crate::error_response::OwnError;
use crate::shared_reads::SharedRead;
use http::StatusCode;
use tracing::Level;

/// Logs a request at the end of its response.
pub(super) fn log(record: &Record) {
    let ms = u64::try_from(record.started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let error = record.error.as_ref();
    let message = error.filter(|error| is_for_operators(record.status, error)).map(|error| &*error.message);
    let message = message.unwrap_or("request");
    macro_rules! event {
        ($level:expr) => {
            tracing::event!(
                target: "access",
                $level,
                method = %record.method,
                path = record.label.path,
                status = record.status.as_u16(),
                ms,
                bytes = record.bytes,
                request_id = record.id.as_str(),
                router = some(&record.label.router),
                user = record.user.as_deref(),
                shared = record.shared.map(SharedRead::as_str),
                error = error.map(|error| error.code),
                sent = error.map(|error| error.sent.as_str()),
                interrupted = record.interrupted.then_some(true),
                "{message}"
            )
        };
    }
    if error.is_some() {
        event!(Level::WARN);
    } else if record.label.is_routine() {
        event!(Level::DEBUG);
    } else {
        event!(Level::INFO);
    }
}

/// Whether the message of an error tells an operator more than its code, and repeats no path.
fn is_for_operators(status: StatusCode, error: &OwnError) -> bool {
    status.is_server_error() || (status == StatusCode::FORBIDDEN && error.code != "read_only")
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
