//! The pages: one folder or file each. `page` is the only way in.

pub(crate) mod choose_router;
mod failure;
mod freshness;
mod gallery;
mod held_keys;
mod history;
mod journal_file;
mod list_state;
mod load_part;
mod other_user;
mod outage_notice;
mod overlays;
mod parts;
mod program;
mod programs;
mod recorded;
mod server;
mod server_message;
mod sign_in;
mod stop;
mod tour;
mod upgrade;
mod version_id;
mod why;

use crate::client::info::Info;
use crate::client::{clock, open_operations, use_client};
use crate::routes::Route;
use crate::shell::use_shell;
use crate::text::shell;
use crate::ui::{EmptyState, Icon, PageHead, use_keys};
use held_keys::HeldKeys;
use leptos::prelude::*;
use load_part::{load_part, when_loaded};
use parts::Loaded;
use quiesce_api::ProgramRef;
use quiesce_lifecycle::journal::OperationId;

/// How long the tour waits before it is loaded, in milliseconds.
const TOUR_DELAY: u32 = 1_000;

/// The page of a route.
pub fn page(route: &Route) -> AnyView {
    match route.clone() {
        Route::Home => ().into_any(),
        Route::Programs { namespace } => view! { <programs::Programs namespace/> }.into_any(),
        Route::Program { namespace, application, program_type, program } => {
            let program = ProgramRef { namespace, application, program_type, program };
            load_part(move || parts::program(program.clone()))
        }
        Route::StopForm { namespace } => load_part(move || parts::stop_form(namespace.clone())),
        Route::Stop { namespace, operation } => {
            load_part(move || parts::stop(namespace.clone(), OperationId(operation.clone())))
        }
        Route::UpgradeForm { namespace } => load_part(move || parts::select_applications(namespace.clone())),
        Route::Upgrade { namespace, operation } => {
            load_part(move || parts::upgrade(namespace.clone(), OperationId(operation.clone())))
        }
        Route::History => load_part(parts::history),
        Route::Server => load_part(parts::server),
        Route::SignIn => load_part(parts::sign_in),
        Route::Gallery if use_client().info.with_untracked(Info::is_demo) => load_part(parts::gallery),
        Route::Gallery => missing(),
    }
}

/// In the place of every page once the operator has signed out: what the page showed is gone.
pub fn signed_out() -> AnyView {
    load_part(parts::signed_out)
}

/// The sign-in over a page, loaded when it is first needed.
#[component]
pub fn SignInDialog() -> impl IntoView {
    let asking = use_client().sign_in().asking;
    let asked = once(move || asking.get());
    move || asked.get().then(|| load_part(parts::sign_in_dialog))
}

/// The help on the keys, loaded when it is first opened.
#[component]
pub fn KeyHelp(
    /// Called when single keys are turned on or off.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    let help = use_keys().help;
    let opened = once(move || help.get());
    move || opened.get().then(|| load_part(move || parts::key_help(on_change)))
}

/// Whether something is, or was since the component began.
fn once(is: impl Fn() -> bool + Send + Sync + 'static) -> Memo<bool> {
    Memo::new(move |before: Option<&bool>| before == Some(&true) || is())
}

/// How long it takes until a part that nobody asked for is loaded again, in milliseconds.
const AGAIN: u32 = 5_000;

/// What opens over the page, loaded when it is first needed; what reads the operations that have not finished, loaded if
/// there may be one; what tells of those that wait for a person, loaded when there is one; and the tour, on a demo only.
#[component]
pub fn Overlays() -> impl IntoView {
    let client = use_client();
    let shell = use_shell();
    let (overlay, operations) = (shell.overlay, client.operations);
    let opened = once(move || overlay.with(Option::is_some));
    let works = once(move || operations.with(|all| !all.is_empty()));
    let overlays = move || {
        let held = HeldKeys::begin(shell);
        async move {
            let loaded = parts::overlays().await;
            drop(held);
            loaded
        }
    };
    let attention = || when_loaded(Box::pin(persistently(parts::attention)));
    let read = when_loaded(Box::pin(async {
        if open_operations::may_exist().await {
            return persistently(parts::open_operations).await;
        }
        ().into_any()
    }));
    let is_demo = client.info.with_untracked(Info::is_demo);
    let tour = || {
        when_loaded(Box::pin(async {
            // The rows go first.
            clock::sleep(TOUR_DELAY).await;
            persistently(parts::tour).await
        }))
    };
    view! {
        {move || opened.get().then(|| load_part(overlays))}
        {read}
        {move || works.get().then(attention)}
        {is_demo.then(tour)}
    }
}

/// The content of a part, as soon as the part can be loaded.
async fn persistently<F: Future<Output = Loaded>>(content: impl Fn() -> F) -> AnyView {
    loop {
        match content().await {
            Ok(content) => return content,
            Err(_) => clock::sleep(AGAIN).await,
        }
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
