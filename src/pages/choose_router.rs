//! The pages of an address that names no router of this console: the known ones are offered.

use super::load_part::load_part;
use super::parts;
use crate::client::clients::Clients;
use crate::navigation::{redirect, use_location};
use crate::routes::{Address, Route, RouterName};
use crate::text::shell as text;
use crate::ui::{EmptyState, Icon, PageHead};
use leptos::prelude::*;

/// An address without a router, on a console whose routers have names: the same page of the only one, or of the one
/// that was open last; else the choice.
pub(crate) fn unchosen(clients: Clients, last: Option<String>) -> AnyView {
    let route = requested();
    match only(clients.names(), &route, last.as_deref()) {
        Ok(router) => redirect(&Address { router, route }.href()),
        Err(names) => load(names, route, text::CHOOSE_ROUTER.to_owned(), text::CHOOSE_ROUTER_ADVICE),
    }
}

/// An address with a router that this console doesn't have.
pub(crate) fn unknown(clients: Clients, name: &str) -> AnyView {
    load(clients.names(), requested(), text::unknown_router(name), text::UNKNOWN_ROUTER_ADVICE)
}

fn load(names: Vec<RouterName>, route: Route, title: String, advice: &'static str) -> AnyView {
    load_part(move || parts::choose_router(names.clone(), route.clone(), title.clone(), advice))
}

/// The page of the address, whatever its router.
fn requested() -> Route {
    let path = use_location().pathname.get_untracked();
    Address::parse(&path).map_or(Route::Home, |address| address.route)
}

/// The router that is meant, or those to choose from. An address of a page names things of one server, so that the
/// last router is only taken for the address without a page.
fn only(names: Vec<RouterName>, route: &Route, last: Option<&str>) -> Result<RouterName, Vec<RouterName>> {
    let is_only = names.len() == 1;
    let meant = |name: &RouterName| is_only || *route == Route::Home && last == Some(name.as_str());
    names.iter().find(|name| meant(name)).cloned().ok_or(names)
}

/// The routers to choose from, each with its page of this route.
pub(super) fn choice(
    names: Vec<RouterName>,
    route: &Route,
    title: String,
    advice: &'static str,
) -> impl IntoView + use<> {
    let mut links = Vec::with_capacity(names.len());
    for router in names {
        let name = if router.is_unnamed() { text::HOME.to_owned() } else { router.as_str().to_owned() };
        let address = Address { router, route: route.clone() };
        links.push(view! { <li><a href=address.href()>{name}</a></li> });
    }
    view! {
        <main id="main" tabindex="-1">
            <PageHead title=text::CHOOSE_ROUTER/>
            <section class="panel">
                <EmptyState shape=Icon::Unplug title>
                    <p>{advice}</p>
                    <ul class="plain-list" aria-label=text::ROUTERS>{links}</ul>
                </EmptyState>
            </section>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<RouterName> {
        names.iter().filter_map(|name| RouterName::new(name)).collect()
    }

    #[test]
    fn the_only_router_is_meant_by_every_address_without_one() {
        let only = |route| only(names(&["prod"]), &route, None).unwrap();
        assert_eq!(only(Route::Home).as_str(), "prod");
        assert_eq!(only(Route::Programs { namespace: "default".into() }).as_str(), "prod");
    }

    #[test]
    fn the_last_router_is_meant_by_the_address_without_a_page_only() {
        let last = |route, last| only(names(&["prod", "test"]), &route, last);
        assert_eq!(last(Route::Home, Some("test")).unwrap().as_str(), "test");
        for (route, router) in
            [(Route::Home, None), (Route::Home, Some("gone")), (Route::History, Some("test"))]
        {
            assert_eq!(last(route, router), Err(names(&["prod", "test"])));
        }
    }
}
