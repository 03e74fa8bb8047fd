//! The requests that the console uses, as regular expressions for nginx and Caddy.

use quiesce_api::ProgramType;
use quiesce_api::routes::ROUTES;
use std::collections::BTreeMap;

/// For each method, regular expressions of its targets: of a path with its query.
pub fn targets() -> Vec<(&'static str, Vec<String>)> {
    let mut by_method: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for route in ROUTES {
        by_method.entry(route.method.as_str()).or_default().push(target(route.pattern));
    }
    by_method.into_iter().collect()
}

/// The names of a pattern stand for one segment that is not empty, `{type}` for a known type of programs.
fn target(pattern: &str) -> String {
    let types = ProgramType::RUNNABLE.iter().chain([&ProgramType::CustomAction]).map(ProgramType::path);
    let types = format!("({})", types.collect::<Vec<_>>().join("|"));
    let segment = |segment: &str| match segment {
        "{type}" => types.clone(),
        name if name.starts_with('{') => "[^/?]+".to_owned(),
        // Letters, digits and hyphens, which mean themselves.
        literal => literal.to_owned(),
    };
    pattern.split('/').map(segment).collect::<Vec<_>>().join("/") + r"(\?|$)"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_segments_mean_themselves_and_names_do_not_cross_a_segment() {
        assert_eq!(
            target("/v3/namespaces/{namespace}/{type}"),
            r"/v3/namespaces/[^/?]+/(workflows|spark|services|workers|mapreduce|custom)(\?|$)"
        );
        for route in ROUTES {
            let plain = |segment: &str| segment.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
            let known = |segment: &str| segment.starts_with('{') && segment.ends_with('}') || plain(segment);
            assert!(route.pattern.split('/').all(known), "{route}");
        }
    }

    #[test]
    fn contains_every_request_of_the_console() {
        let targets = targets();
        assert_eq!(targets.iter().map(|it| it.1.len()).sum::<usize>(), ROUTES.len());
        assert_eq!(targets.iter().map(|it| it.0).collect::<Vec<_>>(), ["GET", "POST", "PUT"]);
    }
}
