//! The address of a router.

use anyhow::{Context, bail, ensure};
use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

/// `http` or `https`, an authority, and a path before `/v3` if the router is behind a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterUrl {
    scheme: Scheme,
    authority: Authority,
    prefix: String,
}

impl std::str::FromStr for RouterUrl {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let parts =
            text.parse::<Uri>().context("use the form http://HOST:PORT or https://HOST:PORT")?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            bail!("use the form http://HOST:PORT or https://HOST:PORT");
        };
        ensure!(scheme == Scheme::HTTP || scheme == Scheme::HTTPS, "only http and https are supported");
        ensure!(!authority.as_str().contains('@'), "the address must not contain credentials");
        let path = parts.path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/"));
        ensure!(path.query().is_none(), "the address must not have a query");
        Ok(Self { scheme, authority, prefix: path.path().trim_end_matches('/').to_owned() })
    }
}

impl std::fmt::Display for RouterUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.prefix)
    }
}

impl RouterUrl {
    /// Host and port: the name of the server for people.
    pub fn name(&self) -> &str {
        self.authority.as_str()
    }

    /// The host without its port, in lower case.
    pub fn host(&self) -> String {
        self.authority.host().to_ascii_lowercase()
    }

    /// Whether it is reached over TLS.
    pub fn is_encrypted(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    pub(super) fn with_target(&self, target: &PathAndQuery) -> Result<Uri, http::Error> {
        let builder = Uri::builder().scheme(self.scheme.clone()).authority(self.authority.clone());
        if self.prefix.is_empty() {
            return builder.path_and_query(target.clone()).build();
        }
        builder.path_and_query(format!("{}{target}", self.prefix)).build()
    }
}
