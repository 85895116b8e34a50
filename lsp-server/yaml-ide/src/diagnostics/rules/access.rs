//! Roles and bindings.

use super::{granted, place, refuse};
use crate::diagnostics::report::{Report, with_article};
use crate::formats::name;
use crate::object::Object;

const RBAC: &str = "https://kubernetes.io/docs/reference/access-authn-authz/rbac/";
const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn role(report: &mut Report<'_>, object: Object<'_>, kind: &str) {
    for rule in object.objects("rules") {
        if report.is_broken(rule.mapping().range()) {
            continue;
        }
        rule_of(report, rule, kind);
        granted::check(report, rule);
    }
}

fn rule_of(report: &mut Report<'_>, rule: Object<'_>, kind: &str) {
    let urls = !rule.items("nonResourceURLs").is_empty();
    if urls && kind == "Role" {
        let message = "`nonResourceURLs` belong to the cluster: write a ClusterRole";
        report
            .error(rule.key_range("nonResourceURLs"), "rbac-rule", message)
            .docs(RBAC.to_owned());
    }
    if urls && !rule.items("resources").is_empty() {
        let message = "a rule is for `resources` or for `nonResourceURLs`, not for both";
        report
            .error(rule.key_range("nonResourceURLs"), "rbac-rule", message)
            .docs(RBAC.to_owned());
    }
    if rule.items("verbs").is_empty() && rule.has("verbs") {
        let message = "a rule needs at least one verb";
        report
            .error(rule.key_range("verbs"), "rbac-rule", message)
            .docs(RBAC.to_owned());
    }
    if urls {
        return;
    }
    for (field, hint) in [("apiGroups", "; the core group is \"\""), ("resources", "")] {
        if rule.items(field).is_empty() {
            let range = if rule.has(field) {
                rule.key_range(field)
            } else {
                super::first_key(rule)
            };
            let message = format!("a rule needs `{field}`{hint}");
            report
                .error(range, "rbac-rule", message)
                .docs(RBAC.to_owned());
        }
    }
}

pub(super) fn binding(report: &mut Report<'_>, object: Object<'_>, kind: &str) {
    if let Some(reference) = object.object("roleRef") {
        role_reference(report, reference, kind);
    }
    for subject in object.objects("subjects") {
        self::subject(report, subject, kind);
    }
}

fn role_reference(report: &mut Report<'_>, reference: Object<'_>, kind: &str) {
    let role = reference.text("kind");
    let allowed: &[&str] = if kind == "RoleBinding" {
        &["Role", "ClusterRole"]
    } else {
        &["ClusterRole"]
    };
    if let Some(role) = role.filter(|role| !allowed.contains(&role.as_str())) {
        let message = format!(
            "a {kind} binds {}, not {}",
            super::choice(allowed, "or"),
            with_article(&role)
        );
        refuse(report, reference, "kind", "rbac-binding", message).docs(RBAC.to_owned());
    }
    api_group(report, reference);
}

fn api_group(report: &mut Report<'_>, reference: Object<'_>) {
    // An empty one is filled in by the server.
    let group = reference.text("apiGroup").filter(|group| !group.is_empty());
    if let Some(group) = group.filter(|group| group != GROUP) {
        let message = format!("`{group}` is not the group of roles: write {GROUP}");
        let range = place(reference, "apiGroup");
        report
            .error(range, "rbac-binding", message)
            .docs(RBAC.to_owned())
            .replace(format!("Change to `{GROUP}`"), range, GROUP);
    }
}

fn subject(report: &mut Report<'_>, subject: Object<'_>, kind: &str) {
    let Some(subject_kind) = subject.text("kind") else {
        return;
    };
    match subject_kind.as_str() {
        "ServiceAccount" => {
            let name = subject.get("name");
            let name = name.filter(|name| name.text().is_some_and(|text| !text.is_empty()));
            super::named(report, name, "invalid-name", name::subdomain);
            if subject
                .text("apiGroup")
                .is_some_and(|group| !group.is_empty())
            {
                let message = "a ServiceAccount is in the core group: leave `apiGroup` out";
                refuse(report, subject, "apiGroup", "rbac-binding", message).docs(RBAC.to_owned());
            }
            // In a RoleBinding it is that of the binding.
            let needs_namespace = kind == "ClusterRoleBinding" && !subject.says("namespace");
            if needs_namespace && !report.is_broken(subject.mapping().range()) {
                let message = format!("a ServiceAccount in a {kind} needs its `namespace`");
                refuse(report, subject, "kind", "rbac-binding", message).docs(RBAC.to_owned());
            }
        }
        "User" | "Group" => {
            api_group(report, subject);
            if subject.says("namespace") {
                let message = format!("a {subject_kind} has no `namespace`: it means nothing here");
                report
                    .warning(subject.key_range("namespace"), "rbac-binding", message)
                    .docs(RBAC.to_owned());
            }
        }
        other => {
            let message = format!("`{other}` cannot be bound; use ServiceAccount, User or Group");
            refuse(report, subject, "kind", "rbac-binding", message).docs(RBAC.to_owned());
        }
    }
}
