//! The address of a server behind this one.

use anyhow::{Context, bail, ensure};
use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

/// An `http` or `https` address without user information and query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAddress {
    scheme: Scheme,
    authority: Authority,
    /// Starts with a slash, unless it is empty.
    pub path: String,
}

impl std::str::FromStr for HttpAddress {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        const FORM: &str = "use the form http://HOST:PORT or https://HOST:PORT";
        let parts = text.parse::<Uri>().context(FORM)?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else { bail!(FORM) };
        ensure!(scheme == Scheme::HTTP || scheme == Scheme::HTTPS, "only http and https are supported");
        ensure!(!authority.as_str().contains('@'), "the address must not contain credentials");
        ensure!(!authority.host().is_empty(), "the address must have a host");
        // Of a port that does not fit, nothing is left: the default port would be used instead.
        let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
        ensure!(
            port.is_empty() || authority.port_u16().is_some_and(|port| port > 0),
            "the port must be a number from 1 to 65535"
        );
        let path = parts.path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/"));
        ensure!(path.query().is_none(), "the address must not have a query");
        Ok(Self { scheme, authority, path: path.path().to_owned() })
    }
}

impl std::fmt::Display for HttpAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

impl HttpAddress {
    /// Host and port, as given.
    pub fn authority(&self) -> &str {
        self.authority.as_str()
    }

    /// The host without its port, in lower case.
    pub fn host(&self) -> String {
        self.authority.host().to_ascii_lowercase()
    }

    pub fn port(&self) -> u16 {
        let default = if self.is_encrypted() { 443 } else { 80 };
        self.authority.port_u16().unwrap_or(default)
    }

    /// Whether it is reached over TLS.
    pub fn is_encrypted(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// A target below this address: its path follows that of the address, byte for byte.
    pub fn to_uri(&self, target: &str) -> Result<Uri, http::Error> {
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(format!("{}{target}", self.path))
            .build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_credentials_a_query_another_scheme_or_no_port_that_exists_is_rejected() {
        for text in [
            "",
            "cdap.example:11015",
            "ftp://cdap.example",
            "file:///etc/passwd",
            "http://alice:secret@cdap.example",
            "http://router.example@evil.example/",
            "http://cdap.example:port",
            "http://cdap.example:",
            "http://cdap.example:0",
            "http://cdap.example:99999",
            "http://cdap.example/?next=http://evil.example",
            "http:///v3",
        ] {
            assert!(text.parse::<HttpAddress>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_target_keeps_its_bytes_behind_the_path_of_the_address() {
        for (address, uri) in [
            ("http://cdap.example:11015", "http://cdap.example:11015/v3/a%2fb?c=%C3"),
            ("https://[::1]/api", "https://[::1]/api/v3/a%2fb?c=%C3"),
        ] {
            let mut address: HttpAddress = address.parse().unwrap();
            address.path.truncate(address.path.trim_end_matches('/').len());
            assert_eq!(address.to_uri("/v3/a%2fb?c=%C3").unwrap().to_string(), uri);
        }
    }
}
