//! Headers that name another host or user, that could split a request, or that are too many.

use crate::row::Row;

/// A write that would be forwarded if its headers were harmless.
fn stop(name: &'static str) -> Row {
    Row::post(name, "/v3/namespaces/default/stop", "[]")
}

pub fn rows() -> Vec<Row> {
    [hosts(), origins(), users(), syntax()].concat()
}

fn hosts() -> Vec<Row> {
    let host = |name, value: &str| {
        Row::get(name, "/v3/version")
            .without_host()
            .header(&format!("host: {value}"))
            .error(403, "host_refused")
    };
    vec![
        Row::get("no host", "/v3/version").without_host().error(403, "host_refused"),
        Row::get("two hosts", "/v3/version").header("host: {host}").error(400, "bad_request"),
        host("a user before the host", "a@127.0.0.1"),
        host("a port that is not a number", "127.0.0.1:http"),
        Row::get("a second, foreign host", "/v3/version")
            .header("host: evil.example")
            .error(400, "bad_request"),
        host("a user with a password before the host", "a:b@127.0.0.1"),
        host("a port that does not fit", "127.0.0.1:99999"),
        host("a port without digits", "127.0.0.1:"),
        host("an address without its bracket", "[::1"),
        host("an empty host", ""),
        host("a foreign host", "evil.example"),
        host("a host that starts like this one", "127.0.0.1.evil.example"),
        host("a host that ends like this one", "evil.example.localhost.evil"),
        host("a name that resolves to this host", "127.0.0.1.nip.io"),
        host("a short form of the address", "127.1"),
        host("the address as number", "2130706433"),
        host("the address as hexadecimal", "0x7f.0.0.1"),
        host("a private address", "10.0.0.1"),
        host("the metadata server as host", "169.254.169.254"),
        host("a list of hosts", "127.0.0.1, evil.example"),
        host("a host with a path", "127.0.0.1/evil.example"),
        host("a host with a space", "127.0.0.1 evil.example"),
        host("a host with a scheme", "http://127.0.0.1"),
        Row::get("a forwarded host", "/v3/version")
            .header("x-forwarded-host: evil.example")
            .header("forwarded: host=evil.example")
            .header("x-original-url: /v3Internal")
            .header("x-rewrite-url: /v3Internal")
            .only("GET /v3/version", &["x-forwarded-host", "forwarded", "x-original-url", "x-rewrite-url"]),
    ]
}

