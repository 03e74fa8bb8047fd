//! Connections to routers and authentication servers.

use anyhow::{Context, ensure};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::pki_types::CertificateDer;
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

/// Opens connections with or without TLS, as the scheme of an address says. `authorities` are trusted in addition to the
/// system's.
pub fn connector(
    timeout: Duration,
    roots: Roots,
    authorities: &[CertificateDer<'static>],
) -> anyhow::Result<HttpsConnector<HttpConnector>> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(timeout));
    let mut store = RootCertStore::empty();
    if roots != Roots::None {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        for authority in authorities {
            store.add(authority.clone()).context("an authority of --router-ca cannot be used")?;
        }
    }
    ensure!(roots != Roots::Required || !store.is_empty(), "cannot read the system's certificates");
    let tls = ClientConfig::builder().with_root_certificates(store).with_no_client_auth();
    Ok(HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp))
}
