//! Fields that may not change.

use serde_json::{Value, json};

use super::Errors;
use crate::resources::Resource;
use crate::status::FieldError;
use crate::value::{at, flag, text};

pub(super) fn check(resource: &Resource, live: &Value, new: &Value) -> Errors {
    match (resource.group.as_str(), resource.kind.as_str()) {
        ("apps", "Deployment" | "ReplicaSet" | "DaemonSet") => {
            frozen(live, new, &["spec.selector"])
        }
        ("apps", "StatefulSet") => stateful_set(live, new),
        ("batch", "Job") => job(live, new),
        ("", "Service") => service(live, new),
        ("", "ConfigMap") => sealed(live, new, &["data", "binaryData"]),
        ("", "Secret") => {
            let mut errors = sealed(live, new, &["data"]);
            errors.extend(frozen(live, new, &["type"]));
            errors
        }
        ("", "PersistentVolumeClaim") => claim(live, new),
        ("", "Pod") => pod(live, new),
        ("rbac.authorization.k8s.io", kind) if kind.ends_with("Binding") => {
            if live["roleRef"] == new["roleRef"] {
                return Vec::new();
            }
            vec![FieldError::invalid(
                "roleRef",
                &new["roleRef"],
                "cannot change roleRef",
            )]
        }
        ("storage.k8s.io", "StorageClass") => {
            let mut errors = Vec::new();
            for field in [
                "provisioner",
                "reclaimPolicy",
                "volumeBindingMode",
                "parameters",
            ] {
                if at(live, field) != at(new, field) {
                    errors.push(FieldError::forbidden(
                        field,
                        "updates to this field are forbidden.",
                    ));
                }
            }
            errors
        }
        ("scheduling.k8s.io", "PriorityClass") if live["value"] != new["value"] => {
            vec![FieldError::forbidden(
                "value",
                "may not be changed in an update.",
            )]
        }
        _ => Vec::new(),
    }
}

fn frozen(live: &Value, new: &Value, paths: &[&str]) -> Errors {
    paths
        .iter()
        .filter(|path| at(live, path) != at(new, path))
        .map(|path| {
            let none = Value::Null;
            FieldError::invalid(*path, at(new, path).unwrap_or(&none), "field is immutable")
        })
        .collect()
}

/// An object that was declared immutable stays so, and so does its data.
fn sealed(live: &Value, new: &Value, fields: &[&str]) -> Errors {
    const WHY: &str = "field is immutable when `immutable` is set";
    if !flag(live, "immutable") {
        return Vec::new();
    }
    let mut errors = Vec::new();
    if !flag(new, "immutable") {
        errors.push(FieldError::forbidden("immutable", WHY));
    }
    for field in fields {
        if at(live, field) != at(new, field) {
            errors.push(FieldError::forbidden(*field, WHY));
        }
    }
    errors
}

fn stateful_set(live: &Value, new: &Value) -> Errors {
    const MUTABLE: &[&str] = &[
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    ];
    let rest = |object: &Value| {
        let mut spec = object["spec"].clone();
        for field in MUTABLE {
            crate::value::remove(&mut spec, field);
        }
        for claim in crate::value::items_mut(&mut spec, "volumeClaimTemplates") {
            crate::value::remove(claim, "status");
        }
        spec
    };
    if rest(live) == rest(new) {
        return Vec::new();
    }
    vec![FieldError::forbidden(
        "spec",
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    )]
}

fn job(live: &Value, new: &Value) -> Errors {
    let mut errors = frozen(live, new, &["spec.completionMode", "spec.selector"]);
    if text(live, "spec.completionMode") != "Indexed" {
        errors.extend(frozen(live, new, &["spec.completions"]));
    }
    if live["spec"]["template"] != new["spec"]["template"] {
        errors.push(FieldError::invalid(
            "spec.template",
            &new["spec"]["template"],
            "field is immutable",
        ));
    }
    errors
}

fn service(live: &Value, new: &Value) -> Errors {
    let (old, wanted) = (text(live, "spec.clusterIP"), text(new, "spec.clusterIP"));
    let name_only = |object: &Value| text(object, "spec.type") == "ExternalName";
    if name_only(live) || name_only(new) || old.is_empty() || wanted.is_empty() || old == wanted {
        return Vec::new();
    }
    vec![FieldError::invalid(
        "spec.clusterIPs[0]",
        &json!([wanted]),
        "may not change once set",
    )]
}

fn claim(live: &Value, new: &Value) -> Errors {
    let rest = |object: &Value| {
        let mut spec = object["spec"].clone();
        crate::value::remove(&mut spec, "resources");
        crate::value::remove(&mut spec, "volumeAttributesClassName");
        spec
    };
    let bound = text(live, "spec.volumeName");
    if rest(live) == rest(new) || bound.is_empty() && text(live, "status.phase") != "Bound" {
        return Vec::new();
    }
    vec![FieldError::forbidden(
        "spec",
        "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
    )]
}

fn pod(live: &Value, new: &Value) -> Errors {
    const WHY: &str = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
    let rest = |object: &Value| {
        let mut spec = object["spec"].clone();
        for field in [
            "activeDeadlineSeconds",
            "tolerations",
            "terminationGracePeriodSeconds",
            "ephemeralContainers",
            "schedulingGates",
            "nodeName",
        ] {
            crate::value::remove(&mut spec, field);
        }
        for list in ["containers", "initContainers"] {
            for container in crate::value::items_mut(&mut spec, list) {
                crate::value::remove(container, "image");
            }
        }
        spec
    };
    if rest(live) == rest(new) {
        return Vec::new();
    }
    vec![FieldError::forbidden("spec", WHY)]
}
