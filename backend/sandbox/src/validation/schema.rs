//! What the schema alone says: required fields and allowed values.

use serde_json::Value;

use super::Errors;
use crate::resources::Resource;
use crate::status::FieldError;
use crate::types::{Scalar, Struct, Type, TypeId, Types};

pub(super) fn check(resource: &Resource, object: &Value) -> Errors {
    let mut errors = Vec::new();
    if let Some(ty) = resource.ty {
        walk(&resource.types, ty, object, "", &mut errors);
    }
    errors
}

fn walk(types: &Types, ty: TypeId, value: &Value, path: &str, errors: &mut Errors) {
    match (types.get(ty), value) {
        (Type::Struct(structure), Value::Object(_)) => {
            structure_at(types, structure, value, path, errors);
        }
        (Type::List { item, .. }, Value::Array(items)) => {
            for (index, value) in items.iter().enumerate() {
                walk(types, *item, value, &format!("{path}[{index}]"), errors);
            }
        }
        (Type::Map { value: below, .. }, Value::Object(fields)) => {
            for (name, value) in fields {
                walk(types, *below, value, &format!("{path}[{name}]"), errors);
            }
        }
        _ => {}
    }
}

fn structure_at(
    types: &Types,
    structure: &Struct,
    object: &Value,
    path: &str,
    errors: &mut Errors,
) {
    let join = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    for name in &structure.required {
        let given = object.get(name).filter(|it| !it.is_null());
        let is_text = matches!(
            structure.fields.get(name).map(|field| types.get(field.ty)),
            Some(Type::Scalar(Scalar::Text))
        );
        let empty = is_text && given.is_some_and(|it| it == "");
        if (given.is_none() || empty) && !KEPT_OUT.contains(&name.as_str()) {
            errors.push(FieldError::required(join(name), ""));
        }
    }
    // Status is written by controllers, which know what they do.
    for (name, field) in structure
        .fields
        .iter()
        .filter(|(name, _)| !path.is_empty() || *name != "status")
    {
        let Some(value) = object.get(name).filter(|it| !it.is_null()) else {
            continue;
        };
        let listed = match value {
            Value::Array(items) => items.iter().find(|it| !field.allowed.contains(it)),
            value => (!field.allowed.contains(value)).then_some(value),
        };
        if let Some(wrong) = listed.filter(|it| !field.allowed.is_empty() && it.is_string()) {
            let allowed: Vec<_> = field.allowed.iter().filter_map(Value::as_str).collect();
            errors.push(FieldError::not_supported(join(name), wrong, &allowed));
        }
        walk(types, field.ty, value, &join(name), errors);
    }
}

/// Required on paper, and never asked for.
const KEPT_OUT: &[&str] = &[
    "apiGroup",
    "conditions",
    "containerID",
    "count",
    "eventTime",
    "items",
    "key",
    "lastTransitionTime",
    "message",
    "metadata",
    "reason",
    "status",
    "acceptedNames",
    "storedVersions",
    "observedGeneration",
];
