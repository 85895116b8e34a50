//! The releases of Kubernetes that are known, and which APIs each one deprecated or removed.

use crate::Gvk;
use std::fmt;
use std::sync::LazyLock;

/// A minor release of Kubernetes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    missing_docs,
    reason = "the names say all: the variant V1_36 is Kubernetes 1.36"
)]
pub enum KubeRelease {
    V1_33,
    V1_34,
    V1_35,
    V1_36,
    #[default]
    V1_37,
}

impl KubeRelease {
    /// All known releases, the oldest first.
    pub const ALL: [KubeRelease; 5] = [
        KubeRelease::V1_33,
        KubeRelease::V1_34,
        KubeRelease::V1_35,
        KubeRelease::V1_36,
        KubeRelease::V1_37,
    ];

    /// The newest known release.
    pub const NEWEST: KubeRelease = KubeRelease::V1_37;

    /// The minor number: 36 for 1.36.
    pub fn minor(self) -> u8 {
        self as u8 + 33
    }

    /// Reads `1.36`, `v1.36` or `v1.36.4+vendor`. `None` for a release that is not known.
    pub fn parse(text: &str) -> Option<KubeRelease> {
        let minor = parse_minor(text)?;
        KubeRelease::ALL
            .into_iter()
            .find(|release| release.minor() == minor)
    }

    /// The known release that is nearest to what a cluster says it is.
    pub fn nearest(text: &str) -> Option<KubeRelease> {
        let minor = parse_minor(text)?;
        KubeRelease::ALL
            .into_iter()
            .min_by_key(|release| release.minor().abs_diff(minor))
    }
}

fn parse_minor(text: &str) -> Option<u8> {
    let text = text.trim();
    let rest = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit());
    rest.get(..digits.unwrap_or(rest.len()))?.parse().ok()
}

/// Shows `1.36`.
impl fmt::Display for KubeRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor())
    }
}

/// What became of an API version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecation {
    /// The API group.
    pub group: &'static str,
    /// The version that is deprecated.
    pub version: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The minor release that deprecated it.
    pub deprecated: u8,
    /// The minor release that no longer serves it, where that is known.
    pub removed: Option<u8>,
    /// What to write instead: `apiVersion` and kind, where there is something.
    pub replacement: Option<(&'static str, &'static str)>,
}

impl Deprecation {
    /// Whether `release` no longer serves it.
    pub fn is_removed_in(&self, release: KubeRelease) -> bool {
        self.removed.is_some_and(|minor| release.minor() >= minor)
    }

    /// Whether `release` serves it with a warning, or no longer.
    pub fn is_deprecated_in(&self, release: KubeRelease) -> bool {
        release.minor() >= self.deprecated
    }
}

/// What became of a kind, if any release deprecated it.
pub fn deprecation(gvk: &Gvk) -> Option<&'static Deprecation> {
    deprecations()
        .iter()
        .find(|row| (row.group, row.version, row.kind) == (&*gvk.group, &*gvk.version, &*gvk.kind))
}

/// Every API version that some release deprecated or removed.
pub fn deprecations() -> &'static [Deprecation] {
    static ALL: LazyLock<Vec<Deprecation>> =
        LazyLock::new(|| TABLE.iter().flat_map(Row::expand).collect());
    &ALL
}

struct Row {
    from: (&'static str, &'static str),
    kinds: &'static [&'static str],
    deprecated: u8,
    removed: Option<u8>,
    to: &'static str,
    /// Empty where the kind keeps its name.
    to_kind: &'static str,
}

impl Row {
    fn expand(&self) -> impl Iterator<Item = Deprecation> {
        self.kinds.iter().map(|kind| Deprecation {
            group: self.from.0,
            version: self.from.1,
            kind,
            deprecated: self.deprecated,
            removed: self.removed,
            replacement: match (self.to, self.to_kind) {
                ("", _) => None,
                (to, "") => Some((to, *kind)),
                (to, other) => Some((to, other)),
            },
        })
    }
}

const fn row(
    from: (&'static str, &'static str),
    kinds: &'static [&'static str],
    (deprecated, removed): (u8, u8),
    to: &'static str,
) -> Row {
    Row {
        from,
        kinds,
        deprecated,
        removed: if removed == 0 { None } else { Some(removed) },
        to,
        to_kind: "",
    }
}

