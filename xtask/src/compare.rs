//! Sends a list of requests to the sandbox and to a real CDAP, and prints the differences of their responses.

use crate::paths;
use crate::process::Tool;
use anyhow::{Context as _, Result};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Options {
    /// File with the requests [default: crates/sandbox/tests/compare/requests.txt]
    file: Option<PathBuf>,
    /// URL of the real, seeded CDAP
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:11015")]
    cdap: String,
    /// URL of a running sandbox [default: start one]
    #[arg(long, value_name = "URL")]
    sandbox: Option<String>,
    /// Send only the blocks with this text in their name
    #[arg(long, value_name = "WORDS")]
    only: Option<String>,
}

/// Fails on a difference that the list does not contain.
pub fn run(options: &Options) -> Result<()> {
    let tool = Tool::new("cargo")
        .args(["test", "--quiet", "--package", "quiesce-sandbox", "--locked", "--test", "compare", "--"])
        .args(["--ignored", "--exact", "--nocapture", "a_real_cdap_answers_as_the_sandbox_does"])
        .current_dir(paths::root())
        .env("CDAP_URL", &options.cdap)
        .env("RUST_BACKTRACE", "0")
        .hint("see above; list an accepted difference below its request with a reason");
    let file = match &options.file {
        Some(file) => Some(std::path::absolute(file).context("invalid path of the list of requests")?),
        None => None,
    };
    let tool = file.iter().fold(tool, |tool, file| tool.env("COMPARE_REQUESTS", file));
    let tool = options.sandbox.iter().fold(tool, |tool, url| tool.env("SANDBOX_URL", url));
    let tool = options.only.iter().fold(tool, |tool, words| tool.env("COMPARE_ONLY", words));
    tool.run()
}
