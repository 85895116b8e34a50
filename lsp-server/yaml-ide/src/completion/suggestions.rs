//! Values that no schema lists, and that people write again and again.

use crate::enums::RBAC_VERBS;

/// What is often written for a field of a definition.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(crate) fn of(definition: &str, field: &str) -> &'static [&'static str] {
    match (definition, field) {
        (_, "cpu") => &["100m", "250m", "500m", "1", "2"],
        (_, "memory") => &["64Mi", "128Mi", "256Mi", "512Mi", "1Gi", "2Gi"],
        (_, "ephemeral-storage") => &["1Gi", "2Gi", "10Gi"],
        (_, "storage") => &["1Gi", "5Gi", "10Gi", "50Gi", "100Gi"],
        ("LabelSelectorRequirement", "operator") => &["In", "NotIn", "Exists", "DoesNotExist"],
        ("ObjectFieldSelector", "fieldPath") => &[
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "status.podIP",
            "status.hostIP",
            "spec.nodeName",
            "spec.serviceAccountName",
            "metadata.labels['app']",
        ],
        ("ResourceFieldSelector", "resource") => &[
            "limits.cpu",
            "limits.memory",
            "requests.cpu",
            "requests.memory",
            "limits.ephemeral-storage",
            "requests.ephemeral-storage",
        ],
        ("MetricSpec", "type") => &[
            "Resource",
            "Pods",
            "Object",
            "External",
            "ContainerResource",
        ],
        ("MetricTarget", "type") => &["Utilization", "AverageValue", "Value"],
        ("ResourceMetricSource" | "ContainerResourceMetricSource", "name") => &["cpu", "memory"],
        ("HPAScalingPolicy", "type") => &["Pods", "Percent"],
        ("HPAScalingRules", "selectPolicy") => &["Max", "Min", "Disabled"],
        ("CrossVersionObjectReference", "kind") => &["Deployment", "StatefulSet", "ReplicaSet"],
        ("CrossVersionObjectReference", "apiVersion") => &["apps/v1"],
        ("Subject", "kind") => &["ServiceAccount", "User", "Group"],
        ("RoleRef", "kind") => &["Role", "ClusterRole"],
        ("RoleRef", "apiGroup") => &["rbac.authorization.k8s.io"],
        ("PolicyRule", "verbs") => RBAC_VERBS,
        (
            "",
            "pod-security.kubernetes.io/enforce"
            | "pod-security.kubernetes.io/warn"
            | "pod-security.kubernetes.io/audit",
        ) => &["restricted", "baseline", "privileged"],
        ("", "kubernetes.io/os") | ("PodOS", "name") => &["linux", "windows"],
        ("", "kubernetes.io/arch") => &["amd64", "arm64"],
        ("", "istio-injection") => &["enabled", "disabled"],
        ("IPBlock", "cidr") => &["0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
        ("IPBlock", "except") => &["169.254.169.254/32", "10.0.0.0/8"],
        ("ValidatingWebhook" | "MutatingWebhook", "admissionReviewVersions") => &["v1"],
        ("RuleWithOperations" | "NamedRuleWithOperations", "apiVersions") => {
            &["v1", "v1beta1", "*"]
        }
        ("NodeSelectorRequirement", "key") => &[
            "kubernetes.io/os",
            "kubernetes.io/arch",
            "kubernetes.io/hostname",
            "topology.kubernetes.io/zone",
            "node.kubernetes.io/instance-type",
        ],
        ("PolicyRule" | "RuleWithOperations" | "NamedRuleWithOperations", "apiGroups") => {
            &["", "apps", "batch", "networking.k8s.io", "autoscaling", "*"]
        }
        ("PolicyRule" | "RuleWithOperations" | "NamedRuleWithOperations", "resources") => &[
            "pods",
            "pods/log",
            "services",
            "configmaps",
            "secrets",
            "deployments",
            "statefulsets",
            "daemonsets",
            "jobs",
            "cronjobs",
            "ingresses",
            "events",
            "nodes",
            "namespaces",
            "*",
        ],
        ("Secret", "type") => &[
            "Opaque",
            "kubernetes.io/tls",
            "kubernetes.io/dockerconfigjson",
            "kubernetes.io/basic-auth",
            "kubernetes.io/ssh-auth",
            "kubernetes.io/service-account-token",
        ],
        ("TopologySpreadConstraint" | "PodAffinityTerm", "topologyKey") => &[
            "kubernetes.io/hostname",
            "topology.kubernetes.io/zone",
            "topology.kubernetes.io/region",
        ],
        ("Toleration" | "Taint", "key") => &[
            "node-role.kubernetes.io/control-plane",
            "node.kubernetes.io/not-ready",
            "node.kubernetes.io/unreachable",
        ],
        ("LimitRangeItem", "type") => &["Container", "Pod", "PersistentVolumeClaim"],
        ("IngressSpec", "ingressClassName") => &["nginx", "traefik", "haproxy", "alb"],
        ("PodSpec", "priorityClassName") => &["system-cluster-critical", "system-node-critical"],
        ("ServicePort", "appProtocol") => {
            &["http", "https", "kubernetes.io/h2c", "kubernetes.io/ws"]
        }
        ("ServiceSpec", "clusterIP") => &["None"],
        ("EmptyDirVolumeSource", "medium") => &["Memory"],
        ("CronJobSpec", "schedule") => &[
            "0 3 * * *",
            "*/5 * * * *",
            "0 * * * *",
            "0 0 * * 0",
            "@daily",
            "@hourly",
        ],
        ("CronJobSpec", "timeZone") => &[
            "Etc/UTC",
            "Europe/Berlin",
            "Asia/Shanghai",
            "America/New_York",
        ],
        ("StatefulSetPersistentVolumeClaimRetentionPolicy", "whenDeleted" | "whenScaled") => {
            &["Retain", "Delete"]
        }
        ("StorageClass", "provisioner") => &[
            "ebs.csi.aws.com",
            "efs.csi.aws.com",
            "pd.csi.storage.gke.io",
            "disk.csi.azure.com",
            "file.csi.azure.com",
            "rancher.io/local-path",
            "kubernetes.io/no-provisioner",
        ],
        ("IngressClassSpec", "controller") => &[
            "k8s.io/ingress-nginx",
            "traefik.io/ingress-controller",
            "haproxy.org/ingress-controller",
            "ingress.k8s.aws/alb",
        ],
        ("Capabilities", "drop") => &["ALL"],
        ("Capabilities", "add") => &["NET_BIND_SERVICE", "NET_ADMIN", "SYS_TIME", "CHOWN"],
        ("RollingUpdateDeployment", "maxSurge" | "maxUnavailable") => &["25%", "0", "1"],
        ("ClusterTrustBundleProjection", "path") => &["ca.crt"],
        ("ServiceAccountTokenProjection", "path") => &["token"],
        ("JSONSchemaProps", "type") => {
            &["object", "string", "integer", "boolean", "array", "number"]
        }
        ("DeploymentSpec" | "StatefulSetSpec" | "ReplicaSetSpec", "replicas") => &["1", "2", "3"],
        ("Probe", "periodSeconds") => &["10", "5", "30"],
        ("Probe", "initialDelaySeconds") => &["5", "10", "30"],
        ("Probe", "timeoutSeconds") => &["1", "3", "5"],
        ("Probe", "failureThreshold") => &["3", "5", "30"],
        ("PodSpec", "terminationGracePeriodSeconds") => &["30", "60"],
        ("SecurityContext" | "PodSecurityContext", "runAsUser" | "runAsGroup" | "fsGroup") => {
            &["1000", "65534"]
        }
        (
            "ConfigMapVolumeSource" | "SecretVolumeSource" | "ProjectedVolumeSource",
            "defaultMode",
        ) => &["0644", "0444", "0400"],
        ("ServicePort", "port") => &["80", "443"],
        ("ContainerPort", "containerPort") => &["8080", "80", "443"],
        ("CustomResourceDefinitionSpec", "scope") => &["Namespaced", "Cluster"],
        ("HTTPGetAction", "path") => &["/healthz", "/readyz", "/livez"],
        _ => &[],
    }
}

