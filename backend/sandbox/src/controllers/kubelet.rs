//! The life of a pod on the node: pulled, started, ready; or failing by its image's name; then gone.

mod containers;
mod volumes;

use serde_json::{Value, json};

use super::actor::Actor;
use super::{Again, events, node, owned, scheduler};
use crate::faults::ImageFault;
use crate::value::{at, int, is_terminating, items, name, set, text, uid};
use containers::Started;

/// Brings a pod one step further.
pub(super) fn reconcile(actor: &mut Actor<'_>, namespace: &str, of_name: &str) -> Again {
    let pod = actor.get("pods", namespace, of_name)?;
    if is_terminating(&pod) {
        return stop(actor, &pod);
    }
    if matches!(text(&pod, "status.phase"), "Succeeded" | "Failed") {
        return None;
    }
    if text(&pod, "spec.nodeName").is_empty() {
        return scheduler::schedule(actor, &pod);
    }
    if text(&pod, "spec.nodeName") != node::NAME {
        return None;
    }
    if items(&pod, "status.containerStatuses").is_empty() {
        return create(actor, &pod);
    }
    run(actor, &pod)
}

/// Ends a pod that is to be deleted, after a part of its grace.
fn stop(actor: &mut Actor<'_>, pod: &Value) -> Again {
    let grace = int(pod, "metadata.deletionGracePeriodSeconds").unwrap_or(0);
    let longest = u64::try_from(grace).unwrap_or(0).min(1) * 300 + 1;
    if let Some(left) = actor
        .deadlines
        .left(actor.world, uid(pod), "stop", longest / 3, longest)
    {
        return Some(left);
    }
    if items(pod, "metadata.finalizers").is_empty() {
        crate::delete::remove(actor.world, actor.store, pod);
    } else if grace != 0 {
        let mut pod = pod.clone();
        set(&mut pod, "metadata.deletionGracePeriodSeconds", 0);
        actor.store.put("pods", pod);
    }
    None
}

/// Says that the containers are being made.
fn create(actor: &mut Actor<'_>, pod: &Value) -> Again {
    if let Some(missing) = volumes::missing(actor, pod) {
        events::record(
            actor,
            pod,
            events::KUBELET.warning(),
            "FailedMount",
            &missing,
        );
    }
    let waiting = |reason: &str, container: &Value| {
        json!({
            "name": container["name"], "image": container["image"], "imageID": "",
            "ready": false, "started": false, "restartCount": 0, "lastState": {},
            "state": {"waiting": {"reason": reason}},
        })
    };
    let has_init = !items(pod, "spec.initContainers").is_empty();
    let reason = if has_init {
        "PodInitializing"
    } else {
        "ContainerCreating"
    };
    let main: Vec<_> = items(pod, "spec.containers")
        .iter()
        .map(|it| waiting(reason, it))
        .collect();
    let init: Vec<_> = items(pod, "spec.initContainers")
        .iter()
        .map(|it| waiting("PodInitializing", it))
        .collect();
    let now = actor.world.now();
    let mut status = pod["status"].clone();
    status["hostIP"] = "127.0.0.1".into();
    status["hostIPs"] = json!([{"ip": "127.0.0.1"}]);
    status["startTime"] = now.as_str().into();
    status["observedGeneration"] = pod["metadata"]["generation"].clone();
    status["containerStatuses"] = main.into();
    if has_init {
        status["initContainerStatuses"] = init.into();
    }
    let mut conditions = items(pod, "status.conditions").to_vec();
    for (kind, good) in [
        ("PodReadyToStartContainers", false),
        ("Initialized", !has_init),
        ("Ready", false),
        ("ContainersReady", false),
    ] {
        owned::set_condition(&mut conditions, condition(pod, kind, good), &now);
    }
    status["conditions"] = conditions.into();
    actor.set_status(pod, status, "kubelet");
    None
}

