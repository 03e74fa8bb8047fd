//! Sends a list of requests to the sandbox and to a real CDAP, and prints where their answers differ.

use crate::places;
use crate::process::Tool;
use anyhow::{Context as _, Result};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Options {
    /// The requests [default: crates/sandbox/tests/compare/requests.txt]
    file: Option<PathBuf>,
    /// The real CDAP: the one of `cargo xtask cdap up`, seeded, unless another is named
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:11015")]
    cdap: String,
    /// A sandbox that runs already; if none is named, one is started
    #[arg(long, value_name = "URL")]
    sandbox: Option<String>,
    /// Only the blocks with these words in their name
    #[arg(long, value_name = "WORDS")]
    only: Option<String>,
}

/// Fails if an answer differs in a way that the list does not name.
pub fn run(options: &Options) -> Result<()> {
    let tool = Tool::new("cargo")
        .args(["test", "--quiet", "--package", "quiesce-sandbox", "--locked", "--test", "compare", "--"])
        .args(["--ignored", "--exact", "--nocapture", "a_real_cdap_answers_as_the_sandbox_does"])
        .current_dir(places::root())
        .env("CDAP_URL", &options.cdap)
        .env("RUST_BACKTRACE", "0")
        .mend("see above; a difference that stays is listed below its request, with its reason");
    let file = match &options.file {
        Some(file) => Some(std::path::absolute(file).context("the list of requests")?),
        None => None,
    };
    let tool = file.iter().fold(tool, |tool, file| tool.env("COMPARE_REQUESTS", file));
    let tool = options.sandbox.iter().fold(tool, |tool, url| tool.env("SANDBOX_URL", url));
    let tool = options.only.iter().fold(tool, |tool, words| tool.env("COMPARE_ONLY", words));
    tool.run()
}
