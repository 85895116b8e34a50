//! Where the official documentation of a definition, a kind or a field stands.

use crate::KubeRelease;

const SITE: &str = "https://kubernetes.io/docs";

/// The reference of a definition, such as `io.k8s.api.core.v1.Container`, in a release.
///
/// `None` for definitions that the official reference does not hold, such as custom ones.
pub fn definition_url(release: KubeRelease, definition: &str) -> Option<String> {
    let (package, kind) = definition.rsplit_once('.')?;
    let kind = kind.to_ascii_lowercase();
    let anchor = match package.strip_prefix("io.k8s.")? {
        "apimachinery.pkg.api.resource" => format!("{kind}-resource-core"),
        "apimachinery.pkg.util.intstr" => format!("{kind}-intstr-util"),
        "apimachinery.pkg.runtime" => format!("{kind}-runtime-pkg"),
        package => {
            let (rest, version) = package.rsplit_once('.')?;
            let group = group_of(rest.rsplit('.').next()?);
            format!("{kind}-{version}-{group}")
        }
    };
    Some(format!(
        "{SITE}/reference/generated/kubernetes-api/v{release}/#{anchor}"
    ))
}

/// The group as anchors write it, by the name of its package.
fn group_of(package: &str) -> String {
    match package {
        "core" | "apps" | "batch" | "autoscaling" | "policy" | "meta" => package.to_owned(),
        "rbac" => "rbac-authorization-k8s-io".to_owned(),
        "flowcontrol" => "flowcontrol-apiserver-k8s-io".to_owned(),
        "apiserverinternal" => "internal-apiserver-k8s-io".to_owned(),
        other => format!("{other}-k8s-io"),
    }
}

/// The guide to removed and deprecated APIs.
pub fn deprecation_guide_url() -> String {
    format!("{SITE}/reference/using-api/deprecation-guide/")
}

/// The page that explains a built-in kind: its group and name.
pub fn concept_url(group: &str, kind: &str) -> Option<String> {
    let page = match (group, kind) {
        ("", kind) => core_page(kind)?,
        ("apps" | "batch", kind) => workload_page(kind)?,
        ("autoscaling", "HorizontalPodAutoscaler") => {
            "concepts/workloads/autoscaling/horizontal-pod-autoscale"
        }
        ("networking.k8s.io", "Ingress") => "concepts/services-networking/ingress",
        ("networking.k8s.io", "NetworkPolicy") => "concepts/services-networking/network-policies",
        ("discovery.k8s.io", "EndpointSlice") => "concepts/services-networking/endpoint-slices",
        ("storage.k8s.io", "StorageClass") => "concepts/storage/storage-classes",
        ("coordination.k8s.io", "Lease") => "concepts/architecture/leases",
        ("policy", "PodDisruptionBudget") => "concepts/workloads/pods/disruptions",
        ("scheduling.k8s.io", "PriorityClass") => {
            "concepts/scheduling-eviction/pod-priority-preemption"
        }
        ("node.k8s.io", "RuntimeClass") => "concepts/containers/runtime-class",
        ("rbac.authorization.k8s.io", _) => "reference/access-authn-authz/rbac",
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            "concepts/extend-kubernetes/api-extension/custom-resources"
        }
        ("admissionregistration.k8s.io", kind) => admission_page(kind)?,
        _ => return None,
    };
    Some(format!("{SITE}/{page}/"))
}

fn core_page(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Pod" | "PodTemplate" => "concepts/workloads/pods",
        "ReplicationController" => "concepts/workloads/controllers/replicationcontroller",
        "Service" => "concepts/services-networking/service",
        "ConfigMap" => "concepts/configuration/configmap",
        "Secret" => "concepts/configuration/secret",
        "PersistentVolume" | "PersistentVolumeClaim" => "concepts/storage/persistent-volumes",
        "Namespace" => "concepts/overview/working-with-objects/namespaces",
        "Node" => "concepts/architecture/nodes",
        "ServiceAccount" => "concepts/security/service-accounts",
        "LimitRange" => "concepts/policy/limit-range",
        "ResourceQuota" => "concepts/policy/resource-quotas",
        _ => return None,
    })
}

fn workload_page(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Deployment" => "concepts/workloads/controllers/deployment",
        "ReplicaSet" => "concepts/workloads/controllers/replicaset",
        "StatefulSet" => "concepts/workloads/controllers/statefulset",
        "DaemonSet" => "concepts/workloads/controllers/daemonset",
        "Job" => "concepts/workloads/controllers/job",
        "CronJob" => "concepts/workloads/controllers/cron-jobs",
        _ => return None,
    })
}

fn admission_page(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration" => {
            "reference/access-authn-authz/extensible-admission-controllers"
        }
        "ValidatingAdmissionPolicy" | "ValidatingAdmissionPolicyBinding" => {
            "reference/access-authn-authz/validating-admission-policy"
        }
        _ => return None,
    })
}

