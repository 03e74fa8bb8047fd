//! A page with one file of each type, and two documents.

use bytes::Bytes;
use quiesce_server::base_path::BasePath;
use quiesce_server::page::{File, Page};

pub const INDEX: &str = "<!doctype html><style>a{}</style><script type=module>start()</script>";

pub const DOCUMENTS: &str = "<!doctype html><title>Documents</title>";

pub fn page(base: &BasePath) -> Page {
    let file = |path: &str, text: &'static str| File {
        path: path.to_owned(),
        identity: Bytes::from_static(text.as_bytes()),
        brotli: None,
        gzip: None,
    };
    Page::new(
        vec![
            File {
                brotli: Some(Bytes::from_static(b"br bytes")),
                gzip: Some(Bytes::from_static(b"gzip bytes")),
                ..file("index.html", INDEX)
            },
            file("console-0123456789abcdef.js", "export {}"),
            file("console-0123456789abcdef_bg.wasm", "\0asm"),
            file("favicon.svg", "<svg/>"),
            file("docs/index.html", DOCUMENTS),
            file("docs/loss.html", "<!doctype html><title>What a stop may lose</title>"),
            file("docs/adr/0001-values.html", "<!doctype html><title>1. Values</title>"),
            file("docs/style.css", "h1 {}"),
            file("docs/not-found.html", "<!doctype html><h1>This document does not exist</h1>"),
        ],
        base,
    )
    .expect("a page")
}
