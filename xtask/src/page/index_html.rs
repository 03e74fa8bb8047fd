//! `index.html` for the delivered page. The elements marked with `data-trunk` are replaced as Trunk does, which serves
//! the page during development: one for each line.

use super::hashed;
use super::modules::{Module, Modules};
use super::stack;
use crate::paths;
use crate::process::Tool;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Loads the parts by the list of their files.
const LOAD_PARTS: &str = include_str!("load-parts.js");

/// The part that only a demo loads: not in advance.
const DEMO_PART: &str = "split_demo.wasm";

/// Writes all files of the page into the empty folder `dist`.
pub fn write(modules: &Modules, dist: &Path) -> Result<()> {
    let root = paths::root();
    let html = fs::read_to_string(root.join("index.html")).context("no index.html")?;
    let (mut lines, mut styles, mut after_styles) = (Vec::new(), String::new(), None);
    for line in html.lines() {
        let Some(marked) = marked(line) else {
            lines.push(line.to_owned());
            continue;
        };
        let asset = || -> Result<Vec<u8>> {
            let href = attribute(marked, "href").with_context(|| format!("no href: {line}"))?;
            fs::read(root.join(href)).with_context(|| format!("index.html names {href}"))
        };
        match (attribute(marked, "rel"), attribute(marked, "type")) {
            (Some("inline"), Some("css")) => {
                after_styles = after_styles.or(Some(lines.len()));
                styles += std::str::from_utf8(&asset()?).context("a style sheet is not UTF-8")?;
            }
            (Some("inline"), Some("js")) => {
                let script = String::from_utf8(asset()?).context("a script is not UTF-8")?;
                lines.push(format!("<script>{}</script>", minified(&script, ".js")?));
            }
            (Some("icon"), Some(kind)) => {
                let (icon, href) = (asset()?, attribute(marked, "href").unwrap_or_default());
                let (stem, extension) =
                    file_name(href)?.rsplit_once('.').context("an icon has no extension")?;
                let name = hashed::name(stem, extension, &icon);
                fs::write(dist.join(&name), icon)?;
                lines.push(format!("<link rel=\"icon\" href=\"/{name}\" type=\"{kind}\">"));
            }
            (Some("copy-file"), None) => {
                let name = file_name(attribute(marked, "href").unwrap_or_default())?;
                fs::write(dist.join(name), asset()?)?;
            }
            (Some("rust"), None) => lines.push(scripts(modules, dist)?),
            _ => bail!("index.html marks an element of an unknown kind: {line}"),
        }
    }
    lines.insert(
        after_styles.context("index.html has no style sheet")?,
        format!("<style>{}</style>", minified(&styles, ".css")?),
    );
    fs::write(dist.join("index.html"), minified_html(&lines.join("\n"))?)?;
    Ok(())
}

/// Writes the modules, the list of the parts and the script, and returns the elements that load them.
fn scripts(modules: &Modules, dist: &Path) -> Result<String> {
    let (mut script, mut parts) = (modules.script.clone(), BTreeMap::new());
    for part in &modules.parts {
        let name = hashed::name(&part_name(&part.file), "wasm", &part.bytes);
        let fetched = format!("fetch(new URL(\"./{}\",import.meta.url))", part.file);
        if script.matches(&fetched).count() != 1 {
            bail!("the script does not load {} once", part.file);
        }
        script = script.replace(&fetched, &format!("fetchPart(\"{}\")", part.file));
        write_module(part, &name, dist)?;
        parts.insert(&part.file, (name, hashed::integrity(&part.bytes)));
    }
    // The first load needs none of the names and hashes of the parts.
    let list = serde_json::to_string(&parts)?;
    let list_name = hashed::name("parts", "json", list.as_bytes());
    fs::write(dist.join(&list_name), &list)?;
    let load_parts = LOAD_PARTS
        .replace("LIST_FILE", &format!("./{list_name}"))
        .replace("LIST_INTEGRITY", &hashed::integrity(list.as_bytes()));
    script = minified(&format!("{load_parts}\n{script}"), ".mjs")?;
    let (main, loader) = (
        hashed::name("quiesce", "wasm", &modules.main.bytes),
        hashed::name("quiesce", "js", script.as_bytes()),
    );
    write_module(&modules.main, &main, dist)?;
    fs::write(dist.join(&loader), &script)?;
    let integrity = hashed::integrity(script.as_bytes());
    Ok(format!(
        "<link rel=\"modulepreload\" href=\"/{loader}\" crossorigin=\"anonymous\" integrity=\"{integrity}\">\n\
         <link rel=\"preload\" href=\"/{main}\" as=\"fetch\" type=\"application/wasm\" crossorigin=\"anonymous\">\n\
         <script type=\"module\">import start,{{loadInAdvance}} from \"/{loader}\";\
         start({{module_or_path:\"/{main}\"}}).then(()=>loadInAdvance(\"{DEMO_PART}\"))</script>",
    ))
}

