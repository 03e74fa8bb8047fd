//! The recordings of real servers, which the API's own tests keep.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A recorded server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    /// As docs/sandbox-differences.md calls it.
    pub name: &'static str,
    pub profile: quiesce_sandbox::Profile,
    lines: &'static str,
}

macro_rules! recordings {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../api/tests/recordings/", $file))
    };
}

use quiesce_sandbox::Profile::{Cdap6_7, Cdap6_11, Secured};

pub const SERVERS: [Server; 4] = [
    Server { name: "6.11.0", profile: Cdap6_11, lines: recordings!("cdap-6.11.0.jsonl") },
    Server { name: "6.7.2", profile: Cdap6_7, lines: recordings!("cdap-6.7.2.jsonl") },
    Server {
        name: "short deadline",
        profile: Cdap6_11,
        lines: recordings!("cdap-6.11.0-short-deadline.jsonl"),
    },
    Server { name: "secured", profile: Secured, lines: recordings!("cdap-6.11.0-secured.jsonl") },
];

/// An exchange.
#[derive(Debug, Deserialize)]
pub struct Record {
    pub name: String,
    pub request: Request,
    pub response: Response,
}

#[derive(Debug, Deserialize)]
pub struct Request {
    pub method: String,
    pub path: String,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
pub struct Response {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    #[serde(default)]
    encoding: String,
}

impl Response {
    pub fn bytes(&self) -> Vec<u8> {
        use base64::Engine;
        match self.encoding.as_str() {
            "base64" => base64::engine::general_purpose::STANDARD.decode(&self.body).expect("base64"),
            _ => self.body.as_bytes().to_vec(),
        }
    }
}

impl Server {
    pub fn records(&self) -> Vec<Record> {
        self.lines.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
    }
}
