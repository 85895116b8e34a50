//! Waiting until objects are ready, or until they cannot become so.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use api_types::LogLevel;
use deploy_core::progress::{Patience, Progress, Verdict};
use deploy_core::readiness::{Health, Readiness, is_ready_at_once};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::cluster::{Cluster, Query, Target};
use crate::deploy::observe::{Group, Observation, observe};
use crate::deploy::{Reporter, convert, diagnose};
use crate::store::JobObject;

/// An object that is waited for.
pub(super) struct Waited<'a> {
    pub(super) target: Target,
    pub(super) row: &'a mut JobObject,
    /// Whether it is deleted when it has ended, as a Job may ask for.
    pub(super) is_short_lived: bool,
}

/// Waits until all are ready.
///
/// # Errors
///
/// Why they are not and will not be, as a sentence.
pub(super) async fn wait(
    cluster: &Arc<dyn Cluster>,
    waited: Vec<Waited<'_>>,
    selector: &str,
    patience: Patience,
    report: &Reporter,
) -> Result<(), String> {
    let mut waiting = Waiting {
        cluster,
        report,
        progress: Progress::new(waited.len(), patience),
        waited,
        begin: Instant::now(),
        diagnosed: HashSet::new(),
    };
    let watched = waiting.settle_those_ready_at_once();
    // Dropped with this future, and with them the watches.
    let mut observers = JoinSet::new();
    let (sender, mut observations) = mpsc::channel(64);
    let short_lived = waiting.short_lived();
    for group in groups(watched, selector, &short_lived) {
        observers.spawn(observe(Arc::clone(cluster), group, sender.clone()));
    }
    loop {
        let until = match waiting.progress.verdict(waiting.elapsed()) {
            Verdict::Ready => return Ok(()),
            Verdict::Failed { failed } => return Err(waiting.give_up(&failed)),
            Verdict::TimedOut { reason, unready } => {
                return Err(format!("{reason}; {}", waiting.give_up(&unready)));
            }
            Verdict::Wait { until } => waiting.begin + until,
        };
        tokio::select! {
            Some(observation) = observations.recv() => waiting.take_in(observation).await,
            () = tokio::time::sleep_until(until) => {}
        }
    }
}

struct Waiting<'a> {
    cluster: &'a Arc<dyn Cluster>,
    report: &'a Reporter,
    waited: Vec<Waited<'a>>,
    progress: Progress,
    begin: Instant,
    /// Those whose events and logs have been told.
    diagnosed: HashSet<usize>,
}

impl Waiting<'_> {
    fn elapsed(&self) -> Duration {
        self.begin.elapsed()
    }

    fn short_lived(&self) -> HashSet<usize> {
        let waited = self.waited.iter().enumerate();
        waited
            .filter_map(|(idx, it)| it.is_short_lived.then_some(idx))
            .collect()
    }

    /// Returns those that must be watched.
    fn settle_those_ready_at_once(&mut self) -> Vec<(usize, Target)> {
        let mut watched = Vec::new();
        for idx in 0..self.waited.len() {
            let Some(target) = self.waited.get(idx).map(|it| it.target.clone()) else {
                continue;
            };
            if is_ready_at_once(&target.id()) {
                let reason = "it is applied".to_owned();
                self.show(
                    idx,
                    Readiness {
                        health: Health::Ready,
                        reason,
                    },
                );
            } else {
                watched.push((idx, target));
            }
        }
        watched
    }

    async fn take_in(&mut self, observation: Observation) {
        let Observation {
            idx,
            readiness,
            object,
            pods,
        } = observation;
        let health = readiness.health;
        self.show(idx, readiness);
        let is_trouble = matches!(health, Health::Degraded | Health::Failed);
        if let (true, Some(object)) = (is_trouble, object)
            && self.diagnosed.insert(idx)
        {
            let told = diagnose::diagnose(&**self.cluster, &object, &pods).await;
            let Some(name) = self.waited.get(idx).map(|it| it.target.to_string()) else {
                return;
            };
            for line in told {
                self.report.about(LogLevel::Warning, &name, line);
            }
        }
    }

    /// Tells how an object stands, if that is another way than before.
    fn show(&mut self, idx: usize, readiness: Readiness) {
        let now = self.begin.elapsed();
        let Some(readiness) = self.progress.observe(idx, readiness, now) else {
            return;
        };
        let Some(Waited { target, row, .. }) = self.waited.get_mut(idx) else {
            return;
        };
        let state = convert::object_state(readiness.health);
        let level = match readiness.health {
            Health::Progressing | Health::Running | Health::Ready => LogLevel::Info,
            Health::Degraded => LogLevel::Warning,
            Health::Failed => LogLevel::Error,
        };
        if (row.object.state, &row.object.reason) != (state, &readiness.reason) {
            // That a ConfigMap is applied has been told.
            if !is_ready_at_once(&target.id()) {
                self.report.about(level, target, &readiness.reason);
            }
            row.object.state = state;
            row.object.reason = readiness.reason;
            self.report.object(row.clone());
        }
    }

    /// Marks what is given up, and says why.
    fn give_up(&mut self, indices: &[usize]) -> String {
        let mut reasons = Vec::new();
        for &idx in indices {
            let Some(Waited { target, row, .. }) = self.waited.get_mut(idx) else {
                continue;
            };
            let state = convert::object_state(Health::Failed);
            if row.object.state != state {
                row.object.state = state;
                self.report.object(row.clone());
            }
            reasons.push(format!("{target}: {}", row.object.reason));
        }
        let more = reasons.len().saturating_sub(3);
        reasons.truncate(3);
        match more {
            0 => reasons.join("; "),
            _ => format!("{}; and {more} more", reasons.join("; ")),
        }
    }
}

/// One group for each kind and namespace.
fn groups(
    watched: Vec<(usize, Target)>,
    selector: &str,
    short_lived: &HashSet<usize>,
) -> Vec<Group> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (idx, target) in watched {
        let key = (target.resource.clone(), target.namespace.clone());
        groups.entry(key).or_default().push((idx, target));
    }
    groups
        .into_iter()
        .map(|((resource, namespace), targets)| Group {
            query: Query {
                resource,
                namespace,
                labels: selector.to_owned(),
                fields: String::new(),
            },
            targets,
            short_lived: short_lived.clone(),
        })
        .collect()
}
