//! Development: the page rebuilt and reloaded as it is edited, before a sandbox.

use crate::page;
use crate::places;
use crate::process::Tool;
use crate::setup;
use crate::steps::Steps;
use anyhow::Result;
use std::net::TcpStream;

/// Where Trunk.toml forwards the API to; the port is CDAP's own.
const ROUTER: &str = "127.0.0.1:11015";

/// Runs until ended.
pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    setup::for_page(&mut steps)?;
    // A sandbox, unless something is there already: a real CDAP of `cargo xtask cdap up`, say.
    let sandbox = if TcpStream::connect(ROUTER).is_ok() {
        println!("\n==> {ROUTER} is taken: the page uses what listens there, no sandbox is started");
        None
    } else {
        steps.step("Build the server", "the page runs before its sandbox", || {
            Tool::new("cargo")
                .args(["build", "--package", "quiesce-server"])
                .current_dir(places::root())
                .run()
        })?;
        let binary = places::target().join("debug/quiesce");
        Some(Tool::that_dies_with_us(binary).args(["demo", "--listen", ROUTER]).spawn()?)
    };
    println!("\n==> Serve the page: it is rebuilt and reloaded when a file changes; Ctrl-C ends it");
    let served = page::trunk()?.arg("serve").arg("--dist").arg(places::target().join("trunk-serve")).run();
    drop(sandbox);
    served
}
