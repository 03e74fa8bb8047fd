//! Bodies whose length is ambiguous, that end early, or that are too long.

use crate::row::{Forwards, Row};

const STOP: &str = "POST /v3/namespaces/default/stop HTTP/1.1\r\nhost: {host}\r\n";

fn stop(name: &'static str, rest: &str) -> Row {
    Row::raw(name, format!("{STOP}{rest}"))
}

fn sign_in(name: &'static str, body: impl Into<Vec<u8>>) -> Row {
    Row::post(name, "/auth/token", body).header("content-type: application/json").error(400, "bad_request")
}

pub fn rows() -> Vec<Row> {
    [lengths(), chunks(), sign_ins()].concat()
}

fn lengths() -> Vec<Row> {
    vec![
        stop("a negative length", "content-length: -1\r\n\r\n[]"),
        stop("a length with a sign", "content-length: +2\r\n\r\n[]"),
        stop("a hexadecimal length", "content-length: 0x2\r\n\r\n[]"),
        stop("a length with words", "content-length: 2 bytes\r\n\r\n[]"),
        stop("a length that does not fit", "content-length: 99999999999999999999\r\n\r\n[]"),
        stop("two equal lengths", "content-length: 2\r\ncontent-length: 2\r\n\r\n[]"),
        stop("a length and chunks", "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n"),
        stop("chunks and a length", "transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n"),
        stop("a body of 100 MB", "content-length: 100000000\r\n\r\n[").error(413, "body_too_large"),
        stop("two different lengths", "content-length: 2\r\ncontent-length: 3\r\n\r\n[]"),
        stop("a list of lengths", "content-length: 2, 3\r\n\r\n[]"),
        stop("a body that ends early", "content-length: 100\r\n\r\n[]").truncated(),
        stop("another request behind the body", "content-length: 2\r\nconnection: close\r\n\r\n[]GET /v3/version HTTP/1.1\r\nhost: {host}\r\n\r\n")
            .only("POST /v3/namespaces/default/stop", &[]),
        stop(
            "another request for a foreign host behind the body",
            "content-length: 2\r\n\r\n[]DELETE /v3/namespaces/default HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n",
        )
        .forwards(Forwards::Only("POST /v3/namespaces/default/stop", &[]))
        .answers(&[200, 403]),
        Row::raw("a request in the body of a read",
            *b"GET /v3/version HTTP/1.1\r\nhost: {host}\r\ncontent-length: 60\r\nconnection: close\r\n\r\nDELETE /v3/namespaces/default HTTP/1.1\r\nhost: evil.example\r\n\r\n")
            .only("GET /v3/version", &[]),
    ]
}

fn chunks() -> Vec<Row> {
    let chunked = |name, body: &str| stop(name, &format!("transfer-encoding: chunked\r\n\r\n{body}"));
    vec![
        chunked("a chunk size that is not a number", "zz\r\n[]\r\n0\r\n\r\n"),
        chunked("a negative chunk size", "-2\r\n[]\r\n0\r\n\r\n"),
        chunked("a chunk size that does not fit", "fffffffffffffffff\r\n[]\r\n0\r\n\r\n"),
        chunked("a chunk that is longer than its size", "1\r\n[]\r\n0\r\n\r\n"),
        chunked("chunks without an end", "2\r\n[]\r\n").truncated(),
        chunked("a chunk that ends early", "ff\r\n[]").truncated(),
        chunked("an extension of 100,000 bytes", &format!("2;{}\r\n[]\r\n0\r\n\r\n", "a".repeat(100_000))),
        stop("an unknown coding", "transfer-encoding: xchunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n"),
        stop("a coding behind the chunks", "transfer-encoding: chunked, gzip\r\n\r\n2\r\n[]\r\n0\r\n\r\n"),
    ]
}

fn sign_ins() -> Vec<Row> {
    let pair = r#"{"username":"alice","password":"secret"}"#;
    vec![
        sign_in("a sign-in without a body", ""),
        sign_in("a sign-in with a list", "[]"),
        sign_in(
            "a sign-in with more than it needs",
            r#"{"username":"alice","password":"x","url":"http://evil.example"}"#,
        ),
        sign_in("a sign-in with an object as password", r#"{"username":"alice","password":{"$ne":""}}"#),
        sign_in("a sign-in with a colon in the name", r#"{"username":"alice:secret","password":""}"#),
        sign_in("a sign-in with two bodies", format!("{pair}{pair}")),
        sign_in("a sign-in with two names", r#"{"username":"a","username":"b","password":"x"}"#),
        sign_in("a sign-in that is not UTF-8", *b"{\"username\":\"\xff\",\"password\":\"x\"}"),
        sign_in(
            "a sign-in of 5,000 bytes",
            format!(r#"{{"username":"alice","password":"{}"}}"#, "x".repeat(5_000)),
        ),
        sign_in("a sign-in of 4,000 brackets", "[".repeat(4_000)),
        Row::post("a sign-in as form", "/auth/token", "username=alice&password=secret")
            .header("content-type: application/x-www-form-urlencoded")
            .error(415, "unsupported_media_type"),
        Row::post("a sign-in as text", "/auth/token", pair)
            .header("content-type: text/plain")
            .error(415, "unsupported_media_type"),
        Row::post("a sign-in without a type", "/auth/token", pair).error(415, "unsupported_media_type"),
        Row::post("a sign-in with two types", "/auth/token", pair)
            .header("content-type: application/json")
            .header("content-type: text/plain")
            .error(400, "bad_request"),
    ]
}
