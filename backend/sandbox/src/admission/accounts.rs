//! What every namespace has from its beginning.

use serde_json::json;

use crate::store::Store;
use crate::world::World;

/// Makes the default service account and the root certificate of a namespace, where they are missing.
pub(crate) fn ensure(world: &World, store: &mut Store, namespace: &str) {
    let metadata = |name: &str| {
        json!({
            "name": name,
            "namespace": namespace,
            "uid": world.uid(),
            "creationTimestamp": world.now(),
        })
    };
    if store.get("serviceaccounts", namespace, "default").is_none() {
        store.put(
            "serviceaccounts",
            json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata("default")}),
        );
    }
    if store
        .get("configmaps", namespace, "kube-root-ca.crt")
        .is_none()
    {
        let mut metadata = metadata("kube-root-ca.crt");
        metadata["annotations"] = json!({
            "kubernetes.io/description": "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
        });
        store.put(
            "configmaps",
            json!({
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata,
                "data": {"ca.crt": world.ca},
            }),
        );
    }
}
