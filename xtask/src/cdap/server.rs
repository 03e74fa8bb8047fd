//! The server's process: start, readiness and stop. `server.json` in its folder contains the process ID.

use super::distribution::Distribution;
use super::http::Api;
use super::site_config::{REALM, Security, site_config};
use super::versions::VERSION;
use crate::paths;
use crate::process::{Running, Tool};
use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// The main class of the stand-alone CDAP.
const MAIN: &str = "io.cdap.cdap.StandaloneMain";
/// The log line of a server that is ready.
const STARTED: &str = "Sandbox started successfully";
/// The pipeline applications in two versions each, and the core plugins. They are loaded after the start.
const SYSTEM_ARTIFACTS: usize = 5;

/// How a server is started.
pub struct Start<'a> {
    pub dir: &'a Path,
    pub port: u16,
    pub max_stop_seconds: Option<u32>,
    pub fresh: bool,
    pub security: Option<Security>,
    pub dies_with_us: bool,
}

/// A running server.
pub struct Server {
    dir: PathBuf,
    port: u16,
    /// Port of the authentication server, if security is enabled.
    authentication: Option<u16>,
    process: i32,
}

impl Server {
    /// The running server of a folder.
    pub fn running(dir: &Path) -> Result<Self> {
        let found = Self::find(dir)?;
        found.with_context(|| {
            format!("no CDAP is running in {}\n  fix: cargo xtask cdap up --dir {0}", dir.display())
        })
    }

