//! The list of applications, in both its shapes (docs/cdap-api.md#application-list).

use super::ApplicationRecord;
use crate::{Endpoint, Error, NamespaceId, Request, Response, Rows, Undecodable};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The applications of a namespace (docs/cdap-api.md#application-list). Sorted by the *length* of their names on a
/// stand-alone
/// server, so whoever shows them sorts them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListApplications {
    /// The namespace.
    pub namespace: NamespaceId,
    /// Only applications of these artifacts.
    pub artifact_names: Vec<String>,
    /// `Some(false)`: all versions. The server's default is the latest only.
    pub latest_only: Option<bool>,
    /// Only applications of artifacts with exactly this version. The server drops this filter where it is `None`;
    /// an empty text matches nothing.
    pub artifact_version: Option<String>,
    /// Only applications whose name holds this, or matches it as [`ListApplications::name_match`] says.
    pub name: Option<String>,
    /// How the name is compared; the server's default is [`NameMatch::Contains`].
    pub name_match: Option<NameMatch>,
    /// Which end comes first; the server's default is [`Order::Ascending`].
    pub order: Option<Order>,
    /// `Some(true)`: by the time they were made instead of by name.
    pub sort_by_creation_time: Option<bool>,
    /// One page of so many, after the token if one is given. `None`: all at once, as a bare list.
    pub page: Option<Page>,
}

/// How [`ListApplications::name`] is compared (recording `apps-name-equals`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameMatch {
    /// The name is the text, to the letter.
    Equals,
    /// The name is the text in any letter case.
    EqualsIgnoreCase,
    /// The name holds the text.
    Contains,
}

impl NameMatch {
    /// The word on the wire; in small letters it is answered 500.
    pub fn word(self) -> &'static str {
        match self {
            Self::Equals => "EQUALS",
            Self::EqualsIgnoreCase => "EQUALS_IGNORE_CASE",
            Self::Contains => "CONTAINS",
        }
    }
}

/// Which end of a sorted list comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// The smallest.
    Ascending,
    /// The greatest.
    Descending,
}

impl Order {
    /// The word on the wire; in small letters it is answered 500 (recording `apps-bad-orderby`).
    pub fn word(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }
}

/// Which page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    /// How many at the most; 0 would mean all.
    pub size: u32,
    /// Where the page before ended.
    pub after: Option<String>,
}

/// Applications as far as they were read.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Applications {
    /// The applications.
    pub rows: Rows<ApplicationRecord>,
    /// Where the next page begins; `None` on the last page, and without paging.
    pub next: Option<String>,
}

impl ListApplications {
    /// All of them, in one answer.
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

    /// Reads both shapes: a bare list, and an object with a list in it. A server that knows no paging answers a
    /// list although a page was asked for.
    fn decode(&self, response: &Response) -> Result<Applications, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Paged {
            applications: Box<RawValue>,
            #[serde(default)]
            next_page_token: Option<String>,
        }
        if response.body.trim_ascii_start().first() == Some(&b'[') {
            return Ok(Applications { rows: Rows::decode(response)?, next: None });
        }
        match serde_json::from_slice::<Paged>(&response.body) {
            Ok(paged) => Ok(Applications {
                rows: Rows::decode_bytes(paged.applications.get().as_bytes(), response.cut.as_deref())?,
                next: paged.next_page_token,
            }),
            Err(error) => {
                // A page that ended early: the list in it is still good as far as it came.
                let Some(open) = response.body.iter().position(|byte| *byte == b'[') else {
                    return Err(Undecodable::new(".", error, &response.body).into());
                };
                let rows = Rows::decode_bytes(
                    response.body.get(open..).unwrap_or_default(),
                    response.cut.as_deref(),
                )?;
                if rows.cut.is_none() {
                    return Err(Undecodable::new(".", error, &response.body).into());
                }
                Ok(Applications { rows, next: None })
            }
        }
    }
}
