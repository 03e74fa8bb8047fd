//! The files of a server: jars from Maven, fixtures compiled with javac. They are cached in one folder per
//! fingerprint of their definitions, so that one checkout never changes the files of another.

use super::versions::{CORE_PLUGINS, OLDER, VERSION};
use crate::fingerprint;
use crate::paths;
use crate::process::Tool;
use crate::setup::system;
use crate::steps::there;
use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// Java 8 allowed reflection into these modules; CDAP, Hadoop and Spark still need it.
const OPENED: [&str; 10] = [
    "java.base",
    "java.desktop",
    "java.management",
    "java.naming",
    "java.security.jgss",
    "java.security.sasl",
    "java.sql",
    "java.xml",
    "jdk.management",
    "jdk.security.auth",
];

/// The files of a server.
pub struct Distribution {
    pub java_home: PathBuf,
    jars: PathBuf,
    fixtures: PathBuf,
}

impl Distribution {
    /// The folder of system artifacts: the pipeline applications in two versions and the core plugins.
    pub fn artifacts(&self) -> PathBuf {
        self.jars.join("artifacts")
    }

    /// A file with the java arguments that open the packages of [`OPENED`].
    pub fn opens(&self) -> PathBuf {
        self.fixtures.join("opens.args")
    }

    pub fn application_jar(&self) -> PathBuf {
        self.fixtures.join("sample-app-1.0.0.jar")
    }

    pub fn plugins_jar(&self) -> PathBuf {
        self.fixtures.join("sample-plugins-1.0.0.jar")
    }

    /// The class path: our class loader first, then the jars by name, because CDAP's own classes must precede those
    /// of other projects that they replace.
    pub fn class_path(&self) -> Result<Vec<PathBuf>> {
        let mut jars = fingerprint::files(&[self.jars.join("lib")])?;
        jars.sort_by_key(|jar| jar.file_name().map(OsString::from));
        jars.insert(0, self.fixtures.join("loader"));
        Ok(jars)
    }
}

/// Downloads and compiles the missing files.
pub fn collect() -> Result<Distribution> {
    let java_home = system::java_home().context("no JDK 17 found\n  fix: cargo xtask cdap up")?;
    let (definition, cache) = (paths::root().join("cdap"), paths::cache()?.join("cdap"));
    let versions = [VERSION, OLDER, CORE_PLUGINS];
    let jars_fingerprint = fingerprint::of(&definition, &[definition.join("pom.xml")], &versions)?;
    let fixtures_fingerprint =
        fingerprint::of(&definition, &[definition.join("java")], &[&jars_fingerprint])?;
    let jars = cache.join(format!("jars-{jars_fingerprint}"));
    let fixtures = cache.join(format!("fixtures-{fixtures_fingerprint}"));
    make(&jars, &format!("CDAP {VERSION}"), |out| fetch(&definition, &java_home, out))?;
    let distribution = Distribution { java_home, jars, fixtures };
    make(&distribution.fixtures, "fixtures", |out| compile(&definition.join("java"), &distribution, out))?;
    Ok(distribution)
}

/// Creates a folder next to its final path and moves it there when it is complete.
fn make(folder: &Path, what: &str, work: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    if folder.is_dir() {
        there(&format!("{what} ({})", folder.display()));
        return Ok(());
    }
    let partial = folder.with_extension(format!("partial-{}", std::process::id()));
    let _ = fs::remove_dir_all(&partial);
    fs::create_dir_all(&partial)?;
    let made = work(&partial);
    if made.is_err() {
        let _ = fs::remove_dir_all(&partial);
        return made;
    }
    fs::rename(&partial, folder).with_context(|| format!("cannot write {}", folder.display()))
}

fn fetch(definition: &Path, java_home: &Path, out: &Path) -> Result<()> {
    println!("    CDAP {VERSION}: 360 MB of jars; minutes the first time on this machine, then 20 s");
    let pom = definition.join("pom.xml");
    let again = format!(
        "check the network and Maven's settings, then `mvn -f {} package -Dout=/tmp/out`",
        pom.display()
    );
    let lib = out.join("lib");
    Tool::new("mvn")
        .args(["--batch-mode", "--quiet", "--file"])
        .arg(&pom)
        .arg(format!("-Dout={}", out.display()))
        .args([
            format!("-Dcdap.version={VERSION}"),
            format!("-Dcdap.older.version={OLDER}"),
            format!("-Dcore.plugins.version={CORE_PLUGINS}"),
        ])
        .arg("package")
        .env("JAVA_HOME", java_home)
        .hint(again)
        .run_quietly(|| {
            format!(
                "Maven copies jars, {} so far",
                fingerprint::files(std::slice::from_ref(&lib)).map_or(0, |jars| jars.len())
            )
        })?;
    // The artifacts that the core plugins extend; the jar does not name them.
    let parents: Vec<String> = ["cdap-data-pipeline", "cdap-data-streams"]
        .iter()
        .map(|app| format!("system:{app}[6.0.0,7.0.0)"))
        .collect();
    let extends = serde_json::json!({ "parents": parents });
    fs::write(out.join(format!("artifacts/core-plugins-{CORE_PLUGINS}.json")), extends.to_string())?;
    Ok(())
}

fn compile(sources: &Path, distribution: &Distribution, out: &Path) -> Result<()> {
    let path = std::env::join_paths([distribution.jars.join("lib/*"), distribution.jars.join("api/*")])?;
    for (folder, class_path) in [("loader", OsString::from(".")), ("app", path.clone()), ("plugins", path)] {
        Tool::new(distribution.java_home.join("bin/javac"))
            .args(["-nowarn", "-proc:none", "--release", "8", "-Xlint:-options", "-d"])
            .arg(out.join(folder))
            .arg("-cp")
            .arg(class_path)
            .args(fingerprint::files(&[sources.join(folder)])?)
            .run()?;
    }
    let jar = |folder: &str, name: &str, manifest: &str| {
        let lines = out.join(format!("{folder}.manifest"));
        fs::write(&lines, format!("{manifest}\n"))?;
        Tool::new(distribution.java_home.join("bin/jar"))
            .args(["--create", "--file"])
            .args([
                &out.join(name),
                Path::new("--manifest"),
                &lines,
                Path::new("-C"),
                &out.join(folder),
                Path::new("."),
            ])
            .run()
    };
    jar("app", "sample-app-1.0.0.jar", "Main-Class: fixtures.Warehouse")?;
    jar("plugins", "sample-plugins-1.0.0.jar", "Export-Package: fixtures")?;

    let mut opens = BTreeSet::new();
    for module in OPENED {
        let said = Tool::new(distribution.java_home.join("bin/java"))
            .args(["--describe-module", module])
            .output()?;
        opens.extend(
            said.lines()
                .filter_map(package)
                .map(|package| format!("--add-opens={module}/{package}=ALL-UNNAMED\n")),
        );
    }
    fs::write(out.join("opens.args"), opens.into_iter().collect::<String>())?;
    Ok(())
}

/// The package in a line of `java --describe-module`.
fn package(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    match words.next()? {
        "exports" | "contains" => words.next(),
        // qualified exports <package> to …
        "qualified" => words.nth(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_the_package_of_each_kind_of_line() {
        let said = "java.sql@17.0.15\nexports java.sql\nrequires java.xml transitive\nqualified exports sun.sql to java.se\n\
                    contains sun.sql.impl\nuses java.sql.Driver";
        assert_eq!(
            said.lines().filter_map(package).collect::<Vec<_>>(),
            ["java.sql", "sun.sql", "sun.sql.impl"]
        );
    }
}
