//! Running a deploy: stage by stage, then waiting, then pruning.
//!
//! Dropping the future of [`run`] stops it at once. What was sent may still arrive, which does no
//! harm: applying is idempotent, and nothing is deleted before all is ready.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use api_types::{ChangeKind, DeployObject, DeployOptions, DeployState, LogLevel, ObjectState};
use deploy_core::apply_set::{self, ApplySet, Members};
use deploy_core::plan::{Batch, Stage, plan};
use deploy_core::progress::Patience;
use deploy_core::{Manifests, ObjectId};
use futures::StreamExt;
use serde_json::Value;
use tokio::time::Instant;

use crate::cluster::{Apply, Cluster, ClusterError, Conflicts, Mode, Target};
use crate::deploy::objects::{self, Desired};
use crate::deploy::wait::{Waited, wait};
use crate::deploy::{DeployError, Reporter, apply, members};
use crate::store::JobObject;

/// Objects of a stage that are applied at the same time; the cluster's own limit comes on top.
const AT_ONCE: usize = 32;
/// How long namespaces and definitions may take until the next stage can stand on them.
const FOUNDATION: Duration = Duration::from_mins(1);

/// What is to be deployed.
#[derive(Debug, Clone)]
pub struct Task {
    pub files: BTreeMap<String, String>,
    pub set: ApplySet,
    /// The namespace of objects that name none.
    pub namespace: String,
    pub options: DeployOptions,
    pub patience: Patience,
    /// What an earlier attempt has stored, in the order of the plan; empty at the first one.
    pub done: Vec<JobObject>,
}

/// How a deploy ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub state: DeployState,
    /// Why, as a sentence.
    pub reason: String,
}

impl Outcome {
    fn failed(reason: impl Into<String>) -> Self {
        Self {
            state: DeployState::Failed,
            reason: reason.into(),
        }
    }
}

/// Runs a deploy to its end.
pub async fn run(cluster: Arc<dyn Cluster>, task: Task, report: Reporter) -> Outcome {
    let total = task.patience.total;
    let deadline = Instant::now() + total;
    match tokio::time::timeout_at(deadline, run_in_time(cluster, task, &report, deadline)).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => Outcome::failed(error.to_string()),
        Err(_) => Outcome::failed(format!("it took longer than {} seconds", total.as_secs())),
    }
}

async fn run_in_time(
    cluster: Arc<dyn Cluster>,
    task: Task,
    report: &Reporter,
    deadline: Instant,
) -> Result<Outcome, DeployError> {
    let manifests = Manifests::parse(&task.files)?;
    let desired = objects::resolve(&*cluster, manifests, &task.set, &task.namespace).await?;
    let ids: Vec<_> = desired.iter().map(|it| it.id.clone()).collect();
    let batches = plan(&ids, &[]).batches;
    let known = members::read_parent(&*cluster, &task.set).await?;
    let wanted = task.set.members(&ids).union(&known);
    let live = members::find(&*cluster, &task.set, &wanted).await?.objects;

    let mut deploy = Deploy::new(cluster, &task, report, desired, &batches, &live);
    deploy.announce(batches.len());
    if let Some(outcome) = deploy.apply_all(&batches, &wanted).await? {
        return Ok(outcome);
    }
    if let Some(outcome) = deploy.wait_for_all(deadline).await {
        return Ok(outcome);
    }
    if task.options.prune {
        deploy.prune(&ids, &wanted).await?;
    }
    Ok(Outcome {
        state: DeployState::Succeeded,
        reason: match ids.len() {
            1 => "its object is ready".to_owned(),
            count => format!("all {count} objects are ready"),
        },
    })
}

/// A deploy under way.
struct Deploy<'a> {
    cluster: Arc<dyn Cluster>,
    task: &'a Task,
    report: &'a Reporter,
    desired: Vec<Desired>,
    /// For each desired object, what is stored of it.
    rows: Vec<JobObject>,
    /// The members of the set as they were, by the version that the cluster gave them.
    live: HashMap<ObjectId, Value>,
    parent_is_written: bool,
}

impl<'a> Deploy<'a> {
    fn new(
        cluster: Arc<dyn Cluster>,
        task: &'a Task,
        report: &'a Reporter,
        desired: Vec<Desired>,
        batches: &[Batch],
        live: &[Value],
    ) -> Self {
        let mut rows: Vec<Option<JobObject>> = vec![None; desired.len()];
        let order = batches
            .iter()
            .flat_map(|it| it.objects.iter().map(move |idx| (it.stage, *idx)));
        for (position, (stage, idx)) in order.enumerate() {
            if let (Some(slot), Some(one)) = (rows.get_mut(idx), desired.get(idx)) {
                *slot = Some(row(position as u32, stage, &one.id, &task.done));
            }
        }
        let live = live
            .iter()
            .map(|object| (without_version(ObjectId::of(object)), object.clone()));
        Self {
            cluster,
            task,
            report,
            rows: rows.into_iter().flatten().collect(),
            desired,
            live: live.collect(),
            parent_is_written: false,
        }
    }

