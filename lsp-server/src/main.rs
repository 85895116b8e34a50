//! The language server as a program.

use std::process::exit;

use clap::Parser;
use lsp_server::transport::stream;

/// Language server for Kubernetes YAML.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Talk over standard input and output (the default; clients pass it by custom).
    #[arg(long, conflicts_with = "tcp")]
    stdio: bool,
    /// Listen on this port of the loopback interface instead; 0 chooses a free one.
    #[arg(long, value_name = "PORT")]
    tcp: Option<u16>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    match arguments.tcp {
        Some(port) => Ok(stream::serve_tcp(port)?),
        None => exit(stream::serve_stdio()?),
    }
}
