//! What the API server fills in where the author said nothing.

mod custom;
mod pod;
mod service;
mod workload;

use serde_json::{Value, json};

use crate::resources::Resource;
use crate::value::{at, entries, items, items_mut, object_mut, remove, set, set_default, text};

/// Fills in the defaults of the object's kind.
pub(crate) fn fill(resource: &Resource, object: &mut Value) {
    if resource.custom.is_some() {
        if let Some(ty) = resource.ty {
            custom::fill(&resource.types, ty, object);
        }
        return;
    }
    match (resource.group.as_str(), resource.kind.as_str()) {
        ("", "Pod") => pod::pod(object),
        ("", "PodTemplate") => pod::spec_at(object, "template.spec"),
        ("", "ReplicationController") => workload::replication_controller(object),
        ("", "Service") => service::fill(object),
        ("", "Secret") => secret(object),
        ("", "Namespace") => namespace(object),
        ("", "PersistentVolumeClaim") => set_default(object, "spec.volumeMode", "Filesystem"),
        ("", "PersistentVolume") => {
            set_default(object, "spec.volumeMode", "Filesystem");
            set_default(object, "spec.persistentVolumeReclaimPolicy", "Retain");
        }
        ("", "LimitRange") => limit_range(object),
        ("apps", "Deployment") => workload::deployment(object),
        ("apps", "ReplicaSet") => workload::replica_set(object),
        ("apps", "StatefulSet") => workload::stateful_set(object),
        ("apps", "DaemonSet") => workload::daemon_set(object),
        ("batch", "Job") => workload::job(object),
        ("batch", "CronJob") => workload::cron_job(object),
        ("networking.k8s.io", "NetworkPolicy") => network_policy(object),
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaler(object),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => binding(object),
        ("storage.k8s.io", "StorageClass") => {
            set_default(object, "reclaimPolicy", "Delete");
            set_default(object, "volumeBindingMode", "Immediate");
        }
        ("storage.k8s.io", "CSIDriver") => {
            for (field, value) in [
                ("attachRequired", true),
                ("podInfoOnMount", false),
                ("requiresRepublish", false),
                ("storageCapacity", false),
                ("seLinuxMount", false),
            ] {
                set_default(object, &format!("spec.{field}"), value);
            }
            set_default(object, "spec.fsGroupPolicy", "ReadWriteOnceWithFSType");
            set_default(object, "spec.volumeLifecycleModes", json!(["Persistent"]));
        }
        ("scheduling.k8s.io", "PriorityClass") => {
            set_default(object, "preemptionPolicy", "PreemptLowerPriority");
        }
        ("discovery.k8s.io", "EndpointSlice") => endpoint_slice(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => crd(object),
        ("admissionregistration.k8s.io", kind) if kind.ends_with("WebhookConfiguration") => {
            webhooks(object, kind.starts_with("Mutating"));
        }
        _ => {}
    }
}

/// `stringData` is for writing only: it becomes `data`.
fn secret(object: &mut Value) {
    use base64::Engine as _;
    set_default(object, "type", "Opaque");
    if let Some(plain) = remove(object, "stringData") {
        let data = object_mut(object, "data");
        for (key, value) in plain.as_object().into_iter().flatten() {
            let text = value.as_str().unwrap_or_default();
            let encoded = base64::engine::general_purpose::STANDARD.encode(text);
            data.insert(key.clone(), encoded.into());
        }
    }
}

fn namespace(object: &mut Value) {
    let name = text(object, "metadata.name").to_owned();
    if !name.is_empty() {
        object_mut(object, "metadata.labels")
            .insert("kubernetes.io/metadata.name".to_owned(), name.into());
    }
}

fn limit_range(object: &mut Value) {
    for item in items_mut(object, "spec.limits") {
        if text(item, "type") != "Container" {
            continue;
        }
        for (from, to) in [
            ("max", "default"),
            ("default", "defaultRequest"),
            ("min", "defaultRequest"),
        ] {
            let given: Vec<_> = entries(item, from)
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            for (key, value) in given {
                object_mut(item, to).entry(key).or_insert(value);
            }
        }
    }
}

fn network_policy(object: &mut Value) {
    set_default(object, "spec.podSelector", json!({}));
    if at(object, "spec.policyTypes").is_none() {
        let mut types = vec!["Ingress"];
        if !items(object, "spec.egress").is_empty() {
            types.push("Egress");
        }
        set(object, "spec.policyTypes", json!(types));
    }
    for rules in ["spec.ingress", "spec.egress"] {
        for rule in items_mut(object, rules) {
            for port in items_mut(rule, "ports") {
                set_default(port, "protocol", "TCP");
            }
        }
    }
}

fn autoscaler(object: &mut Value) {
    set_default(object, "spec.minReplicas", 1);
    if text(object, "apiVersion") == "autoscaling/v1" {
        return;
    }
    if at(object, "spec.metrics").is_none() {
        set(
            object,
            "spec.metrics",
            json!([{
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
            }]),
        );
    }
    for (direction, policies) in [
        (
            "scaleUp",
            json!([{"type": "Pods", "value": 4, "periodSeconds": 15}, {"type": "Percent", "value": 100, "periodSeconds": 15}]),
        ),
        (
            "scaleDown",
            json!([{"type": "Percent", "value": 100, "periodSeconds": 15}]),
        ),
    ] {
        if at(object, "spec.behavior").is_none() {
            return;
        }
        let path = format!("spec.behavior.{direction}");
        set_default(object, &path, json!({}));
        set_default(object, &format!("{path}.selectPolicy"), "Max");
        set_default(object, &format!("{path}.policies"), policies);
        if direction == "scaleUp" {
            set_default(object, &format!("{path}.stabilizationWindowSeconds"), 0);
        }
    }
}

fn binding(object: &mut Value) {
    const GROUP: &str = "rbac.authorization.k8s.io";
    set_default(object, "roleRef.apiGroup", GROUP);
    for subject in items_mut(object, "subjects") {
        if matches!(text(subject, "kind"), "User" | "Group") {
            set_default(subject, "apiGroup", GROUP);
        }
    }
}

fn endpoint_slice(object: &mut Value) {
    for port in items_mut(object, "ports") {
        set_default(port, "name", "");
        set_default(port, "protocol", "TCP");
    }
}

fn crd(object: &mut Value) {
    set_default(object, "spec.conversion", json!({"strategy": "None"}));
    let kind = text(object, "spec.names.kind").to_owned();
    if !kind.is_empty() {
        set_default(object, "spec.names.singular", kind.to_lowercase());
        set_default(object, "spec.names.listKind", format!("{kind}List"));
    }
}

fn webhooks(object: &mut Value, mutating: bool) {
    for webhook in items_mut(object, "webhooks") {
        set_default(webhook, "failurePolicy", "Fail");
        set_default(webhook, "matchPolicy", "Equivalent");
        set_default(webhook, "namespaceSelector", json!({}));
        set_default(webhook, "objectSelector", json!({}));
        set_default(webhook, "timeoutSeconds", 10);
        if mutating {
            set_default(webhook, "reinvocationPolicy", "Never");
        }
        if at(webhook, "clientConfig.service").is_some() {
            set_default(webhook, "clientConfig.service.port", 443);
        }
        for rule in items_mut(webhook, "rules") {
            set_default(rule, "scope", "*");
        }
    }
}
