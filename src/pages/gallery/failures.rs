//! Failures of each kind.

use crate::pages::failure::Failure;
use crate::pages::server_message::error_view;
use crate::text::errors::Asked;
use crate::text::gallery as text;
use crate::ui::{Notice, Tone};
use leptos::prelude::*;
use quiesce_api::{Error, Response, TransportError, Undecodable};

fn refused(status: u16, message: &str) -> Error {
    Error::refused(&Response::new(status, message))
}

/// One error of each kind.
fn errors() -> Vec<Error> {
    let half = Undecodable {
        path: "[3].status".to_owned(),
        message: text::UNREADABLE.to_owned(),
        raw: "[{\"status\":".to_owned(),
    };
    let trace = [text::FIRST_LINE, text::STACK].concat();
    vec![
        TransportError::Unreachable(text::CONNECTION.to_owned()).into(),
        TransportError::TimedOut(30).into(),
        refused(400, text::FIRST_LINE),
        refused(401, ""),
        refused(403, text::SERVER_MESSAGE),
        refused(404, ""),
        refused(409, text::FIRST_LINE),
        refused(429, ""),
        refused(500, &trace),
        refused(501, ""),
        refused(503, ""),
        half.into(),
    ]
}

/// In the place of a page.
pub fn of_pages() -> AnyView {
    let nothing = Callback::new(|()| ());
    errors().into_iter().map(|error| view! { <Failure error retry=nothing/> }).collect_view().into_any()
}

/// In a notice, for each change.
pub fn of_changes() -> AnyView {
    let mut notices = Vec::new();
    for asked in [Asked::Start, Asked::Stop, Asked::Schedule, Asked::Deploy, Asked::Upgrade] {
        for error in [refused(404, ""), refused(409, text::FIRST_LINE), TransportError::TimedOut(30).into()] {
            notices.push(view! { <Notice tone=Tone::Bad>{error_view(asked, &error)}</Notice> });
        }
    }
    notices.into_any()
}
