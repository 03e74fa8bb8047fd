//! What the whole page shares: how to call the server, who is signed in, the findings about the server.

use super::info::Info;
use super::{clock, journal, transport};
use crate::routes::{Address, Route, RouterName};
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use quiesce_api::application::{ApplicationDetails, ListApplications, Page};
use quiesce_api::stop::ProbeGraceful;
use quiesce_api::system::{GetStopSettings, GetVersion, ListComponentVersions};
use quiesce_api::{Endpoint, Error, NamespaceId, Request, Response};
use quiesce_lifecycle::findings::ServerFindings;
use quiesce_lifecycle::journal::Header;
use quiesce_lifecycle::permission::Permissions;

/// The router of a client. Behind one handle: a client is copied everywhere.
struct OfRouter {
    name: RouterName,
    /// What may be changed on its server.
    permissions: RwSignal<Permissions>,
}

/// The page's way to the server behind a router, with all that is known of it. Cheap to copy; one for each router.
#[derive(Clone, Copy)]
pub struct Client {
    router: StoredValue<OfRouter>,
    token: RwSignal<Option<String>>,
    /// Set while the server wants a token: what it said.
    pub sign_in: RwSignal<Option<Error>>,
    /// How often the user signed in: what waits for it starts again.
    pub signed_in: RwSignal<u32>,
    /// The findings about the server.
    pub findings: RwSignal<ServerFindings>,
    /// Whether the findings are being taken.
    pub finding: RwSignal<bool>,
    /// What serves the page.
    pub info: RwSignal<Info>,
    /// How far this browser's clock is ahead of the server's, in seconds, where they differ by more than a minute.
    pub skew: RwSignal<Option<i64>>,
    /// The operations of this browser that have not finished.
    pub operations: RwSignal<Vec<Header>>,
}

/// The client of the page.
pub fn use_client() -> Client {
    expect_context()
}

impl Client {
    /// The client of a router. It lives as long as the owner in which it is made.
    pub(super) fn new(router: RouterName, info: RwSignal<Info>) -> Self {
        let read_only = info.with_untracked(|info| info.read_only);
        let client = Self {
            router: StoredValue::new(OfRouter {
                name: router,
                permissions: RwSignal::new(Permissions::new(read_only)),
            }),
            token: RwSignal::new(None),
            sign_in: RwSignal::new(None),
            signed_in: RwSignal::new(0),
            findings: RwSignal::new(ServerFindings::default()),
            finding: RwSignal::new(false),
            info,
            skew: RwSignal::new(None),
            operations: RwSignal::new(Vec::new()),
        };
        leptos::task::spawn_local(client.refresh_operations());
        client
    }

    /// Its router.
    pub fn router(self) -> RouterName {
        self.router.with_value(|router| router.name.clone())
    }

    /// What may be changed there.
    pub fn permissions(self) -> RwSignal<Permissions> {
        self.router.with_value(|router| router.permissions)
    }

    /// The address of a page of its router.
    pub fn at(self, route: Route) -> Address {
        Address { router: self.router(), route }
    }

    /// The address of the page of an operation, if this console has one for its kind and a router for its server.
    pub fn operation(self, header: &Header) -> Option<Address> {
        let route = Route::operation(header)?;
        if header.server == self.server() {
            return Some(self.at(route));
        }
        let names = self.info.with_untracked(Info::router_names);
        let mut others = names.into_iter().filter(|name| !name.is_unnamed());
        let router = others.find(|name| name.as_str() == header.server)?;
        Some(Address { router, route })
    }

    /// Where the API is, for a curl line: where the page's own server forwards it.
    pub fn api(self) -> String {
        window().location().origin().unwrap_or_default() + &self.router().prefix()
    }

