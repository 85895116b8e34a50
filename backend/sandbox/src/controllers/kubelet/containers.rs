//! The life of one container.

use std::time::Duration;

use serde_json::{Value, json};

use super::{container_id, ends, fault, field, image_id, name_of, pod_name, seconds, volumes};
use crate::controllers::actor::Actor;
use crate::controllers::{Again, events};
use crate::faults::ImageFault;
use crate::value::{at, int, items, items_mut, text, uid};

/// How many containers are in which state.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Started {
    pub(super) running: usize,
    pub(super) ready: usize,
    /// For good.
    pub(super) ended: usize,
    pub(super) failed: usize,
}

/// One container with what time knows of it.
struct Subject<'a> {
    pod: &'a Value,
    container: &'a Value,
    list: &'static str,
}

impl Subject<'_> {
    fn stage(&self, stage: &str) -> String {
        format!("{}/{stage}", name_of(self.container))
    }
}

/// Runs the init containers one after another. True when all are done.
pub(super) fn advance_init(
    actor: &mut Actor<'_>,
    pod: &Value,
    status: &mut Value,
    again: &mut Again,
) -> bool {
    for (container, place) in items(pod, "spec.initContainers").iter().zip(0..) {
        let subject = Subject {
            pod,
            container,
            list: "initContainers",
        };
        let sidecar = text(container, "restartPolicy") == "Always";
        let Some(own) = items_mut(status, "initContainerStatuses").get_mut::<usize>(place) else {
            return false;
        };
        if at(own, "state.terminated.exitCode").is_some_and(|code| *code == 0) {
            continue;
        }
        step(actor, &subject, own, again, !sidecar);
        let done = at(own, "state.terminated.exitCode").is_some_and(|code| *code == 0);
        if done || (sidecar && at(own, "state.running").is_some()) {
            own["ready"] = true.into();
            continue;
        }
        return false;
    }
    true
}

/// Runs the containers.
pub(super) fn advance(
    actor: &mut Actor<'_>,
    pod: &Value,
    status: &mut Value,
    again: &mut Again,
) -> Started {
    let mut started = Started::default();
    for (container, place) in items(pod, "spec.containers").iter().zip(0..) {
        let subject = Subject {
            pod,
            container,
            list: "containers",
        };
        let Some(own) = items_mut(status, "containerStatuses").get_mut::<usize>(place) else {
            continue;
        };
        step(actor, &subject, own, again, ends(pod));
        started.running += usize::from(at(own, "state.running").is_some());
        started.ready += usize::from(own["ready"] == true);
        if let Some(code) = int(own, "state.terminated.exitCode") {
            let for_good = code == 0 || text(pod, "spec.restartPolicy") == "Never";
            started.ended += usize::from(for_good && ends(pod));
            started.failed += usize::from(code != 0 && for_good);
        }
        if at(own, "lastState.terminated").is_some() {
            started.running += usize::from(started.running == 0);
        }
    }
    started
}

fn sooner(again: &mut Again, left: Duration) {
    *again = Some(again.map_or(left, |it| it.min(left)));
}

/// One step of one container: pull, start, ready, end.
fn step(
    actor: &mut Actor<'_>,
    subject: &Subject<'_>,
    own: &mut Value,
    again: &mut Again,
    ends: bool,
) {
    if at(own, "state.running").is_some() {
        return running(actor, subject, own, again, ends);
    }
    if at(own, "state.terminated").is_some() {
        return terminated(actor, subject, own, again);
    }
    if text(own, "state.waiting.reason") == "CrashLoopBackOff" {
        return back_off(actor, subject, own, again);
    }
    if let Some(left) = actor.deadlines.left(
        actor.world,
        uid(subject.pod),
        &subject.stage("pull"),
        150,
        600,
    ) {
        return sooner(again, left);
    }
    if fault(actor, subject.container) == Some(ImageFault::Missing) {
        return cannot_pull(actor, subject, own, again);
    }
    if let Some(missing) = volumes::missing_variable(actor, subject.pod, subject.container) {
        own["state"] =
            json!({"waiting": {"reason": "CreateContainerConfigError", "message": missing}});
        tell(
            actor,
            subject,
            events::KUBELET.warning(),
            "Failed",
            &format!("Error: {missing}"),
        );
        return sooner(again, Duration::from_secs(2));
    }
    start(actor, subject, own, again, ends);
}

