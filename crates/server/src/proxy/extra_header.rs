//! Headers that the operator adds to each request to a router, for gateways.

use crate::config::ExtraHeader;
use http::HeaderMap;

/// Adds the headers; those of the browser with the same names are removed.
pub(super) fn add(extra: &[ExtraHeader], headers: &mut HeaderMap) {
    for header in extra {
        headers.remove(&header.name);
    }
    for header in extra {
        headers.append(header.name.clone(), header.value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_header_is_added_instead_of_the_browsers() {
        let extra: Vec<ExtraHeader> =
            ["X-Gateway:  key: 1 ", "x-gateway: 2"].map(|text| text.parse().unwrap()).into();
        let mut headers = HeaderMap::new();
        headers.insert("x-gateway", HeaderValue::from_static("of the browser"));
        add(&extra, &mut headers);
        assert_eq!(headers.get_all("x-gateway").iter().collect::<Vec<_>>(), ["key: 1", "2"]);
        assert!(headers.values().all(HeaderValue::is_sensitive));
    }
}
