//! `cargo xtask <task>`: everything that is done with this repository.

mod bench;
mod build_web;
mod ci;
mod judge;
mod layers;
mod licenses;
mod postgres;
mod run;
mod step;
mod test;
mod tidy;
mod tools;
mod vscode;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, runs and tests KUN")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds everything and serves the product on <http://127.0.0.1:8080>
    Run(run::Options),
    /// Runs every test; installs what they need
    Test(test::Options),
    /// Builds the web part into web/dist
    BuildWeb(build_web::Options),
    /// Tries the extension in VS Code for the Web; npm installs that (540 MB)
    TestVscodeWeb,
    /// Tries the extension where Node.js runs it, as on a desktop; npm installs that (300 MB)
    TestVscodeDesktop,
    /// Writes the extension for VS Code into target/vscode: for this platform, and for the web
    PackageVscode,
    /// Runs the benchmarks
    Bench(bench::Options),
    /// Judges our manifests by kubernetes-validate and writes tests/verdicts.tsv
    Judge,
    /// Checks the layers, the tree and the length of files
    Tidy,
    /// Checks the licenses of all dependencies against deny.toml
    Licenses,
    /// Everything that must pass before a change lands
    Ci,
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    match task {
        Task::Run(options) => run::run(&options),
        Task::Test(options) => test::run(&options),
        Task::BuildWeb(options) => build_web::run_with(&options),
        Task::TestVscodeWeb => vscode::test_in_web(),
        Task::TestVscodeDesktop => vscode::test_on_desktop(),
        Task::PackageVscode => vscode::package(),
        Task::Bench(options) => bench::run(&options),
        Task::Judge => judge::run(),
        Task::Tidy => tidy::run(),
        Task::Licenses => licenses::run(),
        Task::Ci => ci::run(),
    }
}
