//! Negotiation of the content encoding (`Accept-Encoding`).

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// A content encoding that this server can produce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentEncoding {
    Brotli,
    Gzip,
}

impl ContentEncoding {
    /// The name in HTTP headers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The encoding for a request: Brotli before gzip, `None` if the client names neither.
    pub fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let accepts = |name: &str| {
            headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
                value.split(',').any(|item| {
                    let mut parts = item.split(';').map(str::trim);
                    let named = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case(name));
                    let refused = parts.any(|parameter| {
                        parameter
                            .strip_prefix("q=")
                            .and_then(|weight| weight.parse::<f32>().ok())
                            .is_some_and(|weight| weight <= 0.0)
                    });
                    named && !refused
                })
            })
        };
        [Self::Brotli, Self::Gzip].into_iter().find(|encoding| accepts(encoding.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn negotiate(value: &'static str) -> Option<ContentEncoding> {
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
        ContentEncoding::negotiate(&headers)
    }

    #[test]
    fn prefers_brotli_and_treats_a_weight_of_zero_as_a_refusal() {
        assert_eq!(negotiate("gzip, deflate, br, zstd"), Some(ContentEncoding::Brotli));
        assert_eq!(negotiate("gzip, br;q=0"), Some(ContentEncoding::Gzip));
        assert_eq!(negotiate("GZIP;q=0.5"), Some(ContentEncoding::Gzip));
        assert_eq!(negotiate("identity"), None);
        assert_eq!(negotiate("*"), None);
        assert_eq!(ContentEncoding::negotiate(&HeaderMap::new()), None);
    }
}
