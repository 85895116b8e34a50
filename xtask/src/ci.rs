//! `cargo xtask ci`: everything that must pass before a change lands.

use anyhow::Result;

use crate::layers::PURE;
use crate::step::{cargo, run as run_command, step};
use crate::{build_web, licenses, test, tidy, tools};

pub(crate) fn run() -> Result<()> {
    step("check the format", || {
        run_command(cargo().args(["fmt", "--all", "--", "--check"]))
    })?;
    step("check the layers and the tree", tidy::run)?;
    step("check the licenses", licenses::run)?;
    test::run(&test::Options::all())?;
    step("weigh what a browser loads", build_web::weigh)?;
    step("lint for this machine", || {
        let arguments = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ];
        run_command(cargo().args(arguments))
    })?;
    step("lint for the browser", || {
        tools::wasm_target()?;
        let mut clippy = cargo();
        clippy.args(["clippy", "--target", "wasm32-unknown-unknown"]);
        for name in PURE.iter().chain(&["lsp-server", "editor-wasm"]) {
            clippy.args(["--package", name]);
        }
        run_command(clippy.args(["--lib", "--", "-D", "warnings"]))
    })?;
    step("build the documentation", || {
        let arguments = [
            "doc",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ];
        run_command(cargo().args(arguments).env("RUSTDOCFLAGS", "-D warnings"))
    })
}
