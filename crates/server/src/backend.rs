//! The two kinds of servers behind the console.

use crate::admission;
use crate::config::ExtraHeader;
use crate::error_response::ErrorResponse;
use crate::policy::Policy;
use crate::proxy::headers::add_time;
use crate::proxy::{Proxy, RouterUrl, Timeouts, target};
use crate::response::{ResponsePreferences, encode};
use crate::shared_reads::{RouterReads, SharedReads};
use crate::sign_in::{self, AuthServerSettings, SignIn};
use crate::token_command::TokenCommand;
use axum::body::Body;
use http::{Method, Request, Response, StatusCode};
use quiesce_api::routes::{Route, RouteKind};
use quiesce_sandbox::Dropped;
use rustls::pki_types::CertificateDer;
use std::time::SystemTime;
use tower::ServiceExt;

/// What answers the API.
#[derive(Clone, Debug)]
pub enum Backend {
    /// A real router.
    Router {
        /// Forwards requests.
        proxy: Box<Proxy>,
        /// Issues tokens.
        sign_in: Box<SignIn>,
        /// Shares reads, if that is allowed.
        reads: Option<RouterReads>,
    },
    /// The sandbox in this process.
    Sandbox {
        /// Its routes: `/v3`, `/ping`, `/status`, `/token` and its own below `/sandbox`.
        routes: axum::Router,
        /// The name of the server that it imitates.
        profile: String,
    },
}

/// How a router is reached.
#[derive(Clone, Debug)]
pub struct RouterSettings {
    pub url: RouterUrl,
    pub timeouts: Timeouts,
    /// Certificates of authorities, in addition to the system's.
    pub authorities: Vec<CertificateDer<'static>>,
    pub auth_server: AuthServerSettings,
    /// Added to each request.
    pub headers: Vec<ExtraHeader>,
    /// Prints the tokens of all requests.
    pub token_command: Option<TokenCommand>,
    /// Those of the server, for all its routers; without, every read is forwarded.
    pub shared_reads: Option<SharedReads>,
}

impl RouterSettings {
    /// The default settings for a router.
    pub fn new(url: RouterUrl) -> Self {
        Self {
            url,
            timeouts: Timeouts::default(),
            authorities: Vec::new(),
            auth_server: AuthServerSettings::default(),
            headers: Vec::new(),
            token_command: None,
            shared_reads: None,
        }
    }
}

impl Backend {
    /// A real router; no connection is opened yet.
    pub fn connected_to(settings: RouterSettings) -> anyhow::Result<Self> {
        let RouterSettings { url, timeouts, authorities, auth_server, headers, token_command, shared_reads } =
            settings;
        let sign_in = SignIn::new(auth_server, &url)?;
        let proxy = Proxy::new(url, timeouts, &authorities)?.with_headers(headers);
        let proxy = match token_command {
            Some(command) => proxy.with_token_command(command),
            None => proxy,
        };
        let reads = shared_reads.map(|reads| reads.router());
        Ok(Self::Router { proxy: Box::new(proxy), sign_in: Box::new(sign_in), reads })
    }

    /// Whether identical reads of several browsers are one request.
    pub const fn shares_reads(&self) -> bool {
        matches!(self, Self::Router { reads: Some(_), .. })
    }

    /// Whether a path, without that of the router, belongs to it.
    pub fn answers(&self, path: &str) -> bool {
        match self {
            Self::Router { .. } => target::is_api(path) || path == sign_in::PATH,
            Self::Sandbox { .. } => {
                target::is_api(path)
                    || matches!(path, sign_in::PATH | "/status" | "/token" | "/extendedtoken" | "/sandbox")
                    || path.starts_with("/sandbox/")
            }
        }
    }

    /// Responds to a request whose path is one of those that it [answers](Backend::answers).
    pub async fn respond(&self, request: Request<Body>, policy: &Policy) -> Response<Body> {
        if request.uri().path() == sign_in::PATH {
            return self.sign_in(request, policy).await;
        }
        let preferences = ResponsePreferences::of(&request);
        let (route, request) = match self.admit(request, policy).await {
            Ok(admitted) => admitted,
            Err(error) => return error.into_response(),
        };
        match self {
            Self::Router { proxy, reads, .. } => match forward(proxy, reads.as_ref(), route, request).await {
                Ok(response) => encode(preferences, response, Some(proxy.idle_timeout())).await,
                Err(error) => error.into_response(),
            },
            Self::Sandbox { routes, .. } => match routes.clone().oneshot(request).await {
                // A connection that the sandbox drops must not be delayed until its header is out.
                Ok(response) if response.extensions().get::<Dropped>().is_some() => response,
                Ok(mut response) => {
                    add_time(response.headers_mut(), SystemTime::now());
                    encode(preferences, response, None).await
                }
                Err(never) => match never {},
            },
        }
    }

    /// Accepts a request of the console, and on a read-only server only one that changes nothing.
    async fn admit(
        &self,
        request: Request<Body>,
        policy: &Policy,
    ) -> Result<(Option<&'static Route>, Request<Body>), ErrorResponse> {
        let path = request.uri().path();
        let route = admission::route(request.method(), path);
        let kind = match self {
            Self::Router { .. } => {
                target::check(path)?;
                route.clone()?.kind
            }
            // A server of its own: it has more than the console uses, and routes that change only itself.
            Self::Sandbox { .. } if !target::is_api(path) => RouteKind::Read,
            Self::Sandbox { .. } => match &route {
                Ok(route) => route.kind,
                Err(_) if matches!(*request.method(), Method::GET | Method::HEAD) => RouteKind::Read,
                Err(_) => RouteKind::Write,
            },
        };
        let request = if policy.read_only { admission::read_only(kind, request).await? } else { request };
        Ok((route.ok(), request))
    }

    async fn sign_in(&self, request: Request<Body>, policy: &Policy) -> Response<Body> {
        sign_in::respond(request, &policy.sign_ins, async |credentials| match self {
            Self::Router { proxy, .. } if proxy.adds_credentials() => Err(ErrorResponse::new(
                StatusCode::NOT_FOUND,
                "no_auth_server",
                "This server adds the credentials of the router. There is nothing to sign in to.",
            )),
            Self::Router { proxy, sign_in, .. } => sign_in.issue(credentials, proxy).await,
            Self::Sandbox { routes, .. } => sign_in::issue_by_sandbox(routes, credentials).await,
        })
        .await
    }
}

async fn forward(
    proxy: &Proxy,
    reads: Option<&RouterReads>,
    route: Option<&Route>,
    request: Request<Body>,
) -> Result<Response<Body>, ErrorResponse> {
    match (reads, route) {
        (Some(reads), Some(route)) => reads.forward(proxy, route, request).await,
        _ => proxy.forward(request).await,
    }
}
