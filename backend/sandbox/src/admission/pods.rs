//! What pods get on their way in: an account with its token, tolerations, a priority.

use serde_json::{Value, json};

use crate::status::{Answer, Failure};
use crate::value::{at, items, items_mut, name, set, set_default, text};
use crate::write::Write;

const TOKEN_FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

pub(super) fn create(write: &mut Write<'_>, pod: &mut Value) -> Answer<()> {
    priority(write, pod)?;
    account(write, pod)?;
    tolerations(pod);
    Ok(())
}

fn priority(write: &Write<'_>, pod: &mut Value) -> Answer<()> {
    let class = text(pod, "spec.priorityClassName").to_owned();
    let (value, policy) = if class.is_empty() {
        (json!(0), json!("PreemptLowerPriority"))
    } else {
        let found = write
            .store
            .get("priorityclasses.scheduling.k8s.io", "", &class);
        let Some(found) = found else {
            let why = format!("no PriorityClass with name {class} was found");
            return Err(Failure::forbidden("", "pods", name(pod), &why));
        };
        (found["value"].clone(), found["preemptionPolicy"].clone())
    };
    set_default(pod, "spec.priority", value);
    set_default(pod, "spec.preemptionPolicy", policy);
    Ok(())
}

fn account(write: &Write<'_>, pod: &mut Value) -> Answer<()> {
    let wanted = match text(pod, "spec.serviceAccountName") {
        "" => "default".to_owned(),
        given => given.to_owned(),
    };
    set(pod, "spec.serviceAccountName", wanted.as_str());
    set(pod, "spec.serviceAccount", wanted.as_str());
    let Some(account) = write.store.get("serviceaccounts", write.namespace, &wanted) else {
        let namespace = write.namespace;
        let why = format!(
            "error looking up service account {namespace}/{wanted}: serviceaccount {wanted:?} not found"
        );
        return Err(Failure::forbidden("", "pods", name(pod), &why));
    };
    if let Some(secrets) = account.get("imagePullSecrets") {
        set_default(pod, "spec.imagePullSecrets", secrets.clone());
    }
    let mounts = at(pod, "spec.automountServiceAccountToken")
        .or_else(|| account.get("automountServiceAccountToken"))
        .is_none_or(|it| *it == true);
    if mounts {
        mount_token(write, pod);
    }
    Ok(())
}

fn mount_token(write: &Write<'_>, pod: &mut Value) {
    let volume = format!("kube-api-access-{}", write.world.suffix(5));
    let mount = json!({"name": volume, "readOnly": true, "mountPath": TOKEN_FOLDER});
    let mut any = false;
    for list in ["spec.initContainers", "spec.containers"] {
        for container in items_mut(pod, list) {
            let mut mounts = items(container, "volumeMounts").to_vec();
            if mounts
                .iter()
                .all(|it| text(it, "mountPath") != TOKEN_FOLDER)
            {
                any = true;
                mounts.push(mount.clone());
                set(container, "volumeMounts", mounts);
            }
        }
    }
    if !any {
        return;
    }
    let mut volumes = items(pod, "spec.volumes").to_vec();
    volumes.push(json!({
        "name": volume,
        "projected": {
            "defaultMode": 420,
            "sources": [
                {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
                {"downwardAPI": {"items": [{
                    "path": "namespace",
                    "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
                }]}},
            ],
        },
    }));
    set(pod, "spec.volumes", volumes);
}

fn tolerations(pod: &mut Value) {
    let mut all = items(pod, "spec.tolerations").to_vec();
    for key in [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ] {
        let tolerated = all.iter().any(|it| {
            let effect = text(it, "effect");
            (text(it, "key") == key || text(it, "key").is_empty())
                && (effect.is_empty() || effect == "NoExecute")
        });
        if !tolerated {
            all.push(json!({
                "key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300,
            }));
        }
    }
    set(pod, "spec.tolerations", all);
}
