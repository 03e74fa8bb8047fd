//! A client of the server's REST API.

use super::site_config::ALICE;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::time::Duration;
use ureq::http::{Method, Request};

/// A client of one server.
pub struct Api {
    agent: ureq::Agent,
    base: String,
    /// The `Authorization` of each request.
    authorization: Option<String>,
}

/// The body of a request.
pub enum Body<'a> {
    Nothing,
    Json(Value),
    Bytes(&'a [u8]),
}

/// Status and text of a response.
pub struct Answer {
    pub status: u16,
    pub text: String,
}

impl Api {
    /// `base` is the router's address, without a trailing slash.
    pub fn new(base: String) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_mins(2)))
            // The server is on this machine.
            .proxy(None)
            .build();
        Self { agent: config.into(), base, authorization: None }
    }

    /// Sends each request with a token of alice that outlives any test, issued by the authentication server at `port`.
    pub fn signed_in(self, port: u16) -> Result<Self> {
        let issuer = Self::new(format!("http://127.0.0.1:{port}"));
        let headers = [("Authorization", ALICE)];
        let text = issuer.must(&Method::GET, "/extendedtoken", &headers, Body::Nothing, &[])?;
        let answer: Value = serde_json::from_str(&text).context("the token is not in JSON")?;
        let token = answer.get("access_token").and_then(Value::as_str).context("no token was issued")?;
        Ok(Self { authorization: Some(format!("Bearer {token}")), ..self })
    }

    /// Sends a request and returns the response with any status.
    pub fn call(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body<'_>,
    ) -> Result<Answer> {
        let mut request = Request::builder().method(method.clone()).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization);
        }
        let sent = match body {
            Body::Nothing => self.agent.run(request.body(())?),
            Body::Json(value) => self.agent.run(request.body(serde_json::to_vec(&value)?)?),
            Body::Bytes(bytes) => self.agent.run(request.body(bytes)?),
        };
        let mut answer = sent.with_context(|| format!("{method} {path}"))?;
        let status = answer.status().as_u16();
        // A list of a thousand applications has several hundred kilobytes.
        let text = answer.body_mut().with_config().limit(1 << 26).lossy_utf8(true).read_to_string()?;
        Ok(Answer { status, text })
    }

    /// Sends a request that must be answered with 200, or with a status that means it was done before.
    pub fn must(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body<'_>,
        done_before: &[u16],
    ) -> Result<String> {
        let Answer { status, text } = self.call(method, path, headers, body)?;
        if status != 200 && !done_before.contains(&status) {
            bail!("{method} {path} returned {status}: {text}");
        }
        Ok(text)
    }

    /// Sends a GET request and parses the JSON response.
    pub fn get(&self, path: &str) -> Result<Value> {
        let text = self.must(&Method::GET, path, &[], Body::Nothing, &[])?;
        serde_json::from_str(&text).with_context(|| format!("GET {path} did not return JSON"))
    }

    /// Sends a PUT request with a JSON body.
    pub fn put(&self, path: &str, body: Value) -> Result<()> {
        self.must(&Method::PUT, path, &[], Body::Json(body), &[]).map(drop)
    }

    /// Sends a POST request, with a JSON body if one is given.
    pub fn post(&self, path: &str, body: Option<Value>) -> Result<()> {
        self.must(&Method::POST, path, &[], body.map_or(Body::Nothing, Body::Json), &[]).map(drop)
    }
}
