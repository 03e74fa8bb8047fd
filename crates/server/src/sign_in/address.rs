//! The address of an authentication server.

use crate::http_address::HttpAddress;
use anyhow::ensure;
use http::Uri;

/// The paths of CDAP that issue tokens.
const ISSUERS: [&str; 2] = ["/token", "/extendedtoken"];

/// An address that ends with `/token` or `/extendedtoken`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthServerUrl(HttpAddress);

impl std::str::FromStr for AuthServerUrl {
    type Err = anyhow::Error;

    /// Parses an address of the configuration. `/token` is added if it does not end with a path that issues tokens.
    fn from_str(text: &str) -> anyhow::Result<Self> {
        let mut address: HttpAddress = text.parse()?;
        if !issues_tokens(&address) {
            address.path = format!("{}/token", address.path.trim_end_matches('/'));
        }
        Ok(Self(address))
    }
}

impl std::fmt::Display for AuthServerUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl AuthServerUrl {
    /// Parses an address that a router names: it must end with a path that issues tokens.
    pub(super) fn named_by_router(text: &str) -> anyhow::Result<Self> {
        let address: HttpAddress = text.parse()?;
        ensure!(issues_tokens(&address), "its path must end with /token");
        Ok(Self(address))
    }

    /// The host without its port, in lower case.
    pub fn host(&self) -> String {
        self.0.host()
    }

    pub(super) fn port(&self) -> u16 {
        self.0.port()
    }

    pub fn is_encrypted(&self) -> bool {
        self.0.is_encrypted()
    }

    pub(super) fn to_uri(&self) -> Result<Uri, http::Error> {
        self.0.to_uri("")
    }
}

fn issues_tokens(address: &HttpAddress) -> bool {
    ISSUERS.iter().any(|issuer| address.path.ends_with(issuer))
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
    fn a_router_can_name_only_a_path_that_issues_tokens() {
        assert!(AuthServerUrl::named_by_router("http://auth.example:10009/token").is_ok());
        for text in
            ["http://auth.example:10009", "http://auth.example/v3/namespaces", "http://auth.example/mytokens"]
        {
            assert!(AuthServerUrl::named_by_router(text).is_err(), "{text}");
        }
    }
}
