//! The builds of the server, which embed the page.

use crate::paths;
use crate::process::Tool;
use crate::steps::Steps;
use anyhow::Result;
use std::path::PathBuf;

/// A build of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// What is delivered, tested in the browser and measured.
    Optimized,
    /// Compiled in a third of the time. It sends the page uncompressed, and long lists ten times as slowly.
    Unoptimized,
}

impl Server {
    /// Its binary.
    pub fn binary(self) -> PathBuf {
        match self {
            Self::Optimized => paths::server_binary(),
            Self::Unoptimized => paths::target().join("debug/quiesce"),
        }
    }

    /// Builds it with the page of `dist/` embedded.
    pub fn build(self, steps: &mut Steps) -> Result<()> {
        let what = match self {
            Self::Optimized => "release build with the embedded page",
            Self::Unoptimized => "not optimized, with the embedded page",
        };
        steps.step("Build the server", what, || self.build_command().hint("see above").run())
    }

    /// The command that builds it.
    pub fn build_command(self) -> Tool {
        self.built_by(Tool::new("cargo"))
    }

    /// The command that builds it, by this cargo.
    pub fn built_by(self, cargo: Tool) -> Tool {
        let profile = match self {
            Self::Optimized => "server",
            Self::Unoptimized => "dev",
        };
        cargo
            .args(["build", "--locked", "--profile", profile, "--package", "quiesce-server"])
            .current_dir(paths::root())
    }
}
