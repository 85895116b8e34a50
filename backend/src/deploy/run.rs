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
use deploy_core::receipt::receipt;
use deploy_core::{Manifests, ObjectId};
use futures::StreamExt;
use serde_json::Value;
use tokio::time::Instant;

use crate::cluster::{Apply, Cluster, Conflicts, Mode};
use crate::deploy::objects::{self, Desired};
use crate::deploy::parent::Parent;
use crate::deploy::prune::{Fate, delete_all};
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
    /// What earlier deploys left behind, by the uid of the object.
    pub receipts: HashMap<String, String>,
    /// Tells the cluster which of two workers came later.
    pub fence: i64,
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
    if let Some(outcome) = refuse_unknown_kinds(&desired) {
        return Ok(outcome);
    }
    let ids: Vec<_> = desired.iter().map(|it| it.id.clone()).collect();
    let batches = plan(&ids, &[]).batches;
    let (parent, known) = Parent::read(&*cluster, &task.set, task.fence).await?;
    let wanted = task.set.members(&ids).union(&known);
    let live = members::find(&*cluster, &task.set, &wanted, &desired)
        .await?
        .objects;

    let mut deploy = Deploy::new(cluster, &task, report, desired, parent, &batches, &live);
    deploy.announce(batches.len());
    if let Some(outcome) = deploy.apply_all(&batches, &wanted).await? {
        return Ok(outcome);
    }
    if let Some(outcome) = deploy.wait_for_all(deadline).await {
        return Ok(outcome);
    }
    let mut reason = match ids.len() {
        1 => "its object is ready".to_owned(),
        count => format!("all {count} objects are ready"),
    };
    if task.options.prune {
        match deploy.prune(&ids, &wanted).await? {
            0 => {}
            1 => reason += ", and an object that it no longer describes is still there",
            more => {
                let still_there = "objects that it no longer describes are still there";
                reason = format!("{reason}, and {more} {still_there}");
            }
        }
    }
    Ok(Outcome {
        state: DeployState::Succeeded,
        reason,
    })
}

/// A kind that the cluster does not have would only be met half-way.
fn refuse_unknown_kinds(desired: &[Desired]) -> Option<Outcome> {
    let unknown = desired.iter().filter(|it| it.target.is_none());
    let reasons: Vec<_> = unknown
        .map(|it| format!("{}: {}", it.id, it.why_unknown()))
        .collect();
    let reasons = reasons.join("; ");
    (!reasons.is_empty()).then(|| Outcome::failed(format!("{reasons}; nothing was changed")))
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
    parent: Parent,
    parent_is_written: bool,
}

