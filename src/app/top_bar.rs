//! The top bar: mark, server and namespace, destinations, theme.

use super::theme::ThemeSwitch;
use crate::client::use_client;
use crate::routes::Route;
use crate::shell::use_shell;
use crate::text::{common, shell as shell_text};
use crate::ui::{Icon, icon};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use quiesce_api::NamespaceId;

/// The top bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let shell = use_shell();
    let programs = move || Route::Programs { namespace: shell.namespace.get() }.href();
    let upgrade = move || Route::UpgradeForm { namespace: shell.namespace.get() }.href();
    // Which of the four one is at.
    let at = move |place: usize| {
        shell.route.with(|route| {
            let here = match route.as_ref()? {
                Route::UpgradeForm { .. } | Route::Upgrade { .. } => 1,
                Route::History => 2,
                Route::Server => 3,
                route => route.namespace().map(|_| 0)?,
            };
            (here == place).then_some("page")
        })
    };
    view! {
        <header class="topbar">
            <a class="brand" href=programs aria-label=shell_text::HOME>
                <svg aria-hidden="true"><use href="#mark"></use></svg>
                <span>"Quiesce"</span>
            </a>
            <Place />
            <nav aria-label=shell_text::MAIN>
                <a href=programs aria-current=move || at(0)>{common::PROGRAMS}</a>
                <a href=upgrade aria-current=move || at(1)>{shell_text::UPGRADE}</a>
                <a href=Route::History.href() aria-current=move || at(2)>{shell_text::HISTORY}</a>
                <a href=Route::Server.href() aria-current=move || at(3)>{shell_text::SERVER}</a>
            </nav>
            <span class="push"><ThemeSwitch /></span>
        </header>
    }
}

/// Which server, and which namespace of it: the namespace can be changed.
#[component]
fn Place() -> impl IntoView {
    let shell = use_shell();
    let client = use_client();
    let navigate = use_navigate();
    let change = move |event| {
        let route = Route::Programs { namespace: NamespaceId::from(event_target_value(&event)) };
        navigate(&route.href(), NavigateOptions::default());
    };
    let options = move || {
        let current = shell.namespace.get();
        let mut all = shell.namespaces.get();
        if !all.contains(&current) {
            all.insert(0, current.clone());
        }
        let options = all.into_iter().map(|namespace| {
            let name = namespace.to_string();
            let value = name.clone();
            view! { <option value=value selected={namespace == current}>{name}</option> }
        });
        options.collect_view()
    };
    view! {
        <label class="where">
            {move || client.info.with(|info| (!info.server.is_empty()).then(|| server_view(&info.server)))}
            <span class="vh">{shell_text::NAMESPACE}</span>
            <select on:change=change>{options}</select>
            {icon(Icon::UpDown)}
        </label>
    }
}

fn server_view(router: &str) -> impl IntoView + use<> {
    let name = router.split_once("://").map_or(router, |(_, name)| name).trim_end_matches('/').to_owned();
    view! { <span class="server" title=router.to_owned()>{name}</span><span class="server">"/"</span> }
}
