//! `kun login`

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail};
use api_types::{CreatedToken, NewToken, Session, SignIn};
use clap::Args;
use reqwest::{Method, header};

use crate::Outcome;
use crate::client::{Client, accepted, read};
use crate::settings::Settings;

/// How long a token lives that is made from a sign-in link.
const DAYS: u32 = 90;

#[derive(Args)]
pub(crate) struct Login {
    /// The sign-in link that the server printed, in place of `--server` and `--token`.
    #[arg(conflicts_with_all = ["server", "token"])]
    link: Option<String>,
    /// The address of the server, such as `https://kun.example.com`.
    #[arg(long, value_name = "URL", required_unless_present = "link")]
    server: Option<String>,
    /// A token, as the page `/account` makes them; asked for where it is not given.
    #[arg(long, env = "KUN_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

impl Login {
    pub(crate) async fn run(self) -> Result<Outcome> {
        let settings = match (&self.link, &self.server) {
            (Some(link), _) => from_link(link).await?,
            (None, Some(server)) => {
                let token = self.token.map_or_else(ask_for_token, Ok)?;
                Settings::checked(server, &token)?
            }
            (None, None) => bail!("give the sign-in link, or `--server`"),
        };
        let server = settings.server.clone();
        let kept = Settings::checked(&server, &settings.token)?;
        let session: Session = Client::new(settings)?.get("/api/session").await?;
        let path = kept.keep()?;
        println!(
            "Signed in to {server} as {} (kept in {})",
            session.user,
            path.display()
        );
        Ok(Outcome::Good)
    }
}

/// Uses a sign-in link up and makes a token.
async fn from_link(link: &str) -> Result<Settings> {
    let Some((server, token)) = link.split_once("/login?token=") else {
        bail!("`{link}` is no sign-in link: it holds `/login?token=`");
    };
    let client = Client::new(Settings::checked(server, "")?)?;
    let sign_in = SignIn {
        token: token.to_owned(),
    };
    let request = client.plain(Method::POST, "/api/session").json(&sign_in);
    let response = accepted(client.send(request).await?).await?;
    let cookie = response.headers().get(header::SET_COOKIE);
    let cookie = cookie.and_then(|cookie| cookie.to_str().ok()?.split(';').next());
    let cookie = cookie.context("the server began no session")?.to_owned();

    let label = format!("kun on {}", host_name());
    let request = client
        .plain(Method::POST, "/api/tokens")
        .header(header::COOKIE, cookie)
        .json(&NewToken {
            label,
            days: DAYS,
            scope: None,
        });
    let created: CreatedToken = read(client.send(request).await?).await?;
    Settings::checked(server, &created.secret)
}

fn host_name() -> String {
    let name = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    match name.trim() {
        "" => "this machine".to_owned(),
        name => name.chars().take(60).collect(),
    }
}

fn ask_for_token() -> Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        print!("Token: ");
        std::io::stdout().flush()?;
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    match line.trim() {
        "" => bail!("no token was given"),
        token => Ok(token.to_owned()),
    }
}
