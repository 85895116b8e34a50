//! `kun rollback`: the version that succeeded before, once more.

use anyhow::{Context, Result};
use api_types::{Deploy as Job, DeployState, Page, Slug, VersionName};
use clap::Args;

use crate::client::Client;
use crate::deploy::{Follow, Signals, Start, start};
use crate::recipe::target;
use crate::{Outcome, Output};

/// How far back it is looked.
const PAGES: usize = 10;

#[derive(Args)]
pub(crate) struct Rollback {
    /// The project; the one of `kun.yaml` if none is given.
    #[arg(short, long, env = "KUN_PROJECT")]
    project: Option<Slug>,
    /// The resource set; the one of `kun.yaml` if none is given.
    #[arg(short, long, env = "KUN_RESOURCE_SET", value_name = "SET")]
    resource_set: Option<Slug>,
    /// The environment, such as `prod`.
    #[arg(short, long, env = "KUN_ENVIRONMENT")]
    env: Slug,
    /// The version; the last one before the present one that succeeded here if none is given.
    #[arg(long, value_name = "VERSION")]
    to: Option<VersionName>,
    #[command(flatten)]
    start: Start,
    #[command(flatten)]
    follow: Follow,
}

impl Rollback {
    pub(crate) async fn run(self, output: Output) -> Result<Outcome> {
        let (project, set) = target(self.project, self.resource_set)?;
        let client = Client::connect(Some(&project)).await?;
        let path = format!("/api/projects/{project}/sets/{set}");
        let version = match self.to {
            Some(version) => version,
            None => before(&client, &path, &self.env).await?,
        };
        let signals = Signals::new()?;
        let job = start(&client, &path, version, self.env, &self.start).await?;
        self.follow.run(&client, job, signals, output).await
    }
}

/// The last version that succeeded in an environment and is not the one deployed there last.
async fn before(client: &Client, path: &str, env: &Slug) -> Result<VersionName> {
    let mut present = None;
    let mut after = String::new();
    for _ in 0..PAGES {
        let page: Page<Job> = client
            .get(&format!("{path}/deploys?limit=200{after}"))
            .await?;
        for job in page.items.into_iter().filter(|job| job.environment == *env) {
            let present = present.get_or_insert_with(|| job.version.clone());
            if job.state == DeployState::Succeeded && job.version != *present {
                return Ok(job.version);
            }
        }
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let none = || format!("no other version succeeded in `{env}`: name one with `--to`");
    None.with_context(none)
}
