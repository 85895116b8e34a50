//! Kinds that run pods, judged by their own counters.

use serde_json::Value;

use crate::object::{number, text};
use crate::readiness::{Readiness, condition, pods, said, status_is, true_condition};

/// What an API server writes for "no deadline".
const NO_DEADLINE: i64 = i32::MAX as i64;

pub(super) fn deployment(object: &Value, related: &[Value]) -> Readiness {
    if let Some(failure) = true_condition(object, "ReplicaFailure") {
        return Readiness::degraded(said(failure, "its pods cannot be made"));
    }
    if object.pointer("/spec/paused") == Some(&Value::Bool(true)) {
        return Readiness::ready("its rollout is paused, so no pod changes");
    }
    let progress = condition(object, "Progressing");
    if let Some(it) = progress
        && text(it, "/reason") == "ProgressDeadlineExceeded"
    {
        // The counters say which step is stuck, and the pods may say why.
        return match pods::trouble(object, related) {
            Some(trouble) => Readiness::failed(trouble.reason),
            None => Readiness::failed(said(it, "it made no progress before its deadline")),
        };
    }
    let wanted = wanted_replicas(object);
    let has_deadline = number(object, "/spec/progressDeadlineSeconds")
        .is_some_and(|seconds| seconds != NO_DEADLINE);
    let rolled_out = progress.is_some_and(|it| text(it, "/reason") == "NewReplicaSetAvailable");
    let [total, updated, ready, available] = [
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
    ]
    .map(|field| counter(object, field));
    if updated < wanted {
        Readiness::progressing(format!("{updated} of {} updated", replicas(wanted)))
    } else if total > updated {
        let old = total - updated;
        Readiness::progressing(format!("{} of the old version remain to go", replicas(old)))
    } else if ready < wanted {
        Readiness::progressing(format!("{ready} of {} ready", replicas(wanted)))
    } else if available < wanted {
        Readiness::progressing(format!("{available} of {} available", replicas(wanted)))
    } else if has_deadline && !rolled_out {
        Readiness::progressing("its rollout is not complete yet")
    } else if condition(object, "Available").is_some_and(|it| !status_is(it, "True")) {
        Readiness::progressing("it is not available yet")
    } else {
        Readiness::ready(all_of(wanted, "available"))
    }
}

pub(super) fn stateful_set(object: &Value) -> Readiness {
    if text(object, "/spec/updateStrategy/type") == "OnDelete" {
        return Readiness::ready("its pods change when they are deleted by hand");
    }
    let wanted = wanted_replicas(object);
    let [total, updated, ready] =
        ["replicas", "updatedReplicas", "readyReplicas"].map(|field| counter(object, field));
    let partition = number(object, "/spec/updateStrategy/rollingUpdate/partition").unwrap_or(0);
    let same_revision =
        text(object, "/status/currentRevision") == text(object, "/status/updateRevision");
    if total < wanted || ready < wanted {
        Readiness::progressing(format!("{ready} of {} ready", replicas(wanted)))
    } else if total > wanted {
        Readiness::progressing(format!(
            "{} too many remain to go",
            replicas(total - wanted)
        ))
    } else if partition > 0 {
        let expected = (wanted - partition).max(0);
        if updated < expected {
            return Readiness::progressing(format!("{updated} of {} updated", replicas(expected)));
        }
        Readiness::ready(format!(
            "{} updated, as its partition asks",
            replicas(expected)
        ))
    } else if !same_revision {
        Readiness::progressing(format!("{updated} of {} updated", replicas(wanted)))
    } else {
        Readiness::ready(all_of(wanted, "ready"))
    }
}

pub(super) fn daemon_set(object: &Value) -> Readiness {
    if text(object, "/spec/updateStrategy/type") == "OnDelete" {
        return Readiness::ready("its pods change when they are deleted by hand");
    }
    let observed = number(object, "/status/observedGeneration").is_some();
    let Some(wanted) = number(object, "/status/desiredNumberScheduled").filter(|_| observed) else {
        return Readiness::progressing("its controller has not seen it yet");
    };
    let steps = [
        ("currentNumberScheduled", "scheduled"),
        ("updatedNumberScheduled", "updated"),
        ("numberAvailable", "available"),
        ("numberReady", "ready"),
    ];
    for (field, word) in steps {
        let count = counter(object, field);
        if count < wanted {
            return Readiness::progressing(format!("{count} of {} {word}", counted(wanted, "pod")));
        }
    }
    Readiness::ready(format!("{} ready", counted(wanted, "pod")))
}

pub(super) fn replica_set(object: &Value) -> Readiness {
    if let Some(failure) = true_condition(object, "ReplicaFailure") {
        return Readiness::degraded(said(failure, "its pods cannot be made"));
    }
    let wanted = wanted_replicas(object);
    let [total, labeled, ready, available] = [
        "replicas",
        "fullyLabeledReplicas",
        "readyReplicas",
        "availableReplicas",
    ]
    .map(|field| counter(object, field));
    if labeled < wanted || available < wanted || ready < wanted {
        let least = ready.min(available).min(labeled);
        Readiness::progressing(format!("{least} of {} available", replicas(wanted)))
    } else if total > wanted {
        Readiness::progressing(format!(
            "{} too many remain to go",
            replicas(total - wanted)
        ))
    } else {
        Readiness::ready(all_of(wanted, "available"))
    }
}

/// A Job is ready when it is complete: what follows it relies on its work, not on its start.
pub(super) fn job(object: &Value) -> Readiness {
    if let Some(failed) = true_condition(object, "Failed") {
        return Readiness::failed(said(failed, "it failed"));
    }
    if true_condition(object, "Complete").is_some() {
        return Readiness::ready("it is complete");
    }
    if true_condition(object, "Suspended").is_some() {
        return Readiness::ready("it is suspended, so nothing runs");
    }
    let wanted = number(object, "/spec/completions").unwrap_or(1);
    let [active, succeeded] = ["active", "succeeded"].map(|field| counter(object, field));
    match active {
        0 if succeeded == 0 => Readiness::progressing("it has not started yet"),
        0 => Readiness::progressing(completed(succeeded, wanted, active)),
        _ => Readiness::running(completed(succeeded, wanted, active)),
    }
}

fn completed(succeeded: i64, wanted: i64, active: i64) -> String {
    let runs = counted(wanted, "run");
    format!("{succeeded} of {runs} complete, {active} active")
}

fn wanted_replicas(object: &Value) -> i64 {
    number(object, "/spec/replicas").unwrap_or(1)
}

fn counter(object: &Value, field: &str) -> i64 {
    number(object, &format!("/status/{field}")).unwrap_or(0)
}

fn replicas(count: i64) -> String {
    counted(count, "replica")
}

fn counted(count: i64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

fn all_of(count: i64, word: &str) -> String {
    match count {
        0 => "it is scaled to 0 replicas".to_owned(),
        _ => format!("{} {word}", replicas(count)),
    }
}