fn start(
    actor: &mut Actor<'_>,
    subject: &Subject<'_>,
    own: &mut Value,
    again: &mut Again,
    ends: bool,
) {
    let restarts = int(own, "restartCount").unwrap_or(0);
    let image = text(subject.container, "image");
    let name = name_of(subject.container);
    if restarts == 0 {
        let pulled = format!(
            "Container image {image:?} already present on machine (the sandbox pulls nothing)"
        );
        tell(actor, subject, events::KUBELET, "Pulled", &pulled);
    }
    tell(
        actor,
        subject,
        events::KUBELET,
        "Created",
        &format!("Container created: {name}"),
    );
    tell(
        actor,
        subject,
        events::KUBELET,
        "Started",
        &format!("Container started: {name}"),
    );
    own["imageID"] = image_id(subject.container).into();
    own["containerID"] = container_id(subject.pod, subject.container, restarts).into();
    own["started"] = at(subject.container, "startupProbe").is_none().into();
    own["state"] = json!({"running": {"startedAt": actor.world.now()}});
    running(actor, subject, own, again, ends);
}

fn running(
    actor: &mut Actor<'_>,
    subject: &Subject<'_>,
    own: &mut Value,
    again: &mut Again,
    ends: bool,
) {
    let fault = fault(actor, subject.container);
    let restarts = int(own, "restartCount").unwrap_or(0);
    let id = uid(subject.pod);
    let crashes = fault == Some(ImageFault::Crashes);
    if ends || crashes {
        let (low, high) = if crashes { (60, 250) } else { (300, 1200) };
        let stage = subject.stage(&format!("run{restarts}"));
        match actor.deadlines.left(actor.world, id, &stage, low, high) {
            Some(left) => sooner(again, left),
            None => return end(actor, own, i64::from(crashes), again),
        }
    }
    if fault == Some(ImageFault::NeverReady) {
        own["started"] = true.into();
        own["ready"] = false.into();
        if at(subject.container, "readinessProbe").is_some() {
            tell(
                actor,
                subject,
                events::KUBELET.warning(),
                "Unhealthy",
                "Readiness probe failed: the image name asks for it",
            );
        }
        return;
    }
    if own["ready"] == true {
        return;
    }
    let probe = seconds(subject.container, "readinessProbe.initialDelaySeconds")
        + seconds(subject.container, "startupProbe.initialDelaySeconds");
    let has_probe = at(subject.container, "readinessProbe").is_some();
    let floor = probe.min(60) * 1000 + if has_probe { 100 } else { 0 };
    let stage = subject.stage(&format!("ready{restarts}"));
    let spread = if has_probe { 400 } else { 1 };
    if let Some(left) = actor
        .deadlines
        .left(actor.world, id, &stage, floor, floor + spread)
    {
        sooner(again, left);
    } else {
        own["started"] = true.into();
        own["ready"] = (!crashes).into();
    }
}

fn end(actor: &Actor<'_>, own: &mut Value, code: i64, again: &mut Again) {
    let now = actor.world.now();
    let started = text(own, "state.running.startedAt").to_owned();
    own["ready"] = false.into();
    own["started"] = false.into();
    own["state"] = json!({"terminated": {
        "exitCode": code,
        "reason": if code == 0 { "Completed" } else { "Error" },
        "startedAt": started,
        "finishedAt": now,
        "containerID": own["containerID"],
    }});
    sooner(again, Duration::from_millis(5));
}

