//! The pages outside the first module that the browser loads. Each belongs to a part, a WebAssembly module that is
//! loaded when one of its pages is first opened (docs/adr/0019-parts-of-the-page.md).
//!
//! Without the feature `split` all of them are in the one module that `trunk serve` builds.
#![allow(unsafe_code, reason = "wasm_split declares the functions that load the parts")]

use super::recorded::Recorded;
use super::{choose_router, gallery, history, overlays, program, server, sign_in, stop, tour, upgrade};
use crate::client::session::password::SignInError;
use crate::routes::{Route, RouterName};
use crate::ui::KeyHelp;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use quiesce_api::{NamespaceId, ProgramRef};
use quiesce_lifecycle::journal::OperationId;
use quiesce_lifecycle::stop::RunView;

/// A page; it waits until its part is loaded.
pub type Loaded = Result<AnyView, SplitLoaderError>;

/// Declares pages of a part.
macro_rules! part {
    ($part:ident: $(fn $page:ident($($argument:ident: $type:ty),*) $body:block)*) => {$(
        #[cfg(feature = "split")]
        #[leptos::wasm_split::wasm_split($part, fallible, wasm_split_path = leptos::wasm_split)]
        pub fn $page($($argument: $type),*) -> Loaded {
            Ok($body.into_any())
        }

        #[cfg(not(feature = "split"))]
        pub async fn $page($($argument: $type),*) -> Loaded {
            Ok($body.into_any())
        }
    )*};
}

part! { stop:
    fn program(program: ProgramRef) {
        view! { <program::Program program/> }
    }
    fn stop_form(namespace: NamespaceId) {
        view! { <stop::StopForm namespace/> }
    }
    fn stop(namespace: NamespaceId, operation: OperationId) {
        view! { <stop::StopProgress namespace operation/> }
    }
    fn stop_example(recorded: Recorded) {
        stop::example(recorded)
    }
    fn run_example(run: RunView) {
        stop::run_example(run)
    }
}

part! { upgrade:
    fn select_applications(namespace: NamespaceId) {
        view! { <upgrade::SelectApplications namespace/> }
    }
    fn upgrade(namespace: NamespaceId, operation: OperationId) {
        view! { <upgrade::Wizard namespace operation/> }
    }
    fn upgrade_example(recorded: Recorded) {
        upgrade::example(recorded)
    }
}

part! { records:
    fn history() {
        view! { <history::History/> }
    }
    fn history_example(operations: Vec<(Recorded, u32)>) {
        history::example(operations)
    }
    fn server() {
        view! { <server::Server/> }
    }
}

part! { sign_in:
    fn choose_router(names: Vec<RouterName>, route: Route, title: String, advice: &'static str) {
        choose_router::choice(names, &route, title, advice)
    }
    fn sign_in() {
        view! { <sign_in::SignIn/> }
    }
    fn signed_out() {
        sign_in::signed_out()
    }
    fn sign_in_example(error: SignInError) {
        sign_in::example(error)
    }
    fn sign_in_dialog() {
        view! { <sign_in::SignInDialog/> }
    }
}

part! { palette:
    fn overlays() {
        view! { <overlays::Overlays/> }
    }
    fn key_help(on_change: Callback<bool>) {
        view! { <KeyHelp on_change/> }
    }
    fn attention() {
        overlays::attention()
    }
    fn open_operations() {
        overlays::read_open_operations()
    }
}

part! { demo:
    fn gallery() {
        view! { <gallery::Gallery/> }
    }
    fn tour() {
        tour::tour()
    }
}