    fn announce(&self, stages: usize) {
        let resumed = self
            .rows
            .iter()
            .filter(|it| it.object.change.is_some())
            .count();
        let count = self.rows.len();
        let objects = if count == 1 { "object" } else { "objects" };
        let steps = if stages == 1 { "step" } else { "steps" };
        match resumed {
            0 => self.report.info(format!(
                "deploying {count} {objects} in {stages} {steps} to namespace {}",
                self.task.namespace
            )),
            _ => self.report.info(format!(
                "going on: {resumed} of {count} objects are applied already"
            )),
        }
        for row in &self.rows {
            self.report.object(row.clone());
        }
    }

    /// Applies what no earlier attempt has finished. Returns how it ended, if it did.
    async fn apply_all(
        &mut self,
        batches: &[Batch],
        members: &Members,
    ) -> Result<Option<Outcome>, DeployError> {
        for (number, batch) in batches.iter().enumerate() {
            let is_done = |idx: &usize| {
                self.rows
                    .get(*idx)
                    .is_some_and(|it| it.object.change.is_some())
            };
            if batch.objects.iter().all(is_done) {
                continue;
            }
            let step = format!("step {} of {}", number + 1, batches.len());
            self.report.state(DeployState::Applying, step);
            self.write_parent(batch.stage, members).await?;
            if let Some(outcome) = self.apply_batch(batch).await {
                return Ok(Some(outcome));
            }
            if batch.stage == Stage::Foundation
                && let Some(outcome) = self
                    .wait_for(&batch.objects, Patience::with_total(FOUNDATION))
                    .await
            {
                return Ok(Some(outcome));
            }
        }
        Ok(None)
    }

    /// Writes where members may be found, before the first of them is there. A namespace that the
    /// set itself adds must come before.
    async fn write_parent(&mut self, stage: Stage, members: &Members) -> Result<(), DeployError> {
        let adds_namespace = self.desired.iter().any(|it| {
            it.id.kind == "Namespace"
                && it.id.group().is_empty()
                && it.id.name == self.task.namespace
        });
        if self.parent_is_written || (stage == Stage::Foundation && adds_namespace) {
            return Ok(());
        }
        self.put_parent(members).await?;
        self.parent_is_written = true;
        Ok(())
    }