fn terminated(actor: &mut Actor<'_>, subject: &Subject<'_>, own: &mut Value, again: &mut Again) {
    let code = int(own, "state.terminated.exitCode").unwrap_or(0);
    let policy = text(subject.pod, "spec.restartPolicy");
    let init = subject.list == "initContainers";
    if policy == "Never" || (code == 0 && (policy == "OnFailure" || init)) {
        return;
    }
    let restarts = int(own, "restartCount").unwrap_or(0);
    let name = name_of(subject.container);
    own["lastState"] = own["state"].take();
    let delay = 10_u64 << u32::try_from(restarts.clamp(0, 5)).unwrap_or(0);
    let message = format!(
        "back-off {}s restarting failed container={name} pod={}_{}({})",
        delay.min(300),
        pod_name(subject.pod),
        crate::value::namespace(subject.pod),
        uid(subject.pod)
    );
    own["state"] = json!({"waiting": {"reason": "CrashLoopBackOff", "message": message}});
    let told = format!(
        "Back-off restarting failed container {name} in pod {}_{}({})",
        pod_name(subject.pod),
        crate::value::namespace(subject.pod),
        uid(subject.pod)
    );
    tell(actor, subject, events::KUBELET.warning(), "BackOff", &told);
    sooner(again, Duration::from_millis(5));
}

fn back_off(actor: &mut Actor<'_>, subject: &Subject<'_>, own: &mut Value, again: &mut Again) {
    let restarts = int(own, "restartCount").unwrap_or(0);
    // The first restart comes at once, as it does on a node; the others take their time.
    let delay = if restarts == 0 {
        50
    } else {
        10_000_u64 << u32::try_from(restarts.clamp(1, 5) - 1).unwrap_or(0)
    };
    let stage = subject.stage(&format!("back-off{restarts}"));
    if let Some(left) =
        actor
            .deadlines
            .left(actor.world, uid(subject.pod), &stage, delay, delay + 50)
    {
        sooner(again, left);
    } else {
        own["restartCount"] = (restarts + 1).into();
        let ends = ends(subject.pod) || subject.list == "initContainers";
        start(actor, subject, own, again, ends);
    }
}

fn cannot_pull(actor: &mut Actor<'_>, subject: &Subject<'_>, own: &mut Value, again: &mut Again) {
    let image = text(subject.container, "image").to_owned();
    let error = format!(
        "failed to pull and unpack image {image:?}: failed to resolve reference {image:?}: {image}: not found"
    );
    let backing_off = text(own, "state.waiting.reason") == "ErrImagePull";
    if backing_off {
        let message = format!("Back-off pulling image {image:?}: ErrImagePull: {error}");
        own["state"] = json!({"waiting": {"reason": "ImagePullBackOff", "message": message}});
        tell(
            actor,
            subject,
            events::KUBELET,
            "BackOff",
            &format!("Back-off pulling image {image:?}"),
        );
        tell(
            actor,
            subject,
            events::KUBELET.warning(),
            "Failed",
            "Error: ImagePullBackOff",
        );
        actor
            .deadlines
            .forget_stage(uid(subject.pod), &subject.stage("back-off"));
        return;
    }
    if text(own, "state.waiting.reason") == "ImagePullBackOff" {
        return;
    }
    own["state"] = json!({"waiting": {"reason": "ErrImagePull", "message": error}});
    tell(
        actor,
        subject,
        events::KUBELET,
        "Pulling",
        &format!("Pulling image {image:?}"),
    );
    tell(
        actor,
        subject,
        events::KUBELET.warning(),
        "Failed",
        &format!("Failed to pull image {image:?}: {error}"),
    );
    tell(
        actor,
        subject,
        events::KUBELET.warning(),
        "Failed",
        "Error: ErrImagePull",
    );
    sooner(again, Duration::from_millis(400));
}

fn tell(
    actor: &mut Actor<'_>,
    subject: &Subject<'_>,
    by: events::Reporter,
    reason: &str,
    message: &str,
) {
    let field = field(subject.list, subject.container);
    events::record_at(actor, subject.pod, by, reason, message, &field);
}
