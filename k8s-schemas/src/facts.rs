//! What the published schemas leave out and every API server knows: allowed values, defaults, and
//! how lists and maps merge. Also the short names and categories that `kubectl` takes.
//!
//! The tables are what an API server of Kubernetes 1.36 tells of its built-in types. They are
//! applied when the pool is built, so that a built-in type looks like one read from a cluster.

use crate::fact_table::FACTS;
use serde_json::{Map, Value, json};

/// Something true of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    /// The values that are allowed; of a list, for its items.
    Enum(&'static [&'static str]),
    /// What the server fills in, as JSON.
    Default(&'static str),
    /// Items are known by these fields, and merged one by one.
    ListMap(&'static [&'static str]),
    /// Items are values, each once, and merged one by one.
    ListSet,
    /// The list is replaced as a whole.
    ListAtomic,
    /// The mapping is replaced as a whole.
    AtomicMap,
    /// The mapping is merged field by field, though its type is replaced as a whole elsewhere.
    GranularMap,
}

/// Writes what is known of a definition into its schema.
///
/// A type of a beta version has the facts of its stable one: they are the same Go constants.
pub(crate) fn apply(definition: &str, schema: &mut Value) {
    let name = definition.strip_prefix("io.k8s.").unwrap_or(definition);
    if let (true, Value::Object(schema)) = (ATOMIC_TYPES.contains(&name), &mut *schema) {
        schema.insert("x-kubernetes-map-type".to_owned(), "atomic".into());
    }
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    for (field, fact) in facts_of(definition) {
        if let Some(Value::Object(property)) = properties.get_mut(*field) {
            write(*fact, property);
        }
    }
}

fn facts_of(definition: &str) -> &'static [(&'static str, Fact)] {
    let same_type = |name: &str| {
        let known = definition.strip_prefix("io.k8s.").unwrap_or(definition);
        name == known || without_version(name) == without_version(known)
    };
    let table = FACTS.iter().find(|(name, _)| same_type(name));
    table.map_or(&[], |(_, facts)| facts)
}

/// `api.resource.v1beta1.DeviceTaint` → (`api.resource`, `DeviceTaint`).
fn without_version(name: &str) -> Option<(&str, &str)> {
    let (rest, kind) = name.rsplit_once('.')?;
    Some((rest.rsplit_once('.')?.0, kind))
}

fn write(fact: Fact, property: &mut Map<String, Value>) {
    let property = match (fact, property.contains_key("items")) {
        (Fact::Enum(_), true) => property.get_mut("items").and_then(Value::as_object_mut),
        _ => Some(property),
    };
    let Some(property) = property else { return };
    if fact == Fact::ListAtomic {
        property.remove("x-kubernetes-list-map-keys");
    }
    let mut insert = |key: &str, value| property.insert(key.to_owned(), value);
    match fact {
        Fact::Enum(values) => insert("enum", json!(values)),
        // A text that is not JSON would be a mistake in the table, which a test looks for.
        Fact::Default(text) => insert("default", serde_json::from_str(text).unwrap_or_default()),
        Fact::ListMap(keys) => {
            insert("x-kubernetes-list-map-keys", json!(keys));
            insert("x-kubernetes-list-type", "map".into())
        }
        Fact::ListSet => insert("x-kubernetes-list-type", "set".into()),
        Fact::ListAtomic => insert("x-kubernetes-list-type", "atomic".into()),
        Fact::AtomicMap => insert("x-kubernetes-map-type", "atomic".into()),
        Fact::GranularMap => insert("x-kubernetes-map-type", "granular".into()),
    };
}

/// Definitions in which `name` is called required in error: an empty name is allowed.
const OPTIONAL_NAME: &[&str] = &[
    "io.k8s.api.core.v1.ConfigMapEnvSource",
    "io.k8s.api.core.v1.ConfigMapKeySelector",
    "io.k8s.api.core.v1.ConfigMapProjection",
    "io.k8s.api.core.v1.ConfigMapVolumeSource",
    "io.k8s.api.core.v1.LocalObjectReference",
    "io.k8s.api.core.v1.SecretEnvSource",
    "io.k8s.api.core.v1.SecretKeySelector",
    "io.k8s.api.core.v1.SecretProjection",
];

/// Definitions, and the release since which an object without `metadata` is refused.
const REQUIRED_METADATA: &[(&str, u8)] = &[
    ("io.k8s.api.apiserverinternal.v1alpha1.StorageVersion", 36),
    ("io.k8s.api.core.v1.Event", 0),
    ("io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequest", 36),
];

/// Fields that are required, though the package calls them optional.
const REQUIRED: &[(&str, &str)] = &[("io.k8s.api.events.v1.Event", "eventTime")];

/// The fields of a definition that a release requires, given those that the package does.
pub(crate) fn required(definition: &str, minor: u8, is_kind: bool, names: &mut Vec<String>) {
    let keeps = |(name, since): &(&str, u8)| *name == definition && minor >= *since;
    names.retain(|name| match name.as_str() {
        "metadata" => !is_kind || REQUIRED_METADATA.iter().any(keeps),
        "name" => !OPTIONAL_NAME.contains(&definition),
        _ => true,
    });
    let more = REQUIRED.iter().filter(|(name, _)| *name == definition);
    names.extend(more.map(|(_, field)| (*field).to_owned()));
}

/// Kinds that `kubectl scale` knows.
const SCALABLE: &[(&str, &str)] = &[
    ("", "ReplicationController"),
    ("apps", "Deployment"),
    ("apps", "ReplicaSet"),
    ("apps", "StatefulSet"),
];

/// Groups whose kinds are questions: the answer stands in `status`, which nobody else writes.
const QUESTIONS: &[&str] = &["authentication.k8s.io", "authorization.k8s.io"];

