//! Checks that a module imports nothing that a module above it defines (docs/architecture.md): state below, views
//! above.

#![allow(clippy::expect_used)] // `allow-expect-in-tests` does not know that helpers of a test are tests.

mod tracked;

use std::collections::BTreeMap;

/// A crate's modules by path, each with its file and its code without comments, strings and tests.
type Modules = BTreeMap<Vec<String>, (String, String)>;

/// The modules of the page and of all crates, by source folder. Files of tests are absent.
fn crates() -> BTreeMap<String, Modules> {
    let mut crates: BTreeMap<String, Modules> = BTreeMap::new();
    let mut tests = Vec::new();
    for (file, text) in tracked::files(&[], &["rs"]) {
        let Some((folder, module)) = split(&file) else { continue };
        tests.extend(test_modules(&text).into_iter().map(|test| {
            let path: Vec<String> = module.iter().cloned().chain([test]).collect();
            (folder.clone(), path)
        }));
        crates.entry(folder).or_default().insert(module, (file, code(&text)));
    }
    for (folder, test) in tests {
        let modules = crates.get_mut(&folder).expect("a crate");
        modules.retain(|module, _| !module.starts_with(&test));
    }
    crates
}

/// The source folder and the module path of a file; `None` outside of source folders.
fn split(file: &str) -> Option<(String, Vec<String>)> {
    let (folder, rest) =
        if file.starts_with("src/") { file.split_at(3) } else { file.split_at(file.find("/src/")? + 4) };
    let rest = rest.trim_start_matches('/');
    let mut module: Vec<String> = rest.strip_suffix(".rs")?.split('/').map(str::to_owned).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    Some((folder.to_owned(), module))
}

/// The modules that a file declares for tests only.
fn test_modules(text: &str) -> Vec<String> {
    let declarations = text.split("#[cfg(test)]").skip(1).filter_map(|rest| {
        let rest = rest.trim_start().strip_prefix("pub(crate) ").unwrap_or(rest.trim_start());
        Some(rest.strip_prefix("mod ")?.split_once(';')?.0.to_owned())
    });
    declarations.filter(|name| !name.contains('{')).collect()
}

/// Code without comments, string literals and the test module at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut code = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for (index, part) in line.replace("\\\"", "").split('"').enumerate() {
            if index % 2 == 0 {
                code.push_str(part.split(" // ").next().unwrap_or_default());
            }
        }
        code.push('\n');
    }
    code
}

/// The paths in code that start with `crate` or `super`, one for each imported item.
fn paths(code: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back().unwrap_or(' ');
            if !before.is_alphanumeric() && !matches!(before, '_' | ':' | '$') {
                expand(&code[at..], &mut Vec::new(), &mut paths);
            }
        }
    }
    paths
}

/// Reads a path, or the paths of a group in braces, after the segments before it; returns the text that follows.
fn expand<'a>(text: &'a str, before: &mut Vec<String>, paths: &mut Vec<Vec<String>>) -> &'a str {
    let length = before.len();
    let mut rest = text.trim_start();
    loop {
        if let Some(mut group) = rest.strip_prefix('{') {
            loop {
                let after = expand(group, before, paths).trim_start();
                match after.strip_prefix(',') {
                    Some(next) if !next.trim_start().starts_with('}') => group = next,
                    next => {
                        before.truncate(length);
                        let end = next.unwrap_or(after).trim_start();
                        return end.strip_prefix('}').unwrap_or_default();
                    }
                }
            }
        }
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, after) = rest.split_at(length.max(usize::from(rest.starts_with('*'))));
        if name != "self" {
            before.push(name.to_owned());
        }
        rest = after;
        match after.strip_prefix("::") {
            Some(next) if !next.starts_with('<') => rest = next,
            _ => break,
        }
    }
    paths.push(before.clone());
    before.truncate(length);
    match rest.strip_prefix(" as ") {
        Some(alias) => alias.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'),
        None => rest,
    }
}

/// The module above that defines or re-exports what a path names, if it is one.
fn parent<'a>(modules: &Modules, module: &'a [String], path: &[String]) -> Option<&'a [String]> {
    let absolute: Vec<String> = match path.first().map(String::as_str) {
        Some("super") => {
            let up = path.iter().take_while(|part| *part == "super").count();
            let above = &module[..module.len().checked_sub(up)?];
            above.iter().chain(&path[up..]).cloned().collect()
        }
        _ => path[1..].to_vec(),
    };
    let known = (0..=absolute.len()).rev().find(|end| modules.contains_key(&absolute[..*end]))?;
    let owner = &absolute[..known];
    (known < absolute.len() && owner.len() < module.len() && module.starts_with(owner))
        .then(|| &module[..known])
}

/// The imports of a crate from a module above.
fn imports_from_above(modules: &Modules) -> Vec<String> {
    let mut found = Vec::new();
    for (module, (file, code)) in modules {
        for path in paths(code) {
            if let Some(parent) = parent(modules, module, &path) {
                let parent = if parent.is_empty() { "the crate root".to_owned() } else { parent.join("::") };
                found.push(format!("{file}: {} is defined in {parent}", path.join("::")));
            }
        }
    }
    found
}

#[test]
fn no_module_imports_from_a_module_above_it() {
    let crates = crates();
    assert!(crates.len() >= 7, "only {:?}", crates.keys());
    let found: Vec<String> = crates.values().flat_map(imports_from_above).collect();
    assert!(
        found.is_empty(),
        "define these items in a module below, and import them from there:\n{}",
        found.join("\n")
    );
}

#[cfg(test)]
mod samples {
    use super::*;

    fn modules(files: &[(&str, &str)]) -> Modules {
        let modules = files
            .iter()
            .map(|(file, text)| (split(file).expect("a source file").1, ((*file).to_owned(), code(text))));
        modules.collect()
    }

    #[test]
    fn finds_items_of_a_parent_of_a_facade_and_of_the_crate_root() {
        let modules = modules(&[
            ("src/main.rs", "mod a;\n"),
            ("src/a/mod.rs", "mod b;\nmod c;\npub use c::Item;\npub struct State;\n"),
            ("src/a/c.rs", "pub struct Item;\n"),
            ("src/a/b.rs", "use super::{State, c};\nuse crate::{a::Item, Root};\nfn f() { super::g() }\n"),
        ]);
        assert_eq!(
            imports_from_above(&modules),
            [
                "src/a/b.rs: crate::a::Item is defined in a",
                "src/a/b.rs: crate::Root is defined in the crate root",
                "src/a/b.rs: super::State is defined in a",
                "src/a/b.rs: super::g is defined in a",
            ]
        );
    }

    #[test]
    fn permits_siblings_children_other_folders_and_tests() {
        let modules = modules(&[
            ("src/main.rs", "mod a;\n"),
            ("src/a/mod.rs", "mod b;\nuse b::View;\nuse crate::other::{self, Item as Renamed};\n"),
            ("src/a/c.rs", "pub struct Item;\n"),
            ("src/other.rs", "pub struct Item;\n"),
            (
                "src/a/b.rs",
                "// use super::State;\nuse super::c::{self, Item};\nuse super::c as renamed;\nuse crate::a::c::Item;\n\
                 const TEXT: &str = \"super::State\";\npub(super) fn f() {}\n\
                 #[cfg(test)]\nmod tests {\n    use super::super::State;\n}\n",
            ),
        ]);
        assert_eq!(imports_from_above(&modules), Vec::<String>::new());
        assert_eq!(test_modules("mod a;\n#[cfg(test)]\nmod cases;\n#[cfg(test)]\nmod tests {}\n"), ["cases"]);
    }
}
