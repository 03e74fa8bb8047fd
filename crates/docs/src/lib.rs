//! Renders the documents in `docs/` to static HTML pages, which the server serves below `/docs` with their pictures.
//!
//! [`Site::read`] reads the documents, [`Site::files`] returns the pages. A document `docs/loss.md` becomes the page
//! `/docs/loss`; its headings have the anchors that GitHub generates, so a link works in both places.

mod document;
mod page;
mod slug;

pub use document::Document;
pub use slug::slug;

use anyhow::{Context as _, Result};
use page::Group;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The name of the page for an unknown address.
pub const NOT_FOUND: &str = "not-found";

/// The documents that an operator of the console reads, in the order of the index.
const OPERATOR: [&str; 9] = [
    "guide",
    "upgrade",
    "loss",
    "glossary",
    "deployment",
    "security",
    "data-fusion",
    "cdap-api",
    "comparison",
];

/// All documents, by name: the path below `docs/` without `.md`.
#[derive(Debug)]
pub struct Site {
    documents: BTreeMap<String, Document>,
    /// The pictures of the documents, by path below `docs/`.
    pictures: BTreeMap<String, Vec<u8>>,
}

/// A file that is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path, starting with `docs/`.
    pub path: String,
    /// Its content.
    pub content: Vec<u8>,
}

impl Site {
    /// Reads and renders the documents in this folder and in its folder `adr`, and reads their pictures.
    pub fn read(root: &Path) -> Result<Self> {
        let mut documents = BTreeMap::new();
        let mut pictures = BTreeMap::new();
        for prefix in ["", "adr/"] {
            let folder = root.join(prefix);
            let entries =
                fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
            for entry in entries {
                let path = entry?.path();
                if path.extension().is_none_or(|kind| kind != "md") {
                    continue;
                }
                let stem = path.file_stem().and_then(|stem| stem.to_str()).context("a name is not UTF-8")?;
                let name = format!("{prefix}{stem}");
                let markdown = fs::read_to_string(&path)?;
                let document =
                    Document::render(&name, &markdown).with_context(|| path.display().to_string())?;
                for picture in &document.pictures {
                    let content =
                        fs::read(root.join(picture)).with_context(|| format!("{name}: {picture}"))?;
                    pictures.insert(picture.clone(), content);
                }
                documents.insert(name, document);
            }
        }
        Ok(Self { documents, pictures })
    }

