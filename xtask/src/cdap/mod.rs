//! A real stand-alone CDAP 6.11.0, on this machine's loopback interface only. See cdap/README.md.

mod distribution;
mod http;
mod pipelines;
mod seed;
mod server;
mod site_config;
mod versions;

use crate::paths;
use crate::process::Running;
use crate::setup;
use crate::steps::Steps;
use anyhow::{Context as _, Result};
use distribution::Distribution;
use server::Server;
use site_config::Security;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Lifetime of a token: some times what a journey needs from a sign-in to the request that has to be refused, and short
/// enough to wait for.
const TOKEN_SECONDS: u32 = 20;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Start the server and wait until it is ready
    Up(Up),
    /// Deploy and start the fixtures that are missing or not running
    Seed(Seed),
    /// Stop the server
    Down(Which),
    /// Print whether the server is running
    Status(Which),
}

/// Selects a server by its folder.
#[derive(clap::Args, Default)]
pub struct Which {
    /// Folder of its data and log [default: in the cache folder]
    #[arg(long)]
    dir: Option<PathBuf>,
}

impl Which {
    fn dir(&self) -> Result<PathBuf> {
        match &self.dir {
            Some(dir) => std::path::absolute(dir).context("invalid folder of the server"),
            None => Ok(paths::cache()?.join("cdap/server")),
        }
    }
}

#[derive(clap::Args)]
pub struct Up {
    #[command(flatten)]
    which: Which,
    /// Port of its router on 127.0.0.1
    #[arg(long, default_value_t = 11015)]
    port: u16,
    /// Deadline of a stop in seconds (CDAP's default: 300); the server then checks every 5 s for overdue runs
    #[arg(long, value_name = "N")]
    max_stop_seconds: Option<u32>,
    /// Delete all applications and runs first
    #[arg(long)]
    fresh: bool,
    /// Enable security: alice (password secret) and bob (password hunter2) get tokens at this port of 127.0.0.1
    #[arg(long, value_name = "PORT")]
    secured: Option<u16>,
    /// Lifetime of a token in seconds
    #[arg(long, value_name = "N", default_value_t = TOKEN_SECONDS, requires = "secured")]
    token_seconds: u32,
}

#[derive(clap::Args)]
pub struct Seed {
    #[command(flatten)]
    which: Which,
    /// Number of additional batch pipelines
    #[arg(long, default_value_t = 0, value_name = "N")]
    fleet: u32,
}

/// Runs a subcommand of `cargo xtask cdap`.
pub fn run(command: Command) -> Result<()> {
    let mut steps = Steps::default();
    match command {
        Command::Up(up) => {
            let dir = up.which.dir()?;
            server::must_not_run(&dir)?;
            setup::for_cdap(&mut steps)?;
            let distribution = collect(&mut steps)?;
            let start = server::Start {
                dir: &dir,
                port: up.port,
                max_stop_seconds: up.max_stop_seconds,
                fresh: up.fresh,
                security: up.secured.map(|port| Security { port, token_seconds: up.token_seconds }),
                dies_with_us: false,
            };
            let (_, running) = start_server(&mut steps, &distribution, &start)?;
            running.leave_alone();
            println!("    next: cargo xtask cdap seed, cargo xtask cdap down");
        }
        Command::Seed(seed) => {
            let server = Server::running(&seed.which.dir()?)?;
            let distribution = collect(&mut steps)?;
            plant(&mut steps, &distribution, &server, seed.fleet)?;
        }
        Command::Down(which) => server::end(&which.dir()?)?,
        Command::Status(which) => server::status(&which.dir()?)?,
    }
    Ok(())
}

/// The jar of an application that is not a pipeline. It is compiled if it is missing.
pub fn application_jar() -> Result<PathBuf> {
    Ok(distribution::collect()?.application_jar())
}

fn collect(steps: &mut Steps) -> Result<Distribution> {
    steps.step(
        "Collect CDAP",
        "download the server with Maven, compile the fixtures with javac",
        distribution::collect,
    )
}

