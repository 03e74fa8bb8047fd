//! The description of the server that serves the page: its routers, and what it allows.

use super::session::way::Credentials;
use super::transport;
use crate::routes::RouterName;
use quiesce_api::Request;
use quiesce_lifecycle::user::UserName;
use serde::Deserialize;

/// How long the page waits for it at most, in seconds. It comes from the server of the page itself.
const PATIENCE: u32 = 10;

/// What the server that serves the page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Info {
    /// `demo` or `serve`.
    #[serde(default)]
    pub mode: String,
    /// The first router, as the operator would name it.
    #[serde(default)]
    pub server: String,
    /// The version of the console.
    #[serde(default)]
    pub version: String,
    /// Whether the server rejects every request that changes something.
    #[serde(default)]
    pub read_only: bool,
    /// Whether the server answers identical reads of several browsers with one request.
    #[serde(default)]
    pub shared_reads: bool,
    /// The user that a proxy in front of the console reports.
    #[serde(default)]
    pub user: Option<UserName>,
    /// The routers. Empty where nothing describes them, such as behind a server of static files.
    #[serde(default)]
    pub routers: Vec<RouterInfo>,
}

/// A router.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct RouterInfo {
    /// Its name in paths; empty for a single unnamed router.
    #[serde(default)]
    pub name: String,
    /// The server, as the operator would name it.
    #[serde(default)]
    pub server: String,
    /// Whether a name and a password can be tried.
    #[serde(default)]
    pub password: bool,
    /// Who adds the token to a request.
    #[serde(default)]
    pub credentials: Credentials,
}

impl Info {
    /// Asks for it. A server that can't answer describes nothing.
    pub async fn load() -> Self {
        Self::read().await.unwrap_or_default()
    }

    /// Asks for it. `None`: the server did not answer, or describes nothing.
    pub async fn read() -> Option<Self> {
        let request = Request::get(["quiesce", "info"]);
        let unnamed = RouterName::default();
        match transport::send(&unnamed, &request, None, PATIENCE, &|_, _| {}).await {
            Ok(answer) if answer.status == 200 => quiesce_api::json::from_slice(&answer.body).ok(),
            _ => None,
        }
    }

    /// Whether the console runs with a sandbox in place of a real server.
    pub fn is_demo(&self) -> bool {
        self.mode == "demo"
    }

    /// The names of the routers, in the order of the server; the unnamed one if the server describes none.
    pub fn router_names(&self) -> Vec<RouterName> {
        let mut names = Vec::with_capacity(self.routers.len());
        names.extend(self.routers.iter().filter_map(|router| RouterName::new(&router.name)));
        if names.is_empty() {
            names.push(RouterName::default());
        }
        names
    }

    /// The name for people of the server behind a router: the name of the router, or else how its server is called.
    /// Operations are bound to it.
    pub fn server_of(&self, router: &RouterName) -> String {
        if !router.is_unnamed() {
            return router.as_str().to_owned();
        }
        let named = self.routers.iter().find(|it| it.name.is_empty()).map(|it| &it.server);
        named.unwrap_or(&self.server).clone()
    }

    /// The description of a router, if the server has one.
    pub fn router(&self, router: &RouterName) -> Option<&RouterInfo> {
        self.routers.iter().find(|it| it.name == router.as_str())
    }

    /// The address of the server behind a router, as far as it is told.
    pub fn address_of(&self, router: &RouterName) -> &str {
        self.router(router).map_or("", |it| it.server.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(text: &str) -> Info {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn an_operation_of_a_single_router_is_bound_to_its_server_and_one_of_several_to_the_name_of_its_router() {
        let single =
            info(r#"{"server":"cdap:11015","routers":[{"name":"","path":"","server":"cdap:11015"}]}"#);
        assert_eq!(single.server_of(&RouterName::default()), "cdap:11015");
        let before = info(r#"{"server":"cdap:11015"}"#);
        assert_eq!(before.server_of(&RouterName::default()), "cdap:11015");
        let several = info(
            r#"{"server":"sandbox","routers":[{"name":"prod","server":"sandbox"},{"name":"test","server":"sandbox"}]}"#,
        );
        let [prod, test] = ["prod", "test"].map(|name| several.server_of(&RouterName::new(name).unwrap()));
        assert_eq!((prod.as_str(), test.as_str()), ("prod", "test"));
    }

    #[test]
    fn only_a_server_that_says_so_is_a_demo() {
        assert!(info(r#"{"mode":"demo"}"#).is_demo());
        assert!(!info(r#"{"mode":"serve"}"#).is_demo());
        assert!(!Info::default().is_demo());
    }

    #[test]
    fn a_server_that_describes_no_router_has_the_unnamed_one() {
        assert_eq!(Info::default().router_names(), [RouterName::default()]);
        let several = info(r#"{"routers":[{"name":"b"},{"name":"Not A Name"},{"name":"a"}]}"#);
        let names = several.router_names();
        assert_eq!(names.iter().map(RouterName::as_str).collect::<Vec<_>>(), ["b", "a"]);
    }
}
