//! The top bar: mark, server and namespace, destinations, theme.

use super::theme::ThemeSwitch;
use super::user_menu::UserMenu;
use crate::client::info::Info;
use crate::client::{Client, use_client};
use crate::navigation::{NavigateOptions, use_navigate};
use crate::routes::{Address, Route, RouterName};
use crate::shell::{Overlay, use_shell};
use crate::text::{common, shell as shell_text};
use crate::ui::{Icon, Tone, icon};
use leptos::prelude::*;

/// The top bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let shell = use_shell();
    let client = use_client();
    let programs = move || client.at(Route::Programs { namespace: shell.namespace.get() }).href();
    let upgrade = move || client.at(Route::UpgradeForm { namespace: shell.namespace.get() }).href();
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
                <a href=client.at(Route::History).href() aria-current=move || at(2)>{shell_text::HISTORY}</a>
                <a href=client.at(Route::Server).href() aria-current=move || at(3)>{shell_text::SERVER}</a>
            </nav>
            <span class="push">
                <button class="jump" type="button" aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K"
                    on:click=move |_| shell.overlay.set(Some(Overlay::Palette))>
                    {icon(Icon::Search)}<span class="word">{shell_text::SEARCH_OR_JUMP}</span><kbd aria-hidden="true">{shell_text::CTRL_K}</kbd>
                </button>
                {move || client.read_only().map(|reason| view! { <span class="tag" data-tone=Tone::Idle.word() title=reason><span class="tag-mark">{icon(Icon::Lock)}</span><span class="word">{shell_text::READ_ONLY}</span></span> })}
                <UserMenu />
                <ThemeSwitch />
            </span>
        </header>
    }
}

/// Which server, and which namespace of it: both can be changed, the server where there are several routers.
#[component]
fn Place() -> impl IntoView {
    let shell = use_shell();
    let client = use_client();
    let names = client.info.with_untracked(Info::router_names);
    view! {
        {(names.len() > 1).then(|| view! { <RouterChoice names=names.clone()/> })}
        <button class="where" type="button" aria-haspopup="dialog" on:click=move |_| shell.overlay.set(Some(Overlay::Namespaces))>
            {(names.len() == 1).then(|| server_view(client))}
            <span class="vh">{shell_text::NAMESPACE}" "</span>
            <b>{move || shell.namespace.get().to_string()}</b>
            {icon(Icon::UpDown)}
        </button>
    }
}

/// Another router shows the page that has the same meaning there: namespaces, programs and operations are of one server.
fn page_of_another(route: Option<&Route>) -> Route {
    match route {
        Some(route @ (Route::History | Route::Server)) => route.clone(),
        _ => Route::Home,
    }
}

#[component]
fn RouterChoice(names: Vec<RouterName>) -> impl IntoView {
    let shell = use_shell();
    let client = use_client();
    let navigate = use_navigate();
    let current = client.router();
    let change = move |event| {
        if let Some(router) = RouterName::new(&event_target_value(&event)) {
            let route = shell.route.with_untracked(|route| page_of_another(route.as_ref()));
            navigate(&Address { router, route }.href(), NavigateOptions::default());
        }
    };
    let mut options = Vec::with_capacity(names.len());
    for router in names {
        let (name, value) = (router.as_str().to_owned(), router.as_str().to_owned());
        options.push(view! { <option value=value prop:selected={router == current}>{name}</option> });
    }
    let address = client.info.with_untracked(|info| info.address_of(&current).to_owned());
    view! {
        <label class="where" title=address>
            <span class="vh">{shell_text::ROUTER}</span>
            <select on:change=change>{options}</select>
            {icon(Icon::UpDown)}
        </label>
    }
}

/// The server of the only router.
fn server_view(client: Client) -> Option<AnyView> {
    let (name, address) = client.info.with_untracked(|info| {
        let router = client.router();
        (info.server_of(&router), info.address_of(&router).to_owned())
    });
    let name =
        name.split_once("://").map_or(name.as_str(), |(_, name)| name).trim_end_matches('/').to_owned();
    (!name.is_empty()).then(|| {
        view! { <span class="server" title=address>{name}</span><span class="server">"/"</span> }.into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_router_shows_no_page_about_a_thing_of_this_one() {
        let form = Route::UpgradeForm { namespace: "retail".into() };
        assert_eq!(page_of_another(Some(&form)), Route::Home);
        assert_eq!(page_of_another(None), Route::Home);
        for route in [Route::History, Route::Server] {
            assert_eq!(page_of_another(Some(&route)), route);
        }
    }
}
