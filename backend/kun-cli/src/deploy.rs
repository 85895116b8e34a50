//! `kun deploy`: starts a deploy, and shows it until it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use api_types::{
    Deploy as Job, DeployEvent, DeployOptions, DeployState, LogLevel, LogLine, NewDeploy,
    ObjectState, ResourceSet, Slug, VersionName,
};
use clap::Args;
use futures::StreamExt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep, timeout};

use crate::client::{Client, Refused};
use crate::events::EventReader;
use crate::recipe::target;
use crate::text::printable;
use crate::{Outcome, Output};

/// How long a server that went away is waited for.
const AWAY: Duration = Duration::from_mins(2);
/// A stream that says nothing for this long, not even that it lives, is broken.
const SILENCE: Duration = Duration::from_secs(45);
const AGAIN: Duration = Duration::from_secs(1);

#[derive(Args)]
pub(crate) struct Deploy {
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
    /// The version; the one pushed last if none is given.
    #[arg(short, long, env = "KUN_VERSION")]
    version: Option<VersionName>,
    /// The environment, such as `dev`.
    #[arg(short, long, env = "KUN_ENVIRONMENT")]
    env: Slug,
    #[command(flatten)]
    start: Start,
    #[command(flatten)]
    follow: Follow,
}

/// How a deploy is done.
#[derive(Args)]
pub(crate) struct Start {
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

/// What is shown of a deploy, and written for later jobs.
#[derive(Args)]
pub(crate) struct Follow {
    /// Show the log and wait for the end; a signal to stop (Ctrl-C, or the job that is cancelled)
    /// cancels the deploy.
    #[arg(short, long)]
    wait: bool,
    /// Where to write `KUN_DEPLOY` and `KUN_DEPLOY_URL`, for `artifacts:reports:dotenv`.
    #[arg(long, value_name = "FILE")]
    dotenv: Option<PathBuf>,
    /// Where to write a link to the deploy, for `artifacts:reports:annotations`.
    #[arg(long, value_name = "FILE")]
    annotations: Option<PathBuf>,
    /// Leave the deploy alone when told to stop.
    #[arg(skip)]
    looks_on: bool,
}

impl Deploy {
    pub(crate) async fn run(self, output: Output) -> Result<Outcome> {
        let (project, set) = target(self.project, self.resource_set)?;
        let client = Client::connect(Some(&project)).await?;
        let path = format!("/api/projects/{project}/sets/{set}");
        let version = match self.version {
            Some(version) => version,
            None => newest(&client, &path).await?,
        };
        // Heard from now on: a deploy that was asked for and is not known yet is cancelled too.
        let signals = Signals::new()?;
        let job = start(&client, &path, version, self.env, &self.start).await?;
        self.follow.run(&client, job, signals, output).await
    }
}

/// Asks for a deploy.
pub(crate) async fn start(
    client: &Client,
    path: &str,
    version: VersionName,
    environment: Slug,
    how: &Start,
) -> Result<Job> {
    let request = NewDeploy {
        version,
        environment,
        options: DeployOptions {
            prune: how.prune,
            force_conflicts: how.force_conflicts,
            timeout_seconds: how.timeout,
        },
        preview: None,
    };
    let (_, job) = client.post(&format!("{path}/deploys"), &request).await?;
    Ok(job)
}

impl Follow {
    /// From now on a signal ends the command alone.
    pub(crate) fn look_on(&mut self) {
        self.wait = true;
        self.looks_on = true;
    }

    /// Names a job, and shows it until it ends if that is wanted.
    pub(crate) async fn run(
        &self,
        client: &Client,
        job: Job,
        signals: Signals,
        output: Output,
    ) -> Result<Outcome> {
        let url = client.page(&format!("/deploys/{}", job.id));
        let mut out = Lines::of(output);
        out.line(&format!(
            "Deploying {}/{} {} to {} as {}",
            job.project, job.set, job.version, job.environment, job.by
        ));
        out.line(&url);
        self.write(&job, &url)?;
        let (job, outcome) = if self.wait {
            let (job, signal) = self
                .until_the_end(client, &job.id, signals, &mut out)
                .await?;
            let outcome = signal.unwrap_or(report(&job, &mut out));
            (job, outcome)
        } else {
            (job, Outcome::Good)
        };
        if output == Output::Json {
            println!("{}", serde_json::to_string(&job)?);
        }
        Ok(outcome)
    }

