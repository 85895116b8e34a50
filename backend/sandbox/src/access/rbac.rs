//! Role-based access control: what the roles that are bound to a user allow.

use serde_json::{Value, json};

use super::users::{MASTERS, User};
use crate::request::Target;
use crate::status::{Answer, Failure};
use crate::store::Store;
use crate::value::{items, namespace, text};

/// Something a user wants to do.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wish<'a> {
    pub(crate) verb: &'a str,
    pub(crate) group: &'a str,
    pub(crate) plural: &'a str,
    pub(crate) subresource: &'a str,
    pub(crate) name: &'a str,
    /// Empty for what belongs to no namespace, and for all namespaces.
    pub(crate) namespace: &'a str,
    /// The path of what is no resource; then the fields above but `verb` are empty.
    pub(crate) path: &'a str,
}

impl<'a> Wish<'a> {
    pub(crate) fn of(target: &'a Target) -> Self {
        if !target.is_resource {
            return Self {
                verb: &target.verb,
                path: &target.path,
                ..Self::default()
            };
        }
        Self {
            verb: &target.verb,
            group: &target.group,
            plural: &target.plural,
            subresource: &target.subresource,
            name: &target.name,
            namespace: &target.namespace,
            path: "",
        }
    }

    fn resource(&self) -> String {
        if self.subresource.is_empty() {
            self.plural.to_owned()
        } else {
            format!("{}/{}", self.plural, self.subresource)
        }
    }
}

/// Lets the user do it, or says why not.
pub(crate) fn authorize(store: &Store, user: &User, wish: &Wish<'_>) -> Answer<()> {
    if is_allowed(store, user, wish) {
        return Ok(());
    }
    let User { name, .. } = user;
    let verb = wish.verb;
    if !wish.path.is_empty() || wish.plural.is_empty() {
        let why = format!("User {name:?} cannot {verb} path {:?}", wish.path);
        let mut failure = Failure::forbidden("", "", "", &why);
        failure.details = Some(json!({}));
        return Err(failure);
    }
    let resource = wish.resource();
    let group = wish.group;
    let place = if wish.namespace.is_empty() {
        "at the cluster scope".to_owned()
    } else {
        format!("in the namespace {:?}", wish.namespace)
    };
    let why =
        format!("User {name:?} cannot {verb} resource {resource:?} in API group {group:?} {place}");
    Err(Failure::forbidden(group, wish.plural, wish.name, &why))
}

/// Whether some role of the user allows it.
pub(crate) fn is_allowed(store: &Store, user: &User, wish: &Wish<'_>) -> bool {
    user.is_in(MASTERS)
        || rules(store, user, wish.namespace)
            .iter()
            .any(|rule| allows(rule, wish))
}

/// All rules that hold for a user in a namespace, or cluster-wide where none is named.
pub(crate) fn rules(store: &Store, user: &User, in_namespace: &str) -> Vec<Value> {
    const RBAC: &str = "rbac.authorization.k8s.io";
    let mut bindings = store.list(&format!("clusterrolebindings.{RBAC}"), "");
    if !in_namespace.is_empty() {
        bindings.extend(store.list(&format!("rolebindings.{RBAC}"), in_namespace));
    }
    let mut rules = Vec::new();
    for binding in bindings {
        let bound = items(&binding, "subjects")
            .iter()
            .any(|subject| names(subject, user, namespace(&binding)));
        if !bound {
            continue;
        }
        let role = text(&binding, "roleRef.name");
        let role = if text(&binding, "roleRef.kind") == "Role" {
            store.get(&format!("roles.{RBAC}"), namespace(&binding), role)
        } else {
            store.get(&format!("clusterroles.{RBAC}"), "", role)
        };
        if let Some(role) = role {
            rules.extend_from_slice(items(&role, "rules"));
        }
    }
    rules
}

fn names(subject: &Value, user: &User, binding_namespace: &str) -> bool {
    let name = text(subject, "name");
    match text(subject, "kind") {
        "User" => name == user.name,
        "Group" => user.is_in(name),
        "ServiceAccount" => {
            let namespace = match text(subject, "namespace") {
                "" => binding_namespace,
                given => given,
            };
            user.name == format!("system:serviceaccount:{namespace}:{name}")
        }
        _ => false,
    }
}

/// Whether one rule allows it.
pub(crate) fn allows(rule: &Value, wish: &Wish<'_>) -> bool {
    let has =
        |list: &str, wanted: &str| items(rule, list).iter().any(|it| it == "*" || it == wanted);
    if !has("verbs", wish.verb) {
        return false;
    }
    if wish.plural.is_empty() {
        return items(rule, "nonResourceURLs").iter().any(|it| {
            let pattern = it.as_str().unwrap_or_default();
            match pattern.strip_suffix('*') {
                Some(prefix) => wish.path.starts_with(prefix),
                None => wish.path == pattern,
            }
        });
    }
    let resource = wish.resource();
    let any_of = format!("*/{}", wish.subresource);
    let listed = items(rule, "resources")
        .iter()
        .any(|it| it == "*" || *it == resource || (!wish.subresource.is_empty() && *it == any_of));
    let named = items(rule, "resourceNames");
    has("apiGroups", wish.group)
        && listed
        && (named.is_empty() || (!wish.name.is_empty() && named.iter().any(|it| it == wish.name)))
}

/// Whether `rules` allow all that `wanted` allows.
pub(crate) fn covers(rules: &[Value], wanted: &Value) -> bool {
    atoms(wanted)
        .iter()
        .all(|atom| rules.iter().any(|rule| rule_covers(rule, atom)))
}

/// The rule split so that each part asks for one verb of one resource.
fn atoms(rule: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for verb in items(rule, "verbs") {
        for url in items(rule, "nonResourceURLs") {
            all.push(json!({"verbs": [verb], "nonResourceURLs": [url]}));
        }
        for group in items(rule, "apiGroups") {
            for resource in items(rule, "resources") {
                let names = items(rule, "resourceNames");
                if names.is_empty() {
                    all.push(
                        json!({"verbs": [verb], "apiGroups": [group], "resources": [resource]}),
                    );
                }
                for name in names {
                    all.push(json!({
                        "verbs": [verb], "apiGroups": [group], "resources": [resource],
                        "resourceNames": [name],
                    }));
                }
            }
        }
    }
    all
}

fn rule_covers(rule: &Value, atom: &Value) -> bool {
    let covered = |list: &str| {
        items(atom, list).iter().all(|wanted| {
            items(rule, list)
                .iter()
                .any(|it| it == "*" || it == wanted || stands_for(it, wanted))
        })
    };
    let names = items(rule, "resourceNames");
    let wanted_names = items(atom, "resourceNames");
    let names_covered = names.is_empty()
        || (!wanted_names.is_empty() && wanted_names.iter().all(|it| names.contains(it)));
    covered("verbs")
        && covered("apiGroups")
        && covered("resources")
        && covered("nonResourceURLs")
        && names_covered
}

/// Whether `pods/*`-like patterns cover a resource, or `/api/*` a path.
fn stands_for(pattern: &Value, wanted: &Value) -> bool {
    let (Some(pattern), Some(wanted)) = (pattern.as_str(), wanted.as_str()) else {
        return false;
    };
    if let Some(subresource) = pattern.strip_prefix("*/") {
        return wanted
            .split_once('/')
            .is_some_and(|(_, it)| it == subresource);
    }
    pattern
        .strip_suffix('*')
        .is_some_and(|prefix| prefix.starts_with('/') && wanted.starts_with(prefix))
}
