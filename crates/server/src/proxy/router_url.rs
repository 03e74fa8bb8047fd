//! The address of a router.

use crate::http_address::HttpAddress;
use http::Uri;
use http::uri::PathAndQuery;

/// The address of a router, with a path before `/v3` if the router is behind a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterUrl(HttpAddress);

impl std::str::FromStr for RouterUrl {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let mut address: HttpAddress = text.parse()?;
        address.path.truncate(address.path.trim_end_matches('/').len());
        Ok(Self(address))
    }
}

impl std::fmt::Display for RouterUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl RouterUrl {
    /// Host and port: the name of the server for people.
    pub fn name(&self) -> &str {
        self.0.authority()
    }

    /// The host without its port, in lower case.
    pub fn host(&self) -> String {
        self.0.host()
    }

    /// Whether it is reached over TLS.
    pub fn is_encrypted(&self) -> bool {
        self.0.is_encrypted()
    }

    pub(super) fn with_target(&self, target: &PathAndQuery) -> Result<Uri, http::Error> {
        self.0.to_uri(target.as_str())
    }
}
