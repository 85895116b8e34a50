//! `cargo xtask bench`: the benchmarks of all crates.

use anyhow::Result;
use clap::Args;

use crate::build_web;
use crate::run::build_server;
use crate::step::{cargo, run as run_command, step};
use crate::tools::{self, Node};

#[derive(Args)]
pub(crate) struct Options {
    /// Only benchmarks whose name contains this.
    filter: Option<String>,
    /// The editor beside `CodeMirror` and Monaco, which npm installs, in a browser
    #[arg(long)]
    editors: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    if options.editors {
        return editors();
    }
    // What deploys are measured against.
    tools::kubectl()?;
    let mut bench = cargo();
    bench.env("KUN_TOOLS", tools::folder());
    bench.args(["bench", "--workspace", "--benches"]);
    if let Some(filter) = &options.filter {
        bench.args(["--", filter]);
    }
    run_command(&mut bench)
}

fn editors() -> Result<()> {
    let (node, chromium) = step("check the tools", || {
        tools::wasm_target()?;
        let node = Node::find_or_install()?;
        node.install_packages("tests")?;
        node.install_packages("tests/bench")?;
        Ok((node, tools::chromium()?))
    })?;
    build_web::run()?;
    let server = build_server(true)?;
    step("measure the editors", || {
        run_command(
            node.command()
                .arg("tests/bench/editors.mjs")
                .env("KUN_SERVER_BINARY", server)
                .env("KUN_CHROMIUM", chromium),
        )
    })
}
