//! Disruption budgets: how many pods may go.

use serde_json::{Value, json};

use super::Again;
use super::actor::Actor;
use super::owned::{self, Rounding, share};
use crate::selector::Labels;

pub(super) fn reconcile(actor: &mut Actor<'_>, namespace: &str, name: &str) -> Again {
    let budget = actor.get("poddisruptionbudgets.policy", namespace, name)?;
    let selector = Labels::of_workload(budget["spec"].get("selector"))?;
    let pods: Vec<_> = actor
        .store
        .list("pods", namespace)
        .into_iter()
        .filter(|pod| owned::is_active(pod) && selector.matches(pod["metadata"].get("labels")))
        .collect();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let expected = count(pods.len());
    let healthy = count(pods.iter().filter(|pod| owned::is_ready(pod)).count());
    let desired = match budget["spec"].get("maxUnavailable") {
        Some(most) => (expected - share(Some(most), expected, Rounding::Up)).max(0),
        None => share(budget["spec"].get("minAvailable"), expected, Rounding::Up),
    };
    let allowed = if expected > 0 {
        (healthy - desired).max(0)
    } else {
        0
    };
    let (status, reason) = if allowed > 0 {
        ("True", "SufficientPods")
    } else {
        ("False", "InsufficientPods")
    };
    let mut conditions: Vec<Value> = crate::value::items(&budget, "status.conditions").to_vec();
    let condition = json!({
        "type": "DisruptionAllowed", "status": status, "reason": reason, "message": "",
        "observedGeneration": budget["metadata"]["generation"],
    });
    owned::set_condition(&mut conditions, condition, &actor.world.now());
    let status = json!({
        "currentHealthy": healthy, "desiredHealthy": desired, "disruptionsAllowed": allowed,
        "expectedPods": expected, "observedGeneration": budget["metadata"]["generation"],
        "conditions": conditions,
    });
    actor.set_status(&budget, status, "kube-controller-manager");
    None
}
