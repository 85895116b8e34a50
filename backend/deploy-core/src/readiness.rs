//! Whether an object is ready, and if not, why, in words.
//!
//! The rules are those of kstatus, with its gaps closed: pods are looked at, so a rollout that
//! cannot succeed is known at once and not when its deadline is over; a Job is ready when it is
//! complete, not when it has started; a paused or partitioned rollout does not wait forever.

mod pods;
mod workloads;

use serde_json::Value;

use crate::object::{ObjectId, list, number, optional_text, text};

pub use pods::{failing_container, own_pods};

/// How an object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Its controller works on it.
    Progressing,
    /// It does what it is for, and says nothing until that is done: a Job whose pods run.
    Running,
    /// As it should be.
    Ready,
    /// Something is wrong that may mend itself; it is given up if it lasts.
    Degraded,
    /// It will not become ready.
    Failed,
}

/// How an object stands, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// How it stands.
    pub health: Health,
    /// Such as `2 of 3 replicas are available`.
    pub reason: String,
}

impl Readiness {
    pub(crate) fn ready(reason: impl Into<String>) -> Self {
        Self::new(Health::Ready, reason)
    }

    pub(crate) fn progressing(reason: impl Into<String>) -> Self {
        Self::new(Health::Progressing, reason)
    }

    pub(crate) fn running(reason: impl Into<String>) -> Self {
        Self::new(Health::Running, reason)
    }

    pub(crate) fn degraded(reason: impl Into<String>) -> Self {
        Self::new(Health::Degraded, reason)
    }

    pub(crate) fn failed(reason: impl Into<String>) -> Self {
        Self::new(Health::Failed, reason)
    }

    fn new(health: Health, reason: impl Into<String>) -> Self {
        Self {
            health,
            reason: reason.into(),
        }
    }
}

/// Judges an object of a cluster.
///
/// `related` are the replica sets and pods that its selector finds, in any order; those of other
/// owners and of earlier revisions are left out here. Kinds without pods need none.
pub fn readiness(object: &Value, related: &[Value]) -> Readiness {
    if optional_text(object, "/metadata/deletionTimestamp").is_some() {
        return Readiness::progressing(being_deleted(object));
    }
    if let Some(early) = not_observed(object).or_else(|| announced(object)) {
        return early;
    }
    let own = by_kind(object, related);
    if !matches!(own.health, Health::Progressing | Health::Running) {
        return own;
    }
    // The pods say more than the counters of their owner, and sooner.
    match pods::trouble(object, related) {
        Some(trouble) => trouble,
        None => own,
    }
}

/// Whether the readiness of a kind is told by its replica sets and pods too.
pub fn has_pods(id: &ObjectId) -> bool {
    matches!(
        (id.group(), id.kind.as_str()),
        (
            "apps",
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet"
        ) | ("batch", "Job")
    )
}

/// Whether the kind is ready as soon as it is applied, so that nobody needs to watch it.
pub fn is_ready_at_once(id: &ObjectId) -> bool {
    match id.group() {
        "" => !matches!(
            id.kind.as_str(),
            "Pod" | "Namespace" | "PersistentVolumeClaim" | "ReplicationController" | "Service"
        ),
        "batch" => id.kind == "CronJob",
        "rbac.authorization.k8s.io"
        | "networking.k8s.io"
        | "storage.k8s.io"
        | "scheduling.k8s.io"
        | "autoscaling"
        | "admissionregistration.k8s.io" => true,
        _ => false,
    }
}

fn being_deleted(object: &Value) -> String {
    let finalizers: Vec<_> = list(object, "/metadata/finalizers")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    match finalizers.as_slice() {
        [] => "it is being deleted".to_owned(),
        names => format!("it is being deleted and waits for {}", names.join(", ")),
    }
}

fn not_observed(object: &Value) -> Option<Readiness> {
    let wanted = number(object, "/metadata/generation")?;
    let seen = number(object, "/status/observedGeneration")?;
    (wanted != seen).then(|| Readiness::progressing("its controller has not seen the change yet"))
}

fn announced(object: &Value) -> Option<Readiness> {
    if let Some(stalled) = true_condition(object, "Stalled") {
        return Some(Readiness::failed(said(
            stalled,
            "its controller has stalled",
        )));
    }
    let reconciling = true_condition(object, "Reconciling")?;
    Some(Readiness::progressing(said(
        reconciling,
        "its controller is at work",
    )))
}

