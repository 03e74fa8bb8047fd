//! What is around every page: top bar, the strip of what is in work, the page, and what floats over it.

mod strip;
mod theme;
mod top_bar;
mod user_menu;

use crate::client::clients::{Clients, Place};
use crate::client::info::Info;
use crate::client::session::state::Session;
use crate::client::{Client, clock, preferences};
use crate::navigation::{Location, NavigateOptions, redirect, use_location, use_navigate};
use crate::pages;
use crate::routes::{Address, Route, RouterName};
use crate::shell::{Overlay, Shell};
use crate::text::{common, shell as shell_text};
use crate::theme::provide_theme;
use crate::ui::{Announcer, Arrival, Keys, LiveRegion, TitleContext, ToastArea, Toasts, bind_key};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use quiesce_api::NamespaceId;
use strip::OperationStrip;
use top_bar::TopBar;

/// Remembers the last namespace, for each router.
const NAMESPACE: &str = "namespace";
/// Remembers the last router.
const ROUTER: &str = "router";
/// Remembers that single keys are off.
const KEYS: &str = "keys";

/// The application, on a server that says this of itself.
pub fn app(info: Info) -> impl IntoView {
    let clients = Clients::provide(info);
    Location::provide();
    Announcer::provide();
    Toasts::provide();
    Arrival::provide();
    provide_theme();
    Keys::provide(preferences::get(KEYS).as_deref() != Some("off"));
    view! {
        <Places clients/>
        <pages::KeyHelp on_change=|on: bool| preferences::set(KEYS, if on { "on" } else { "off" }) />
        <ToastArea />
        <LiveRegion />
    }
}

/// One frame for each router, made anew when another one is chosen: nothing that one router's pages hold is left then.
#[component]
fn Places(clients: Clients) -> impl IntoView {
    let path = use_location().pathname;
    let place = Memo::new(move |_| path.with(|path| clients.place(path)));
    move || match place.get() {
        Place::Router(router) => {
            let client = clients.of(&router);
            provide_context(client);
            clock::show(&router);
            if !router.is_unnamed() {
                preferences::set(ROUTER, router.as_str());
            }
            view! { <Frame client/> }.into_any()
        }
        Place::Unchosen => pages::choose_router::unchosen(clients, preferences::get(ROUTER)),
        Place::Unknown(name) => pages::choose_router::unknown(clients, &name),
    }
}

#[component]
fn Frame(client: Client) -> impl IntoView {
    let shell = provide_shell(client);
    bind_places(client, shell);
    let signed_out = Memo::new(move |_| client.sign_in().session.with(Session::is_signed_out));
    // The path decides the page, in src/routes.rs and nowhere else.
    let page = move || match shell.route.get() {
        _ if signed_out.get() => pages::signed_out(),
        Some(Route::Home) => {
            let programs = Route::Programs { namespace: shell.namespace.get_untracked() };
            redirect(&client.at(programs).href())
        }
        Some(route) => pages::page(&route),
        None => pages::missing(),
    };
    view! {
        <a class="skip" href="#main" on:click=skip>{shell_text::SKIP}</a>
        <TopBar />
        <OperationStrip />
        <main id="main" tabindex="-1">{page}</main>
        <pages::Overlays />
        <pages::SignInDialog />
    }
}

fn provide_shell(client: Client) -> Shell {
    let path = use_location().pathname;
    let router = client.router();
    let remembers = match router.as_str() {
        "" => NAMESPACE.to_owned(),
        name => format!("{NAMESPACE}.{name}"),
    };
    // While another router is chosen this frame keeps its page: it must not show a page of the other one.
    let route = Memo::new(move |before: Option<&Option<Route>>| {
        path.with(|path| match RouterName::split(path) {
            Some((of, _)) if of == router => Address::parse(path).map(|address| address.route),
            _ => before.cloned().flatten(),
        })
    });
    let last = preferences::get(&remembers).unwrap_or_else(|| "default".to_owned());
    let namespace = RwSignal::new(NamespaceId::from(last));
    let arrival: Arrival = expect_context();
    Effect::new(move |before: Option<Option<Route>>| {
        let route = route.get();
        if let Some(of_page) = route.as_ref().and_then(Route::namespace)
            && namespace.with_untracked(|namespace| namespace != of_page)
        {
            preferences::set(&remembers, of_page.as_str());
            namespace.set(of_page.clone());
        }
        before.is_some().then(|| arrival.expect());
        route
    });
    let shell = Shell {
        route,
        namespace,
        overlay: RwSignal::new(None),
        typed: RwSignal::new(String::new()),
        selected: StoredValue::new(None),
        waiting: RwSignal::new(0),
    };
    provide_context(shell);
    provide_context(TitleContext { router: client.router().as_str().to_owned(), waiting: shell.waiting });
    shell
}

/// The keys that lead to a page from every page, and those of the palette.
fn bind_places(client: Client, shell: Shell) {
    bind_key("Ctrl+k", shell_text::SEARCH_OR_JUMP, move || shell.overlay.set(Some(Overlay::Palette)));
    bind_key("g n", shell_text::SWITCH_NAMESPACE, move || shell.overlay.set(Some(Overlay::Namespaces)));
    let navigate = use_navigate();
    bind_key("g p", common::PROGRAMS, move || {
        let route = Route::Programs { namespace: shell.namespace.get_untracked() };
        navigate(&client.at(route).href(), NavigateOptions::default());
    });
    bind_key("g u", shell_text::UPGRADE, move || {
        let route = Route::UpgradeForm { namespace: shell.namespace.get_untracked() };
        navigate(&client.at(route).href(), NavigateOptions::default());
    });
    bind_key("g h", shell_text::HISTORY, move || {
        navigate(&client.at(Route::History).href(), NavigateOptions::default());
    });
    bind_key("g v", shell_text::SERVER, move || {
        navigate(&client.at(Route::Server).href(), NavigateOptions::default());
    });
}

/// Moves the focus itself: a link to `#main` would be a change of page to the router.
fn skip(event: web_sys::MouseEvent) {
    event.prevent_default();
    if let Ok(Some(heading)) = document().query_selector("main h1")
        && let Ok(heading) = JsCast::dyn_into::<web_sys::HtmlElement>(heading)
    {
        let _ = heading.focus();
    }
}
