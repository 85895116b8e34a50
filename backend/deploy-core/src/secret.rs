//! Secrets as they are applied: all in `data`.
//!
//! An API server turns `stringData` into `data` and forgets it. It would then not know whose the
//! keys are: a key that a later version leaves out would stay for ever, and a change by somebody
//! else would be no conflict.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::object::text;

/// Moves the texts of `stringData` to `data`. What is no text stays, for the cluster to refuse.
pub fn encode_texts(object: &mut Value) {
    if text(object, "/apiVersion") != "v1" || text(object, "/kind") != "Secret" {
        return;
    }
    let Some(object) = object.as_object_mut() else {
        return;
    };
    let all_are_texts = |it: &Map<String, Value>| it.values().all(Value::is_string);
    let texts = object.get("stringData").and_then(Value::as_object);
    let Some(texts) = texts.filter(|it| all_are_texts(it)).cloned() else {
        return;
    };
    let data = object
        .entry("data")
        .or_insert_with(|| Value::Object(Map::new()));
    if data.is_null() {
        *data = Value::Object(Map::new());
    }
    let Some(data) = data.as_object_mut() else {
        return;
    };
    for (key, value) in &texts {
        let encoded = STANDARD.encode(value.as_str().unwrap_or_default());
        data.insert(key.clone(), Value::String(encoded));
    }
    object.remove("stringData");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_become_data_and_win_over_it() {
        check(
            json!({"data": {"a": "b2xk", "b": "eA=="}, "stringData": {"a": "new"}}),
            json!({"data": {"a": "bmV3", "b": "eA=="}}),
        );
        check(json!({"stringData": {"a": ""}}), json!({"data": {"a": ""}}));
        check(json!({"data": null, "stringData": {}}), json!({"data": {}}));
    }

    #[test]
    fn what_is_no_text_is_left_for_the_cluster_to_refuse() {
        let wrong = json!({"stringData": {"pin": 987_654, "a": "b"}});
        check(wrong.clone(), wrong);
        let wrong = json!({"data": "x", "stringData": {"a": "b"}});
        check(wrong.clone(), wrong);
    }

    #[test]
    fn other_kinds_stay_as_they_are() {
        let mut other = json!({"apiVersion": "v1", "kind": "ConfigMap", "stringData": {"a": "b"}});
        let before = other.clone();
        encode_texts(&mut other);
        assert_eq!(other, before);
    }

    #[track_caller]
    fn check(mut secret: Value, mut expected: Value) {
        for it in [&mut secret, &mut expected] {
            it["apiVersion"] = json!("v1");
            it["kind"] = json!("Secret");
        }
        encode_texts(&mut secret);
        assert_eq!(secret, expected);
    }
}
