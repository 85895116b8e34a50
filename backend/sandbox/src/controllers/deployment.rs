//! Deployments: one `ReplicaSet` a template, and the roll from one to the next.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::actor::Actor;
use super::owned::{self, Rounding, share};
use super::{Again, events};
use crate::lifecycle::put_all;
use crate::value::{at, flag, int, is_terminating, items, name, namespace, text, uid};
use crate::world::read_time;

const REVISION: &str = "deployment.kubernetes.io/revision";
const HASH: &str = "pod-template-hash";

/// Brings a Deployment one step further.
pub(super) fn reconcile(actor: &mut Actor<'_>, namespace: &str, name: &str) -> Again {
    let deployment = actor.get("deployments.apps", namespace, name)?;
    let sets = owned::by(actor, "replicasets.apps", &deployment);
    if is_terminating(&deployment) {
        return None;
    }
    let new = sets
        .iter()
        .find(|set| same_template(&deployment, set))
        .cloned();
    let old: Vec<_> = sets
        .iter()
        .filter(|set| new.as_ref().is_none_or(|new| uid(new) != uid(set)))
        .cloned()
        .collect();
    if flag(&deployment, "spec.paused") {
        return sync_status(actor, namespace, name);
    }
    if text(&deployment, "spec.strategy.type") == "Recreate" {
        recreate(actor, &deployment, new, &old);
    } else {
        roll(actor, &deployment, new, &old);
    }
    clean_up(actor, &deployment, &old);
    sync_status(actor, namespace, name)
}

fn same_template(deployment: &Value, set: &Value) -> bool {
    let mut template = set["spec"]["template"].clone();
    if let Some(labels) = template["metadata"]["labels"].as_object_mut() {
        labels.remove(HASH);
    }
    if template["metadata"]["labels"]
        .as_object()
        .is_some_and(serde_json::Map::is_empty)
    {
        crate::value::remove(&mut template, "metadata.labels");
    }
    template == deployment["spec"]["template"]
}

fn replicas(object: &Value) -> i64 {
    int(object, "spec.replicas").unwrap_or(1)
}

fn roll(actor: &mut Actor<'_>, deployment: &Value, new: Option<Arc<Value>>, old: &[Arc<Value>]) {
    let wanted = replicas(deployment);
    let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
    let mut unavailable = share(rolling.get("maxUnavailable"), wanted, Rounding::Down);
    let surge = share(rolling.get("maxSurge"), wanted, Rounding::Up);
    if surge == 0 && unavailable == 0 {
        unavailable = 1;
    }
    let of_old: i64 = old.iter().map(|set| replicas(set)).sum();
    let of_new = new.as_ref().map_or(0, |set| replicas(set));
    let room = (wanted + surge - of_old - of_new).max(0);
    let target = if of_new > wanted {
        wanted
    } else {
        (of_new + room).min(wanted)
    };
    let new = ensure_new(actor, deployment, new, target, old);
    let ready_new = int(&new, "status.availableReplicas")
        .unwrap_or(0)
        .min(replicas(&new));
    let least = wanted - unavailable;
    scale_down_old(actor, deployment, old, &new, least, ready_new);
}

/// Takes away old pods: first those that do not answer, then as many as may be missing.
fn scale_down_old(
    actor: &mut Actor<'_>,
    deployment: &Value,
    old: &[Arc<Value>],
    new: &Value,
    least: i64,
    ready_new: i64,
) {
    let total: i64 = old.iter().map(|set| replicas(set)).sum::<i64>() + replicas(new);
    let missing_new = replicas(new) - ready_new;
    let mut may_go = total - least - missing_new;
    let mut sorted: Vec<_> = old.iter().filter(|set| replicas(set) > 0).collect();
    sorted.sort_by_key(|set| text(set, "metadata.creationTimestamp").to_owned());
    for set in &sorted {
        let available = int(set, "status.availableReplicas").unwrap_or(0);
        let broken = (replicas(set) - available).max(0).min(may_go.max(0));
        if broken > 0 {
            scale(actor, deployment, set, replicas(set) - broken);
            may_go -= broken;
        }
    }
    let available_old: i64 = old
        .iter()
        .map(|set| int(set, "status.availableReplicas").unwrap_or(0))
        .sum();
    let mut healthy = available_old + ready_new - least;
    for set in sorted {
        let Some(set) = actor.get("replicasets.apps", namespace(set), name(set)) else {
            continue;
        };
        let gone = replicas(&set).min(healthy.max(0));
        if gone > 0 {
            scale(actor, deployment, &set, replicas(&set) - gone);
            healthy -= gone;
        }
    }
}

