//! The list of applications, in both of its forms (docs/cdap-api.md#application-list).

use super::record::ApplicationRecord;
use crate::endpoint::Endpoint;
use crate::error::{Error, Undecodable};
use crate::id::NamespaceId;
use crate::list::{Rows, Truncation};
use crate::request::Request;
use crate::response::Response;
use quiesce_json as json;
use quiesce_json::node::{Node, field};

/// The message for an object without the list.
const MISSING: &str = "missing field `applications`";

/// Lists the applications of a namespace (docs/cdap-api.md#application-list). A stand-alone server sorts by the
/// *length* of the name, so sort them for display.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListApplications {
    /// The namespace.
    pub namespace: NamespaceId,
    /// Only applications of these artifacts.
    pub artifact_names: Vec<String>,
    /// `Some(false)` requests all versions. The server's default is the latest only.
    pub latest_only: Option<bool>,
    /// Only applications of artifacts with exactly this version. `None` omits the filter; an empty text matches
    /// nothing.
    pub artifact_version: Option<String>,
    /// Only applications whose name matches this text, compared as in [`ListApplications::name_match`].
    pub name: Option<String>,
    /// Comparison of the name; the server's default is [`NameMatch::Contains`].
    pub name_match: Option<NameMatch>,
    /// Sort order; the server's default is [`Order::Ascending`].
    pub order: Option<Order>,
    /// `Some(true)` sorts by creation time instead of by name.
    pub sort_by_creation_time: Option<bool>,
    /// Requests one page. `None` requests all applications at once, as a bare list.
    pub page: Option<Page>,
}

/// Comparison of [`ListApplications::name`] (recording `apps-name-equals`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameMatch {
    /// The name equals the text.
    Equals,
    /// The name equals the text, ignoring case.
    EqualsIgnoreCase,
    /// The name contains the text.
    Contains,
}

impl NameMatch {
    /// The word on the wire; in lower case it is answered with 500.
    pub fn word(self) -> &'static str {
        match self {
            Self::Equals => "EQUALS",
            Self::EqualsIgnoreCase => "EQUALS_IGNORE_CASE",
            Self::Contains => "CONTAINS",
        }
    }
}

/// Sort order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    Descending,
}

impl Order {
    /// The word on the wire; in lower case it is answered with 500 (recording `apps-bad-orderby`).
    pub fn word(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    /// Maximum number of applications; 0 means all.
    pub size: u32,
    /// Token of the next page, from the previous page.
    pub after: Option<String>,
}

/// The applications that could be read.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Applications {
    /// The list with its invalid elements.
    pub rows: Rows<ApplicationRecord>,
    /// Token of the next page; `None` on the last page and without paging.
    pub next: Option<String>,
}

impl ListApplications {
    /// Requests all applications in one response.
    pub fn all(namespace: NamespaceId) -> Self {
        Self {
            namespace,
            artifact_names: Vec::new(),
            artifact_version: None,
            name: None,
            name_match: None,
            latest_only: None,
            order: None,
            sort_by_creation_time: None,
            page: None,
        }
    }

    /// Requests all versions of all applications in one response, from servers old and new.
    pub fn all_versions(namespace: NamespaceId) -> Self {
        Self { latest_only: Some(false), ..Self::all(namespace) }
    }
}

impl Endpoint for ListApplications {
    type Output = Applications;

    fn request(&self) -> Request {
        let mut request = Request::get(["v3", "namespaces", self.namespace.as_str(), "apps"]);
        if !self.artifact_names.is_empty() {
            request = request.query("artifactName", self.artifact_names.join(","));
        }
        if let Some(version) = &self.artifact_version {
            request = request.query("artifactVersion", version);
        }
        if let Some(name) = &self.name {
            request = request.query("nameFilter", name);
        }
        if let Some(name_match) = self.name_match {
            request = request.query("nameFilterType", name_match.word());
        }
        if let Some(latest_only) = self.latest_only {
            request = request.query("latestOnly", latest_only);
        }
        if let Some(order) = self.order {
            request = request.query("orderBy", order.word());
        }
        if let Some(sort) = self.sort_by_creation_time {
            request = request.query("sortCreationTime", sort);
        }
        if let Some(page) = &self.page {
            request = request.query("pageSize", page.size);
            if let Some(after) = &page.after {
                request = request.query("pageToken", after);
            }
        }
        request
    }

    /// Reads both forms: a bare list, and an object that contains a list. A server without paging answers with a
    /// list although a page was requested.
    fn decode(&self, response: &Response) -> Result<Applications, Error> {
        if response.body.trim_ascii_start().first() == Some(&b'[') {
            return Ok(Applications { rows: Rows::decode(response)?, next: None });
        }
        let mut rows = Rows::default();
        let mut add = |node: &Node<'_>, raw: &[u8]| rows.add(json::from_node(node), raw);
        let (page, end) = json::list::elements_of(&response.body, "applications", &mut add);
        if !page.has_list {
            let problem = end.err().map_or_else(|| MISSING.to_owned(), |stopped| stopped.to_string());
            return Err(Undecodable::new(".", problem, &response.body).into());
        }
        let next = field(&page.fields, "nextPageToken").map_or(Ok(None), json::from_node::<Option<String>>);
        // The list of a truncated page is still valid up to there, and so is one before an invalid token.
        let stopped = end.err().map(|stopped| stopped.to_string());
        let invalid = next.as_ref().err().map(|problem| format!("nextPageToken: {problem}"));
        let reason = response.cut.clone().or(stopped).or(invalid);
        rows.cut = reason.map(|reason| Truncation { after: rows.number(), reason });
        Ok(Applications { next: next.ok().flatten().filter(|_| rows.cut.is_none()), rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many applications were read, the token of the next page, and why the list is incomplete.
    fn page(body: &str) -> Result<(usize, Option<String>, Option<String>), Error> {
        let list = ListApplications::all("default".into());
        let Applications { rows, next } = list.decode(&Response::new(200, body))?;
        Ok((rows.good.len(), next, rows.cut.map(|cut| cut.reason)))
    }

    const APPLICATION: &str = r#"{"type": "App", "name": "a", "version": "1", "description": "", "artifact": {"name": "b", "version": "1", "scope": "SYSTEM"}}"#;

    #[test]
    fn a_page_has_its_applications_and_the_token_of_the_next() {
        let body = format!(r#"{{"nextPageToken": "x", "applications": [{APPLICATION}]}}"#);
        assert_eq!(page(&body).unwrap(), (1, Some("x".to_owned()), None));
        let body = format!(r#"{{"applications": [{APPLICATION}], "nextPageToken": null}}"#);
        assert_eq!(page(&body).unwrap(), (1, None, None));
    }

    #[test]
    fn a_page_that_ends_early_or_has_an_invalid_token_keeps_its_applications_and_says_so() {
        for rest in ["", ", ", "]", "], \"nextPageToken\": ", "], \"nextPageToken\": 5}"] {
            let body = format!(r#"{{"applications": [{APPLICATION}{rest}"#);
            let (applications, next, cut) = page(&body).unwrap();
            assert_eq!((applications, next, cut.is_some()), (1, None, true), "{body}");
        }
    }

    #[test]
    fn an_answer_without_a_list_is_an_error() {
        for body in ["", "{", "{}", r#"{"applications": null}"#, r#"{"applications""#, "\"text\""] {
            assert!(matches!(page(body), Err(Error::Undecodable(_))), "{body}");
        }
    }
}