fn start_server(
    steps: &mut Steps,
    distribution: &Distribution,
    start: &server::Start<'_>,
) -> Result<(Server, Running)> {
    let why = format!("on 127.0.0.1:{}, about 15 s on a quiet machine", start.port);
    steps.step("Start CDAP", &why, || server::start(distribution, start))
}

fn plant(steps: &mut Steps, distribution: &Distribution, server: &Server, fleet: u32) -> Result<()> {
    let why = "deploy applications and start programs, about 20 s";
    steps.step("Seed CDAP", why, || seed::plant(distribution, server, fleet))
}

/// The server of one test run. It is terminated with xtask in any case.
pub struct ForTests {
    distribution: Distribution,
    server: Server,
    running: Running,
}

/// Starts and seeds a fresh server on a free port.
pub fn for_tests(steps: &mut Steps) -> Result<ForTests> {
    let tests = start_for_tests(steps, "cdap", None)?;
    plant(steps, &tests.distribution, &tests.server, 0)?;
    Ok(tests)
}

/// Starts a fresh server with security on free ports, with the applications of the seed, none of which is running.
pub fn secured_for_tests(steps: &mut Steps) -> Result<ForTests> {
    let security = Security { port: free_port()?, token_seconds: TOKEN_SECONDS };
    let tests = start_for_tests(steps, "cdap-secured", Some(security))?;
    steps.step("Deploy on the secured CDAP", "the journeys start what they need", || {
        seed::deploy_only(&tests.distribution, &tests.server)
    })?;
    Ok(tests)
}

/// Starts a fresh server with its data in this folder of the target folder.
fn start_for_tests(steps: &mut Steps, folder: &str, security: Option<Security>) -> Result<ForTests> {
    let distribution = collect(steps)?;
    let dir = paths::target().join(folder);
    // A server that an earlier test run left behind.
    if Server::running(&dir).is_ok() {
        server::end(&dir)?;
    }
    let start = server::Start {
        dir: &dir,
        port: free_port()?,
        max_stop_seconds: None,
        fresh: true,
        security,
        dies_with_us: true,
    };
    let (server, running) = start_server(steps, &distribution, &start)?;
    Ok(ForTests { distribution, server, running })
}

impl ForTests {
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The file with the process ID.
    pub fn facts(&self) -> PathBuf {
        server::facts(self.server.dir())
    }

    /// Runs `work` and restarts the server with its data whenever it ends meanwhile: a journey kills it.
    pub fn revived_during<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let over = AtomicBool::new(false);
        let Self { distribution, server, running } = self;
        let (dir, port) = (server.dir().to_path_buf(), server.port());
        let keep = || {
            while !over.load(Ordering::Relaxed) {
                if matches!(running.ended(), Ok(Some(_))) {
                    let again = server::Start {
                        dir: &dir,
                        port,
                        max_stop_seconds: None,
                        fresh: false,
                        security: None,
                        dies_with_us: true,
                    };
                    println!("    CDAP has exited; restarting it");
                    match server::start(distribution, &again) {
                        Ok(started) => (*server, *running) = started,
                        Err(error) => {
                            println!("    CDAP cannot be restarted: {error:#}");
                            return;
                        }
                    }
                }
                thread::sleep(Duration::from_millis(250));
            }
        };
        thread::scope(|scope| {
            scope.spawn(keep);
            let outcome = work();
            over.store(true, Ordering::Relaxed);
            outcome
        })
    }

    /// Restarts the programs that are no longer running.
    pub fn seed_again(&self, steps: &mut Steps) -> Result<()> {
        plant(steps, &self.distribution, &self.server, 0)
    }

    pub fn end(mut self, steps: &mut Steps) -> Result<()> {
        steps.step("Stop CDAP", "killed: its data is not needed, and a regular stop takes 30 s", || {
            self.running.kill()?;
            self.server.forget()
        })
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}
