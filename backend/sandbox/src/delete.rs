//! Deleting: preconditions, grace, finalizers, what becomes of dependents.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::convert;
use crate::resources::Resource;
use crate::status::{Answer, Failure, FieldError};
use crate::store::Store;
use crate::value::{int, is_terminating, items, name, namespace, set, text, uid};
use crate::world::{World, time};

/// The finalizers that say what becomes of dependents.
pub(crate) const FOREGROUND: &str = "foregroundDeletion";
pub(crate) const ORPHAN: &str = "orphan";

/// The options of a delete, from its body and its query.
#[derive(Debug, Clone, Default)]
pub(crate) struct DeleteOptions {
    pub(crate) dry_run: bool,
    pub(crate) grace_seconds: Option<i64>,
    pub(crate) propagation: String,
    pub(crate) uid: String,
    pub(crate) resource_version: String,
}

impl DeleteOptions {
    pub(crate) fn read(query: &crate::request::Query, body: Option<&Value>) -> Answer<Self> {
        let empty = json!({});
        let body = body.unwrap_or(&empty);
        let or_query = |field: &str| match text(body, field) {
            "" => query.get(field).to_owned(),
            given => given.to_owned(),
        };
        let options = Self {
            dry_run: items(body, "dryRun").iter().any(|it| it == "All")
                || query.get("dryRun") == "All",
            grace_seconds: int(body, "gracePeriodSeconds")
                .or_else(|| query.number("gracePeriodSeconds")),
            propagation: or_query("propagationPolicy"),
            uid: text(body, "preconditions.uid").to_owned(),
            resource_version: text(body, "preconditions.resourceVersion").to_owned(),
        };
        if !matches!(
            options.propagation.as_str(),
            "" | "Background" | "Foreground" | "Orphan"
        ) {
            let error = FieldError::not_supported(
                "propagationPolicy",
                &json!(options.propagation),
                &["Background", "Foreground", "Orphan"],
            );
            return Err(Failure::invalid(
                "meta.k8s.io",
                "DeleteOptions",
                "",
                &[error],
            ));
        }
        if options.grace_seconds.is_some_and(|it| it < 0) {
            let error = FieldError::invalid(
                "gracePeriodSeconds",
                &json!(options.grace_seconds),
                "must be greater than or equal to 0",
            );
            return Err(Failure::invalid(
                "meta.k8s.io",
                "DeleteOptions",
                "",
                &[error],
            ));
        }
        Ok(options)
    }
}

/// Deletes one object: the `Status` of its removal, or the object where that takes longer.
pub(crate) fn delete(
    world: &World,
    store: &mut Store,
    resource: &Resource,
    key: (&str, &str),
    options: &DeleteOptions,
) -> Answer<Value> {
    let (group, plural) = (&resource.group, &resource.plural);
    let live = store
        .get(&resource.storage(), key.0, key.1)
        .ok_or_else(|| Failure::not_found(group, plural, key.1))?;
    let version = text(&live, "metadata.resourceVersion");
    let broken = |what: &str, given: &str, found: &str| {
        Failure::conflict(
            group,
            plural,
            key.1,
            &format!(
                "the {what} in the precondition ({given}) does not match the {what} in record ({found}). The object might have been deleted and then recreated"
            ),
        )
    };
    if !options.uid.is_empty() && options.uid != uid(&live) {
        return Err(broken("UID", &options.uid, uid(&live)));
    }
    if !options.resource_version.is_empty() && options.resource_version != version {
        return Err(broken(
            "ResourceVersion",
            &options.resource_version,
            version,
        ));
    }
    if resource.kind == "Namespace" && ["default", "kube-system", "kube-public"].contains(&key.1) {
        return Err(Failure::forbidden(
            group,
            plural,
            key.1,
            "this namespace may not be deleted",
        ));
    }
    let mut object = (*live).clone();
    if !mark(resource, &mut object, options) {
        if !options.dry_run {
            remove(world, store, &object);
        }
        return Ok(success(resource, &live));
    }
    if options.dry_run || object == *live {
        return Ok(convert::to_version(&object, resource));
    }
    let stored = store.put(&resource.storage(), object);
    Ok(convert::to_version(&stored, resource))
}

/// Puts the marks of deletion into an object. False where nothing keeps it.
fn mark(resource: &Resource, object: &mut Value, options: &DeleteOptions) -> bool {
    let mut finalizers = items(object, "metadata.finalizers").to_vec();
    finalizers.retain(|it| options.propagation.is_empty() || (it != FOREGROUND && it != ORPHAN));
    match options.propagation.as_str() {
        "Foreground" => finalizers.push(FOREGROUND.into()),
        "Orphan" => finalizers.push(ORPHAN.into()),
        _ => {}
    }
    let grace = grace(resource, object, options);
    let kept = !finalizers.is_empty()
        || grace > 0
        || (resource.kind == "Namespace" && !items(object, "spec.finalizers").is_empty());
    if !kept {
        return false;
    }
    let again = is_terminating(object);
    let sooner = int(object, "metadata.deletionGracePeriodSeconds").is_none_or(|it| grace < it);
    if !again || sooner {
        let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(grace);
        set(object, "metadata.deletionTimestamp", time(at));
        set(object, "metadata.deletionGracePeriodSeconds", grace);
    }
    if !again && let Some(generation) = int(object, "metadata.generation") {
        set(object, "metadata.generation", generation + 1);
    }
    if finalizers.is_empty() {
        crate::value::remove(object, "metadata.finalizers");
    } else {
        set(object, "metadata.finalizers", finalizers);
    }
    if resource.kind == "Namespace" {
        set(object, "status.phase", "Terminating");
        crate::value::remove(object, "metadata.deletionGracePeriodSeconds");
    }
    true
}

/// Only pods are given time to end.
fn grace(resource: &Resource, object: &Value, options: &DeleteOptions) -> i64 {
    if resource.kind != "Pod" || !resource.group.is_empty() {
        return 0;
    }
    let over = matches!(text(object, "status.phase"), "Succeeded" | "Failed");
    if text(object, "spec.nodeName").is_empty() || over {
        return 0;
    }
    options
        .grace_seconds
        .or_else(|| int(object, "spec.terminationGracePeriodSeconds"))
        .unwrap_or(30)
}

fn success(resource: &Resource, object: &Value) -> Value {
    let mut details = json!({
        "name": name(object),
        "kind": resource.plural,
        "uid": uid(object),
    });
    if !resource.group.is_empty() {
        details["group"] = resource.group.as_str().into();
    }
    json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
        "details": details,
    })
}

/// Takes an object out of the store, with what the server itself hangs on it.
pub(crate) fn remove(world: &World, store: &mut Store, object: &Value) {
    let Some(resource) = world
        .catalog
        .kind(text(object, "apiVersion"), text(object, "kind"))
    else {
        return;
    };
    store.delete(&resource.storage(), namespace(object), name(object));
    if resource.kind == "CustomResourceDefinition" {
        world.catalog.set_custom(name(object), Vec::new());
    }
}

/// Deletes all of `objects`, and returns them as they were.
pub(crate) fn delete_all(
    world: &World,
    store: &mut Store,
    resource: &Resource,
    objects: Vec<Arc<Value>>,
    options: &DeleteOptions,
) -> Answer<Vec<Value>> {
    let mut gone = Vec::new();
    for object in objects {
        match delete(
            world,
            store,
            resource,
            (namespace(&object), name(&object)),
            options,
        ) {
            Ok(_) => gone.push(convert::to_version(&object, resource)),
            Err(failure) if failure.code == 404 => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(gone)
}
