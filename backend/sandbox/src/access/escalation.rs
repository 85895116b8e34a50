//! Nobody may grant what they do not hold.

use serde_json::Value;

use super::rbac::{self, Wish};
use super::users::MASTERS;
use crate::status::{Answer, Failure};
use crate::value::{items, name, text};
use crate::write::Write;

/// Refuses a role or a binding that grants more than the writer holds.
pub(crate) fn check(write: &Write<'_>, live: Option<&Value>, object: &Value) -> Answer<()> {
    if write.user.is_in(MASTERS) {
        return Ok(());
    }
    let kind = write.resource.kind.as_str();
    let (verb, granted) = if kind.ends_with("Binding") {
        if live.is_some_and(|live| {
            live["roleRef"] == object["roleRef"] && live["subjects"] == object["subjects"]
        }) {
            return Ok(());
        }
        ("bind", role_rules(write, object))
    } else {
        if live.is_some_and(|live| live["rules"] == object["rules"]) {
            return Ok(());
        }
        ("escalate", items(object, "rules").to_vec())
    };
    let plural = match (verb, text(object, "roleRef.kind")) {
        ("bind", "Role") => "roles",
        ("bind", _) => "clusterroles",
        _ => &write.resource.plural,
    };
    let may = Wish {
        verb,
        group: &write.resource.group,
        plural,
        name: if verb == "bind" {
            text(object, "roleRef.name")
        } else {
            name(object)
        },
        namespace: write.namespace,
        ..Wish::default()
    };
    if rbac::is_allowed(write.store, write.user, &may) {
        return Ok(());
    }
    let held = rbac::rules(write.store, write.user, write.namespace);
    let missing: Vec<_> = granted
        .iter()
        .filter(|rule| !rbac::covers(&held, rule))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list: Vec<_> = missing.iter().map(|rule| describe(rule)).collect();
    let why = format!(
        "user {:?} (groups={}) is attempting to grant RBAC permissions not currently held:\n{}",
        write.user.name,
        serde_json::to_string(&write.user.groups)
            .unwrap_or_default()
            .replace(',', " "),
        list.join("\n")
    );
    let (group, plural) = write.group_plural();
    Err(Failure::forbidden(group, plural, name(object), &why))
}

fn role_rules(write: &Write<'_>, binding: &Value) -> Vec<Value> {
    let role = text(binding, "roleRef.name");
    let found = if text(binding, "roleRef.kind") == "Role" {
        write
            .store
            .get("roles.rbac.authorization.k8s.io", write.namespace, role)
    } else {
        write
            .store
            .get("clusterroles.rbac.authorization.k8s.io", "", role)
    };
    found
        .map(|role| items(&role, "rules").to_vec())
        .unwrap_or_default()
}

/// A rule as Go prints it, without its empty parts.
fn describe(rule: &Value) -> String {
    let parts: Vec<_> = [
        ("APIGroups", "apiGroups"),
        ("Resources", "resources"),
        ("ResourceNames", "resourceNames"),
        ("NonResourceURLs", "nonResourceURLs"),
        ("Verbs", "verbs"),
    ]
    .iter()
    .filter(|(_, field)| !items(rule, field).is_empty())
    .map(|(label, field)| {
        let values: Vec<_> = items(rule, field).iter().map(ToString::to_string).collect();
        format!("{label}:[{}]", values.join(" "))
    })
    .collect();
    format!("{{{}}}", parts.join(", "))
}
