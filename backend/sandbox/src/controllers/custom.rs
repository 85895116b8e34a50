//! CRDs: their names are accepted, and a moment later they are served.

use serde_json::{Value, json};

use super::Again;
use super::actor::Actor;
use crate::crd;
use crate::delete;
use crate::value::{at, is_terminating, items, set, text, uid};

const STORAGE: &str = "customresourcedefinitions.apiextensions.k8s.io";
const FINALIZER: &str = "customresourcecleanup.apiextensions.k8s.io";

pub(super) fn reconcile(actor: &mut Actor<'_>, name: &str) -> Again {
    let crd = actor.get(STORAGE, "", name)?;
    if is_terminating(&crd) {
        return clean_up(actor, &crd);
    }
    if crd::is_established(&crd) {
        return None;
    }
    if let Some(left) = actor
        .deadlines
        .left(actor.world, uid(&crd), "establish", 20, 50)
    {
        return Some(left);
    }
    let now = actor.world.now();
    let mut established = (*crd).clone();
    let names = at(&crd, "spec.names").cloned().unwrap_or_default();
    let stored: Vec<_> = items(&crd, "spec.versions")
        .iter()
        .filter(|it| it["storage"] == true)
        .map(|it| it["name"].clone())
        .collect();
    set(
        &mut established,
        "status",
        json!({
            "acceptedNames": names,
            "storedVersions": stored,
            "conditions": [
                {
                    "type": "NamesAccepted", "status": "True", "reason": "NoConflicts",
                    "message": "no conflicts found", "lastTransitionTime": now,
                },
                {
                    "type": "Established", "status": "True", "reason": "InitialNamesAccepted",
                    "message": "the initial names have been accepted", "lastTransitionTime": now,
                },
            ],
        }),
    );
    let mut finalizers = items(&crd, "metadata.finalizers").to_vec();
    if !finalizers.iter().any(|it| it == FINALIZER) {
        finalizers.push(FINALIZER.into());
    }
    set(&mut established, "metadata.finalizers", finalizers);
    crd::refresh(actor.world, &established);
    actor.store.put(STORAGE, established);
    None
}

/// Deletes all objects of a CRD that goes, then lets it go.
fn clean_up(actor: &mut Actor<'_>, crd: &Value) -> Again {
    let storage = crate::status::qualified(text(crd, "spec.group"), text(crd, "spec.names.plural"));
    for object in actor.store.list(&storage, "") {
        actor.delete(&object);
    }
    if !actor.store.list(&storage, "").is_empty() {
        return Some(std::time::Duration::from_millis(50));
    }
    let mut crd = crd.clone();
    let mut finalizers = items(&crd, "metadata.finalizers").to_vec();
    finalizers.retain(|it| it != FINALIZER);
    if finalizers.is_empty() {
        delete::remove(actor.world, actor.store, &crd);
    } else {
        set(&mut crd, "metadata.finalizers", finalizers);
        actor.store.put(STORAGE, crd);
    }
    None
}
