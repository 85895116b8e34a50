//! `kun status`: which version is where.

use anyhow::Result;
use api_types::{DeployState, EnvironmentStatus, LastDeploy, Page, Slug};
use clap::Args;

use crate::client::Client;
use crate::recipe::target;
use crate::{Outcome, Output};

#[derive(Args)]
pub(crate) struct Status {
    /// The project; the one of `kun.yaml` if none is given.
    #[arg(short, long, env = "KUN_PROJECT")]
    project: Option<Slug>,
    /// The resource set; the one of `kun.yaml` if none is given.
    #[arg(short, long, env = "KUN_RESOURCE_SET", value_name = "SET")]
    resource_set: Option<Slug>,
    /// One environment alone: ends with 1 unless its last deploy succeeded.
    #[arg(short, long)]
    env: Option<Slug>,
}

impl Status {
    pub(crate) async fn run(self, output: Output) -> Result<Outcome> {
        let (project, set) = target(self.project, self.resource_set)?;
        let client = Client::connect(Some(&project)).await?;
        let path = format!("/api/projects/{project}/sets/{set}/status");
        let mut page: Page<EnvironmentStatus> = client.get(&path).await?;
        if let Some(env) = &self.env {
            page.items.retain(|it| it.environment.name == *env);
        }
        match output {
            Output::Json => println!("{}", serde_json::to_string(&page.items)?),
            Output::Text => page.items.iter().for_each(show),
        }
        let is_good = |it: &EnvironmentStatus| {
            it.deploy
                .as_ref()
                .is_some_and(|it| it.state == DeployState::Succeeded)
        };
        let asked = self.env.is_some();
        Ok(if asked && !page.items.iter().any(is_good) {
            Outcome::No
        } else {
            Outcome::Good
        })
    }
}

fn show(status: &EnvironmentStatus) {
    let name = &status.environment.name;
    match &status.deploy {
        None => println!("{name}: nothing was deployed"),
        Some(LastDeploy {
            version,
            state,
            by,
            at,
            ..
        }) => {
            println!("{name}: {version} {} at {at} by {by}", word(*state));
        }
    }
}

/// A state in a word.
pub(crate) fn word(state: DeployState) -> String {
    let json = serde_json::to_value(state).unwrap_or_default();
    json.as_str().unwrap_or("unknown").to_owned()
}
