//! Pods of a workload: which they are, and how well they are.

use std::sync::Arc;

use serde_json::{Value, json};

use super::actor::Actor;
use crate::value::{at, is_terminating, items, name, namespace, set, text, uid};
use crate::world::read_time;

/// The objects of a kind that `owner` controls.
pub(super) fn by(actor: &Actor<'_>, storage: &str, owner: &Value) -> Vec<Arc<Value>> {
    let mut all = actor.store.list(storage, namespace(owner));
    all.retain(|it| {
        items(it, "metadata.ownerReferences")
            .iter()
            .any(|it| it["controller"] == true && it["uid"] == uid(owner))
    });
    all
}

/// Whether a pod still counts for its workload.
pub(super) fn is_active(pod: &Value) -> bool {
    !is_terminating(pod) && !matches!(text(pod, "status.phase"), "Succeeded" | "Failed")
}

/// Whether a pod answers.
pub(super) fn is_ready(pod: &Value) -> bool {
    condition(pod, "Ready").is_some_and(|it| it["status"] == "True")
}

/// Whether a pod has been ready for as long as the workload wants.
pub(super) fn is_available(pod: &Value, seconds: i64) -> bool {
    let Some(ready) = condition(pod, "Ready").filter(|it| it["status"] == "True") else {
        return false;
    };
    let since = read_time(text(ready, "lastTransitionTime")).as_second();
    seconds == 0 || jiff::Timestamp::now().as_second() - since >= seconds
}

/// One condition of an object.
pub(super) fn condition<'v>(object: &'v Value, kind: &str) -> Option<&'v Value> {
    items(object, "status.conditions")
        .iter()
        .find(|it| text(it, "type") == kind)
}

/// Sets a condition in a list of conditions; its time changes with its status only.
pub(super) fn set_condition(conditions: &mut Vec<Value>, mut new: Value, now: &str) {
    let place = conditions.iter().position(|it| it["type"] == new["type"]);
    if let Some(old) = place.and_then(|place| conditions.get_mut(place)) {
        let kept = old["status"] == new["status"];
        let time = if kept {
            old["lastTransitionTime"].clone()
        } else {
            json!(now)
        };
        new["lastTransitionTime"] = time;
        *old = new;
    } else {
        new["lastTransitionTime"] = now.into();
        conditions.push(new);
    }
}

/// A pod of a workload's template.
pub(super) fn pod(owner: &Value, template: &Value, extra_labels: &[(&str, &str)]) -> Value {
    let mut pod = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": at(template, "metadata").cloned().unwrap_or_else(|| json!({})),
        "spec": template["spec"],
    });
    set(&mut pod, "metadata.namespace", namespace(owner));
    set(
        &mut pod,
        "metadata.generateName",
        format!("{}-", name(owner)),
    );
    set(&mut pod, "metadata.ownerReferences", Actor::owner(owner));
    crate::value::remove(&mut pod, "metadata.creationTimestamp");
    crate::lifecycle::put_all(&mut pod, "metadata.labels", extra_labels);
    pod
}

/// Hashes a template into the letters of a label.
pub(super) fn hash(template: &Value) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut hash: u32 = 0x811c_9dc5;
    for byte in template.to_string().bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash.to_string()
        .bytes()
        .filter_map(|digit| LETTERS.get(usize::from(digit) % LETTERS.len()))
        .map(|letter| char::from(*letter))
        .collect()
}

/// A number or percentage of a whole, rounded as told.
pub(super) fn share(value: Option<&Value>, whole: i64, round_up: Rounding) -> i64 {
    match value {
        Some(Value::Number(number)) => number.as_i64().unwrap_or(0),
        Some(Value::String(text)) => {
            let percent: i64 = text.trim_end_matches('%').parse().unwrap_or(0);
            match round_up {
                Rounding::Up => (percent * whole + 99) / 100,
                Rounding::Down => percent * whole / 100,
            }
        }
        _ => 0,
    }
}

/// Which way a share is rounded.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rounding {
    Up,
    Down,
}

/// Which pods go first when there are too many: those that do least.
pub(super) fn deletion_rank(pod: &Value) -> (bool, bool, bool, std::cmp::Reverse<String>) {
    (
        !text(pod, "spec.nodeName").is_empty(),
        text(pod, "status.phase") == "Running",
        is_ready(pod),
        std::cmp::Reverse(text(pod, "metadata.creationTimestamp").to_owned()),
    )
}
