//! A sandbox cluster to try: `cargo run -p sandbox --example sandbox -- --port 0 --kubeconfig FILE`.

use std::path::PathBuf;
use std::process::ExitCode;

use sandbox::{Options, Sandbox};

const USAGE: &str = "usage: sandbox [--port PORT] [--kubeconfig FILE] [--folder FOLDER] [--seed NUMBER] [--pace FACTOR]";

#[tokio::main]
#[expect(
    clippy::print_stdout,
    reason = "the address is what the program is started for"
)]
async fn main() -> ExitCode {
    let Some((options, kubeconfig)) = read(std::env::args().skip(1)) else {
        println!("{USAGE}");
        return ExitCode::from(2);
    };
    let sandbox = match Sandbox::start(options).await {
        Ok(sandbox) => sandbox,
        Err(error) => {
            println!("{error}");
            return ExitCode::FAILURE;
        }
    };
    if let Err(error) = sandbox.write_kubeconfig(&kubeconfig) {
        println!("{error}");
        return ExitCode::FAILURE;
    }
    println!("{}", sandbox.url());
    let _ = tokio::signal::ctrl_c().await;
    sandbox.shutdown().await;
    ExitCode::SUCCESS
}

fn read(mut arguments: impl Iterator<Item = String>) -> Option<(Options, PathBuf)> {
    let mut options = Options::default();
    let mut kubeconfig = PathBuf::from("sandbox.kubeconfig");
    while let Some(name) = arguments.next() {
        let value = arguments.next()?;
        match name.as_str() {
            "--port" => options.port = value.parse().ok()?,
            "--kubeconfig" => kubeconfig = value.into(),
            "--folder" => options.folder = Some(value.into()),
            "--seed" => options.seed = value.parse().ok()?,
            "--pace" => options.pace = value.parse().ok()?,
            _ => return None,
        }
    }
    Some((options, kubeconfig))
}