/// The page that explains a field: the definition that it stands in, and its name.
pub fn field_concept_url(definition: &str, field: &str) -> Option<String> {
    let ty = definition.rsplit('.').next()?;
    if !definition.starts_with("io.k8s.") {
        return None;
    }
    let page = match (ty, field) {
        (_, "livenessProbe" | "readinessProbe" | "startupProbe") => {
            "concepts/workloads/pods/probes"
        }
        ("PodSpec", "initContainers") => "concepts/workloads/pods/init-containers",
        ("PodSpec", "ephemeralContainers") => "concepts/workloads/pods/ephemeral-containers",
        ("PodSpec", "topologySpreadConstraints") => {
            "concepts/scheduling-eviction/topology-spread-constraints"
        }
        ("PodSpec", "affinity" | "nodeSelector" | "nodeName") => {
            "concepts/scheduling-eviction/assign-pod-node"
        }
        ("PodSpec", "tolerations") | ("NodeSpec", "taints") => {
            "concepts/scheduling-eviction/taint-and-toleration"
        }
        ("PodSpec", "priorityClassName" | "preemptionPolicy") => {
            "concepts/scheduling-eviction/pod-priority-preemption"
        }
        ("PodSpec", "runtimeClassName") => "concepts/containers/runtime-class",
        ("PodSpec", "serviceAccountName") => "concepts/security/service-accounts",
        ("PodSpec", "restartPolicy" | "terminationGracePeriodSeconds") => {
            "concepts/workloads/pods/pod-lifecycle"
        }
        ("PodStatus", "qosClass") => "concepts/workloads/pods/pod-qos",
        ("PodSpec", "volumes") | (_, "volumeMounts") => "concepts/storage/volumes",
        ("Container" | "EphemeralContainer", "image" | "imagePullPolicy")
        | ("PodSpec", "imagePullSecrets") => "concepts/containers/images",
        // In an init container this field makes it a sidecar.
        ("Container", "restartPolicy") => "concepts/workloads/pods/sidecar-containers",
        ("ResourceRequirements", "requests" | "limits") | (_, "resources") => {
            "concepts/configuration/manage-resources-containers"
        }
        ("ObjectMeta", "labels") | (_, "matchLabels") => {
            "concepts/overview/working-with-objects/labels"
        }
        ("ObjectMeta", "annotations") => "concepts/overview/working-with-objects/annotations",
        ("ObjectMeta", "name" | "generateName" | "uid") => {
            "concepts/overview/working-with-objects/names"
        }
        ("ObjectMeta", "namespace") => "concepts/overview/working-with-objects/namespaces",
        ("EnvFromSource", "configMapRef") | ("EnvVarSource", "configMapKeyRef") => {
            "concepts/configuration/configmap"
        }
        ("EnvFromSource", "secretRef") | ("EnvVarSource", "secretKeyRef") => {
            "concepts/configuration/secret"
        }
        (_, "storageClassName") => "concepts/storage/storage-classes",
        _ => return None,
    };
    Some(format!("{SITE}/{page}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_link_into_the_reference_of_the_release() {
        let base = "https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.37/#";
        for (definition, anchor) in [
            ("api.core.v1.Container", "container-v1-core"),
            ("api.apps.v1.Deployment", "deployment-v1-apps"),
            ("api.networking.v1.Ingress", "ingress-v1-networking-k8s-io"),
            (
                "apimachinery.pkg.apis.meta.v1.ObjectMeta",
                "objectmeta-v1-meta",
            ),
            (
                "api.admissionregistration.v1.ValidatingWebhookConfiguration",
                "validatingwebhookconfiguration-v1-admissionregistration-k8s-io",
            ),
            ("api.rbac.v1.Role", "role-v1-rbac-authorization-k8s-io"),
            (
                "apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps",
                "jsonschemaprops-v1-apiextensions-k8s-io",
            ),
        ] {
            let url = definition_url(KubeRelease::V1_37, &format!("io.k8s.{definition}"));
            assert_eq!(url, Some(format!("{base}{anchor}")));
        }
    }

    #[test]
    fn the_release_is_the_one_looked_at() {
        let url = definition_url(KubeRelease::V1_33, "io.k8s.api.core.v1.Pod").unwrap();
        assert!(url.contains("/kubernetes-api/v1.33/#pod-v1-core"), "{url}");
    }

    #[test]
    fn custom_definitions_have_no_official_reference() {
        assert_eq!(
            definition_url(KubeRelease::V1_37, "com.example.v1.Widget"),
            None
        );
        assert_eq!(field_concept_url("com.example.v1.PodSpec", "volumes"), None);
    }

    #[test]
    fn kinds_link_to_the_page_that_explains_them() {
        check(
            concept_url("apps", "Deployment"),
            "concepts/workloads/controllers/deployment/",
        );
        check(concept_url("", "Secret"), "concepts/configuration/secret/");
        check(
            concept_url("rbac.authorization.k8s.io", "RoleBinding"),
            "reference/access-authn-authz/rbac/",
        );
        assert_eq!(concept_url("example.com", "Widget"), None);
    }

    #[test]
    fn fields_link_to_the_page_that_explains_them() {
        check(
            field_concept_url("io.k8s.api.core.v1.Container", "livenessProbe"),
            "concepts/workloads/pods/probes/",
        );
        check(
            field_concept_url("io.k8s.api.core.v1.PodSpec", "topologySpreadConstraints"),
            "concepts/scheduling-eviction/topology-spread-constraints/",
        );
        assert_eq!(
            field_concept_url("io.k8s.api.apps.v1.DeploymentSpec", "paused"),
            None
        );
    }

    #[track_caller]
    fn check(url: impl Into<Option<String>>, path: &str) {
        let url: Option<String> = url.into();
        assert_eq!(url, Some(format!("https://kubernetes.io/docs/{path}")));
    }
}
