//! `cargo xtask run`: the product, as a newcomer starts it.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::step::{cargo, root, run as run_command, step, target};
use crate::{build_web, tools};

#[derive(Args)]
pub(crate) struct Options {
    /// Build the server for real use: slower to build, faster to run.
    #[arg(long)]
    release: bool,
    /// Where the product listens.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// Where the database and the sandbox cluster keep their state.
    #[arg(long, default_value = "data")]
    data: String,
    /// Adds a cluster: a context of your kubeconfig. May be given several times.
    #[arg(long = "cluster", value_name = "CONTEXT")]
    clusters: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    step("check the tools", tools::wasm_target)?;
    build_web::run()?;
    let server = build_server(options.release)?;
    let mut command = Command::new(server);
    command.current_dir(root()).args([
        "--listen",
        &options.listen,
        "--data",
        &options.data,
        "--example",
    ]);
    for context in &options.clusters {
        command.args(["--cluster", context]);
    }
    // The server takes this process's place, so that Ctrl-C and signals reach it.
    Err(command.exec()).context("could not start the server")
}

/// Builds the server with the web part inside, and returns its path.
pub(crate) fn build_server(release: bool) -> Result<std::path::PathBuf> {
    let profile = if release { "release" } else { "debug" };
    step("build the server", || {
        let mut build = cargo();
        build.args(["build", "--package", "backend", "--bin", "kun-server"]);
        build.args(["--package", "kun-cli", "--bin", "kun"]);
        if release {
            build.arg("--release");
        }
        run_command(&mut build)
    })?;
    Ok(target().join(profile).join("kun-server"))
}
