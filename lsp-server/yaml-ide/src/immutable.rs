//! Fields that the API server sets once: an object must be deleted and created again to change
//! them. From the validation of updates in the API server.

/// How a field is compared with the one that is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    /// It must say the same, or nothing as before.
    Whole,
    /// A cluster, or a default, chooses a value where nothing is written.
    Written,
    /// What is written must be there; the cluster fills in the rest.
    Parts,
}

/// A field that cannot be changed: group, kind, the way to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixed {
    group: &'static str,
    kind: &'static str,
    /// The fields from the object down to it.
    pub(crate) way: &'static [&'static str],
    /// How it is compared.
    pub(crate) compare: Compare,
}

/// The fields of a kind that cannot be changed.
pub(crate) fn of(group: &str, kind: &str) -> impl Iterator<Item = &'static Fixed> {
    let rows = FIXED.iter();
    rows.filter(move |row| row.group == group && row.kind == kind)
}

/// Whether the field at the end of `way`, or one around it, cannot be changed.
pub(crate) fn covers(group: &str, kind: &str, way: &[&str]) -> bool {
    of(group, kind).any(|row| way.starts_with(row.way))
}

const fn row(
    group: &'static str,
    kind: &'static str,
    way: &'static [&'static str],
    compare: Compare,
) -> Fixed {
    Fixed {
        group,
        kind,
        way,
        compare,
    }
}

use Compare::{Parts, Whole, Written};

const RBAC: &str = "rbac.authorization.k8s.io";
const NETWORK: &str = "networking.k8s.io";
const STORAGE: &str = "storage.k8s.io";
const CRDS: &str = "apiextensions.k8s.io";

#[rustfmt::skip] // A table, to be read by row.
static FIXED: &[Fixed] = &[
    row("apps", "Deployment", &["spec", "selector"], Whole),
    row("apps", "ReplicaSet", &["spec", "selector"], Whole),
    row("apps", "DaemonSet", &["spec", "selector"], Whole),
    row("apps", "StatefulSet", &["spec", "selector"], Whole),
    row("apps", "StatefulSet", &["spec", "serviceName"], Whole),
    row("apps", "StatefulSet", &["spec", "podManagementPolicy"], Written),
    row("apps", "StatefulSet", &["spec", "volumeClaimTemplates"], Parts),
    row("batch", "Job", &["spec", "template"], Parts),
    row("batch", "Job", &["spec", "selector"], Written),
    row("batch", "Job", &["spec", "completionMode"], Written),
    row("batch", "Job", &["spec", "podFailurePolicy"], Parts),
    row("batch", "Job", &["spec", "successPolicy"], Parts),
    row("batch", "Job", &["spec", "backoffLimitPerIndex"], Whole),
    row("batch", "Job", &["spec", "managedBy"], Written),
    row("", "Service", &["spec", "clusterIP"], Written),
    row("", "Service", &["spec", "loadBalancerClass"], Written),
    row("", "PersistentVolumeClaim", &["spec", "accessModes"], Whole),
    row("", "PersistentVolumeClaim", &["spec", "selector"], Whole),
    row("", "PersistentVolumeClaim", &["spec", "storageClassName"], Written),
    row("", "PersistentVolumeClaim", &["spec", "volumeMode"], Written),
    row("", "PersistentVolumeClaim", &["spec", "volumeName"], Written),
    row("", "PersistentVolumeClaim", &["spec", "dataSource"], Written),
    row("", "PersistentVolumeClaim", &["spec", "dataSourceRef"], Written),
    row("", "PersistentVolume", &["spec", "csi"], Parts),
    row("", "PersistentVolume", &["spec", "hostPath"], Parts),
    row("", "PersistentVolume", &["spec", "local"], Parts),
    row("", "PersistentVolume", &["spec", "nfs"], Parts),
    row("", "PersistentVolume", &["spec", "volumeMode"], Written),
    row("", "Secret", &["type"], Written),
    row("", "ResourceQuota", &["spec", "scopes"], Whole),
    row(RBAC, "RoleBinding", &["roleRef"], Parts),
    row(RBAC, "ClusterRoleBinding", &["roleRef"], Parts),
    row(STORAGE, "StorageClass", &["provisioner"], Whole),
    row(STORAGE, "StorageClass", &["parameters"], Whole),
    row(STORAGE, "StorageClass", &["reclaimPolicy"], Written),
    row(STORAGE, "StorageClass", &["volumeBindingMode"], Written),
    row(STORAGE, "VolumeAttributesClass", &["driverName"], Whole),
    row(STORAGE, "VolumeAttributesClass", &["parameters"], Whole),
    row(STORAGE, "CSIDriver", &["spec", "attachRequired"], Written),
    row(STORAGE, "CSIDriver", &["spec", "volumeLifecycleModes"], Written),
    row(NETWORK, "IngressClass", &["spec", "controller"], Whole),
    row("scheduling.k8s.io", "PriorityClass", &["value"], Whole),
    row("scheduling.k8s.io", "PriorityClass", &["preemptionPolicy"], Written),
    row("node.k8s.io", "RuntimeClass", &["handler"], Whole),
    row("discovery.k8s.io", "EndpointSlice", &["addressType"], Whole),
    row("resource.k8s.io", "ResourceClaim", &["spec"], Parts),
    row("resource.k8s.io", "ResourceClaimTemplate", &["spec"], Parts),
    row("certificates.k8s.io", "CertificateSigningRequest", &["spec"], Parts),
    row(CRDS, "CustomResourceDefinition", &["spec", "group"], Whole),
    row(CRDS, "CustomResourceDefinition", &["spec", "scope"], Whole),
    row(CRDS, "CustomResourceDefinition", &["spec", "names", "plural"], Whole),
    row(CRDS, "CustomResourceDefinition", &["spec", "names", "kind"], Whole),
];