const ADMISSION: &str = "admissionregistration.k8s.io";
const FLOWCONTROL: &str = "flowcontrol.apiserver.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";
const RESOURCE_CLAIMS: &[&str] = &[
    "DeviceClass",
    "ResourceClaim",
    "ResourceClaimTemplate",
    "ResourceSlice",
];

/// From the deprecation guide of Kubernetes, and since 1.33 from what the releases serve. A beta
/// version is deprecated three releases after it came and removed after six; an alpha version is
/// listed as deprecated from the release on that serves what takes its place.
#[rustfmt::skip] // A table, to be read by row.
static TABLE: &[Row] = &[
    row(("extensions", "v1beta1"), &["DaemonSet", "Deployment", "ReplicaSet"], (9, 16), "apps/v1"),
    row(("extensions", "v1beta1"), &["NetworkPolicy"], (9, 16), "networking.k8s.io/v1"),
    row(("extensions", "v1beta1"), &["PodSecurityPolicy"], (10, 16), ""),
    row(("extensions", "v1beta1"), &["Ingress"], (14, 22), "networking.k8s.io/v1"),
    row(("apps", "v1beta1"), &["ControllerRevision", "Deployment", "StatefulSet"], (9, 16), "apps/v1"),
    row(("apps", "v1beta2"), &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], (9, 16), "apps/v1"),
    row(("scheduling.k8s.io", "v1alpha1"), &["PriorityClass"], (14, 17), "scheduling.k8s.io/v1"),
    row(("batch", "v2alpha1"), &["CronJob"], (8, 21), "batch/v1"),
    row((ADMISSION, "v1beta1"), &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"], (16, 22), "admissionregistration.k8s.io/v1"),
    row(("apiextensions.k8s.io", "v1beta1"), &["CustomResourceDefinition"], (16, 22), "apiextensions.k8s.io/v1"),
    row(("apiregistration.k8s.io", "v1beta1"), &["APIService"], (19, 22), "apiregistration.k8s.io/v1"),
    row(("authentication.k8s.io", "v1beta1"), &["TokenReview"], (19, 22), "authentication.k8s.io/v1"),
    row(("authorization.k8s.io", "v1beta1"), &["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"], (19, 22), "authorization.k8s.io/v1"),
    row(("certificates.k8s.io", "v1beta1"), &["CertificateSigningRequest"], (19, 22), "certificates.k8s.io/v1"),
    row(("coordination.k8s.io", "v1beta1"), &["Lease"], (19, 22), "coordination.k8s.io/v1"),
    row(("networking.k8s.io", "v1beta1"), &["Ingress", "IngressClass"], (19, 22), "networking.k8s.io/v1"),
    row((RBAC, "v1beta1"), &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"], (17, 22), "rbac.authorization.k8s.io/v1"),
    row((RBAC, "v1alpha1"), &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"], (17, 23), "rbac.authorization.k8s.io/v1"),
    row(("scheduling.k8s.io", "v1beta1"), &["PriorityClass"], (14, 22), "scheduling.k8s.io/v1"),
    row(("storage.k8s.io", "v1beta1"), &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"], (19, 22), "storage.k8s.io/v1"),
    row(("batch", "v1beta1"), &["CronJob"], (21, 25), "batch/v1"),
    row(("discovery.k8s.io", "v1beta1"), &["EndpointSlice"], (21, 25), "discovery.k8s.io/v1"),
    row(("events.k8s.io", "v1beta1"), &["Event"], (22, 25), "events.k8s.io/v1"),
    row(("autoscaling", "v2beta1"), &["HorizontalPodAutoscaler"], (22, 25), "autoscaling/v2"),
    row(("policy", "v1beta1"), &["PodDisruptionBudget"], (21, 25), "policy/v1"),
    row(("policy", "v1beta1"), &["Eviction"], (22, 25), "policy/v1"),
    row(("policy", "v1beta1"), &["PodSecurityPolicy"], (21, 25), ""),
    row(("node.k8s.io", "v1beta1"), &["RuntimeClass"], (22, 25), "node.k8s.io/v1"),
    row((FLOWCONTROL, "v1beta1"), &["FlowSchema", "PriorityLevelConfiguration"], (23, 26), "flowcontrol.apiserver.k8s.io/v1"),
    row(("autoscaling", "v2beta2"), &["HorizontalPodAutoscaler"], (23, 26), "autoscaling/v2"),
    row(("storage.k8s.io", "v1beta1"), &["CSIStorageCapacity"], (24, 27), "storage.k8s.io/v1"),
    row((FLOWCONTROL, "v1beta2"), &["FlowSchema", "PriorityLevelConfiguration"], (26, 29), "flowcontrol.apiserver.k8s.io/v1"),
    row((FLOWCONTROL, "v1beta3"), &["FlowSchema", "PriorityLevelConfiguration"], (29, 32), "flowcontrol.apiserver.k8s.io/v1"),
    row((ADMISSION, "v1beta1"), &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"], (31, 34), "admissionregistration.k8s.io/v1"),
    row(("resource.k8s.io", "v1alpha3"), RESOURCE_CLAIMS, (32, 34), "resource.k8s.io/v1"),
    row(("certificates.k8s.io", "v1alpha1"), &["PodCertificateRequest"], (35, 35), "certificates.k8s.io/v1beta1"),
    row(("storage.k8s.io", "v1alpha1"), &["VolumeAttributesClass"], (31, 35), "storage.k8s.io/v1"),
    row(("storagemigration.k8s.io", "v1alpha1"), &["StorageVersionMigration"], (35, 35), "storagemigration.k8s.io/v1beta1"),
    row(("scheduling.k8s.io", "v1alpha1"), &["Workload"], (36, 36), "scheduling.k8s.io/v1alpha2"),
    row(("scheduling.k8s.io", "v1alpha2"), &["PodGroup", "Workload"], (37, 37), "scheduling.k8s.io/v1beta1"),
    row(("certificates.k8s.io", "v1alpha1"), &["ClusterTrustBundle"], (33, 37), "certificates.k8s.io/v1beta1"),
    row(("networking.k8s.io", "v1beta1"), &["IPAddress", "ServiceCIDR"], (34, 37), "networking.k8s.io/v1"),
    row(("storage.k8s.io", "v1beta1"), &["VolumeAttributesClass"], (34, 37), "storage.k8s.io/v1"),
    row(("resource.k8s.io", "v1beta1"), RESOURCE_CLAIMS, (35, 38), "resource.k8s.io/v1"),
    row(("resource.k8s.io", "v1beta2"), RESOURCE_CLAIMS, (36, 39), "resource.k8s.io/v1"),
    row((ADMISSION, "v1alpha1"), &["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"], (36, 0), "admissionregistration.k8s.io/v1"),
    row((ADMISSION, "v1beta1"), &["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"], (37, 40), "admissionregistration.k8s.io/v1"),
    row(("", "v1"), &["ComponentStatus"], (19, 0), ""),
    Row { to_kind: "EndpointSlice", ..row(("", "v1"), &["Endpoints"], (33, 0), "discovery.k8s.io/v1") },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_as_clusters_print_them() {
        check("1.36", "1.36");
        check("v1.33.4+k3s1", "1.33");
        check("v1.37", "1.37");
        check("1.32", "nothing");
        check("1.36x", "1.36");
        check("2.0", "nothing");
        check("", "nothing");
    }

    #[test]
    fn an_unknown_cluster_gets_the_nearest_release() {
        assert_eq!(KubeRelease::nearest("v1.29.0"), Some(KubeRelease::V1_33));
        assert_eq!(KubeRelease::nearest("v1.41"), Some(KubeRelease::V1_37));
        assert_eq!(KubeRelease::nearest("latest"), None);
    }

    #[test]
    fn a_removed_version_names_what_to_write_instead() {
        let old = deprecation(&Gvk::new("batch", "v1beta1", "CronJob")).unwrap();
        assert!(old.is_removed_in(KubeRelease::V1_33));
        assert_eq!(old.replacement, Some(("batch/v1", "CronJob")));
    }

    #[test]
    fn another_kind_may_take_the_place() {
        let old = deprecation(&Gvk::new("", "v1", "Endpoints")).unwrap();
        assert!(!old.is_removed_in(KubeRelease::NEWEST));
        assert!(old.is_deprecated_in(KubeRelease::V1_33));
        assert_eq!(
            old.replacement,
            Some(("discovery.k8s.io/v1", "EndpointSlice"))
        );
    }

    #[test]
    fn current_versions_are_not_deprecated() {
        assert_eq!(deprecation(&Gvk::new("apps", "v1", "Deployment")), None);
    }

    #[test]
    fn no_version_is_listed_twice() {
        let mut all: Vec<_> = deprecations()
            .iter()
            .map(|row| (row.group, row.version, row.kind))
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown = KubeRelease::parse(text).map(|release| release.to_string());
        assert_eq!(shown.as_deref().unwrap_or("nothing"), expected);
    }
}
