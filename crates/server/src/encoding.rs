//! What the browser accepts (`Accept-Encoding`).

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// A content encoding that this server can produce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `br`.
    Brotli,
    /// `gzip`.
    Gzip,
}

impl Encoding {
    /// The word on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The one to use for a request: Brotli before gzip, nothing if neither is asked for by name.
    pub fn asked_for(headers: &HeaderMap) -> Option<Self> {
        let accepts = |name: &str| {
            headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
                value.split(',').any(|one| {
                    let mut parts = one.split(';').map(str::trim);
                    let named = parts.next().is_some_and(|it| it.eq_ignore_ascii_case(name));
                    let refused = parts.any(|it| {
                        it.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0)
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

    fn asked(value: &'static str) -> Option<Encoding> {
        Encoding::asked_for(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]))
    }

    #[test]
    fn brotli_is_preferred_and_a_weight_of_zero_refuses() {
        assert_eq!(asked("gzip, deflate, br, zstd"), Some(Encoding::Brotli));
        assert_eq!(asked("gzip, br;q=0"), Some(Encoding::Gzip));
        assert_eq!(asked("GZIP;q=0.5"), Some(Encoding::Gzip));
        assert_eq!(asked("identity"), None);
        assert_eq!(asked("*"), None);
        assert_eq!(Encoding::asked_for(&HeaderMap::new()), None);
    }
}