    /// The documents.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values()
    }

    /// Whether a section exists: the name of a document, optionally with `#` and an anchor.
    pub fn has_section(&self, section: &str) -> bool {
        let (name, anchor) = section.split_once('#').unwrap_or((section, ""));
        // The index.
        if name.is_empty() {
            return anchor.is_empty() || self.groups().iter().any(|group| group.id == anchor);
        }
        let document = self.documents.get(name);
        document.is_some_and(|document| anchor.is_empty() || document.anchors.contains(anchor))
    }

    /// Links between documents that lead nowhere, each as `document: link`.
    pub fn dead_links(&self) -> Vec<String> {
        let links = self.documents().flat_map(|from| from.links.iter().map(move |link| (from, link)));
        links
            .filter(|(_, link)| !self.has_section(link))
            .map(|(from, link)| format!("{}: {link}", from.name))
            .collect()
    }

    /// The pages, their style sheet, their icon and their pictures.
    pub fn files(&self) -> Vec<File> {
        let groups = self.groups();
        let bytes = |name: &str, content: Vec<u8>| File { path: format!("docs/{name}"), content };
        let file = |name: &str, content: String| bytes(name, content.into_bytes());
        let mut files = vec![
            file("index.html", page::index(&groups)),
            file(&format!("{NOT_FOUND}.html"), page::not_found(&groups)),
            file(page::STYLE, page::style()),
            file(page::ICON, include_str!("../../../public/favicon.svg").to_owned()),
        ];
        let documents = self.documents();
        files.extend(documents.map(|it| file(&format!("{}.html", it.name), page::document(it, &groups))));
        files.extend(self.pictures.iter().map(|(name, content)| bytes(name, content.clone())));
        files
    }

    fn groups(&self) -> [Group<'_>; 3] {
        let operator = OPERATOR.iter().filter_map(|name| self.documents.get(*name)).collect();
        let is_decision = |document: &&Document| document.name.starts_with("adr/");
        let (decisions, others): (Vec<_>, Vec<_>) = self
            .documents()
            .filter(|document| !OPERATOR.contains(&document.name.as_str()))
            .partition(is_decision);
        [
            Group { title: "For operators", id: "operators", documents: operator },
            Group { title: "For developers", id: "developers", documents: others },
            Group { title: "Decisions", id: "decisions", documents: decisions },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        Site::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")).unwrap()
    }

    /// The HTML of all pages, by path.
    fn pages() -> BTreeMap<String, String> {
        let files = site().files().into_iter().filter(|file| file.content.starts_with(b"<!doctype html>"));
        files.map(|file| (file.path, String::from_utf8(file.content).unwrap())).collect()
    }

    #[test]
    fn every_link_between_served_documents_leads_to_a_section() {
        let site = site();
        assert_eq!(site.dead_links(), Vec::<String>::new());
        let links: usize = site.documents().map(|document| document.links.len()).sum();
        assert!(links > 40, "only {links} links were found");
    }

    #[test]
    fn the_documents_for_operators_exist() {
        let site = site();
        for name in OPERATOR {
            assert!(site.has_section(name), "{name}");
        }
        assert!(site.has_section("loss#before-a-stop-4") && site.has_section("cdap-api#batch-stop"));
        assert!(!site.has_section("loss#nowhere") && !site.has_section("nowhere"));
    }

    #[test]
    fn every_page_has_a_title_a_language_landmarks_and_one_first_heading() {
        let mut seen = 0;
        for (path, content) in pages() {
            seen += 1;
            for part in ["<html lang=\"en\">", "<header>", "<main", "<a class=\"brand\" href=\"/\""] {
                assert!(content.contains(part), "{part} in {path}");
            }
            assert_eq!(content.matches("<h1").count(), 1, "{path}");
            let title = content.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
            assert!(title.is_some_and(|title| title.ends_with(" · Quiesce")), "{title:?} of {path}");
        }
        assert!(seen > 20, "only {seen} pages were rendered");
    }

    #[test]
    fn no_page_contains_a_script_an_inline_style_or_a_file_of_another_site() {
        for (path, content) in pages() {
            for part in ["<script", "<style", " style=\"", " onclick", "<iframe"] {
                assert!(!content.contains(part), "{part} in {path}");
            }
            assert_eq!(
                content.matches("src=\"").count(),
                content.matches("src=\"/docs/img/").count(),
                "{path}"
            );
            assert!(!content.contains("<link rel=\"stylesheet\" href=\"http"));
        }
    }

    #[test]
    fn every_picture_of_a_page_is_served_and_small() {
        let files = site().files();
        let pictures: Vec<_> = files.iter().filter(|file| file.path.starts_with("docs/img/")).collect();
        assert!(pages()["docs/guide.html"].contains("src=\"/docs/img/stop.webp\""));
        assert!(pictures.iter().any(|file| file.path == "docs/img/stop.webp"));
        for File { path, content } in pictures {
            assert!(
                content.starts_with(b"RIFF") && content.len() < 60_000,
                "{path}: {} bytes",
                content.len()
            );
        }
    }

    #[test]
    fn the_list_of_documents_marks_the_current_one() {
        let page = &pages()["docs/loss.html"];
        assert_eq!(page.matches("aria-current").count(), 1);
        assert!(page.contains("<a href=\"/docs/loss\" aria-current=\"page\">What a stop may lose</a>"));
    }

    #[test]
    fn the_index_lists_every_document_once() {
        let index = &pages()["docs/index.html"];
        for document in site().documents() {
            let link = format!("href=\"/docs/{}\"", document.name);
            assert_eq!(index.matches(&link).count(), 1, "{link}");
        }
    }
}
