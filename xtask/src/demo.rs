//! The release page with its sandbox.

use crate::page::{self, Server};
use crate::process::{Tool, which};
use crate::setup;
use crate::steps::Steps;
use anyhow::{Result, bail};

/// Options of `cargo xtask demo`.
#[derive(clap::Args)]
pub struct Options {
    /// Do not open the browser
    #[arg(long)]
    no_open: bool,
    /// Address to listen on [default: 127.0.0.1:11020]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Server that the sandbox imitates
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Number of additional applications
    #[arg(long, value_name = "N")]
    fleet: Option<u32>,
}

/// Builds everything and runs the demo until it is stopped.
pub fn run(options: &Options) -> Result<()> {
    let mut steps = Steps::default();
    setup::for_page(&mut steps)?;
    let server = server(options);
    page::build_next_to(server, &mut steps)?;
    server.build(&mut steps)?;
    println!("{}\n\n==> Start the demo: press Ctrl-C to stop", steps.table());
    let mut demo =
        Tool::that_dies_with_us(server.binary()).arg("demo").args(arguments(options)).piped().spawn()?;
    let mut open = !options.no_open;
    for line in demo.lines()? {
        println!("{line}");
        if let Some(address) = address(&line)
            && std::mem::take(&mut open)
        {
            open_browser(address);
        }
    }
    let status = demo.wait()?;
    if !status.success() {
        bail!("the demo exited with {status}");
    }
    Ok(())
}

/// The few applications of the sandbox need no optimized server, whose first build takes a minute or more.
fn server(options: &Options) -> Server {
    match options.fleet {
        Some(_) => Server::Optimized,
        None => Server::Unoptimized,
    }
}

fn arguments(options: &Options) -> Vec<String> {
    let fleet = options.fleet.map(|fleet| fleet.to_string());
    [("--listen", &options.listen), ("--profile", &options.profile), ("--fleet", &fleet)]
        .into_iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| [name.to_owned(), value.clone()]))
        .flatten()
        .collect()
}

/// The address in the line that the server prints on start.
fn address(line: &str) -> Option<&str> {
    line.split_once("listening on ")?.1.split_whitespace().next()
}

/// Only on a desktop; if it fails, the address is on the screen anyway.
fn open_browser(address: &str) {
    let desktop = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|it| !it.is_empty()));
    let opener = if cfg!(target_os = "macos") { Some("open") } else { desktop.then_some("xdg-open") };
    if let Some(opener) = opener.filter(|opener| which(opener).is_some()) {
        let _ = Tool::new(opener).arg(address).spawn().map(crate::process::Running::leave_alone);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optimizes_the_server_only_for_additional_applications() {
        let options = |fleet| Options { no_open: true, listen: None, profile: None, fleet };
        assert_eq!(server(&options(None)), Server::Unoptimized);
        assert_eq!(server(&options(Some(1_000))), Server::Optimized);
    }

    #[test]
    fn passes_on_only_the_given_options() {
        let options =
            Options { no_open: true, listen: Some("[::1]:80".to_owned()), profile: None, fleet: Some(3) };
        assert_eq!(arguments(&options), ["--listen", "[::1]:80", "--fleet", "3"]);
    }

    #[test]
    fn parses_the_address_of_the_server() {
        assert_eq!(address("listening on http://127.0.0.1:7000"), Some("http://127.0.0.1:7000"));
        assert_eq!(address("seeded 40 applications"), None);
    }
}
