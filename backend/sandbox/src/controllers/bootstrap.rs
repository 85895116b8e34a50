//! What a cluster has before anyone did anything.

use serde_json::{Value, json};

use super::node;
use crate::access;
use crate::admission::ensure_accounts;
use crate::crd;
use crate::world::World;

/// Makes what is missing, and serves the CRDs that are there.
pub(crate) fn bootstrap(world: &World) {
    let mut store = world.store();
    for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
        if store.get("namespaces", "", name).is_none() {
            let mut namespace = object(world, "v1", "Namespace", name);
            namespace["metadata"]["labels"] = json!({"kubernetes.io/metadata.name": name});
            namespace["spec"] = json!({"finalizers": ["kubernetes"]});
            namespace["status"] = json!({"phase": "Active"});
            store.put("namespaces", namespace);
        }
        ensure_accounts(world, &mut store, name);
    }
    if store.get("nodes", "", node::NAME).is_none() {
        store.put("nodes", node::object(world));
    }
    if store.get("services", "default", "kubernetes").is_none() {
        let mut service = object(world, "v1", "Service", "kubernetes");
        service["metadata"]["namespace"] = "default".into();
        service["metadata"]["labels"] = json!({"component": "apiserver", "provider": "kubernetes"});
        service["spec"] = json!({
            "type": "ClusterIP", "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"],
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack",
            "internalTrafficPolicy": "Cluster", "sessionAffinity": "None",
            "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": world.address.port()}],
        });
        service["status"] = json!({"loadBalancer": {}});
        store.put("services", service);
    }
    if store
        .get("storageclasses.storage.k8s.io", "", "standard")
        .is_none()
    {
        let mut class = object(world, "storage.k8s.io/v1", "StorageClass", "standard");
        class["metadata"]["annotations"] =
            json!({"storageclass.kubernetes.io/is-default-class": "true"});
        class["provisioner"] = "kun.dev/sandbox".into();
        class["reclaimPolicy"] = "Delete".into();
        class["volumeBindingMode"] = "Immediate".into();
        store.put("storageclasses.storage.k8s.io", class);
    }
    for (name, value) in [
        ("system-cluster-critical", 2_000_000_000_i64),
        ("system-node-critical", 2_000_001_000),
    ] {
        if store
            .get("priorityclasses.scheduling.k8s.io", "", name)
            .is_none()
        {
            let mut class = object(world, "scheduling.k8s.io/v1", "PriorityClass", name);
            class["value"] = value.into();
            class["preemptionPolicy"] = "PreemptLowerPriority".into();
            store.put("priorityclasses.scheduling.k8s.io", class);
        }
    }
    access::bootstrap(world, &mut store);
    for crd in store.list("customresourcedefinitions.apiextensions.k8s.io", "") {
        crd::refresh(world, &crd);
    }
}

fn object(world: &World, api_version: &str, kind: &str, name: &str) -> Value {
    json!({
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "uid": world.uid(), "creationTimestamp": world.now()},
    })
}
