//! The values of the configuration. Each is read from text, and its error says what would be right.

use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

/// The longest time limit: a day.
const MAX_SECONDS: u64 = 86_400;

/// The address on which a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenAddress {
    host: String,
    port: u16,
}

impl ListenAddress {
    /// Whether only this machine can reach it. A name other than `localhost` may be any address.
    pub fn is_loopback(&self) -> bool {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        self.host.eq_ignore_ascii_case("localhost")
            || bare.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
    }
}

impl Default for ListenAddress {
    fn default() -> Self {
        Self { host: "127.0.0.1".to_owned(), port: 11_020 }
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl FromStr for ListenAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || "use ADDRESS:PORT, for example 127.0.0.1:11020 or [::1]:11020".to_owned();
        let (host, port) = text.rsplit_once(':').ok_or_else(form)?;
        let port = port.parse().map_err(|_| form())?;
        let is_ipv6 = |host: &str| {
            host.strip_prefix('[')
                .and_then(|host| host.strip_suffix(']'))
                .is_some_and(|host| host.parse::<std::net::Ipv6Addr>().is_ok())
        };
        if is_host_name(host) || is_ipv6(host) {
            Ok(Self { host: host.to_owned(), port })
        } else {
            Err(form())
        }
    }
}

/// Letters, digits, dots, hyphens and underscores.
fn is_host_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// A host name without a port, in lower case.
pub fn host_name(text: &str) -> Result<String, String> {
    if is_host_name(text) {
        return Ok(text.to_ascii_lowercase());
    }
    Err("use a host name without scheme, port and path, for example console.example".to_owned())
}

/// A host with which a router may replace its own as authentication server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthHost {
    /// In lower case.
    pub host: String,
    /// Any port if there is none.
    pub port: Option<u16>,
}

impl FromStr for AuthHost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = "use HOST or HOST:PORT, for example auth.example:10009";
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, Some(port.parse().map_err(|_| form.to_owned())?)),
            None => (text, None),
        };
        if is_host_name(host) {
            Ok(Self { host: host.to_ascii_lowercase(), port })
        } else {
            Err(form.to_owned())
        }
    }
}

/// An address, or the addresses of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(|ip| IpNet::from(ip.to_canonical())))
            .map(Self)
            .map_err(|_| "use an address or a network, for example 127.0.0.1 or 10.0.0.0/8".to_owned())
    }
}

/// A text that must not be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, to use and not to show.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// The command that prints an access token.
pub fn token_command(text: &str) -> Result<Secret, String> {
    if text.trim().is_empty() || text.contains('\0') {
        return Err(
            "use a command that prints a token, for example \"gcloud auth print-access-token\"".to_owned()
        );
    }
    Ok(Secret::new(text))
}

/// A header that is added to each request to a router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraHeader {
    pub name: http::HeaderName,
    /// Marked as sensitive, so that its `Debug` hides it.
    pub value: http::HeaderValue,
}

/// Headers that this server or HTTP itself sets.
const OWN_HEADERS: [&str; 13] = [
    "accept-encoding",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-request-id",
];

impl FromStr for ExtraHeader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || "use the form \"Name: value\"".to_owned();
        let (name, value) = text.split_once(':').ok_or_else(form)?;
        let name: http::HeaderName = name.trim().parse().map_err(|_| form())?;
        let mut value: http::HeaderValue = value.trim().parse().map_err(|_| form())?;
        if value.is_empty() {
            return Err(form());
        }
        if OWN_HEADERS.contains(&name.as_str()) {
            return Err(format!("{name} is set by this server and cannot be replaced"));
        }
        value.set_sensitive(true);
        Ok(Self { name, value })
    }
}

/// The name of the header with the user's name.
pub fn user_header(text: &str) -> Result<http::HeaderName, String> {
    let name: http::HeaderName =
        text.parse().map_err(|_| "use the name of a header, for example X-Forwarded-User".to_owned())?;
    if matches!(name.as_str(), "authorization" | "cookie" | "host" | "origin") {
        return Err(format!("{name} does not contain a user's name; use for example X-Forwarded-User"));
    }
    Ok(name)
}

/// The format of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    #[default]
    Human,
    Json,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            _ => Err("use human or json".to_owned()),
        }
    }
}

pub fn switch(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "use true or false".to_owned())
}

