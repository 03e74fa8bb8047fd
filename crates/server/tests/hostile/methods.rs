//! Methods that the console does not use.

use crate::row::Row;

pub fn rows() -> Vec<Row> {
    let refused = |name, line: &str| Row::line(name, line).error(405, "method_refused");
    vec![
        refused("TRACE", "TRACE /v3/version"),
        refused("TRACE of the page", "TRACE /"),
        refused("OPTIONS", "OPTIONS /v3/version"),
        Row::line("OPTIONS of everything", "OPTIONS *").error(400, "bad_request"),
        refused("HEAD of the API", "HEAD /v3/version"),
        refused("PATCH", "PATCH /v3/namespaces/default/apps/a"),
        refused("a method of WebDAV", "PROPFIND /v3/namespaces"),
        refused("an invented method", "JEFF /v3/version"),
        Row::line("a method in lower case", "get /v3/version").error(400, "bad_request"),
        refused("a write to a read", "POST /v3/version"),
        refused("a read of a write", "GET /v3/namespaces/default/stop"),
        refused("the deletion of an application", "DELETE /v3/namespaces/default/apps/orders"),
        refused("the deletion of all applications", "DELETE /v3/namespaces/default/apps"),
        refused("the deletion of a namespace", "DELETE /v3/namespaces/default"),
        refused("new preferences", "PUT /v3/namespaces/default/preferences"),
        refused("new arguments", "PUT /v3/namespaces/default/apps/a/workflows/w/runtimeargs"),
        refused("an uploaded artifact", "POST /v3/namespaces/default/artifacts/core"),
        refused("a write to the page", "POST /"),
        refused("a write to a document", "DELETE /docs/loss"),
        refused("a sign-in as read", "GET /auth/token?username=alice&password=secret"),
        Row::line("the deletion of offsets", "DELETE /v3/namespaces/default/apps/orders/state")
            .error(404, "not_forwarded"),
        Row::line("a tunnel to another host", "CONNECT evil.example:443").error(400, "bad_request"),
        Row::line("a tunnel to this host", "CONNECT {host}").error(400, "bad_request"),
        Row::get("an override of the method", "/v3/namespaces/default/apps/orders")
            .header("x-http-method-override: DELETE")
            .header("x-method-override: DELETE")
            .only("GET /v3/namespaces/default/apps/orders", &["x-http-method-override", "x-method-override"]),
        Row::line("a method with a separator", "GE/T /v3/version"),
        Row::raw("a method with a null", *b"GE\0T /v3/version HTTP/1.1\r\nhost: {host}\r\n\r\n"),
        Row::raw("no method", *b" /v3/version HTTP/1.1\r\nhost: {host}\r\n\r\n"),
        refused("a method of 5,000 letters", &format!("{} /v3/version", "A".repeat(5_000))),
    ]
}
