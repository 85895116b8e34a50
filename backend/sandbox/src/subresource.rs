//! Scale, as `autoscaling/v1` shows it.

use serde_json::{Value, json};

use crate::resources::Resource;
use crate::selector::Labels;
use crate::status::{Answer, Failure, FieldError};
use crate::value::{at, int, name, namespace, set, text, uid};

/// Where a kind keeps its replicas: spec, status, selector.
fn paths(resource: &Resource) -> (String, String, String) {
    let custom = resource
        .custom
        .as_ref()
        .and_then(|custom| custom.scale.as_ref());
    let path = |name: &str, otherwise: &str| {
        let given = custom.and_then(|scale| scale[name].as_str());
        given
            .unwrap_or(otherwise)
            .trim_start_matches('.')
            .to_owned()
    };
    (
        path("specReplicasPath", "spec.replicas"),
        path("statusReplicasPath", "status.replicas"),
        path("labelSelectorPath", "spec.selector"),
    )
}

/// The `Scale` of an object.
pub(crate) fn scale(resource: &Resource, object: &Value) -> Value {
    let (spec, status, selector) = paths(resource);
    let selector = match at(object, &selector) {
        Some(Value::String(text)) => text.clone(),
        Some(map) if map.get("matchLabels").is_none() && map.get("matchExpressions").is_none() => {
            Labels::of_map(Some(map))
                .map(|it| it.to_string())
                .unwrap_or_default()
        }
        other => Labels::of_workload(other)
            .map(|it| it.to_string())
            .unwrap_or_default(),
    };
    let mut status = json!({"replicas": int(object, &status).unwrap_or(0)});
    if !selector.is_empty() {
        status["selector"] = selector.into();
    }
    let mut spec_of_scale = json!({});
    if let Some(replicas) = int(object, &spec).filter(|it| *it != 0) {
        spec_of_scale["replicas"] = replicas.into();
    }
    json!({
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {
            "name": name(object),
            "namespace": namespace(object),
            "uid": uid(object),
            "resourceVersion": text(object, "metadata.resourceVersion"),
            "creationTimestamp": at(object, "metadata.creationTimestamp"),
        },
        "spec": spec_of_scale,
        "status": status,
    })
}

/// The object with the replicas of a `Scale`.
pub(crate) fn with_scale(resource: &Resource, live: &Value, scale: &Value) -> Answer<Value> {
    let replicas = int(scale, "spec.replicas").unwrap_or(0);
    if replicas < 0 {
        let error = FieldError::invalid(
            "spec.replicas",
            &json!(replicas),
            "must be greater than or equal to 0",
        );
        return Err(Failure::invalid(
            "autoscaling",
            "Scale",
            name(live),
            &[error],
        ));
    }
    let given = text(scale, "metadata.resourceVersion");
    let mut object = live.clone();
    set(&mut object, "metadata.resourceVersion", given);
    if given.is_empty() {
        crate::value::remove(&mut object, "metadata.resourceVersion");
    }
    set(&mut object, &paths(resource).0, replicas);
    Ok(object)
}

/// What applying a `Scale` says of the object.
pub(crate) fn applied_scale(resource: &Resource, scale: &Value) -> Value {
    let mut applied = json!({
        "apiVersion": resource.api_version(),
        "kind": resource.kind,
        "metadata": scale["metadata"],
    });
    if let Some(replicas) = int(scale, "spec.replicas") {
        set(&mut applied, &paths(resource).0, replicas);
    }
    applied
}
