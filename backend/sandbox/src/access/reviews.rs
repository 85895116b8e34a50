//! Reviews: questions about rights and identity, answered and never stored.

use serde_json::{Value, json};

use super::rbac::{self, Wish};
use super::users::{MASTERS, User};
use crate::resources::Resource;
use crate::status::{Answer, Failure, FieldError};
use crate::store::Store;
use crate::value::{at, items, set, text};
use crate::world::World;

/// Answers a review of this kind.
pub(crate) fn answer(
    world: &World,
    store: &Store,
    resource: &Resource,
    user: &User,
    mut review: Value,
) -> Answer<Value> {
    set(&mut review, "apiVersion", resource.api_version());
    set(&mut review, "kind", resource.kind.as_str());
    crate::value::set_default(&mut review, "metadata", json!({"creationTimestamp": null}));
    let status = match resource.kind.as_str() {
        "SelfSubjectReview" => {
            set(&mut review, "metadata.creationTimestamp", world.now());
            json!({"userInfo": info(user)})
        }
        "SelfSubjectAccessReview" => access(store, user, &review, resource)?,
        "SubjectAccessReview" | "LocalSubjectAccessReview" => {
            let subject = User {
                name: text(&review, "spec.user").to_owned(),
                groups: items(&review, "spec.groups")
                    .iter()
                    .filter_map(|it| it.as_str().map(str::to_owned))
                    .collect(),
                ..User::default()
            };
            access(store, &subject, &review, resource)?
        }
        "SelfSubjectRulesReview" => rules(store, user, text(&review, "spec.namespace")),
        "TokenReview" => match world.users.of(text(&review, "spec.token")) {
            Some(user) => json!({"authenticated": true, "user": info(&user)}),
            None => json!({"user": {}, "error": "invalid bearer token"}),
        },
        _ => json!({}),
    };
    set(&mut review, "status", status);
    Ok(review)
}

fn info(user: &User) -> Value {
    let mut info = json!({"username": user.name, "groups": user.groups});
    if !user.uid.is_empty() {
        info["uid"] = user.uid.as_str().into();
    }
    if !user.extra.is_empty() {
        info["extra"] = json!(user.extra);
    }
    info
}

fn access(store: &Store, user: &User, review: &Value, resource: &Resource) -> Answer<Value> {
    let resource_attributes = at(review, "spec.resourceAttributes");
    let path_attributes = at(review, "spec.nonResourceAttributes");
    let wish = match (resource_attributes, path_attributes) {
        (Some(it), None) => Wish {
            verb: text(it, "verb"),
            group: text(it, "group"),
            plural: text(it, "resource"),
            subresource: text(it, "subresource"),
            name: text(it, "name"),
            namespace: text(it, "namespace"),
            path: "",
        },
        (None, Some(it)) => Wish {
            verb: text(it, "verb"),
            path: text(it, "path"),
            ..Wish::default()
        },
        (Some(_), Some(other)) => {
            let error = FieldError::invalid(
                "spec.nonResourceAttributes",
                other,
                "cannot be specified in combination with resourceAttributes",
            );
            return Err(Failure::invalid(
                &resource.group,
                &resource.kind,
                "",
                &[error],
            ));
        }
        (None, None) => {
            let error = FieldError::invalid(
                "spec.resourceAttributes",
                &Value::Null,
                "exactly one of nonResourceAttributes or resourceAttributes must be specified",
            );
            return Err(Failure::invalid(
                &resource.group,
                &resource.kind,
                "",
                &[error],
            ));
        }
    };
    let mut status = json!({"allowed": rbac::is_allowed(store, user, &wish)});
    if status["allowed"] == true {
        status["reason"] = if user.is_in(MASTERS) {
            json!("")
        } else {
            json!("RBAC: allowed")
        };
    }
    Ok(status)
}

fn rules(store: &Store, user: &User, namespace: &str) -> Value {
    let mut all = rbac::rules(store, user, namespace);
    if user.is_in(MASTERS) {
        all.push(json!({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}));
        all.push(json!({"verbs": ["*"], "nonResourceURLs": ["*"]}));
    }
    let (paths, resources): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|rule| rule.get("nonResourceURLs").is_some());
    json!({"resourceRules": resources, "nonResourceRules": paths, "incomplete": false})
}
