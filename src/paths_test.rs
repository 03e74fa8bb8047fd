//! Holds that the paths of the page are written in `src/routes.rs` and nowhere else.

use crate::ages_test::lines;
use crate::routes::Address;
use std::path::Path;

/// Where a slash alone is not a path: a key, its caps, or a separator between names.
const SLASHES: [&str; 6] = [
    "bind_key(\"/\"",
    "aria-keyshortcuts=\"/\"",
    "<kbd>\"/\"</kbd>",
    "class=\"server\">\"/\"",
    "join(\"/\")",
    ".replace(\"%2F\", \"/\")",
];

/// Whether a string literal is the path of a page, or a part of one.
fn is_path(literal: &str) -> bool {
    let path = literal.split(['?', '#']).next().unwrap_or_default();
    path.starts_with('/') && path.len() > 1 && Address::parse(path).is_some() || literal.contains("/ns/")
}

fn offenders(found: &[(String, String)]) -> Vec<String> {
    let mut offenders = Vec::new();
    for (file, line) in found.iter().filter(|(file, _)| file != "src/routes.rs") {
        let literals = line.split('"').skip(1).step_by(2).collect::<Vec<_>>();
        let home = literals.contains(&"/") && !SLASHES.iter().any(|slash| line.contains(slash));
        if home || literals.iter().any(|literal| is_path(literal)) {
            offenders.push(format!("{file}: {}", line.trim()));
        }
    }
    offenders
}

#[test]
fn paths_are_written_in_one_file() {
    let mut found = Vec::new();
    lines(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert_eq!(offenders(&found), Vec::<String>::new(), "use crate::routes::Route");
}

#[test]
fn one_function_makes_the_links_back_to_a_list() {
    // The destinations of every page, what a path opens, what is offered on the list alone, and the link to the check of a backup.
    let may = [
        "routes.rs",
        "app.rs",
        "app/top_bar.rs",
        "pages/mod.rs",
        "pages/list_state.rs",
        "pages/overlays/entries.rs",
        "pages/overlays/view_menu.rs",
        "pages/tour/mod.rs",
        "pages/upgrade/wizard/steps/backup.rs",
    ];
    let may = may.map(|file| format!("src/{file}"));
    let mut found = Vec::new();
    lines(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.retain(|(file, line)| {
        !may.contains(file)
            && ["Route::Programs", "Route::UpgradeForm", "Route::History"].iter().any(|it| line.contains(it))
    });
    assert_eq!(found, Vec::new(), "use pages::list_state::List");
}

#[test]
fn a_path_literal_is_recognized() {
    let line = |text: &str| offenders(&[("src/pages/x.rs".to_owned(), text.to_owned())]).len();
    assert_eq!(line("navigate(\"/\", options);"), 1);
    assert_eq!(line("    \"/\","), 1);
    assert_eq!(line("<a href=\"/history?check=\">"), 1);
    assert_eq!(line("format!(\"/ns/{namespace}/stop\")"), 1);
    assert_eq!(line("format!(\"{origin}/ns/{namespace}\")"), 1);
    assert_eq!(line("bind_key(\"/\", \"Search\", focus)"), 0);
    assert_eq!(line("pipeline.pointer(\"/stateSpec/mode\")"), 0);
    assert_eq!(line("path!(\"/*page\")"), 0);
}
