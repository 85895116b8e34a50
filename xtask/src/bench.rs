//! `cargo xtask bench`: the benchmarks of all crates.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::build_web;
use crate::postgres::Postgres;
use crate::run::build_server;
use crate::step::{cargo, output, root, run as run_command, step};
use crate::tools::{self, Node};

/// What Node.js runs with a clock and an output, and without a page around it.
const WASM_TARGET: &str = "wasm32-wasip1";

#[derive(Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct Options {
    /// Only benchmarks whose name contains this.
    filter: Option<String>,
    /// Deploys beside kubectl, and a year of them, against the sandbox, `SQLite` and `PostgreSQL`
    #[arg(long)]
    deploys: bool,
    /// The editor beside `CodeMirror` and Monaco, which npm installs, in a browser
    #[arg(long)]
    editors: bool,
    /// How long a person waits for the editor on slow networks, in a browser
    #[arg(long)]
    load: bool,
    /// The parser beside its peers as WebAssembly, in Node.js
    #[arg(long, conflicts_with = "filter")]
    wasm: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    if options.editors {
        return in_browser("editors", &["tests", "tests/bench"]);
    }
    if options.load {
        return in_browser("load", &["tests"]);
    }
    if options.wasm {
        return parser_in_wasm();
    }
    // What deploys are measured against and on.
    tools::kubectl()?;
    let postgres = Postgres::start()?;
    let mut bench = cargo();
    bench
        .env("KUN_TOOLS", tools::folder())
        .env("KUN_TEST_POSTGRES", postgres.url());
    if options.deploys {
        bench.args(["bench", "--package=backend", "--bench=deploy"]);
    } else {
        bench.args(["bench", "--workspace", "--benches"]);
    }
    if let Some(filter) = &options.filter {
        bench.args(["--", filter]);
    }
    run_command(&mut bench)
}

/// Runs a benchmark of `tests/bench` against the product.
fn in_browser(name: &str, packages: &[&str]) -> Result<()> {
    let (node, chromium) = step("check the tools", || {
        tools::wasm_target()?;
        let node = Node::find_or_install()?;
        for folder in packages {
            node.install_packages(folder)?;
        }
        Ok((node, tools::chromium()?))
    })?;
    build_web::run()?;
    let server = build_server(true)?;
    step("measure in a browser", || {
        run_command(
            node.command()
                .arg(format!("tests/bench/{name}.mjs"))
                .env("KUN_SERVER_BINARY", server)
                .env("KUN_CHROMIUM", chromium),
        )
    })
}

fn parser_in_wasm() -> Result<()> {
    tools::target_of_rustc(WASM_TARGET)?;
    let built = output(cargo().args([
        "bench",
        "--no-run",
        "--package=yaml-syntax",
        "--bench=compare",
        "--message-format=json",
        "--target",
        WASM_TARGET,
    ]))?;
    let messages = built
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let mut programs = messages.filter_map(|message: serde_json::Value| {
        let program = message.get("executable")?.as_str()?;
        Some(PathBuf::from(program))
    });
    let program = programs.next().context("cargo built no program")?;
    let runner = root().join("lsp-server/yaml-syntax/benches/support/wasi.mjs");
    let mut node = Node::find_or_install()?.command();
    run_command(node.arg("--no-warnings").arg(runner).arg(program))
}
