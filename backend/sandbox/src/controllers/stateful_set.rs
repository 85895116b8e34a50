//! `StatefulSets`: pods with names and claims of their own, one after another.

use std::sync::Arc;

use serde_json::{Value, json};

use super::actor::Actor;
use super::{Again, events, owned};
use crate::value::{at, int, is_terminating, items, name, namespace, set, text};

const HASH: &str = "controller-revision-hash";

pub(super) fn reconcile(actor: &mut Actor<'_>, in_namespace: &str, of_name: &str) -> Again {
    let stateful = actor.get("statefulsets.apps", in_namespace, of_name)?;
    let template = at(&stateful, "spec.template").cloned().unwrap_or_default();
    let revision = format!("{of_name}-{}", owned::hash(&template));
    let before = text(&stateful, "status.currentRevision").to_owned();
    let current = if before.is_empty() {
        revision.clone()
    } else {
        before
    };
    if !is_terminating(&stateful) {
        remember(actor, &stateful, &template, &revision);
        step(actor, &stateful, &template, &revision);
    }
    sync_status(actor, &stateful, &current, &revision);
    None
}

fn wanted(stateful: &Value) -> i64 {
    int(stateful, "spec.replicas").unwrap_or(1)
}

fn first(stateful: &Value) -> i64 {
    int(stateful, "spec.ordinals.start").unwrap_or(0)
}

fn ordinal(pod: &Value) -> i64 {
    let last = name(pod).rsplit('-').next().unwrap_or_default();
    last.parse().unwrap_or(-1)
}

/// A `ControllerRevision` for `kubectl rollout history`.
fn remember(actor: &mut Actor<'_>, stateful: &Value, template: &Value, revision: &str) {
    const STORAGE: &str = "controllerrevisions.apps";
    if actor.get(STORAGE, namespace(stateful), revision).is_some() {
        return;
    }
    let known = owned::by(actor, STORAGE, stateful);
    let newest = known
        .iter()
        .filter_map(|it| int(it, "revision"))
        .max()
        .unwrap_or(0);
    let created = actor.create(json!({
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": {
            "name": revision, "namespace": namespace(stateful),
            "labels": template["metadata"]["labels"], "ownerReferences": Actor::owner(stateful),
        },
        "data": {"spec": {"template": template}},
        "revision": newest + 1,
    }));
    if let Err(failure) = created {
        tracing::warn!(message = %failure.message, "no ControllerRevision could be made");
    }
}

/// Makes the next missing pod, or takes the next one away.
fn step(actor: &mut Actor<'_>, stateful: &Value, template: &Value, revision: &str) {
    let parallel = text(stateful, "spec.podManagementPolicy") == "Parallel";
    let pods = owned::by(actor, "pods", stateful);
    let (start, end) = (first(stateful), first(stateful) + wanted(stateful));
    for place in start..end {
        let pod = pods.iter().find(|it| ordinal(it) == place);
        match pod {
            None => {
                create(actor, stateful, template, revision, place);
                if !parallel {
                    return;
                }
            }
            Some(pod) if text(pod, "status.phase") == "Failed" => {
                actor.delete(pod);
                return;
            }
            Some(pod) if !parallel && (!owned::is_ready(pod) || is_terminating(pod)) => {
                // A pod that never becomes ready may still be replaced by a new template.
                update_one(actor, stateful, &pods, revision);
                return;
            }
            Some(_) => {}
        }
    }
    let mut surplus: Vec<_> = pods
        .iter()
        .filter(|it| ordinal(it) >= end || ordinal(it) < start)
        .collect();
    surplus.sort_by_key(|it| std::cmp::Reverse(ordinal(it)));
    for pod in surplus {
        if !is_terminating(pod) {
            actor.delete(pod);
            let message = format!(
                "delete Pod {} in StatefulSet {} successful",
                name(pod),
                name(stateful)
            );
            events::record(
                actor,
                stateful,
                events::STATEFUL_SETS,
                "SuccessfulDelete",
                &message,
            );
        }
        if !parallel {
            return;
        }
    }
    update_one(actor, stateful, &pods, revision);
}

/// Replaces the highest pod of an older template, once all above it are well.
fn update_one(actor: &mut Actor<'_>, stateful: &Value, pods: &[Arc<Value>], revision: &str) {
    if text(stateful, "spec.updateStrategy.type") == "OnDelete" {
        return;
    }
    let partition = int(stateful, "spec.updateStrategy.rollingUpdate.partition").unwrap_or(0);
    let mut sorted: Vec<_> = pods.iter().filter(|it| ordinal(it) >= partition).collect();
    sorted.sort_by_key(|it| std::cmp::Reverse(ordinal(it)));
    for pod in sorted {
        let is_current = pod["metadata"]["labels"][HASH] == *revision;
        if !is_current && !is_terminating(pod) {
            actor.delete(pod);
            let message = format!(
                "delete Pod {} in StatefulSet {} successful",
                name(pod),
                name(stateful)
            );
            events::record(
                actor,
                stateful,
                events::STATEFUL_SETS,
                "SuccessfulDelete",
                &message,
            );
            return;
        }
        if is_terminating(pod) || !owned::is_ready(pod) {
            return;
        }
    }
}

