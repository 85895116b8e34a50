//! Names, labels, annotations, owners.

use serde_json::{Value, json};

use super::{Errors, format};
use crate::resources::Resource;
use crate::status::FieldError;
use crate::value::{at, entries, items, name, text};

const MOST_ANNOTATIONS: usize = 262_144;

pub(super) fn check(resource: &Resource, object: &Value) -> Errors {
    let mut errors = Vec::new();
    if let Some(why) = wrong_name(resource, name(object)) {
        errors.push(FieldError::invalid(
            "metadata.name",
            &json!(name(object)),
            why,
        ));
    }
    errors.extend(labels(object, "metadata.labels"));
    errors.extend(annotations(object, "metadata.annotations"));
    for (index, owner) in items(object, "metadata.ownerReferences").iter().enumerate() {
        for field in ["apiVersion", "kind", "name", "uid"] {
            if text(owner, field).is_empty() {
                let path = format!("metadata.ownerReferences[{index}].{field}");
                errors.push(FieldError::invalid(path, &json!(""), "must not be empty"));
            }
        }
    }
    for finalizer in items(object, "metadata.finalizers") {
        let key = finalizer.as_str().unwrap_or_default();
        for why in format::qualified_name(key) {
            errors.push(FieldError::invalid("metadata.finalizers", finalizer, why));
        }
    }
    errors
}

/// What may not change in metadata.
pub(super) fn check_change(live: &Value, new: &Value) -> Errors {
    let mut errors = Vec::new();
    if crate::value::is_terminating(live) {
        let known = items(live, "metadata.finalizers");
        let added: Vec<_> = items(new, "metadata.finalizers")
            .iter()
            .filter(|it| !known.contains(it))
            .collect();
        if !added.is_empty() {
            let list: Vec<_> = added.iter().map(ToString::to_string).collect();
            let why = format!(
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
                list.join(", ")
            );
            errors.push(FieldError::forbidden("metadata.finalizers", &why));
        }
    }
    errors
}

fn wrong_name(resource: &Resource, name: &str) -> Option<String> {
    match (resource.group.as_str(), resource.kind.as_str()) {
        ("", "Namespace") => format::label(name),
        ("", "Service") => format::old_label(name),
        ("rbac.authorization.k8s.io", _) => format::path_segment(name),
        _ => format::subdomain(name),
    }
}

pub(super) fn labels(object: &Value, path: &str) -> Errors {
    let mut errors = Vec::new();
    for (key, value) in entries(object, path) {
        for why in format::qualified_name(key) {
            errors.push(FieldError::invalid(path, &json!(key), why));
        }
        if let Some(why) = format::label_value(value.as_str().unwrap_or_default()) {
            errors.push(FieldError::invalid(path, value, why));
        }
    }
    errors
}

fn annotations(object: &Value, path: &str) -> Errors {
    let mut errors = Vec::new();
    let mut size = 0;
    for (key, value) in entries(object, path) {
        size += key.len() + value.as_str().map_or(0, str::len);
        for why in format::qualified_name(&key.to_lowercase()) {
            errors.push(FieldError::invalid(path, &json!(key), why));
        }
    }
    if size > MOST_ANNOTATIONS {
        errors.push(FieldError::too_long(path, MOST_ANNOTATIONS));
    }
    errors
}

/// A label selector, as workloads have it.
pub(super) fn selector(object: &Value, path: &str) -> Errors {
    let mut errors = Vec::new();
    let Some(selector) = at(object, path) else {
        return errors;
    };
    let labels_path = format!("{path}.matchLabels");
    for (key, value) in entries(selector, "matchLabels") {
        for why in format::qualified_name(key) {
            errors.push(FieldError::invalid(labels_path.as_str(), &json!(key), why));
        }
        if let Some(why) = format::label_value(value.as_str().unwrap_or_default()) {
            errors.push(FieldError::invalid(labels_path.as_str(), value, why));
        }
    }
    for (index, expression) in items(selector, "matchExpressions").iter().enumerate() {
        let field = |name: &str| format!("{path}.matchExpressions[{index}].{name}");
        let values = items(expression, "values");
        match text(expression, "operator") {
            "In" | "NotIn" if values.is_empty() => {
                errors.push(FieldError::required(
                    field("values"),
                    "must be specified when `operator` is 'In' or 'NotIn'",
                ));
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                errors.push(FieldError::forbidden(
                    field("values"),
                    "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
                ));
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => errors.push(FieldError::invalid(
                field("operator"),
                &json!(other),
                "not a valid selector operator",
            )),
        }
    }
    errors
}
