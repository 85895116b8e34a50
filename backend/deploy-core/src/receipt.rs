//! Recognizing an object that an apply would not change, so that it need not be sent.
//!
//! After an apply, three things are summed up: what was described, which fields the cluster says
//! are ours since then (our entry in `managedFields`), and the values of the described fields as
//! the cluster keeps them. Whoever changes one of these fields takes it from our entry or changes
//! its value, so while the sum is the same, applying the same again does nothing. What is not in
//! the sum (the status, fields of others) an apply would not touch either.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::object::{list, optional_text, text};

/// Sums up that `described` was applied by `manager`, with `live` as the object since then.
///
/// Returns `None` where that says too little: the cluster does not tell what is ours, does not
/// keep what is described (such as `stringData`), or the object is being deleted. It is then sent.
pub fn receipt(described: &Value, live: &Value, manager: &str) -> Option<String> {
    if optional_text(live, "/metadata/deletionTimestamp").is_some() {
        return None;
    }
    let entries = list(live, "/metadata/managedFields");
    let own = entries.iter().find(|it| {
        text(it, "/manager") == manager
            && text(it, "/operation") == "Apply"
            && text(it, "/subresource").is_empty()
    })?;
    let kept = kept(described, live)?;
    let sum = json!([described, own, kept]).to_string();
    Some(URL_SAFE_NO_PAD.encode(Sha256::digest(sum.as_bytes())))
}

/// The part of `live` that `described` speaks of. Values may differ: a cluster writes `0.5` CPUs
/// as `500m`. `None` where a described value has no counterpart.
fn kept(described: &Value, live: &Value) -> Option<Value> {
    match (described, live) {
        (Value::Object(described), Value::Object(live)) => {
            let mut part = Map::new();
            for (key, value) in described {
                match live.get(key) {
                    Some(live) => part.insert(key.clone(), kept(value, live)?),
                    // A server leaves out what is empty.
                    None if is_empty(value) => continue,
                    None => return None,
                };
            }
            Some(Value::Object(part))
        }
        (Value::Array(described), Value::Array(live)) => {
            let pairs = described.iter().enumerate();
            let items = pairs.map(|(idx, item)| kept(item, counterpart(described, live, idx)?));
            Some(Value::Array(items.collect::<Option<_>>()?))
        }
        (Value::Object(_) | Value::Array(_) | Value::Null, _)
        | (_, Value::Object(_) | Value::Array(_)) => None,
        (_, scalar) => Some(scalar.clone()),
    }
}

/// The item of `live` that an item of a described list became: the one in its place, or of its
/// name where others have added items.
fn counterpart<'a>(described: &[Value], live: &'a [Value], idx: usize) -> Option<&'a Value> {
    if described.len() == live.len() {
        return live.get(idx);
    }
    let name = optional_text(described.get(idx)?, "/name")?;
    live.iter()
        .find(|it| optional_text(it, "/name") == Some(name))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_fields_of_others_do_not_matter() {
        let mut live = web();
        let before = receipt(&described(), &live, "kun");
        live["status"] = json!({"replicas": 2});
        live["metadata"]["resourceVersion"] = json!("9");
        live["metadata"]["annotations"] = json!({"other": "x"});
        live["metadata"]["managedFields"][1]["time"] = json!("later");

        assert!(before.is_some());
        assert_eq!(receipt(&described(), &live, "kun"), before);
    }

    #[test]
    fn another_description_is_another_receipt() {
        check(
            |it, _| it["spec"]["replicas"] = json!(3),
            "the description counts",
        );
        check(
            |it, _| it["metadata"]["labels"] = json!({}),
            "so does what it leaves empty",
        );
    }

    #[test]
    fn what_others_did_to_our_fields_is_seen() {
        check(
            |_, it| it["spec"]["replicas"] = json!(5),
            "a value of ours was changed",
        );
        check(
            |_, it| it["metadata"]["managedFields"][0]["fieldsV1"] = json!({}),
            "a field was taken from us",
        );
        check(
            |_, it| it["metadata"]["managedFields"][0]["operation"] = json!("Update"),
            "nothing is ours any more",
        );
        check(
            |_, it| it["metadata"]["deletionTimestamp"] = json!("now"),
            "it is being deleted",
        );
        check(
            |_, it| it["spec"]["containers"][0]["cpu"] = json!("1"),
            "an item of a list was changed",
        );
        check(
            |_, it| it["spec"]["containers"] = json!([]),
            "an item of a list is gone",
        );
    }

    #[test]
    fn items_of_others_do_not_hide_ours() {
        let mut live = web();
        let containers = live["spec"]["containers"].as_array_mut().unwrap();
        containers.insert(0, json!({"name": "sidecar"}));
        let with_sidecar = receipt(&described(), &live, "kun");
        assert_eq!(with_sidecar, receipt(&described(), &web(), "kun"));

        live["spec"]["containers"][1]["cpu"] = json!("2");
        assert_ne!(receipt(&described(), &live, "kun"), with_sidecar);
    }

    #[test]
    fn what_a_cluster_does_not_keep_gives_no_receipt() {
        let mut described = described();
        described["stringData"] = json!({"password": "x"});
        assert_eq!(receipt(&described, &web(), "kun"), None);
    }

    /// Says that a change of the description or of the object gives another receipt, or none.
    #[track_caller]
    fn check(change: impl Fn(&mut Value, &mut Value), why: &str) {
        let (mut described, mut live) = (described(), web());
        let before = receipt(&described, &live, "kun");
        change(&mut described, &mut live);
        assert_ne!(receipt(&described, &live, "kun"), before, "{why}");
    }

    fn described() -> Value {
        json!({
            "kind": "Thing",
            "metadata": {"name": "web"},
            "spec": {"replicas": 2, "empty": {}, "containers": [{"name": "web", "cpu": "0.5"}]},
        })
    }

    fn web() -> Value {
        json!({
            "kind": "Thing",
            "metadata": {
                "name": "web",
                "resourceVersion": "7",
                "managedFields": [
                    {"manager": "kun", "operation": "Apply", "fieldsV1": {"f:spec": {}}, "time": "t"},
                    {"manager": "controller", "operation": "Update", "subresource": "status"},
                ],
            },
            "spec": {
                "replicas": 2,
                "defaulted": true,
                "containers": [{"name": "web", "cpu": "500m"}],
            },
        })
    }
}