fn recreate(
    actor: &mut Actor<'_>,
    deployment: &Value,
    new: Option<Arc<Value>>,
    old: &[Arc<Value>],
) {
    let mut still_there = false;
    for set in old {
        if replicas(set) > 0 {
            scale(actor, deployment, set, 0);
        }
        still_there |= !owned::by(actor, "pods", set).is_empty();
    }
    if !still_there {
        ensure_new(actor, deployment, new, replicas(deployment), old);
    }
}

/// The `ReplicaSet` of the template with so many replicas, made where there is none.
fn ensure_new(
    actor: &mut Actor<'_>,
    deployment: &Value,
    new: Option<Arc<Value>>,
    target: i64,
    old: &[Arc<Value>],
) -> Value {
    let newest = old.iter().map(|set| revision(set)).max().unwrap_or(0);
    let Some(new) = new else {
        return create(actor, deployment, target, newest + 1);
    };
    let mut changed = (*new).clone();
    if revision(&new) <= newest {
        let next = (newest + 1).to_string();
        put_all(&mut changed, "metadata.annotations", &[(REVISION, &next)]);
        actor.update(changed.clone());
    }
    mark(actor, deployment, revision(&changed));
    if replicas(&new) != target {
        return scale(actor, deployment, &changed, target);
    }
    changed
}

fn create(actor: &mut Actor<'_>, deployment: &Value, target: i64, revision: i64) -> Value {
    let template = &deployment["spec"]["template"];
    let hash = owned::hash(template);
    let mut template = template.clone();
    put_all(&mut template, "metadata.labels", &[(HASH, &hash)]);
    let mut selector = deployment["spec"]["selector"].clone();
    put_all(&mut selector, "matchLabels", &[(HASH, &hash)]);
    let wanted = replicas(deployment);
    let surge = share(
        at(deployment, "spec.strategy.rollingUpdate.maxSurge"),
        wanted,
        Rounding::Up,
    );
    let mut set = json!({
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": format!("{}-{hash}", name(deployment)),
            "namespace": namespace(deployment),
            "labels": template["metadata"]["labels"],
            "annotations": {
                REVISION: revision.to_string(),
                "deployment.kubernetes.io/desired-replicas": wanted.to_string(),
                "deployment.kubernetes.io/max-replicas": (wanted + surge).to_string(),
            },
            "ownerReferences": Actor::owner(deployment),
        },
        "spec": {"replicas": target, "selector": selector, "template": template},
    });
    for (key, value) in crate::value::entries(deployment, "metadata.annotations") {
        if key != REVISION && key != "kubectl.kubernetes.io/last-applied-configuration" {
            set["metadata"]["annotations"][key] = value.clone();
        }
    }
    if let Some(seconds) = int(deployment, "spec.minReadySeconds") {
        set["spec"]["minReadySeconds"] = seconds.into();
    }
    mark(actor, deployment, revision);
    match actor.create(set.clone()) {
        Ok(created) => {
            let message = format!(
                "Scaled up replica set {} from 0 to {target}",
                name(&created)
            );
            if target > 0 {
                events::record(
                    actor,
                    deployment,
                    events::DEPLOYMENTS,
                    "ScalingReplicaSet",
                    &message,
                );
            }
            created
        }
        Err(failure) => {
            events::record(
                actor,
                deployment,
                events::DEPLOYMENTS.warning(),
                "ReplicaSetCreateError",
                &failure.message,
            );
            crate::value::set(&mut set, "spec.replicas", 0);
            set
        }
    }
}

