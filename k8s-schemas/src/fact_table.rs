//! The rows of [`crate::facts`]: definition without `io.k8s.`, field, fact.

use crate::facts::Fact::{
    self, AtomicMap, Default, Enum, GranularMap, ListAtomic, ListMap, ListSet,
};

/// By definition, then by field.
#[rustfmt::skip] // A table, to be read by row.
pub(crate) const FACTS: &[(&str, &[(&str, Fact)])] = &[
    ("api.admissionregistration.v1.MatchResources", &[
        ("matchPolicy", Enum(&["Equivalent", "Exact"])),
    ]),
    ("api.admissionregistration.v1.MutatingAdmissionPolicySpec", &[
        ("failurePolicy", Enum(&["Fail", "Ignore"])),
        ("matchConditions", ListMap(&["name"])),
        ("reinvocationPolicy", Enum(&["IfNeeded", "Never"])),
    ]),
    ("api.admissionregistration.v1.MutatingWebhook", &[
        ("failurePolicy", Enum(&["Fail", "Ignore"])),
        ("matchConditions", ListMap(&["name"])),
        ("matchPolicy", Enum(&["Equivalent", "Exact"])),
        ("reinvocationPolicy", Enum(&["IfNeeded", "Never"])),
        ("sideEffects", Enum(&["None", "NoneOnDryRun", "Some", "Unknown"])),
    ]),
    ("api.admissionregistration.v1.MutatingWebhookConfiguration", &[
        ("webhooks", ListMap(&["name"])),
    ]),
    ("api.admissionregistration.v1.Mutation", &[
        ("patchType", Enum(&["ApplyConfiguration", "JSONPatch"])),
    ]),
    ("api.admissionregistration.v1.NamedRuleWithOperations", &[
        ("operations", Enum(&["*", "CONNECT", "CREATE", "DELETE", "UPDATE"])),
        ("scope", Enum(&["*", "Cluster", "Namespaced"])),
    ]),
    ("api.admissionregistration.v1.RuleWithOperations", &[
        ("operations", Enum(&["*", "CONNECT", "CREATE", "DELETE", "UPDATE"])),
        ("scope", Enum(&["*", "Cluster", "Namespaced"])),
    ]),
    ("api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec", &[
        ("validationActions", Enum(&["Audit", "Deny", "Warn"])),
        ("validationActions", ListSet),
    ]),
    ("api.admissionregistration.v1.ValidatingAdmissionPolicySpec", &[
        ("failurePolicy", Enum(&["Fail", "Ignore"])),
        ("matchConditions", ListMap(&["name"])),
        ("variables", ListMap(&["name"])),
    ]),
    ("api.admissionregistration.v1.ValidatingAdmissionPolicyStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.admissionregistration.v1.ValidatingWebhook", &[
        ("failurePolicy", Enum(&["Fail", "Ignore"])),
        ("matchConditions", ListMap(&["name"])),
        ("matchPolicy", Enum(&["Equivalent", "Exact"])),
        ("sideEffects", Enum(&["None", "NoneOnDryRun", "Some", "Unknown"])),
    ]),
    ("api.admissionregistration.v1.ValidatingWebhookConfiguration", &[
        ("webhooks", ListMap(&["name"])),
    ]),
    ("api.apps.v1.DaemonSetStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.apps.v1.DaemonSetUpdateStrategy", &[
        ("type", Enum(&["OnDelete", "RollingUpdate"])),
    ]),
    ("api.apps.v1.DeploymentStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.apps.v1.DeploymentStrategy", &[
        ("type", Enum(&["Recreate", "RollingUpdate"])),
    ]),
    ("api.apps.v1.ReplicaSetStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy", &[
        ("whenDeleted", Enum(&["Delete", "Retain"])),
        ("whenScaled", Enum(&["Delete", "Retain"])),
    ]),
    ("api.apps.v1.StatefulSetSpec", &[
        ("podManagementPolicy", Enum(&["OrderedReady", "Parallel"])),
    ]),
    ("api.apps.v1.StatefulSetStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.apps.v1.StatefulSetUpdateStrategy", &[
        ("type", Enum(&["OnDelete", "RollingUpdate"])),
    ]),
    ("api.autoscaling.v2.HorizontalPodAutoscalerStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.batch.v1.CronJobSpec", &[
        ("concurrencyPolicy", Enum(&["Allow", "Forbid", "Replace"])),
    ]),
    ("api.batch.v1.JobSpec", &[
        ("completionMode", Enum(&["Indexed", "NonIndexed"])),
        ("podReplacementPolicy", Enum(&["Failed", "TerminatingOrFailed"])),
    ]),
    ("api.batch.v1.JobStatus", &[
        ("conditions", ListAtomic),
    ]),
    ("api.batch.v1.PodFailurePolicyOnExitCodesRequirement", &[
        ("operator", Enum(&["In", "NotIn"])),
        ("values", ListSet),
    ]),
    ("api.batch.v1.PodFailurePolicyRule", &[
        ("action", Enum(&["Count", "FailIndex", "FailJob", "Ignore"])),
    ]),
    ("api.batch.v1.UncountedTerminatedPods", &[
        ("failed", ListSet),
        ("succeeded", ListSet),
    ]),
    ("api.certificates.v1.CertificateSigningRequestSpec", &[
        ("usages", Enum(&[
            "any", "cert sign", "client auth", "code signing", "content commitment",
            "crl sign", "data encipherment", "decipher only", "digital signature",
            "email protection", "encipher only", "ipsec end system", "ipsec tunnel",
            "ipsec user", "key agreement", "key encipherment", "microsoft sgc",
            "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing",
            "timestamping",
        ])),
    ]),
    ("api.certificates.v1.CertificateSigningRequestStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.core.v1.AppArmorProfile", &[
        ("type", Enum(&["Localhost", "RuntimeDefault", "Unconfined"])),
    ]),
    ("api.core.v1.AzureDiskVolumeSource", &[
        ("cachingMode", Enum(&["None", "ReadOnly", "ReadWrite"])),
        ("cachingMode", Default(r#""ReadWrite""#)),
        ("fsType", Default(r#""ext4""#)),
        ("kind", Enum(&["Dedicated", "Managed", "Shared"])),
        ("kind", Default(r#""Shared""#)),
    ]),
    ("api.core.v1.ComponentStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.core.v1.Container", &[
        ("env", ListMap(&["name"])),
        ("imagePullPolicy", Enum(&["Always", "IfNotPresent", "Never"])),
        ("ports", ListMap(&["containerPort", "protocol"])),
        ("restartPolicy", Enum(&["Always", "Never", "OnFailure"])),
        ("terminationMessagePolicy", Enum(&["FallbackToLogsOnError", "File"])),
        ("volumeDevices", ListMap(&["devicePath"])),
        ("volumeMounts", ListMap(&["mountPath"])),
    ]),
    ("api.core.v1.ContainerPort", &[
        ("protocol", Enum(&["SCTP", "TCP", "UDP"])),
        ("protocol", Default(r#""TCP""#)),
    ]),
    ("api.core.v1.ContainerResizePolicy", &[
        ("resourceName", Enum(&["cpu", "memory"])),
        ("restartPolicy", Enum(&["NotRequired", "RestartContainer"])),
    ]),
    ("api.core.v1.ContainerRestartRuleOnExitCodes", &[
        ("values", ListSet),
    ]),
    ("api.core.v1.ContainerStatus", &[
        ("allocatedResourcesStatus", ListMap(&["name"])),
        ("stopSignal", Enum(SIGNALS)),
        ("volumeMounts", ListMap(&["mountPath"])),
    ]),
    ("api.core.v1.EndpointPort", &[
        ("protocol", Enum(&["SCTP", "TCP", "UDP"])),
    ]),
    ("api.core.v1.EphemeralContainer", &[
        ("env", ListMap(&["name"])),
        ("imagePullPolicy", Enum(&["Always", "IfNotPresent", "Never"])),
        ("ports", ListMap(&["containerPort", "protocol"])),
        ("terminationMessagePolicy", Enum(&["FallbackToLogsOnError", "File"])),
        ("volumeDevices", ListMap(&["devicePath"])),
        ("volumeMounts", ListMap(&["mountPath"])),
    ]),
    ("api.core.v1.HTTPGetAction", &[
        ("scheme", Enum(&["HTTP", "HTTPS"])),
    ]),
    ("api.core.v1.HostPathVolumeSource", &[
        ("type", Enum(&[
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File",
            "FileOrCreate", "Socket",
        ])),
    ]),
    ("api.core.v1.ISCSIPersistentVolumeSource", &[
        ("iscsiInterface", Default(r#""default""#)),
    ]),
    ("api.core.v1.ISCSIVolumeSource", &[
        ("iscsiInterface", Default(r#""default""#)),
    ]),
    ("api.core.v1.ImageVolumeSource", &[
        ("pullPolicy", Enum(&["Always", "IfNotPresent", "Never"])),
    ]),
    ("api.core.v1.Lifecycle", &[
        ("stopSignal", Enum(SIGNALS)),
    ]),
    ("api.core.v1.ModifyVolumeStatus", &[
        ("status", Enum(&["InProgress", "Infeasible", "Pending"])),
    ]),
    ("api.core.v1.NamespaceStatus", &[
        ("conditions", ListMap(&["type"])),
        ("phase", Enum(&["Active", "Terminating"])),
    ]),
    ("api.core.v1.NodeAllocatableResourceClaimStatus", &[
        ("containers", ListSet),
    ]),
    ("api.core.v1.NodeSelectorRequirement", &[
        ("operator", Enum(&["DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn"])),
    ]),
    ("api.core.v1.NodeSpec", &[
        ("podCIDRs", ListSet),
    ]),
    ("api.core.v1.NodeStatus", &[
        ("addresses", ListMap(&["type"])),
        ("conditions", ListMap(&["type"])),
        ("phase", Enum(&["Pending", "Running", "Terminated"])),
    ]),
    ("api.core.v1.PersistentVolumeClaimSpec", &[
        ("accessModes", Enum(&[
            "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod",
        ])),
        ("volumeMode", Enum(&["Block", "Filesystem"])),
    ]),
    ("api.core.v1.PersistentVolumeClaimStatus", &[
        ("allocatedResourceStatuses", GranularMap),
        ("accessModes", Enum(&[
            "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod",
        ])),
        ("conditions", ListMap(&["type"])),
        ("phase", Enum(&["Bound", "Lost", "Pending"])),
    ]),
    ("api.core.v1.PersistentVolumeSpec", &[
        ("claimRef", GranularMap),
        ("accessModes", Enum(&[
            "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod",
        ])),
        ("persistentVolumeReclaimPolicy", Enum(&["Delete", "Recycle", "Retain"])),
        ("volumeMode", Enum(&["Block", "Filesystem"])),
    ]),
    ("api.core.v1.PersistentVolumeStatus", &[
        ("phase", Enum(&["Available", "Bound", "Failed", "Pending", "Released"])),
    ]),
    ("api.core.v1.PodSecurityContext", &[
        ("fsGroupChangePolicy", Enum(&["Always", "OnRootMismatch"])),
        ("supplementalGroupsPolicy", Enum(&["Merge", "Strict"])),
    ]),
    ("api.core.v1.PodSpec", &[
        ("containers", ListMap(&["name"])),
        ("dnsPolicy", Enum(&["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"])),
        ("ephemeralContainers", ListMap(&["name"])),
        ("hostAliases", ListMap(&["ip"])),
        ("imagePullSecrets", ListMap(&["name"])),
        ("initContainers", ListMap(&["name"])),
        ("nodeSelector", AtomicMap),
        ("preemptionPolicy", Enum(&["Never", "PreemptLowerPriority"])),
        ("resourceClaims", ListMap(&["name"])),
        ("restartPolicy", Enum(&["Always", "Never", "OnFailure"])),
        ("schedulingGates", ListMap(&["name"])),
        ("topologySpreadConstraints", ListMap(&["topologyKey", "whenUnsatisfiable"])),
        ("volumes", ListMap(&["name"])),
    ]),
    ("api.core.v1.PodStatus", &[
        ("hostIPs", ListAtomic),
        ("conditions", ListMap(&["type"])),
        ("phase", Enum(&["Failed", "Pending", "Running", "Succeeded", "Unknown"])),
        ("podIPs", ListMap(&["ip"])),
        ("qosClass", Enum(&["BestEffort", "Burstable", "Guaranteed"])),
        ("resourceClaimStatuses", ListMap(&["name"])),
    ]),
    ("api.core.v1.PodVolumeHealth", &[
        ("healthConditions", ListMap(&["status", "reason"])),
    ]),
    ("api.core.v1.PortStatus", &[
        ("protocol", Enum(&["SCTP", "TCP", "UDP"])),
    ]),
    ("api.core.v1.RBDPersistentVolumeSource", &[
        ("keyring", Default(r#""/etc/ceph/keyring""#)),
        ("pool", Default(r#""rbd""#)),
        ("user", Default(r#""admin""#)),
    ]),
    ("api.core.v1.RBDVolumeSource", &[
        ("keyring", Default(r#""/etc/ceph/keyring""#)),
        ("pool", Default(r#""rbd""#)),
        ("user", Default(r#""admin""#)),
    ]),
    ("api.core.v1.ReplicationControllerSpec", &[
        ("replicas", Default("1")),
        ("selector", AtomicMap),
    ]),
    ("api.core.v1.ReplicationControllerStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.core.v1.ResourceQuotaSpec", &[
        ("scopes", Enum(&[
            "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort",
            "NotTerminating", "PriorityClass", "Terminating", "VolumeAttributesClass",
        ])),
    ]),
    ("api.core.v1.ResourceRequirements", &[
        ("claims", ListMap(&["name"])),
    ]),
    ("api.core.v1.ResourceStatus", &[
        ("resources", ListMap(&["resourceID"])),
    ]),
    ("api.core.v1.ScaleIOPersistentVolumeSource", &[
        ("fsType", Default(r#""xfs""#)),
        ("storageMode", Default(r#""ThinProvisioned""#)),
    ]),
    ("api.core.v1.ScaleIOVolumeSource", &[
        ("fsType", Default(r#""xfs""#)),
        ("storageMode", Default(r#""ThinProvisioned""#)),
    ]),
    ("api.core.v1.ScopedResourceSelectorRequirement", &[
        ("operator", Enum(&["DoesNotExist", "Exists", "In", "NotIn"])),
        ("scopeName", Enum(&[
            "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort",
            "NotTerminating", "PriorityClass", "Terminating", "VolumeAttributesClass",
        ])),
    ]),
    ("api.core.v1.SeccompProfile", &[
        ("type", Enum(&["Localhost", "RuntimeDefault", "Unconfined"])),
    ]),
    ("api.core.v1.SecurityContext", &[
        ("procMount", Enum(&["Default", "Unmasked"])),
    ]),
    ("api.core.v1.ServiceAccount", &[
        ("secrets", ListMap(&["name"])),
    ]),
    ("api.core.v1.ServicePort", &[
        ("protocol", Enum(&["SCTP", "TCP", "UDP"])),
        ("protocol", Default(r#""TCP""#)),
    ]),
    ("api.core.v1.ServiceSpec", &[
        ("externalTrafficPolicy", Enum(&["Cluster", "Local"])),
        ("internalTrafficPolicy", Enum(&["Cluster", "Local"])),
        ("ipFamilies", Enum(&["", "IPv4", "IPv6"])),
        ("ipFamilyPolicy", Enum(&["PreferDualStack", "RequireDualStack", "SingleStack"])),
        ("ports", ListMap(&["port", "protocol"])),
        ("selector", AtomicMap),
        ("sessionAffinity", Enum(&["ClientIP", "None"])),
        ("trafficDistribution", Enum(&["PreferClose", "PreferSameNode", "PreferSameZone"])),
        ("type", Enum(&["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"])),
    ]),
    ("api.core.v1.ServiceStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.core.v1.Taint", &[
        ("effect", Enum(&["NoExecute", "NoSchedule", "PreferNoSchedule"])),
    ]),
    ("api.core.v1.Toleration", &[
        ("effect", Enum(&["NoExecute", "NoSchedule", "PreferNoSchedule"])),
        ("operator", Enum(&["Equal", "Exists", "Gt", "Lt"])),
    ]),
    ("api.core.v1.TopologySpreadConstraint", &[
        ("nodeAffinityPolicy", Enum(&["Honor", "Ignore"])),
        ("nodeTaintsPolicy", Enum(&["Honor", "Ignore"])),
        ("whenUnsatisfiable", Enum(&["DoNotSchedule", "ScheduleAnyway"])),
    ]),
    ("api.core.v1.VolumeHealthStatus", &[
        ("healthConditions", ListMap(&["status", "reason"])),
    ]),
    ("api.core.v1.VolumeMount", &[
        ("mountPropagation", Enum(&["Bidirectional", "HostToContainer", "None"])),
    ]),
    ("api.discovery.v1.Endpoint", &[
        ("addresses", ListSet),
    ]),
    ("api.discovery.v1.EndpointPort", &[
        ("protocol", Enum(&["SCTP", "TCP", "UDP"])),
    ]),
    ("api.discovery.v1.EndpointSlice", &[
        ("addressType", Enum(&["FQDN", "IPv4", "IPv6"])),
    ]),
    ("api.flowcontrol.v1.FlowSchemaStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.flowcontrol.v1.NonResourcePolicyRule", &[
        ("nonResourceURLs", ListSet),
        ("verbs", ListSet),
    ]),
    ("api.flowcontrol.v1.PriorityLevelConfigurationSpec", &[
        ("type", Enum(&["Exempt", "Limited"])),
    ]),
    ("api.flowcontrol.v1.PriorityLevelConfigurationStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.flowcontrol.v1.ResourcePolicyRule", &[
        ("apiGroups", ListSet),
        ("namespaces", ListSet),
        ("resources", ListSet),
        ("verbs", ListSet),
    ]),
    ("api.networking.v1.HTTPIngressPath", &[
        ("pathType", Enum(&["Exact", "ImplementationSpecific", "Prefix"])),
    ]),
    ("api.networking.v1.IngressPortStatus", &[
        ("protocol", Enum(&["SCTP", "TCP", "UDP"])),
    ]),
    ("api.networking.v1.NetworkPolicyPort", &[
        ("protocol", Enum(&["SCTP", "TCP", "UDP"])),
    ]),
    ("api.networking.v1.NetworkPolicySpec", &[
        ("policyTypes", Enum(&["Egress", "Ingress"])),
    ]),
    ("api.networking.v1.ServiceCIDRStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.node.v1.Scheduling", &[
        ("nodeSelector", AtomicMap),
    ]),
    ("api.policy.v1.PodDisruptionBudgetSpec", &[
        ("unhealthyPodEvictionPolicy", Enum(&["AlwaysAllow", "IfHealthyBudget"])),
    ]),
    ("api.policy.v1.PodDisruptionBudgetStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.resource.v1.AllocatedDeviceStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("api.resource.v1.DeviceAllocationConfiguration", &[
        ("source", Enum(&["FromClaim", "FromClass"])),
    ]),
    ("api.resource.v1.DeviceSubRequest", &[
        ("allocationMode", Enum(&["All", "ExactCount"])),
    ]),
    ("api.resource.v1.DeviceTaint", &[
        ("effect", Enum(&["NoExecute", "NoSchedule", "None"])),
    ]),
    ("api.resource.v1.DeviceToleration", &[
        ("effect", Enum(&["NoExecute", "NoSchedule", "None"])),
        ("operator", Enum(&["Equal", "Exists"])),
        ("operator", Default(r#""Equal""#)),
    ]),
    ("api.resource.v1.ExactDeviceRequest", &[
        ("allocationMode", Enum(&["All", "ExactCount"])),
    ]),
    ("api.resource.v1.ResourceClaimStatus", &[
        ("devices", ListMap(&["driver", "device", "pool", "shareID"])),
        ("reservedFor", ListMap(&["uid"])),
    ]),
    ("api.scheduling.v1.PriorityClass", &[
        ("preemptionPolicy", Enum(&["Never", "PreemptLowerPriority"])),
    ]),
    ("api.storage.v1.CSIDriverSpec", &[
        ("fsGroupPolicy", Enum(&["File", "None", "ReadWriteOnceWithFSType"])),
        ("volumeLifecycleModes", Enum(&["Ephemeral", "Persistent"])),
        ("volumeLifecycleModes", ListSet),
    ]),
    ("api.storage.v1.CSINodeSpec", &[
        ("drivers", ListMap(&["name"])),
    ]),
    ("api.storage.v1.StorageClass", &[
        ("reclaimPolicy", Enum(&["Delete", "Recycle", "Retain"])),
        ("volumeBindingMode", Enum(&["Immediate", "WaitForFirstConsumer"])),
    ]),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec", &[
        ("scope", Enum(&["Cluster", "Namespaced"])),
    ]),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps", &[
        ("x-kubernetes-validations", ListMap(&["rule"])),
    ]),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule", &[
        ("reason", Enum(&[
            "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid",
            "FieldValueRequired",
        ])),
    ]),
    ("apimachinery.pkg.apis.meta.v1.ObjectMeta", &[
        ("finalizers", ListSet),
        ("ownerReferences", ListMap(&["uid"])),
    ]),
    ("kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus", &[
        ("conditions", ListMap(&["type"])),
    ]),
];

/// Names that `stopSignal` takes on Linux.
#[rustfmt::skip] // A table, to be read by row.
const SIGNALS: &[&str] = &[
    "SIGABRT", "SIGALRM", "SIGBUS", "SIGCHLD", "SIGCLD", "SIGCONT", "SIGFPE", "SIGHUP",
    "SIGILL", "SIGINT", "SIGIO", "SIGIOT", "SIGKILL", "SIGPIPE", "SIGPOLL", "SIGPROF",
    "SIGPWR", "SIGQUIT", "SIGRTMAX", "SIGRTMAX-1", "SIGRTMAX-10", "SIGRTMAX-11",
    "SIGRTMAX-12", "SIGRTMAX-13", "SIGRTMAX-14", "SIGRTMAX-2", "SIGRTMAX-3",
    "SIGRTMAX-4", "SIGRTMAX-5", "SIGRTMAX-6", "SIGRTMAX-7", "SIGRTMAX-8", "SIGRTMAX-9",
    "SIGRTMIN", "SIGRTMIN+1", "SIGRTMIN+10", "SIGRTMIN+11", "SIGRTMIN+12",
    "SIGRTMIN+13", "SIGRTMIN+14", "SIGRTMIN+15", "SIGRTMIN+2", "SIGRTMIN+3",
    "SIGRTMIN+4", "SIGRTMIN+5", "SIGRTMIN+6", "SIGRTMIN+7", "SIGRTMIN+8", "SIGRTMIN+9",
    "SIGSEGV", "SIGSTKFLT", "SIGSTOP", "SIGSYS", "SIGTERM", "SIGTRAP", "SIGTSTP",
    "SIGTTIN", "SIGTTOU", "SIGURG", "SIGUSR1", "SIGUSR2", "SIGVTALRM", "SIGWINCH",
    "SIGXCPU", "SIGXFSZ",
];
