//! Namespaces: what each has from its beginning, and their end.

use std::time::Duration;

use serde_json::json;

use super::Again;
use super::actor::Actor;
use crate::admission::ensure_accounts;
use crate::delete::{self, DeleteOptions};
use crate::value::{is_terminating, items, set};

pub(super) fn reconcile(actor: &mut Actor<'_>, name: &str) -> Again {
    let namespace = actor.get("namespaces", "", name)?;
    if !is_terminating(&namespace) {
        ensure_accounts(actor.world, actor.store, name);
        return None;
    }
    if delete_content(actor, name) {
        return Some(Duration::from_millis(50));
    }
    let mut namespace = (*namespace).clone();
    if items(&namespace, "metadata.finalizers").is_empty() {
        delete::remove(actor.world, actor.store, &namespace);
        return None;
    }
    set(&mut namespace, "spec.finalizers", json!([]));
    if namespace["spec"]["finalizers"] != json!([]) {
        actor.store.put("namespaces", namespace);
    }
    None
}

/// Deletes everything in the namespace. True while something is left.
fn delete_content(actor: &mut Actor<'_>, name: &str) -> bool {
    let mut left = false;
    for storage in actor.store.storages() {
        let Some(resource) = actor.world.catalog.stored(&storage) else {
            continue;
        };
        if !resource.namespaced {
            continue;
        }
        for object in actor.store.list(&storage, name) {
            left = true;
            if !is_terminating(&object) {
                let options = DeleteOptions::default();
                let key = (name, crate::value::name(&object));
                let _ = delete::delete(actor.world, actor.store, &resource, key, &options);
            }
        }
        left &= has_any(actor, name);
    }
    left
}

fn has_any(actor: &Actor<'_>, name: &str) -> bool {
    actor.store.storages().iter().any(|storage| {
        let namespaced = actor
            .world
            .catalog
            .stored(storage)
            .is_some_and(|it| it.namespaced);
        namespaced && !actor.store.list(storage, name).is_empty()
    })
}