/// Writes the revision where `kubectl rollout` looks for it.
fn mark(actor: &mut Actor<'_>, deployment: &Value, revision: i64) {
    let revision = revision.to_string();
    let live = actor.get("deployments.apps", namespace(deployment), name(deployment));
    let Some(live) = live.filter(|it| it["metadata"]["annotations"][REVISION] != *revision) else {
        return;
    };
    let mut live = (*live).clone();
    put_all(&mut live, "metadata.annotations", &[(REVISION, &revision)]);
    // As the controller does: with the status.
    actor.update_as(live, "status", "kube-controller-manager");
}

fn revision(set: &Value) -> i64 {
    set["metadata"]["annotations"][REVISION]
        .as_str()
        .and_then(|it| it.parse().ok())
        .unwrap_or(0)
}

fn scale(actor: &mut Actor<'_>, deployment: &Value, set: &Value, target: i64) -> Value {
    let from = replicas(set);
    let mut scaled = set.clone();
    crate::value::set(&mut scaled, "spec.replicas", target);
    actor.update(scaled.clone());
    let direction = if target > from { "up" } else { "down" };
    let message = format!(
        "Scaled {direction} replica set {} from {from} to {target}",
        name(set)
    );
    events::record(
        actor,
        deployment,
        events::DEPLOYMENTS,
        "ScalingReplicaSet",
        &message,
    );
    scaled
}

/// Keeps as many empty old `ReplicaSets` as the history is long.
fn clean_up(actor: &mut Actor<'_>, deployment: &Value, old: &[Arc<Value>]) {
    let keep = int(deployment, "spec.revisionHistoryLimit").unwrap_or(10);
    let mut idle: Vec<_> = old
        .iter()
        .filter(|set| replicas(set) == 0 && int(set, "status.replicas").unwrap_or(0) == 0)
        .collect();
    idle.sort_by_key(|set| revision(set));
    let surplus = idle
        .len()
        .saturating_sub(usize::try_from(keep).unwrap_or(usize::MAX));
    for set in idle.into_iter().take(surplus) {
        actor.delete(set);
    }
}

fn sync_status(actor: &mut Actor<'_>, in_namespace: &str, of_name: &str) -> Again {
    let deployment = actor.get("deployments.apps", in_namespace, of_name)?;
    let sets = owned::by(actor, "replicasets.apps", &deployment);
    let new = sets.iter().find(|set| same_template(&deployment, set));
    let sum = |field: &str| -> i64 {
        sets.iter()
            .map(|set| int(set, &format!("status.{field}")).unwrap_or(0))
            .sum()
    };
    let wanted = replicas(&deployment);
    let (total, ready, available) = (
        sum("replicas"),
        sum("readyReplicas"),
        sum("availableReplicas"),
    );
    let updated = new.and_then(|set| int(set, "status.replicas")).unwrap_or(0);
    let mut status = json!({"observedGeneration": deployment["metadata"]["generation"]});
    for (field, count) in [
        ("replicas", total),
        ("updatedReplicas", updated),
        ("readyReplicas", ready),
        ("availableReplicas", available),
        ("unavailableReplicas", (wanted - available).max(0)),
    ] {
        if count > 0 {
            status[field] = count.into();
        }
    }
    let counts = Counts {
        wanted,
        total,
        updated,
        available,
    };
    let (conditions, again) = conditions(actor, &deployment, new.map(|it| &**it), counts, &status);
    status["conditions"] = conditions.into();
    actor.set_status(&deployment, status, "kube-controller-manager");
    let waits = sets.iter().any(|set| {
        int(set, "spec.minReadySeconds").unwrap_or(0) > 0
            && int(set, "status.availableReplicas") != int(set, "status.readyReplicas")
    });
    if waits {
        Some(Duration::from_secs(1))
    } else {
        again
    }
}

