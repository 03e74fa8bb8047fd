//! Paths that lead out of what the console uses, or that another server could read as such.

use crate::row::Row;

pub fn rows() -> Vec<Row> {
    let refused = |name, path| Row::get(name, path).error(400, "path_refused");
    let unknown = |name, path| Row::get(name, path).error(404, "not_forwarded");
    let missing = |name, path| Row::get(name, path).error(404, "not_found");
    vec![
        refused("dot segments", "/v3/../v3Internal/location"),
        refused("dot segments at the end", "/v3/namespaces/default/.."),
        refused("a single dot", "/v3/./version"),
        refused("encoded dots", "/v3/%2e%2e/v3Internal/location"),
        refused("half encoded dots", "/v3/.%2E/v3Internal"),
        refused("dots encoded twice", "/v3/%252e%252e/v3Internal"),
        refused("dots encoded three times", "/v3/%25252e%25252e/v3Internal"),
        refused("dots with path parameters", "/v3/..;a=b/v3Internal"),
        refused("dots with an encoded semicolon", "/v3/..%3Ba/v3Internal"),
        refused("dots behind an encoded slash", "/v3/namespaces/a%2F..%2F..%2Fx/apps"),
        refused("an encoded slash in a name", "/v3/namespaces/default%2Fapps/apps"),
        refused("an encoded slash, twice", "/v3/namespaces/default%252Fapps/apps"),
        refused("an encoded backslash", "/v3/namespaces/..%5C..%5Cx/apps"),
        refused("an encoded question mark", "/v3/namespaces/default%3Fa/apps"),
        refused("an encoded number sign", "/v3/namespaces/default%23/apps"),
        refused("an encoded null", "/v3/namespaces/default%00/apps"),
        refused("encoded line breaks", "/v3/namespaces/a%0d%0aX-Injected:%201/apps"),
        refused("an encoded tab", "/v3/namespaces/a%09b/apps"),
        refused("overlong dots", "/v3/namespaces/%c0%ae%c0%ae/apps"),
        refused("an overlong slash", "/v3/namespaces/a%c0%afb/apps"),
        refused("invalid UTF-8", "/v3/namespaces/%ff/apps"),
        unknown("the internal API", "/v3Internal/location"),
        unknown("the API in capitals", "/V3/version"),
        unknown("an encoded literal", "/v3/%76ersion"),
        unknown("an empty segment", "/v3//version"),
        unknown("a slash before the API", "//v3/version"),
        unknown("a slash at the end", "/v3/version/"),
        unknown("the root of the API", "/v3"),
        unknown("an unknown resource", "/v3/namespaces/default/datasets"),
        unknown("secure keys", "/v3/namespaces/default/securekeys/password"),
        unknown("the reset of a server", "/v3/unrecoverable/reset"),
        unknown("a method of a service", "/v3/namespaces/default/apps/a/services/s/methods/x"),
        unknown("another program type", "/v3/namespaces/default/apps/a/flows/f"),
        unknown("the status of the router", "/status"),
        unknown("the control of the sandbox", "/sandbox/faults"),
        unknown("a router without routers", "/-/secret"),
        Row::get("a router that does not exist", "/r/prod/v3/version").error(404, "unknown_router"),
        missing("a hidden file", "/.git/config"),
        missing("a system file", "/../../etc/passwd"),
        missing("an encoded system file", "/..%2f..%2fetc%2fpasswd"),
        missing("a document outside of the documents", "/docs-private/x"),
        Row::get("a traversal out of the documents", "/docs/../index.html").error(404, "not_found"),
        Row::get("an encoded traversal out of the documents", "/docs/%2e%2e/index.html")
            .error(404, "not_found"),
        missing("a script in the path", "/%3Cscript%3Ealert(1)%3C/script%3E"),
        missing("another host as path", "//evil.example/v3/version"),
        Row::get("another host in the line", "http://evil.example/v3/version").error(403, "host_refused"),
        Row::get("another scheme in the line", "ftp://evil.example/v3/version").error(400, "bad_request"),
        Row::get("the metadata server in the line", "http://169.254.169.254/v3/version")
            .error(403, "host_refused"),
        Row::get("a user in the line", "http://a@{host}/v3/version").error(403, "host_refused"),
        Row::get("a fragment", "/v3/version#x").error(400, "bad_request"),
        Row::get("this host in the line", "http://{host}/v3/version").only("GET /v3/version", &[]),
        Row::get("an address in the query", "/v3/version?url=http://evil.example/")
            .only("GET /v3/version?url=http://evil.example/", &[]),
        Row::get("a traversal in the query", "/v3/version?path=/../../x")
            .only("GET /v3/version?path=/../../x", &[]),
        Row::get("a path without a slash", "v3/version"),
        Row::get("a space in the path", "/v3/ver sion"),
        Row::raw("a null in the path", *b"GET /v3/\0version HTTP/1.1\r\nhost: {host}\r\n\r\n"),
        Row::raw("a byte above ASCII in the path", *b"GET /v3/\xff\xfe HTTP/1.1\r\nhost: {host}\r\n\r\n"),
        Row::get("a path of 100,000 bytes", &format!("/v3/{}", "a".repeat(100_000)))
            .error(431, "header_too_large"),
        Row::get("a path of 10,000 segments", &format!("/v3{}", "/a".repeat(10_000)))
            .error(404, "not_forwarded"),
        Row::get(
            "a name of 50,000 bytes that is encoded",
            &format!("/v3/namespaces/{}/x", "%61".repeat(15_000)),
        )
        .error(404, "not_forwarded"),
    ]
}
