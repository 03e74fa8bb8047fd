//! The bill of materials as `CycloneDX` JSON: <https://cyclonedx.org/docs/1.5/json/>.
//!
//! It has neither a time nor a random number, so that two builds of the same sources have the same one.

use super::crates::{Package, Packages};
use crate::paths;
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;

/// The server is the product; everything else is in it.
const PRODUCT: &str = "quiesce-server";

/// The bill of materials of the binary.
pub fn json(packages: &Packages) -> Result<String> {
    let lock = fs::read_to_string(paths::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let checksums = checksums(&lock)?;
    let product =
        packages.values().find(|it| it.name == PRODUCT).context("the server is not in its own binary")?;
    let components: Vec<Value> = packages
        .values()
        .filter(|package| package.name != PRODUCT)
        .map(|package| component("library", package, &checksums))
        .collect();
    let dependencies: Vec<Value> = packages
        .values()
        .map(|package| {
            let mut uses: Vec<String> =
                package.uses.iter().filter_map(|id| packages.get(id)).map(reference).collect();
            // The page is embedded, which Cargo does not know.
            if package.name == PRODUCT {
                uses.extend(packages.values().filter(|it| it.name == "quiesce-console").map(reference));
            }
            uses.sort();
            json!({ "ref": reference(package), "dependsOn": uses })
        })
        .collect();
    let bom = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": component("application", product, &checksums) },
        "components": components,
        "dependencies": dependencies,
    });
    Ok(serde_json::to_string_pretty(&bom)? + "\n")
}

/// The package URL, which also is the reference within the document.
fn reference(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

fn component(kind: &str, package: &Package, checksums: &BTreeMap<(String, String), String>) -> Value {
    let mut component = json!({
        "type": kind,
        "bom-ref": reference(package),
        "name": package.name,
        "version": package.version,
        "purl": reference(package),
        "licenses": [{ "expression": package.license }],
    });
    if let Some(checksum) = checksums.get(&(package.name.clone(), package.version.clone())) {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(repository) = &package.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

/// The SHA-256 of each crate's archive, by name and version.
fn checksums(lock: &str) -> Result<BTreeMap<(String, String), String>> {
    let lock: toml::Table = toml::from_str(lock).context("Cargo.lock is not TOML")?;
    let packages =
        lock.get("package").and_then(toml::Value::as_array).context("Cargo.lock has no packages")?;
    let text = |package: &toml::Value, key: &str| Some(package.get(key)?.as_str()?.to_owned());
    let checksum =
        |package| Some(((text(package, "name")?, text(package, "version")?), text(package, "checksum")?));
    Ok(packages.iter().filter_map(checksum).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::crates;
    use cyclonedx_bom::models::bom::{Bom, SpecVersion};
    use cyclonedx_bom::prelude::Validate as _;

    #[test]
    fn is_valid_and_complete() {
        let packages = crates::of_binary().unwrap();
        let text = json(&packages).unwrap();
        let bom = Bom::parse_from_json(text.as_bytes()).unwrap();
        let result = bom.validate_version(SpecVersion::V1_5);
        assert!(result.passed(), "{result:?}");
        assert_eq!(bom.components.unwrap().0.len(), packages.len() - 1);
    }

    #[test]
    fn each_crate_of_the_registry_has_its_checksum_and_each_reference_its_component() {
        let bom: Value = serde_json::from_str(&json(&crates::of_binary().unwrap()).unwrap()).unwrap();
        let components = bom["components"].as_array().unwrap();
        for component in components {
            let ours = component["name"].as_str().unwrap().starts_with("quiesce-");
            assert_eq!(
                component["hashes"][0]["content"].as_str().map(str::len),
                (!ours).then_some(64),
                "{component}"
            );
            assert_ne!(component["licenses"][0]["expression"], "", "{component}");
        }
        let mut known: Vec<&Value> = components.iter().map(|it| &it["bom-ref"]).collect();
        known.push(&bom["metadata"]["component"]["bom-ref"]);
        for dependency in bom["dependencies"].as_array().unwrap() {
            assert!(known.contains(&&dependency["ref"]), "{dependency}");
            assert!(
                dependency["dependsOn"].as_array().unwrap().iter().all(|it| known.contains(&it)),
                "{dependency}"
            );
        }
    }
}
