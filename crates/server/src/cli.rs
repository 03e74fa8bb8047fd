//! The command line.

use clap::{Arg, Command, value_parser};
use quiesce_sandbox::Profile;
use quiesce_server::config;

/// All commands with their flags.
pub fn command() -> Command {
    Command::new("quiesce")
        .version(env!("CARGO_PKG_VERSION"))
        .about("A web console that stops, backs up and upgrades CDAP pipelines without losing data.")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("demo")
                .about("Serve the console with a sandbox: a simulated CDAP in memory.")
                .args(config::demo_arguments())
                .arg(
                    Arg::new("profile")
                        .long("profile")
                        .help("The server that the sandbox imitates")
                        .default_value(Profile::default().to_string())
                        .value_parser(value_parser!(Profile)),
                )
                .arg(number("fleet", "Number of additional applications").value_parser(value_parser!(usize)))
                .arg(
                    number("seed", "Seed of the random numbers; the same seed produces the same sandbox")
                        .value_parser(value_parser!(u64)),
                ),
        )
        .subcommand(
            Command::new("serve")
                .about("Serve the console and forward /v3 and /ping to CDAP routers.")
                .args(config::serve_arguments()),
        )
        .subcommand(
            Command::new("check")
                .about("Check the configuration of `serve` and its files, and start nothing.")
                .args(config::serve_arguments()),
        )
}

fn number(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("N").default_value("0").help(help)
}
