//! What a pod needs before its containers can be made.

use serde_json::Value;

use crate::controllers::actor::Actor;
use crate::value::{at, flag, items, namespace, text};

/// The first ConfigMap, Secret or claim that a volume names and that is not there or not bound.
pub(super) fn missing(actor: &Actor<'_>, pod: &Value) -> Option<String> {
    let space = namespace(pod);
    for volume in items(pod, "spec.volumes") {
        let name = text(volume, "name");
        for (field, key, storage, kind) in [
            ("configMap", "name", "configmaps", "configmap"),
            ("secret", "secretName", "secrets", "secret"),
        ] {
            let Some(source) = at(volume, field) else {
                continue;
            };
            let wanted = text(source, key);
            if !flag(source, "optional") && actor.get(storage, space, wanted).is_none() {
                return Some(format!(
                    "MountVolume.SetUp failed for volume {name:?} : {kind} {wanted:?} not found"
                ));
            }
        }
        let claim = text(volume, "persistentVolumeClaim.claimName");
        let unbound = |claim: &Value| text(claim, "status.phase") != "Bound";
        if !claim.is_empty()
            && actor
                .get("persistentvolumeclaims", space, claim)
                .is_none_or(|it| unbound(&it))
        {
            return Some(format!(
                "MountVolume.SetUp failed for volume {name:?} : persistentvolumeclaim {claim:?} is not bound"
            ));
        }
    }
    None
}

/// The first ConfigMap or Secret that the environment of a container names and that is not there.
pub(super) fn missing_variable(
    actor: &Actor<'_>,
    pod: &Value,
    container: &Value,
) -> Option<String> {
    let space = namespace(pod);
    let lookup = |source: &Value, storage: &str, kind: &str| {
        let name = text(source, "name");
        if flag(source, "optional") {
            return None;
        }
        let Some(found) = actor.get(storage, space, name) else {
            return Some(format!("{kind} {name:?} not found"));
        };
        let key = text(source, "key");
        let known = key.is_empty()
            || found["data"].get(key).is_some()
            || found["binaryData"].get(key).is_some();
        let title = if kind == "secret" {
            "Secret"
        } else {
            "ConfigMap"
        };
        (!known).then(|| format!("couldn't find key {key} in {title} {space}/{name}"))
    };
    for source in items(container, "envFrom") {
        let one = at(source, "configMapRef").and_then(|it| lookup(it, "configmaps", "configmap"));
        let two = at(source, "secretRef").and_then(|it| lookup(it, "secrets", "secret"));
        if let Some(missing) = one.or(two) {
            return Some(missing);
        }
    }
    for variable in items(container, "env") {
        let one = at(variable, "valueFrom.configMapKeyRef")
            .and_then(|it| lookup(it, "configmaps", "configmap"));
        let two =
            at(variable, "valueFrom.secretKeyRef").and_then(|it| lookup(it, "secrets", "secret"));
        if let Some(missing) = one.or(two) {
            return Some(missing);
        }
    }
    None
}
