//! One claimed job: it runs while the claim is kept, and everything it tells is stored.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use api_types::{DeployState, LogLevel};
use deploy_core::apply_set::ApplySet;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::cluster::Connect;
use crate::deploy::{Outcome, Report, Reporter, Task, run};
use crate::jobs::Settings;
use crate::store::{Job, NewLogLine, Progress, SetKey, Store, StoreError, VersionKey};

/// A job that ended its worker so often is not tried again.
const ATTEMPTS: i64 = 5;
/// Seconds for a deploy that asks for none.
const USUAL_SECONDS: u32 = 600;
/// How long requests to the cluster are repeated before it counts as unreachable.
const CLUSTER_PATIENCE: Duration = Duration::from_mins(1);
/// How long a cancel may go unnoticed in the process in which it was asked for.
const SOON: Duration = Duration::from_millis(250);
/// Reports that are stored in one transaction.
const BATCH: usize = 256;
/// Between two transactions of a job. A person sees no difference; a database that waits for its
/// disk each time does, when many deploys run.
const BREATH: Duration = Duration::from_millis(50);

/// A job and what it needs.
pub(super) struct Claim {
    pub(super) store: Arc<dyn Store>,
    pub(super) clusters: Arc<dyn Connect>,
    pub(super) settings: Settings,
    pub(super) stopped: watch::Receiver<bool>,
    pub(super) job: Job,
}

/// Why a job does not run any more.
enum End {
    Finished(Outcome),
    /// A person asked for it.
    Cancelled,
    /// This process ends; another one goes on.
    Stopped,
    /// The claim was lost: another worker may have the job, so nothing is written any more.
    Lost,
}

impl Claim {
    /// Runs the job until it ends or the claim does.
    pub(super) async fn work(self) {
        // What was told and is not stored yet.
        let mut told = Vec::new();
        let end = if self.job.cancel_requested {
            End::Cancelled
        } else if self.job.attempt > ATTEMPTS {
            End::Finished(failed(format!(
                "it was begun {ATTEMPTS} times, and each time the server ended before it did"
            )))
        } else {
            self.run(&mut told).await
        };
        let stored = match end {
            End::Finished(outcome) => self.finish(outcome, told).await,
            End::Cancelled => {
                let reason = "a person stopped it; what was applied stays".to_owned();
                let outcome = Outcome {
                    state: DeployState::Cancelled,
                    reason,
                };
                self.finish(outcome, told).await
            }
            End::Stopped => {
                self.store
                    .release_deploy(self.job.id, self.job.attempt)
                    .await
            }
            End::Lost => Ok(()),
        };
        match stored {
            Ok(()) | Err(StoreError::Fenced) => {}
            Err(error) => {
                tracing::error!(job.id = %self.job.id, error = %error, "the end of a deploy job cannot be stored");
            }
        }
    }

    /// Runs the deploy, stores what it tells, and keeps the claim, all at once. What was told last
    /// is left in `told`, to be stored with the end.
    async fn run(&self, told: &mut Vec<Report>) -> End {
        let (reporter, mut reports) = Reporter::new();
        if self.job.attempt > 1 {
            let line = format!(
                "the server ended before the deploy did; attempt {} goes on",
                self.job.attempt
            );
            reporter.warning(line);
        }
        let mut stopped = self.stopped.clone();
        // In a task of its own, so that it does not stand still while the store writes. It is
        // dropped, and the deploy with it, whenever this function returns.
        let mut deploy = JoinSet::new();
        deploy.spawn(self.deploy(reporter));
        let mut wake_up = self.store.changes();
        let mut last_beat = Instant::now();
        let mut next_beat = last_beat + self.settings.lease / 3;
        let mut next_store = last_beat;
        let mut own_changes = 0_u32;
        let outcome = loop {
            tokio::select! {
                biased;
                () = asked_to_stop(&mut stopped) => return End::Stopped,
                () = tokio::time::sleep_until(next_beat) => {
                    if let Some(end) = self.heartbeat(&mut last_beat).await {
                        return end;
                    }
                    next_beat = Instant::now() + self.settings.lease / 3;
                }
                woken = wake_up.recv() => match woken {
                    Ok(id) if id != self.job.id => {}
                    Ok(_) if own_changes > 0 => own_changes -= 1,
                    // Somebody may have asked to cancel it: the next beat tells, and comes soon.
                    Ok(_) => next_beat = next_beat.min(last_beat + SOON),
                    // Some were missed, own ones too.
                    Err(_) => own_changes = 0,
                },
                () = tokio::time::sleep_until(next_store), if !told.is_empty() => {
                    if let Some(end) = self.store_reports(told).await {
                        return end;
                    }
                    next_store = Instant::now() + BREATH;
                    own_changes += 1;
                }
                _ = reports.recv_many(told, BATCH), if told.len() < BATCH && !reports.is_closed() => {}
                Some(ended) = deploy.join_next() => break ended.unwrap_or_else(|error| {
                    tracing::error!(job.id = %self.job.id, error = %error, "a deploy ended by itself");
                    failed("an error within KUN stopped it; the server's log says more".to_owned())
                }),
            }
        };
        while reports.recv_many(told, BATCH).await > 0 {
            if told.len() >= BATCH
                && let Some(end) = self.store_reports(told).await
            {
                return end;
            }
        }
        End::Finished(outcome)
    }

