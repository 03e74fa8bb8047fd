//! A page, or a part of one, that could not be had: what happened, what to do, the server's own words.

use super::server_message::server_message;
use super::why::why;
use crate::client::use_client;
use crate::text::common;
use crate::text::errors::{self, Asked, explain};
use crate::ui::{Button, ButtonVariant, Icon};
use leptos::prelude::*;
use quiesce_api::{Error, RefusalKind, TransportError};

/// The sections of the documents that explain an error.
const UNREACHABLE: &str = "guide#the-page-and-the-server-1";
const SIGN_IN: &str = "guide#sign-in-and-permissions";
const FORBIDDEN: &str = "guide#sign-in-and-permissions-7";

/// What is shown in the place of something that could not be had.
#[component]
pub fn Failure(
    /// The thing that was asked.
    #[prop(default = Asked::List)]
    asked: Asked,
    error: Error,
    /// Tries again.
    retry: Callback<()>,
) -> impl IntoView {
    let client = use_client();
    let kind = error.refusal().map(|refusal| refusal.kind);
    let it = explain(asked, &error);
    let unreachable = matches!(error, Error::Transport(TransportError::Unreachable(_)));
    let summary = if unreachable { common::no_answer(&client.server(), &error) } else { it.summary };
    let check = unreachable.then(|| {
        let router = client.router();
        errors::check_server(client.info.with_untracked(|info| info.address_of(&router).to_owned()))
    });
    let permission = error.server_message().filter(|_| kind == Some(RefusalKind::Forbidden));
    let permission = permission.and_then(errors::missing_permission);
    let section = section(&error).map(|section| why(section, summary.trim_end()));
    let shape = match kind {
        Some(RefusalKind::Forbidden | RefusalKind::Unauthenticated) => Icon::Lock,
        Some(RefusalKind::NotFound) => Icon::Search,
        None if matches!(error, Error::Transport(_)) => Icon::Unplug,
        _ => Icon::Alert,
    };
    let sign_in = kind == Some(RefusalKind::Unauthenticated);
    view! {
        <section class="panel">
            <div class="empty" role="alert">
                {crate::ui::icon(shape)}
                <h2>{summary}</h2>
                <p>{permission}{check}{it.advice}{section}</p>
                {server_message(&error)}
                <div class="actions">
                    {sign_in.then(|| view! { <Button on_press=move |()| client.ask_to_sign_in() look=ButtonVariant::Primary>{common::SIGN_IN}</Button> })}
                    <Button on_press=retry shape=Icon::Refresh>{common::TRY_NOW}</Button>
                </div>
            </div>
        </section>
    }
}

/// The section that explains an error.
fn section(error: &Error) -> Option<&'static str> {
    match (error, error.refusal().map(|refusal| refusal.kind)) {
        (Error::Transport(_), _) | (_, Some(RefusalKind::Unavailable)) => Some(UNREACHABLE),
        (_, Some(RefusalKind::Unauthenticated)) => Some(SIGN_IN),
        (_, Some(RefusalKind::Forbidden)) => Some(FORBIDDEN),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::Response;

    #[test]
    fn the_documents_explain_an_unavailable_server_a_missing_sign_in_and_a_missing_permission() {
        let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        let site = quiesce_docs::Site::read(&docs).unwrap();
        let refused = |status| section(&Error::refused(&Response::new(status, "")));
        let found = [section(&TransportError::TimedOut(60).into()), refused(503), refused(401), refused(403)];
        for section in found {
            assert!(section.is_some_and(|section| site.has_section(section)), "{section:?}");
        }
        assert_eq!(refused(404), None);
    }
}
