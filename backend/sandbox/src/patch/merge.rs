//! JSON merge patch (RFC 7386).

use serde_json::{Map, Value};

/// Lays `patch` over `object`; null removes.
pub(crate) fn apply(object: &Value, patch: &Value) -> Value {
    let Some(fields) = patch.as_object() else {
        return patch.clone();
    };
    let mut merged = object.as_object().cloned().unwrap_or_else(Map::new);
    for (name, value) in fields {
        if value.is_null() {
            merged.remove(name);
        } else {
            let old = merged.get(name).unwrap_or(&Value::Null);
            let new = apply(old, value);
            merged.insert(name.clone(), new);
        }
    }
    Value::Object(merged)
}