impl<'a> Deploy<'a> {
    fn new(
        cluster: Arc<dyn Cluster>,
        task: &'a Task,
        report: &'a Reporter,
        desired: Vec<Desired>,
        parent: Parent,
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
            parent,
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
            let changing = self.pass_over_unchanged(batch);
            if !changing.is_empty() || !self.parent_is_written {
                self.write_parent(batch.stage, members).await?;
            }
            if let Some(outcome) = self.apply_batch(&changing).await {
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

    /// Writes where members may be found, before the first of them is there, and asks with it
    /// whether the set is still this job's, before each stage that changes something. A namespace
    /// that the set itself adds must come before.
    async fn write_parent(&mut self, stage: Stage, members: &Members) -> Result<(), DeployError> {
        let adds_namespace = self.desired.iter().any(|it| {
            it.id.kind == "Namespace"
                && it.id.group().is_empty()
                && it.id.name == self.task.namespace
        });
        if stage == Stage::Foundation && adds_namespace {
            return Ok(());
        }
        self.parent.write(&*self.cluster, members).await?;
        self.parent_is_written = true;
        Ok(())
    }

    fn how(&self, conflicts: Conflicts) -> Apply {
        Apply {
            manager: self.task.set.manager(),
            mode: Mode::Store,
            conflicts,
        }
    }

    fn conflicts(&self) -> Conflicts {
        if self.task.options.force_conflicts {
            Conflicts::TakeOver
        } else {
            Conflicts::Report
        }
    }

    /// Reports the objects of a batch that are as an earlier deploy left them, and returns those
    /// that must be sent.
    fn pass_over_unchanged(&mut self, batch: &Batch) -> Vec<usize> {
        let mut changing = Vec::new();
        for &idx in &batch.objects {
            match self.unchanged(idx) {
                Some(done) => drop(self.take_in(idx, Ok(done))),
                None => changing.push(idx),
            }
        }
        changing
    }

    fn unchanged(&self, idx: usize) -> Option<apply::Done> {
        // By force, fields may change hands though no value changes.
        if self.conflicts() == Conflicts::TakeOver {
            return None;
        }
        let desired = self.desired.get(idx)?;
        let live = self.live(desired)?;
        let uid = live.pointer("/metadata/uid")?.as_str()?;
        let left = self.task.receipts.get(uid)?;
        let now = receipt(&desired.object, live, &self.task.set.manager())?;
        (now == *left).then(|| apply::Done {
            uid: Some(uid.to_owned()),
            receipt: Some(now),
            change: ChangeKind::Unchanged,
            fields: Vec::new(),
            warnings: Vec::new(),
        })
    }

    fn live(&self, desired: &Desired) -> Option<&Value> {
        self.live.get(&without_version(desired.id.clone()))
    }

    async fn apply_batch(&mut self, indices: &[usize]) -> Option<Outcome> {
        let how = self.how(self.conflicts());
        let cluster = Arc::clone(&self.cluster);
        let objects: Vec<_> = indices
            .iter()
            .filter_map(|&idx| {
                let desired = self.desired.get(idx)?.clone();
                let live = self.live(&desired).cloned();
                Some((idx, desired, live))
            })
            .collect();
        let requests = objects.into_iter().map(|(idx, desired, live)| {
            let (cluster, how) = (&cluster, &how);
            async move {
                let answer = apply::apply(&**cluster, &desired, live.as_ref(), how).await;
                (idx, answer)
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
                row.receipt = done.receipt;
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
            let desired = self.desired.get(idx)?;
            let target = desired.target.clone()?;
            let lifetime = desired.object.pointer("/spec/ttlSecondsAfterFinished");
            indices.contains(&idx).then_some(Waited {
                target,
                row,
                is_short_lived: lifetime.is_some(),
            })
        });
        let waited = waited.collect();
        let selector = self.task.set.selector();
        let end = wait(&self.cluster, waited, &selector, patience, self.report).await;
        end.err().map(Outcome::failed)
    }

    /// Deletes what is no longer described. Returns how many objects of it are still there.
    async fn prune(
        &mut self,
        desired: &[ObjectId],
        members: &Members,
    ) -> Result<usize, DeployError> {
        let sentence = "what is no longer described is deleted";
        self.report.state(DeployState::Pruning, sentence);
        // Whoever works on the set by now may describe it.
        self.parent.write(&*self.cluster, members).await?;
        let found = members::find(&*self.cluster, &self.task.set, members, &self.desired).await?;
        let prune = apply_set::prune(desired, &found.objects);
        let mut kept: Vec<ObjectId> = desired.to_vec();
        for sentence in found.not_pruned() {
            self.report.warning(sentence);
        }
        for (id, why) in prune.kept {
            self.report
                .about(LogLevel::Warning, &id, format!("it stays: {why}"));
            kept.push(id);
        }
        let mut left = 0;
        for (victim, fate) in delete_all(&*self.cluster, prune.victims).await? {
            if !matches!(fate, Fate::Gone) {
                left += 1;
                kept.push(victim.id.clone());
            }
            self.take_in_fate(&victim, fate);
        }
        let members = self.task.set.members(&kept);
        self.parent.write(&*self.cluster, &members).await?;
        Ok(left)
    }

    /// Stores what became of an object that was to be deleted. What cannot be deleted does not
    /// make the deploy fail: it has done its work.
    fn take_in_fate(&mut self, victim: &apply_set::Victim, fate: Fate) {
        let id = &victim.id;
        let mut row = row(self.rows.len() as u32, Stage::Foundation, id, &[]);
        row.uid = Some(victim.uid.clone());
        row.object.stage = 0;
        row.object.state = ObjectState::Degraded;
        match fate {
            Fate::Gone => {
                let sentence = "deleted: this version does not describe it";
                self.report.about(LogLevel::Info, id, sentence);
                row.object.change = Some(ChangeKind::Remove);
                row.object.state = ObjectState::Removed;
                "this version does not describe it".clone_into(&mut row.object.reason);
            }
            Fate::Held(reason) => {
                self.report.about(LogLevel::Warning, id, &reason);
                row.object.change = Some(ChangeKind::Remove);
                row.object.reason = reason;
            }
            Fate::Refused(reason) => {
                let reason = format!("it could not be deleted: {reason}");
                self.report.about(LogLevel::Warning, id, &reason);
                row.object.reason = reason;
            }
        }
        self.report.object(row.clone());
        self.rows.push(row);
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
        receipt: None,
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
