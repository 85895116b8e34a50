//! The kun command: what pipelines and people run.
//!
//! It ends with 0 when all went well, with 1 when a deploy failed or a lint found errors, and with
//! 2 when it could not do what it was asked to.
#![expect(clippy::print_stdout, reason = "this is a command for a terminal")]

mod client;
mod deploy;
mod events;
mod files;
mod lint;
mod login;
mod push;
mod settings;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Push versions of resource sets, deploy them, and check manifests.
#[derive(Parser)]
#[command(name = "kun", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sign in to a server, with a token or with the link that the server printed.
    Login(login::Login),
    /// Push files as a version of a resource set.
    Push(push::Push),
    /// Deploy a version to an environment.
    Deploy(deploy::Deploy),
    /// Check files with the rules of the editor; no server is asked.
    Lint(lint::Lint),
}

/// How a command ended that did what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Good,
    Failed,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Only fails where another provider is installed, and there is none.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match run(arguments.command).await {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Err(error) => {
            eprintln!("kun: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn run(command: Command) -> Result<Outcome> {
    match command {
        Command::Login(login) => login.run().await,
        Command::Push(push) => push.run().await,
        Command::Deploy(deploy) => deploy.run().await,
        Command::Lint(lint) => lint.run(),
    }
}
