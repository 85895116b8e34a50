//! What the server is told at its start: read once, checked, printed without secrets.

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::http::Uri;
use clap::Parser;

use crate::http::AllowedOrigin;
use crate::identity::check_user_name;
use crate::store::{Vault, VaultError};

/// KUN: resource sets, versions and deploys.
#[derive(Parser)]
#[command(name = "kun-server", version)]
pub struct Config {
    /// The address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "KUN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The folder of the database, and of the sandbox's state and kubeconfig.
    #[arg(long, env = "KUN_DATA", default_value = "data")]
    pub data: PathBuf,

    /// A PostgreSQL database in place of the SQLite file in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,

    /// The file with the keys that seal credentials of clusters; `kun.key` in the data folder if it
    /// is not given. Replicas that share a database share this file.
    #[arg(long, env = "KUN_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,

    /// Makes a key, and seals everything with it; the older ones stay in the file.
    #[arg(long)]
    pub rotate_key: bool,

    /// Where browsers find this server, if a proxy stands before it, such as `https://kun.example.com`.
    #[arg(long, env = "KUN_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub public_url: Option<Uri>,

    /// Another site whose pages may use the API with a token, such as VS Code for the Web:
    /// `https://ide.example.com`, or `https://*.example.com`. May be given several times.
    #[arg(
        long = "allow-origin",
        env = "KUN_ALLOW_ORIGIN",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub allowed_origins: Vec<AllowedOrigin>,

    /// A GitLab whose pipelines projects may trust, such as `https://gitlab.example.com`. May be
    /// given several times; in the variable, with commas.
    #[arg(long = "gitlab", env = "KUN_GITLAB", value_name = "URL", value_delimiter = ',', value_parser = issuer)]
    pub gitlabs: Vec<String>,

    /// The first user, an admin of this server; also the user that the sandbox sees.
    #[arg(long, env = "KUN_USER", value_name = "NAME", value_parser = user_name)]
    pub user: Option<String>,

    /// Adds a cluster: a context of the kubeconfig of this machine. May be given several times.
    #[arg(long = "cluster", value_name = "CONTEXT")]
    pub clusters: Vec<String>,

    /// How many days the logs of deploys are kept after their end. The deploys themselves, and who
    /// asked for them, are kept for good.
    #[arg(
        long,
        env = "KUN_KEEP_LOGS",
        value_name = "DAYS",
        default_value_t = 365,
        value_parser = clap::value_parser!(u32).range(1..=36_500)
    )]
    pub keep_logs: u32,

    /// Starts without the sandbox cluster.
    #[arg(long)]
    pub no_sandbox: bool,

    /// Adds the project `demo`, if there is none, with something to deploy to the sandbox.
    #[arg(long, conflicts_with = "no_sandbox")]
    pub example: bool,
}

impl Config {
    /// The keys that credentials are sealed with, made where there are none.
    ///
    /// # Errors
    ///
    /// If the file cannot be used.
    pub fn vault(&self) -> Result<Vault, VaultError> {
        let beside = || self.data.join("kun.key");
        let path = self.key_file.clone().unwrap_or_else(beside);
        if self.rotate_key {
            Vault::open_with_new_key(&path)
        } else {
            Vault::open(&path)
        }
    }

    /// The first user: as told, or the person who starts the server.
    pub fn first_user(&self) -> String {
        let own = || std::env::var("USER").ok();
        let own = own().and_then(|name| user_name(&name).ok());
        self.user
            .clone()
            .or(own)
            .unwrap_or_else(|| "admin".to_owned())
    }
}

/// A name that clusters take in a header, and pages show as it is.
fn user_name(name: &str) -> Result<String, String> {
    check_user_name(name)?;
    Ok(name.to_owned())
}

/// An issuer of ID tokens, as its tokens name it: without a slash at its end.
fn issuer(url: &str) -> Result<String, String> {
    let expected = "give `https://` and a host; `http://` for this machine alone";
    let parsed: Uri = url.parse().map_err(|_| expected.to_owned())?;
    let is_safe = match parsed.scheme_str() {
        Some("https") => true,
        Some("http") => matches!(parsed.host(), Some("127.0.0.1" | "localhost" | "[::1]")),
        _ => false,
    };
    if is_safe && parsed.query().is_none() {
        return Ok(url.trim_end_matches('/').to_owned());
    }
    Err(expected.to_owned())
}

fn public_url(url: &str) -> Result<Uri, String> {
    let expected = "give `https://` or `http://` and a host, without a path";
    let url: Uri = url.parse().map_err(|_| expected.to_owned())?;
    let web = matches!(url.scheme_str(), Some("https" | "http"));
    if web && url.path() == "/" && url.query().is_none() {
        return Ok(url);
    }
    Err(expected.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newcomer_needs_no_arguments() {
        let config = parse(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.data, PathBuf::from("data"));
        assert!(!config.example && !config.no_sandbox);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for arguments in [
            ["--listen", "8080"],
            ["--public-url", "kun.example.com"],
            ["--public-url", "https://kun.example.com/kun"],
            ["--public-url", "javascript:alert(1)"],
            ["--allow-origin", "*"],
            ["--gitlab", "gitlab.example.com"],
            ["--gitlab", "http://gitlab.example.com"],
            ["--user", "a b"],
            ["--user", "ci@shop"],
            ["--user", "system:\r\nmasters"],
            ["--user", ""],
        ] {
            assert!(parse(&arguments).is_err(), "{arguments:?}");
        }
        assert!(parse(&["--example", "--no-sandbox"]).is_err());
    }

    #[test]
    fn a_proxy_before_the_server_is_told() {
        let config = parse(&["--public-url", "https://kun.example.com"]).unwrap();
        assert_eq!(config.public_url.unwrap().scheme_str(), Some("https"));
    }

    fn parse(arguments: &[&str]) -> Result<Config, clap::Error> {
        Config::try_parse_from([&["kun-server"], arguments].concat())
    }
}
