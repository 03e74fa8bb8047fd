//! The request to an authentication server.

use super::address::AuthServerUrl;
use super::credentials::Credentials;
use super::discovery::{TrustedHosts, auth_server};
use super::token::{Token, not_understood};
use crate::config::AuthHost;
use crate::error_response::ErrorResponse;
use crate::proxy::connector::{Roots, connector};
use crate::proxy::{Proxy, RouterUrl};
use axum::body::{Body, to_bytes};
use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION};
use http::{HeaderValue, Request, Response, StatusCode};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use std::error::Error;
use std::time::Duration;

/// The longest answer of an authentication server or a router, in bytes.
const ANSWER_LIMIT: usize = 64 * 1024;

/// What is configured about the authentication server of a router.
#[derive(Clone, Debug)]
pub struct AuthServerSettings {
    /// `--auth-server`: its address; `None` if the router names it.
    pub url: Option<AuthServerUrl>,
    /// `--allow-auth-host`: hosts, other than its own, that the router may name.
    pub allowed_hosts: Vec<AuthHost>,
    /// Trusted in addition to the system's.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Until a connection is accepted.
    pub connect_timeout: Duration,
    /// Until the whole answer has arrived.
    pub timeout: Duration,
}

impl Default for AuthServerSettings {
    fn default() -> Self {
        Self {
            url: None,
            allowed_hosts: Vec::new(),
            authorities: Vec::new(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
        }
    }
}

/// Asks the authentication server of a router for tokens.
#[derive(Clone, Debug)]
pub struct SignIn {
    configured: Option<AuthServerUrl>,
    trusted: TrustedHosts,
    connect_timeout: Duration,
    timeout: Duration,
    client: Client<HttpsConnector<HttpConnector>, Body>,
}

impl SignIn {
    /// A sign-in for this router; no connection is opened yet.
    pub fn new(settings: AuthServerSettings, router: &RouterUrl) -> anyhow::Result<Self> {
        let encrypted = router.is_encrypted();
        let roots = if encrypted || settings.url.as_ref().is_some_and(AuthServerUrl::is_encrypted) {
            Roots::Required
        } else {
            Roots::IfAny
        };
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector(
            settings.connect_timeout,
            roots,
            &settings.authorities,
        )?);
        Ok(Self {
            configured: settings.url,
            trusted: TrustedHosts { router: router.host(), encrypted, allowed: settings.allowed_hosts },
            connect_timeout: settings.connect_timeout,
            timeout: settings.timeout,
            client,
        })
    }

    /// Exchanges a name and a password for a token. `proxy` forwards to the router, which names its authentication
    /// server if none is configured.
    pub async fn issue(&self, credentials: &Credentials, proxy: &Proxy) -> Result<Token, ErrorResponse> {
        let url = match &self.configured {
            Some(url) => url.clone(),
            None => self.discover(proxy).await?,
        };
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = url.to_uri().map_err(|_| not_understood("The address is not valid."))?;
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, credentials.to_basic()?);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let answer = async {
            let response =
                self.client.request(request).await.map_err(|error| self.unreachable(&url, &error))?;
            read(response.map(Body::new)).await
        };
        let (status, body) = tokio::time::timeout(self.timeout, answer).await.map_err(|_| {
            let seconds = self.timeout.as_secs();
            timed_out(&format!("The authentication server at {url} did not answer within {seconds} s."))
        })??;
        Token::read(status, &body)
    }

    /// Asks the router without a token: its 401 names the authentication server.
    async fn discover(&self, proxy: &Proxy) -> Result<AuthServerUrl, ErrorResponse> {
        let request = Request::get("/ping")
            .body(Body::empty())
            .map_err(|error| not_understood(&format!("The router cannot be asked: {error}.")))?;
        let response = proxy.forward(request).await?;
        let (status, body) = tokio::time::timeout(self.timeout, read(response)).await.map_err(|_| {
            timed_out(&format!("The router did not complete its answer within {} s.", self.timeout.as_secs()))
        })??;
        auth_server(status, &body, &self.trusted)
    }

    fn unreachable(&self, url: &AuthServerUrl, error: &hyper_util::client::legacy::Error) -> ErrorResponse {
        let mut cause: &(dyn Error + 'static) = error;
        let mut late = false;
        while let Some(source) = cause.source() {
            cause = source;
            late |= cause
                .downcast_ref::<std::io::Error>()
                .is_some_and(|io| io.kind() == std::io::ErrorKind::TimedOut);
        }
        if late {
            let seconds = self.connect_timeout.as_secs();
            return timed_out(&format!(
                "The authentication server at {url} did not accept a connection within {seconds} s."
            ));
        }
        if error.is_connect() {
            let message = format!("Cannot connect to the authentication server at {url}: {cause}.");
            return ErrorResponse::new(StatusCode::BAD_GATEWAY, "auth_server_unreachable", message);
        }
        not_understood(&format!("The authentication server at {url} did not answer with HTTP: {cause}."))
    }
}

async fn read(response: Response<Body>) -> Result<(StatusCode, bytes::Bytes), ErrorResponse> {
    let status = response.status();
    let body = to_bytes(response.into_body(), ANSWER_LIMIT)
        .await
        .map_err(|_| not_understood("The answer is interrupted, or longer than 64 kB."))?;
    Ok((status, body))
}

fn timed_out(message: &str) -> ErrorResponse {
    ErrorResponse::new(StatusCode::GATEWAY_TIMEOUT, "auth_server_timeout", message)
}
