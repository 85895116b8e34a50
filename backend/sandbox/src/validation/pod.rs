//! Pods and pod templates.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Errors, check_given_name, check_name, format};
use crate::quantity::Quantity;
use crate::status::FieldError;
use crate::value::{at, entries, int, items, text};

/// What is wrong with the pod spec at `path`.
pub(super) fn check(object: &Value, path: &str) -> Errors {
    let mut errors = Vec::new();
    let Some(spec) = at(object, path) else {
        errors.push(FieldError::required(format!("{path}.containers"), ""));
        return errors;
    };
    if items(spec, "containers").is_empty() {
        errors.push(FieldError::required(format!("{path}.containers"), ""));
    }
    let volumes = volumes(spec, path, &mut errors);
    let mut names = BTreeSet::new();
    for list in ["initContainers", "containers"] {
        for (index, container) in items(spec, list).iter().enumerate() {
            let path = format!("{path}.{list}[{index}]");
            check_container(container, &path, &mut errors);
            let name = text(container, "name");
            if !name.is_empty() && !names.insert(name) {
                errors.push(FieldError::duplicate(format!("{path}.name"), &json!(name)));
            }
            mounts(container, &path, &volumes, &mut errors);
        }
    }
    let grace = int(spec, "terminationGracePeriodSeconds").unwrap_or(0);
    if grace < 0 {
        errors.push(FieldError::invalid(
            format!("{path}.terminationGracePeriodSeconds"),
            &json!(grace),
            "must be greater than or equal to 0",
        ));
    }
    if let Some(seconds) = int(spec, "activeDeadlineSeconds").filter(|it| *it < 1) {
        errors.push(FieldError::invalid(
            format!("{path}.activeDeadlineSeconds"),
            &json!(seconds),
            "must be between 1 and 2147483647, inclusive",
        ));
    }
    let policy = text(spec, "restartPolicy");
    if !matches!(policy, "Always" | "OnFailure" | "Never") {
        errors.push(FieldError::not_supported(
            format!("{path}.restartPolicy"),
            &json!(policy),
            &["Always", "Never", "OnFailure"],
        ));
    }
    let account = text(spec, "serviceAccountName");
    let account_path = format!("{path}.serviceAccountName");
    check_given_name(account, account_path, format::subdomain, &mut errors);
    errors
}

fn volumes<'v>(spec: &'v Value, path: &str, errors: &mut Errors) -> BTreeSet<&'v str> {
    let mut names = BTreeSet::new();
    for (index, volume) in items(spec, "volumes").iter().enumerate() {
        let path = format!("{path}.volumes[{index}]");
        let name = text(volume, "name");
        check_name(name, format!("{path}.name"), format::label, errors);
        if !name.is_empty() && !names.insert(name) {
            errors.push(FieldError::duplicate(format!("{path}.name"), &json!(name)));
        }
        let sources: Vec<_> = volume
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(key, _)| *key != "name")
            .collect();
        for (source, _) in sources.iter().skip(1) {
            errors.push(FieldError::forbidden(
                format!("{path}.{source}"),
                "may not specify more than 1 volume type",
            ));
        }
        for (field, key) in [
            ("secret", "secretName"),
            ("configMap", "name"),
            ("persistentVolumeClaim", "claimName"),
        ] {
            if at(volume, field).is_some() && text(volume, &format!("{field}.{key}")).is_empty() {
                errors.push(FieldError::required(format!("{path}.{field}.{key}"), ""));
            }
        }
    }
    names
}

fn check_container(container: &Value, path: &str, errors: &mut Errors) {
    let name = text(container, "name");
    check_name(name, format!("{path}.name"), format::label, errors);
    let image = text(container, "image");
    if image.is_empty() {
        errors.push(FieldError::required(format!("{path}.image"), ""));
    } else if image.trim() != image {
        errors.push(FieldError::invalid(
            format!("{path}.image"),
            &json!(image),
            "must not have leading or trailing whitespace",
        ));
    }
    ports(container, path, errors);
    environment(container, path, errors);
    resources(container, path, errors);
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(given) = at(container, probe) {
            check_probe(given, &format!("{path}.{probe}"), probe, errors);
        }
    }
}

fn ports(container: &Value, path: &str, errors: &mut Errors) {
    let mut names = BTreeSet::new();
    for (index, port) in items(container, "ports").iter().enumerate() {
        let path = format!("{path}.ports[{index}]");
        let name = text(port, "name");
        if !name.is_empty() {
            for why in format::port_name(name) {
                errors.push(FieldError::invalid(
                    format!("{path}.name"),
                    &json!(name),
                    why,
                ));
            }
            if !names.insert(name) {
                errors.push(FieldError::duplicate(format!("{path}.name"), &json!(name)));
            }
        }
        match int(port, "containerPort").unwrap_or(0) {
            0 => errors.push(FieldError::required(format!("{path}.containerPort"), "")),
            number if !format::is_port(number) => {
                errors.push(FieldError::invalid(
                    format!("{path}.containerPort"),
                    &json!(number),
                    format::PORT,
                ));
            }
            _ => {}
        }
        if let Some(number) = int(port, "hostPort").filter(|it| *it != 0 && !format::is_port(*it)) {
            errors.push(FieldError::invalid(
                format!("{path}.hostPort"),
                &json!(number),
                format::PORT,
            ));
        }
        let protocol = text(port, "protocol");
        if !matches!(protocol, "TCP" | "UDP" | "SCTP") {
            errors.push(FieldError::not_supported(
                format!("{path}.protocol"),
                &json!(protocol),
                &["SCTP", "TCP", "UDP"],
            ));
        }
    }
}

