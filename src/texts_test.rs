//! Holds that the texts of the page are in `src/text` (CONTRIBUTING.md, "Add a screen text").

use crate::ages_test::lines;
use crate::style_test::classes;
use std::collections::BTreeMap;
use std::path::Path;

/// Literals that look like a text and are none, each with its file and the reason.
const EXCEPTIONS: [(&str, &str, &str); 8] = [
    ("src/pages/program/stages.rs", "stages {run}", "names a poll"),
    ("src/pages/program/state.rs", "program {program}", "names a poll"),
    ("src/pages/programs/keyboard.rs", "table.fleet tbody tr[data-focus]", "a selector"),
    ("src/pages/upgrade/select/selection.rs", "page {}", "a stored line"),
    ("src/pages/upgrade/select/selection.rs", "page ", "a stored line"),
    ("src/pages/upgrade/select/selection.rs", "forced ", "a stored line"),
    (
        "src/ui/shortcuts.rs",
        "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog",
        "a selector",
    ),
    ("src/ui/shortcuts.rs", "a, button, summary", "a selector"),
];

/// Attributes whose value is read or shown.
const ATTRIBUTES: [&str; 6] =
    ["aria-label=", "aria-description=", "placeholder=", "summary=", "title=", "word="];

/// The string literals of code, each with the code before it.
fn literals(code: &str) -> Vec<(&str, &str)> {
    let mut literals = Vec::new();
    let mut start = None;
    let mut escaped = false;
    for (at, c) in code.char_indices() {
        match start {
            None if c == '"' && !code[..at].ends_with('\'') => start = Some(at + 1),
            Some(from) if c == '"' && !escaped => {
                literals.push((&code[..from - 1], &code[from..at]));
                start = None;
            }
            _ => {}
        }
        escaped = start.is_some() && c == '\\' && !escaped;
    }
    literals
}

/// A literal without its placeholders.
fn without_placeholders(literal: &str) -> String {
    literal.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect()
}

/// Whether a literal, after this code, is shown: a label of an element, or several words that are not classes.
fn is_text(before: &str, literal: &str, is_class: impl Fn(&str) -> bool) -> bool {
    let before = before.trim_end();
    let plain = without_placeholders(literal);
    let is_word = |word: &str| word.len() > 1 && word.chars().all(char::is_alphabetic);
    let mut words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| is_word(word));
    if before.strip_suffix('=').is_some_and(|name| name.ends_with("class") || name.ends_with("reason ")) {
        return false;
    }
    let child = before.ends_with('>') && !before.ends_with("=>");
    if child || ATTRIBUTES.iter().any(|attribute| before.ends_with(attribute)) {
        return words.next().is_some();
    }
    literal.contains(' ')
        && words.any(|word| word.chars().all(char::is_lowercase))
        && !plain.split_whitespace().all(is_class)
}

#[test]
fn texts_of_pages_and_elements_are_in_one_folder() {
    let classes = classes();
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src/pages", "src/ui"] {
        lines(&root.join(folder), &mut found);
    }
    let mut files = BTreeMap::<_, String>::new();
    for (file, line) in found {
        let code = files.entry(file).or_default();
        code.push_str(&line);
        code.push('\n');
    }
    let mut texts = Vec::new();
    for (file, code) in &files {
        for (before, literal) in literals(code) {
            if is_text(before, literal, |word| classes.contains(word)) {
                texts.push((file.as_str(), literal));
            }
        }
    }
    for (file, literal, reason) in EXCEPTIONS {
        let before = texts.len();
        texts.retain(|text| *text != (file, literal));
        assert_ne!(texts.len(), before, "{file} no longer needs its exception {literal:?}: {reason}");
    }
    assert_eq!(texts, Vec::new(), "move it to src/text");
}

#[test]
fn a_text_is_recognized() {
    let texts = |code: &str| {
        let found = literals(code);
        found.iter().filter(|(before, text)| is_text(before, text, |word| word == "small")).count()
    };
    for code in [
        r#"said(tone, "No runs", "")"#,
        r#"format!("{} of {}", one, two)"#,
        r#"view! { <p>"Refresh"</p> }"#,
        r#"<input aria-label="Filter"/>"#,
        r#"view! { <code>{run}</code>" ago" }"#,
    ] {
        assert_eq!(texts(code), 1, "{code}");
    }
    for code in [
        r#"<p class="small muted">{text}</p>"#,
        r#"if small { " small" } else { "" }"#,
        r#"format!("{grace} s")"#,
        r#"Some(State::Done) => "done","#,
        r#"view! { <p>{one}", "{two}</p> }"#,
        r#"#[expect(lint, reason = "a number of pixels")]"#,
        r#"text.split('"')"#,
    ] {
        assert_eq!(texts(code), 0, "{code}");
    }
}
