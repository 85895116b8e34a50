//! The kun command: what pipelines and people run.
#![expect(clippy::print_stdout, reason = "this is a command for a terminal")]

mod client;
mod deploy;
mod events;
mod files;
mod fill;
mod generate;
mod lint;
mod login;
mod pipeline;
mod preview;
mod push;
mod recipe;
mod report;
mod rollback;
mod settings;
mod status;
mod text;
mod token;
mod wait;

use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

const EXIT_CODES: &str = "\
Exit codes:
  0    it was done
  1    the answer is no: errors were found, something would change, or is not as it should be
  2    wrong arguments, or files that cannot be read
  3    the server refused
  4    the server cannot be reached; the job is worth another try
  5    the deploy failed
  6    the deploy was cancelled by somebody else
  130, 143  a signal stopped it, and the deploy with it

Environment: KUN_SERVER, KUN_TOKEN or (in a pipeline) KUN_ID_TOKEN, KUN_PROJECT, KUN_RESOURCE_SET,
KUN_ENVIRONMENT, KUN_VERSION. `kun login` keeps a server and a token in place of the first two.";

/// Generate deployment files, check them, push them as versions, and deploy.
#[derive(Parser)]
#[command(name = "kun", version, after_help = EXIT_CODES)]
struct Arguments {
    /// How results are printed: for people, or as one JSON document.
    #[arg(long, global = true, value_enum, default_value = "text")]
    output: Output,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the deployment file: the manifests of `kun.yaml`, filled in.
    Generate(generate::Generate),
    /// Check files with the rules of the editor; no server is asked.
    Lint(lint::Lint),
    /// Push files as a version of a resource set.
    Push(push::Push),
    /// Show what a deploy would do now.
    #[command(visible_alias = "diff")]
    Preview(preview::Preview),
    /// Deploy a version to an environment.
    Deploy(deploy::Deploy),
    /// Follow a deploy that was started elsewhere, to its end.
    Wait(wait::Wait),
    /// Show which version is where.
    Status(status::Status),
    /// Deploy the version that succeeded before, once more.
    Rollback(rollback::Rollback),
    /// Sign in to a server, with a token or with the link that the server printed.
    Login(login::Login),
    /// Make, list and revoke tokens.
    #[command(subcommand)]
    Token(token::Token),
    /// Say which GitLab pipelines a project trusts.
    #[command(subcommand)]
    Pipeline(pipeline::Pipeline),
    /// Print what makes a shell complete arguments of kun.
    Completion {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Text,
    Json,
}

/// How a command ended that did what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Good,
    /// The answer is no.
    No,
    DeployFailed,
    Cancelled,
    /// Stopped by SIGINT.
    Interrupted,
    /// Stopped by SIGTERM.
    Terminated,
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::No => 1,
            Self::DeployFailed => 5,
            Self::Cancelled => 6,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Only fails where another provider is installed, and there is none.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match run(arguments).await {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(error) => {
            eprintln!("kun: {error:#}");
            ExitCode::from(code_of(&error))
        }
    }
}

fn code_of(error: &anyhow::Error) -> u8 {
    if error.downcast_ref::<client::Refused>().is_some() {
        3
    } else if error.downcast_ref::<client::Unreachable>().is_some() {
        4
    } else {
        2
    }
}

async fn run(arguments: Arguments) -> Result<Outcome> {
    let output = arguments.output;
    match arguments.command {
        Command::Generate(generate) => generate.run(),
        Command::Lint(lint) => lint.run(output),
        Command::Push(push) => push.run(output).await,
        Command::Preview(preview) => preview.run(output).await,
        Command::Deploy(deploy) => deploy.run(output).await,
        Command::Wait(wait) => wait.run(output).await,
        Command::Status(status) => status.run(output).await,
        Command::Rollback(rollback) => rollback.run(output).await,
        Command::Login(login) => login.run().await,
        Command::Token(token) => token.run(output).await,
        Command::Pipeline(pipeline) => pipeline.run(output).await,
        Command::Completion { shell } => {
            let mut command = Arguments::command();
            clap_complete::generate(shell, &mut command, "kun", &mut std::io::stdout());
            Ok(Outcome::Good)
        }
    }
}
