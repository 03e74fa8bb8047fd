//! `cargo xtask`: setup, development, demo, tests, measurements, packages and size limits. See docs/testing.md.

mod bench;
mod cdap;
mod ci;
mod compare;
mod demo;
mod dev;
mod fingerprint;
mod gallery;
mod outcome;
mod package;
mod page;
mod paths;
mod process;
mod reproduce;
mod setup;
mod signatures;
mod size;
mod steps;
mod test;

use anyhow::Result;
use clap::{Parser, Subcommand};
use outcome::Outcome;
use process::{end_children_with_us, wait_while_ending};
use std::process::ExitCode;
use steps::Steps;

/// Runs the tasks of this workspace. Each command first installs the tools that are missing on this machine.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the release page and run it with its sandbox
    Demo(demo::Options),
    /// Serve the page with live reload, connected to a sandbox on 127.0.0.1:11015
    Dev,
    /// Run all tests: Rust tests, and browser journeys on the sandbox and on a real CDAP, without and with security
    Test(test::Options),
    /// Run all checks of a change: format, lints, dependencies, size and all tests
    Ci,
    /// Measure the page with many applications, next to other pages, and write docs/performance.md
    Bench(bench::Options),
    /// Send a list of requests to the sandbox and to a real CDAP, and print the differences
    Compare(compare::Options),
    /// Take pictures of the gallery, and compare them with those of the last commit
    Gallery(gallery::Options),
    /// Build the release page into dist/, and the server that contains it into target/server
    Dist,
    /// Name the functions in the stack of a page that has stopped working, from standard input
    Stack,
    /// Build what an operator installs into target/package
    Package(package::Options),
    /// Build the page and the server twice from nothing and compare them
    Reproduce,
    /// Print the size of the release page in dist/
    Size {
        /// Record the sizes as the new limits
        #[arg(long)]
        record: bool,
    },
    /// Manage a real CDAP 6.11.0 on this machine
    #[command(subcommand)]
    Cdap(cdap::Command),
}

fn main() -> ExitCode {
    let code = match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    };
    wait_while_ending();
    code
}

fn run(command: Command) -> Result<ExitCode> {
    end_children_with_us()?;
    match command {
        Command::Demo(options) => demo::run(&options)?,
        Command::Dev => dev::run()?,
        Command::Test(options) => {
            let mut outcome = Outcome::default();
            test::run(&options, &mut outcome);
            return Ok(outcome.end());
        }
        Command::Ci => {
            let mut outcome = Outcome::default();
            ci::run(&mut outcome);
            return Ok(outcome.end());
        }
        Command::Dist => {
            let mut steps = Steps::default();
            setup::for_page(&mut steps)?;
            page::build(&mut steps)?;
            page::Server::Optimized.build(&mut steps)?;
        }
        Command::Package(options) => {
            let mut outcome = Outcome::default();
            package::run(&options, &mut outcome);
            return Ok(outcome.end());
        }
        Command::Gallery(options) => gallery::run(&options)?,
        Command::Reproduce => reproduce::run()?,
        Command::Bench(options) => bench::run(&options)?,
        Command::Stack => page::stack::run()?,
        Command::Compare(options) => compare::run(&options)?,
        Command::Size { record } => size::check(record)?,
        Command::Cdap(command) => cdap::run(command)?,
    }
    Ok(ExitCode::SUCCESS)
}