fn environment(container: &Value, path: &str, errors: &mut Errors) {
    for (index, variable) in items(container, "env").iter().enumerate() {
        let path = format!("{path}.env[{index}]");
        let name = text(variable, "name");
        check_name(name, format!("{path}.name"), format::variable, errors);
        if at(variable, "valueFrom").is_some() && !text(variable, "value").is_empty() {
            errors.push(FieldError::invalid(
                format!("{path}.valueFrom"),
                &json!(""),
                "may not be specified when `value` is not empty",
            ));
        }
        for source in ["configMapKeyRef", "secretKeyRef"] {
            let path = format!("{path}.valueFrom.{source}");
            if let Some(reference) = at(variable, &format!("valueFrom.{source}"))
                && text(reference, "key").is_empty()
            {
                errors.push(FieldError::required(format!("{path}.key"), ""));
            }
        }
    }
}

fn resources(container: &Value, path: &str, errors: &mut Errors) {
    let amount = |value: &Value| Quantity::parse(value.as_str()?);
    for kind in ["limits", "requests"] {
        for (name, value) in entries(container, &format!("resources.{kind}")) {
            let path = format!("{path}.resources.{kind}[{name}]");
            if amount(value).is_some_and(Quantity::is_negative) {
                errors.push(FieldError::invalid(
                    path,
                    value,
                    "must be greater than or equal to 0",
                ));
            } else if !name.contains('/')
                && !STANDARD.contains(&name.as_str())
                && !name.starts_with("hugepages-")
            {
                errors.push(FieldError::invalid(
                    path.as_str(),
                    &json!(name),
                    "must be a standard resource type or fully qualified",
                ));
                errors.push(FieldError::invalid(
                    format!("{path} "),
                    &json!(name),
                    "must be a standard resource for containers",
                ));
            }
        }
    }
    for (name, request) in entries(container, "resources.requests") {
        let limit = at(container, "resources.limits").and_then(|it| it.get(name));
        let over = limit
            .and_then(amount)
            .zip(amount(request))
            .is_some_and(|(limit, it)| limit.is_less(it));
        if over {
            let shown = limit.and_then(Value::as_str).unwrap_or_default();
            errors.push(FieldError::invalid(
                format!("{path}.resources.requests"),
                request,
                format!("must be less than or equal to {name} limit of {shown}"),
            ));
        }
    }
}

const STANDARD: &[&str] = &["cpu", "memory", "ephemeral-storage"];

fn check_probe(probe: &Value, path: &str, name: &str, errors: &mut Errors) {
    let handlers: Vec<_> = ["exec", "httpGet", "tcpSocket", "grpc"]
        .into_iter()
        .filter(|it| at(probe, it).is_some())
        .collect();
    if handlers.is_empty() {
        errors.push(FieldError::required(path, "must specify a handler type"));
    }
    for extra in handlers.iter().skip(1) {
        errors.push(FieldError::forbidden(
            format!("{path}.{extra}"),
            "may not specify more than 1 handler type",
        ));
    }
    for field in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        if let Some(number) = int(probe, field).filter(|it| *it < 0) {
            errors.push(FieldError::invalid(
                format!("{path}.{field}"),
                &json!(number),
                "must be greater than or equal to 0",
            ));
        }
    }
    if name != "readinessProbe"
        && let Some(number) = int(probe, "successThreshold").filter(|it| *it > 1)
    {
        errors.push(FieldError::invalid(
            format!("{path}.successThreshold"),
            &json!(number),
            "must be 1",
        ));
    }
    for handler in ["httpGet", "tcpSocket"] {
        let port = at(probe, &format!("{handler}.port"));
        if let Some(number) = port
            .and_then(Value::as_i64)
            .filter(|it| !format::is_port(*it))
        {
            errors.push(FieldError::invalid(
                format!("{path}.{handler}.port"),
                &json!(number),
                format::PORT,
            ));
        }
    }
}

fn mounts(container: &Value, path: &str, volumes: &BTreeSet<&str>, errors: &mut Errors) {
    let mut places = BTreeSet::new();
    for (index, mount) in items(container, "volumeMounts").iter().enumerate() {
        let path = format!("{path}.volumeMounts[{index}]");
        let (name, place) = (text(mount, "name"), text(mount, "mountPath"));
        if name.is_empty() {
            errors.push(FieldError::required(format!("{path}.name"), ""));
        } else if !volumes.contains(name) {
            errors.push(FieldError::not_found(format!("{path}.name"), &json!(name)));
        }
        if place.is_empty() {
            errors.push(FieldError::required(format!("{path}.mountPath"), ""));
        } else if !places.insert(place) {
            errors.push(FieldError::invalid(
                format!("{path}.mountPath"),
                &json!(place),
                "must be unique",
            ));
        }
    }
}

/// Deprecated or doubtful things in the pod spec at `path`.
pub(super) fn warnings(object: &Value, path: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    let Some(spec) = at(object, path) else {
        return warnings;
    };
    for list in ["initContainers", "containers"] {
        for (index, container) in items(spec, list).iter().enumerate() {
            let mut names: Vec<&str> = Vec::new();
            for (place, variable) in items(container, "env").iter().enumerate() {
                let name = text(variable, "name");
                if names.contains(&name) {
                    warnings.push(format!("{path}.{list}[{index}].env[{place}]: hides previous definition of {name:?}, which may be dropped when using apply"));
                }
                names.push(name);
            }
        }
    }
    warnings
}
