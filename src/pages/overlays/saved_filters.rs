//! Filters of the list of programs that have a name: kept in this browser, for each router and namespace.

use crate::client::preferences;
use crate::routes::RouterName;
use quiesce_api::NamespaceId;

/// A filter with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SavedFilter {
    pub name: String,
    /// The query of the list's address.
    pub query: String,
}

fn key(router: &RouterName, namespace: &NamespaceId) -> String {
    format!("filters.{}.{namespace}", router.as_str())
}

/// The filters of a namespace, by name.
pub(super) fn read(router: &RouterName, namespace: &NamespaceId) -> Vec<SavedFilter> {
    of_text(&preferences::get(&key(router, namespace)).unwrap_or_default())
}

/// Stores all filters of a namespace.
pub(super) fn write(router: &RouterName, namespace: &NamespaceId, filters: &[SavedFilter]) {
    preferences::set(&key(router, namespace), &text(filters));
}

/// Adds a filter, in place of one with the same name.
pub(super) fn put(filters: &mut Vec<SavedFilter>, filter: SavedFilter) {
    filters.retain(|other| other.name != filter.name);
    let at = filters.partition_point(|other| other.name < filter.name);
    filters.insert(at, filter);
}

/// The query of an address without the page that was open.
pub(super) fn without_page(search: &str) -> String {
    let parts = search.trim_start_matches('?').split('&');
    let kept: Vec<&str> = parts.filter(|part| !part.is_empty() && !part.starts_with("page=")).collect();
    kept.join("&")
}

/// A name in one line, without what separates it from its query.
pub(super) fn clean_name(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(filters: &[SavedFilter]) -> String {
    let mut text = String::new();
    for filter in filters {
        for part in [&filter.name, "\t", &filter.query, "\n"] {
            text.push_str(part);
        }
    }
    text
}

/// Lines that are no filter are ignored: another version of the console may have written them.
fn of_text(text: &str) -> Vec<SavedFilter> {
    let mut filters = Vec::new();
    for (name, query) in text.lines().filter_map(|line| line.split_once('\t')) {
        if !name.is_empty() && !query.is_empty() && !query.contains('\t') {
            put(&mut filters, SavedFilter { name: name.to_owned(), query: query.to_owned() });
        }
    }
    filters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(name: &str, query: &str) -> SavedFilter {
        SavedFilter { name: name.to_owned(), query: query.to_owned() }
    }

    #[test]
    fn filters_come_back_by_name_as_they_were_stored() {
        let mut filters = vec![filter("Failed", "state=failed")];
        put(&mut filters, filter("Active & live", "q=a%26b&state=active"));
        assert_eq!(filters.first().map(|it| it.name.as_str()), Some("Active & live"));
        assert_eq!(of_text(&text(&filters)), filters);
    }

    #[test]
    fn a_filter_replaces_the_one_with_its_name() {
        let mut filters = vec![filter("Failed", "state=failed")];
        put(&mut filters, filter("Failed", "state=failed&kind=batch"));
        assert_eq!(filters, [filter("Failed", "state=failed&kind=batch")]);
    }

    #[test]
    fn damaged_lines_are_ignored() {
        assert_eq!(of_text("no tab\n\tq=a\nname\t\na\tb\tc\nok\tq=a"), [filter("ok", "q=a")]);
    }

    #[test]
    fn a_saved_filter_begins_at_its_first_page_and_its_name_has_one_line() {
        assert_eq!(without_page("?q=a&page=3&state=active"), "q=a&state=active");
        assert_eq!(without_page("?page=3"), "");
        assert_eq!(clean_name("  late\tand\n failed "), "late and failed");
    }

    #[test]
    fn each_router_and_namespace_has_filters_of_its_own() {
        let router = |name| RouterName::new(name).unwrap();
        assert_ne!(key(&router("a"), &"b".into()), key(&router("b"), &"a".into()));
        assert_ne!(key(&router(""), &"b".into()), key(&router("a"), &"b".into()));
    }
}