/// Writes a module for the page, and the names of its functions for `cargo xtask stack`.
fn write_module(module: &Module, name: &str, dist: &Path) -> Result<()> {
    fs::write(dist.join(name), &module.bytes)?;
    stack::keep_names(name, &module.names)
}

/// The name for `split_sign_in.wasm`, the part *sign in*, and for `chunk_9.wasm`, which several parts share.
fn part_name(file: &str) -> String {
    let stem = file.trim_end_matches(".wasm").replace('_', "-");
    stem.replacen("split-", "part-", 1).replacen("chunk-", "shared-", 1)
}

/// A script or style sheet without what a browser does not need.
fn minified(source: &str, suffix: &str) -> Result<String> {
    let file = tempfile::Builder::new().suffix(suffix).tempfile()?;
    fs::write(file.path(), source)?;
    let minified = Tool::new(paths::e2e().join("node_modules/.bin/esbuild"))
        .arg(file.path())
        .args(["--minify", "--log-level=warning"])
        .hint("npm ci --prefix e2e")
        .output()?;
    Ok(minified.trim_end().to_owned())
}

fn minified_html(html: &str) -> Result<String> {
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), html)?;
    Tool::new("node")
        .arg(paths::root().join("xtask/minify-html.mjs"))
        .arg(file.path())
        .current_dir(paths::e2e())
        .hint("npm ci --prefix e2e")
        .output()
}

/// The element of a line that is marked for the build.
fn marked(line: &str) -> Option<&str> {
    line.trim().strip_prefix("<link data-trunk ")?.strip_suffix('>')
}

/// The value of an attribute.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let start = format!("{name}=\"");
    let at = if element.starts_with(&start) { 0 } else { element.find(&format!(" {start}"))? + 1 };
    element[at + start.len()..].split('"').next()
}

fn file_name(path: &str) -> Result<&str> {
    path.rsplit('/').next().filter(|name| !name.is_empty()).context("a path without a file name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_attributes_of_a_marked_element() {
        let line = "    <link data-trunk rel=\"rust\" data-bin=\"quiesce-console\" href=\"a/b.css\">";
        let element = marked(line).unwrap();
        assert_eq!(attribute(element, "rel"), Some("rust"));
        assert_eq!(attribute(element, "href"), Some("a/b.css"));
        assert_eq!(attribute(element, "bin"), None);
        assert_eq!(marked("<link rel=\"icon\">"), None);
    }

    #[test]
    fn a_part_has_the_name_of_its_pages_or_is_shared() {
        assert_eq!(part_name("split_sign_in.wasm"), "part-sign-in");
        assert_eq!(part_name("chunk_9.wasm"), "shared-9");
    }

    #[test]
    fn each_marked_element_of_the_page_is_on_a_line_of_its_own() {
        let html = fs::read_to_string(paths::root().join("index.html")).unwrap();
        let lines = html.lines().filter(|line| marked(line).is_some()).count();
        assert_eq!(lines, html.matches("data-trunk").count());
    }
}
