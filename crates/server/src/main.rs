//! `quiesce`: the console with the sandbox (`demo`), or connected to a router (`serve`).

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};
use quiesce_sandbox::{Options, Profile, Sandbox};
use quiesce_server::app::App;
use quiesce_server::backend::Backend;
use quiesce_server::connections;
use quiesce_server::origin_guard::OriginGuard;
use quiesce_server::page::Page;
use quiesce_server::proxy::{Proxy, RouterUrl, Timeouts};
use quiesce_server::router_name::RouterName;
use quiesce_server::routers::{Routers, ServedRouter};
use std::io::Write as _;
use std::str::FromStr;
use std::time::Duration;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// How long requests in progress may take to finish after a shutdown signal.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// A web console that stops, backs up and upgrades CDAP pipelines without losing data.
#[derive(Parser)]
#[command(name = "quiesce", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Format of the log on standard error; `RUST_LOG=debug` also logs reads.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, global = true)]
    log_format: LogFormat,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the console with a sandbox: a simulated CDAP in memory.
    Demo {
        #[command(flatten)]
        listen: Listen,
        /// The server that the sandbox imitates.
        #[arg(long, default_value_t)]
        profile: Profile,
        /// Number of additional applications.
        #[arg(long, value_name = "N", default_value_t)]
        fleet: usize,
        /// Seed of the random numbers; the same seed produces the same sandbox.
        #[arg(long, value_name = "N", default_value_t)]
        seed: u64,
    },
    /// Serve the console and forward /v3 and /ping to a CDAP router.
    Serve {
        #[command(flatten)]
        listen: Listen,
        /// The router's address, such as `http://127.0.0.1:11015`. For several routers repeat it, each with a name:
        /// `prod=https://cdap.example:11015`.
        #[arg(long, value_name = "[NAME=]URL", required = true)]
        router: Vec<RouterArg>,
        #[command(flatten)]
        timeouts: TimeoutArgs,
    },
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum LogFormat {
    #[default]
    Human,
    Json,
}

#[derive(Args)]
struct Listen {
    /// Address to listen on; port 0 picks a free port.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:11020")]
    listen: String,
    /// Additional host name, without a port, under which browsers reach this server, for example behind a reverse
    /// proxy. Can be repeated.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
}

#[derive(Args)]
struct TimeoutArgs {
    /// Seconds until the router must have accepted a connection.
    #[arg(long = "connect-limit", value_name = "SECONDS", default_value_t = Timeouts::default().connect.as_secs())]
    connect: u64,
    /// Seconds until the router must have started its response.
    #[arg(long = "answer-limit", value_name = "SECONDS", default_value_t = Timeouts::default().response_header.as_secs())]
    answer: u64,
    /// The same for exports, upgrades and deployments.
    #[arg(long = "long-answer-limit", value_name = "SECONDS", default_value_t = Timeouts::default().slow_response_header.as_secs())]
    long_answer: u64,
    /// Seconds that the router may pause within a response.
    #[arg(long = "idle-limit", value_name = "SECONDS", default_value_t = Timeouts::default().idle.as_secs())]
    idle: u64,
}

impl From<TimeoutArgs> for Timeouts {
    fn from(args: TimeoutArgs) -> Self {
        Self {
            connect: Duration::from_secs(args.connect),
            response_header: Duration::from_secs(args.answer),
            slow_response_header: Duration::from_secs(args.long_answer),
            idle: Duration::from_secs(args.idle),
        }
    }
}

/// A router as given on the command line.
#[derive(Clone)]
struct RouterArg {
    name: Option<RouterName>,
    url: RouterUrl,
}

impl FromStr for RouterArg {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        // A URL may contain `=`, but not before its scheme.
        match text.split_once('=').filter(|(name, _)| !name.contains(':')) {
            Some((name, url)) => Ok(Self { name: Some(name.parse()?), url: url.parse()? }),
            None => Ok(Self { name: None, url: text.parse()? }),
        }
    }
}

fn routers(arguments: Vec<RouterArg>, timeouts: Timeouts) -> Result<Routers> {
    let mut routers = Vec::new();
    for RouterArg { name, url } in arguments {
        let backend = Backend::Router(Box::new(Proxy::new(url, timeouts)?));
        routers.push(match name {
            Some(name) => ServedRouter::named(name, backend),
            None => ServedRouter::unnamed(backend),
        });
    }
    Routers::new(routers).context("--router")
}

#[tokio::main]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    start_logging(cli.log_format)?;
    let (listen, routers) = match cli.command {
        Command::Demo { listen, profile, fleet, seed } => {
            let sandbox = Sandbox::new(Options { profile, fleet, seed, ..Options::default() });
            let backend = Backend::Sandbox { routes: sandbox.router(), profile: profile.to_string() };
            (listen, Routers::single(backend))
        }
        Command::Serve { listen, router, timeouts } => (listen, routers(router, timeouts.into())?),
    };
    // Before the address is printed: its reader may send the signal at once.
    let shutdown = connections::shutdown_signal()?;
    let listener = TcpListener::bind(&listen.listen)
        .await
        .with_context(|| format!("cannot listen on {}", listen.listen))?;
    let address = listener.local_addr()?;
    let app = App::new(Page::embedded()?, OriginGuard::new(address, listen.allow_host), routers);
    // The reader may have closed standard output; the server still runs.
    let _ = writeln!(std::io::stdout(), "listening on http://{address}");
    connections::serve(listener, app, shutdown, SHUTDOWN_TIMEOUT).await;
    Ok(())
}

/// Logs to standard error: standard output carries the address and nothing else.
fn start_logging(format: LogFormat) -> Result<()> {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env()
        .context("RUST_LOG is not a valid filter, for example RUST_LOG=debug")?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Human => log.with_target(false).init(),
        LogFormat::Json => {
            log.json().flatten_event(true).with_current_span(false).with_span_list(false).init();
        }
    }
    Ok(())
}
