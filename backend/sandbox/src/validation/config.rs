//! `ConfigMaps`, Secrets, claims.

use serde_json::{Value, json};

use super::{Errors, format};
use crate::status::FieldError;
use crate::value::{at, entries, items, text};

/// More than this cannot be stored.
const MOST: usize = 1_048_576;

pub(super) fn config_map(object: &Value) -> Errors {
    let mut errors = Vec::new();
    let mut size = 0;
    for field in ["data", "binaryData"] {
        for (key, value) in entries(object, field) {
            if let Some(why) = format::config_key(key) {
                errors.push(FieldError::invalid(
                    format!("{field}[{key}]"),
                    &json!(key),
                    why,
                ));
            }
            if field == "binaryData" && at(object, "data").is_some_and(|it| it.get(key).is_some()) {
                errors.push(FieldError::invalid(
                    format!("data[{key}]"),
                    &json!(key),
                    "duplicate of key present in binaryData",
                ));
            }
            size += length(field == "binaryData", value);
        }
    }
    if size > MOST {
        errors.push(FieldError::too_long("[]", MOST));
    }
    errors
}

pub(super) fn secret(object: &Value) -> Errors {
    let mut errors = Vec::new();
    let mut size = 0;
    for (key, value) in entries(object, "data") {
        if let Some(why) = format::config_key(key) {
            errors.push(FieldError::invalid(
                format!("data[{key}]"),
                &json!(key),
                why,
            ));
        }
        size += length(true, value);
    }
    if size > MOST {
        errors.push(FieldError::too_long("data", MOST));
    }
    let needed: &[&str] = match text(object, "type") {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        _ => &[],
    };
    for key in needed {
        if object["data"].get(*key).is_none() {
            errors.push(FieldError::required(format!("data[{key}]"), ""));
        }
    }
    errors
}

fn length(is_base64: bool, value: &Value) -> usize {
    let text = value.as_str().unwrap_or_default();
    if is_base64 {
        text.trim_end_matches('=').len() * 3 / 4
    } else {
        text.len()
    }
}

pub(super) fn claim(object: &Value) -> Errors {
    let mut errors = Vec::new();
    if items(object, "spec.accessModes").is_empty() {
        errors.push(FieldError::required(
            "spec.accessModes",
            "at least 1 access mode is required",
        ));
    }
    if at(object, "spec.resources.requests.storage").is_none() {
        errors.push(FieldError::required("spec.resources[storage]", ""));
    }
    errors
}
