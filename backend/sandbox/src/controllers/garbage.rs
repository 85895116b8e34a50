//! What becomes of objects whose owner goes.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::Again;
use super::actor::Actor;
use crate::delete::{FOREGROUND, ORPHAN};
use crate::value::{items, set, text, uid};

/// Looks at the dependents of the owner with this uid.
pub(super) fn reconcile(actor: &mut Actor<'_>, owner: &str) -> Again {
    let found = find(actor, owner);
    let dependents = dependents(actor, owner);
    let Some(found) = found else {
        for (storage, dependent) in dependents {
            release_or_delete(actor, &storage, &dependent, owner);
        }
        return None;
    };
    let finalizers = items(&found.1, "metadata.finalizers");
    let has = |wanted: &str| finalizers.iter().any(|it| it == wanted);
    if has(ORPHAN) {
        for (storage, dependent) in &dependents {
            orphan(actor, storage, dependent, owner);
        }
        drop_finalizer(actor, &found.0, &found.1, ORPHAN);
        return None;
    }
    if has(FOREGROUND) {
        let blocking = dependents
            .iter()
            .filter(|(_, it)| blocks(it, owner))
            .count();
        for (_, dependent) in dependents {
            if !crate::value::is_terminating(&dependent) {
                actor.delete(&dependent);
            }
        }
        if blocking == 0 {
            drop_finalizer(actor, &found.0, &found.1, FOREGROUND);
            return None;
        }
        return Some(Duration::from_millis(50));
    }
    None
}

type Found = (Arc<str>, Arc<Value>);

fn find(actor: &Actor<'_>, wanted: &str) -> Option<Found> {
    actor.store.storages().into_iter().find_map(|storage| {
        let all = actor.store.list(&storage, "");
        let found = all.into_iter().find(|it| uid(it) == wanted)?;
        Some((storage, found))
    })
}

fn dependents(actor: &Actor<'_>, owner: &str) -> Vec<Found> {
    let mut all = Vec::new();
    for storage in actor.store.storages() {
        for object in actor.store.list(&storage, "") {
            let depends = items(&object, "metadata.ownerReferences")
                .iter()
                .any(|it| text(it, "uid") == owner);
            if depends {
                all.push((Arc::clone(&storage), object));
            }
        }
    }
    all
}

fn blocks(dependent: &Value, owner: &str) -> bool {
    items(dependent, "metadata.ownerReferences")
        .iter()
        .any(|it| text(it, "uid") == owner && it["blockOwnerDeletion"] == true)
}

/// A dependent with another living owner stays.
fn release_or_delete(actor: &mut Actor<'_>, storage: &str, dependent: &Value, owner: &str) {
    let others = items(dependent, "metadata.ownerReferences")
        .iter()
        .filter(|it| text(it, "uid") != owner)
        .any(|it| find(actor, text(it, "uid")).is_some());
    if others {
        orphan(actor, storage, dependent, owner);
    } else {
        actor.delete(dependent);
    }
}

fn orphan(actor: &mut Actor<'_>, storage: &str, dependent: &Value, owner: &str) {
    let mut object = dependent.clone();
    let mut owners = items(&object, "metadata.ownerReferences").to_vec();
    owners.retain(|it| text(it, "uid") != owner);
    if owners.is_empty() {
        crate::value::remove(&mut object, "metadata.ownerReferences");
    } else {
        set(&mut object, "metadata.ownerReferences", owners);
    }
    actor.store.put(storage, object);
}

fn drop_finalizer(actor: &mut Actor<'_>, storage: &str, object: &Value, finalizer: &str) {
    let mut object = object.clone();
    let mut finalizers = items(&object, "metadata.finalizers").to_vec();
    finalizers.retain(|it| it != finalizer);
    if finalizers.is_empty() {
        crate::value::remove(&mut object, "metadata.finalizers");
    } else {
        set(&mut object, "metadata.finalizers", finalizers);
    }
    let stored = actor.store.put(storage, object);
    crate::lifecycle::after_write(actor.world, actor.store, &stored);
}
