//! `quiesce`: the console with the sandbox (`demo`), or before a real router (`serve`).

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use quiesce_sandbox::{Options, Profile, Sandbox};
use quiesce_server::console::{Backend, Console};
use quiesce_server::forward::{Forwarder, Limits, Router};
use quiesce_server::guard::Guard;
use quiesce_server::listen;
use quiesce_server::page::Page;
use std::io::Write as _;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long requests at work may go on after the process was told to end.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// A browser console that stops, backs up and upgrades what runs on CDAP, and says what the server really did.
#[derive(Parser)]
#[command(name = "quiesce", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the console with a sandbox: a CDAP in memory, whose programs nobody misses.
    Demo {
        #[command(flatten)]
        listen: Listen,
        /// The server that the sandbox imitates.
        #[arg(long, default_value_t)]
        profile: Profile,
        /// How many applications there are besides those of the story.
        #[arg(long, value_name = "N", default_value_t)]
        fleet: usize,
        /// What the sandbox's chance begins with; the same number gives the same sandbox.
        #[arg(long, value_name = "N", default_value_t)]
        seed: u64,
    },
    /// Serves the console before a real router and forwards /v3 and /ping to it, and nothing else.
    Serve {
        #[command(flatten)]
        listen: Listen,
        /// The router's address, such as `http://127.0.0.1:11015`.
        #[arg(long, value_name = "URL")]
        router: Router,
        #[command(flatten)]
        limits: LimitArgs,
    },
}

#[derive(Args)]
struct Listen {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:11020")]
    listen: String,
    /// Another name, without a port, by which browsers reach this server, as behind a reverse proxy. May be repeated.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
}

#[derive(Args)]
struct LimitArgs {
    /// Seconds until the router must have accepted a connection.
    #[arg(long = "connect-limit", value_name = "SECONDS", default_value_t = Limits::default().connect.as_secs())]
    connect: u64,
    /// Seconds until the router must have begun its answer.
    #[arg(long = "answer-limit", value_name = "SECONDS", default_value_t = Limits::default().head.as_secs())]
    answer: u64,
    /// The same for exports, upgrades and deployments.
    #[arg(long = "long-answer-limit", value_name = "SECONDS", default_value_t = Limits::default().long_head.as_secs())]
    long_answer: u64,
    /// Seconds that the router may pause within an answer.
    #[arg(long = "idle-limit", value_name = "SECONDS", default_value_t = Limits::default().idle.as_secs())]
    idle: u64,
}

impl From<LimitArgs> for Limits {
    fn from(args: LimitArgs) -> Self {
        Self {
            connect: Duration::from_secs(args.connect),
            head: Duration::from_secs(args.answer),
            long_head: Duration::from_secs(args.long_answer),
            idle: Duration::from_secs(args.idle),
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let (listen, backend) = match Cli::parse().command {
        Command::Demo { listen, profile, fleet, seed } => {
            let sandbox = Sandbox::new(Options { profile, fleet, seed, ..Options::default() });
            (listen, Backend::Sandbox { routes: sandbox.router(), profile: profile.to_string() })
        }
        Command::Serve { listen, router, limits } => {
            (listen, Backend::Router(Box::new(Forwarder::new(router, limits.into())?)))
        }
    };
    // Before the address is printed: whoever read it may send the signal.
    let end = listen::told_to_end()?;
    let listener = TcpListener::bind(&listen.listen)
        .await
        .with_context(|| format!("cannot listen on {}", listen.listen))?;
    let address = listener.local_addr()?;
    let console = Console::new(Page::embedded()?, Guard::new(address, listen.allow_host), backend);
    // Who reads this may have closed it; that is no reason to end.
    let _ = writeln!(std::io::stdout(), "listening on http://{address}");
    listen::serve(listener, console, end, LAST_WORDS).await;
    Ok(())
}
