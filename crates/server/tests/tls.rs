//! TLS of the process: certificate, reload, and an authority of the router.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use nix::sys::signal::Signal;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use support::certificate;
use support::process::Process;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const BOUND: Duration = Duration::from_secs(20);

/// Connects to a server, with TLS and a certificate that is trusted.
async fn connect(server: &Process, trusted: &Path) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(trusted).expect("a certificate")).expect("added");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(&server.address).await.expect("it listens");
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

async fn get(server: &Process, stream: &mut TlsStream<TcpStream>, end: &str) -> String {
    let request = format!("GET /quiesce/info HTTP/1.1\r\nhost: {}\r\n\r\n", server.address);
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    while !answer.ends_with(end) {
        let byte = tokio::time::timeout(BOUND, stream.read_u8()).await.expect("an answer").expect("a byte");
        answer.push(char::from(byte));
    }
    answer
}

fn write_certificate(certificate: &Path, key: &Path) {
    certificate::write(&["localhost", "127.0.0.1"], certificate, key);
}

#[tokio::test]
async fn serves_tls_and_replaces_the_certificate_on_sighup_without_ending_connections() {
    let folder = tempfile::tempdir().expect("a folder");
    let [certificate, key, first] =
        ["server.pem", "server.key", "first.pem"].map(|name| folder.path().join(name));
    write_certificate(&certificate, &key);
    std::fs::copy(&certificate, &first).expect("copied");
    let [certificate_text, key_text] = [&certificate, &key].map(|path| path.to_str().expect("text"));
    let mut served =
        Process::start(&["demo", "--tls-cert", certificate_text, "--tls-key", key_text], &[]).await;
    let mut open = connect(&served, &first).await.expect("trusted");
    let answer = get(&served, &mut open, "}]}").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000\r\n"), "{answer}");

    std::fs::write(&key, "not a key").expect("written");
    served.signal(Signal::SIGHUP);
    served.wait_for_log("the certificate stays as it was").await;
    connect(&served, &first).await.expect("the certificate is still the first");

    write_certificate(&certificate, &key);
    served.signal(Signal::SIGHUP);
    served.wait_for_log("new connections get the certificate as it is now").await;
    connect(&served, &certificate).await.expect("the new certificate");
    connect(&served, &first).await.expect_err("the first one is not used any more");
    let answer = get(&served, &mut open, "}]}").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "the connection is still open: {answer}");
}

#[tokio::test]
async fn a_client_that_does_not_complete_the_handshake_is_disconnected() {
    let folder = tempfile::tempdir().expect("a folder");
    let [certificate, key] = ["server.pem", "server.key"].map(|name| folder.path().join(name));
    write_certificate(&certificate, &key);
    let [certificate, key] = [&certificate, &key].map(|path| path.to_str().expect("text"));
    let arguments = ["demo", "--tls-cert", certificate, "--tls-key", key, "--handshake-limit", "1"];
    let served = Process::start(&arguments, &[]).await;
    let mut silent = TcpStream::connect(&served.address).await.expect("it listens");
    let mut answer = Vec::new();
    tokio::time::timeout(BOUND, silent.read_to_end(&mut answer)).await.expect("it closes").expect("no reset");
    assert!(answer.is_empty());
    let mut plain = TcpStream::connect(&served.address).await.expect("it listens");
    plain.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.expect("sent");
    let _ = tokio::time::timeout(BOUND, plain.read_to_end(&mut answer)).await.expect("it closes");
    assert!(!answer.starts_with(b"HTTP"), "no page without TLS");
}

#[tokio::test]
async fn trusts_a_router_that_an_authority_of_the_operator_certifies_and_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let [certificate, key] = ["server.pem", "server.key"].map(|name| folder.path().join(name));
    write_certificate(&certificate, &key);
    let [certificate, key] = [&certificate, &key].map(|path| path.to_str().expect("text"));
    let router = Process::start(&["demo", "--tls-cert", certificate, "--tls-key", key], &[]).await;
    let url = format!("https://{}", router.address);
    for (authority, expected) in [(Some(certificate), "HTTP/1.1 200 "), (None, "HTTP/1.1 502 ")] {
        let arguments = ["serve", "--tls-cert", certificate, "--tls-key", key, "--router", &url];
        let arguments = match authority {
            Some(path) => [&arguments[..], &["--router-ca", path]].concat(),
            None => arguments.to_vec(),
        };
        let console = Process::start(&arguments, &[]).await;
        let mut stream = connect(&console, Path::new(certificate)).await.expect("trusted");
        let request = format!("GET /v3/version HTTP/1.1\r\nhost: {}\r\n\r\n", console.address);
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut status = [0; 13];
        tokio::time::timeout(BOUND, stream.read_exact(&mut status))
            .await
            .expect("an answer")
            .expect("a status");
        assert_eq!(String::from_utf8_lossy(&status), expected);
    }
}
