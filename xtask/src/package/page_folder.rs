//! The page as files that nginx or Caddy serve: see deploy/nginx/quiesce.conf and deploy/caddy/Caddyfile.
//!
//! The Content-Security-Policy names the inline scripts and styles of one build by their hashes. It and the compressed
//! files are asked of the server that embeds the same page, so that both send the same bytes.

use super::probe;
use super::routes;
use crate::paths;
use crate::process::{Running, Tool};
use anyhow::{Context as _, Result, bail};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The files, and next to them the configurations of web servers.
pub fn page_folder() -> PathBuf {
    paths::target().join("package/page")
}

/// Writes the folder anew.
pub fn write() -> Result<()> {
    let folder = page_folder();
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let www = folder.join("www");
    copy_page(&paths::dist(), &www)?;
    for file in quiesce_docs::Site::read(&paths::root().join("docs"))?.files() {
        write_file(&www.join(&file.path), &file.content)?;
    }
    let mut server = Server::start()?;
    let policy = server.policy()?;
    server.compress(&www, "")?;
    server.process.end()?;

    let version = env!("CARGO_PKG_VERSION");
    let deploy = paths::root().join("deploy");
    for file in ["nginx/quiesce.conf", "caddy/Caddyfile"] {
        write_file(&folder.join(file), &fs::read(deploy.join(file))?)?;
    }
    write_file(&folder.join("nginx/quiesce-page.conf"), nginx(&policy, version).as_bytes())?;
    write_file(&folder.join("caddy/quiesce-page.caddy"), caddy(&policy, version).as_bytes())?;
    println!("    {}", folder.display());
    Ok(())
}

const HEAD: &str = "# Belongs to one build of the page: its version, its Content-Security-Policy, and the requests that it uses.\n";

fn nginx(policy: &str, version: &str) -> String {
    let mut text = format!(
        "{HEAD}map \"\" $quiesce_page_version {{\n    default \"{version}\";\n}}\n\
         map \"\" $quiesce_page_policy {{\n    default \"{policy}\";\n}}\n\
         map \"$request_method $request_uri\" $quiesce_forwarded {{\n    default \"\";\n"
    );
    for (method, targets) in routes::targets() {
        for target in targets {
            let _ = writeln!(text, "    \"~^{method} {target}\" 1;");
        }
    }
    text + "}\n"
}

fn caddy(policy: &str, version: &str) -> String {
    let mut text = format!(
        "{HEAD}(quiesce_page) {{\n\tvars version {version}\n\theader {{args.0}} Content-Security-Policy \"{policy}\"\n}}\n\
         (quiesce_routes) {{\n\t@not_forwarded {{\n"
    );
    for (method, targets) in routes::targets() {
        let _ = writeln!(
            text,
            "\t\tnot {{\n\t\t\tmethod {method}\n\t\t\tvars_regexp {{http.request.orig_uri}} ^({})\n\t\t}}",
            targets.join("|")
        );
    }
    text + "\t}\n}\n"
}

/// The server with the same page.
struct Server {
    process: Running,
    address: String,
}

impl Server {
    /// Its router is never asked.
    fn start() -> Result<Self> {
        let mut process = Tool::that_dies_with_us(paths::server_binary())
            .args(["serve", "--listen", "127.0.0.1:0", "--router", "http://127.0.0.1:9"])
            .piped()
            .spawn()?;
        let address = probe::address(&mut process)?;
        Ok(Self { process, address })
    }

    /// The Content-Security-Policy of the page.
    fn policy(&self) -> Result<String> {
        let response = ureq::get(format!("{}/index.html", self.address)).call()?;
        let policy = response.headers().get("content-security-policy").context("the page has no policy")?;
        let policy = policy.to_str()?;
        // It is written between double quotes into files in which `$`, `{` and `\` have a meaning.
        if policy.contains(['"', '\\', '$', '{', '}']) || !policy.contains("sha256-") {
            bail!("the policy of the page cannot be written into a configuration: {policy}");
        }
        Ok(policy.to_owned())
    }

    /// Adds a `.br` and a `.gz` to each file that the server sends compressed.
    fn compress(&self, folder: &Path, below: &str) -> Result<()> {
        let entries = fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
        for entry in entries {
            let name = entry.file_name().into_string().ok().context("a file name is not UTF-8")?;
            let path = format!("{below}/{name}");
            if entry.file_type()?.is_dir() {
                self.compress(&entry.path(), &path)?;
                continue;
            }
            // The document for unknown addresses has none of its own.
            let address =
                if path == format!("/docs/{}.html", quiesce_docs::NOT_FOUND) { "/docs/-" } else { &path };
            for (encoding, extension) in [("br", "br"), ("gzip", "gz")] {
                let packed = self.packed(address, encoding).with_context(|| path.clone())?;
                if let Some(packed) = packed {
                    fs::write(folder.join(format!("{name}.{extension}")), packed)?;
                }
            }
        }
        Ok(())
    }

    fn packed(&self, path: &str, encoding: &str) -> Result<Option<Vec<u8>>> {
        let request =
            ureq::get(format!("{}{path}", self.address)).config().http_status_as_error(false).build();
        let mut response = request.header("Accept-Encoding", encoding).call()?;
        let is_packed = response.headers().get("content-encoding").is_some_and(|it| it == encoding);
        let is_json = response.headers().get("content-type").is_some_and(|it| it == "application/json");
        // That document comes with 404, too.
        if is_json && !response.status().is_success() {
            bail!("the server does not have it: build it again");
        }
        Ok(if is_packed { Some(response.body_mut().read_to_vec()?) } else { None })
    }
}

/// Copies the files of the page, without the hidden ones of a build.
fn copy_page(from: &Path, to: &Path) -> Result<()> {
    let entries = fs::read_dir(from).with_context(|| format!("no page in {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_page(&entry.path(), &target)?;
        } else {
            write_file(&target, &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::create_dir_all(path.parent().context("a file without a folder")?)?;
    fs::write(path, bytes).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_of_a_build_defines_what_the_given_ones_use() {
        let read = |file: &str| fs::read_to_string(paths::root().join("deploy").join(file)).unwrap();
        let (page, given) = (nginx("default-src 'none'", "1.2.3"), read("nginx/quiesce.conf"));
        for name in ["$quiesce_page_version", "$quiesce_page_policy", "$quiesce_forwarded"] {
            assert!(page.contains(&format!("\" {name} {{")), "{page}");
            assert!(given.contains(name), "{name}");
        }
        let (page, given) = (caddy("default-src 'none'", "1.2.3"), read("caddy/Caddyfile"));
        assert!(page.contains("(quiesce_page) {"), "{page}");
        assert!(given.contains("import quiesce-page.caddy") && given.contains("import quiesce_page @page"));
        assert!(page.contains("(quiesce_routes) {") && given.contains("import quiesce_routes"), "{page}");
        assert!(page.contains("vars version 1.2.3") && given.contains("{vars.version}"), "{page}");
    }
}
