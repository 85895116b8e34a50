//! `kun push`

use std::env;
use std::path::PathBuf;

use anyhow::Result;
use api_types::{PushVersion, PushedVersion, Slug, VersionName};
use clap::Args;
use reqwest::StatusCode;

use crate::client::{Client, place};
use crate::settings::Settings;
use crate::{Outcome, files};

#[derive(Args)]
pub(crate) struct Push {
    /// The project.
    #[arg(short, long, env = "KUN_PROJECT")]
    project: Slug,
    /// The resource set.
    #[arg(
        short,
        long = "resource-set",
        env = "KUN_RESOURCE_SET",
        value_name = "SET"
    )]
    resource_set: Slug,
    /// The name of the version, such as `v1.4.2`.
    #[arg(short, long)]
    version: VersionName,
    /// A manifest or a folder of manifests. May be given several times.
    #[arg(short, long = "file", value_name = "PATH", required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    /// The version that this one was made from.
    #[arg(long, value_name = "VERSION")]
    parent: Option<VersionName>,
}

impl Push {
    pub(crate) async fn run(self) -> Result<Outcome> {
        let files = files::read(&self.files)?;
        let client = Client::new(Settings::read()?)?;
        let (project, set) = (&self.project, &self.resource_set);
        let request = PushVersion {
            name: self.version,
            files,
            parent: self.parent,
            // What GitLab tells every job.
            commit: variable("CI_COMMIT_SHA"),
            git_ref: variable("CI_COMMIT_REF_NAME"),
            pipeline_url: variable("CI_PIPELINE_URL"),
        };
        let path = format!("/api/projects/{project}/sets/{set}/versions");
        let (status, pushed): (_, PushedVersion) = client.post(&path, &request).await?;
        for warning in &pushed.warnings {
            eprintln!("warning: {}", place(warning));
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
        println!(
            "{}",
            client.page(&format!("/p/{project}/{set}/{}", version.name))
        );
        Ok(Outcome::Good)
    }
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
