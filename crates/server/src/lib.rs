//! The HTTP server of the console. It serves the page, and under the same origin it either forwards CDAP's lifecycle
//! API to a router or answers it from the sandbox. It keeps no state and stores no credentials.
//!
//! * `admission`: which requests are forwarded.
//! * [`app`]: routes each request to the API of a router, to the page or to an error.
//! * [`routers`]: the routers and their paths; [`backend`]: a real router, or the sandbox.
//! * [`info`]: what the page learns about this server.
//! * [`observation`]: log, metrics and identifiers of requests; `health`: probes of an operator's tools.
//! * [`user_header`]: the name of a user, from a trusted proxy.
//! * [`origin_guard`]: rejects foreign `Host` headers and cross-site requests.
//! * [`page`]: the page's files, their caching and their security headers.
//! * [`peer`]: where a request came from.
//! * `http_address`: addresses of routers and authentication servers.
//! * [`proxy`]: forwards requests to a router.
//! * [`shared_reads`]: one request to a router for identical reads of several browsers.
//! * [`sign_in`]: exchanges a name and a password for a token.
//! * [`token_command`]: tokens from a command of the operator.
//! * [`response`]: coalesces and compresses response bodies.
//! * [`config`]: the configuration by flags, environment and file; [`tls`]: certificates and keys.
//! * [`connections`]: accepts connections and shuts down cleanly.
//! * [`error_response`]: errors that this server itself answers with.

#![allow(missing_docs, reason = "nothing but this workspace uses it; names and types say the rest")]

mod admission;
pub mod app;
pub mod backend;
pub mod base_path;
pub mod config;
pub mod connections;
pub mod content_encoding;
mod demo;
pub mod error_response;
mod health;
mod http_address;
pub mod info;
pub mod limits;
pub mod observation;
pub mod origin_guard;
pub mod page;
pub mod peer;
pub mod policy;
pub mod proxy;
pub mod request_body;
pub mod response;
pub mod router_name;
pub mod routers;
pub mod service_manager;
pub mod shared_reads;
pub mod sign_in;
pub mod tls;
pub mod token_command;
pub mod user_header;
