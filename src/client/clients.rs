//! The clients of the routers: one for each, made when the page first shows the router and kept from then on, so that
//! signing in and findings outlast a visit of another router, and nothing of one reaches the other.

use super::info::Info;
use super::session::Client;
use crate::routes::RouterName;
use leptos::prelude::*;

/// The clients of all routers of the page.
#[derive(Clone, Copy)]
pub struct Clients {
    info: RwSignal<Info>,
    made: StoredValue<Vec<(RouterName, Client)>>,
    owner: StoredValue<Owner>,
}

/// What a path asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A page of this router.
    Router(RouterName),
    /// Some router: the path names none, and all have names.
    Unchosen,
    /// A router that this console doesn't have.
    Unknown(String),
}

impl Clients {
    /// Puts them into the context of the page.
    pub fn provide(info: Info) -> Self {
        let owner = Owner::current().unwrap_or_default();
        let clients = Self {
            info: RwSignal::new(info),
            made: StoredValue::new(Vec::new()),
            owner: StoredValue::new(owner),
        };
        provide_context(clients);
        clients
    }

    /// The names of all routers.
    pub fn names(self) -> Vec<RouterName> {
        self.info.with_untracked(Info::router_names)
    }

    /// The client of a router.
    pub fn of(self, router: &RouterName) -> Client {
        let made = self
            .made
            .with_value(|made| made.iter().find(|(name, _)| name == router).map(|(_, client)| *client));
        made.unwrap_or_else(|| {
            let owner = self.owner.get_value();
            let client = owner.with(|| {
                let client = Client::new(router.clone(), self.info);
                // Another user may have other permissions.
                Effect::new(move || {
                    client.signed_in.track();
                    client.retry_refused();
                });
                client
            });
            self.made.update_value(|made| made.push((router.clone(), client)));
            client
        })
    }

    /// What a path asks for.
    pub fn place(self, path: &str) -> Place {
        place(path, &self.names())
    }
}

fn place(path: &str, names: &[RouterName]) -> Place {
    match RouterName::split(path) {
        Some((router, _)) if names.contains(&router) => Place::Router(router),
        Some((router, _)) if router.is_unnamed() => Place::Unchosen,
        Some((router, _)) => Place::Unknown(router.as_str().to_owned()),
        None => Place::Unknown(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<RouterName> {
        names.iter().filter_map(|name| RouterName::new(name)).collect()
    }

    #[test]
    fn a_single_unnamed_router_has_every_path_without_a_router() {
        let single = names(&[""]);
        for path in ["/", "/ns/default/programs", "/nowhere"] {
            assert_eq!(place(path, &single), Place::Router(RouterName::default()), "{path}");
        }
        assert_eq!(place("/r/prod/history", &single), Place::Unknown("prod".to_owned()));
    }

    #[test]
    fn named_routers_are_told_apart_by_the_path() {
        let several = names(&["prod", "test"]);
        let [prod, test] = ["prod", "test"].map(|name| Place::Router(RouterName::new(name).unwrap()));
        assert_eq!(place("/r/prod/ns/default/programs", &several), prod);
        assert_eq!(place("/r/test/ns/default/programs", &several), test);
        assert_eq!(place("/r/dev/history", &several), Place::Unknown("dev".to_owned()));
        assert_eq!(place("/r/PROD/history", &several), Place::Unknown("/r/PROD/history".to_owned()));
        assert_eq!(place("/ns/default/programs", &several), Place::Unchosen);
    }
}
