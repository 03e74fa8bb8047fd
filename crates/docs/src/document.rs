//! One document as HTML.

use crate::slug;
use anyhow::{Context as _, Result, bail, ensure};
use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html,
};
use std::collections::BTreeSet;

/// A rendered document.
#[derive(Debug)]
pub struct Document {
    /// Its path below `docs/`, without `.md`.
    pub name: String,
    /// The text of its first heading.
    pub title: String,
    /// Its content, starting with the first heading.
    pub html: String,
    /// The anchors of its headings and of the rows of its numbered tables.
    pub anchors: BTreeSet<String>,
    /// The sections that it links to: a document and an anchor, such as `loss#measured`.
    pub links: Vec<String>,
    /// Its pictures: their paths below `docs/`.
    pub pictures: BTreeSet<String>,
}

/// Where a link of a document leads.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// A section of a document, or of this one.
    Section(String),
    /// A file of the repository that is not served.
    Unserved,
    /// Another site.
    Site,
}

/// A table while its events pass.
struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    /// Whether the first column has the head `#`: its numbers become anchors.
    numbered: bool,
}

impl Document {
    /// Renders Markdown. Fails on what the pages can't contain: HTML other than comments, and pictures that are not WebP,
    /// are of another site or have no text.
    pub fn render(name: &str, markdown: &str) -> Result<Self> {
        let mut document = Self {
            name: name.to_owned(),
            title: String::new(),
            html: String::new(),
            anchors: BTreeSet::new(),
            links: Vec::new(),
            pictures: BTreeSet::new(),
        };
        let events: Vec<Event> = Parser::new_ext(markdown, Options::ENABLE_TABLES).collect();
        let events = document.with_anchors(&events)?;
        html::push_html(&mut document.html, events.into_iter());
        ensure!(!document.title.is_empty(), "it has no first heading");
        Ok(document)
    }

