//! The crates that are in the delivered binary: those of the server, and those of the page in it.

use crate::paths;
use crate::process::Tool;
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The crate of the server, for the system, and that of the page, for the browser.
const ROOTS: [(&str, Option<&str>); 2] =
    [("quiesce-server", None), ("quiesce-console", Some("wasm32-unknown-unknown"))];

/// A crate that is in the binary.
#[derive(Clone, Debug)]
pub struct Package {
    pub name: String,
    pub version: String,
    /// The expression of its manifest.
    pub license: String,
    pub authors: Vec<String>,
    pub repository: Option<String>,
    /// Where its sources are.
    pub folder: PathBuf,
    /// Whether it is a crate of this workspace.
    pub is_ours: bool,
    /// The identifiers of those that it uses.
    pub uses: BTreeSet<String>,
}

/// Crates by Cargo's identifiers, which sort by name.
pub type Packages = BTreeMap<String, Package>;

/// All crates of the binary, without those that only build or test it.
pub fn of_binary() -> Result<Packages> {
    let mut packages = Packages::new();
    for (root, target) in ROOTS {
        let target = match target {
            Some(target) => target.to_owned(),
            None => host()?,
        };
        let metadata = Tool::new("cargo")
            .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &target])
            .current_dir(paths::root())
            .output()?;
        let metadata: Value = serde_json::from_str(&metadata)?;
        add_reachable(&mut packages, &metadata, root).context("`cargo metadata` was not understood")?;
    }
    Ok(packages)
}

/// The target of this machine.
pub fn host() -> Result<String> {
    let said = Tool::new("rustc").arg("-vV").output()?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not name its host")?.to_owned())
}

/// Adds a crate and all that it uses at run time. A crate of both roots uses what it uses in either.
fn add_reachable(packages: &mut Packages, metadata: &Value, root: &str) -> Option<()> {
    let by_id = |list: &Value| -> Option<BTreeMap<String, Value>> {
        list.as_array()?.iter().map(|it| Some((it["id"].as_str()?.to_owned(), it.clone()))).collect()
    };
    let (manifests, nodes) = (by_id(&metadata["packages"])?, by_id(&metadata["resolve"]["nodes"])?);
    let root = manifests.iter().find(|(_, manifest)| manifest["name"] == root)?.0;
    let (mut open, mut seen) = (vec![root.clone()], BTreeSet::new());
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let uses: BTreeSet<String> = nodes.get(&id)?["deps"]
            .as_array()?
            .iter()
            .filter(|used| {
                used["dep_kinds"].as_array().is_some_and(|kinds| kinds.iter().any(|it| it["kind"].is_null()))
            })
            .filter_map(|used| used["pkg"].as_str().map(ToOwned::to_owned))
            .collect();
        open.extend(uses.iter().cloned());
        let package = package(manifests.get(&id)?)?;
        packages.entry(id).or_insert(package).uses.extend(uses);
    }
    Some(())
}

fn package(manifest: &Value) -> Option<Package> {
    let text = |key: &str| manifest[key].as_str().map(ToOwned::to_owned);
    let authors = manifest["authors"].as_array()?.iter().filter_map(Value::as_str);
    Some(Package {
        name: text("name")?,
        version: text("version")?,
        // Before SPDX, manifests separated alternatives by a slash.
        license: text("license").unwrap_or_default().replace('/', " OR "),
        authors: authors.map(ToOwned::to_owned).collect(),
        repository: text("repository"),
        folder: PathBuf::from(text("manifest_path")?).parent()?.to_path_buf(),
        is_ours: manifest["source"].is_null(),
        uses: BTreeSet::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contains_the_crates_of_the_server_and_of_the_page_and_none_of_the_tests() {
        let packages = of_binary().unwrap();
        let names: BTreeSet<&str> = packages.values().map(|it| it.name.as_str()).collect();
        for name in
            ["quiesce-server", "quiesce-sandbox", "quiesce-console", "hyper", "rustls", "leptos", "web-sys"]
        {
            assert!(names.contains(name), "{name}");
        }
        for name in ["xtask", "quiesce-docs", "proptest", "tempfile", "wasm-bindgen-test"] {
            assert!(!names.contains(name), "{name}");
        }
        let server = packages.values().find(|it| it.name == "quiesce-server").unwrap();
        assert!(server.is_ours && server.uses.iter().all(|id| packages.contains_key(id)));
    }
}
