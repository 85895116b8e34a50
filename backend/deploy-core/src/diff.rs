//! What changed between two states of an object, field by field, and between two versions.

use k8s_schemas::{Gvk, KindInfo, ListType, Schema, Schemas};
use serde_json::{Map, Value};

use crate::manifest::{Manifests, strip_server_metadata};
use crate::mask::mask;
use crate::object::{ObjectId, text};

/// One field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// Such as `spec.template.spec.containers[name=web].image`.
    pub path: String,
    /// `None` if the field was not there.
    pub from: Option<Value>,
    /// `None` if the field goes.
    pub to: Option<Value>,
}

/// What happens to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is not there yet.
    Create,
    /// It is there with other content.
    Change,
    /// It is there as it should be.
    Unchanged,
    /// It is deleted and made again, since a field cannot be changed.
    Replace,
    /// It is no longer described, and goes.
    Remove,
}

/// How one object differs between two versions.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectDiff {
    /// What names it.
    pub id: ObjectId,
    /// What happens to it.
    pub change: Change,
    /// Field by field, for [`Change::Change`] only.
    pub fields: Vec<FieldChange>,
}

/// What changed from `before` to `after`, two states of one object, in the order of fields.
///
/// What only a server writes is left out, and values of Secrets are masked. Items of a list are
/// told apart by their keys, so that one inserted item is one change.
pub fn field_changes(schemas: Schemas<'_>, before: &Value, after: &Value) -> Vec<FieldChange> {
    let schema = Gvk::parse(text(after, "/apiVersion"), text(after, "/kind"))
        .and_then(|gvk| schemas.kind(&gvk))
        .map(KindInfo::schema);
    let mut before = described(before);
    let mut after = described(after);
    mask(&mut before, &mut after);
    let mut changes = Vec::new();
    compare_values(&mut changes, "", schema, Some(&before), Some(&after));
    changes
}

/// What differs from one version to another: objects in the order of `to`, removed ones last,
/// unchanged ones left out.
pub fn compare(schemas: Schemas<'_>, from: &Manifests, to: &Manifests) -> Vec<ObjectDiff> {
    let find = |manifests: &Manifests, id: &ObjectId| {
        let objects = manifests.objects().iter();
        let found = objects.clone().find(|it| it.id.is_same_object(id));
        found.map(|it| it.object.clone())
    };
    let kept = to.objects().iter().filter_map(|manifest| {
        let (change, fields) = match find(from, &manifest.id) {
            None => (Change::Create, Vec::new()),
            Some(before) => (
                Change::Change,
                field_changes(schemas, &before, &manifest.object),
            ),
        };
        (change == Change::Create || !fields.is_empty()).then(|| ObjectDiff {
            id: manifest.id.clone(),
            change,
            fields,
        })
    });
    let gone = from
        .objects()
        .iter()
        .filter(|manifest| find(to, &manifest.id).is_none())
        .map(|manifest| ObjectDiff {
            id: manifest.id.clone(),
            change: Change::Remove,
            fields: Vec::new(),
        });
    kept.chain(gone).collect()
}

/// The object without what only a server writes.
fn described(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
        if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
            strip_server_metadata(metadata);
        }
    }
    object
}

fn compare_values(
    changes: &mut Vec<FieldChange>,
    path: &str,
    schema: Option<Schema<'_>>,
    from: Option<&Value>,
    to: Option<&Value>,
) {
    match (from, to) {
        (Some(Value::Object(from)), Some(Value::Object(to))) => {
            compare_mappings(changes, path, schema, from, to);
        }
        (Some(Value::Array(from)), Some(Value::Array(to))) => {
            compare_lists(changes, path, schema, from, to);
        }
        _ if from == to => {}
        _ => changes.push(FieldChange {
            path: path.to_owned(),
            from: from.cloned(),
            to: to.cloned(),
        }),
    }
}

fn compare_mappings(
    changes: &mut Vec<FieldChange>,
    path: &str,
    schema: Option<Schema<'_>>,
    from: &Map<String, Value>,
    to: &Map<String, Value>,
) {
    let added = to.keys().filter(|key| !from.contains_key(*key));
    for key in from.keys().chain(added) {
        let path = join(path, key);
        let field = schema.and_then(|it| it.field(key).map(|it| it.schema).or_else(|| it.values()));
        compare_values(changes, &path, field, from.get(key), to.get(key));
    }
}

