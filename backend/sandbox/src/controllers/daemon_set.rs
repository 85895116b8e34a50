//! `DaemonSets`: one pod, since there is one node.

use serde_json::{Value, json};

use super::actor::Actor;
use super::{Again, events, node, owned};
use crate::value::{at, int, is_terminating, name, set, text};

const HASH: &str = "controller-revision-hash";

pub(super) fn reconcile(actor: &mut Actor<'_>, namespace: &str, of_name: &str) -> Again {
    let set = actor.get("daemonsets.apps", namespace, of_name)?;
    let template = at(&set, "spec.template").cloned().unwrap_or_default();
    let hash = owned::hash(&template);
    let fits = node::refuses(&template).is_none();
    let mut pods = owned::by(actor, "pods", &set);
    let going = pods.iter().any(|pod| is_terminating(pod));
    pods.retain(|pod| owned::is_active(pod));
    let current = |pod: &Value| pod["metadata"]["labels"][HASH] == *hash;
    if !is_terminating(&set) {
        let on_delete = text(&set, "spec.updateStrategy.type") == "OnDelete";
        for pod in pods
            .iter()
            .filter(|pod| !fits || (!current(pod) && !on_delete))
        {
            actor.delete(pod);
            let message = format!("Deleted pod: {}", name(pod));
            events::record(
                actor,
                &set,
                events::DAEMON_SETS,
                "SuccessfulDelete",
                &message,
            );
        }
        if fits && pods.is_empty() && !going {
            create(actor, &set, &template, &hash);
        }
    }
    let mut pods = owned::by(actor, "pods", &set);
    pods.retain(|pod| owned::is_active(pod));
    let ready = pods.iter().filter(|pod| owned::is_ready(pod)).count();
    let updated = pods.iter().filter(|pod| current(pod)).count();
    let wanted = usize::from(fits);
    let mut status = json!({
        "currentNumberScheduled": pods.len().min(wanted),
        "desiredNumberScheduled": wanted,
        "numberMisscheduled": 0,
        "numberReady": ready,
        "observedGeneration": set["metadata"]["generation"],
    });
    for (field, count) in [
        ("updatedNumberScheduled", updated),
        ("numberAvailable", ready),
        ("numberUnavailable", wanted.saturating_sub(ready)),
    ] {
        if count > 0 {
            status[field] = count.into();
        }
    }
    actor.set_status(&set, status, "kube-controller-manager");
    None
}

fn create(actor: &mut Actor<'_>, owner: &Value, template: &Value, hash: &str) {
    let mut pod = owned::pod(
        owner,
        template,
        &[(HASH, hash), ("pod-template-generation", "1")],
    );
    let generation = int(owner, "metadata.generation").unwrap_or(1).to_string();
    set(
        &mut pod,
        "metadata.labels.pod-template-generation",
        generation,
    );
    match actor.create(pod) {
        Ok(pod) => {
            let message = format!("Created pod: {}", name(&pod));
            events::record(
                actor,
                owner,
                events::DAEMON_SETS,
                "SuccessfulCreate",
                &message,
            );
        }
        Err(failure) => {
            let message = format!("Error creating: {}", failure.message);
            events::record(
                actor,
                owner,
                events::DAEMON_SETS.warning(),
                "FailedCreate",
                &message,
            );
        }
    }
}