fn condition(pod: &Value, kind: &str, good: bool) -> Value {
    let mut condition = json!({
        "type": kind, "lastProbeTime": null,
        "status": if good { "True" } else { "False" },
    });
    if !good && matches!(kind, "Ready" | "ContainersReady") {
        let names: Vec<_> = items(pod, "spec.containers")
            .iter()
            .map(|it| text(it, "name"))
            .collect();
        condition["reason"] = "ContainersNotReady".into();
        condition["message"] =
            format!("containers with unready status: [{}]", names.join(" ")).into();
    }
    if !good && kind == "Initialized" {
        let names: Vec<_> = items(pod, "spec.initContainers")
            .iter()
            .map(|it| text(it, "name"))
            .collect();
        condition["reason"] = "ContainersNotInitialized".into();
        condition["message"] =
            format!("containers with incomplete status: [{}]", names.join(" ")).into();
    }
    condition
}

/// Lets the containers take their next steps and writes what came of it.
fn run(actor: &mut Actor<'_>, pod: &Value) -> Again {
    if volumes::missing(actor, pod).is_some() {
        return Some(std::time::Duration::from_secs(2));
    }
    let mut status = pod["status"].clone();
    let mut again: Again = None;
    let init = containers::advance_init(actor, pod, &mut status, &mut again);
    let started = if init {
        containers::advance(actor, pod, &mut status, &mut again)
    } else {
        Started::default()
    };
    finish(actor, pod, &mut status, init, started);
    actor.set_status(pod, status, "kubelet");
    again
}

/// Phase and conditions, from the containers.
fn finish(actor: &Actor<'_>, pod: &Value, status: &mut Value, init: bool, started: Started) {
    let now = actor.world.now();
    let total = items(pod, "spec.containers").len();
    if started.running > 0 || started.ended > 0 {
        status["phase"] = "Running".into();
        if status.get("podIP").is_none() {
            let address = format!(
                "10.244.{}.{}",
                actor.world.roll(0, 250),
                actor.world.roll(2, 250)
            );
            status["podIP"] = address.as_str().into();
            status["podIPs"] = json!([{"ip": address}]);
        }
    }
    let over = started.ended == total && total > 0;
    if over {
        let failed = started.failed > 0;
        status["phase"] = if failed { "Failed" } else { "Succeeded" }.into();
    }
    let ready = started.ready == total && !over;
    let mut conditions = items(pod, "status.conditions").to_vec();
    for (kind, good) in [
        ("PodReadyToStartContainers", started.running > 0),
        ("Initialized", init),
        ("Ready", ready),
        ("ContainersReady", ready),
    ] {
        let mut condition = condition(pod, kind, good);
        if over && !good && matches!(kind, "Ready" | "ContainersReady") {
            condition["reason"] = if started.failed > 0 {
                "PodFailed"
            } else {
                "PodCompleted"
            }
            .into();
            crate::value::remove(&mut condition, "message");
        }
        owned::set_condition(&mut conditions, condition, &now);
    }
    status["conditions"] = conditions.into();
}

/// Whether the pod is to end by itself.
fn ends(pod: &Value) -> bool {
    text(pod, "spec.restartPolicy") != "Always"
}

fn fault(actor: &Actor<'_>, container: &Value) -> Option<ImageFault> {
    actor.world.faults.image(text(container, "image"))
}

/// The place of a container as events name it.
fn field(list: &str, container: &Value) -> String {
    format!("spec.{list}{{{}}}", name_of(container))
}

fn name_of(container: &Value) -> &str {
    text(container, "name")
}

/// The time that a person wrote, as an upper bound for a stage.
fn seconds(container: &Value, path: &str) -> u64 {
    at(container, path).and_then(Value::as_u64).unwrap_or(0)
}

fn image_id(container: &Value) -> String {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(text(container, "image").as_bytes());
    let hash = hash
        .iter()
        .fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
    format!("sandbox://sha256:{hash}")
}

fn container_id(pod: &Value, container: &Value, restarts: i64) -> String {
    format!("sandbox://{}-{}-{restarts}", uid(pod), name_of(container))
}

fn pod_name(pod: &Value) -> &str {
    name(pod)
}
