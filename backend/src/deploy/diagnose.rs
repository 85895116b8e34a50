//! Why an object is in trouble: its events, and the end of the log of the container that fails.

use std::time::Duration;

use deploy_core::ObjectId;
use deploy_core::readiness::failing_container;
use serde_json::Value;

use crate::cluster::{Cluster, LogSource, Query, Resource};

/// Pods that are looked at: the others fail for the same reason.
const PODS: usize = 2;
const EVENTS: usize = 5;
const LOG_LINES: u32 = 20;
/// What is not known by then is left out; the deploy goes on.
const TIME: Duration = Duration::from_secs(5);

/// Tells, line by line, what the cluster says about an object and its pods. Never fails: who may
/// not read events or logs sees fewer lines.
pub(super) async fn diagnose(cluster: &dyn Cluster, object: &Value, pods: &[Value]) -> Vec<String> {
    let mut lines = Vec::new();
    let told = async {
        let id = ObjectId::of(object);
        lines.extend(warnings(cluster, &id).await);
        let failing = pods.iter().filter(|pod| failing_container(pod).is_some());
        let others = pods.iter().filter(|pod| failing_container(pod).is_none());
        for pod in failing.chain(others).take(PODS) {
            let pod_id = ObjectId::of(pod);
            lines.extend(warnings(cluster, &pod_id).await);
            lines.extend(log(cluster, &pod_id, pod).await);
        }
    };
    let _ = tokio::time::timeout(TIME, told).await;
    lines
}

/// The newest warnings about an object.
async fn warnings(cluster: &dyn Cluster, id: &ObjectId) -> Vec<String> {
    let query = Query {
        resource: Resource {
            api_version: "v1".to_owned(),
            kind: "Event".to_owned(),
            plural: "events".to_owned(),
            namespaced: true,
        },
        namespace: id.namespace.clone(),
        labels: String::new(),
        fields: format!(
            "involvedObject.name={},involvedObject.kind={}",
            id.name, id.kind
        ),
    };
    let Ok(listed) = cluster.list(&query).await else {
        return Vec::new();
    };
    let text = |event: &Value, field: &str| {
        event
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut events = listed.items;
    events.retain(|it| text(it, "type") == "Warning");
    events.sort_by_key(last_seen);
    let newest = events.iter().rev().take(EVENTS).rev();
    newest
        .map(|it| {
            format!(
                "event {} of {id}: {}",
                text(it, "reason"),
                text(it, "message")
            )
        })
        .collect()
}

/// When an event was seen last. Newer writers, such as the scheduler, leave `lastTimestamp` empty.
fn last_seen(event: &Value) -> String {
    let places = [
        "/series/lastObservedTime",
        "/lastTimestamp",
        "/eventTime",
        "/metadata/creationTimestamp",
    ];
    let mut times = places
        .iter()
        .filter_map(|place| event.pointer(place)?.as_str());
    times.next().unwrap_or_default().to_owned()
}

async fn log(cluster: &dyn Cluster, id: &ObjectId, pod: &Value) -> Vec<String> {
    let Some((container, previous)) = failing_container(pod) else {
        return Vec::new();
    };
    let source = LogSource {
        namespace: id.namespace.clone().unwrap_or_default(),
        pod: id.name.clone(),
        container,
        previous,
        lines: LOG_LINES,
    };
    let Ok(text) = cluster.log(&source).await else {
        return Vec::new();
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| format!("log of {}: {line}", source.pod))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_of_the_scheduler_have_a_time_too() {
        let times = [
            json!({"lastTimestamp": null, "eventTime": "2026-01-02T00:00:00.000000Z"}),
            json!({"lastTimestamp": "2026-01-01T00:00:00Z", "eventTime": null}),
        ];

        assert!(last_seen(&times[0]) > last_seen(&times[1]));
    }
}
