//! Custom resources by their own schema, and CRDs.

use serde_json::{Value, json};

use super::{Errors, format};
use crate::resources::Resource;
use crate::status::FieldError;
use crate::value::{at, items, name, text};

pub(super) fn check(resource: &Resource, object: &Value) -> Errors {
    let mut errors = Vec::new();
    if let Some(custom) = &resource.custom {
        walk(&custom.schema, object, "", &mut errors);
    }
    errors
}

fn walk(schema: &Value, value: &Value, path: &str, errors: &mut Errors) {
    if value.is_null() || schema["x-kubernetes-int-or-string"] == true {
        return;
    }
    let place = if path.is_empty() { "<nil>" } else { path };
    let wanted = text(schema, "type");
    if !wanted.is_empty() && !fits(wanted, value) {
        let shown = json!(kind_of(value));
        let why = format!("{place} in body must be of type {wanted}: {shown}");
        errors.push(FieldError::type_invalid(place, &shown, &why));
        return;
    }
    if let Some(allowed) = at(schema, "enum")
        .and_then(Value::as_array)
        .filter(|it| !it.contains(value))
    {
        let allowed: Vec<_> = allowed
            .iter()
            .map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned))
            .collect();
        let allowed: Vec<_> = allowed.iter().map(String::as_str).collect();
        errors.push(FieldError::not_supported(place, value, &allowed));
    }
    bounds(schema, value, place, errors);
    match value {
        Value::Object(fields) => {
            for required in items(schema, "required").iter().filter_map(Value::as_str) {
                if !fields.contains_key(required) {
                    errors.push(FieldError::required(join(path, required), ""));
                }
            }
            for (name, value) in fields {
                let below = schema["properties"]
                    .get(name)
                    .or_else(|| schema.get("additionalProperties"));
                // Type and metadata belong to the server.
                if path.is_empty() && matches!(name.as_str(), "apiVersion" | "kind" | "metadata") {
                    continue;
                }
                if let Some(below) = below {
                    walk(below, value, &join(path, name), errors);
                }
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                walk(&schema["items"], value, &format!("{path}[{index}]"), errors);
            }
        }
        _ => {}
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn fits(wanted: &str, value: &Value) -> bool {
    match wanted {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|it| it.fract() == 0.0)
        }
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => true,
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn bounds(schema: &Value, value: &Value, path: &str, errors: &mut Errors) {
    let number = |name: &str| schema[name].as_f64();
    if let Some(found) = value.as_f64() {
        if let Some(least) = number("minimum").filter(|it| found < *it) {
            errors.push(FieldError::invalid(
                path,
                value,
                format!("{path} in body should be greater than or equal to {least}"),
            ));
        }
        if let Some(most) = number("maximum").filter(|it| found > *it) {
            errors.push(FieldError::invalid(
                path,
                value,
                format!("{path} in body should be less than or equal to {most}"),
            ));
        }
    }
    if let Some(found) = value.as_str() {
        let length = found.chars().count();
        let at_least = schema["minLength"]
            .as_u64()
            .and_then(|it| usize::try_from(it).ok());
        if let Some(least) = at_least.filter(|it| length < *it) {
            errors.push(FieldError::invalid(
                path,
                value,
                format!("{path} in body should be at least {least} chars long"),
            ));
        }
        let at_most = schema["maxLength"]
            .as_u64()
            .and_then(|it| usize::try_from(it).ok());
        if let Some(most) = at_most.filter(|it| length > *it) {
            errors.push(FieldError {
                reason: "FieldValueTooLong",
                field: path.to_owned(),
                detail: format!("Too long: may not be more than {most} bytes"),
            });
        }
    }
}

pub(super) fn definition(crd: &Value) -> Errors {
    let mut errors = Vec::new();
    let (plural, group) = (text(crd, "spec.names.plural"), text(crd, "spec.group"));
    let wanted = format!("{plural}.{group}");
    if name(crd) != wanted {
        errors.push(FieldError::invalid(
            "metadata.name",
            &json!(name(crd)),
            "must be spec.names.plural+\".\"+spec.group",
        ));
    }
    if !group.contains('.') {
        errors.push(FieldError::invalid(
            "spec.group",
            &json!(group),
            "should be a domain with at least one dot",
        ));
    }
    if let Some(why) = format::old_label(plural) {
        errors.push(FieldError::invalid(
            "spec.names.plural",
            &json!(plural),
            why,
        ));
    }
    let versions = items(crd, "spec.versions");
    if versions.iter().filter(|it| it["storage"] == true).count() != 1 {
        errors.push(FieldError::invalid(
            "spec.versions",
            &json!(versions),
            "must have exactly one version marked as storage version",
        ));
    }
    for (index, version) in versions.iter().enumerate() {
        if at(version, "schema.openAPIV3Schema").is_none() {
            errors.push(FieldError::required(
                format!("spec.versions[{index}].schema.openAPIV3Schema"),
                "schemas are required",
            ));
        }
    }
    errors
}
