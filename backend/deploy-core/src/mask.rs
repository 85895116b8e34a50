//! Hiding what is secret, while a change of it stays visible.

use std::collections::HashMap;

use serde_json::Value;

use crate::object::text;

/// Holds whole manifests, so a Secret's too.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Hides the secret values of two states of one object. Equal values get equal masks, different
/// ones different masks; neither lengths nor contents can be told from them.
pub(crate) fn mask(before: &mut Value, after: &mut Value) {
    let secret = [&*before, &*after].iter().any(|it| is_secret(it));
    let mut masks = Masks::default();
    for object in [before, after] {
        if secret {
            for field in ["data", "stringData"] {
                masks.hide_values(object.get_mut(field));
            }
        }
        let annotations = object.pointer_mut("/metadata/annotations");
        if let Some(value) = annotations.and_then(|it| it.get_mut(LAST_APPLIED)) {
            masks.hide(value);
        }
    }
}

/// Whether the object is a Secret.
pub(crate) fn is_secret(object: &Value) -> bool {
    text(object, "/kind") == "Secret" && text(object, "/apiVersion") == "v1"
}

/// Numbers for values, in the order in which they are seen.
#[derive(Default)]
struct Masks(HashMap<Value, usize>);

impl Masks {
    /// Keys stay visible. What is no mapping is hidden as a whole: it cannot be read, so it could
    /// be anything.
    fn hide_values(&mut self, values: Option<&mut Value>) {
        match values {
            None | Some(Value::Null) => {}
            Some(Value::Object(fields)) => fields.values_mut().for_each(|value| self.hide(value)),
            Some(other) => self.hide(other),
        }
    }

    fn hide(&mut self, value: &mut Value) {
        let next = self.0.len() + 1;
        let number = *self.0.entry(value.clone()).or_insert(next);
        *value = Value::String(format!("*** ({number})"));
    }
}