    /// The events with anchors, links to served pages, and tables and code that scroll within themselves.
    fn with_anchors<'a>(&mut self, events: &[Event<'a>]) -> Result<Vec<Event<'a>>> {
        let mut out = Vec::with_capacity(events.len());
        let (mut section, mut section_title) = (String::new(), String::new());
        let mut table: Option<Table> = None;
        let mut unserved = false;
        for (at, event) in events.iter().enumerate() {
            match event {
                Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                    section_title = text_until(events, at, |end| matches!(end, TagEnd::Heading(_)));
                    section = self.new_anchor(&slug(&section_title));
                    if *level == HeadingLevel::H1 {
                        ensure!(self.title.is_empty(), "it has two first headings");
                        self.title.clone_from(&section_title);
                    }
                    out.push(Event::Start(Tag::Heading {
                        level: *level,
                        id: Some(section.clone().into()),
                        classes: classes.clone(),
                        attrs: attrs.clone(),
                    }));
                }
                Event::Start(Tag::Link { link_type, dest_url, title, id }) => match self.target(dest_url)? {
                    Target::Unserved => unserved = true,
                    Target::Site => out.push(event.clone()),
                    Target::Section(target) => {
                        let dest_url = CowStr::from(format!("/docs/{target}"));
                        self.links.push(target);
                        out.push(Event::Start(Tag::Link {
                            link_type: *link_type,
                            dest_url,
                            title: title.clone(),
                            id: id.clone(),
                        }));
                    }
                },
                Event::End(TagEnd::Link) if unserved => unserved = false,
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(info) if !info.is_empty() => format!(": {info}"),
                        _ => String::new(),
                    };
                    let label = attribute(&format!("Code{language}"));
                    out.push(raw(format!(
                        "<pre tabindex=\"0\" role=\"group\" aria-label=\"{label}\"><code>"
                    )));
                }
                Event::End(TagEnd::CodeBlock) => out.push(raw("</code></pre>\n")),
                Event::Start(Tag::Table(alignments)) => {
                    table = Some(Table {
                        alignments: alignments.clone(),
                        column: 0,
                        in_head: true,
                        numbered: false,
                    });
                    let label = attribute(&format!("Table: {section_title}"));
                    out.push(raw(format!(
                        "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"{label}\"><table>"
                    )));
                }
                Event::End(TagEnd::Table) => {
                    table = None;
                    out.push(raw("</tbody></table></div>\n"));
                }
                Event::Start(Tag::TableHead) => out.push(raw("<thead><tr>")),
                Event::End(TagEnd::TableHead) => out.push(raw("</tr></thead>\n<tbody>")),
                Event::Start(Tag::TableRow) => {
                    let number = text_until(events, at, |end| *end == TagEnd::TableCell);
                    let numbered = table.as_mut().is_some_and(|table| {
                        (table.column, table.in_head) = (0, false);
                        table.numbered
                    });
                    if numbered {
                        let anchor = self.new_anchor(&format!("{section}-{number}"));
                        out.push(raw(format!("<tr id=\"{}\">", attribute(&anchor))));
                    } else {
                        out.push(raw("<tr>"));
                    }
                }
                Event::End(TagEnd::TableRow) => out.push(raw("</tr>\n")),
                Event::Start(Tag::TableCell) => {
                    let Some(table) = &mut table else { bail!("a cell is outside of a table") };
                    if table.in_head && table.column == 0 {
                        table.numbered = text_until(events, at, |end| *end == TagEnd::TableCell) == "#";
                    }
                    let class = match table.alignments.get(table.column) {
                        Some(Alignment::Right) => " class=\"num\"",
                        _ => "",
                    };
                    table.column += 1;
                    let cell = if table.in_head { "th scope=\"col\"" } else { "td" };
                    out.push(raw(format!("<{cell}{class}>")));
                }
                Event::End(TagEnd::TableCell) => {
                    let in_head = table.as_ref().is_some_and(|table| table.in_head);
                    out.push(raw(if in_head { "</th>" } else { "</td>" }));
                }
                // The block around comments.
                Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
                Event::Html(html) | Event::InlineHtml(html) => {
                    ensure!(html.trim_start().starts_with("<!--"), "HTML is not rendered: {html}");
                }
                Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                    let text = text_until(events, at, |end| *end == TagEnd::Image);
                    ensure!(!text.trim().is_empty(), "a picture has no text: {dest_url}");
                    let picture = self.path(dest_url).filter(|path| path.rsplit('.').next() == Some("webp"));
                    let picture = picture.with_context(|| format!("a picture is not served: {dest_url}"))?;
                    let dest_url = CowStr::from(format!("/docs/{picture}"));
                    self.pictures.insert(picture);
                    out.push(Event::Start(Tag::Image {
                        link_type: *link_type,
                        dest_url,
                        title: title.clone(),
                        id: id.clone(),
                    }));
                }
                other => out.push(other.clone()),
            }
        }
        Ok(out)
    }

    /// Adds an anchor. As on GitHub, the second of a name ends with `-1`.
    fn new_anchor(&mut self, wanted: &str) -> String {
        let mut anchor = wanted.to_owned();
        let mut count = 0;
        while !self.anchors.insert(anchor.clone()) {
            count += 1;
            anchor = format!("{wanted}-{count}");
        }
        anchor
    }

    /// Reads the address of a link, which is relative to this document.
    fn target(&self, address: &str) -> Result<Target> {
        if address.starts_with("https://") {
            return Ok(Target::Site);
        }
        let (path, anchor) = match address.split_once('#') {
            Some((path, anchor)) => (path, format!("#{anchor}")),
            None => (address, String::new()),
        };
        if path.is_empty() {
            return Ok(Target::Section(self.name.clone() + &anchor));
        }
        let Some(path) = self.path(path) else { return Ok(Target::Unserved) };
        if path == "adr" {
            return Ok(Target::Section("#decisions".to_owned()));
        }
        let Some(name) = path.strip_suffix(".md") else {
            bail!("a link to a file that is not served: {address}")
        };
        Ok(Target::Section(name.to_owned() + &anchor))
    }

    /// The path below `docs/` of a path that is relative to this document. `None` if it leads out of `docs/`.
    fn path(&self, relative: &str) -> Option<String> {
        let mut folders: Vec<&str> = self.name.split('/').collect();
        folders.pop();
        for part in relative.split('/') {
            match part {
                ".." => drop(folders.pop()?),
                "." | "" => {}
                part => folders.push(part),
            }
        }
        Some(folders.join("/"))
    }
}