    async fn put_parent(&self, members: &Members) -> Result<(), DeployError> {
        let target = members::parent_target(&self.task.set);
        let object = self.task.set.parent_object(members);
        match self
            .cluster
            .apply(&target, &object, &self.how(Conflicts::TakeOver))
            .await
        {
            Ok(_) => Ok(()),
            Err(ClusterError::Refused(status)) => {
                let reason = deploy_core::explain::refusal(&target.id(), &status);
                Err(DeployError::Parent(target.name, reason))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn how(&self, conflicts: Conflicts) -> Apply {
        Apply {
            manager: self.task.set.manager(),
            mode: Mode::Store,
            conflicts,
        }
    }

    async fn apply_batch(&mut self, batch: &Batch) -> Option<Outcome> {
        let conflicts = if self.task.options.force_conflicts {
            Conflicts::TakeOver
        } else {
            Conflicts::Report
        };
        let how = self.how(conflicts);
        let cluster = Arc::clone(&self.cluster);
        let objects: Vec<_> = batch
            .objects
            .iter()
            .filter_map(|&idx| {
                let desired = self.desired.get(idx)?.clone();
                let live = self.live.get(&without_version(desired.id.clone())).cloned();
                Some((idx, desired, live))
            })
            .collect();
        let requests = objects.into_iter().map(|(idx, desired, live)| {
            let (cluster, how) = (&cluster, &how);
            async move {
                (
                    idx,
                    apply::apply(&**cluster, &desired, live.as_ref(), how).await,
                )
            }
        });
        let mut answers = futures::stream::iter(requests).buffer_unordered(AT_ONCE);
        let mut failures = Vec::new();
        while let Some((idx, answer)) = answers.next().await {
            failures.extend(self.take_in(idx, answer));
        }
        (!failures.is_empty()).then(|| Outcome::failed(failures.join("; ")))
    }

    /// Stores what became of an object. Returns why it failed.
    fn take_in(&mut self, idx: usize, answer: Result<apply::Done, String>) -> Option<String> {
        let row = self.rows.get_mut(idx)?;
        let name = format!("{}/{}", row.object.kind, row.object.name);
        let failure = match answer {
            Ok(done) => {
                self.report.about(LogLevel::Info, &name, done.sentence());
                for warning in &done.warnings {
                    self.report.about(LogLevel::Warning, &name, warning);
                }
                row.uid = done.uid;
                row.object.change = Some(done.change);
                row.object.fields = done.fields;
                row.object.state = ObjectState::Progressing;
                "it is applied".clone_into(&mut row.object.reason);
                None
            }
            Err(reason) => {
                self.report.about(LogLevel::Error, &name, &reason);
                row.object.state = ObjectState::Failed;
                row.object.reason.clone_from(&reason);
                Some(format!("{name}: {reason}"))
            }
        };
        self.report.object(row.clone());
        failure
    }

    async fn wait_for_all(&mut self, deadline: Instant) -> Option<Outcome> {
        self.report.state(
            DeployState::Waiting,
            "everything is applied and becomes ready",
        );
        let rest = deadline.saturating_duration_since(Instant::now());
        let patience = Patience {
            // A little before the deadline of the whole, so that the reason can still be told.
            total: rest.saturating_sub(Duration::from_millis(200)),
            ..self.task.patience
        };
        let all: Vec<usize> = (0..self.desired.len()).collect();
        self.wait_for(&all, patience).await
    }

    async fn wait_for(&mut self, indices: &[usize], patience: Patience) -> Option<Outcome> {
        let waited = self.rows.iter_mut().enumerate().filter_map(|(idx, row)| {
            let target = self.desired.get(idx)?.target.clone()?;
            indices.contains(&idx).then_some(Waited { target, row })
        });
        let waited = waited.collect();
        let selector = self.task.set.selector();
        let end = wait(&self.cluster, waited, &selector, patience, self.report).await;
        end.err().map(Outcome::failed)
    }

    async fn prune(&mut self, desired: &[ObjectId], members: &Members) -> Result<(), DeployError> {
        self.report.state(
            DeployState::Pruning,
            "what is no longer described is deleted",
        );
        let found = members::find(&*self.cluster, &self.task.set, members).await?;
        let prune = apply_set::prune(desired, &found.objects);
        let mut kept: Vec<ObjectId> = desired.to_vec();
        for sentence in found.unseen {
            self.report.warning(sentence);
        }
        for (id, why) in prune.kept {
            self.report
                .about(LogLevel::Warning, &id, format!("it stays: {why}"));
            kept.push(id);
        }
        for victim in prune.victims {
            if !self.delete(&victim).await? {
                kept.push(victim.id);
            }
        }
        self.put_parent(&self.task.set.members(&kept)).await
    }

    async fn delete(&mut self, victim: &apply_set::Victim) -> Result<bool, DeployError> {
        let id = &victim.id;
        let Some(resource) = self.cluster.resource(&id.api_version, &id.kind).await? else {
            return Ok(true);
        };
        let target = Target {
            resource,
            namespace: id.namespace.clone(),
            name: id.name.clone(),
        };
        let mut row = row(self.rows.len() as u32, Stage::Foundation, id, &[]);
        row.object.stage = 0;
        let deleted = self.cluster.delete(&target, &victim.uid).await;
        row.uid = Some(victim.uid.clone());
        match &deleted {
            Ok(()) => {
                self.report.about(
                    LogLevel::Info,
                    id,
                    "deleted: this version does not describe it",
                );
                row.object.change = Some(ChangeKind::Remove);
                row.object.state = ObjectState::Removed;
                "this version does not describe it".clone_into(&mut row.object.reason);
            }
            // The deploy has done its work; what cannot be deleted does not make it fail.
            Err(error) => {
                let reason = format!("it could not be deleted: {}", error.about(id));
                self.report.about(LogLevel::Warning, id, &reason);
                row.object.state = ObjectState::Degraded;
                row.object.reason = reason;
            }
        }
        self.report.object(row.clone());
        self.rows.push(row);
        Ok(deleted.is_ok())
    }
}

fn row(position: u32, stage: Stage, id: &ObjectId, done: &[JobObject]) -> JobObject {
    let same = |it: &&JobObject| {
        let object = &it.object;
        (&object.kind, &object.name, &object.namespace) == (&id.kind, &id.name, &id.namespace)
            && object.api_version == id.api_version
    };
    if let Some(row) = done.iter().find(same) {
        return JobObject {
            position,
            ..row.clone()
        };
    }
    JobObject {
        position,
        uid: None,
        object: DeployObject {
            api_version: id.api_version.clone(),
            kind: id.kind.clone(),
            namespace: id.namespace.clone(),
            name: id.name.clone(),
            stage: stage.number(),
            change: None,
            state: ObjectState::Waiting,
            reason: String::new(),
            fields: Vec::new(),
        },
    }
}

/// Objects are looked up whatever the version of their API.
fn without_version(id: ObjectId) -> ObjectId {
    ObjectId {
        api_version: id.group().to_owned(),
        ..id
    }
}
