//! The console on its sandbox, built as it is delivered.

use crate::page;
use crate::places;
use crate::process::{Tool, which};
use crate::setup;
use crate::steps::Steps;
use anyhow::{Result, bail};

/// How the demo is started.
#[derive(clap::Args)]
pub struct Options {
    /// Do not open the browser
    #[arg(long)]
    no_open: bool,
    /// Where to listen, instead of the server's default on 127.0.0.1
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Which server the sandbox behaves as
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// How many more applications the sandbox has
    #[arg(long, value_name = "N")]
    fleet: Option<u32>,
}

/// Builds everything and runs the demo until it ends or is ended.
pub fn run(options: &Options) -> Result<()> {
    let mut steps = Steps::default();
    setup::for_page(&mut steps)?;
    page::build(&mut steps)?;
    page::build_server(&mut steps)?;
    println!("{}\n\n==> Start the demo: Ctrl-C ends it", steps.table());
    let mut demo = Tool::that_dies_with_us(places::server_binary())
        .arg("demo")
        .args(arguments(options))
        .piped()
        .spawn()?;
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
        bail!("the demo ended with {status}");
    }
    Ok(())
}

fn arguments(options: &Options) -> Vec<String> {
    let fleet = options.fleet.map(|fleet| fleet.to_string());
    [("--listen", &options.listen), ("--profile", &options.profile), ("--fleet", &fleet)]
        .into_iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| [name.to_owned(), value.clone()]))
        .flatten()
        .collect()
}

/// The address in the line that the server prints when it is ready.
fn address(line: &str) -> Option<&str> {
    line.split_once("listening on ")?.1.split_whitespace().next()
}

/// Only where there is a desktop; if it does not work, the address is on the screen anyway.
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
    fn only_the_options_that_were_given_are_passed_on() {
        let options =
            Options { no_open: true, listen: Some("[::1]:80".to_owned()), profile: None, fleet: Some(3) };
        assert_eq!(arguments(&options), ["--listen", "[::1]:80", "--fleet", "3"]);
    }

    #[test]
    fn the_address_is_taken_from_the_line_that_says_it() {
        assert_eq!(address("listening on http://127.0.0.1:7000"), Some("http://127.0.0.1:7000"));
        assert_eq!(address("seeded 40 applications"), None);
    }
}
