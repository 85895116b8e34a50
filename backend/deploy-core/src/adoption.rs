//! What the server keeps of an object's managers, and what must be changed there before or after an
//! apply.
//!
//! An object that was made by `kubectl apply` on the client's side has a manager who updated it.
//! Applying takes the described fields and leaves it the others, which then nobody ever removes. So
//! its fields are handed over, as `kubectl apply --server-side` does it itself.
//!
//! An object of a custom kind may have managers who wrote it in a version that is no longer served.
//! An API server converts an object to the versions of its managers, and fails at such a one.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::object::{list, text};

/// The manager that `kubectl apply` names.
const CLIENT_SIDE: &str = "kubectl-client-side-apply";
/// What `kubectl apply` leaves on the object, whatever manager it was told to name.
const LAST_APPLIED: [&str; 3] = [
    "f:metadata",
    "f:annotations",
    "f:kubectl.kubernetes.io/last-applied-configuration",
];

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

/// The fields that handing over lets go: those of client-side applies that `manager` does not
/// describe and nobody else owns. `live` is the object after `manager` has applied it, or would be.
pub fn dropped(live: &Value, manager: &str) -> Vec<String> {
    let entries = list(live, "/metadata/managedFields");
    let (old, kept): (Vec<&Value>, Vec<&Value>) = entries.iter().partition(|it| is_client_side(it));
    let of = |entries: Vec<&Value>| {
        let fields = entries.into_iter().filter_map(|it| it.get("fieldsV1"));
        fields
            .flat_map(|it| leaves(it, ""))
            .collect::<BTreeSet<_>>()
    };
    let old = if adopted(live, manager).is_some() {
        of(old)
    } else {
        BTreeSet::new()
    };
    let annotation = ".metadata.annotations.kubectl.kubernetes.io/last-applied-configuration";
    let kept = of(kept);
    let gone = old.into_iter().filter(|path| !kept.contains(path));
    gone.filter(|path| path != annotation).collect()
}

/// The versions of the group of `api_version`, others than itself, that managers of `live` name.
pub fn other_versions(live: &Value, api_version: &str) -> BTreeSet<String> {
    let group = |version: &str| version.split_once('/').map(|(group, _)| group.to_owned());
    let named = list(live, "/metadata/managedFields").iter();
    named
        .map(|entry| text(entry, "/apiVersion"))
        .filter(|it| *it != api_version && group(it) == group(api_version))
        .map(str::to_owned)
        .collect()
}

/// Returns the `managedFields` of `live` with `api_version` in place of the versions that are gone.
pub fn in_version(live: &Value, gone: &BTreeSet<String>, api_version: &str) -> Value {
    let mut renamed: Vec<Value> = Vec::new();
    for entry in list(live, "/metadata/managedFields") {
        let mut entry = entry.clone();
        if gone.contains(text(&entry, "/apiVersion")) {
            entry["apiVersion"] = api_version.into();
        }
        match renamed.iter_mut().find(|it| is_of_same(it, &entry)) {
            Some(same) => {
                if let (Some(into), Some(from)) = (same.get_mut("fieldsV1"), entry.get("fieldsV1"))
                {
                    unite(into, from);
                }
            }
            None => renamed.push(entry),
        }
    }
    Value::Array(renamed)
}

/// Whether a server takes both for one manager.
fn is_of_same(one: &Value, two: &Value) -> bool {
    let parts = ["/manager", "/operation", "/subresource", "/apiVersion"];
    parts.iter().all(|part| text(one, part) == text(two, part))
}

/// The paths of the single fields in a `fieldsV1`, such as `.spec.containers[name=web].image`.
fn leaves(fields: &Value, path: &str) -> Vec<String> {
    let below = fields.as_object().into_iter().flatten();
    let below: Vec<_> = below.filter(|(key, _)| *key != ".").collect();
    if below.is_empty() {
        return vec![path.to_owned()];
    }
    let below = below.into_iter().flat_map(|(key, fields)| {
        let step = match key.split_once(':') {
            Some(("f", name)) => format!(".{name}"),
            Some((_, value)) => format!(
                "[{}]",
                value
                    .trim_matches(['{', '}'])
                    .replace('"', "")
                    .replace(':', "=")
            ),
            None => format!(".{key}"),
        };
        leaves(fields, &format!("{path}{step}"))
    });
    below.collect()
}

fn is_client_side(entry: &Value) -> bool {
    let fields = entry.get("fieldsV1");
    let annotated = LAST_APPLIED
        .iter()
        .try_fold(fields, |at, key| Some(at?.get(key)));
    (text(entry, "/manager") == CLIENT_SIDE || annotated.flatten().is_some())
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

    #[test]
    fn what_kubectl_applied_under_another_name_is_its_own_too() {
        let annotated = json!({"f:metadata": {"f:annotations": {
            "f:kubectl.kubernetes.io/last-applied-configuration": {}}}});
        check(
            json!([entry("ci", "Update", annotated.clone())]),
            json!([entry("kun", "Apply", annotated)]),
        );
    }

    #[test]
    fn fields_that_nobody_describes_any_more_are_named() {
        let kubectl = json!({
            "f:metadata": {"f:annotations": {".": {},
                "f:kubectl.kubernetes.io/last-applied-configuration": {}, "f:old": {}}},
            "f:spec": {"f:replicas": {}, "f:paused": {},
                "f:containers": {"k:{\"name\":\"web\"}": {".": {}, "f:image": {}, "f:tty": {}}}},
        });
        let own = json!({"f:spec": {"f:containers": {"k:{\"name\":\"web\"}": {"f:image": {}}}}});
        let other = json!({"f:spec": {"f:replicas": {}}});
        let live = json!({"metadata": {"managedFields": [
            entry("kubectl-client-side-apply", "Update", kubectl),
            entry("kun", "Apply", own),
            entry("hpa", "Update", other),
        ]}});

        assert_eq!(
            dropped(&live, "kun"),
            [
                ".metadata.annotations.old",
                ".spec.containers[name=web].tty",
                ".spec.paused"
            ]
        );
    }

    #[test]
    fn versions_that_are_gone_are_renamed_and_their_fields_kept() {
        let of = |version: &str, fields: Value| json!({"manager": "edit", "operation": "Update", "apiVersion": version, "fieldsV1": fields});
        let live = json!({"metadata": {"managedFields": [
            of("example.com/v1", json!({"f:a": {}})),
            of("example.com/v1alpha1", json!({"f:b": {}})),
            of("v1", json!({"f:c": {}})),
        ]}});

        let others = other_versions(&live, "example.com/v1");
        let renamed = in_version(&live, &others, "example.com/v1");

        assert_eq!(others, BTreeSet::from(["example.com/v1alpha1".to_owned()]));
        assert_eq!(
            renamed,
            json!([
                of("example.com/v1", json!({"f:a": {}, "f:b": {}})),
                of("v1", json!({"f:c": {}})),
            ])
        );
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