/// Whether the kind has the subresource `scale`.
pub(crate) fn has_scale(group: &str, kind: &str) -> bool {
    SCALABLE.contains(&(group, kind))
}

/// Whether the `status` of the kind, if it has one, is a subresource.
pub(crate) fn has_status(group: &str, kind: &str) -> bool {
    !QUESTIONS.contains(&group) && (group, kind) != ("autoscaling", "Scale")
}

/// Short names of a kind.
pub(crate) fn short_names(group: &str, kind: &str) -> &'static [&'static str] {
    let row = SHORT_NAMES
        .iter()
        .find(|(own, name, _)| (*own, *name) == (group, kind));
    row.map_or(&[], |(_, _, names)| names)
}

/// Categories of a kind.
pub(crate) fn categories(group: &str, kind: &str) -> &'static [&'static str] {
    match (group, kind) {
        ("", "Pod" | "ReplicationController" | "Service")
        | ("apps", "DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet")
        | ("autoscaling", "HorizontalPodAutoscaler")
        | ("batch", "CronJob" | "Job") => &["all"],
        (
            "admissionregistration.k8s.io",
            "MutatingAdmissionPolicy"
            | "MutatingAdmissionPolicyBinding"
            | "MutatingWebhookConfiguration"
            | "ValidatingAdmissionPolicy"
            | "ValidatingAdmissionPolicyBinding"
            | "ValidatingWebhookConfiguration",
        )
        | ("apiextensions.k8s.io", "CustomResourceDefinition")
        | ("apiregistration.k8s.io", "APIService") => &["api-extensions"],
        _ => &[],
    }
}

type ShortNames = (&'static str, &'static str, &'static [&'static str]);

const SHORT_NAMES: &[ShortNames] = &[
    ("", "ComponentStatus", &["cs"]),
    ("", "ConfigMap", &["cm"]),
    ("", "Endpoints", &["ep"]),
    ("", "Event", &["ev"]),
    ("", "LimitRange", &["limits"]),
    ("", "Namespace", &["ns"]),
    ("", "Node", &["no"]),
    ("", "PersistentVolume", &["pv"]),
    ("", "PersistentVolumeClaim", &["pvc"]),
    ("", "Pod", &["po"]),
    ("", "ReplicationController", &["rc"]),
    ("", "ResourceQuota", &["quota"]),
    ("", "Service", &["svc"]),
    ("", "ServiceAccount", &["sa"]),
    (
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
        &["crd", "crds"],
    ),
    ("apps", "DaemonSet", &["ds"]),
    ("apps", "Deployment", &["deploy"]),
    ("apps", "ReplicaSet", &["rs"]),
    ("apps", "StatefulSet", &["sts"]),
    ("autoscaling", "HorizontalPodAutoscaler", &["hpa"]),
    ("batch", "CronJob", &["cj"]),
    ("certificates.k8s.io", "CertificateSigningRequest", &["csr"]),
    ("events.k8s.io", "Event", &["ev"]),
    ("networking.k8s.io", "Ingress", &["ing"]),
    ("networking.k8s.io", "IPAddress", &["ip"]),
    ("networking.k8s.io", "NetworkPolicy", &["netpol"]),
    ("policy", "PodDisruptionBudget", &["pdb"]),
    ("scheduling.k8s.io", "PriorityClass", &["pc"]),
    ("storage.k8s.io", "StorageClass", &["sc"]),
    ("storage.k8s.io", "VolumeAttributesClass", &["vac"]),
];

/// Objects that are replaced as a whole, wherever they stand; without `io.k8s.`.
const ATOMIC_TYPES: &[&str] = &[
    "api.admissionregistration.v1.MatchResources",
    "api.admissionregistration.v1.NamedRuleWithOperations",
    "api.admissionregistration.v1.ParamKind",
    "api.admissionregistration.v1.ParamRef",
    "api.admissionregistration.v1.Variable",
    "api.admissionregistration.v1alpha1.MatchResources",
    "api.admissionregistration.v1alpha1.NamedRuleWithOperations",
    "api.admissionregistration.v1alpha1.ParamKind",
    "api.admissionregistration.v1alpha1.ParamRef",
    "api.admissionregistration.v1beta1.MatchResources",
    "api.admissionregistration.v1beta1.NamedRuleWithOperations",
    "api.admissionregistration.v1beta1.ParamKind",
    "api.admissionregistration.v1beta1.ParamRef",
    "api.admissionregistration.v1beta1.Variable",
    "api.autoscaling.v1.CrossVersionObjectReference",
    "api.core.v1.ConfigMapKeySelector",
    "api.core.v1.EndpointAddress",
    "api.core.v1.EndpointPort",
    "api.core.v1.EvictionResponder",
    "api.core.v1.FileKeySelector",
    "api.core.v1.LocalObjectReference",
    "api.core.v1.NodeSelector",
    "api.core.v1.NodeSelectorTerm",
    "api.core.v1.ObjectFieldSelector",
    "api.core.v1.ObjectReference",
    "api.core.v1.ResourceFieldSelector",
    "api.core.v1.ScopeSelector",
    "api.core.v1.SecretKeySelector",
    "api.core.v1.SecretReference",
    "api.core.v1.TopologySelectorTerm",
    "api.core.v1.TypedLocalObjectReference",
    "api.discovery.v1.EndpointPort",
    "api.lifecycle.v1alpha1.Requester",
    "api.lifecycle.v1alpha1.TargetResponder",
    "api.networking.v1.ServiceBackendPort",
    "api.rbac.v1.RoleRef",
    "api.rbac.v1.Subject",
    "apimachinery.pkg.apis.meta.v1.LabelSelector",
    "apimachinery.pkg.apis.meta.v1.OwnerReference",
];