fn by_kind(object: &Value, related: &[Value]) -> Readiness {
    let id = ObjectId::of(object);
    match (id.group(), id.kind.as_str()) {
        ("apps", "Deployment") => workloads::deployment(object, related),
        ("apps", "StatefulSet") => workloads::stateful_set(object),
        ("apps", "DaemonSet") => workloads::daemon_set(object),
        ("apps", "ReplicaSet") => workloads::replica_set(object),
        ("batch", "Job") => workloads::job(object),
        ("", "Pod") => pods::pod(object),
        ("", "Service") => service(object),
        ("", "Namespace") => namespace(object),
        ("", "PersistentVolumeClaim") => volume_claim(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition(object),
        ("apiregistration.k8s.io", "APIService") => api_service(object),
        _ if is_ready_at_once(&id) => Readiness::ready("it is applied"),
        _ => by_ready_condition(object),
    }
}

fn by_ready_condition(object: &Value) -> Readiness {
    match condition(object, "Ready") {
        None => Readiness::ready("it is applied"),
        Some(ready) if is_of_earlier(object, ready) => {
            Readiness::progressing("its controller has not seen the change yet")
        }
        Some(ready) if status_is(ready, "True") => Readiness::ready("it is ready"),
        Some(ready) => Readiness::progressing(said(ready, "it is not ready yet")),
    }
}

/// Whether a condition speaks of the object as it was before its last change.
fn is_of_earlier(object: &Value, condition: &Value) -> bool {
    let seen = number(condition, "/observedGeneration");
    seen.is_some() && seen < number(object, "/metadata/generation")
}

/// A load balancer without an address is no reason to wait: many clusters have none.
fn service(object: &Value) -> Readiness {
    let balanced = text(object, "/spec/type") == "LoadBalancer";
    if balanced && text(object, "/spec/clusterIP").is_empty() {
        return Readiness::progressing("it has no cluster IP yet");
    }
    if balanced && list(object, "/status/loadBalancer/ingress").is_empty() {
        return Readiness::ready("it is served; the load balancer has no address yet");
    }
    Readiness::ready("it is served")
}

fn namespace(object: &Value) -> Readiness {
    match text(object, "/status/phase") {
        "Active" => Readiness::ready("it is active"),
        "" => Readiness::progressing("it has no phase yet"),
        phase => Readiness::progressing(format!("it is {}", phase.to_lowercase())),
    }
}

/// A claim may wait for the first pod that uses it, so it never holds up a deploy.
fn volume_claim(object: &Value) -> Readiness {
    match text(object, "/status/phase") {
        "Bound" => Readiness::ready("it is bound"),
        "Lost" => Readiness::failed("its volume is lost"),
        _ => Readiness::ready("it is not bound yet: it may wait for the first pod that uses it"),
    }
}

fn definition(object: &Value) -> Readiness {
    if let Some(names) = condition(object, "NamesAccepted")
        && status_is(names, "False")
    {
        return Readiness::failed(said(names, "its names are taken"));
    }
    match condition(object, "Established") {
        Some(it) if status_is(it, "True") => Readiness::ready("it is established"),
        Some(it) if status_is(it, "False") && text(it, "/reason") != "Installing" => {
            Readiness::failed(said(it, "it cannot be established"))
        }
        _ => Readiness::progressing("it is not established yet"),
    }
}

fn api_service(object: &Value) -> Readiness {
    match condition(object, "Available") {
        Some(it) if status_is(it, "True") => Readiness::ready("it is available"),
        Some(it) => Readiness::progressing(said(it, "it is not available yet")),
        None => Readiness::progressing("it is not available yet"),
    }
}

/// The condition of a type.
pub(crate) fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    list(object, "/status/conditions")
        .iter()
        .find(|it| text(it, "/type") == kind)
}

/// The condition of a type, if it is true.
pub(crate) fn true_condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    condition(object, kind).filter(|it| status_is(it, "True"))
}

pub(crate) fn status_is(condition: &Value, status: &str) -> bool {
    text(condition, "/status") == status
}

/// What a condition says for people, or `otherwise`.
pub(crate) fn said(condition: &Value, otherwise: &str) -> String {
    match (text(condition, "/message"), text(condition, "/reason")) {
        ("", "") => otherwise.to_owned(),
        ("", reason) => format!("{otherwise} ({reason})"),
        (message, _) => message.to_owned(),
    }
}

#[cfg(test)]
mod tests;
