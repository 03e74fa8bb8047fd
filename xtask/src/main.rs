//! `cargo xtask`: set-up, development, demo, tests and budgets. docs/testing.md says how it is used.

mod cdap;
mod ci;
mod compare;
mod demo;
mod dev;
mod outcome;
mod page;
mod places;
mod process;
mod setup;
mod size;
mod stamp;
mod steps;
mod test;

use anyhow::Result;
use clap::{Parser, Subcommand};
use outcome::Outcome;
use process::{end_children_with_us, wait_while_ending};
use std::process::ExitCode;
use steps::Steps;

/// Sets up what is missing on this machine, then does what is asked. Every step is skipped when it is done.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the page and the server as they are delivered, and run the console on its sandbox
    Demo(demo::Options),
    /// Serve the page with reload, before a sandbox on 127.0.0.1:11015
    Dev,
    /// Run all tests: Rust's, and the browser journeys on the sandbox and on a real CDAP
    Test(test::Options),
    /// Everything that a change must pass: format, lints, dependencies, size, all tests
    Ci,
    /// Send a list of requests to the sandbox and to a real CDAP, and print where their answers differ
    Compare(compare::Options),
    /// Leave the release page in dist/
    Dist,
    /// Print what the release page in dist/ weighs
    Size,
    /// A real CDAP 6.11.0 on this machine
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
        }
        Command::Compare(options) => compare::run(&options)?,
        Command::Size => size::check()?,
        Command::Cdap(command) => cdap::run(command)?,
    }
    Ok(ExitCode::SUCCESS)
}
