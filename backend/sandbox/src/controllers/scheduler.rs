//! Puts pods on the one node.

use std::time::Duration;

use serde_json::{Value, json};

use super::actor::Actor;
use super::{Again, events, node, owned};
use crate::value::{at, items, name, namespace, set, text, uid};

/// Assigns a pod, or says why it cannot be assigned.
pub(super) fn schedule(actor: &mut Actor<'_>, pod: &Value) -> Again {
    if !items(pod, "spec.schedulingGates").is_empty() {
        return None;
    }
    if let Some(left) = actor
        .deadlines
        .left(actor.world, uid(pod), "schedule", 5, 40)
    {
        return Some(left);
    }
    if let Some(why) = unbound_claim(actor, pod).or_else(|| node::refuses(pod)) {
        refuse(actor, pod, &why);
        return Some(Duration::from_secs(5));
    }
    let mut bound = pod.clone();
    set(&mut bound, "spec.nodeName", node::NAME);
    let mut conditions = items(pod, "status.conditions").to_vec();
    let condition = json!({"type": "PodScheduled", "status": "True", "lastProbeTime": null});
    owned::set_condition(&mut conditions, condition, &actor.world.now());
    set(&mut bound, "status.conditions", conditions);
    actor.store.put("pods", bound);
    let message = format!(
        "Successfully assigned {}/{} to {}",
        namespace(pod),
        name(pod),
        node::NAME
    );
    events::record(actor, pod, events::SCHEDULER, "Scheduled", &message);
    None
}

fn refuse(actor: &mut Actor<'_>, pod: &Value, why: &str) {
    let before = owned::condition(pod, "PodScheduled");
    if before.is_some_and(|it| text(it, "message") == why) {
        return;
    }
    let mut conditions = items(pod, "status.conditions").to_vec();
    let condition = json!({
        "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
        "message": why, "lastProbeTime": null,
    });
    owned::set_condition(&mut conditions, condition, &actor.world.now());
    let mut status = pod["status"].clone();
    status["conditions"] = conditions.into();
    actor.set_status(pod, status, "kube-scheduler");
    events::record(
        actor,
        pod,
        events::SCHEDULER.warning(),
        "FailedScheduling",
        why,
    );
}

fn unbound_claim(actor: &Actor<'_>, pod: &Value) -> Option<String> {
    for volume in items(pod, "spec.volumes") {
        let Some(claim) = at(volume, "persistentVolumeClaim.claimName").and_then(Value::as_str)
        else {
            continue;
        };
        if actor
            .get("persistentvolumeclaims", namespace(pod), claim)
            .is_none()
        {
            return Some(format!(
                "0/1 nodes are available: persistentvolumeclaim {claim:?} not found. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
            ));
        }
    }
    None
}