fn compare_lists(
    changes: &mut Vec<FieldChange>,
    path: &str,
    schema: Option<Schema<'_>>,
    from: &[Value],
    to: &[Value],
) {
    let items = schema.and_then(Schema::items);
    if let Some(keys) = item_keys(schema, from, to) {
        let label = |item: &Value| item_label(item, &keys);
        let find = |items: &[Value], wanted: &str| -> Option<Value> {
            items.iter().find(|item| label(item) == wanted).cloned()
        };
        let added = to.iter().filter(|item| find(from, &label(item)).is_none());
        for item in from.iter().chain(added) {
            let label = label(item);
            let path = format!("{path}[{label}]");
            let (from, to) = (find(from, &label), find(to, &label));
            compare_values(changes, &path, items, from.as_ref(), to.as_ref());
        }
    } else if from.len() == to.len() {
        for (idx, (from, to)) in from.iter().zip(to).enumerate() {
            compare_values(
                changes,
                &format!("{path}[{idx}]"),
                items,
                Some(from),
                Some(to),
            );
        }
    } else {
        changes.push(FieldChange {
            path: path.to_owned(),
            from: Some(Value::Array(from.to_vec())),
            to: Some(Value::Array(to.to_vec())),
        });
    }
}

/// Keys that tell items of most lists apart where no schema says so, the usual ones first.
const USUAL_KEYS: [&[&str]; 4] = [&["name"], &["type"], &["key"], &["port", "protocol"]];

/// The keys that tell the items of both lists apart: those of the schema, or else those that work.
/// A list whose items no key tells apart is compared by position.
fn item_keys<'a>(schema: Option<Schema<'a>>, from: &[Value], to: &[Value]) -> Option<Vec<&'a str>> {
    if from.is_empty() && to.is_empty() {
        return None;
    }
    let of_schema = match schema.and_then(Schema::list_type) {
        Some(ListType::Map(keys)) => Some(keys.iter().map(String::as_str).collect()),
        Some(ListType::Atomic | ListType::Set) | None => None,
    };
    let usual = USUAL_KEYS.iter().map(|keys| keys.to_vec());
    let mut candidates = of_schema.into_iter().chain(usual);
    candidates.find(|keys| [from, to].iter().all(|items| are_told_apart(items, keys)))
}

fn are_told_apart(items: &[Value], keys: &[&str]) -> bool {
    let first = keys.first().copied().unwrap_or_default();
    let has_key = |item: &Value| item.get(first).is_some_and(is_plain);
    let mut labels: Vec<_> = items.iter().map(|item| item_label(item, keys)).collect();
    labels.sort_unstable();
    labels.dedup();
    items.iter().all(has_key) && labels.len() == items.len()
}

fn is_plain(value: &Value) -> bool {
    value.is_string() || value.is_number()
}

/// Such as `name=web` or `containerPort=80,protocol=TCP`.
fn item_label(item: &Value, keys: &[&str]) -> String {
    let part = |key: &&str| {
        let value = item.get(*key)?;
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        Some(format!("{key}={text}"))
    };
    keys.iter().filter_map(part).collect::<Vec<_>>().join(",")
}