/// The labels of a Namespace that mean something to the cluster.
pub(super) const NAMESPACE_LABELS: &[&str] = &[
    "pod-security.kubernetes.io/enforce",
    "pod-security.kubernetes.io/warn",
    "pod-security.kubernetes.io/audit",
    "pod-security.kubernetes.io/enforce-version",
    "istio-injection",
    "app.kubernetes.io/name",
    "app.kubernetes.io/part-of",
];

/// The keys that a Secret of a type has.
pub(super) fn secret_keys(ty: &str) -> &'static [&'static str] {
    match ty {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/basic-auth" => &["username", "password"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        _ => &[],
    }
}

/// What a rule of a role can name of a resource beside the objects themselves.
pub(super) fn subresources(plural: &str) -> &'static [&'static str] {
    match plural {
        "pods" => &["log", "exec", "portforward", "eviction", "status"],
        "deployments" | "statefulsets" | "replicasets" => &["scale", "status"],
        "serviceaccounts" => &["token"],
        "ingresses" | "jobs" => &["status"],
        _ => &[],
    }
}

/// Keys that are often written in a map of this name.
pub(super) fn map_keys(name: &str) -> &'static [&'static str] {
    match name {
        "requests" | "limits" => &["cpu", "memory", "ephemeral-storage"],
        "capacity" => &["storage"],
        "labels" | "matchLabels" | "selector" => &[
            "app",
            "app.kubernetes.io/name",
            "app.kubernetes.io/instance",
            "app.kubernetes.io/version",
            "app.kubernetes.io/component",
            "app.kubernetes.io/part-of",
            "app.kubernetes.io/managed-by",
        ],
        "annotations" => &[
            "kubernetes.io/description",
            "kubectl.kubernetes.io/default-container",
            "prometheus.io/scrape",
            "prometheus.io/port",
            "cert-manager.io/cluster-issuer",
            "nginx.ingress.kubernetes.io/rewrite-target",
            "nginx.ingress.kubernetes.io/ssl-redirect",
            "nginx.ingress.kubernetes.io/proxy-body-size",
        ],
        "nodeSelector" => &[
            "kubernetes.io/os",
            "kubernetes.io/arch",
            "kubernetes.io/hostname",
            "topology.kubernetes.io/zone",
            "node.kubernetes.io/instance-type",
        ],
        "hard" => &[
            "requests.cpu",
            "requests.memory",
            "limits.cpu",
            "limits.memory",
            "requests.storage",
            "pods",
            "services",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
        ],
        "default" | "defaultRequest" | "max" | "min" => &["cpu", "memory"],
        _ => &[],
    }
}
