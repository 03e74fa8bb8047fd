//! Certificates that certify themselves.

use rcgen::generate_simple_self_signed;
use std::path::Path;

/// Writes a new certificate for these hosts, and its key, as PEM.
pub fn write(hosts: &[&str], certificate: &Path, key: &Path) {
    let hosts: Vec<_> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let made = generate_simple_self_signed(hosts).expect("a certificate");
    std::fs::write(certificate, made.cert.pem()).expect("written");
    std::fs::write(key, made.signing_key.serialize_pem()).expect("written");
}
