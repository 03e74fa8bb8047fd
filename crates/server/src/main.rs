//! `quiesce`: the console with the sandbox (`demo`), or connected to routers (`serve`).

mod cli;
mod start;

use clap::error::ErrorKind;
use std::process::ExitCode;

/// As clap exits for wrong arguments.
const USAGE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let matches = cli::command().get_matches();
    let result = match matches.subcommand() {
        Some(("demo", matches)) => start::demo(matches).await,
        Some(("serve", matches)) => start::serve(matches).await,
        Some(("check", matches)) => start::check(matches),
        _ => cli::command().error(ErrorKind::MissingSubcommand, "a command is required").exit(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            let usage = error.is::<quiesce_server::config::ConfigErrors>();
            if usage { ExitCode::from(USAGE) } else { ExitCode::FAILURE }
        }
    }
}
