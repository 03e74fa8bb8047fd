//! The checked configuration.

use super::error::ConfigErrors;
use super::file::{ConfigFile, Values};
use super::key::{self, Key};
use super::reader::Reader;
use super::routers::{RouterConfig, read_routers};
use super::source::Sourced;
use super::values::{self, ListenAddress, LogFormat, Network};
use crate::base_path::BasePath;
use crate::limits::Limits;
use crate::proxy::Timeouts;
use crate::tls::{FileError, read_certified_key};
use clap::ArgMatches;
use http::HeaderName;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The configuration of `quiesce serve`.
#[derive(Clone, Debug)]
pub struct Config {
    pub server: ServerConfig,
    /// At least one; if there are several, all have different names.
    pub routers: Vec<RouterConfig>,
}

/// The part of the configuration that does not concern a router.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    pub listen: ListenAddress,
    /// In lower case.
    pub allowed_hosts: Vec<String>,
    pub base: BasePath,
    pub log_format: LogFormat,
    pub tls: Option<TlsFiles>,
    pub read_only: bool,
    /// Whether identical reads of several browsers are one request.
    pub share_reads: bool,
    /// Only believed from a trusted proxy.
    pub user_header: Option<HeaderName>,
    pub trusted_proxies: Vec<Network>,
    pub allow_shared_token: bool,
    pub limits: Limits,
    pub timeouts: Timeouts,
}

/// The files of this server's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Config {
    /// Reads and checks the configuration of a command with the arguments of `key::all`: flags before variables
    /// before the file.
    pub fn load(matches: &ArgMatches) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(matches);
        let file = reader
            .given(&key::CONFIG)
            .and_then(|mut given| given.pop())
            .map_or_else(|| Ok(ConfigFile::default()), |given| ConfigFile::read(Path::new(&given.text)));
        let file = file.map_err(ConfigErrors)?;
        let server = ServerConfig::read(&mut reader, &file.values);
        let routers = read_routers(&mut reader, &file, &server.listen, server.allow_shared_token);
        if reader.errors.is_empty() { Ok(Self { server, routers }) } else { Err(ConfigErrors(reader.errors)) }
    }
}

impl ServerConfig {
    /// Reads and checks the configuration of a command without routers and without a file.
    pub fn load(matches: &ArgMatches) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(matches);
        let server = Self::read(&mut reader, &Values::new());
        if reader.errors.is_empty() { Ok(server) } else { Err(ConfigErrors(reader.errors)) }
    }

    fn read(reader: &mut Reader<'_>, file: &Values) -> Self {
        let user_header = reader.one(&key::USER_HEADER, file, values::user_header);
        let trusted = reader.many(&key::TRUSTED_PROXY, file, Network::from_str);
        if let (Some(header), true) = (&user_header, trusted.is_empty()) {
            let advice = "requires trusted-proxy: without it every client could choose a name";
            reader.reject(&key::USER_HEADER, Some(header.value.as_str()), header.source.clone(), advice);
        }
        Self {
            listen: reader.required(&key::LISTEN, file, ListenAddress::from_str),
            allowed_hosts: plain(reader.many(&key::ALLOW_HOST, file, values::host_name)),
            base: reader
                .required(&key::BASE, file, |text| text.parse::<BasePath>().map_err(|it| it.to_string())),
            log_format: reader.required(&key::LOG_FORMAT, file, LogFormat::from_str),
            tls: tls_files(reader, file),
            read_only: reader.required(&key::READ_ONLY, file, values::switch),
            share_reads: reader.required(&key::SHARE_READS, file, values::switch),
            user_header: user_header.map(|it| it.value),
            trusted_proxies: plain(trusted),
            allow_shared_token: reader.required(&key::ALLOW_SHARED_TOKEN, file, values::switch),
            limits: limits(reader, file),
            timeouts: timeouts(reader, file),
        }
    }
}

fn plain<T>(values: Vec<Sourced<T>>) -> Vec<T> {
    values.into_iter().map(|it| it.value).collect()
}

fn path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("use the path of a file".to_owned()) } else { Ok(PathBuf::from(text)) }
}

fn tls_files(reader: &mut Reader<'_>, file: &Values) -> Option<TlsFiles> {
    let certificate = reader.one(&key::TLS_CERT, file, path);
    let key = reader.one(&key::TLS_KEY, file, path);
    let reject = |reader: &mut Reader<'_>, key: &Key, path: &Sourced<PathBuf>, advice: &str| {
        reader.reject(key, path.value.to_str(), path.source.clone(), advice);
    };
    match (certificate, key) {
        (Some(certificate), Some(key)) => {
            match read_certified_key(&certificate.value, &key.value) {
                Ok(_) => {}
                Err(FileError::Certificate(advice)) => reject(reader, &key::TLS_CERT, &certificate, &advice),
                Err(FileError::Key(advice)) => reject(reader, &key::TLS_KEY, &key, &advice),
            }
            Some(TlsFiles { certificate: certificate.value, key: key.value })
        }
        (Some(certificate), None) => {
            reject(
                reader,
                &key::TLS_CERT,
                &certificate,
                "requires tls-key, the private key of this certificate",
            );
            None
        }
        (None, Some(key)) => {
            reject(reader, &key::TLS_KEY, &key, "requires tls-cert, the certificate of this key");
            None
        }
        (None, None) => None,
    }
}

fn limits(reader: &mut Reader<'_>, file: &Values) -> Limits {
    let mut seconds = |key: &Key| reader.required(key, file, values::seconds);
    let handshake = seconds(&key::HANDSHAKE_LIMIT);
    let header = seconds(&key::HEADER_LIMIT);
    let keep_alive = seconds(&key::KEEP_ALIVE_LIMIT);
    let body_idle = seconds(&key::BODY_IDLE_LIMIT);
    let response_idle = seconds(&key::RESPONSE_IDLE_LIMIT);
    Limits {
        handshake,
        header,
        keep_alive,
        body_idle,
        body_rate: reader.required(&key::MIN_BODY_RATE, file, values::size),
        response_idle,
        connections: reader.required(&key::MAX_CONNECTIONS, file, values::count),
        connections_per_address: reader.required(&key::MAX_CONNECTIONS_PER_ADDRESS, file, values::count),
        failed_sign_ins: reader.required(&key::MAX_FAILED_SIGN_INS, file, values::count),
        body: reader.required(&key::MAX_BODY, file, values::size),
        upload: reader.required(&key::MAX_UPLOAD, file, values::size),
    }
}

fn timeouts(reader: &mut Reader<'_>, file: &Values) -> Timeouts {
    let mut seconds = |key: &Key| reader.required(key, file, values::seconds);
    Timeouts {
        connect: seconds(&key::CONNECT_LIMIT),
        response_header: seconds(&key::ANSWER_LIMIT),
        slow_response_header: seconds(&key::LONG_ANSWER_LIMIT),
        idle: seconds(&key::IDLE_LIMIT),
    }
}
