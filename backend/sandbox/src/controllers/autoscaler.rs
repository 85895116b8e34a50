//! Autoscalers: they see no load, and keep the replicas within their bounds.

use serde_json::{Value, json};

use super::Again;
use super::actor::Actor;
use crate::value::{int, set, text};

pub(super) fn reconcile(actor: &mut Actor<'_>, namespace: &str, name: &str) -> Again {
    let autoscaler = actor.get("horizontalpodautoscalers.autoscaling", namespace, name)?;
    let target = &autoscaler["spec"]["scaleTargetRef"];
    let resource = actor
        .world
        .catalog
        .kind(text(target, "apiVersion"), text(target, "kind"));
    let live = resource.and_then(|it| actor.get(&it.storage(), namespace, text(target, "name")));
    let now = actor.world.now();
    let condition = |kind: &str, status: &str, reason: &str, message: &str| {
        json!({
            "type": kind, "status": status, "reason": reason, "message": message,
            "lastTransitionTime": now,
        })
    };
    let Some(live) = live else {
        let missing = condition(
            "AbleToScale",
            "False",
            "FailedGetScale",
            "the HPA controller was unable to get the target's current scale",
        );
        write(actor, &autoscaler, 0, 0, vec![missing]);
        return None;
    };
    let current = int(&live, "spec.replicas").unwrap_or(1);
    let least = int(&autoscaler, "spec.minReplicas").unwrap_or(1);
    let most = int(&autoscaler, "spec.maxReplicas").unwrap_or(current);
    let desired = if current == 0 {
        0
    } else {
        current.clamp(least, most.max(least))
    };
    if desired != current {
        let mut scaled = (*live).clone();
        set(&mut scaled, "spec.replicas", desired);
        actor.update_as(scaled, "scale", "kube-controller-manager");
    }
    let conditions = vec![
        condition(
            "AbleToScale",
            "True",
            "SucceededGetScale",
            "the HPA controller was able to get the target's current scale",
        ),
        condition(
            "ScalingActive",
            "False",
            "FailedGetResourceMetric",
            "the sandbox measures no load",
        ),
    ];
    write(actor, &autoscaler, current, desired, conditions);
    None
}

fn write(
    actor: &mut Actor<'_>,
    autoscaler: &Value,
    current: i64,
    desired: i64,
    mut conditions: Vec<Value>,
) {
    for condition in &mut conditions {
        let before = super::owned::condition(autoscaler, text(condition, "type"));
        if let Some(before) = before.filter(|it| it["status"] == condition["status"]) {
            condition["lastTransitionTime"] = before["lastTransitionTime"].clone();
        }
    }
    let status = json!({
        "currentReplicas": current, "desiredReplicas": desired,
        "currentMetrics": null, "conditions": conditions,
    });
    actor.set_status(autoscaler, status, "kube-controller-manager");
}
