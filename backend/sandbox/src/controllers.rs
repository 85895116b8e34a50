//! The controllers that play: what follows from a change, and when.

mod actor;
mod aggregation;
mod autoscaler;
mod bootstrap;
mod budget;
mod claim;
mod cron_job;
mod custom;
mod daemon_set;
mod deployment;
mod events;
mod garbage;
mod job;
mod kubelet;
mod namespace;
mod node;
mod owned;
mod post;
mod replica_set;
mod scheduler;
mod service;
mod stateful_set;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

pub(crate) use bootstrap::bootstrap;
pub(crate) use cron_job::Schedule;
pub(crate) use post::post;

use crate::store::Change;
use crate::value::{items, name, namespace, text};
use crate::world::World;
use actor::Actor;

/// One object that a controller has to look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Task {
    controller: Controller,
    namespace: String,
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Controller {
    Aggregation,
    Autoscaler,
    Budget,
    Claim,
    CronJob,
    Custom,
    DaemonSet,
    Deployment,
    Garbage,
    Job,
    Namespace,
    Pod,
    ReplicaSet,
    Service,
    StatefulSet,
}

/// When a task is due again, besides when something changes.
type Again = Option<Duration>;

/// Times that belong to objects, such as when an image will have been pulled.
#[derive(Debug, Default)]
struct Deadlines(HashMap<(String, String), Instant>);

impl Deadlines {
    /// How long it still takes until `stage` of an object is over; its length is rolled once, in milliseconds.
    fn left(&mut self, world: &World, uid: &str, stage: &str, low: u64, high: u64) -> Again {
        let due = *self
            .0
            .entry((uid.to_owned(), stage.to_owned()))
            .or_insert_with(|| {
                let millis = world.roll(low, high);
                Instant::now() + Duration::from_millis(millis).mul_f64(world.pace)
            });
        let left = due.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    fn forget(&mut self, uid: &str) {
        self.0.retain(|(it, _), _| it != uid);
    }

    fn forget_stage(&mut self, uid: &str, stage: &str) {
        self.0.remove(&(uid.to_owned(), stage.to_owned()));
    }
}

/// Plays until `stop` says so.
pub(crate) async fn run(world: Arc<World>, mut stop: watch::Receiver<bool>) {
    let mut player = Player::new(&world);
    let mut changed = world.store().subscribe();
    loop {
        player.notice(&world);
        let next = player.work(&world).await;
        let wait = next
            .unwrap_or(Duration::from_hours(1))
            .max(Duration::from_millis(1));
        let wait = if world.faults.is_frozen() {
            Duration::from_millis(20)
        } else {
            wait
        };
        tokio::select! {
            alive = changed.changed() => if alive.is_err() { return },
            () = tokio::time::sleep(wait) => {}
            () = crate::world::stopped(&mut stop) => return,
        }
    }
}

struct Player {
    seen: u64,
    due: BTreeSet<Task>,
    later: BTreeMap<Task, Instant>,
    deadlines: Deadlines,
}

impl Player {
    /// Looks at everything once, as controllers do when they start.
    fn new(world: &World) -> Self {
        let store = world.store();
        let mut due = BTreeSet::new();
        for storage in store.storages() {
            for object in store.list(&storage, "") {
                tasks_of(&storage, &object, &mut due);
            }
        }
        Self {
            seen: store.version(),
            due,
            later: BTreeMap::new(),
            deadlines: Deadlines::default(),
        }
    }

    /// Turns what changed into tasks.
    fn notice(&mut self, world: &World) {
        let store = world.store();
        if let Some(changes) = store.since(self.seen) {
            for change in changes {
                self.notice_one(&store, change);
            }
            self.seen = store.version();
        } else {
            drop(store);
            *self = Self::new(world);
        }
    }

    fn notice_one(&mut self, store: &crate::store::Store, change: &Change) {
        let object = &change.object;
        tasks_of(&change.storage, object, &mut self.due);
        if let Some(before) = &change.before {
            tasks_of(&change.storage, before, &mut self.due);
        }
        if change.deleted {
            self.deadlines.forget(crate::value::uid(object));
            self.due
                .insert(task(Controller::Garbage, "", crate::value::uid(object)));
        }
        if &*change.storage == "pods" {
            for service in store.list("services", namespace(object)) {
                let selector = crate::selector::Labels::of_map(service["spec"].get("selector"));
                let selects =
                    selector.is_some_and(|it| it.matches(object["metadata"].get("labels")));
                if selects {
                    self.due.insert(task(
                        Controller::Service,
                        namespace(&service),
                        name(&service),
                    ));
                }
            }
            for budget in store.list("poddisruptionbudgets.policy", namespace(object)) {
                self.due
                    .insert(task(Controller::Budget, namespace(&budget), name(&budget)));
            }
        }
        if !change.deleted
            && change.before.is_none()
            && matches!(
                &*change.storage,
                "configmaps" | "secrets" | "serviceaccounts" | "persistentvolumeclaims"
            )
        {
            self.wake_waiting(store, namespace(object), &change.storage);
        }
        if &*change.storage == "namespaces" {
            self.due
                .insert(task(Controller::Namespace, "", name(object)));
        } else if change.deleted
            && store
                .get("namespaces", "", namespace(object))
                .is_some_and(|it| crate::value::is_terminating(&it))
        {
            self.due
                .insert(task(Controller::Namespace, "", namespace(object)));
        }
    }

