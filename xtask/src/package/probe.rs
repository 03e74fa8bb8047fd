//! What a packaged server must answer.

use crate::process::Running;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// The address that a server reports when it is ready.
pub fn address(server: &mut Running) -> Result<String> {
    let line = server.lines()?.find_map(|line| Some(line.split_once("listening on ")?.1.trim().to_owned()));
    Ok(line.context("the server did not start; see above")?.trim_end_matches('/').to_owned())
}

/// Asks a server in front of a sandbox for its description, the page, a document and the API.
pub fn serves(url: &str) -> Result<()> {
    let info: Value = serde_json::from_str(&get(url, "/quiesce/info")?)?;
    ensure!(info["mode"] == "serve" && info["version"] == env!("CARGO_PKG_VERSION"), "{info}");
    let page = get(url, "/")?;
    ensure!(page.contains("<title>Quiesce</title>"), "not the page: {page:.200}");
    let document = get(url, "/docs/deployment")?;
    ensure!(document.contains("<h1"), "not a document: {document:.200}");
    let version: Value = serde_json::from_str(&get(url, "/v3/version")?)?;
    ensure!(version["version"].is_string(), "not forwarded: {version}");
    // What a cluster asks; each fails unless it is answered with 200.
    for probe in ["/-/healthy", "/-/ready"] {
        get(url, probe)?;
    }
    Ok(())
}

fn get(url: &str, path: &str) -> Result<String> {
    let response = ureq::get(format!("{url}{path}")).header("Accept", "text/html").call();
    Ok(response.with_context(|| path.to_owned())?.body_mut().read_to_string()?)
}
