//! Defaults of pods and pod templates.

use serde_json::{Value, json};

use crate::faults::split_tag;
use crate::value::{at, at_mut, entries, flag, int, items_mut, object_mut, set, set_default, text};

/// A pod itself has some defaults that its template in a workload has not.
pub(super) fn pod(object: &mut Value) {
    spec_at(object, "spec");
    let Some(spec) = at_mut(object, "spec") else {
        return;
    };
    set_default(spec, "enableServiceLinks", true);
    for list in ["containers", "initContainers"] {
        for container in items_mut(spec, list) {
            requests_from_limits(container);
        }
    }
}

fn requests_from_limits(container: &mut Value) {
    let limits: Vec<_> = entries(container, "resources.limits")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (name, value) in limits {
        object_mut(container, "resources.requests")
            .entry(name)
            .or_insert(value);
    }
}

/// Fills in the pod spec at `path`, if there is one.
pub(super) fn spec_at(object: &mut Value, path: &str) {
    let Some(spec) = at_mut(object, path) else {
        return;
    };
    set_default(spec, "dnsPolicy", "ClusterFirst");
    set_default(spec, "restartPolicy", "Always");
    set_default(spec, "securityContext", json!({}));
    set_default(spec, "terminationGracePeriodSeconds", 30);
    set_default(spec, "schedulerName", "default-scheduler");
    let account = text(spec, "serviceAccountName").to_owned();
    let deprecated = text(spec, "serviceAccount").to_owned();
    if !account.is_empty() {
        set(spec, "serviceAccount", account);
    } else if !deprecated.is_empty() {
        set(spec, "serviceAccountName", deprecated);
    }
    let host_network = flag(spec, "hostNetwork");
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        for item in items_mut(spec, list) {
            container(item, host_network);
        }
    }
    for item in items_mut(spec, "volumes") {
        volume(item);
    }
    for item in items_mut(spec, "topologySpreadConstraints") {
        if at(item, "nodeAffinityPolicy").is_none() {
            continue;
        }
        set_default(item, "nodeTaintsPolicy", "Ignore");
    }
}

fn container(container: &mut Value, host_network: bool) {
    let (_, tag) = split_tag(text(container, "image"));
    let latest = tag == "latest" && !text(container, "image").contains('@');
    let policy = if latest { "Always" } else { "IfNotPresent" };
    set_default(container, "imagePullPolicy", policy);
    set_default(container, "terminationMessagePath", "/dev/termination-log");
    set_default(container, "terminationMessagePolicy", "File");
    set_default(container, "resources", json!({}));
    for port in items_mut(container, "ports") {
        set_default(port, "protocol", "TCP");
        if host_network && let Some(number) = int(port, "containerPort") {
            set_default(port, "hostPort", number);
        }
    }
    for variable in items_mut(container, "env") {
        if at(variable, "valueFrom.fieldRef").is_some() {
            set_default(variable, "valueFrom.fieldRef.apiVersion", "v1");
        }
        if at(variable, "valueFrom.resourceFieldRef").is_some() {
            set_default(variable, "valueFrom.resourceFieldRef.divisor", "0");
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(item) = at_mut(container, name) {
            probe(item);
        }
    }
    for name in ["lifecycle.postStart", "lifecycle.preStop"] {
        if let Some(item) = at_mut(container, name) {
            http_get(item);
        }
    }
}

fn probe(probe: &mut Value) {
    for (field, value) in [
        ("timeoutSeconds", 1),
        ("periodSeconds", 10),
        ("successThreshold", 1),
        ("failureThreshold", 3),
    ] {
        if int(probe, field).unwrap_or(0) == 0 {
            set(probe, field, value);
        }
    }
    http_get(probe);
    if at(probe, "grpc").is_some() {
        set_default(probe, "grpc.service", "");
    }
}

fn http_get(handler: &mut Value) {
    if at(handler, "httpGet").is_some() {
        set_default(handler, "httpGet.path", "/");
        set_default(handler, "httpGet.scheme", "HTTP");
    }
}

fn volume(volume: &mut Value) {
    const MODE: i64 = 0o644;
    let sources = volume.as_object().map_or(0, |fields| {
        fields.keys().filter(|key| *key != "name").count()
    });
    if sources == 0 {
        set(volume, "emptyDir", json!({}));
    }
    for name in ["configMap", "secret", "downwardAPI", "projected"] {
        if let Some(source) = at_mut(volume, name) {
            set_default(source, "defaultMode", MODE);
        }
    }
    if let Some(source) = at_mut(volume, "hostPath") {
        set_default(source, "type", "");
    }
    if let Some(spec) = at_mut(volume, "ephemeral.volumeClaimTemplate.spec") {
        set_default(spec, "volumeMode", "Filesystem");
    }
    for item in items_mut(volume, "downwardAPI.items") {
        downward(item);
    }
    for source in items_mut(volume, "projected.sources") {
        if at(source, "serviceAccountToken").is_some() {
            set_default(source, "serviceAccountToken.expirationSeconds", 3600);
        }
        for item in items_mut(source, "downwardAPI.items") {
            downward(item);
        }
    }
}

fn downward(item: &mut Value) {
    if at(item, "fieldRef").is_some() {
        set_default(item, "fieldRef.apiVersion", "v1");
    }
    if at(item, "resourceFieldRef").is_some() {
        set_default(item, "resourceFieldRef.divisor", "0");
    }
}