    fn deploy(&self, reporter: Reporter) -> impl Future<Output = Outcome> + use<> {
        let store = Arc::clone(&self.store);
        let clusters = Arc::clone(&self.clusters);
        let patience = self.settings.patience;
        let job = self.job.clone();
        async move {
            let cluster = match clusters
                .connect(&job.cluster, &job.deploy.by, CLUSTER_PATIENCE)
                .await
            {
                Ok(cluster) => cluster,
                Err(error) => return failed(error.to_string()),
            };
            match task(&*store, job, patience).await {
                Ok(task) => run(cluster, task, reporter).await,
                Err(error) => failed(format!("the version cannot be read: {error}")),
            }
        }
    }

    /// Renews the lease. Returns why the job must stop, if it must.
    async fn heartbeat(&self, last_beat: &mut Instant) -> Option<End> {
        let lease = self.settings.lease;
        let until = (self.settings.clock)() + lease;
        // A store that hangs must not keep this worker writing past its lease.
        let beat = self.store.heartbeat(self.job.id, self.job.attempt, until);
        match tokio::time::timeout(lease / 3, beat).await {
            Ok(Ok(cancel)) => {
                *last_beat = Instant::now();
                cancel.then_some(End::Cancelled)
            }
            Ok(Err(StoreError::Fenced | StoreError::NotFound { .. })) => Some(End::Lost),
            Ok(Err(_)) | Err(_) => (last_beat.elapsed() >= lease * 2 / 3).then_some(End::Lost),
        }
    }

    async fn store_reports(&self, batch: &mut Vec<Report>) -> Option<End> {
        let progress = progress(batch.drain(..));
        let now = (self.settings.clock)();
        let stored = self
            .store
            .record(self.job.id, self.job.attempt, progress, now)
            .await;
        match stored {
            Ok(_) => None,
            Err(StoreError::Fenced) => Some(End::Lost),
            Err(error) => {
                // Lines that cannot be stored must not be shown, and a deploy that nobody can
                // follow must not go on.
                tracing::error!(job.id = %self.job.id, error = %error, "a deploy job cannot be recorded");
                Some(End::Lost)
            }
        }
    }

    async fn finish(&self, outcome: Outcome, told: Vec<Report>) -> Result<(), StoreError> {
        let Outcome { state, reason } = outcome;
        tracing::info!(job.id = %self.job.id, state = ?state, "a deploy job has ended");
        let now = (self.settings.clock)();
        let (level, message) = match state {
            DeployState::Succeeded => (LogLevel::Info, format!("succeeded: {reason}")),
            DeployState::Cancelled => (LogLevel::Warning, format!("cancelled: {reason}")),
            DeployState::Failed
            | DeployState::Queued
            | DeployState::Applying
            | DeployState::Waiting
            | DeployState::Pruning => (LogLevel::Error, format!("failed: {reason}")),
        };
        let line = NewLogLine {
            at: now,
            level,
            object: None,
            message,
        };
        let mut progress = progress(told.into_iter());
        progress.state = Some(state);
        progress.reason = Some(reason);
        progress.lines.push(line);
        self.store
            .record(self.job.id, self.job.attempt, progress, now)
            .await?;
        Ok(())
    }
}

/// A worker that is gone has stopped too.
async fn asked_to_stop(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|it| *it).await;
}

async fn task(
    store: &dyn Store,
    job: Job,
    patience: fn(Duration) -> deploy_core::progress::Patience,
) -> Result<Task, StoreError> {
    let deploy = job.deploy;
    let environment = deploy.environment;
    let set = ApplySet::new(
        deploy.project.as_str(),
        deploy.set.as_str(),
        environment.as_str(),
        &job.namespace,
    );
    let key = VersionKey {
        set: SetKey {
            project: deploy.project,
            set: deploy.set,
        },
        version: deploy.version,
    };
    let seconds = deploy.options.timeout_seconds.unwrap_or(USUAL_SECONDS);
    Ok(Task {
        files: store.files(&key).await?,
        receipts: store.receipts(&key.set, &environment).await?,
        set,
        fence: job.fence,
        namespace: job.namespace,
        options: deploy.options,
        patience: patience(Duration::from_secs(seconds.into())),
        done: job.objects,
    })
}

/// What some reports come to: of an object and of the state, the last word counts.
fn progress(reports: impl Iterator<Item = Report>) -> Progress {
    let mut progress = Progress::default();
    let mut objects = BTreeMap::new();
    for report in reports {
        match report {
            Report::Line(line) => progress.lines.push(line),
            Report::Object(object) => {
                objects.insert(object.position, *object);
            }
            Report::State { state, reason } => {
                progress.state = Some(state);
                progress.reason = Some(reason);
            }
        }
    }
    progress.objects = objects.into_values().collect();
    progress
}

fn failed(reason: String) -> Outcome {
    Outcome {
        state: DeployState::Failed,
        reason,
    }
}