#[derive(Clone, Copy)]
struct Counts {
    wanted: i64,
    total: i64,
    updated: i64,
    available: i64,
}

fn conditions(
    actor: &Actor<'_>,
    deployment: &Value,
    new: Option<&Value>,
    counts: Counts,
    status: &Value,
) -> (Vec<Value>, Again) {
    let now = actor.world.now();
    let mut conditions = items(deployment, "status.conditions").to_vec();
    let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
    let missing = share(rolling.get("maxUnavailable"), counts.wanted, Rounding::Down);
    let enough = counts.available >= counts.wanted - missing;
    let available = if enough {
        condition(
            "Available",
            "True",
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
        )
    } else {
        condition(
            "Available",
            "False",
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
        )
    };
    put(&mut conditions, available, &now);
    let set_name = new.map(name).unwrap_or_default();
    let complete = counts.updated == counts.wanted
        && counts.total == counts.wanted
        && counts.available == counts.wanted;
    let before = owned::condition(deployment, "Progressing");
    let was = before.map(|it| text(it, "reason")).unwrap_or_default();
    let progressed = [
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
    ]
    .iter()
    .any(|field| status[field] != deployment["status"][field])
        || status["observedGeneration"] != deployment["status"]["observedGeneration"];
    let deadline = int(deployment, "spec.progressDeadlineSeconds").unwrap_or(600);
    let since = before.map(|it| read_time(text(it, "lastUpdateTime")).as_second());
    let left = since.map_or(deadline, |since| {
        since + deadline - jiff::Timestamp::now().as_second()
    });
    let progressing = if flag(deployment, "spec.paused") {
        condition(
            "Progressing",
            "Unknown",
            "DeploymentPaused",
            "Deployment is paused",
        )
    } else if complete {
        let message = format!("ReplicaSet {set_name:?} has successfully progressed.");
        condition("Progressing", "True", "NewReplicaSetAvailable", &message)
    } else if before.is_none() {
        let message = format!("Created new replica set {set_name:?}");
        condition("Progressing", "True", "NewReplicaSetCreated", &message)
    } else if progressed || (was == "NewReplicaSetAvailable" && left > 0) {
        let message = format!("ReplicaSet {set_name:?} is progressing.");
        condition("Progressing", "True", "ReplicaSetUpdated", &message)
    } else if left <= 0 || was == "ProgressDeadlineExceeded" {
        let message = format!("ReplicaSet {set_name:?} has timed out progressing.");
        condition("Progressing", "False", "ProgressDeadlineExceeded", &message)
    } else {
        before.cloned().unwrap_or_default()
    };
    let quiet = !progressed && before.is_some_and(|it| it["reason"] == progressing["reason"]);
    if !quiet {
        put(&mut conditions, progressing, &now);
    }
    let again = (!complete && left > 0).then(|| Duration::from_secs(left.unsigned_abs().max(1)));
    (conditions, again)
}

fn condition(kind: &str, status: &str, reason: &str, message: &str) -> Value {
    json!({"type": kind, "status": status, "reason": reason, "message": message})
}

fn put(conditions: &mut Vec<Value>, mut new: Value, now: &str) {
    let old = conditions.iter().find(|it| it["type"] == new["type"]);
    let same = old.is_some_and(|old| {
        old["status"] == new["status"]
            && old["reason"] == new["reason"]
            && new["type"] == "Available"
    });
    new["lastUpdateTime"] = match old.filter(|_| same) {
        Some(old) => old["lastUpdateTime"].clone(),
        None => now.into(),
    };
    owned::set_condition(conditions, new, now);
}

/// Sets `spec.paused` and its like are read by `flag`; a template is compared without its hash.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_label_is_no_difference() {
        let deployment =
            json!({"spec": {"template": {"metadata": {"labels": {"app": "a"}}, "spec": {}}}});
        let mut set = deployment.clone();
        crate::value::set(
            &mut set,
            "spec.template.metadata.labels.pod-template-hash",
            "x",
        );
        assert!(same_template(&deployment, &set));
        let _ = set.take();
    }
}
