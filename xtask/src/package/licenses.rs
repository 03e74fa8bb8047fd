//! The licenses of everything in the binary, as one text.

use super::crates::{Package, Packages};
use crate::paths;
use crate::process::Tool;
use anyhow::{Context as _, Result, bail};
use spdx::{Expression, ParseMode};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

/// Each text once, with the crates to which it belongs; first Quiesce's own.
pub fn text(packages: &Packages) -> Result<String> {
    let mut by_text: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages.values().filter(|package| !package.is_ours) {
        for text in texts(package)? {
            by_text.entry(text).or_default().insert(format!("{} {}", package.name, package.version));
        }
    }
    let (library, version) = standard_library()?;
    for text in library {
        by_text.entry(text).or_default().insert(format!("Rust's standard library {version}"));
    }

    let mut all = String::from("Quiesce\n\n");
    all += fs::read_to_string(paths::root().join("LICENSE")).context("cannot read LICENSE")?.trim_end();
    let mut sections: Vec<_> = by_text.into_iter().map(|(text, names)| (names, text)).collect();
    sections.sort();
    for (names, text) in sections {
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        let _ = write!(all, "\n\n{}\n\n{names}\n\n{}", "-".repeat(80), text.trim());
    }
    all.push('\n');
    Ok(all)
}

/// The texts that a crate ships, or the standard ones of the licenses that it declares.
fn texts(package: &Package) -> Result<Vec<String>> {
    let mut shipped = BTreeSet::new();
    for entry in fs::read_dir(&package.folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        let is_license = ["license", "licence", "unlicense", "copying", "copyright", "notice"];
        if entry.file_type()?.is_file() && is_license.iter().any(|start| name.starts_with(start)) {
            shipped.insert(normalized(&String::from_utf8_lossy(&fs::read(entry.path())?)));
        }
    }
    if !shipped.is_empty() {
        return Ok(shipped.into_iter().collect());
    }
    let authors = if package.authors.is_empty() {
        format!("the authors of {}", package.name)
    } else {
        package.authors.join(", ")
    };
    let standard = standard_texts(&package.license).with_context(|| package.name.clone())?;
    Ok(standard.into_iter().map(|text| format!("Copyright (c) {authors}\n\n{text}")).collect())
}

/// The texts of all licenses in an expression.
fn standard_texts(expression: &str) -> Result<Vec<String>> {
    let parsed = Expression::parse_mode(expression, ParseMode::LAX)
        .map_err(|error| anyhow::anyhow!("its license {expression:?} is not an expression: {error}"))?;
    let texts: Vec<String> = parsed
        .requirements()
        .filter_map(|requirement| Some(normalized(requirement.req.license.id()?.text())))
        .collect();
    if texts.is_empty() {
        bail!("it has neither a license file nor a known license: {expression:?}");
    }
    Ok(texts)
}

/// The licenses of the standard library, which is in every binary, and its version.
fn standard_library() -> Result<(Vec<String>, String)> {
    let version = Tool::new("rustc").arg("--version").output()?;
    let version = version.split(' ').nth(1).context("rustc does not report its version")?.to_owned();
    let texts = standard_texts("MIT OR Apache-2.0")?.into_iter();
    Ok((
        texts.map(|text| format!("Copyright (c) The Rust Project Contributors\n\n{text}")).collect(),
        version,
    ))
}

/// Without differences that only the line ends or indentation of a file make.
fn normalized(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::crates;

    #[test]
    fn every_crate_of_the_binary_has_a_text() {
        let packages = crates::of_binary().unwrap();
        let all = text(&packages).unwrap();
        for package in packages.values().filter(|it| !it.is_ours) {
            assert!(all.contains(&format!("{} {}", package.name, package.version)), "{}", package.name);
        }
        assert!(all.starts_with("Quiesce\n") && all.contains("Apache License"));
        assert!(all.contains("Rust's standard library"));
    }

    #[test]
    fn a_crate_without_a_file_gets_the_standard_text_of_its_license() {
        let texts = standard_texts("MIT OR Apache-2.0").unwrap();
        assert_eq!(texts.len(), 2);
        assert!(texts[0].contains("Permission is hereby granted, free of charge"), "{}", texts[0]);
        assert!(standard_texts("").is_err());
        assert!(standard_texts("LicenseRef-own").is_err());
    }
}
