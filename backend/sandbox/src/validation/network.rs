//! Ingresses and network policies.

use serde_json::{Value, json};

use super::{Errors, format, metadata};
use crate::status::FieldError;
use crate::value::{at, int, items, text};

pub(super) fn ingress(object: &Value) -> Errors {
    let mut errors = Vec::new();
    let default = at(object, "spec.defaultBackend");
    if default.is_none() && items(object, "spec.rules").is_empty() {
        errors.push(FieldError::invalid(
            "spec",
            &object["spec"],
            "either `defaultBackend` or `rules` must be specified",
        ));
    }
    if let Some(backend_value) = default {
        backend(backend_value, "spec.defaultBackend", &mut errors);
    }
    for (index, rule) in items(object, "spec.rules").iter().enumerate() {
        let host = text(rule, "host");
        let bare = host.strip_prefix("*.").unwrap_or(host);
        if !host.is_empty()
            && let Some(why) = format::subdomain(bare)
        {
            errors.push(FieldError::invalid(
                format!("spec.rules[{index}].host"),
                &json!(host),
                why,
            ));
        }
        for (place, path) in items(rule, "http.paths").iter().enumerate() {
            let at_path = format!("spec.rules[{index}].http.paths[{place}]");
            let kind = text(path, "pathType");
            if kind.is_empty() {
                errors.push(FieldError::required(
                    format!("{at_path}.pathType"),
                    "pathType must be specified",
                ));
            } else if !matches!(kind, "Exact" | "Prefix" | "ImplementationSpecific") {
                errors.push(FieldError::not_supported(
                    format!("{at_path}.pathType"),
                    &json!(kind),
                    &["Exact", "ImplementationSpecific", "Prefix"],
                ));
            }
            let given = text(path, "path");
            if matches!(kind, "Exact" | "Prefix") && !given.starts_with('/') {
                errors.push(FieldError::invalid(
                    format!("{at_path}.path"),
                    &json!(given),
                    "must be an absolute path",
                ));
            }
            backend(&path["backend"], &format!("{at_path}.backend"), &mut errors);
        }
    }
    errors
}

fn backend(backend: &Value, path: &str, errors: &mut Errors) {
    if at(backend, "resource").is_some() {
        return;
    }
    let Some(service) = at(backend, "service") else {
        errors.push(FieldError::required(
            path,
            "port name or number is required",
        ));
        return;
    };
    let path = format!("{path}.service");
    if text(service, "name").is_empty() {
        errors.push(FieldError::required(format!("{path}.name"), ""));
    }
    let (name, number) = (text(service, "port.name"), int(service, "port.number"));
    match (name.is_empty(), number) {
        (true, None) => errors.push(FieldError::required(
            path,
            "port name or number is required",
        )),
        (false, Some(_)) => errors.push(FieldError::invalid(
            path,
            service,
            "cannot set both port name & port number",
        )),
        (true, Some(number)) if !format::is_port(number) => {
            errors.push(FieldError::invalid(
                format!("{path}.port.number"),
                &json!(number),
                format::PORT,
            ));
        }
        _ => {}
    }
}

pub(super) fn policy(object: &Value) -> Errors {
    metadata::selector(object, "spec.podSelector")
}
