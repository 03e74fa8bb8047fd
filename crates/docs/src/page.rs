//! The frame around a document: head, header and the list of documents.

use crate::document::{Document, attribute as escape};
use std::fmt::Write as _;

/// A group of the index.
pub(crate) struct Group<'a> {
    pub title: &'static str,
    pub id: &'static str,
    pub documents: Vec<&'a Document>,
}

/// The style sheet of all pages, below `docs/`.
pub(crate) const STYLE: &str = "style.css";
/// The icon of all pages, below `docs/`.
pub(crate) const ICON: &str = "icon.svg";

/// The style sheet: the console's tokens and elements, then the parts of these pages.
pub(crate) fn style() -> String {
    [
        include_str!("../../../style/layers.css"),
        include_str!("../../../style/tokens.css"),
        include_str!("../../../style/base.css"),
        include_str!("../style.css"),
    ]
    .concat()
}

/// The page of a document.
pub(crate) fn document(document: &Document, groups: &[Group]) -> String {
    let mut list = String::new();
    let (decisions, first) = groups.split_last().map_or((None, &[][..]), |(last, first)| (Some(last), first));
    for group in first {
        let _ = write!(list, "<h2>{}</h2>{}", group.title, links(group, Some(document)));
    }
    // The decisions are many: only the group of the current page is listed.
    if let Some(group) = decisions {
        let _ = write!(list, "<h2><a href=\"/docs/#{}\">{}</a></h2>", group.id, group.title);
        if group.documents.iter().any(|it| it.name == document.name) {
            list.push_str(&links(group, Some(document)));
        }
    }
    frame(
        &document.title,
        &format!(
            "<div class=\"page\">\n<nav aria-label=\"Documents\">{list}</nav>\n<main>\n{}</main>\n</div>",
            document.html
        ),
    )
}

/// The index of all documents.
pub(crate) fn index(groups: &[Group]) -> String {
    frame("Documents", &format!("<main class=\"index\">\n<h1>Documents</h1>\n{}</main>", sections(groups)))
}

/// The page for an unknown address.
pub(crate) fn not_found(groups: &[Group]) -> String {
    let body = format!(
        "<main class=\"index\">\n<h1>This document does not exist</h1>\n<p>The address is wrong, or the document \
         belongs to another version of Quiesce. These documents exist:</p>\n{}</main>",
        sections(groups)
    );
    frame("Document not found", &body)
}

fn sections(groups: &[Group]) -> String {
    groups.iter().fold(String::new(), |mut all, group| {
        let _ = writeln!(all, "<h2 id=\"{}\">{}</h2>\n{}", group.id, group.title, links(group, None));
        all
    })
}

fn links(group: &Group, current: Option<&Document>) -> String {
    let mut list = String::from("<ul>");
    for document in &group.documents {
        let mark = if current.is_some_and(|current| current.name == document.name) {
            " aria-current=\"page\""
        } else {
            ""
        };
        let _ = write!(
            list,
            "<li><a href=\"/docs/{}\"{mark}>{}</a></li>",
            escape(&document.name),
            escape(&document.title)
        );
    }
    list + "</ul>"
}

fn frame(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<title>{} · Quiesce</title>
<link rel=\"icon\" href=\"/docs/{ICON}\" type=\"image/svg+xml\">
<link rel=\"stylesheet\" href=\"/docs/{STYLE}\">
</head>
<body>
<header>
<a class=\"brand\" href=\"/\" aria-label=\"Quiesce, all programs\"><svg viewBox=\"0 0 20 20\" aria-hidden=\"true\"><path d=\"M1.5 10C3 2.5 4.8 2.5 6.2 10s3 6 4.2 0 2.4-3.6 3.3 0 2.3.9 4.8 0\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.8\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>Quiesce</a>
<a href=\"/docs/\">Documents</a>
</header>
{body}
</body>
</html>
",
        escape(title)
    )
}