    fn write(&self, job: &Job, url: &str) -> Result<()> {
        let failed = |path: &Path| format!("cannot write {}", path.display());
        if let Some(path) = &self.dotenv {
            let text = format!("KUN_DEPLOY={}\nKUN_DEPLOY_URL={url}\n", job.id);
            fs::write(path, text).with_context(|| failed(path))?;
        }
        if let Some(path) = &self.annotations {
            let label = format!("{} in {}", job.version, job.environment);
            let link = serde_json::json!({"external_link": {"label": label, "url": url}});
            let links = serde_json::json!({ "KUN": [link] });
            fs::write(path, links.to_string()).with_context(|| failed(path))?;
        }
        Ok(())
    }

    /// Follows a job. The first signal to stop asks to cancel it, the second one leaves.
    async fn until_the_end(
        &self,
        client: &Client,
        id: &str,
        mut signals: Signals,
        out: &mut Lines,
    ) -> Result<(Job, Option<Outcome>)> {
        let following = follow(client, id, out);
        tokio::pin!(following);
        let signal = tokio::select! {
            job = &mut following => return Ok((job?, None)),
            signal = signals.next() => signal,
        };
        if self.looks_on {
            eprintln!("kun: the deploy goes on");
            let job = client.get(&format!("/api/deploys/{id}")).await?;
            return Ok((job, Some(signal)));
        }
        eprintln!("kun: cancelling; a second signal leaves it to the server");
        let empty = serde_json::json!({});
        let (_, _): (_, Job) = client
            .post(&format!("/api/deploys/{id}/cancel"), &empty)
            .await?;
        tokio::select! {
            job = &mut following => Ok((job?, Some(signal))),
            _ = signals.next() => bail!("left before the deploy had ended"),
        }
    }
}

/// The version pushed last.
pub(crate) async fn newest(client: &Client, path: &str) -> Result<VersionName> {
    let set: ResourceSet = client.get(path).await?;
    let unknown = || format!("set `{}` has no version yet: push one first", set.name);
    set.newest.clone().with_context(unknown)
}

/// What asks the command to stop: a person, or the runner of a job that was cancelled.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Outcome {
        tokio::select! {
            _ = self.interrupt.recv() => Outcome::Interrupted,
            _ = self.terminate.recv() => Outcome::Terminated,
        }
    }
}

/// Where the log goes: to the result, or beside it where the result is JSON.
struct Lines(Output);

impl Lines {
    fn of(output: Output) -> Self {
        Self(output)
    }

    fn line(&mut self, text: &str) {
        match self.0 {
            Output::Text => println!("{text}"),
            Output::Json => eprintln!("{text}"),
        }
    }
}

/// Prints the log of a job until the job ends, over as many connections as it takes.
async fn follow(client: &Client, id: &str, out: &mut Lines) -> Result<Job> {
    let mut last = "0".to_owned();
    let mut heard = Instant::now();
    loop {
        match listen(client, id, &mut last, &mut heard, out).await {
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
    out: &mut Lines,
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
                    out.line(&log_line(&line));
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

fn log_line(line: &LogLine) -> String {
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
    format!("{time} {mark}{object}{}", printable(&line.message))
}

/// Says how the job ended, and why.
fn report(job: &Job, out: &mut Lines) -> Outcome {
    let (sentence, outcome) = match job.state {
        DeployState::Succeeded => ("Succeeded", Outcome::Good),
        DeployState::Cancelled => ("Cancelled", Outcome::Cancelled),
        _ => ("Failed", Outcome::DeployFailed),
    };
    let reason = printable(&job.reason);
    match reason.as_str() {
        "" => out.line(sentence),
        reason => out.line(&format!("{sentence}: {reason}")),
    }
    for object in &job.objects {
        if matches!(object.state, ObjectState::Failed | ObjectState::Degraded) {
            let reason = printable(&object.reason);
            out.line(&format!("  {}/{}: {reason}", object.kind, object.name));
        }
    }
    outcome
}
