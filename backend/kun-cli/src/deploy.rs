//! `kun deploy`: starts a deploy, and shows it until it ends.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use api_types::{
    Deploy as Job, DeployEvent, DeployOptions, DeployState, LogLevel, LogLine, NewDeploy,
    ObjectState, ResourceSet, Slug, VersionName,
};
use clap::Args;
use futures::StreamExt;
use tokio::time::{Instant, sleep, timeout};

use crate::Outcome;
use crate::client::{Client, Refused};
use crate::events::EventReader;
use crate::settings::Settings;

/// How long a server that went away is waited for.
const AWAY: Duration = Duration::from_mins(2);
/// A stream that says nothing for this long, not even that it lives, is broken.
const SILENCE: Duration = Duration::from_secs(45);
const AGAIN: Duration = Duration::from_secs(1);

#[derive(Args)]
pub(crate) struct Deploy {
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
    /// The version; the one pushed last if none is given.
    #[arg(short, long)]
    version: Option<VersionName>,
    /// The environment, such as `dev`.
    #[arg(short, long, env = "KUN_ENVIRONMENT")]
    env: Slug,
    /// Show the log and wait for the end; Ctrl-C cancels the deploy.
    #[arg(short, long)]
    wait: bool,
    /// Delete objects of earlier versions that this one no longer describes.
    #[arg(long)]
    prune: bool,
    /// Take fields that other managers own.
    #[arg(long)]
    force_conflicts: bool,
    /// Seconds until the deploy is given up.
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u32>,
}

impl Deploy {
    pub(crate) async fn run(self) -> Result<Outcome> {
        let client = Client::new(Settings::read()?)?;
        let path = format!("/api/projects/{}/sets/{}", self.project, self.resource_set);
        let version = match self.version {
            Some(version) => version,
            None => newest(&client, &path).await?,
        };
        let request = NewDeploy {
            version,
            environment: self.env,
            options: DeployOptions {
                prune: self.prune,
                force_conflicts: self.force_conflicts,
                timeout_seconds: self.timeout,
            },
            preview: None,
        };
        let (_, job): (_, Job) = client.post(&format!("{path}/deploys"), &request).await?;
        println!(
            "Deploying {}/{} {} to {} as {}",
            job.project, job.set, job.version, job.environment, job.by
        );
        println!("{}", client.page(&format!("/deploys/{}", job.id)));
        if !self.wait {
            return Ok(Outcome::Good);
        }
        let job = follow_or_cancel(&client, &job.id).await?;
        Ok(report(&job))
    }
}

async fn newest(client: &Client, path: &str) -> Result<VersionName> {
    let set: ResourceSet = client.get(path).await?;
    let unknown = || format!("set `{}` has no version yet: push one first", set.name);
    set.newest.clone().with_context(unknown)
}

/// Follows a job to its end. The first Ctrl-C asks to cancel it, the second one leaves.
async fn follow_or_cancel(client: &Client, id: &str) -> Result<Job> {
    let following = follow(client, id);
    tokio::pin!(following);
    tokio::select! {
        job = &mut following => return job,
        _ = tokio::signal::ctrl_c() => {}
    }
    eprintln!("kun: cancelling; press Ctrl-C again to leave it to the server");
    let empty = serde_json::json!({});
    let (_, _): (_, Job) = client
        .post(&format!("/api/deploys/{id}/cancel"), &empty)
        .await?;
    tokio::select! {
        job = &mut following => job,
        _ = tokio::signal::ctrl_c() => bail!("left before the deploy had ended"),
    }
}

/// Prints the log of a job until the job ends, over as many connections as it takes.
async fn follow(client: &Client, id: &str) -> Result<Job> {
    let mut last = "0".to_owned();
    let mut heard = Instant::now();
    loop {
        match listen(client, id, &mut last, &mut heard).await {
            Ok(Some(job)) => return Ok(job),
            Err(error) if is_for_good(&error) || heard.elapsed() > AWAY => return Err(error),
            // The connection broke, or the server restarts: nothing is lost.
            Ok(None) | Err(_) => {}
        }
        sleep(AGAIN).await;
    }
}

/// Listens on one connection; `None` if it ends before the job.
async fn listen(
    client: &Client,
    id: &str,
    last: &mut String,
    heard: &mut Instant,
) -> Result<Option<Job>> {
    let response = client
        .events(&format!("/api/deploys/{id}/events"), last)
        .await?;
    let mut chunks = response.bytes_stream();
    let mut reader = EventReader::default();
    let mut ended = None;
    loop {
        let chunk = match timeout(SILENCE, chunks.next()).await {
            Ok(Some(Ok(chunk))) => chunk,
            // The job is told first and last; the log is complete where the stream was closed.
            Ok(None) => return Ok(ended),
            Ok(Some(Err(_))) | Err(_) => return Ok(None),
        };
        *heard = Instant::now();
        for event in reader.read(&chunk) {
            event.id.clone_into(last);
            match serde_json::from_str(&event.data)? {
                DeployEvent::Line(line) => {
                    print_line(&line);
                    ended = None;
                }
                DeployEvent::Job(job) => ended = job.state.is_final().then_some(*job),
            }
        }
    }
}

fn is_for_good(error: &anyhow::Error) -> bool {
    error.downcast_ref().is_some_and(Refused::is_for_good)
}

fn print_line(line: &LogLine) {
    let time = line.at.get(11..19).unwrap_or(&line.at);
    let mark = match line.level {
        LogLevel::Info => "",
        LogLevel::Warning => "warning: ",
        LogLevel::Error => "error: ",
    };
    let object = line
        .object
        .as_ref()
        .map_or(String::new(), |object| format!("{object}: "));
    println!("{time} {mark}{object}{}", printable(&line.message));
}

/// A message that came from somebody's container cannot steer the terminal.
fn printable(text: &str) -> String {
    let plain = |c: char| {
        if c.is_control() && c != '\t' {
            '\u{fffd}'
        } else {
            c
        }
    };
    text.chars().map(plain).collect()
}

/// Says how the job ended, and why.
fn report(job: &Job) -> Outcome {
    let (sentence, outcome) = match job.state {
        DeployState::Succeeded => ("Succeeded", Outcome::Good),
        DeployState::Cancelled => ("Cancelled", Outcome::Failed),
        _ => ("Failed", Outcome::Failed),
    };
    let reason = printable(&job.reason);
    match reason.as_str() {
        "" => println!("{sentence}"),
        reason => println!("{sentence}: {reason}"),
    }
    for object in &job.objects {
        if matches!(object.state, ObjectState::Failed | ObjectState::Degraded) {
            let reason = printable(&object.reason);
            println!("  {}/{}: {reason}", object.kind, object.name);
        }
    }
    outcome
}
