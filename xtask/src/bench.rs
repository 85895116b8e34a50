//! `cargo xtask bench`: the benchmarks of all crates.

use anyhow::Result;
use clap::Args;

use crate::step::{cargo, run as run_command};
use crate::tools;

#[derive(Args)]
pub(crate) struct Options {
    /// Only benchmarks whose name contains this.
    filter: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
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