/// A key behind a path; in brackets where it would not read as one word.
fn join(path: &str, key: &str) -> String {
    let plain = !key.is_empty()
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    match (path, plain) {
        ("", true) => key.to_owned(),
        (_, true) => format!("{path}.{key}"),
        (_, false) => format!("{path}[{key:?}]"),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use k8s_schemas::{KubeRelease, SchemaSet};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn items_are_told_apart_by_their_keys() {
        check(
            r#"{"spec": {"containers": [{"name": "web", "image": "a:1"}, {"name": "log", "image": "l"}]}}"#,
            r#"{"spec": {"containers": [{"name": "init", "image": "i"}, {"name": "web", "image": "a:2"}]}}"#,
            expect![[r#"
                spec.containers[name=web].image: "a:1" → "a:2"
                spec.containers[name=log]: {"image":"l","name":"log"} → -
                spec.containers[name=init]: - → {"image":"i","name":"init"}
            "#]],
        );
    }

    #[test]
    fn ports_are_told_apart_by_number_and_protocol() {
        check(
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "dns", "ports": [{"containerPort": 53, "protocol": "UDP", "name": "a"}]}]}}"#,
            r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "dns", "ports": [{"containerPort": 53, "protocol": "UDP", "name": "b"}, {"containerPort": 53, "protocol": "TCP", "name": "c"}]}]}}"#,
            expect![[r#"
                spec.containers[name=dns].ports[containerPort=53,protocol=UDP].name: "a" → "b"
                spec.containers[name=dns].ports[containerPort=53,protocol=TCP]: - → {"containerPort":53,"name":"c","protocol":"TCP"}
            "#]],
        );
    }

    #[test]
    fn plain_lists_are_compared_by_position_or_as_a_whole() {
        check(
            r#"{"args": ["a", "b"], "command": ["x"]}"#,
            r#"{"args": ["a", "c"], "command": ["x", "y"]}"#,
            expect![[r#"
                args[1]: "b" → "c"
                command: ["x"] → ["x","y"]
            "#]],
        );
    }

    #[test]
    fn what_a_server_writes_is_no_change() {
        check(
            r#"{"metadata": {"name": "a", "uid": "1", "managedFields": [], "generation": 1}, "status": {"x": 1}}"#,
            r#"{"metadata": {"name": "a", "labels": {"app.kubernetes.io/name": "a"}, "generation": 2}}"#,
            expect![[r#"
                metadata.labels: - → {"app.kubernetes.io/name":"a"}
            "#]],
        );
    }

    #[test]
    fn secrets_are_masked_and_equal_values_look_equal() {
        check(
            r#"{"apiVersion": "v1", "kind": "Secret", "data": {"a": "b25l", "b": "b25l", "c": "dHdv", "same": "eA=="}}"#,
            r#"{"apiVersion": "v1", "kind": "Secret", "data": {"a": "dHdv", "b": "dHdv", "c": "b25l", "same": "eA=="}, "stringData": {"pin": 987654}}"#,
            expect![[r#"
                data.a: "*** (1)" → "*** (2)"
                data.b: "*** (1)" → "*** (2)"
                data.c: "*** (2)" → "*** (1)"
                stringData: - → {"pin":"*** (4)"}
            "#]],
        );
    }

    #[test]
    fn what_kubectl_applied_last_is_masked_on_both_sides() {
        check(
            r#"{"kind": "Secret", "metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{\"data\":{\"a\":\"secret\"}}"}}}"#,
            r#"{"kind": "Secret", "metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "not even JSON"}}}"#,
            expect![[r#"
                metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]: "*** (1)" → "*** (2)"
            "#]],
        );
    }

    proptest! {
        #[test]
        fn an_object_does_not_differ_from_itself(object in any_json()) {
            let set = SchemaSet::builtin();
            prop_assert_eq!(field_changes(set.release(KubeRelease::NEWEST), &object, &object), vec![]);
        }

        #[test]
        fn objects_that_differ_have_a_change(before in any_json(), after in any_json()) {
            let set = SchemaSet::builtin();
            let before = serde_json::json!({"spec": before});
            let after = serde_json::json!({"spec": after});
            let changes = field_changes(set.release(KubeRelease::NEWEST), &before, &after);
            // Items that only moved within a list with keys are the same list to a cluster.
            if before != after && !before.to_string().contains('[') {
                prop_assert!(!changes.is_empty());
            }
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i8>().prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let key = "(name|kind|apiVersion|data|[a-b])";
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(key, inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    #[track_caller]
    fn check(before: &str, after: &str, expected: Expect) {
        let [before, after] = [before, after].map(|text| serde_json::from_str(text).unwrap());
        let show = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), Value::to_string);
        let set = SchemaSet::builtin();
        let shown: String = field_changes(set.release(KubeRelease::NEWEST), &before, &after)
            .iter()
            .map(|change| {
                format!(
                    "{}: {} → {}\n",
                    change.path,
                    show(&change.from),
                    show(&change.to)
                )
            })
            .collect();
        expected.assert_eq(&shown);
    }
}
