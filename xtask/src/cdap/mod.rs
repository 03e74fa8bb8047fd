//! A real CDAP 6.11.0, stand-alone, on this machine's loopback only; cdap/README.md says what it is and is not.

mod http;
mod kit;
mod pipelines;
mod seed;
mod server;
mod site;

use crate::places;
use crate::process::Running;
use crate::setup;
use crate::steps::Steps;
use anyhow::{Context as _, Result};
use kit::Kit;
use server::Server;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The version that the console is tested against.
pub const VERSION: &str = "6.11.0";
/// What pipelines are deployed with, so that they can be upgraded.
pub const OLDER: &str = "6.10.0";
/// Of the version that 6.11.0 came with.
pub const CORE_PLUGINS: &str = "2.13.0";

#[derive(clap::Subcommand)]
pub enum Command {
    /// Start it, and wait until it is ready
    Up(Up),
    /// Deploy and start the fixtures; what is there and runs already is left as it is
    Seed(Seed),
    /// End it
    Down(Which),
    /// Say whether it runs
    Status(Which),
}

/// Which server: one per folder.
#[derive(clap::Args, Default)]
pub struct Which {
    /// Where its data and log are kept [default: in the cache folder]
    #[arg(long)]
    dir: Option<PathBuf>,
}

impl Which {
    fn dir(&self) -> Result<PathBuf> {
        match &self.dir {
            Some(dir) => std::path::absolute(dir).context("the folder of the server"),
            None => Ok(places::cache()?.join("cdap/server")),
        }
    }
}

#[derive(clap::Args)]
pub struct Up {
    #[command(flatten)]
    which: Which,
    /// Where its router listens, on 127.0.0.1
    #[arg(long, default_value_t = 11015)]
    port: u16,
    /// The deadline of a stop (CDAP's own: 300); the server then looks every 5 s for runs past it
    #[arg(long, value_name = "N")]
    max_stop_seconds: Option<u32>,
    /// Forget all applications and runs first
    #[arg(long)]
    fresh: bool,
    /// Ask for tokens, which alice gets with the password secret at this port, on 127.0.0.1; they live 15 s
    #[arg(long, value_name = "PORT")]
    secured: Option<u16>,
}

#[derive(clap::Args)]
pub struct Seed {
    #[command(flatten)]
    which: Which,
    /// How many more batch pipelines
    #[arg(long, default_value_t = 0, value_name = "N")]
    fleet: u32,
}

/// Does what was asked on the command line.
pub fn run(command: Command) -> Result<()> {
    let mut steps = Steps::default();
    match command {
        Command::Up(up) => {
            let dir = up.which.dir()?;
            server::must_not_run(&dir)?;
            setup::for_cdap(&mut steps)?;
            let kit = collect(&mut steps)?;
            let start = server::Start {
                dir: &dir,
                port: up.port,
                max_stop_seconds: up.max_stop_seconds,
                fresh: up.fresh,
                secured: up.secured,
                dies_with_us: false,
            };
            let (_, running) = start_server(&mut steps, &kit, &start)?;
            running.leave_alone();
            // The seed has no token.
            let seed = if up.secured.is_some() { "" } else { "cargo xtask cdap seed, " };
            println!("    next: {seed}cargo xtask cdap down");
        }
        Command::Seed(seed) => {
            let server = Server::running(&seed.which.dir()?)?;
            let kit = collect(&mut steps)?;
            plant(&mut steps, &kit, &server, seed.fleet)?;
        }
        Command::Down(which) => server::end(&which.dir()?)?,
        Command::Status(which) => server::status(&which.dir()?)?,
    }
    Ok(())
}

fn collect(steps: &mut Steps) -> Result<Kit> {
    steps.step("Collect CDAP", "the server with Maven, the fixtures with javac", kit::collect)
}

fn start_server(steps: &mut Steps, kit: &Kit, start: &server::Start<'_>) -> Result<(Server, Running)> {
    let why = format!("on 127.0.0.1:{}, about 15 s on a quiet machine", start.port);
    steps.step("Start CDAP", &why, || server::start(kit, start))
}

fn plant(steps: &mut Steps, kit: &Kit, server: &Server, fleet: u32) -> Result<()> {
    let why = "applications to look at, programs that run; one after the other, about 20 s";
    steps.step("Seed CDAP", why, || seed::plant(kit, server, fleet))
}

/// The server of one test run. It ends with us, whatever happens.
pub struct ForTests {
    kit: Kit,
    server: Server,
    running: Running,
}

/// Starts and seeds a fresh server on a free port.
pub fn for_tests(steps: &mut Steps) -> Result<ForTests> {
    let kit = collect(steps)?;
    let dir = places::target().join("cdap");
    // One that an earlier test run could not end.
    if Server::running(&dir).is_ok() {
        server::end(&dir)?;
    }
    let start = server::Start {
        dir: &dir,
        port: free_port()?,
        max_stop_seconds: None,
        fresh: true,
        secured: None,
        dies_with_us: true,
    };
    let (server, running) = start_server(steps, &kit, &start)?;
    plant(steps, &kit, &server, 0)?;
    Ok(ForTests { kit, server, running })
}

impl ForTests {
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Where it is written which process it is.
    pub fn facts(&self) -> PathBuf {
        server::facts(self.server.dir())
    }

    /// Does some work, and starts the server again, with what it kept, whenever it ends meanwhile: a journey kills it.
    pub fn revived_during<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let over = AtomicBool::new(false);
        let Self { kit, server, running } = self;
        let (dir, port) = (server.dir().to_path_buf(), server.port());
        let keep = || {
            while !over.load(Ordering::Relaxed) {
                if matches!(running.ended(), Ok(Some(_))) {
                    let again = server::Start {
                        dir: &dir,
                        port,
                        max_stop_seconds: None,
                        fresh: false,
                        secured: None,
                        dies_with_us: true,
                    };
                    println!("    CDAP has ended; it is started again");
                    match server::start(kit, &again) {
                        Ok(started) => (*server, *running) = started,
                        Err(error) => {
                            println!("    CDAP cannot be started again: {error:#}");
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

    /// Brings back what runs.
    pub fn seed_again(&self, steps: &mut Steps) -> Result<()> {
        plant(steps, &self.kit, &self.server, 0)
    }

    pub fn end(mut self, steps: &mut Steps) -> Result<()> {
        steps.step(
            "End CDAP",
            "by force: nothing of it is kept, and ending in order takes half a minute",
            || {
                self.running.kill()?;
                self.server.forget()
            },
        )
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}