    fn find(dir: &Path) -> Result<Option<Self>> {
        let Ok(text) = fs::read_to_string(facts(dir)) else { return Ok(None) };
        let said: Value = serde_json::from_str(&text).with_context(|| facts(dir).display().to_string())?;
        let number =
            |name: &str| said.get(name).and_then(Value::as_u64).with_context(|| format!("{name} in {text}"));
        let server = Self {
            dir: dir.to_path_buf(),
            port: u16::try_from(number("port")?)?,
            authentication: number("authentication").ok().map(u16::try_from).transpose()?,
            process: i32::try_from(number("process")?)?,
        };
        // The operating system reuses process IDs.
        Ok(server.ps("args=").contains(MAIN).then_some(server))
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A client; that of a server with security is signed in.
    pub fn api(&self) -> Result<Api> {
        let api = Api::new(self.url());
        match self.authentication {
            Some(port) => api.signed_in(port),
            None => Ok(api),
        }
    }

    /// Deletes the file with the process ID.
    pub fn forget(&self) -> Result<()> {
        fs::remove_file(facts(&self.dir)).context("server.json")
    }

    fn ps(&self, column: &str) -> String {
        Tool::new("ps")
            .args(["-ww", "-o", column, "-p", &self.process.to_string()])
            .output()
            .unwrap_or_default()
    }
}

/// The file with the process ID of a folder's server.
pub fn facts(dir: &Path) -> PathBuf {
    dir.join("server.json")
}

fn log(dir: &Path) -> PathBuf {
    dir.join("cdap.log")
}

/// Fails if the folder's server is running.
pub fn must_not_run(dir: &Path) -> Result<()> {
    if let Some(server) = Server::find(dir)? {
        bail!(
            "CDAP is already running: {} (process {})\n  fix: cargo xtask cdap down --dir {}",
            server.url(),
            server.process,
            dir.display()
        );
    }
    Ok(())
}

/// Starts a server and waits until it is ready.
pub fn start(distribution: &Distribution, start: &Start<'_>) -> Result<(Server, Running)> {
    let Start { dir, port, fresh, .. } = *start;
    if TcpStream::connect(("127.0.0.1", port)).is_ok() {
        bail!(
            "port {port} is in use\n  fix: stop the program that uses it, or choose another port with --port"
        );
    }
    if fresh && dir.exists() {
        // Only the folder of a server is deleted.
        if fs::read_dir(dir)?.next().is_some() && !dir.join("conf/cdap-site.xml").is_file() {
            bail!("{} is not the folder of a CDAP server and was not deleted", dir.display());
        }
        fs::remove_dir_all(dir).with_context(|| format!("cannot delete {}", dir.display()))?;
    }
    for folder in ["conf", "data", "tmp"] {
        fs::create_dir_all(dir.join(folder))?;
    }
    fs::copy(paths::root().join("cdap/logback.xml"), dir.join("conf/logback.xml"))
        .context("cdap/logback.xml")?;
    fs::write(dir.join("conf/cdap-site.xml"), site_config(&distribution.artifacts(), start))?;
    fs::write(dir.join("conf/realm"), REALM)?;
    let mut class_path = distribution.class_path()?;
    class_path.push(dir.join("conf"));
    let class_path = std::env::join_paths(class_path)?.into_string();
    let class_path = class_path.map_err(|path| anyhow::anyhow!("not Unicode: {}", path.display()))?;
    // In a file, because it exceeds the command line limit of some systems.
    fs::write(dir.join("path.args"), format!("-cp\n\"{class_path}\"\n"))?;

    let log_file = fs::File::create(log(dir))?;
    let java = distribution.java_home.join("bin/java");
    let tool = if start.dies_with_us { Tool::that_dies_with_us(java) } else { Tool::new(java) };
    let tool = tool
        .arg(format!("@{}", distribution.opens().display()))
        // CDAP casts the system class loader to URLClassLoader; see the loader's source.
        .arg("-Djava.system.class.loader=loader.PathClassLoader")
        .args([
            "-Djava.security.manager=allow",
            "-Dio.netty.tryReflectionSetAccessible=true",
            "-Djava.awt.headless=true",
        ])
        .arg(format!("-Djava.io.tmpdir={}", dir.join("tmp").display()))
        .args(["-Xmx3g", "-XX:+UseG1GC"])
        .arg(format!("@{}", dir.join("path.args").display()))
        .arg(MAIN)
        .current_dir(dir)
        .env("SPARK_LOCAL_IP", "127.0.0.1")
        .log_to(&log_file)?;
    let began = Instant::now();
    let mut running = tool.spawn()?;
    let server = Server {
        dir: dir.to_path_buf(),
        port,
        authentication: start.security.map(|security| security.port),
        process: i32::try_from(running.id())?,
    };
    fs::write(
        facts(dir),
        json!({
            "version": VERSION,
            "port": port,
            "authentication": server.authentication,
            "process": server.process,
        })
        .to_string(),
    )?;
    if let Err(error) = ready(&server, &mut running, began) {
        running.end()?;
        server.forget()?;
        return Err(error);
    }
    println!(
        "    CDAP {VERSION} is ready after {} s: {} (process {}, log {})",
        began.elapsed().as_secs(),
        server.url(),
        server.process,
        log(dir).display()
    );
    Ok((server, running))
}

fn ready(server: &Server, running: &mut Running, began: Instant) -> Result<()> {
    let log = log(&server.dir);
    let mut said = 0;
    loop {
        if let Some(status) = running.ended()? {
            bail!("CDAP exited with {status} before it was ready; log: {}", log.display());
        }
        // A call fails before the server listens.
        let started = fs::read(&log).is_ok_and(|text| String::from_utf8_lossy(&text).contains(STARTED));
        let complete = || match server.api().and_then(|api| api.get("/v3/namespaces/default/artifacts")) {
            Ok(Value::Array(artifacts)) => artifacts.len() >= SYSTEM_ARTIFACTS,
            _ => false,
        };
        if started && complete() {
            return Ok(());
        }
        let seconds = began.elapsed().as_secs();
        if seconds > 300 {
            bail!("CDAP is not ready after {seconds} s; log: {}", log.display());
        }
        if seconds / 10 > said {
            said = seconds / 10;
            println!("    … {seconds} s: starting");
        }
        thread::sleep(Duration::from_millis(250));
    }
}

/// Stops the server of a folder.
pub fn end(dir: &Path) -> Result<()> {
    let Some(server) = Server::find(dir)? else {
        println!("no CDAP is running in {}", dir.display());
        return Ok(());
    };
    let (began, process) = (Instant::now(), Pid::from_raw(server.process));
    println!("stopping CDAP (process {process}); this takes up to 30 s");
    kill(process, Signal::SIGTERM)?;
    while Server::find(dir)?.is_some() {
        if began.elapsed() > Duration::from_secs(45) {
            kill(process, Signal::SIGKILL)?;
            println!("it did not exit in time and was killed");
            break;
        }
        thread::sleep(Duration::from_millis(250));
    }
    server.forget()?;
    println!("stopped after {} s", began.elapsed().as_secs());
    Ok(())
}

/// Prints whether the server of a folder is running.
pub fn status(dir: &Path) -> Result<()> {
    match Server::find(dir)? {
        None => println!("no CDAP is running in {}", dir.display()),
        Some(server) => {
            let memory = server.ps("rss=").trim().parse::<u64>().unwrap_or_default() / 1024;
            let apps = server.api()?.get("/v3/namespaces/default/apps")?.as_array().map_or(0, Vec::len);
            println!(
                "CDAP {VERSION} at {} (process {}, {memory} MB), {apps} applications, in {}",
                server.url(),
                server.process,
                dir.display()
            );
        }
    }
    Ok(())
}
