//! `cargo xtask test`: every test, on a machine that may have nothing of ours.

use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::postgres::Postgres;
use crate::step::{cargo, output, root, run as run_command, step, target};
use crate::tools::{self, Node};
use crate::{build_web, judge, run, vscode};

#[derive(Args)]
pub(crate) struct Options {
    /// Only the tests in the browser.
    #[arg(long)]
    e2e: bool,
    /// Only browser tests in files whose name contains this.
    #[arg(long, requires = "e2e")]
    only: Option<String>,
}

impl Options {
    /// Every test there is.
    pub(crate) fn all() -> Self {
        Self {
            e2e: false,
            only: None,
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let node = step("check the tools", || {
        tools::wasm_target()?;
        tools::kubectl()?;
        let node = Node::find_or_install()?;
        node.install_packages("tests")?;
        node.install_packages(vscode::FOLDER)?;
        tools::chromium()?;
        tools::postgres()?;
        Ok(node)
    })?;
    if !options.e2e {
        let postgres = step("start PostgreSQL", Postgres::start)?;
        step("run the Rust tests", || rust_tests(&postgres))?;
        step("judge the manifests again", judge::check)?;
    }
    build_web::run()?;
    if !options.e2e {
        step("hold conversations with the worker", || {
            run_command(
                node.command()
                    .args(["lsp-server/tests/worker.mjs", "web/dist"]),
            )
        })?;
    }
    let server = run::build_server(false)?;
    if !options.e2e {
        step("test the extension for VS Code", || {
            vscode::test(&node, &server)
        })?;
    }
    step("run the browser tests", || {
        browser_tests(&node, &server, options)
    })
}

fn rust_tests(postgres: &Postgres) -> Result<()> {
    run_command(
        cargo()
            .args(["test", "--workspace", "--no-fail-fast"])
            .env("KUN_TEST_POSTGRES", postgres.url())
            .env("KUN_TOOLS", tools::folder()),
    )
}

fn browser_tests(node: &Node, server: &std::path::Path, options: &Options) -> Result<()> {
    let folder = root().join("tests/e2e");
    let mut files: Vec<_> = std::fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "mjs"))
        .filter(|path| {
            let name = path.to_string_lossy();
            options
                .only
                .as_ref()
                .is_none_or(|only| name.contains(only.as_str()))
        })
        .collect();
    files.sort();
    let version = output(Command::new(tools::chromium()?).arg("--version"))?;
    eprintln!("  {}", version.trim());
    run_command(
        node.command()
            .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
            .args(files)
            .env("KUN_SERVER_BINARY", server)
            .env("KUN_BINARY", server.with_file_name("kun"))
            .env("KUN_CHROMIUM", tools::chromium()?)
            .env("KUN_TOOLS", tools::folder())
            .env("KUN_SCREENSHOTS", target().join("screenshots")),
    )
    .context("a browser test failed; screenshots are in target/screenshots")
}
