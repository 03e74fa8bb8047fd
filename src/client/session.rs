//! What the whole page shares: how to call the server, who is signed in, the findings about the server.

pub mod channel;
pub mod credential;
pub mod password;
pub mod state;
pub mod way;

use super::info::Info;
use super::open_operations::Reading;
use super::sign_in::SignIn;
use super::{clock, journal, transport};
use crate::routes::{Address, Route, RouterName};
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use quiesce_api::application::{ApplicationDetails, ListApplications, Page};
use quiesce_api::stop::ProbeGraceful;
use quiesce_api::system::{GetStopSettings, GetVersion, ListComponentVersions};
use quiesce_api::{Endpoint, Error, NamespaceId, Request, Response, Timestamp};
use quiesce_lifecycle::findings::ServerFindings;
use quiesce_lifecycle::journal::Header;
use quiesce_lifecycle::permission::Permissions;
use way::SignInWay;

/// The router of a client. Behind one handle: a client is copied everywhere.
struct OfRouter {
    name: RouterName,
    /// What may be changed on its server.
    permissions: RwSignal<Permissions>,
    /// Who is signed in to it.
    sign_in: SignIn,
    /// When the console's server was last asked whether it is read-only.
    info_asked: Option<Timestamp>,
}

/// The page's way to the server behind a router, with all that is known of it. Cheap to copy; one for each router.
#[derive(Clone, Copy)]
pub struct Client {
    router: StoredValue<OfRouter>,
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
    pub fn new(router: RouterName, info: RwSignal<Info>) -> Self {
        let read_only = info.with_untracked(|info| info.read_only);
        let client = Self {
            router: StoredValue::new(OfRouter {
                name: router,
                permissions: RwSignal::new(Permissions::new(read_only)),
                sign_in: SignIn::new(),
                info_asked: None,
            }),
            signed_in: RwSignal::new(0),
            findings: RwSignal::new(ServerFindings::default()),
            finding: RwSignal::new(false),
            info,
            skew: RwSignal::new(None),
            operations: RwSignal::new(Vec::new()),
        };
        client.begin_session();
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

    /// Whether the console's server is asked again: at most once within these seconds.
    pub(super) fn asks_for_info(self, now: Timestamp, seconds: i64) -> bool {
        let asks = self.router.try_update_value(|router| {
            let is_due = router.info_asked.is_none_or(|asked| clock::passed(asked, now) >= seconds);
            if is_due {
                router.info_asked = Some(now);
            }
            is_due
        });
        asks == Some(true)
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

    /// Sends a request of a page. One that is refused for its token waits until the operator signs in.
    pub fn send(self, request: Request) -> LocalBoxFuture<'static, Result<Response, Error>> {
        Box::pin(self.send_after_sign_in(request))
    }

    /// Sends a request of an operation, whose answer may take this many seconds. One that is refused for its token is
    /// answered so, and opens the sign-in: the operation itself waits.
    pub fn send_for(
        self,
        request: Request,
        patience: u32,
        progress: impl Fn(u64, Option<u64>) + 'static,
    ) -> LocalBoxFuture<'static, Result<Response, Error>> {
        let progress: Box<dyn Fn(u64, Option<u64>)> = Box::new(progress);
        Box::pin(
            async move { self.send_once(&request, patience, &*progress).await.map(|(answer, _)| answer) },
        )
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
        let reading = Reading::begin();
        if let Ok(mut headers) = journal::headers().await {
            headers.retain(|header| !header.finished);
            if headers.is_empty() {
                reading.found_none();
            }
            headers.retain(|header| header.server == server);
            self.operations.set(headers);
        }
    }

    /// Who is signed in.
    pub fn sign_in(self) -> SignIn {
        self.router.with_value(|router| router.sign_in)
    }

    /// How the operator signs in.
    pub fn sign_in_way(self) -> SignInWay {
        self.info.with(|info| {
            let router = info.router(&self.router());
            router.map_or(SignInWay::Token, |it| SignInWay::new(it.credentials, it.password))
        })
    }

    /// The server, as the operator would name it: the name of its router, if it has one.
    pub fn server(self) -> String {
        let server = self.info.with_untracked(|info| info.server_of(&self.router()));
        if server.is_empty() { "The server".to_owned() } else { server }
    }
}
