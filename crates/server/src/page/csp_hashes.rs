//! Hashes of the inline scripts and styles of an HTML document, by which a Content-Security-Policy allows them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The policy sources (`'sha256-…'`) of all inline `element`s (`script`, `style`) of an HTML document.
pub fn hashes(html: &str, element: &str) -> Vec<String> {
    contents(html, element)
        .iter()
        .map(|it| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(it))))
        .collect()
}

/// The contents of all inline `element`s, as a browser hashes them: with line feeds as line ends.
fn contents(html: &str, element: &str) -> Vec<String> {
    let html = html.replace("\r\n", "\n").replace('\r', "\n");
    // Searched without regard to case; offsets stay the same, since only ASCII letters change.
    let lower = html.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = lower.get(at..).and_then(|rest| rest.find('<')).map(|offset| at + offset) {
        let rest = lower.get(next..).unwrap_or_default();
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(lower.len(), |end| next + end + 3);
            continue;
        }
        // The content of either element is text, even if it looks like the other element.
        let Some(name) = ["script", "style"].into_iter().find(|name| opens(rest, name)) else {
            at = next + 1;
            continue;
        };
        let Some(attributes) = tag(rest) else { break };
        let start = next + attributes.len();
        let close = format!("</{name}");
        let end =
            lower.get(start..).and_then(|it| it.find(&close)).map_or(lower.len(), |offset| start + offset);
        let content = html.get(start..end).unwrap_or_default();
        if name == element && !has_attribute(attributes, "src") && !content.is_empty() {
            found.push(content.to_owned());
        }
        at = end;
    }
    found
}

/// Whether `text` starts with the tag of an element of this name.
fn opens(text: &str, name: &str) -> bool {
    text.strip_prefix('<')
        .and_then(|it| it.strip_prefix(name))
        .is_some_and(|after| after.starts_with(|it: char| it == '>' || it == '/' || it.is_ascii_whitespace()))
}

/// The tag at the start of `text`, including its `>`; a `>` inside quotes does not end it.
fn tag(text: &str) -> Option<&str> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return text.get(..=at),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

/// Whether a tag has an attribute of this name. Values are removed first, so that `data-x="src=1"` does not count.
fn has_attribute(tag: &str, name: &str) -> bool {
    let names = tag.split(['"', '\'']).step_by(2).collect::<Vec<_>>().join(" ");
    names
        .split(|it: char| it.is_ascii_whitespace() || it == '>' || it == '/')
        .any(|word| word.split('=').next() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_inline_elements_and_skips_those_with_a_source() {
        let html = "<!doctype html><SCRIPT type=\"module\">\nimport a from '/a.js';\r\nif (1 > 0) a();</Script>\
                    <script src=\"/b.js\"></script><script data-x='src=1>2'>c</script><scripted>no</scripted>\
                    <!-- <script>never</script> --><style>b{}</style>";
        assert_eq!(contents(html, "script"), ["\nimport a from '/a.js';\nif (1 > 0) a();", "c"]);
        assert_eq!(contents(html, "style"), ["b{}"]);
    }

    #[test]
    fn a_script_that_contains_markup_is_one_script() {
        let html = "<script>x = '<script>'; y = '<style>'</script><style>a{}</style>";
        assert_eq!(contents(html, "script"), ["x = '<script>'; y = '<style>'"]);
        assert_eq!(contents(html, "style"), ["a{}"]);
    }

    #[test]
    fn computes_the_hash_that_browsers_expect() {
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        let expected = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";
        assert_eq!(hashes("<script>alert(1)</script>", "script"), [expected]);
    }
}
