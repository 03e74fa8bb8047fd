//! Reads certificates and keys from PEM files.

use rustls::RootCertStore;
use rustls::pki_types::pem::{Error, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use std::path::Path;

/// The reason why a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// The file of certificates.
    Certificate(String),
    /// The file of the key.
    Key(String),
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Certificate(reason) => write!(f, "the certificate cannot be used: {reason}"),
            Self::Key(reason) => write!(f, "the key cannot be used: {reason}"),
        }
    }
}

impl std::error::Error for FileError {}

/// Reads a certificate with its chain, and the key that belongs to it.
pub fn read_certified_key(certificate: &Path, key: &Path) -> Result<CertifiedKey, FileError> {
    let chain = certificates(certificate).map_err(FileError::Certificate)?;
    let key =
        PrivateKeyDer::from_pem_file(key).map_err(|error| FileError::Key(reason(&error, "a private key")))?;
    let provider = rustls::crypto::ring::default_provider();
    CertifiedKey::from_der(chain, key, &provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => {
            FileError::Key("it does not belong to the certificate".to_owned())
        }
        rustls::Error::InvalidCertificate(error) => FileError::Certificate(error.to_string()),
        other => FileError::Key(other.to_string()),
    })
}

/// Reads the certificates of authorities.
pub fn read_authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = certificates(path)?;
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store.add(certificate.clone()).map_err(|error| error.to_string())?;
    }
    Ok(certificates)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(certificates) if certificates.is_empty() => Err(reason(&Error::NoItemsFound, "a certificate")),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(reason(&error, "a certificate")),
    }
}

fn reason(error: &Error, item: &str) -> String {
    match error {
        Error::Io(error) => format!("cannot read the file: {error}"),
        Error::NoItemsFound => format!("the file does not contain {item} as PEM"),
        _ => format!("the file is not valid PEM with {item}"),
    }
}
