//! What happens between reading an object and storing it: namespaces, accounts, addresses.

mod accounts;
mod addresses;
mod pods;

use serde_json::{Value, json};

use crate::resources::Resource;
use crate::status::{Answer, Failure, FieldError};
use crate::store::Store;
use crate::value::{at, is_terminating, items, name, set_default, text};
use crate::world::World;
use crate::write::Write;

/// Admits an object that is to be created.
pub(crate) fn create(write: &mut Write<'_>, object: &mut Value) -> Answer<()> {
    in_living_namespace(write.store, write.resource, write.namespace, name(object))?;
    match (write.resource.group.as_str(), write.resource.kind.as_str()) {
        ("", "Pod") => pods::create(write, object)?,
        ("", "PersistentVolumeClaim") => {
            default_class(write.store, object);
            protect(object, "kubernetes.io/pvc-protection");
        }
        ("", "PersistentVolume") => protect(object, "kubernetes.io/pv-protection"),
        ("rbac.authorization.k8s.io", _) => crate::access::escalation::check(write, None, object)?,
        ("networking.k8s.io", "Ingress") => default_ingress_class(write.store, object),
        ("", "Namespace") if name(object).is_empty() => {}
        _ => {}
    }
    Ok(())
}

/// Admits a change.
pub(crate) fn update(write: &mut Write<'_>, live: &Value, new: &mut Value) -> Answer<()> {
    if write.resource.group == "rbac.authorization.k8s.io" {
        crate::access::escalation::check(write, Some(live), new)?;
    }
    Ok(())
}

/// Gives out what there is only once: addresses and ports.
pub(crate) fn allocate(
    world: &World,
    store: &Store,
    resource: &Resource,
    live: Option<&Value>,
    object: &mut Value,
) -> Vec<FieldError> {
    if resource.group.is_empty() && resource.kind == "Service" {
        return addresses::allocate(world, store, live, object);
    }
    Vec::new()
}

/// Refuses to create in a namespace that is not there or is going.
pub(crate) fn in_living_namespace(
    store: &Store,
    resource: &Resource,
    namespace: &str,
    name: &str,
) -> Answer<()> {
    if !resource.namespaced {
        return Ok(());
    }
    let Some(found) = store.get("namespaces", "", namespace) else {
        return Err(Failure::not_found("", "namespaces", namespace));
    };
    if !is_terminating(&found) {
        return Ok(());
    }
    let why = format!(
        "unable to create new content in namespace {namespace} because it is being terminated"
    );
    let mut failure = Failure::forbidden(&resource.group, &resource.plural, name, &why);
    if let Some(details) = &mut failure.details {
        details["causes"] = json!([{
            "reason": "NamespaceTerminating",
            "message": format!("namespace {namespace} is being terminated"),
            "field": "metadata.namespace",
        }]);
    }
    Err(failure)
}

fn protect(object: &mut Value, finalizer: &str) {
    let mut finalizers = items(object, "metadata.finalizers").to_vec();
    if !finalizers.iter().any(|it| it == finalizer) {
        finalizers.push(finalizer.into());
        crate::value::set(object, "metadata.finalizers", finalizers);
    }
}

fn default_class(store: &Store, claim: &mut Value) {
    if at(claim, "spec.storageClassName").is_some() {
        return;
    }
    let classes = store.list("storageclasses.storage.k8s.io", "");
    let default = classes.iter().find(|class| {
        let annotations = &class["metadata"]["annotations"];
        annotations["storageclass.kubernetes.io/is-default-class"] == "true"
    });
    if let Some(class) = default {
        set_default(claim, "spec.storageClassName", name(class));
    }
}

fn default_ingress_class(store: &Store, ingress: &mut Value) {
    let annotations = &ingress["metadata"]["annotations"];
    let named = !text(ingress, "spec.ingressClassName").is_empty()
        || annotations.get("kubernetes.io/ingress.class").is_some();
    if named {
        return;
    }
    let classes = store.list("ingressclasses.networking.k8s.io", "");
    let default = classes.iter().find(|class| {
        class["metadata"]["annotations"]["ingressclass.kubernetes.io/is-default-class"] == "true"
    });
    if let Some(class) = default {
        set_default(ingress, "spec.ingressClassName", name(class));
    }
}

pub(crate) use accounts::ensure as ensure_accounts;
