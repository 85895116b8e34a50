//! `ReplicaSets` and `ReplicationControllers`: as many pods as wanted.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::actor::Actor;
use super::{Again, events, owned};
use crate::value::{at, int, is_terminating, items, name};

/// No more pods than this are made in one step.
const BURST: usize = 500;

/// Brings a `ReplicaSet` one step further.
pub(super) fn reconcile(actor: &mut Actor<'_>, namespace: &str, of_name: &str) -> Again {
    for storage in ["replicasets.apps", "replicationcontrollers"] {
        if let Some(set) = actor.get(storage, namespace, of_name) {
            return one(actor, &set);
        }
    }
    None
}

fn one(actor: &mut Actor<'_>, set: &Arc<Value>) -> Again {
    let mut failure = None;
    if !is_terminating(set) {
        failure = balance(actor, set).err();
    }
    let mut pods = owned::by(actor, "pods", set);
    pods.retain(|pod| owned::is_active(pod));
    let seconds = int(set, "spec.minReadySeconds").unwrap_or(0);
    let ready = pods.iter().filter(|pod| owned::is_ready(pod)).count();
    let available = pods
        .iter()
        .filter(|pod| owned::is_available(pod, seconds))
        .count();
    let mut status = json!({
        "replicas": pods.len(),
        "observedGeneration": set["metadata"]["generation"],
    });
    for (field, count) in [
        ("fullyLabeledReplicas", pods.len()),
        ("readyReplicas", ready),
        ("availableReplicas", available),
    ] {
        if count > 0 {
            status[field] = count.into();
        }
    }
    let mut conditions = items(set, "status.conditions").to_vec();
    conditions.retain(|it| it["type"] != "ReplicaFailure");
    if let Some(message) = &failure {
        let condition = json!({"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": message});
        owned::set_condition(&mut conditions, condition, &actor.world.now());
    }
    if !conditions.is_empty() {
        status["conditions"] = conditions.into();
    }
    actor.set_status(set, status, "kube-controller-manager");
    if available < ready {
        return Some(Duration::from_secs(1));
    }
    failure.map(|_| Duration::from_secs(1))
}

fn balance(actor: &mut Actor<'_>, set: &Value) -> Result<(), String> {
    let wanted = usize::try_from(int(set, "spec.replicas").unwrap_or(1)).unwrap_or(0);
    let mut pods = owned::by(actor, "pods", set);
    pods.retain(|pod| owned::is_active(pod));
    let missing = wanted.saturating_sub(pods.len()).min(BURST);
    for _ in 0..missing {
        let template = at(set, "spec.template").cloned().unwrap_or_default();
        let pod = owned::pod(set, &template, &[]);
        match actor.create(pod) {
            Ok(pod) => {
                let message = format!("Created pod: {}", name(&pod));
                events::record(
                    actor,
                    set,
                    events::REPLICA_SETS,
                    "SuccessfulCreate",
                    &message,
                );
            }
            Err(failure) => {
                let message = format!("Error creating: {}", failure.message);
                events::record(
                    actor,
                    set,
                    events::REPLICA_SETS.warning(),
                    "FailedCreate",
                    &message,
                );
                return Err(failure.message);
            }
        }
    }
    pods.sort_by_key(|pod| owned::deletion_rank(pod));
    let surplus = pods.len().saturating_sub(wanted);
    for pod in pods.iter().take(surplus) {
        let message = format!("Deleted pod: {}", name(pod));
        events::record(
            actor,
            set,
            events::REPLICA_SETS,
            "SuccessfulDelete",
            &message,
        );
        actor.delete(pod);
    }
    Ok(())
}
