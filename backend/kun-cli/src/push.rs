//! `kun push`

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};
use api_types::{PushVersion, PushedVersion, Slug, VersionName};
use clap::Args;
use reqwest::StatusCode;

use crate::client::{Client, place};
use crate::recipe::target;
use crate::{Outcome, Output, files};

#[derive(Args)]
pub(crate) struct Push {
    /// The project; the one of `kun.yaml` if none is given.
    #[arg(short, long, env = "KUN_PROJECT")]
    project: Option<Slug>,
    /// The resource set; the one of `kun.yaml` if none is given.
    #[arg(
        short,
        long = "resource-set",
        env = "KUN_RESOURCE_SET",
        value_name = "SET"
    )]
    resource_set: Option<Slug>,
    /// The name of the version, such as `v1.4.2`; in a pipeline the tag, or the branch and the
    /// commit, if none is given.
    #[arg(short, long, env = "KUN_VERSION")]
    version: Option<VersionName>,
    /// A manifest or a folder of manifests. May be given several times.
    #[arg(short, long = "file", value_name = "PATH", required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    /// The version that this one was made from.
    #[arg(long, value_name = "VERSION")]
    parent: Option<VersionName>,
    /// The environment that the printed link offers to deploy to.
    #[arg(short, long, env = "KUN_ENVIRONMENT")]
    env: Option<Slug>,
}

impl Push {
    pub(crate) async fn run(self, output: Output) -> Result<Outcome> {
        let (project, set) = target(self.project, self.resource_set)?;
        let name = match self.version {
            Some(version) => version,
            None => version_of_pipeline()?,
        };
        let files = files::read(&self.files)?;
        let client = Client::connect(Some(&project)).await?;
        let request = PushVersion {
            name,
            files,
            parent: self.parent,
            // What GitLab tells every job.
            commit: variable("CI_COMMIT_SHA"),
            git_ref: variable("CI_COMMIT_REF_NAME"),
            pipeline_url: variable("CI_PIPELINE_URL"),
        };
        let path = format!("/api/projects/{project}/sets/{set}/versions");
        // The same files under the same name are the same version: it may be sent again.
        let (status, pushed): (_, PushedVersion) = client.post_again(&path, &request).await?;
        for warning in &pushed.warnings {
            eprintln!("warning: {}", place(warning));
        }
        if output == Output::Json {
            println!("{}", serde_json::to_string(&pushed)?);
            return Ok(Outcome::Good);
        }
        let version = &pushed.version;
        let what = match status {
            StatusCode::CREATED => "Pushed",
            _ => "There already, with the same content:",
        };
        let objects = match version.objects.len() {
            1 => "1 object".to_owned(),
            count => format!("{count} objects"),
        };
        println!("{what} {project}/{set} {} ({objects})", version.name);
        let query = self
            .env
            .map_or(String::new(), |env| format!("?environment={env}"));
        let page = format!("/p/{project}/{set}/{}{query}", version.name);
        println!("{}", client.page(&page));
        Ok(Outcome::Good)
    }
}

/// `v1.4.2` of the tag, or `dev-1a2b3c4d` of the branch and the commit.
fn version_of_pipeline() -> Result<VersionName> {
    let of_commit = || {
        let slug = variable("CI_COMMIT_REF_SLUG")?;
        Some(format!("{slug}-{}", variable("CI_COMMIT_SHORT_SHA")?))
    };
    let name = variable("CI_COMMIT_TAG").or_else(of_commit);
    let name = name.context("which version? Give `-v`, or KUN_VERSION")?;
    Ok(name.parse()?)
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