    /// Calls an endpoint.
    pub fn call<E: Endpoint>(self, endpoint: &E) -> LocalBoxFuture<'_, Result<E::Output, Error>> {
        transport::read(endpoint, self.send(endpoint.request()))
    }

    /// Sends a request as it is. A 401 opens the sign-in.
    pub fn send(self, request: Request) -> LocalBoxFuture<'static, Result<Response, Error>> {
        self.send_for(request, transport::PATIENCE, |_, _| {})
    }

    /// Sends a request whose answer may take this many seconds.
    pub fn send_for(
        self,
        request: Request,
        patience: u32,
        progress: impl Fn(u64, Option<u64>) + 'static,
    ) -> LocalBoxFuture<'static, Result<Response, Error>> {
        let (router, token) = (self.router(), self.token.get_untracked());
        let progress: Box<dyn Fn(u64, Option<u64>)> = Box::new(progress);
        Box::pin(async move {
            let answer = transport::send(&router, &request, token.as_deref(), patience, &*progress).await?;
            let skew = clock::skew(&router);
            if self.skew.get_untracked() != skew {
                self.skew.set(skew);
            }
            self.learn_permissions(&request, &answer);
            if answer.status == 401 && self.sign_in.get_untracked().is_none() {
                self.sign_in.set(Some(Error::refused(&answer)));
            }
            Ok(answer)
        })
    }

    /// Whether a token is in use, so that a copied curl line needs one.
    pub fn has_token(self) -> bool {
        self.token.with(Option::is_some)
    }

    /// Tries a token. It is kept, in memory only, when the server takes it. A token that is not base64 is answered
    /// with 500 by the router (docs/cdap-api.md#authentication), so that means the same.
    pub async fn sign_in_with(self, token: String) -> Result<(), Error> {
        let (router, request) = (self.router(), GetVersion.request());
        let answer =
            transport::send(&router, &request, Some(&token), transport::PATIENCE, &|_, _| {}).await?;
        match GetVersion.read(&answer) {
            Err(error) if answer.status != 403 => Err(error),
            _ => {
                self.token.set(Some(token));
                self.sign_in.set(None);
                self.signed_in.update(|times| *times += 1);
                Ok(())
            }
        }
    }

    /// Forgets the token.
    pub fn sign_out(self) {
        self.token.set(None);
    }

    /// Finds out what the server is and does. Reads only; the probe can stop nothing
    /// (docs/cdap-api.md#the-graceful-parameter).
    pub async fn check_server(self, namespace: NamespaceId) {
        if self.finding.get_untracked() {
            return;
        }
        self.finding.set(true);
        let mut findings = ServerFindings::default();
        let version = self.call(&GetVersion).await;
        findings.take_version(&version, clock::now());
        let probe = ProbeGraceful { namespace: namespace.clone() };
        let answer = self.call(&probe).await;
        findings.take_grace(&probe, &answer, clock::now());
        let settings = self.call(&GetStopSettings).await;
        findings.take_stop_settings(&settings, clock::now());
        let components = self.call(&ListComponentVersions).await;
        findings.take_components(&components, clock::now());
        let page = Some(Page { size: 1, after: None });
        let list = ListApplications { page, ..ListApplications::all(namespace.clone()) };
        let paged = self.call(&list).await;
        findings.take_paging(&list, &paged, clock::now());
        if let Some(first) = paged.ok().and_then(|paged| paged.rows.good.into_iter().next()) {
            let details = ApplicationDetails { namespace, applications: vec![(first.name, None)] };
            let answer = self.call(&details).await;
            findings.take_details(&details, &answer, clock::now());
        }
        self.findings.set(findings);
        self.finding.set(false);
    }

    /// Finds out about the server if nobody has yet.
    pub async fn check_server_once(self, namespace: NamespaceId) {
        if self.findings.with_untracked(|findings| findings.grace.is_none()) {
            self.check_server(namespace).await;
        }
    }

    /// Reads which operations of this browser have not finished.
    pub async fn refresh_operations(self) {
        let server = self.server();
        if let Ok(headers) = journal::headers().await {
            let open = headers.into_iter().filter(|header| !header.finished && header.server == server);
            self.operations.set(open.collect());
        }
    }

    /// The server, as the operator would name it: the name of its router, if it has one.
    pub fn server(self) -> String {
        let server = self.info.with_untracked(|info| info.server_of(&self.router()));
        if server.is_empty() { "The server".to_owned() } else { server }
    }
}