fn create(actor: &mut Actor<'_>, stateful: &Value, template: &Value, revision: &str, place: i64) {
    let pod_name = format!("{}-{place}", name(stateful));
    let place_text = place.to_string();
    let mut pod = owned::pod(
        stateful,
        template,
        &[
            (HASH, revision),
            ("statefulset.kubernetes.io/pod-name", &pod_name),
            ("apps.kubernetes.io/pod-index", &place_text),
        ],
    );
    crate::value::remove(&mut pod, "metadata.generateName");
    set(&mut pod, "metadata.name", pod_name.as_str());
    set(&mut pod, "spec.hostname", pod_name.as_str());
    let subdomain = text(stateful, "spec.serviceName");
    if !subdomain.is_empty() {
        set(&mut pod, "spec.subdomain", subdomain);
    }
    claims(actor, stateful, &mut pod);
    match actor.create(pod) {
        Ok(_) => {
            let message = format!(
                "create Pod {pod_name} in StatefulSet {} successful",
                name(stateful)
            );
            events::record(
                actor,
                stateful,
                events::STATEFUL_SETS,
                "SuccessfulCreate",
                &message,
            );
        }
        Err(failure) => {
            let message = format!(
                "create Pod {pod_name} in StatefulSet {} failed error: {}",
                name(stateful),
                failure.message
            );
            events::record(
                actor,
                stateful,
                events::STATEFUL_SETS.warning(),
                "FailedCreate",
                &message,
            );
        }
    }
}

/// Makes the claims of a pod and mounts them by the names of their templates.
fn claims(actor: &mut Actor<'_>, stateful: &Value, pod: &mut Value) {
    let mut volumes = items(pod, "spec.volumes").to_vec();
    for template in items(stateful, "spec.volumeClaimTemplates") {
        let claim_name = format!("{}-{}", name(template), name(pod));
        if actor
            .get("persistentvolumeclaims", namespace(stateful), &claim_name)
            .is_none()
        {
            let mut claim = template.clone();
            crate::value::remove(&mut claim, "status");
            set(&mut claim, "apiVersion", "v1");
            set(&mut claim, "kind", "PersistentVolumeClaim");
            set(&mut claim, "metadata.name", claim_name.as_str());
            set(&mut claim, "metadata.namespace", namespace(stateful));
            for (key, value) in crate::value::entries(stateful, "spec.selector.matchLabels") {
                crate::value::object_mut(&mut claim, "metadata.labels")
                    .insert(key.clone(), value.clone());
            }
            if let Err(failure) = actor.create(claim) {
                events::record(
                    actor,
                    stateful,
                    events::STATEFUL_SETS.warning(),
                    "FailedCreate",
                    &failure.message,
                );
            }
        }
        volumes.retain(|it| it["name"] != template["metadata"]["name"]);
        volumes.push(json!({
            "name": name(template),
            "persistentVolumeClaim": {"claimName": claim_name},
        }));
    }
    if !volumes.is_empty() {
        set(pod, "spec.volumes", volumes);
    }
}

fn sync_status(actor: &mut Actor<'_>, stateful: &Value, current: &str, update: &str) {
    let mut pods = owned::by(actor, "pods", stateful);
    pods.retain(|it| !is_terminating(it));
    let seconds = int(stateful, "spec.minReadySeconds").unwrap_or(0);
    let count = |test: &dyn Fn(&Value) -> bool| pods.iter().filter(|it| test(it)).count();
    let ready = count(&owned::is_ready);
    let available = count(&|it| owned::is_available(it, seconds));
    let updated = count(&|it| it["metadata"]["labels"][HASH] == *update);
    let on_current = count(&|it| it["metadata"]["labels"][HASH] == *current);
    let replicas = usize::try_from(wanted(stateful)).unwrap_or(0);
    let done = updated == replicas && ready == replicas && pods.len() == replicas;
    let current = if done { update } else { current };
    let mut status = json!({
        "observedGeneration": stateful["metadata"]["generation"],
        "replicas": pods.len(),
        "availableReplicas": available,
        "currentRevision": current,
        "updateRevision": update,
        "collisionCount": 0,
    });
    let on_current = if done { updated } else { on_current };
    for (field, count) in [
        ("readyReplicas", ready),
        ("updatedReplicas", updated),
        ("currentReplicas", on_current),
    ] {
        if count > 0 {
            status[field] = count.into();
        }
    }
    actor.set_status(stateful, status, "kube-controller-manager");
}
