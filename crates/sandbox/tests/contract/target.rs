//! What the contract is asked of.

use axum::Router;
use axum::body::Body;
use quiesce_api::{Endpoint, Error, Request, Response};
use quiesce_sandbox::{Options, Profile, Sandbox};
use std::time::Duration;
use tower::ServiceExt;

/// A server that may keep the contract.
pub struct Target {
    /// What it is, in words.
    pub name: &'static str,
    way: Way,
    /// How long something that takes time may take, and how often it is looked at.
    pub patience: Duration,
    pause: Duration,
}

enum Way {
    InProcess(Router),
    Http { base: String, client: reqwest::Client, sandbox: bool },
}

impl Target {
    pub fn in_process(profile: Profile) -> Self {
        let router = Sandbox::new(Options { profile, ..Options::default() }).router();
        let patience = Duration::from_mins(1);
        Self { name: "the sandbox in process", way: Way::InProcess(router), patience, pause: Duration::ZERO }
    }

    pub async fn over_http(profile: Profile) -> Self {
        let sandbox = Sandbox::new(Options { profile, ..Options::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, sandbox.router()).await });
        Self {
            name: "the sandbox over HTTP",
            way: Way::Http { base, client: reqwest::Client::new(), sandbox: true },
            patience: Duration::from_mins(1),
            pause: Duration::ZERO,
        }
    }

    pub fn real(url: &str) -> Self {
        let base = url.trim_end_matches('/').to_owned();
        Self {
            name: "a real CDAP",
            way: Way::Http { base, client: reqwest::Client::new(), sandbox: false },
            patience: Duration::from_mins(3),
            pause: Duration::from_millis(250),
        }
    }

    /// Lets a second pass: the sandbox's clock is put forward, on a real server a moment is waited.
    pub async fn wait(&self) {
        if self.is_sandbox() { self.pass(1).await } else { tokio::time::sleep(self.pause).await }
    }

    /// Lets so many seconds pass.
    pub async fn pass(&self, seconds: u64) {
        if self.is_sandbox() {
            let body = serde_json::json!({ "advance_seconds": seconds });
            let answer = self.send(&Request::post(["sandbox", "clock"]).json(&body)).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
        } else {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
        }
    }

    fn is_sandbox(&self) -> bool {
        !matches!(self.way, Way::Http { sandbox: false, .. })
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: &Request) -> Response {
        self.raw(request.method.as_str(), &request.target, request.body.as_deref()).await
    }

    /// Sends what no endpoint would write.
    pub async fn raw(&self, method: &str, target: &str, body: Option<&str>) -> Response {
        self.sent(method, target, &[], body.map(|body| body.as_bytes().to_vec())).await
    }

    /// Sends a request with this `Authorization`.
    pub async fn with_token(&self, method: &str, target: &str, header: Option<&str>) -> Response {
        self.sent(method, target, &authorization(header), None).await
    }

    /// Sends a request with this `Authorization` to an address, which may be of another server.
    pub async fn elsewhere(&self, method: &str, address: &str, header: Option<&str>) -> Response {
        match &self.way {
            Way::InProcess(_) => {
                let path = address.splitn(4, '/').nth(3).unwrap_or_default();
                self.sent(method, &format!("/{path}"), &authorization(header), None).await
            }
            Way::Http { client, .. } => over(client, method, address, &authorization(header), None).await,
        }
    }

    /// Uploads the plugins that are there once more, as another version of their artifact.
    pub async fn upload(&self, version: &str) {
        self.upload_as("sample-plugins", version).await;
    }

    /// Uploads the same plugins as an artifact of this name.
    pub async fn upload_as(&self, name: &str, version: &str) {
        // The sandbox does not look into a jar. The real server gives its own only on a path of its own.
        let jar = if self.is_sandbox() {
            Vec::new()
        } else {
            let path = "/v3Internal/namespaces/default/artifacts/sample-plugins/versions/1.0.0/download";
            self.raw("GET", path, None).await.body.clone()
        };
        let extends = "system:cdap-data-streams[6.0.0,7.0.0)/system:cdap-data-pipeline[6.0.0,7.0.0)";
        let headers = [("artifact-version", version), ("artifact-extends", extends)];
        let path = format!("/v3/namespaces/default/artifacts/{name}");
        let answer = self.sent("POST", &path, &headers, Some(jar)).await;
        assert_eq!((answer.status, answer.text().as_ref()), (200, "Artifact added successfully"));
    }

    /// Deletes what [`Target::upload`] added.
    pub async fn delete_plugins(&self, version: &str) {
        let path = format!("/v3/namespaces/default/artifacts/sample-plugins/versions/{version}");
        assert_eq!(self.raw("DELETE", &path, None).await.status, 200);
    }

    async fn sent(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Response {
        match &self.way {
            Way::InProcess(router) => {
                let mut request = axum::http::Request::builder().method(method).uri(target);
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                let request = request.body(body.map_or_else(Body::empty, Body::from)).expect("a request");
                let answer = router.clone().oneshot(request).await.expect("an answer");
                let (head, body) = answer.into_parts();
                let length = axum::body::HttpBody::size_hint(&body).exact();
                let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
                let response = read(head.status.as_u16(), &head.headers, body.to_vec());
                // What the server below the router writes.
                match length {
                    Some(length) => response.header("content-length", length.to_string()),
                    None => response,
                }
            }
            Way::Http { base, client, .. } => {
                over(client, method, &format!("{base}{target}"), headers, body).await
            }
        }
    }

    /// Sends what no endpoint would write and reads the answer, which must be 200, as JSON.
    pub async fn json(&self, method: &str, target: &str, body: Option<&str>) -> serde_json::Value {
        let answer = self.raw(method, target, body).await;
        assert_eq!(answer.status, 200, "{method} {target}: {}", answer.text());
        serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.text()))
    }

    /// Calls an endpoint.
    pub async fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, Error> {
        endpoint.read(&self.send(&endpoint.request()).await)
    }

    /// Calls an endpoint that must succeed.
    pub async fn must<E: Endpoint>(&self, endpoint: &E) -> E::Output {
        match self.call(endpoint).await {
            Ok(output) => output,
            Err(error) => panic!("{}: {error:?}", endpoint.request()),
        }
    }
}

fn authorization(header: Option<&str>) -> Vec<(&'static str, &str)> {
    header.map(|header| ("authorization", header)).into_iter().collect()
}

async fn over(
    client: &reqwest::Client,
    method: &str,
    address: &str,
    headers: &[(&str, &str)],
    body: Option<Vec<u8>>,
) -> Response {
    let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = client.request(method, address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request.body(body);
    }
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    read(status, &headers, answer.bytes().await.expect("a body").to_vec())
}

fn read(status: u16, headers: &reqwest::header::HeaderMap, body: Vec<u8>) -> Response {
    let mut response = Response::new(status, body);
    for (name, value) in headers {
        response = response.header(name.as_str(), String::from_utf8_lossy(value.as_bytes()));
    }
    response
}
