//! Events: what controllers tell people about an object.

use serde_json::{Value, json};

use super::actor::Actor;
use crate::store::reference;
use crate::value::{int, name, namespace, set, text, uid};

/// At most so many are kept.
const MOST: usize = 5_000;

/// Who reports, and how bad it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reporter {
    component: &'static str,
    kind: &'static str,
}

pub(super) const DEPLOYMENTS: Reporter = normal("deployment-controller");
pub(super) const REPLICA_SETS: Reporter = normal("replicaset-controller");
pub(super) const STATEFUL_SETS: Reporter = normal("statefulset-controller");
pub(super) const DAEMON_SETS: Reporter = normal("daemonset-controller");
pub(super) const JOBS: Reporter = normal("job-controller");
pub(super) const CRON_JOBS: Reporter = normal("cronjob-controller");
pub(super) const SCHEDULER: Reporter = normal("default-scheduler");
pub(super) const KUBELET: Reporter = normal("kubelet");
pub(super) const VOLUMES: Reporter = normal("persistentvolume-controller");

const fn normal(component: &'static str) -> Reporter {
    Reporter {
        component,
        kind: "Normal",
    }
}

impl Reporter {
    /// The same reporter with bad news.
    pub(super) fn warning(self) -> Self {
        Self {
            kind: "Warning",
            ..self
        }
    }
}

/// Records an event about an object. The same one again is counted.
pub(super) fn record(
    actor: &mut Actor<'_>,
    object: &Value,
    by: Reporter,
    reason: &str,
    message: &str,
) {
    record_at(actor, object, by, reason, message, "");
}

/// As [`record`], about a part of the object such as `spec.containers{web}`.
pub(super) fn record_at(
    actor: &mut Actor<'_>,
    object: &Value,
    by: Reporter,
    reason: &str,
    message: &str,
    field: &str,
) {
    let in_namespace = match namespace(object) {
        "" => "default",
        given => given,
    };
    let now = actor.world.now();
    // The same news about the same object has the same name, so that it is found again.
    let same = format!("{}/{reason}/{message}/{field}", uid(object));
    let event_name = format!("{}.{}", name(object), digest(&same));
    if let Some(same) = actor.get("events", in_namespace, &event_name) {
        let mut again = (*same).clone();
        let count = int(&again, "count").unwrap_or(1) + 1;
        set(&mut again, "count", count);
        set(&mut again, "lastTimestamp", now);
        actor.store.put("events", again);
        return;
    }
    if actor.store.count("events") >= MOST {
        forget_oldest(actor);
    }
    let mut involved = reference(object);
    if !field.is_empty() {
        involved["fieldPath"] = field.into();
    }
    let mut source = json!({"component": by.component});
    if by.component == "kubelet" {
        source["host"] = super::node::NAME.into();
    }
    let event = json!({
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {
            "name": event_name,
            "namespace": in_namespace,
            "uid": actor.world.uid(),
            "creationTimestamp": now,
        },
        "involvedObject": involved,
        "reason": reason,
        "message": message,
        "source": source,
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
        "type": by.kind,
        "eventTime": null,
        "reportingComponent": by.component,
        "reportingInstance": if by.component == "kubelet" { super::node::NAME } else { "" },
    });
    actor.store.put("events", event);
}

/// A short name for a long text.
fn digest(text: &str) -> String {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(text.as_bytes());
    let start = hash.iter().take(8);
    start.fold(String::new(), |name, byte| format!("{name}{byte:02x}"))
}

/// Makes room: a tenth of the events goes, the oldest first.
fn forget_oldest(actor: &mut Actor<'_>) {
    let mut all = actor.store.list("events", "");
    all.sort_by_key(|it| text(it, "lastTimestamp").to_owned());
    for event in all.iter().take(MOST / 10) {
        actor.store.delete("events", namespace(event), name(event));
    }
}
