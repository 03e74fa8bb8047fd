//! The pages: one folder or file each. `page` is the only way in.

mod failure;
mod freshness;
mod history;
mod journal_file;
mod list_state;
mod other_user;
mod outage_notice;
mod program;
mod programs;
mod server;
mod server_message;
mod sign_in;
mod stop;
mod upgrade;
mod why;

pub use sign_in::{SignInDialog, signed_out};

use crate::routes::Route;
use crate::text::shell;
use crate::ui::{EmptyState, Icon, PageHead};
use leptos::prelude::*;
use quiesce_api::ProgramRef;
use quiesce_lifecycle::journal::OperationId;

/// The page of a route.
pub fn page(route: &Route) -> AnyView {
    match route.clone() {
        Route::Home => ().into_any(),
        Route::Programs { namespace } => view! { <programs::Programs namespace/> }.into_any(),
        Route::Program { namespace, application, program_type, program } => {
            let program = ProgramRef { namespace, application, program_type, program };
            view! { <program::Program program/> }.into_any()
        }
        Route::StopForm { namespace } => view! { <stop::StopForm namespace/> }.into_any(),
        Route::Stop { namespace, operation } => {
            view! { <stop::StopProgress namespace operation=OperationId(operation)/> }.into_any()
        }
        Route::UpgradeForm { namespace } => view! { <upgrade::SelectApplications namespace/> }.into_any(),
        Route::Upgrade { namespace, operation } => {
            view! { <upgrade::Wizard namespace operation=OperationId(operation)/> }.into_any()
        }
        Route::History => view! { <history::History/> }.into_any(),
        Route::Server => view! { <server::Server/> }.into_any(),
        Route::SignIn => view! { <sign_in::SignIn/> }.into_any(),
    }
}

/// What is shown for a path that is that of no page.
pub fn missing() -> AnyView {
    view! {
        <PageHead title=shell::PAGE_NOT_FOUND />
        <div class="panel">
            <EmptyState shape=Icon::Search title=shell::NO_PAGE>
                <p>{shell::NO_PAGE_ADVICE}</p>
            </EmptyState>
        </div>
    }
    .into_any()
}
