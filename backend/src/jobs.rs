//! The queue of deploy jobs: claims them, runs them, keeps them claimed, and survives its own end.
//!
//! A job belongs to a worker for as long as its lease is renewed. A worker that dies leaves a
//! lease that runs out, and the next one goes on where it stood; a worker that was only slow finds
//! itself fenced off, since every write carries the number of its attempt.

mod claim;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use deploy_core::progress::Patience;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::cluster::Connect;
use crate::store::{Job, Store};

use claim::Claim;

/// How often the queue is looked at though nothing woke the worker: leases of others run out
/// without a word.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How often the queue is looked at at most: every line of a log wakes the worker.
const BREATH: Duration = Duration::from_millis(20);

/// What time it is; tests have their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How a worker works.
#[derive(Clone)]
pub struct Settings {
    /// Names the worker in the store.
    pub worker: String,
    /// How long a job stays claimed without a sign of life.
    pub lease: Duration,
    /// Jobs at the same time.
    pub at_once: usize,
    /// How long a deploy waits for its objects, by the seconds asked for.
    pub patience: fn(Duration) -> Patience,
    pub clock: Clock,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            worker: format!("{}-{}", std::process::id(), rand::random::<u32>()),
            lease: Duration::from_secs(15),
            at_once: 64,
            patience: Patience::with_total,
            clock: Arc::new(Timestamp::now),
        }
    }
}

/// A worker that runs in the background.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts to claim and run jobs, as is usual.
    pub fn start(store: Arc<dyn Store>, clusters: Arc<dyn Connect>) -> Self {
        Self::start_with(store, clusters, Settings::default())
    }

    /// Starts to claim and run jobs.
    pub fn start_with(
        store: Arc<dyn Store>,
        clusters: Arc<dyn Connect>,
        settings: Settings,
    ) -> Self {
        let (stop, stopped) = watch::channel(false);
        let queue = Queue {
            store,
            clusters,
            settings,
            stopped,
        };
        Self {
            stop,
            task: tokio::spawn(queue.work()),
        }
    }

    /// Stops claiming, gives running jobs back so that the next start goes on with them at once,
    /// and waits until that is done.
    pub async fn shutdown(self) {
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(error = %error, "the worker of deploy jobs ended by itself");
        }
    }

    /// Ends the worker as a power cut would: nothing is given back.
    #[cfg(test)]
    pub(crate) fn kill(self) {
        self.task.abort();
    }
}

struct Queue {
    store: Arc<dyn Store>,
    clusters: Arc<dyn Connect>,
    settings: Settings,
    stopped: watch::Receiver<bool>,
}

impl Queue {
    async fn work(mut self) {
        let mut wake_up = self.store.changes();
        // Dropped with this task, and the jobs with it.
        let mut running = JoinSet::new();
        while !*self.stopped.borrow() {
            self.claim_all(&mut running).await;
            let breath = tokio::time::sleep(BREATH);
            tokio::select! {
                changed = self.stopped.changed() => if changed.is_err() {
                    return;
                },
                // A lagging wake-up is one too.
                _ = wake_up.recv() => {}
                Some(ended) = running.join_next() => {
                    if let Err(error) = ended {
                        tracing::error!(error = %error, "a deploy job ended by itself");
                    }
                }
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
            breath.await;
            while wake_up.try_recv().is_ok() {}
        }
        while running.join_next().await.is_some() {}
    }

    async fn claim_all(&self, running: &mut JoinSet<()>) {
        while running.len() < self.settings.at_once {
            match self.claim().await {
                Some(job) => {
                    let claim = Claim {
                        store: Arc::clone(&self.store),
                        clusters: Arc::clone(&self.clusters),
                        settings: self.settings.clone(),
                        stopped: self.stopped.clone(),
                        job,
                    };
                    running.spawn(claim.work());
                }
                None => return,
            }
        }
    }

    async fn claim(&self) -> Option<Job> {
        let Settings {
            worker,
            lease,
            clock,
            ..
        } = &self.settings;
        let now = clock();
        let claimed = self.store.claim_deploy(worker, now, now + *lease).await;
        claimed.unwrap_or_else(|error| {
            tracing::error!(error = %error, "no deploy job can be claimed");
            None
        })
    }
}