fn origins() -> Vec<Row> {
    let site = |name, header: &str| stop(name).header(header).error(403, "cross_site");
    let two =
        |name, first: &str, second: &str| stop(name).header(first).header(second).error(400, "bad_request");
    vec![
        two("two kinds of sites", "sec-fetch-site: same-origin", "sec-fetch-site: cross-site"),
        two("two origins", "origin: http://{host}", "origin: https://evil.example"),
        site("a write of another site", "sec-fetch-site: cross-site"),
        site("a write of a sibling", "sec-fetch-site: same-site"),
        site("an unknown kind of site", "sec-fetch-site: trusted"),
        site("a list of sites", "sec-fetch-site: same-origin, cross-site"),
        site("a foreign origin", "origin: https://evil.example"),
        site("an opaque origin", "origin: null"),
        site("an empty origin", "origin:"),
        site("this host at another port", "origin: http://127.0.0.1:1"),
        site("an origin that contains this host", "origin: http://evil.example/{host}"),
        site("an origin with this host as user", "origin: http://{host}@evil.example"),
        stop("another site that claims this origin")
            .header("sec-fetch-site: cross-site")
            .header("origin: http://{host}")
            .error(403, "cross_site"),
        Row::post("a sign-in of another site", "/auth/token", r#"{"username":"alice","password":"secret"}"#)
            .header("content-type: application/json")
            .header("sec-fetch-site: cross-site")
            .error(403, "cross_site"),
    ]
}

fn users() -> Vec<Row> {
    vec![
        Row::get("the user of CDAP's proxy mode", "/v3/version")
            .header("cdap-userid: root")
            .header("cdap-user-credential: x")
            .header("x-inverting-proxy-user-id: root")
            .header("x-remote-user: root")
            .header("x-forwarded-user: root")
            .only(
                "GET /v3/version",
                &[
                    "cdap-userid",
                    "cdap-user-credential",
                    "x-inverting-proxy-user-id",
                    "x-remote-user",
                    "x-forwarded-user",
                ],
            ),
        Row::get("cookies and marks of this server", "/v3/version")
            .header("cookie: session=abc")
            .header("x-quiesce-error: read_only")
            .header("quiesce-time: 1")
            .header("x-forwarded-for: 127.0.0.1")
            .header("proxy-authorization: Basic YTpi")
            .header("referer: http://{host}/?secret")
            .header("range: bytes=0-1")
            .only(
                "GET /v3/version",
                &[
                    "cookie",
                    "x-quiesce-error",
                    "quiesce-time",
                    "x-forwarded-for",
                    "proxy-authorization",
                    "referer",
                    "range",
                ],
            ),
        Row::get("two tokens", "/v3/version")
            .header("authorization: Bearer a")
            .header("authorization: Bearer b")
            .error(400, "bad_request"),
        stop("two content types")
            .header("content-type: application/json")
            .header("content-type: text/plain")
            .error(400, "bad_request"),
        Row::get("headers named as of one hop", "/v3/version")
            .header("connection: x-secret, authorization")
            .header("x-secret: 1")
            .header("keep-alive: timeout=5")
            .header("te: trailers")
            .header("upgrade: websocket")
            .only("GET /v3/version", &["x-secret", "keep-alive", "te", "upgrade", "connection"]),
    ]
}

fn syntax() -> Vec<Row> {
    let raw = |name, headers: &[u8]| {
        Row::raw(name, [b"GET /v3/version HTTP/1.1\r\nhost: {host}\r\n", headers, b"\r\n\r\n"].concat())
    };
    vec![
        raw("a space before the colon", b"x-a : b"),
        raw("a header without a colon", b"x-a"),
        raw("a header without a name", b": b"),
        raw("a folded header", b"x-a: b\r\n c"),
        raw("a null in a header", b"x-a: b\0c"),
        raw("a carriage return in a header", b"x-a: b\rc: d"),
        raw("a name above ASCII", b"x-\xc3\xa9: b"),
        raw("a line end without a carriage return", b"x-a: b\nx-b: c"),
        raw("200 headers", "x-a: b\r\n".repeat(200).trim_end().as_bytes()).error(431, "header_too_large"),
        raw("a header of 500,000 bytes", format!("x-a: {}", "b".repeat(500_000)).as_bytes())
            .error(431, "header_too_large"),
        Row::raw("no version", *b"GET /v3/version\r\n\r\n").truncated(),
        Row::raw("a version that does not exist", *b"GET /v3/version HTTP/1.9\r\nhost: {host}\r\n\r\n"),
        Row::raw("a version of the future", *b"GET /v3/version HTTP/3.0\r\nhost: {host}\r\n\r\n"),
        Row::raw("the preface of HTTP/2", *b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").truncated(),
        Row::raw("the hello of TLS", *b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        Row::raw("a line of another protocol", *b"SSH-2.0-OpenSSH_9.6\r\n\r\n").truncated(),
        Row::raw("nothing", *b"").truncated().closed(),
        Row::raw("empty lines", "\r\n".repeat(1_000)).truncated(),
        Row::raw("zeros", vec![0; 10_000]).truncated().closed(),
        Row::raw("half a request line", *b"GET /v3/ver").truncated().closed(),
        Row::raw("half a header", *b"GET /v3/version HTTP/1.1\r\nhost: {ho").truncated().closed(),
    ]
}
