//! Claims: each gets a volume of its own.

use std::time::Duration;

use serde_json::{Value, json};

use super::actor::Actor;
use super::{Again, events};
use crate::value::{at, is_terminating, items, name, namespace, set, text, uid};

const PROTECTION: &str = "kubernetes.io/pvc-protection";

pub(super) fn reconcile(actor: &mut Actor<'_>, in_namespace: &str, of_name: &str) -> Again {
    let claim = actor.get("persistentvolumeclaims", in_namespace, of_name)?;
    if is_terminating(&claim) {
        return release(actor, &claim);
    }
    if text(&claim, "status.phase") == "Bound" {
        return None;
    }
    if let Some(left) = actor
        .deadlines
        .left(actor.world, uid(&claim), "bind", 50, 300)
    {
        return Some(left);
    }
    let class = text(&claim, "spec.storageClassName");
    let volume = text(&claim, "spec.volumeName").to_owned();
    if volume.is_empty()
        && actor
            .get("storageclasses.storage.k8s.io", "", class)
            .is_none()
    {
        let why = if class.is_empty() {
            "no persistent volumes available for this claim and no storage class is set".to_owned()
        } else {
            format!("storageclass.storage.k8s.io {class:?} not found")
        };
        let reason = if class.is_empty() {
            "FailedBinding"
        } else {
            "ProvisioningFailed"
        };
        events::record(actor, &claim, events::VOLUMES.warning(), reason, &why);
        return Some(Duration::from_secs(15));
    }
    bind(actor, &claim, &volume);
    None
}

fn bind(actor: &mut Actor<'_>, claim: &Value, volume: &str) {
    let provisioned = format!("pvc-{}", uid(claim));
    let volume = if volume.is_empty() {
        provisioned.as_str()
    } else {
        volume
    };
    let size = at(claim, "spec.resources.requests.storage")
        .cloned()
        .unwrap_or_default();
    let modes = at(claim, "spec.accessModes").cloned().unwrap_or_default();
    if actor.get("persistentvolumes", "", volume).is_none() {
        actor.store.put("persistentvolumes", json!({
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {
                "name": volume, "uid": actor.world.uid(), "creationTimestamp": actor.world.now(),
                "annotations": {"pv.kubernetes.io/provisioned-by": "kun.dev/sandbox"},
            },
            "spec": {
                "capacity": {"storage": size}, "accessModes": modes, "volumeMode": claim["spec"]["volumeMode"],
                "persistentVolumeReclaimPolicy": "Delete",
                "storageClassName": text(claim, "spec.storageClassName"),
                "hostPath": {"path": format!("/sandbox/{volume}"), "type": ""},
                "claimRef": {
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": name(claim),
                    "namespace": namespace(claim), "uid": uid(claim),
                },
            },
            "status": {"phase": "Bound"},
        }));
    }
    let mut bound = claim.clone();
    set(&mut bound, "spec.volumeName", volume);
    crate::lifecycle::put_all(
        &mut bound,
        "metadata.annotations",
        &[
            ("pv.kubernetes.io/bind-completed", "yes"),
            ("pv.kubernetes.io/bound-by-controller", "yes"),
        ],
    );
    set(
        &mut bound,
        "status",
        json!({"phase": "Bound", "accessModes": modes, "capacity": {"storage": size}}),
    );
    actor.store.put("persistentvolumeclaims", bound);
    let message = format!("Successfully provisioned volume {volume}");
    events::record(
        actor,
        claim,
        events::VOLUMES,
        "ProvisioningSucceeded",
        &message,
    );
}

/// A claim goes when no pod uses it any more, and its volume with it.
fn release(actor: &mut Actor<'_>, claim: &Value) -> Again {
    let used = actor
        .store
        .list("pods", namespace(claim))
        .iter()
        .any(|pod| {
            items(pod, "spec.volumes")
                .iter()
                .any(|it| text(it, "persistentVolumeClaim.claimName") == name(claim))
        });
    if used {
        return Some(Duration::from_millis(500));
    }
    let mut claim = claim.clone();
    let mut finalizers = items(&claim, "metadata.finalizers").to_vec();
    finalizers.retain(|it| it != PROTECTION);
    let volume = text(&claim, "spec.volumeName").to_owned();
    if finalizers.is_empty() {
        crate::delete::remove(actor.world, actor.store, &claim);
        actor.store.delete("persistentvolumes", "", &volume);
    } else if finalizers.len() < items(&claim, "metadata.finalizers").len() {
        set(&mut claim, "metadata.finalizers", finalizers);
        actor.store.put("persistentvolumeclaims", claim);
    }
    None
}
