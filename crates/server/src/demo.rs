//! Faults from the address bar: `/?fault=drop-after&path=/stop` opens the demo with that fault, so that a person can see
//! what a test sees. In front of a real router there is no such thing.

use crate::refusal::Refusal;
use axum::body::{Body, to_bytes};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use tower::ServiceExt;

/// The route of the sandbox that takes faults.
const FAULTS: &str = "/sandbox/faults";
/// The word that arms nothing and takes away what waits.
const NONE: &str = "none";
/// The longest sentence of the sandbox that is read, in bytes.
const LONGEST: usize = 4_096;

/// Arms the sandbox with the fault that a request for the page names, in the place of those that wait. Only the address bar
/// and the page itself can: a page of another site is passed over.
pub(crate) async fn arm(
    routes: &axum::Router,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let own = site.is_none_or(|it| it == b"none" || it == b"same-origin");
    let Some(fault) = fault(uri).filter(|_| own && *method == Method::GET) else { return Ok(()) };
    ask(routes, Method::DELETE, None).await?;
    if fault.get("name").is_some_and(|it| it == NONE) {
        return Ok(());
    }
    ask(routes, Method::POST, Some(&Value::Object(fault))).await
}

/// The fault in a query, as the sandbox takes it.
fn fault(uri: &Uri) -> Option<Map<String, Value>> {
    let mut fault = Map::new();
    for pair in uri.query()?.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = value.replace('+', " ");
        let value = percent_decode_str(&value).decode_utf8_lossy().into_owned();
        match key {
            "fault" => fault.insert("name".to_owned(), Value::String(value)),
            "times" | "seconds" => {
                let value = value.parse::<i64>().map_or(Value::String(value), Value::from);
                fault.insert(key.to_owned(), value)
            }
            "method" | "path" | "application" | "namespace" => {
                fault.insert(key.to_owned(), Value::String(value))
            }
            _ => None,
        };
    }
    fault.contains_key("name").then_some(fault)
}

async fn ask(routes: &axum::Router, method: Method, body: Option<&Value>) -> Result<(), Refusal> {
    let mut request = Request::new(body.map_or_else(Body::empty, |body| Body::from(body.to_string())));
    *request.method_mut() = method;
    *request.uri_mut() = Uri::from_static(FAULTS);
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let response = match routes.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if response.status().is_success() {
        return Ok(());
    }
    let words = to_bytes(response.into_body(), LONGEST).await.unwrap_or_default();
    let words = format!("The fault in the address is not one: {}", String::from_utf8_lossy(&words));
    Err(Refusal::new(StatusCode::BAD_REQUEST, "no_such_fault", words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(target: &str) -> Option<Value> {
        fault(&target.parse().expect("a target")).map(Value::Object)
    }

    #[test]
    fn a_fault_is_read_with_what_it_is_about_and_nothing_else_is() {
        let read_fault = read("/programs?ns=a&fault=drop-after&path=%2Fstop&times=2&application=a+b");
        let expected =
            serde_json::json!({"name": "drop-after", "path": "/stop", "times": 2, "application": "a b"});
        assert_eq!(read_fault, Some(expected));
    }

    #[test]
    fn an_address_without_a_fault_arms_nothing() {
        assert_eq!(read("/"), None);
        assert_eq!(read("/programs?path=/stop&seconds=3"), None);
    }
}
