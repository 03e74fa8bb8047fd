//! The address of an authentication server.

use anyhow::{Context, bail, ensure};
use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

/// The paths of CDAP that issue tokens.
const ISSUERS: [&str; 2] = ["/token", "/extendedtoken"];

/// An `http` or `https` address without user information that ends with `/token` or `/extendedtoken`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthServerUrl {
    scheme: Scheme,
    authority: Authority,
    path: String,
}

impl std::str::FromStr for AuthServerUrl {
    type Err = anyhow::Error;

    /// Parses an address of the configuration. `/token` is added if it does not end with a path that issues tokens.
    fn from_str(text: &str) -> anyhow::Result<Self> {
        let mut url = Self::parse(text)?;
        if !url.issues_tokens() {
            url.path = format!("{}/token", url.path.trim_end_matches('/'));
        }
        Ok(url)
    }
}

impl std::fmt::Display for AuthServerUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

impl AuthServerUrl {
    /// Parses an address that a router names: it must end with a path that issues tokens.
    pub(super) fn named_by_router(text: &str) -> anyhow::Result<Self> {
        let url = Self::parse(text)?;
        ensure!(url.issues_tokens(), "its path must end with /token");
        Ok(url)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let parts = text.parse::<Uri>().context("not a URL")?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            bail!("use the form http://HOST:PORT or https://HOST:PORT");
        };
        ensure!(scheme == Scheme::HTTP || scheme == Scheme::HTTPS, "only http and https are supported");
        ensure!(!authority.as_str().contains('@'), "the address must not contain credentials");
        let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
        ensure!(!authority.host().is_empty(), "the address must have a host");
        ensure!(
            port.is_empty() || authority.port_u16().is_some_and(|port| port > 0),
            "the port is not a number"
        );
        let path = parts.path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/"));
        ensure!(path.query().is_none(), "the address must not have a query");
        Ok(Self { scheme, authority, path: path.path().to_owned() })
    }

    fn issues_tokens(&self) -> bool {
        ISSUERS.iter().any(|issuer| self.path.ends_with(issuer))
    }

    /// The host without its port, in lower case.
    pub fn host(&self) -> String {
        self.authority.host().to_ascii_lowercase()
    }

    pub(super) fn port(&self) -> u16 {
        let default = if self.is_encrypted() { 443 } else { 80 };
        self.authority.port_u16().unwrap_or(default)
    }

    pub fn is_encrypted(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    pub(super) fn to_uri(&self) -> Result<Uri, http::Error> {
        let builder = Uri::builder().scheme(self.scheme.clone()).authority(self.authority.clone());
        builder.path_and_query(self.path.as_str()).build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_configuration_gets_the_path_that_issues_tokens() {
        for (text, expected) in [
            ("http://auth.example:10009", "http://auth.example:10009/token"),
            ("https://auth.example/", "https://auth.example/token"),
            ("https://gateway.example/auth/", "https://gateway.example/auth/token"),
            ("https://gateway.example/auth/token", "https://gateway.example/auth/token"),
            ("http://auth.example:10009/extendedtoken", "http://auth.example:10009/extendedtoken"),
            ("http://[::1]:10009", "http://[::1]:10009/token"),
        ] {
            assert_eq!(text.parse::<AuthServerUrl>().unwrap().to_string(), expected);
        }
    }

    #[test]
    fn an_address_with_credentials_a_query_or_another_scheme_is_rejected() {
        for text in [
            "",
            "auth.example:10009",
            "ftp://auth.example/token",
            "file:///etc/passwd",
            "http://alice:secret@auth.example/token",
            "http://router.example@evil.example/token",
            "http://auth.example:port/token",
            "http://auth.example:0/token",
            "http://auth.example:99999/token",
            "http://auth.example/token?next=http://evil.example",
            "http:///token",
        ] {
            assert!(text.parse::<AuthServerUrl>().is_err(), "{text}");
            assert!(AuthServerUrl::named_by_router(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_router_can_name_only_a_path_that_issues_tokens() {
        assert!(AuthServerUrl::named_by_router("http://auth.example:10009/token").is_ok());
        for text in
            ["http://auth.example:10009", "http://auth.example/v3/namespaces", "http://auth.example/mytokens"]
        {
            assert!(AuthServerUrl::named_by_router(text).is_err(), "{text}");
        }
    }
}
