//! What the server writes into objects by itself: uid, times, generation, status kept apart from spec.

use serde_json::{Value, json};

use crate::crd;
use crate::resources::Resource;
use crate::status::{Answer, Failure, FieldError};
use crate::store::Store;
use crate::value::{as_object, at, int, object_mut, remove, set, set_default, text};
use crate::world::World;

/// Makes an object ready to be stored for the first time.
pub(crate) fn prepare_create(world: &World, resource: &Resource, object: &mut Value) -> Answer<()> {
    let name = text(object, "metadata.name");
    let prefix = text(object, "metadata.generateName");
    if name.is_empty() && prefix.is_empty() {
        let error = FieldError::required("metadata.name", "name or generateName is required");
        return Err(Failure::invalid(
            &resource.group,
            &resource.kind,
            "",
            &[error],
        ));
    }
    if name.is_empty() {
        let prefix: String = prefix.chars().take(58).collect();
        let name = format!("{prefix}{}", world.suffix(5));
        set(object, "metadata.name", name);
    }
    for field in [
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
        "resourceVersion",
    ] {
        remove(object, &format!("metadata.{field}"));
    }
    set(object, "metadata.uid", world.uid());
    set(object, "metadata.creationTimestamp", world.now());
    if !resource.namespaced {
        remove(object, "metadata.namespace");
    }
    if has_generation(resource) {
        set(object, "metadata.generation", 1);
    } else {
        remove(object, "metadata.generation");
    }
    first_status(resource, object);
    Ok(())
}

/// Status of an object that no controller has seen yet.
fn first_status(resource: &Resource, object: &mut Value) {
    if resource.custom.is_some() {
        if resource.has("status") {
            remove(object, "status");
        }
        return;
    }
    let status = match resource.kind.as_str() {
        "Pod" => json!({"phase": "Pending", "qosClass": qos(object)}),
        "Namespace" => {
            set_default(object, "spec.finalizers", json!(["kubernetes"]));
            json!({"phase": "Active"})
        }
        "PersistentVolume" | "PersistentVolumeClaim" => json!({"phase": "Pending"}),
        "Service" | "Ingress" => json!({"loadBalancer": {}}),
        "DaemonSet" => json!({
            "currentNumberScheduled": 0, "desiredNumberScheduled": 0,
            "numberMisscheduled": 0, "numberReady": 0,
        }),
        "StatefulSet" => json!({"replicas": 0, "availableReplicas": 0}),
        "ReplicaSet" | "ReplicationController" => json!({"replicas": 0}),
        "PodDisruptionBudget" => json!({
            "currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0,
        }),
        "HorizontalPodAutoscaler" => json!({"desiredReplicas": 0, "currentMetrics": null}),
        "CustomResourceDefinition" => json!({
            "conditions": [], "acceptedNames": {"plural": "", "kind": ""}, "storedVersions": [],
        }),
        _ if resource.has("status") => json!({}),
        _ => return,
    };
    set(object, "status", status);
}

/// The class that the requests and limits of a pod put it in.
fn qos(pod: &Value) -> &'static str {
    let mut any = false;
    let mut all = true;
    for container in crate::value::items(pod, "spec.containers") {
        for name in ["cpu", "memory"] {
            let request = at(container, &format!("resources.requests.{name}"));
            let limit = at(container, &format!("resources.limits.{name}"));
            any |= request.is_some() || limit.is_some();
            all &= limit.is_some() && request.is_none_or(|request| Some(request) == limit);
        }
    }
    match (any, all) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}

/// Makes an update ready: what the endpoint does not write stays as it is, and `generation` counts.
pub(crate) fn prepare_update(
    resource: &Resource,
    subresource: &str,
    live: &Value,
    new: &mut Value,
) {
    let status_apart = resource.has("status");
    if subresource == "status" {
        let mut kept = live.clone();
        replace(&mut kept, "status", at(new, "status").cloned());
        for field in ["managedFields", "annotations", "labels"] {
            let path = format!("metadata.{field}");
            replace(&mut kept, &path, at(new, &path).cloned());
        }
        *new = kept;
    } else if status_apart {
        replace(new, "status", at(live, "status").cloned());
    }
    if resource.kind == "Namespace" && subresource != "finalize" {
        replace(new, "spec", at(live, "spec").cloned());
    }
    for field in [
        "uid",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "generation",
        "resourceVersion",
        "selfLink",
    ] {
        let path = format!("metadata.{field}");
        replace(new, &path, at(live, &path).cloned());
    }
    if has_generation(resource) && subresource != "status" && meaning(live) != meaning(new) {
        let generation = int(live, "metadata.generation").unwrap_or(0) + 1;
        set(new, "metadata.generation", generation);
    }
}

/// Everything but metadata and status.
fn meaning(object: &Value) -> Value {
    let mut object = object.clone();
    let fields = as_object(&mut object);
    for name in ["metadata", "status", "apiVersion"] {
        fields.remove(name);
    }
    object
}

fn replace(object: &mut Value, path: &str, value: Option<Value>) {
    match value {
        Some(value) => set(object, path, value),
        None => {
            remove(object, path);
        }
    }
}

fn has_generation(resource: &Resource) -> bool {
    resource.custom.is_some()
        || matches!(
            resource.kind.as_str(),
            "Deployment"
                | "ReplicaSet"
                | "StatefulSet"
                | "DaemonSet"
                | "ReplicationController"
                | "Job"
                | "CronJob"
                | "Ingress"
                | "IngressClass"
                | "NetworkPolicy"
                | "Pod"
                | "PodDisruptionBudget"
                | "CustomResourceDefinition"
                | "EndpointSlice"
                | "MutatingWebhookConfiguration"
                | "ValidatingWebhookConfiguration"
                | "ValidatingAdmissionPolicy"
                | "ValidatingAdmissionPolicyBinding"
                | "FlowSchema"
                | "PriorityLevelConfiguration"
                | "PriorityClass"
                | "DeviceClass"
                | "ResourceSlice"
        )
}

/// What follows from a write at once: an object whose last finalizer went is removed, a CRD is served.
pub(crate) fn after_write(world: &World, store: &mut Store, object: &Value) {
    let kind = text(object, "kind");
    if kind == "CustomResourceDefinition" {
        crd::refresh(world, object);
    }
    let kept = !crate::value::items(object, "metadata.finalizers").is_empty()
        || int(object, "metadata.deletionGracePeriodSeconds").unwrap_or(0) > 0
        || (kind == "Namespace" && !crate::value::items(object, "spec.finalizers").is_empty());
    if crate::value::is_terminating(object) && !kept {
        crate::delete::remove(world, store, object);
    }
}

/// Puts labels or annotations into an object, making the map where there is none.
pub(crate) fn put_all(object: &mut Value, path: &str, pairs: &[(&str, &str)]) {
    let map = object_mut(object, path);
    for (key, value) in pairs {
        map.insert((*key).to_owned(), (*value).into());
    }
}
