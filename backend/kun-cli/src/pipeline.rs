//! `kun pipeline`: which jobs of GitLab a project trusts, known by their ID tokens.

use anyhow::{Context, Result};
use api_types::{Page, PipelineRule, Scope, Slug, TrustedPipeline};
use clap::{Args, Subcommand};

use crate::client::Client;
use crate::recipe::Recipe;
use crate::token::limits;
use crate::{Outcome, Output};

#[derive(Subcommand)]
pub(crate) enum Pipeline {
    /// Trust jobs of a GitLab project, or change what they may do.
    Trust(Box<Trust>),
    /// List what is trusted.
    List(InProject),
    /// Trust it no longer; jobs that run are nobody at once.
    Remove {
        /// The name of the rule.
        name: Slug,
        #[command(flatten)]
        project: InProject,
    },
}

#[derive(Args)]
pub(crate) struct InProject {
    /// The project; the one of `kun.yaml` if none is given.
    #[arg(short, long, env = "KUN_PROJECT")]
    project: Option<Slug>,
}

#[derive(Args)]
pub(crate) struct Trust {
    /// A name for the rule, such as `dev`.
    name: Slug,
    #[command(flatten)]
    project: InProject,
    /// The GitLab, such as `https://gitlab.example.com`.
    #[arg(long, value_name = "URL")]
    gitlab: String,
    /// The project in GitLab, such as `shop/web`.
    #[arg(long, value_name = "PATH")]
    gitlab_project: String,
    /// Its number; that of the first job if none is given.
    #[arg(long, value_name = "NUMBER")]
    gitlab_project_id: Option<u64>,
    /// A branch, such as `dev`; `*` stands for any text.
    #[arg(long, required_unless_present = "tags")]
    branch: Vec<String>,
    /// A tag, such as `v*`.
    #[arg(long = "tag", id = "tags", value_name = "TAG")]
    tag: Vec<String>,
    /// Also trust branches and tags that GitLab does not protect.
    #[arg(long)]
    unprotected: bool,
    /// The environment in GitLab that the job must have.
    #[arg(long, value_name = "NAME")]
    gitlab_environment: Option<String>,
    /// A set that may be changed and deployed; all of the project if none is given.
    #[arg(short = 'r', long = "resource-set", value_name = "SET")]
    sets: Vec<Slug>,
    /// Its jobs may push versions.
    #[arg(long)]
    push: bool,
    /// An environment that its jobs may deploy to.
    #[arg(long, value_name = "ENVIRONMENT")]
    deploy_to: Vec<Slug>,
}

impl InProject {
    async fn connect(self) -> Result<(Client, String)> {
        let project = match self.project {
            Some(project) => Some(project),
            None => Recipe::read(None)?.project,
        };
        let project = project.context("which project? Give `-p`, or `project` in kun.yaml")?;
        let client = Client::connect(Some(&project)).await?;
        Ok((client, format!("/api/projects/{project}/pipelines")))
    }
}

impl Pipeline {
    pub(crate) async fn run(self, output: Output) -> Result<Outcome> {
        match self {
            Self::Trust(trust) => trust.run(output).await?,
            Self::List(project) => {
                let (client, path) = project.connect().await?;
                let page: Page<TrustedPipeline> = client.get(&path).await?;
                match output {
                    Output::Json => println!("{}", serde_json::to_string(&page.items)?),
                    Output::Text => page.items.iter().for_each(show),
                }
            }
            Self::Remove { name, project } => {
                let (client, path) = project.connect().await?;
                client.delete(&format!("{path}/{name}")).await?;
                println!("Removed {name}");
            }
        }
        Ok(Outcome::Good)
    }
}

impl Trust {
    async fn run(self, output: Output) -> Result<()> {
        let (client, path) = self.project.connect().await?;
        let branches = self.branch.iter().map(|it| format!("refs/heads/{it}"));
        let tags = self.tag.iter().map(|it| format!("refs/tags/{it}"));
        let rule = PipelineRule {
            issuer: self.gitlab.trim_end_matches('/').to_owned(),
            gitlab_project: self.gitlab_project,
            gitlab_project_id: self.gitlab_project_id,
            refs: branches.chain(tags).collect(),
            unprotected: self.unprotected,
            gitlab_environment: self.gitlab_environment,
            sets: self.sets,
            push: self.push,
            deploy_to: self.deploy_to,
        };
        let trusted: TrustedPipeline = client.put(&format!("{path}/{}", self.name), &rule).await?;
        match output {
            Output::Json => println!("{}", serde_json::to_string(&trusted)?),
            Output::Text => show(&trusted),
        }
        Ok(())
    }
}

fn show(trusted: &TrustedPipeline) {
    let TrustedPipeline { name, rule } = trusted;
    let protection = if rule.unprotected { "" } else { ", protected" };
    let allowed = Scope {
        project: name.clone(),
        sets: rule.sets.clone(),
        push: rule.push,
        deploy_to: rule.deploy_to.clone(),
    };
    println!(
        "{}: {} at {} ({}{protection})",
        limits(&allowed),
        rule.gitlab_project,
        rule.issuer,
        rule.refs.join(" ")
    );
}
