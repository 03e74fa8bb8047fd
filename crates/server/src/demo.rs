//! Faults from the address bar: `/?fault=drop-after&path=/stop` opens the demo with that fault, so that a person can see
//! what a test sees. A console connected to a real router has no faults.

use crate::error_response::ErrorResponse;
use axum::body::{Body, to_bytes};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use tower::ServiceExt;

/// The route of the sandbox that accepts faults.
const FAULTS: &str = "/sandbox/faults";
/// The fault name that arms nothing and removes the faults that are waiting.
const NONE: &str = "none";
/// How much of the sandbox's error message is read, in bytes.
const MESSAGE_LIMIT: usize = 4_096;

/// Arms the sandbox with the fault that a request for the page names; it replaces the faults that are waiting. Only
/// the address bar and the page itself can do this: a request from another site arms nothing.
pub(crate) async fn arm_fault(
    routes: &axum::Router,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(), ErrorResponse> {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let own = site.is_none_or(|site| site == b"none" || site == b"same-origin");
    let Some(fault) = fault(uri).filter(|_| own && *method == Method::GET) else { return Ok(()) };
    call_sandbox(routes, Method::DELETE, None).await?;
    if fault.get("name").is_some_and(|name| name == NONE) {
        return Ok(());
    }
    call_sandbox(routes, Method::POST, Some(&Value::Object(fault))).await
}

/// The fault in a query, as the sandbox accepts it.
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

async fn call_sandbox(
    routes: &axum::Router,
    method: Method,
    body: Option<&Value>,
) -> Result<(), ErrorResponse> {
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
    let message = to_bytes(response.into_body(), MESSAGE_LIMIT).await.unwrap_or_default();
    let message = format!("The address names an unknown fault: {}", String::from_utf8_lossy(&message));
    Err(ErrorResponse::new(StatusCode::BAD_REQUEST, "no_such_fault", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(target: &str) -> Option<Value> {
        fault(&target.parse().expect("a target")).map(Value::Object)
    }

    #[test]
    fn reads_the_parameters_of_a_fault_and_ignores_all_others() {
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
