//! The two kinds that are served in more than one version: autoscalers and events.

use serde_json::{Value, json};

use crate::resources::Resource;
use crate::value::{at, remove, set};

/// A stored object as `resource` shows it.
pub(crate) fn to_version(stored: &Value, resource: &Resource) -> Value {
    let mut object = stored.clone();
    let api_version = resource.api_version();
    if object["apiVersion"] == api_version {
        return object;
    }
    object["apiVersion"] = api_version.as_str().into();
    match api_version.as_str() {
        "autoscaling/v1" => autoscaler_v1(&mut object),
        "events.k8s.io/v1" => rename_all(&mut object, EVENT_NAMES),
        _ => {}
    }
    object
}

/// An object as it is stored.
pub(crate) fn to_storage(mut object: Value, resource: &Resource) -> Value {
    match resource.api_version().as_str() {
        "autoscaling/v1" => {
            object["apiVersion"] = "autoscaling/v2".into();
            autoscaler_v2(&mut object);
        }
        "events.k8s.io/v1" => {
            object["apiVersion"] = "v1".into();
            let back: Vec<_> = EVENT_NAMES.iter().map(|(one, two)| (*two, *one)).collect();
            rename_all(&mut object, &back);
        }
        _ => {
            if let Some(custom) = &resource.custom {
                object["apiVersion"] =
                    format!("{}/{}", resource.group, custom.storage_version).into();
            }
        }
    }
    object
}

/// Names in `v1`, and in `events.k8s.io/v1`.
const EVENT_NAMES: &[(&str, &str)] = &[
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("reportingComponent", "reportingController"),
    ("count", "deprecatedCount"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("source", "deprecatedSource"),
];

fn rename_all(object: &mut Value, names: &[(&str, &str)]) {
    for (old, new) in names {
        if let Some(value) = remove(object, old) {
            set(object, new, value);
        }
    }
}

fn autoscaler_v1(object: &mut Value) {
    let metrics = remove(object, "spec.metrics").unwrap_or_default();
    for metric in metrics.as_array().into_iter().flatten() {
        let target = at(metric, "resource.target.averageUtilization");
        if metric["resource"]["name"] == "cpu"
            && let Some(percent) = target
        {
            set(
                object,
                "spec.targetCPUUtilizationPercentage",
                percent.clone(),
            );
        }
    }
    remove(object, "spec.behavior");
    remove(object, "status.currentMetrics");
    remove(object, "status.conditions");
}

fn autoscaler_v2(object: &mut Value) {
    if let Some(percent) = remove(object, "spec.targetCPUUtilizationPercentage") {
        let metric = json!({
            "type": "Resource",
            "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": percent}},
        });
        set(object, "spec.metrics", vec![metric]);
    }
}
