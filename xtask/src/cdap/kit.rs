//! What a server is made of: jars by Maven, fixtures by javac. Kept in the cache, one folder for each state of their
//! definitions, so that a checkout never changes what another one runs.

use super::{CORE_PLUGINS, OLDER, VERSION};
use crate::places;
use crate::process::Tool;
use crate::setup::system;
use crate::stamp;
use crate::steps::there;
use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// Java 8 let libraries look into these; CDAP, Hadoop and Spark still do.
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

/// A server's parts.
pub struct Kit {
    pub java_home: PathBuf,
    jars: PathBuf,
    fixtures: PathBuf,
}

impl Kit {
    /// System artifacts: the pipeline applications in two versions, core plugins.
    pub fn artifacts(&self) -> PathBuf {
        self.jars.join("artifacts")
    }

    /// Arguments of java that open the packages of [`OPENED`].
    pub fn opens(&self) -> PathBuf {
        self.fixtures.join("opens.args")
    }

    pub fn application_jar(&self) -> PathBuf {
        self.fixtures.join("sample-app-1.0.0.jar")
    }

    pub fn plugins_jar(&self) -> PathBuf {
        self.fixtures.join("sample-plugins-1.0.0.jar")
    }

    /// The server's class path: our class loader first, then jars by name, since CDAP's own classes must come before the
    /// ones of other projects that they replace.
    pub fn class_path(&self) -> Result<Vec<PathBuf>> {
        let mut jars = stamp::files(&[self.jars.join("lib")])?;
        jars.sort_by_key(|jar| jar.file_name().map(OsString::from));
        jars.insert(0, self.fixtures.join("loader"));
        Ok(jars)
    }
}

/// Makes what is missing.
pub fn collect() -> Result<Kit> {
    let java_home = system::java_home().context("there is no JDK 17\n  to mend it: cargo xtask cdap up")?;
    let (definition, cache) = (places::root().join("cdap"), places::cache()?.join("cdap"));
    let versions = [VERSION, OLDER, CORE_PLUGINS];
    let jars_stamp = stamp::of(&definition, &[definition.join("pom.xml")], &versions)?;
    let fixtures_stamp = stamp::of(&definition, &[definition.join("java")], &[&jars_stamp])?;
    let jars = cache.join(format!("jars-{jars_stamp}"));
    let fixtures = cache.join(format!("fixtures-{fixtures_stamp}"));
    make(&jars, &format!("CDAP {VERSION}"), |out| fetch(&definition, &java_home, out))?;
    let kit = Kit { java_home, jars, fixtures };
    make(&kit.fixtures, "fixtures", |out| compile(&definition.join("java"), &kit, out))?;
    Ok(kit)
}

/// Makes a folder beside the place where it belongs and moves it there when it is whole.
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
    println!("    CDAP {VERSION}: 360 MB of jars; minutes the first time on this machine, 20 s later");
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
        .mend(again)
        .run_quietly(|| {
            format!(
                "Maven resolves and copies, {} jars so far",
                stamp::files(std::slice::from_ref(&lib)).map_or(0, |jars| jars.len())
            )
        })?;
    // What the core plugins extend; it is not in the jar.
    let parents: Vec<String> = ["cdap-data-pipeline", "cdap-data-streams"]
        .iter()
        .map(|app| format!("system:{app}[6.0.0,7.0.0)"))
        .collect();
    let extends = serde_json::json!({ "parents": parents });
    fs::write(out.join(format!("artifacts/core-plugins-{CORE_PLUGINS}.json")), extends.to_string())?;
    Ok(())
}

fn compile(sources: &Path, kit: &Kit, out: &Path) -> Result<()> {
    let path = std::env::join_paths([kit.jars.join("lib/*"), kit.jars.join("api/*")])?;
    for (folder, class_path) in [("loader", OsString::from(".")), ("app", path.clone()), ("plugins", path)] {
        Tool::new(kit.java_home.join("bin/javac"))
            .args(["-nowarn", "-proc:none", "--release", "8", "-Xlint:-options", "-d"])
            .arg(out.join(folder))
            .arg("-cp")
            .arg(class_path)
            .args(stamp::files(&[sources.join(folder)])?)
            .run()?;
    }
    let jar = |folder: &str, name: &str, manifest: &str| {
        let lines = out.join(format!("{folder}.manifest"));
        fs::write(&lines, format!("{manifest}\n"))?;
        Tool::new(kit.java_home.join("bin/jar"))
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
        let said = Tool::new(kit.java_home.join("bin/java")).args(["--describe-module", module]).output()?;
        opens.extend(
            said.lines()
                .filter_map(package)
                .map(|package| format!("--add-opens={module}/{package}=ALL-UNNAMED\n")),
        );
    }
    fs::write(out.join("opens.args"), opens.into_iter().collect::<String>())?;
    Ok(())
}

/// The package that a line of `java --describe-module` is about.
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
    fn packages_are_read_from_each_kind_of_line_that_names_one() {
        let said = "java.sql@17.0.15\nexports java.sql\nrequires java.xml transitive\nqualified exports sun.sql to java.se\n\
                    contains sun.sql.impl\nuses java.sql.Driver";
        assert_eq!(
            said.lines().filter_map(package).collect::<Vec<_>>(),
            ["java.sql", "sun.sql", "sun.sql.impl"]
        );
    }
}
