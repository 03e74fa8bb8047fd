//! Connections to routers and authentication servers.

use anyhow::Context;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::{ClientConfig, RootCertStore};
use std::time::Duration;

/// Whether certificates are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roots {
    /// An address with TLS is known: without the system's certificates there is an error.
    Required,
    /// An address with TLS may follow: on a machine without certificates, none is trusted.
    IfAny,
    /// TLS is not used: no certificates are read.
    None,
}

/// Opens connections with or without TLS, as the scheme of an address says.
pub fn connector(timeout: Duration, roots: Roots) -> anyhow::Result<HttpsConnector<HttpConnector>> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(timeout));
    let without = || {
        let none = ClientConfig::builder().with_root_certificates(RootCertStore::empty());
        HttpsConnectorBuilder::new().with_tls_config(none.with_no_client_auth())
    };
    let with = || HttpsConnectorBuilder::new().with_native_roots();
    let builder = match roots {
        Roots::Required => with().context("cannot read the system's certificates")?,
        Roots::IfAny => with().unwrap_or_else(|_| without()),
        Roots::None => without(),
    };
    Ok(builder.https_or_http().enable_http1().wrap_connector(tcp))
}
