//! `kun wait`: follows a deploy that was started elsewhere.

use anyhow::{Result, bail};
use api_types::Slug;
use clap::Args;

use crate::client::Client;
use crate::deploy::{Follow, Signals};
use crate::{Outcome, Output};

#[derive(Args)]
pub(crate) struct Wait {
    /// The id of the deploy, as `kun deploy` and the page show it.
    #[arg(env = "KUN_DEPLOY")]
    deploy: String,
    /// The project, for a pipeline that signs in by its ID token.
    #[arg(short, long, env = "KUN_PROJECT")]
    project: Option<Slug>,
    #[command(flatten)]
    follow: Follow,
}

impl Wait {
    pub(crate) async fn run(mut self, output: Output) -> Result<Outcome> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if self.deploy.is_empty() || !self.deploy.chars().all(plain) {
            bail!("`{}` is no id of a deploy", self.deploy);
        }
        let client = Client::connect(self.project.as_ref()).await?;
        let signals = Signals::new()?;
        let job = client.get(&format!("/api/deploys/{}", self.deploy)).await?;
        // Whoever only looks on leaves a deploy alone.
        self.follow.look_on();
        self.follow.run(&client, job, signals, output).await
    }
}