    /// Pods and workloads that wait for something that now may be there.
    fn wake_waiting(&mut self, store: &crate::store::Store, in_namespace: &str, storage: &str) {
        for pod in store.list("pods", in_namespace) {
            if text(&pod, "status.phase") == "Pending" {
                self.due
                    .insert(task(Controller::Pod, namespace(&pod), name(&pod)));
            }
        }
        // Only a missing account keeps pods from being made.
        if storage != "serviceaccounts" {
            return;
        }
        for set in store.list("replicasets.apps", in_namespace) {
            self.due
                .insert(task(Controller::ReplicaSet, namespace(&set), name(&set)));
        }
    }

    /// Does what is due, and says when something is due again.
    async fn work(&mut self, world: &World) -> Again {
        let now = Instant::now();
        let ripe: Vec<_> = self
            .later
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(task, _)| task.clone())
            .collect();
        for task in ripe {
            self.later.remove(&task);
            self.due.insert(task);
        }
        if world.faults.is_frozen() {
            return None;
        }
        let mut done = 0;
        while let Some(task) = self.due.pop_first() {
            if let Some(after) = self.reconcile(world, &task) {
                self.later.insert(task, Instant::now() + after);
            }
            done += 1;
            // Others share the thread: requests must not wait for a long queue.
            if done % 8 == 0 {
                tokio::task::yield_now().await;
            }
        }
        let next = self.later.values().min()?;
        Some(next.saturating_duration_since(Instant::now()))
    }

    fn reconcile(&mut self, world: &World, task: &Task) -> Again {
        let mut store = world.store();
        let mut actor = Actor {
            world,
            store: &mut store,
            deadlines: &mut self.deadlines,
        };
        let (namespace, name) = (task.namespace.as_str(), task.name.as_str());
        match task.controller {
            Controller::Aggregation => aggregation::reconcile(&mut actor),
            Controller::Autoscaler => autoscaler::reconcile(&mut actor, namespace, name),
            Controller::Budget => budget::reconcile(&mut actor, namespace, name),
            Controller::Claim => claim::reconcile(&mut actor, namespace, name),
            Controller::CronJob => cron_job::reconcile(&mut actor, namespace, name),
            Controller::Custom => custom::reconcile(&mut actor, name),
            Controller::DaemonSet => daemon_set::reconcile(&mut actor, namespace, name),
            Controller::Deployment => deployment::reconcile(&mut actor, namespace, name),
            Controller::Garbage => garbage::reconcile(&mut actor, name),
            Controller::Job => job::reconcile(&mut actor, namespace, name),
            Controller::Namespace => namespace::reconcile(&mut actor, name),
            Controller::Pod => kubelet::reconcile(&mut actor, namespace, name),
            Controller::ReplicaSet => replica_set::reconcile(&mut actor, namespace, name),
            Controller::Service => service::reconcile(&mut actor, namespace, name),
            Controller::StatefulSet => stateful_set::reconcile(&mut actor, namespace, name),
        }
    }
}

fn task(controller: Controller, namespace: &str, name: &str) -> Task {
    Task {
        controller,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    }
}

/// The tasks that a change of this object brings: its own, and its owner's.
fn tasks_of(storage: &str, object: &Value, due: &mut BTreeSet<Task>) {
    if let Some(controller) = controller_of(storage) {
        due.insert(task(controller, namespace(object), name(object)));
    }
    for owner in items(object, "metadata.ownerReferences") {
        let controller = match text(owner, "kind") {
            "Deployment" => Controller::Deployment,
            "ReplicaSet" | "ReplicationController" => Controller::ReplicaSet,
            "StatefulSet" => Controller::StatefulSet,
            "DaemonSet" => Controller::DaemonSet,
            "Job" => Controller::Job,
            "CronJob" => Controller::CronJob,
            _ => continue,
        };
        due.insert(task(controller, namespace(object), text(owner, "name")));
    }
    let finalizers = items(object, "metadata.finalizers");
    if crate::value::is_terminating(object) && !finalizers.is_empty() {
        due.insert(task(Controller::Garbage, "", crate::value::uid(object)));
    }
}

fn controller_of(storage: &str) -> Option<Controller> {
    Some(match storage {
        "pods" => Controller::Pod,
        "services" => Controller::Service,
        "namespaces" => Controller::Namespace,
        "persistentvolumeclaims" => Controller::Claim,
        "replicationcontrollers" | "replicasets.apps" => Controller::ReplicaSet,
        "deployments.apps" => Controller::Deployment,
        "statefulsets.apps" => Controller::StatefulSet,
        "daemonsets.apps" => Controller::DaemonSet,
        "jobs.batch" => Controller::Job,
        "cronjobs.batch" => Controller::CronJob,
        "horizontalpodautoscalers.autoscaling" => Controller::Autoscaler,
        "poddisruptionbudgets.policy" => Controller::Budget,
        "customresourcedefinitions.apiextensions.k8s.io" => Controller::Custom,
        "clusterroles.rbac.authorization.k8s.io" => Controller::Aggregation,
        _ => return None,
    })
}
