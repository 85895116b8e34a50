//! Defaults of what makes pods.

use serde_json::{Value, json};

use super::pod::spec_at;
use crate::value::{at, entries, int, items_mut, object_mut, set, set_default, text};

pub(super) fn deployment(object: &mut Value) {
    set_default(object, "spec.replicas", 1);
    set_default(object, "spec.revisionHistoryLimit", 10);
    set_default(object, "spec.progressDeadlineSeconds", 600);
    set_default(object, "spec.strategy.type", "RollingUpdate");
    if text(object, "spec.strategy.type") == "RollingUpdate" {
        set_default(object, "spec.strategy.rollingUpdate.maxUnavailable", "25%");
        set_default(object, "spec.strategy.rollingUpdate.maxSurge", "25%");
    }
    template(object);
}

pub(super) fn replica_set(object: &mut Value) {
    set_default(object, "spec.replicas", 1);
    template(object);
}

pub(super) fn stateful_set(object: &mut Value) {
    set_default(object, "spec.podManagementPolicy", "OrderedReady");
    set_default(object, "spec.updateStrategy.type", "RollingUpdate");
    if text(object, "spec.updateStrategy.type") == "RollingUpdate" {
        set_default(object, "spec.updateStrategy.rollingUpdate.partition", 0);
    }
    set_default(
        object,
        "spec.persistentVolumeClaimRetentionPolicy",
        json!({"whenDeleted": "Retain", "whenScaled": "Retain"}),
    );
    set_default(
        object,
        "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
        "Retain",
    );
    set_default(
        object,
        "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
        "Retain",
    );
    set_default(object, "spec.replicas", 1);
    set_default(object, "spec.revisionHistoryLimit", 10);
    for claim in items_mut(object, "spec.volumeClaimTemplates") {
        set_default(claim, "apiVersion", "v1");
        set_default(claim, "kind", "PersistentVolumeClaim");
        set_default(claim, "spec.volumeMode", "Filesystem");
        set_default(claim, "status", json!({"phase": "Pending"}));
    }
    template(object);
}

pub(super) fn daemon_set(object: &mut Value) {
    set_default(object, "spec.updateStrategy.type", "RollingUpdate");
    if text(object, "spec.updateStrategy.type") == "RollingUpdate" {
        set_default(
            object,
            "spec.updateStrategy.rollingUpdate.maxUnavailable",
            1,
        );
        set_default(object, "spec.updateStrategy.rollingUpdate.maxSurge", 0);
    }
    set_default(object, "spec.revisionHistoryLimit", 10);
    template(object);
}

pub(super) fn replication_controller(object: &mut Value) {
    set_default(object, "spec.replicas", 1);
    let labels: Vec<_> = entries(object, "spec.template.metadata.labels")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    for path in ["spec.selector", "metadata.labels"] {
        if at(object, path).is_none() && !labels.is_empty() {
            object_mut(object, path).extend(labels.iter().cloned());
        }
    }
    spec_at(object, "spec.template.spec");
}

pub(super) fn job(object: &mut Value) {
    job_spec(object, "spec");
}

fn job_spec(object: &mut Value, path: &str) {
    let field = |name: &str| format!("{path}.{name}");
    let neither =
        at(object, &field("completions")).is_none() && at(object, &field("parallelism")).is_none();
    if neither {
        set(object, &field("completions"), 1);
    }
    set_default(object, &field("parallelism"), 1);
    set_default(object, &field("completionMode"), "NonIndexed");
    set_default(object, &field("suspend"), false);
    if at(object, &field("backoffLimitPerIndex")).is_some() {
        set_default(object, &field("backoffLimit"), i64::from(i32::MAX));
    }
    set_default(object, &field("backoffLimit"), 6);
    if at(object, &field("podReplacementPolicy")).is_none() {
        let policy = if at(object, &field("podFailurePolicy")).is_some() {
            "Failed"
        } else {
            "TerminatingOrFailed"
        };
        set(object, &field("podReplacementPolicy"), policy);
    }
    if at(object, "metadata.labels").is_none() && path == "spec" {
        let labels: Vec<_> = entries(object, "spec.template.metadata.labels")
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if !labels.is_empty() {
            object_mut(object, "metadata.labels").extend(labels);
        }
    }
    spec_at(object, &field("template.spec"));
}

pub(super) fn cron_job(object: &mut Value) {
    set_default(object, "spec.concurrencyPolicy", "Allow");
    set_default(object, "spec.suspend", false);
    set_default(object, "spec.successfulJobsHistoryLimit", 3);
    set_default(object, "spec.failedJobsHistoryLimit", 1);
    if at(object, "spec.jobTemplate.spec.template").is_some() {
        // The template of a Job is filled in when the Job is made; its pod spec is now.
        spec_at(object, "spec.jobTemplate.spec.template.spec");
    }
}

fn template(object: &mut Value) {
    // A missing template is refused later, with the fields that it lacks.
    if at(object, "spec").is_some() && int(object, "spec.template").is_none() {
        spec_at(object, "spec.template.spec");
    }
}
