//! Measures the page with many applications, and other pages next to it (docs/performance.md).

use crate::cdap;
use crate::page;
use crate::paths;
use crate::process::Tool;
use crate::setup;
use crate::steps::Steps;
use anyhow::{Context as _, Result};
use std::path::PathBuf;

/// Options of `cargo xtask bench`.
#[derive(clap::Args)]
pub struct Options {
    /// Measure little, print it, and leave docs/performance.md as it is
    #[arg(long)]
    quick: bool,
    /// Measure only this subject; can be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<Subject>,
    /// Numbers of additional applications [default: 100,1000,10000,50000]
    #[arg(long, value_name = "N", value_delimiter = ',')]
    fleets: Vec<u32>,
    /// Runs of each comparison [default: 7]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    runs: Option<u32>,
    /// Binary of another build, to be compared in the same runs
    #[arg(long, value_name = "FILE")]
    before: Option<PathBuf>,
    /// Address of the router of a real CDAP, for the subject `router`: it deploys 1,000 applications there
    #[arg(long, value_name = "URL")]
    router: Option<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Subject {
    /// Bytes until a page can show anything
    Entry,
    /// From the address to the first rows
    Start,
    /// Typing, sorting, selecting, scrolling, opening a program
    Interaction,
    /// 500 rows that change every 2 s
    Live,
    /// Requests and bytes of an open console
    Traffic,
    /// Requests to the router while 200 consoles are open
    Followers,
    /// A stop of 1,000 runs
    Stop,
    /// An upgrade of 1,000 applications
    Wizard,
    /// The calls of the console on a real CDAP; needs `--router`
    Router,
}

impl Subject {
    fn name(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Start => "start",
            Self::Interaction => "interaction",
            Self::Live => "live",
            Self::Traffic => "traffic",
            Self::Followers => "followers",
            Self::Stop => "stop",
            Self::Wizard => "wizard",
            Self::Router => "router",
        }
    }
}

/// Measures the console and the page in React.
pub fn run(options: &Options) -> Result<()> {
    let mut steps = Steps::default();
    prepare(&mut steps)?;
    setup::for_bench(&mut steps)?;
    steps.step("Measure", "each subject takes minutes; its results are stored as it proceeds", || {
        measurement(options)?.run()
    })
}

/// Builds the console and the page in React, if they are not built yet.
pub fn prepare(steps: &mut Steps) -> Result<()> {
    setup::for_comparison(steps)?;
    page::build(steps)?;
    page::Server::Optimized.build(steps)?;
    steps.step("Build the page in React", "the same list, to compare the console with", || {
        let source = folder().join("peers/react");
        Tool::new("node").arg("build.mjs").arg(peer()).current_dir(source).hint("see above").run()
    })
}

/// Fails if the first rows of the console take much longer than those of the page in React.
pub fn check() -> Result<()> {
    script("check.mjs")?
        .hint(
            "measure the change: `cargo xtask bench --only start --before` with the binary of another build",
        )
        .run()
}

fn folder() -> PathBuf {
    paths::root().join("bench")
}

/// The folder of the built page in React.
fn peer() -> PathBuf {
    paths::target().join("bench/react")
}

/// A script of this folder that uses both pages in Chromium.
fn script(name: &str) -> Result<Tool> {
    let chromium = setup::system::chromium_program().context("Chromium not found")?;
    Ok(Tool::new("node")
        .arg(folder().join(name))
        .arg("--binary")
        .arg(paths::server_binary())
        .arg("--peer")
        .arg(peer())
        .env("CHROMIUM", chromium))
}

fn measurement(options: &Options) -> Result<Tool> {
    let mut tool = script("main.mjs")?
        .arg("--cache")
        .arg(paths::cache()?.join("published"))
        .arg("--results")
        .arg(paths::target().join("bench"))
        .arg("--document")
        .arg(paths::root().join("docs/performance.md"))
        .hint("see above; `--only` measures a single subject");
    if options.quick {
        tool = tool.arg("--quick");
    }
    for subject in &options.only {
        tool = tool.args(["--only", subject.name()]);
    }
    if !options.fleets.is_empty() {
        let fleets: Vec<String> = options.fleets.iter().map(u32::to_string).collect();
        tool = tool.args(["--fleets", &fleets.join(",")]);
    }
    if let Some(runs) = options.runs {
        tool = tool.args(["--runs", &runs.to_string()]);
    }
    if let Some(router) = &options.router {
        tool = tool.args(["--router", router]).arg("--application").arg(cdap::application_jar()?);
    }
    if let Some(before) = &options.before {
        tool =
            tool.arg("--before").arg(std::path::absolute(before).context("invalid path of the other build")?);
    }
    Ok(tool)
}
