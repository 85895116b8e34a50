//! Taking over an object that was made by `kubectl apply` on the client's side.
//!
//! What the server knows of such an object is one manager who updated it. Applying by force would
//! take the described fields from it and leave it the others, which then nobody ever removes. So
//! its fields are handed over first, as `kubectl apply --server-side` does it itself.

use serde_json::{Map, Value};

use crate::object::{list, text};

/// The manager that `kubectl apply` names.
const CLIENT_SIDE: &str = "kubectl-client-side-apply";

/// Returns the `managedFields` of `live` with the fields of client-side applies handed to `manager`;
/// `None` if there are none.
pub fn adopted(live: &Value, manager: &str) -> Option<Value> {
    let entries = list(live, "/metadata/managedFields");
    let (old, mut kept): (Vec<&Value>, Vec<&Value>) =
        entries.iter().partition(|it| is_client_side(it));
    let newest = (*old.last()?).clone();
    let own = kept.iter().position(|it| is_of(it, manager));
    let mut own = match own {
        Some(idx) => kept.remove(idx).clone(),
        None => newest,
    };
    for entry in old {
        if let (Some(into), Some(from)) = (own.get_mut("fieldsV1"), entry.get("fieldsV1")) {
            unite(into, from);
        }
    }
    if let Some(own) = own.as_object_mut() {
        own.insert("manager".to_owned(), manager.into());
        own.insert("operation".to_owned(), "Apply".into());
    }
    let all = [own].into_iter().chain(kept.into_iter().cloned());
    Some(Value::Array(all.collect()))
}

fn is_client_side(entry: &Value) -> bool {
    text(entry, "/manager") == CLIENT_SIDE
        && text(entry, "/operation") == "Update"
        && text(entry, "/subresource").is_empty()
}

fn is_of(entry: &Value, manager: &str) -> bool {
    text(entry, "/manager") == manager
        && text(entry, "/operation") == "Apply"
        && text(entry, "/subresource").is_empty()
}

/// Adds the fields of one set to another.
fn unite(into: &mut Value, from: &Value) {
    let Some(from) = from.as_object() else {
        return;
    };
    if let Some(into) = into.as_object_mut() {
        for (field, below) in from {
            let same = into
                .entry(field.clone())
                .or_insert_with(|| Value::Object(Map::new()));
            unite(same, below);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_of_kubectl_are_handed_over() {
        check(
            json!([
                entry(
                    "kubectl-client-side-apply",
                    "Update",
                    json!({"f:a": {}, "f:b": {"f:c": {}}})
                ),
                entry("kube-controller-manager", "Update", json!({"f:status": {}})),
            ]),
            json!([
                entry("kun", "Apply", json!({"f:a": {}, "f:b": {"f:c": {}}})),
                entry("kube-controller-manager", "Update", json!({"f:status": {}})),
            ]),
        );
    }

    #[test]
    fn fields_that_were_applied_before_are_kept() {
        check(
            json!([
                entry("kun", "Apply", json!({"f:b": {"f:d": {}}})),
                entry(
                    "kubectl-client-side-apply",
                    "Update",
                    json!({"f:b": {"f:c": {}}})
                ),
            ]),
            json!([entry(
                "kun",
                "Apply",
                json!({"f:b": {"f:c": {}, "f:d": {}}})
            )]),
        );
    }

    #[test]
    fn without_client_side_applies_nothing_changes() {
        let live = json!({"metadata": {"managedFields": [entry("kun", "Apply", json!({}))]}});
        assert_eq!(adopted(&live, "kun"), None);
        assert_eq!(adopted(&json!({}), "kun"), None);
    }

    #[track_caller]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "`json!` is written at the call"
    )]
    fn check(managed: Value, expected: Value) {
        let live = json!({"metadata": {"managedFields": managed}});
        assert_eq!(adopted(&live, "kun"), Some(expected));
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "`json!` is written at the call"
    )]
    fn entry(manager: &str, operation: &str, fields: Value) -> Value {
        json!({"manager": manager, "operation": operation, "apiVersion": "v1", "fieldsV1": fields})
    }
}
