//! A page with one file of each type.

use bytes::Bytes;
use quiesce_server::page::{File, Page};

pub const INDEX: &str = "<!doctype html><style>a{}</style><script type=module>start()</script>";

pub fn page() -> Page {
    let file = |path: &str, text: &'static str| File {
        path: path.to_owned(),
        identity: Bytes::from_static(text.as_bytes()),
        brotli: None,
        gzip: None,
    };
    Page::new(vec![
        File {
            brotli: Some(Bytes::from_static(b"br bytes")),
            gzip: Some(Bytes::from_static(b"gzip bytes")),
            ..file("index.html", INDEX)
        },
        file("console-0123456789abcdef.js", "export {}"),
        file("console-0123456789abcdef_bg.wasm", "\0asm"),
        file("favicon.svg", "<svg/>"),
    ])
    .expect("a page")
}
