//! What the API server refuses, and why. `docs/sandbox.md` lists what is checked.

mod config;
mod custom;
mod format;
mod immutable;
mod metadata;
mod network;
mod pod;
mod roles;
mod schema;
mod service;
mod workload;

use serde_json::{Value, json};

use crate::resources::Resource;
use crate::status::FieldError;

type Errors = Vec<FieldError>;

/// What is wrong with an object that is to be created.
pub(crate) fn create(resource: &Resource, object: &Value) -> Errors {
    let mut errors = metadata::check(resource, object);
    errors.extend(of_kind(resource, object));
    finish(errors)
}

/// What is wrong with a change.
pub(crate) fn update(resource: &Resource, subresource: &str, live: &Value, new: &Value) -> Errors {
    let mut errors = metadata::check(resource, new);
    errors.extend(metadata::check_change(live, new));
    if subresource != "status" {
        errors.extend(of_kind(resource, new));
        errors.extend(immutable::check(resource, live, new));
    }
    finish(errors)
}

/// What the server warns of although it accepts it.
pub(crate) fn warnings(resource: &Resource, object: &Value) -> Vec<String> {
    match workload::template_path(resource) {
        Some(path) => pod::warnings(object, path),
        None => Vec::new(),
    }
}

fn of_kind(resource: &Resource, object: &Value) -> Errors {
    if resource.custom.is_some() {
        return custom::check(resource, object);
    }
    let mut errors = match (resource.group.as_str(), resource.kind.as_str()) {
        ("", "Pod") => pod::check(object, "spec"),
        ("", "Service") => service::check(object),
        ("", "ConfigMap") => config::config_map(object),
        ("", "Secret") => config::secret(object),
        ("", "PersistentVolumeClaim") => config::claim(object),
        ("apps" | "batch", _) | ("", "ReplicationController") => workload::check(resource, object),
        ("autoscaling", "HorizontalPodAutoscaler") => workload::autoscaler(object),
        ("policy", "PodDisruptionBudget") => workload::budget(object),
        ("networking.k8s.io", "Ingress") => network::ingress(object),
        ("networking.k8s.io", "NetworkPolicy") => network::policy(object),
        ("rbac.authorization.k8s.io", kind) => roles::check(kind, object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => custom::definition(object),
        _ => Vec::new(),
    };
    errors.extend(schema::check(resource, object));
    errors
}

/// Complains of a name at `path` that is missing, or that `wrong` finds fault with.
fn check_name(name: &str, path: String, wrong: fn(&str) -> Option<String>, errors: &mut Errors) {
    if name.is_empty() {
        errors.push(FieldError::required(path, ""));
    } else {
        check_given_name(name, path, wrong, errors);
    }
}

/// As [`check_name`], where the name may be left out.
fn check_given_name(
    name: &str,
    path: String,
    wrong: fn(&str) -> Option<String>,
    errors: &mut Errors,
) {
    if !name.is_empty()
        && let Some(why) = wrong(name)
    {
        errors.push(FieldError::invalid(path, &json!(name), why));
    }
}

/// Each field once: what a rule of the kind says comes before what the schema says.
fn finish(errors: Errors) -> Errors {
    let mut kept: Errors = Vec::new();
    for error in errors {
        if !kept
            .iter()
            .any(|it| it.field == error.field && it.reason == error.reason)
        {
            kept.push(error);
        }
    }
    kept
}
