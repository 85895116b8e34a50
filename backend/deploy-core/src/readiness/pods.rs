//! Pods: how one stands, and what those of a workload say about it.

use serde_json::Value;

use crate::object::{list, number, optional_text, text};
use crate::readiness::{Health, Readiness, condition, said, status_is};

/// How a pod stands that a manifest describes.
pub(super) fn pod(object: &Value) -> Readiness {
    match text(object, "/status/phase") {
        "Succeeded" => return Readiness::ready("it has finished"),
        "Failed" => return Readiness::failed(why_failed(object)),
        _ => {}
    }
    if let Some(trouble) = pod_trouble(object) {
        return trouble;
    }
    match condition(object, "Ready") {
        Some(ready) if status_is(ready, "True") => Readiness::ready("it is running and ready"),
        Some(ready) => Readiness::progressing(said(ready, "it is not ready yet")),
        None => Readiness::progressing("it has not started yet"),
    }
}

/// The worst that the pods of a workload say, those of its present revision only.
pub(super) fn trouble(workload: &Value, related: &[Value]) -> Option<Readiness> {
    let rank = |it: &Readiness| match it.health {
        Health::Failed => 1,
        Health::Degraded => 0,
        Health::Progressing | Health::Running | Health::Ready => -1,
    };
    own_pods(workload, related)
        .into_iter()
        .filter_map(|pod| {
            let trouble = pod_trouble(pod)?;
            let name = text(pod, "/metadata/name");
            Some(Readiness {
                reason: format!("pod {name}: {}", trouble.reason),
                ..trouble
            })
        })
        .max_by_key(rank)
}

/// The pods of a workload among `related`: its own, of its present revision, and not on their way
/// out. An old pod that fails says nothing about the rollout.
pub fn own_pods<'a>(workload: &Value, related: &'a [Value]) -> Vec<&'a Value> {
    let pods = related.iter().filter(|it| text(it, "/kind") == "Pod");
    let leaving = |pod: &Value| optional_text(pod, "/metadata/deletionTimestamp").is_some();
    let owner = present_owner(workload, related);
    pods.filter(|pod| !leaving(pod))
        .filter(|pod| owner.is_none_or(|uid| is_owned(pod, uid)))
        .filter(|pod| is_of_revision(workload, pod))
        .collect()
}

/// The container of a pod whose log tells why it fails, and whether its run before this one does.
pub fn failing_container(pod: &Value) -> Option<(String, bool)> {
    container_statuses(pod).find_map(|status| {
        let name = text(status, "/name").to_owned();
        if text(status, "/state/waiting/reason") == "CrashLoopBackOff" {
            return Some((name, true));
        }
        let code = number(status, "/state/terminated/exitCode")?;
        (code != 0).then_some((name, false))
    })
}

/// The uid of what owns the pods of the present revision; `None` where that cannot be told.
fn present_owner<'a>(workload: &'a Value, related: &'a [Value]) -> Option<&'a str> {
    const REVISION: &str = "/metadata/annotations/deployment.kubernetes.io~1revision";
    let uid = optional_text(workload, "/metadata/uid")?;
    if text(workload, "/kind") != "Deployment" {
        return Some(uid);
    }
    let revision = optional_text(workload, REVISION)?;
    related
        .iter()
        .filter(|it| text(it, "/kind") == "ReplicaSet" && is_owned(it, uid))
        .find(|it| optional_text(it, REVISION) == Some(revision))
        .and_then(|it| optional_text(it, "/metadata/uid"))
}

fn is_owned(object: &Value, uid: &str) -> bool {
    list(object, "/metadata/ownerReferences")
        .iter()
        .any(|owner| text(owner, "/uid") == uid)
}

/// Stateful sets own the pods of all revisions; a label tells them apart.
fn is_of_revision(workload: &Value, pod: &Value) -> bool {
    let label = optional_text(pod, "/metadata/labels/controller-revision-hash");
    match (optional_text(workload, "/status/updateRevision"), label) {
        (Some(revision), Some(label)) if !revision.is_empty() => revision == label,
        _ => true,
    }
}

fn pod_trouble(pod: &Value) -> Option<Readiness> {
    let mut troubles: Vec<_> = container_statuses(pod)
        .filter_map(container_trouble)
        .collect();
    troubles.sort_by_key(|it| it.health != Health::Failed);
    troubles.into_iter().next().or_else(|| unschedulable(pod))
}

fn container_trouble(status: &Value) -> Option<Readiness> {
    let name = text(status, "/name");
    let waiting = status.pointer("/state/waiting")?;
    let message = text(waiting, "/message");
    let with_message = |sentence: String| match message {
        "" => sentence,
        message => format!("{sentence}: {message}"),
    };
    let image = text(status, "/image");
    Some(match text(waiting, "/reason") {
        "CrashLoopBackOff" => Readiness::failed(keeps_crashing(status)),
        "InvalidImageName" => Readiness::failed(format!(
            "container {name} cannot start, since `{image}` is not the name of an image"
        )),
        "ErrImageNeverPull" => Readiness::failed(format!(
            "container {name} cannot start, since image {image} is not on the node and may not be pulled"
        )),
        "ErrImagePull" | "ImagePullBackOff" => Readiness::degraded(with_message(format!(
            "container {name} cannot start, since image {image} cannot be pulled"
        ))),
        "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError" => {
            Readiness::degraded(with_message(format!("container {name} cannot start")))
        }
        _ => return None,
    })
}

fn keeps_crashing(status: &Value) -> String {
    let name = text(status, "/name");
    let restarts = number(status, "/restartCount").unwrap_or(0);
    let code = number(status, "/lastState/terminated/exitCode");
    let cause = match (text(status, "/lastState/terminated/reason"), code) {
        ("OOMKilled", _) => " (it was killed, since it used more memory than its limit)".to_owned(),
        (_, Some(code)) => format!(" (exit code {code})"),
        (_, None) => String::new(),
    };
    let plural = if restarts == 1 { "" } else { "s" };
    format!("container {name} keeps crashing{cause}, {restarts} restart{plural} so far")
}

fn unschedulable(pod: &Value) -> Option<Readiness> {
    let scheduled = condition(pod, "PodScheduled")?;
    let stuck = status_is(scheduled, "False") && text(scheduled, "/reason") == "Unschedulable";
    stuck.then(|| {
        let why = said(scheduled, "no node has room for it");
        Readiness::degraded(format!("it cannot be scheduled: {why}"))
    })
}

fn why_failed(pod: &Value) -> String {
    if let Some(message) = optional_text(pod, "/status/message") {
        return message.to_owned();
    }
    container_statuses(pod)
        .find_map(|status| {
            let code = number(status, "/state/terminated/exitCode")?;
            let name = text(status, "/name");
            (code != 0).then(|| format!("container {name} ended with exit code {code}"))
        })
        .unwrap_or_else(|| "it failed".to_owned())
}

fn container_statuses(pod: &Value) -> impl Iterator<Item = &Value> {
    ["/status/initContainerStatuses", "/status/containerStatuses"]
        .into_iter()
        .flat_map(|pointer| list(pod, pointer))
}
