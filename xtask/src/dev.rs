//! The development server: rebuilds and reloads the page on changes, connected to a sandbox.

use crate::paths;
use crate::process::Tool;
use crate::setup;
use crate::steps::Steps;
use anyhow::Result;
use std::net::TcpStream;

/// The address to which Trunk.toml forwards the API; CDAP's default port.
const ROUTER: &str = "127.0.0.1:11015";

/// Runs until it is stopped.
pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    setup::for_page(&mut steps)?;
    setup::for_development(&mut steps)?;
    // A sandbox, unless the port is in use, for example by `cargo xtask cdap up`.
    let sandbox = if TcpStream::connect(ROUTER).is_ok() {
        println!("\n==> {ROUTER} is in use: the page connects to that server, no sandbox is started");
        None
    } else {
        steps.step("Build the server", "it runs the sandbox and serves the documents", || {
            Tool::new("cargo").args(["build", "--package", "quiesce-server"]).current_dir(paths::root()).run()
        })?;
        let binary = paths::target().join("debug/quiesce");
        Some(Tool::that_dies_with_us(binary).args(["demo", "--listen", ROUTER]).spawn()?)
    };
    println!("\n==> Serve the page: rebuilt and reloaded on changes; press Ctrl-C to stop");
    let served = trunk()?.arg("serve").arg("--dist").arg(paths::target().join("trunk-serve")).run();
    drop(sandbox);
    served
}

/// Trunk with the wasm-bindgen that it needs on its `PATH`.
fn trunk() -> Result<Tool> {
    let bin = paths::tools()?.join("bin");
    let trunk = setup::trunk()?;
    let tool = Tool::new(trunk)
        .current_dir(paths::root())
        .path_first(&[&bin])
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // The compiler's message is sufficient.
        .env("RUST_BACKTRACE", "0");
    // By convention any value counts; trunk accepts only true or false.
    Ok(if std::env::var_os("NO_COLOR").is_some() { tool.env("NO_COLOR", "true") } else { tool })
}
