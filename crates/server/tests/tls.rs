//! TLS of the process: certificate, reload, and an authority of the router.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

use rcgen::generate_simple_self_signed;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStderr, Command};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const BOUND: Duration = Duration::from_secs(20);

struct Served {
    child: Child,
    address: String,
    log: tokio::io::Lines<BufReader<ChildStderr>>,
}

impl Served {
    async fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_quiesce"))
            .args(arguments)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("started");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).await.expect("a line");
        let address = line.trim_end().strip_prefix("listening on https://").expect("the address").to_owned();
        let log = BufReader::new(child.stderr.take().expect("its log")).lines();
        Self { child, address, log }
    }

    /// Sends SIGHUP and waits for a line of the log with these words.
    async fn hang_up(&mut self, words: &str) {
        let id = self.child.id().expect("running").to_string();
        assert!(Command::new("kill").args(["-HUP", &id]).status().await.expect("sent").success());
        tokio::time::timeout(BOUND, async {
            while !self.log.next_line().await.expect("text").expect("a line").contains(words) {}
        })
        .await
        .expect("the log says it");
    }

    async fn connect(&self, trusted: &Path) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(trusted).expect("a certificate")).expect("added");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(&self.address).await.expect("it listens");
        let name = ServerName::try_from("localhost").expect("a name");
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    async fn get(&self, stream: &mut TlsStream<TcpStream>, end: &str) -> String {
        let request = format!("GET /quiesce/info HTTP/1.1\r\nhost: {}\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        while !answer.ends_with(end) {
            let byte =
                tokio::time::timeout(BOUND, stream.read_u8()).await.expect("an answer").expect("a byte");
            answer.push(char::from(byte));
        }
        answer
    }
}

fn write_certificate(certificate: &Path, key: &Path) {
    let made =
        generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("a certificate");
    std::fs::write(certificate, made.cert.pem()).expect("written");
    std::fs::write(key, made.signing_key.serialize_pem()).expect("written");
}

#[tokio::test]
async fn serves_tls_and_replaces_the_certificate_on_sighup_without_ending_connections() {
    let folder = tempfile::tempdir().expect("a folder");
    let [certificate, key, first] =
        ["server.pem", "server.key", "first.pem"].map(|name| folder.path().join(name));
    write_certificate(&certificate, &key);
    std::fs::copy(&certificate, &first).expect("copied");
    let [certificate_text, key_text] = [&certificate, &key].map(|path| path.to_str().expect("text"));
    let mut served = Served::start(&["demo", "--tls-cert", certificate_text, "--tls-key", key_text]).await;
    let mut open = served.connect(&first).await.expect("trusted");
    let answer = served.get(&mut open, "}]}").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000\r\n"), "{answer}");

    std::fs::write(&key, "not a key").expect("written");
    served.hang_up("the certificate stays as it was").await;
    served.connect(&first).await.expect("the certificate is still the first");

    write_certificate(&certificate, &key);
    served.hang_up("new connections get the certificate as it is now").await;
    served.connect(&certificate).await.expect("the new certificate");
    served.connect(&first).await.expect_err("the first one is not used any more");
    let answer = served.get(&mut open, "}]}").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "the connection is still open: {answer}");
}

#[tokio::test]
async fn a_client_that_does_not_complete_the_handshake_is_disconnected() {
    let folder = tempfile::tempdir().expect("a folder");
    let [certificate, key] = ["server.pem", "server.key"].map(|name| folder.path().join(name));
    write_certificate(&certificate, &key);
    let [certificate, key] = [&certificate, &key].map(|path| path.to_str().expect("text"));
    let arguments = ["demo", "--tls-cert", certificate, "--tls-key", key, "--handshake-limit", "1"];
    let served = Served::start(&arguments).await;
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
    let router = Served::start(&["demo", "--tls-cert", certificate, "--tls-key", key]).await;
    let url = format!("https://{}", router.address);
    for (authority, expected) in [(Some(certificate), "HTTP/1.1 200 "), (None, "HTTP/1.1 502 ")] {
        let arguments = ["serve", "--tls-cert", certificate, "--tls-key", key, "--router", &url];
        let arguments = match authority {
            Some(path) => [&arguments[..], &["--router-ca", path]].concat(),
            None => arguments.to_vec(),
        };
        let console = Served::start(&arguments).await;
        let mut stream = console.connect(Path::new(certificate)).await.expect("trusted");
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
