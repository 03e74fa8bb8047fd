//! Routes each request to the API of a router, to the page or to an error.

use crate::backend::Backend;
use crate::demo;
use crate::error_response::{ErrorResponse, json_response};
use crate::health::Health;
use crate::info::Info;
use crate::observation::{Label, Observer, OpenConnection};
use crate::origin_guard::OriginGuard;
use crate::page::{Page, add_document_headers};
use crate::policy::Policy;
use crate::proxy::target;
use crate::routers::{Routers, Target, UnknownRouter};
use axum::body::Body;
use http::header::LOCATION;
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};
use std::sync::Arc;

/// The server without its connections.
#[derive(Clone, Debug)]
pub struct App {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    page: Page,
    guard: OriginGuard,
    routers: Routers,
    policy: Policy,
    observer: Observer,
    health: Health,
}

impl App {
    pub fn new(page: Page, guard: OriginGuard, routers: Routers, policy: Policy) -> Self {
        let (observer, health) = (Observer::default(), Health::default());
        Self { parts: Arc::new(Parts { page, guard, routers, policy, observer, health }) }
    }

    /// Responds to a request.
    pub async fn respond(&self, mut request: Request<Body>) -> Response<Body> {
        let parts = &*self.parts;
        let user = parts.policy.user_header.as_ref().and_then(|header| header.take(&mut request));
        let mut observation = parts.observer.begin(&mut request, user.clone());
        let response = parts.respond(request, user.as_deref(), &mut observation.label).await;
        observation.end(response.unwrap_or_else(|error| parts.page.secure(error.into_response())))
    }

    /// Responds to a request that is not valid.
    pub fn refuse(&self, mut request: Request<Body>, error: ErrorResponse) -> Response<Body> {
        let observation = self.parts.observer.begin(&mut request, None);
        observation.end(self.parts.page.secure(error.into_response()))
    }

    /// Counts a connection until the result is dropped.
    pub fn connection(&self) -> OpenConnection {
        self.parts.observer.metrics().connection()
    }
}

impl Parts {
    async fn respond(
        &self,
        mut request: Request<Body>,
        user: Option<&str>,
        label: &mut Label,
    ) -> Result<Response<Body>, ErrorResponse> {
        self.guard.check(request.method(), request.uri(), request.headers())?;
        let base = &self.policy.base;
        if base.strip(request.uri().path()).is_none() {
            return self.outside(request.method(), request.uri());
        }
        *request.uri_mut() = without_prefix(request.uri(), base.as_str())?;
        let uri = request.uri().clone();
        let target = match self.routers.find(uri.path()) {
            Ok(target) => target,
            Err(unknown) => return self.unknown_router(&request, unknown, label),
        };
        let answering = target.router.filter(|router| router.backend.answers(target.rest));
        *label = Label::new(&target, answering.is_some());
        if let Some(router) = answering {
            let headers = request.headers().clone();
            *request.uri_mut() = without_prefix(&uri, router.path())?;
            let mut response = router.backend.respond(request, &self.policy).await;
            add_document_headers(&headers, response.headers_mut());
            return Ok(response);
        }
        let (routers, metrics) = (&self.routers, self.observer.metrics());
        if let Some(answer) = self.health.respond(request.method(), uri.path(), routers, metrics).await {
            return Ok(self.page.secure(answer?));
        }
        if uri.path() == "/quiesce/info" {
            if !matches!(*request.method(), Method::GET | Method::HEAD) {
                return Err(ErrorResponse::only_reads(format!("{} can only be read.", uri.path())));
            }
            let info = serde_json::to_value(Info::new(&self.routers, &self.policy, user)).unwrap_or_default();
            return Ok(self.page.secure(json_response(StatusCode::OK, &info)));
        }
        if is_reserved(target.rest) {
            return Err(self.not_forwarded(uri.path(), &target));
        }
        if let Some(Backend::Sandbox { routes, .. }) = target.router.map(|router| &router.backend) {
            demo::arm_fault(routes, request.method(), &uri, request.headers()).await?;
        }
        Ok(self.page.respond(request.method(), uri.path(), request.headers()))
    }

    /// Responds to a request for a path that is not below the base.
    fn outside(&self, method: &Method, uri: &Uri) -> Result<Response<Body>, ErrorResponse> {
        let (base, path) = (self.policy.base.as_str(), uri.path());
        if path == base && matches!(*method, Method::GET | Method::HEAD) {
            let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
            if let Ok(location) = HeaderValue::from_str(&format!("{base}/{query}")) {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
                response.headers_mut().insert(LOCATION, location);
                return Ok(self.page.secure(response));
            }
        }
        let message = format!("Not found: {path}. This server serves everything below {base}/.");
        Err(ErrorResponse::new(StatusCode::NOT_FOUND, "not_found", message))
    }

    /// Responds to a request for a router that this server does not have. A browser gets the page, which lists the
    /// routers; anything else gets the error.
    fn unknown_router(
        &self,
        request: &Request<Body>,
        unknown: UnknownRouter<'_>,
        label: &mut Label,
    ) -> Result<Response<Body>, ErrorResponse> {
        let (method, path, headers) = (request.method(), request.uri().path(), request.headers());
        let is_page = unknown.rest.is_some_and(|rest| !is_reserved(rest));
        if is_page && self.page.is_route(method, path, headers) {
            label.path = Label::PAGE;
            return Ok(self.page.respond(method, path, headers));
        }
        Err(self.routers.unknown(unknown))
    }

    fn not_forwarded(&self, path: &str, target: &Target<'_>) -> ErrorResponse {
        let message = if target.router.is_none() && target::is_api(target.rest) {
            format!("This server does not forward {path}: its routers are at {}.", self.routers.paths())
        } else {
            format!("This server does not forward {path}, only /v3 and /ping.")
        };
        ErrorResponse::new(StatusCode::NOT_FOUND, "not_forwarded", message)
    }
}

/// Paths that look like those of a router or of this server, and are never routes of the page.
fn is_reserved(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default().to_ascii_lowercase();
    first.starts_with("v3")
        || matches!(first.as_str(), "auth" | "ping" | "status" | "sandbox" | "quiesce" | "-")
}

/// The address without the path of the router; the rest stays byte for byte.
fn without_prefix(uri: &Uri, prefix: &str) -> Result<Uri, ErrorResponse> {
    let target = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    target.strip_prefix(prefix).and_then(|rest| rest.parse().ok()).ok_or_else(|| {
        ErrorResponse::new(StatusCode::BAD_REQUEST, "path_refused", "The path of this request is not valid.")
    })
}
