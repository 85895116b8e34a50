//! Fields of which an object takes only one.

/// The handlers of a probe.
pub(crate) const PROBE: &[&str] = &["exec", "httpGet", "tcpSocket", "grpc"];

/// The handlers of a hook.
pub(crate) const HOOK: &[&str] = &["exec", "httpGet", "tcpSocket", "sleep"];

/// Where a variable takes its value from.
pub(crate) const VARIABLE_SOURCE: &[&str] = &[
    "configMapKeyRef",
    "secretKeyRef",
    "fieldRef",
    "resourceFieldRef",
    "fileKeyRef",
];

/// Where several variables are taken from.
pub(crate) const VARIABLES_SOURCE: &[&str] = &["configMapRef", "secretRef"];

/// The sources of a volume, the common ones first: messages show the beginning.
pub(crate) const VOLUME: &[&str] = &[
    "configMap",
    "secret",
    "emptyDir",
    "persistentVolumeClaim",
    "projected",
    "hostPath",
    "downwardAPI",
    "csi",
    "ephemeral",
    "nfs",
    "image",
    "iscsi",
    "fc",
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
    "resourceClaim",
];

/// The sources of a `PersistentVolume`.
pub(crate) const PERSISTENT_VOLUME: &[&str] = &[
    "csi",
    "nfs",
    "hostPath",
    "local",
    "iscsi",
    "fc",
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "glusterfs",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
];

/// The sources of one part of a projected volume.
pub(crate) const PROJECTION: &[&str] = &[
    "configMap",
    "secret",
    "downwardAPI",
    "serviceAccountToken",
    "clusterTrustBundle",
    "podCertificate",
];

/// What a file tells of its own pod.
pub(crate) const DOWNWARD_FILE: &[&str] = &["fieldRef", "resourceFieldRef"];

/// What a claim of a pod names.
pub(crate) const POD_CLAIM: &[&str] = &["resourceClaimName", "resourceClaimTemplateName"];

/// One device or one of several.
pub(crate) const DEVICE_REQUEST: &[&str] = &["exactly", "firstAvailable"];

/// Where an Ingress sends requests to.
pub(crate) const BACKEND: &[&str] = &["service", "resource"];

/// How a port of a Service is named.
pub(crate) const BACKEND_PORT: &[&str] = &["number", "name"];

/// How much a metric should be.
pub(crate) const METRIC_TARGET: &[&str] = &["averageUtilization", "averageValue", "value"];

/// What a rule on failed pods looks at.
pub(crate) const FAILURE: &[&str] = &["onExitCodes", "onPodConditions"];

/// Where a webhook is called.
pub(crate) const WEBHOOK: &[&str] = &["url", "service"];

/// The sources of a metric.
pub(crate) const METRIC: &[&str] = &[
    "resource",
    "containerResource",
    "pods",
    "object",
    "external",
];

/// Words of JSON Schema that the API server does not take in the schema of a custom resource.
pub(crate) const NOT_IN_SCHEMAS: &[&str] = &[
    "$ref",
    "additionalItems",
    "definitions",
    "dependencies",
    "id",
    "patternProperties",
];

/// The fields of which an object of this definition takes only one; none where all go together.
pub(crate) fn of(definition: &str) -> &'static [&'static str] {
    match definition {
        "Probe" => PROBE,
        "LifecycleHandler" => HOOK,
        "EnvVar" => &["value", "valueFrom"],
        "EnvVarSource" => VARIABLE_SOURCE,
        "EnvFromSource" => VARIABLES_SOURCE,
        "Volume" => VOLUME,
        "PersistentVolumeSpec" => PERSISTENT_VOLUME,
        "VolumeProjection" => PROJECTION,
        "DownwardAPIVolumeFile" => DOWNWARD_FILE,
        "PodResourceClaim" => POD_CLAIM,
        "DeviceRequest" => DEVICE_REQUEST,
        "IngressBackend" => BACKEND,
        "ServiceBackendPort" => BACKEND_PORT,
        "MetricSpec" => METRIC,
        "MetricTarget" => METRIC_TARGET,
        "PodFailurePolicyRule" => FAILURE,
        "WebhookClientConfig" => WEBHOOK,
        "PodDisruptionBudgetSpec" => &["minAvailable", "maxUnavailable"],
        _ => &[],
    }
}
