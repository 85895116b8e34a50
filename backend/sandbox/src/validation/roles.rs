//! Roles and bindings.

use serde_json::{Value, json};

use super::Errors;
use crate::status::FieldError;
use crate::value::{items, text};

pub(super) fn check(kind: &str, object: &Value) -> Errors {
    if kind.ends_with("Binding") {
        binding(kind, object)
    } else {
        rules(kind, object)
    }
}

fn rules(kind: &str, object: &Value) -> Errors {
    let mut errors = Vec::new();
    for (index, rule) in items(object, "rules").iter().enumerate() {
        let path = format!("rules[{index}]");
        if items(rule, "verbs").is_empty() {
            errors.push(FieldError::required(
                format!("{path}.verbs"),
                "verbs must contain at least one value",
            ));
        }
        let urls = items(rule, "nonResourceURLs");
        if !urls.is_empty() {
            if kind == "Role" {
                errors.push(FieldError::invalid(
                    format!("{path}.nonResourceURLs"),
                    &json!(urls),
                    "namespaced rules cannot apply to non-resource URLs",
                ));
            }
            continue;
        }
        if items(rule, "apiGroups").is_empty() {
            errors.push(FieldError::required(
                format!("{path}.apiGroups"),
                "resource rules must supply at least one api group",
            ));
        }
        if items(rule, "resources").is_empty() {
            errors.push(FieldError::required(
                format!("{path}.resources"),
                "resource rules must supply at least one resource",
            ));
        }
    }
    errors
}

fn binding(kind: &str, object: &Value) -> Errors {
    const GROUP: &str = "rbac.authorization.k8s.io";
    let mut errors = Vec::new();
    let group = text(object, "roleRef.apiGroup");
    if group != GROUP {
        errors.push(FieldError::not_supported(
            "roleRef.apiGroup",
            &json!(group),
            &[GROUP],
        ));
    }
    let role = text(object, "roleRef.kind");
    let allowed: &[&str] = if kind == "RoleBinding" {
        &["Role", "ClusterRole"]
    } else {
        &["ClusterRole"]
    };
    if !allowed.contains(&role) {
        errors.push(FieldError::not_supported(
            "roleRef.kind",
            &json!(role),
            allowed,
        ));
    }
    if text(object, "roleRef.name").is_empty() {
        errors.push(FieldError::required("roleRef.name", ""));
    }
    for (index, subject) in items(object, "subjects").iter().enumerate() {
        let path = format!("subjects[{index}]");
        if text(subject, "name").is_empty() {
            errors.push(FieldError::required(format!("{path}.name"), ""));
        }
        match text(subject, "kind") {
            "ServiceAccount"
                if kind == "ClusterRoleBinding" && text(subject, "namespace").is_empty() =>
            {
                errors.push(FieldError::required(format!("{path}.namespace"), ""));
            }
            "ServiceAccount" | "User" | "Group" => {}
            other => errors.push(FieldError::not_supported(
                format!("{path}.kind"),
                &json!(other),
                &["ServiceAccount", "User", "Group"],
            )),
        }
    }
    errors
}