/// The text from an event to the end of its element.
fn text_until(events: &[Event], from: usize, end: impl Fn(&TagEnd) -> bool) -> String {
    let inside = events.iter().skip(from).take_while(|event| !matches!(event, Event::End(tag) if end(tag)));
    inside
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(&**text),
            _ => None,
        })
        .collect()
}

fn raw<'a>(html: impl Into<CowStr<'a>>) -> Event<'a> {
    Event::Html(html.into())
}

/// Escapes a text for an attribute or an element.
pub(crate) fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(markdown: &str) -> Document {
        Document::render("adr/0001-x", &format!("# Title\n\n{markdown}\n")).unwrap()
    }

    #[test]
    fn headings_have_the_anchors_of_github() {
        let document = render("## Batch `stop`\n\n## Batch stop\n");
        assert!(document.html.contains("<h2 id=\"batch-stop\">Batch <code>stop</code></h2>"));
        assert!(document.html.contains("<h2 id=\"batch-stop-1\">"), "{}", document.html);
        assert_eq!(document.title, "Title");
    }

    #[test]
    fn rows_of_a_numbered_table_have_anchors() {
        let document = render("## Before\n\n| # | verdict |\n| --- | ---: |\n| 1 | lost |\n| 2 | kept |\n");
        assert!(document.html.contains("<tr id=\"before-2\"><td>2</td><td class=\"num\">kept</td></tr>"));
        assert!(document.anchors.contains("before-1"));
        assert!(document.html.contains("<th scope=\"col\">#</th>"), "{}", document.html);
    }

    #[test]
    fn links_lead_to_served_pages_and_other_files_become_text() {
        let document = render(
            "[a](../loss.md) [b](0002-y.md) [c](#title) [d](../../cdap/README.md) [e](https://cdap.io) [f](../adr/)",
        );
        for link in [
            "<a href=\"/docs/loss\">a</a>",
            "<a href=\"/docs/adr/0002-y\">b</a>",
            "<a href=\"/docs/adr/0001-x#title\">c</a> d ",
            "<a href=\"https://cdap.io\">e</a>",
            "<a href=\"/docs/#decisions\">f</a>",
        ] {
            assert!(document.html.contains(link), "{link} in {}", document.html);
        }
        assert_eq!(document.links, ["loss", "adr/0002-y", "adr/0001-x#title", "#decisions"]);
    }

    #[test]
    fn pictures_have_a_served_address_and_a_text() {
        let document = render("![Five runs, \"stopped\"](../img/stop.webp)");
        let picture = "<img src=\"/docs/img/stop.webp\" alt=\"Five runs, &quot;stopped&quot;\" />";
        assert!(document.html.contains(picture), "{}", document.html);
        assert_eq!(document.pictures.into_iter().collect::<Vec<_>>(), ["img/stop.webp"]);
    }

    #[test]
    fn comments_are_dropped_and_html_and_other_pictures_are_rejected() {
        assert!(!render("<!-- begin -->\ntext\n").html.contains("begin"));
        for markdown in [
            "<b>x</b>",
            "<div>\n</div>",
            "![x](y.png)",
            "![](y.webp)",
            "![x](../y.webp)",
            "[x](file.txt)",
            "# Second",
        ] {
            let text = format!("# Title\n\n{markdown}\n");
            assert!(Document::render("x", &text).is_err(), "{markdown}");
        }
    }

    #[test]
    fn text_is_escaped() {
        assert!(render("`a < \"b\" & c`").html.contains("<code>a &lt; \"b\" &amp; c</code>"));
    }
}