pub fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 1..=MAX_SECONDS) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("use a whole number of seconds from 1 to {MAX_SECONDS}")),
    }
}

pub fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=1_000_000) => Ok(count),
        _ => Err("use a whole number from 1 to 1000000".to_owned()),
    }
}

/// A number of bytes, with `k`, `M` or `G` for powers of 1,024.
pub fn size(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 1 << 10),
        Some((at, 'M')) => (&text[..at], 1 << 20),
        Some((at, 'G')) => (&text[..at], 1 << 30),
        _ => (text, 1),
    };
    let bytes = digits.parse().ok().and_then(|count: u64| count.checked_mul(unit)).filter(|bytes| *bytes > 0);
    bytes.ok_or_else(|| {
        "use a number of bytes above 0, with k, M or G if it is large, for example 10M".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_machine_are_loopback() {
        for (text, loopback) in [
            ("127.0.0.1:11020", true),
            ("127.9.9.9:0", true),
            ("[::1]:11020", true),
            ("[::ffff:127.0.0.1]:1", true),
            ("LocalHost:80", true),
            ("0.0.0.0:11020", false),
            ("[::]:11020", false),
            ("10.0.0.7:11020", false),
            ("console.example:443", false),
        ] {
            assert_eq!(text.parse::<ListenAddress>().map(|it| it.is_loopback()), Ok(loopback), "{text}");
        }
        for text in [
            "",
            "11020",
            ":11020",
            "127.0.0.1",
            "127.0.0.1:x",
            "127.0.0.1:65536",
            "::1:80",
            "a/b:80",
            "http://a:80",
        ] {
            assert!(text.parse::<ListenAddress>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_network_contains_its_addresses_also_as_mapped_ones() {
        let inside = |network: &str, address: &str| {
            network.parse::<Network>().unwrap().contains(address.parse().unwrap())
        };
        assert!(inside("10.0.0.0/8", "10.2.3.4") && inside("10.0.0.0/8", "::ffff:10.2.3.4"));
        assert!(inside("127.0.0.1", "127.0.0.1") && inside("fd00::/8", "fd00::1"));
        assert!(!inside("10.0.0.0/8", "11.0.0.1") && !inside("127.0.0.1", "127.0.0.2"));
        for text in ["", "10.0.0.0/33", "proxy.example", "10.0.0"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_size_is_above_zero_and_fits() {
        assert_eq!(
            ["1", "512k", "10M", "1G"].map(|it| size(it).unwrap()),
            [1, 524_288, 10_485_760, 1_073_741_824]
        );
        for text in ["", "0", "0M", "M", "-1", "1.5M", "10 M", "10MB", "99999999999G"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn limits_are_at_least_one_and_at_most_a_day() {
        assert_eq!(seconds("1"), Ok(Duration::from_secs(1)));
        for text in ["0", "86401", "-1", "1s", "1.5", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
        for text in ["0", "1000001", "many"] {
            assert!(count(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_header_has_a_name_and_a_value_and_is_not_one_of_this_server() {
        let header: ExtraHeader = "X-Api-Key:  a:b ".parse().unwrap();
        assert_eq!((header.name.as_str(), header.value.as_bytes()), ("x-api-key", &b"a:b"[..]));
        assert!(!format!("{header:?}").contains("a:b"));
        for text in [
            "",
            "X-Api-Key",
            ": x",
            "X-Api-Key:",
            "X Y: z",
            "A: b\nC: d",
            "Host: x",
            "transfer-encoding: chunked",
        ] {
            assert!(text.parse::<ExtraHeader>().is_err(), "{text}");
        }
    }

    #[test]
    fn hosts_have_neither_a_scheme_nor_a_path() {
        assert_eq!(host_name("Console.Example"), Ok("console.example".to_owned()));
        let auth: AuthHost = "Auth.example:10009".parse().unwrap();
        assert_eq!((auth.host.as_str(), auth.port), ("auth.example", Some(10_009)));
        assert_eq!("auth.example".parse::<AuthHost>().unwrap().port, None);
        for text in ["", "http://a", "a/b", "a@b", "*.example", "a b"] {
            assert!(host_name(text).is_err() && text.parse::<AuthHost>().is_err(), "{text}");
        }
        assert!(host_name("a:80").is_err() && "a:x".parse::<AuthHost>().is_err());
    }
}
