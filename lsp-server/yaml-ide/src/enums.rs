//! What the values of a closed list do, in a few words. The published schemas list the values only.

use k8s_schemas::Schema;

/// What a rule of a role can allow to do with resources; `*` is all of it.
pub(crate) const RBAC_VERBS: &[&str] = &[
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "*",
];

/// The values of a closed list: the default first, then those that people choose most.
///
/// An empty text, which some lists have, says the same as leaving the field out.
pub(crate) fn best_first(schema: Schema<'_>) -> Vec<&serde_json::Value> {
    const CHOSEN: &[&str] = &[
        "IfNotPresent",
        "RollingUpdate",
        "ReadWriteOnce",
        "ReadWriteMany",
        "ReadOnlyMany",
        "Prefix",
        "RuntimeDefault",
        "NonIndexed",
        "Filesystem",
        "SingleStack",
        "ClusterIP",
        "NodePort",
        "LoadBalancer",
        "TCP",
        "UDP",
        "HTTP",
        "NoSchedule",
        "WaitForFirstConsumer",
        "Retain",
        "Ingress",
        "Namespaced",
        "CREATE",
        "UPDATE",
        "DELETE",
    ];
    let mut values: Vec<_> = schema
        .enum_values()
        .iter()
        .filter(|value| value.as_str() != Some(""))
        .collect();
    values.sort_by_key(|value| {
        let text = value.as_str().unwrap_or_default();
        let place = CHOSEN.iter().position(|chosen| *chosen == text);
        (
            schema.default() != Some(*value),
            place.unwrap_or(CHOSEN.len()),
        )
    });
    values
}

/// What `value` means in `field` of a definition.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(crate) fn meaning(definition: &str, field: &str, value: &str) -> Option<&'static str> {
    Some(match (definition, field, value) {
        (_, "imagePullPolicy" | "pullPolicy", value) => match value {
            "Always" => "asks the registry at every start",
            "IfNotPresent" => "pulls only what the node does not have",
            "Never" => "takes only what the node has",
            _ => return None,
        },
        ("PodSpec" | "Container", "restartPolicy", value) => match value {
            "Always" => "starts a container again whenever it ends",
            "OnFailure" => "starts a container again when it failed",
            "Never" => "leaves a container ended",
            _ => return None,
        },
        ("PodSpec", "dnsPolicy", value) => match value {
            "ClusterFirst" => "asks the DNS of the cluster, which passes on other names",
            "ClusterFirstWithHostNet" => "as ClusterFirst, for a Pod on the network of its node",
            "Default" => "asks whom the node asks",
            "None" => "asks only what `dnsConfig` names",
            _ => return None,
        },
        ("PodSpec" | "PriorityClass", "preemptionPolicy", value) => match value {
            "PreemptLowerPriority" => "may push out Pods of lower priority",
            "Never" => "waits for room, ahead of lower priorities",
            _ => return None,
        },
        (_, "terminationMessagePolicy", value) => match value {
            "File" => "the message is what the file holds",
            "FallbackToLogsOnError" => "without a file, the end of the log when it failed",
            _ => return None,
        },
        ("VolumeMount", "mountPropagation", value) => match value {
            "None" => "later mounts are not seen on the other side",
            "HostToContainer" => "the container sees later mounts of the node",
            "Bidirectional" => "node and container see later mounts of each other",
            _ => return None,
        },
        ("ServiceSpec", "type", value) => match value {
            "ClusterIP" => "an address inside of the cluster",
            "NodePort" => "also a port on every node",
            "LoadBalancer" => "also a load balancer of the cloud",
            "ExternalName" => "another DNS name, without proxy or ports",
            _ => return None,
        },
        ("ServiceSpec", "trafficDistribution", value) => match value {
            "PreferClose" | "PreferSameZone" => {
                "to Pods in the zone of the client, if there are any"
            }
            "PreferSameNode" => "to Pods on the node of the client, if there are any",
            _ => return None,
        },
        ("ContainerResizePolicy", "restartPolicy", value) => match value {
            "NotRequired" => "the new amount is given to the running container",
            "RestartContainer" => "the container starts again with the new amount",
            _ => return None,
        },
        ("ServiceSpec", "sessionAffinity", value) => match value {
            "None" => "any Pod for any connection",
            "ClientIP" => "the same Pod for the same client address",
            _ => return None,
        },
        ("ServiceSpec", "externalTrafficPolicy", value) => match value {
            "Cluster" => "to Pods on all nodes; the client's address is lost",
            "Local" => "only to Pods on the node it came to; the client's address is kept",
            _ => return None,
        },
        ("ServiceSpec", "internalTrafficPolicy", value) => match value {
            "Cluster" => "to Pods on all nodes",
            "Local" => "only to Pods on the node it came from",
            _ => return None,
        },
        ("ServiceSpec", "ipFamilyPolicy", value) => match value {
            "SingleStack" => "one family of addresses",
            "PreferDualStack" => "both families where the cluster has them",
            "RequireDualStack" => "both families, or it is refused",
            _ => return None,
        },
        (_, "protocol", value) => match value {
            "TCP" => "connections",
            "UDP" => "single packets",
            "SCTP" => "messages over associations",
            _ => return None,
        },
        ("HTTPIngressPath", "pathType", value) => match value {
            "Exact" => "this path and no other",
            "Prefix" => "this path and all below it, by whole elements",
            "ImplementationSpecific" => "as the ingress controller reads it",
            _ => return None,
        },
        ("DeploymentStrategy", "type", value) => match value {
            "RollingUpdate" => "replaces Pods step by step",
            "Recreate" => "ends all old Pods before it starts new ones",
            _ => return None,
        },
        ("DaemonSetUpdateStrategy" | "StatefulSetUpdateStrategy", "type", value) => match value {
            "RollingUpdate" => "replaces Pods step by step",
            "OnDelete" => "replaces a Pod once somebody deletes it",
            _ => return None,
        },
        ("StatefulSetSpec", "podManagementPolicy", value) => match value {
            "OrderedReady" => "one Pod after the other, each when the one before is ready",
            "Parallel" => "all Pods at once",
            _ => return None,
        },
        (
            "StatefulSetPersistentVolumeClaimRetentionPolicy",
            "whenDeleted" | "whenScaled",
            value,
        ) => match value {
            "Retain" => "keeps the claims",
            "Delete" => "deletes the claims with the Pods",
            _ => return None,
        },
        (_, "accessModes", value) => match value {
            "ReadWriteOnce" => "Pods of one node read and write",
            "ReadWriteOncePod" => "a single Pod reads and writes",
            "ReadOnlyMany" => "many nodes read",
            "ReadWriteMany" => "many nodes read and write",
            _ => return None,
        },
        (_, "volumeMode", value) => match value {
            "Filesystem" => "mounted as a folder",
            "Block" => "handed over as a raw device",
            _ => return None,
        },
        (_, "persistentVolumeReclaimPolicy" | "reclaimPolicy", value) => match value {
            "Retain" => "the storage is kept when its claim goes",
            "Delete" => "the storage goes with its claim",
            "Recycle" => "the storage is emptied for the next claim; deprecated",
            _ => return None,
        },
        ("StorageClass", "volumeBindingMode", value) => match value {
            "Immediate" => "a volume is made for the claim at once",
            "WaitForFirstConsumer" => "a volume is made where the first Pod runs",
            _ => return None,
        },
        ("HostPathVolumeSource", "type", value) => match value {
            "Directory" => "a folder that must be there",
            "DirectoryOrCreate" => "a folder, made if it is not there",
            "File" => "a file that must be there",
            "FileOrCreate" => "a file, made if it is not there",
            "Socket" => "a socket that must be there",
            "CharDevice" => "a character device that must be there",
            "BlockDevice" => "a block device that must be there",
            _ => return None,
        },
        ("CronJobSpec", "concurrencyPolicy", value) => match value {
            "Allow" => "runs may overlap",
            "Forbid" => "skips a run while one is going on",
            "Replace" => "ends the run that is going on",
            _ => return None,
        },
        ("JobSpec", "completionMode", value) => match value {
            "NonIndexed" => "done when enough Pods succeeded",
            "Indexed" => "each Pod has a number, and each number must succeed",
            _ => return None,
        },
        ("JobSpec", "podReplacementPolicy", value) => match value {
            "TerminatingOrFailed" => "a new Pod starts as soon as one is ending",
            "Failed" => "a new Pod starts when one has ended",
            _ => return None,
        },
        ("PodFailurePolicyRule", "action", value) => match value {
            "FailJob" => "the Job fails at once",
            "FailIndex" => "this number fails and is not tried again",
            "Ignore" => "does not count as a failure",
            "Count" => "counts as a failure",
            _ => return None,
        },
        (
            "LabelSelectorRequirement"
            | "NodeSelectorRequirement"
            | "Toleration"
            | "ScopedResourceSelectorRequirement"
            | "PodFailurePolicyOnExitCodesRequirement",
            "operator",
            value,
        ) => match value {
            "In" => "one of `values`",
            "NotIn" => "none of `values`",
            "Exists" => "the key is there, whatever its value",
            "DoesNotExist" => "the key is not there",
            "Gt" => "a larger number",
            "Lt" => "a smaller number",
            "Equal" => "this very value",
            _ => return None,
        },
        ("Taint" | "Toleration", "effect", value) => match value {
            "NoSchedule" => "no new Pods on the node",
            "PreferNoSchedule" => "no new Pods if there is room elsewhere",
            "NoExecute" => "no new Pods, and those running are pushed out",
            _ => return None,
        },
        ("TopologySpreadConstraint", "whenUnsatisfiable", value) => match value {
            "DoNotSchedule" => "waits until the Pods can be spread so",
            "ScheduleAnyway" => "prefers it, and starts in any case",
            _ => return None,
        },
        ("TopologySpreadConstraint", "nodeAffinityPolicy" | "nodeTaintsPolicy", value) => {
            match value {
                "Honor" => "counts only nodes that the Pod may run on",
                "Ignore" => "counts all nodes",
                _ => return None,
            }
        }
        ("SeccompProfile" | "AppArmorProfile", "type", value) => match value {
            "RuntimeDefault" => "the profile of the container runtime",
            "Localhost" => "a profile on the node, named by `localhostProfile`",
            "Unconfined" => "no profile at all",
            _ => return None,
        },
        ("PodSecurityContext", "fsGroupChangePolicy", value) => match value {
            "Always" => "sets owner and rights of all files at every start",
            "OnRootMismatch" => "sets them only where the top folder differs",
            _ => return None,
        },
        ("PodSecurityContext", "supplementalGroupsPolicy", value) => match value {
            "Merge" => "also the groups that the image gives its user",
            "Strict" => "only the groups that are written here",
            _ => return None,
        },
        ("HTTPGetAction", "scheme", value) => match value {
            "HTTP" => "plain",
            "HTTPS" => "over TLS; the certificate is not checked",
            _ => return None,
        },
        (_, "failurePolicy", value) => match value {
            "Fail" => "refuses the request when it cannot be asked",
            "Ignore" => "lets the request pass when it cannot be asked",
            _ => return None,
        },
        (_, "sideEffects", value) => match value {
            "None" => "changes nothing but its answer",
            "NoneOnDryRun" => "changes nothing else in a dry run",
            "Some" => "changes other things; only in old versions",
            "Unknown" => "not known; only in old versions",
            _ => return None,
        },
        (_, "matchPolicy", value) => match value {
            "Exact" => "only the versions that the rules name",
            "Equivalent" => "all versions of the same resource",
            _ => return None,
        },
        (_, "reinvocationPolicy", value) => match value {
            "Never" => "asked once for each request",
            "IfNeeded" => "asked again when others changed the object",
            _ => return None,
        },
        ("ValidatingAdmissionPolicyBindingSpec", "validationActions", value) => match value {
            "Deny" => "refuses the request",
            "Warn" => "warns whoever asked",
            "Audit" => "writes it into the audit log",
            _ => return None,
        },
        ("NetworkPolicySpec", "policyTypes", value) => match value {
            "Ingress" => "what comes in",
            "Egress" => "what goes out",
            _ => return None,
        },
        ("MetricSpec", "type", value) => match value {
            "Resource" => "CPU or memory of the Pods",
            "ContainerResource" => "CPU or memory of one container of the Pods",
            "Pods" => "a metric of each Pod, on average",
            "Object" => "a metric of another object",
            "External" => "a metric from outside of the cluster",
            _ => return None,
        },
        ("MetricTarget", "type", value) => match value {
            "Utilization" => "a share of what is requested, in percent",
            "AverageValue" => "an amount for each Pod",
            "Value" => "an amount in all",
            _ => return None,
        },
        ("HPAScalingRules", "selectPolicy", value) => match value {
            "Max" => "the policy with the largest change",
            "Min" => "the policy with the smallest change",
            "Disabled" => "no scaling in this direction",
            _ => return None,
        },
        ("HPAScalingPolicy", "type", value) => match value {
            "Pods" => "a number of Pods",
            "Percent" => "a share of the Pods there are",
            _ => return None,
        },
        ("PodDisruptionBudgetSpec", "unhealthyPodEvictionPolicy", value) => match value {
            "IfHealthyBudget" => "unhealthy Pods go only while enough are healthy",
            "AlwaysAllow" => "unhealthy Pods may always go",
            _ => return None,
        },
        ("CustomResourceDefinitionSpec", "scope", value) => match value {
            "Namespaced" => "objects stand in a namespace",
            "Cluster" => "objects stand for the whole cluster",
            _ => return None,
        },
        ("PolicyRule" | "RuleWithOperations" | "NamedRuleWithOperations", "apiGroups", value) => {
            match value {
                "" => "the core group: Pods, Services, ConfigMaps",
                "*" => "all groups",
                _ => return None,
            }
        }
        ("Secret", "type", value) => match value {
            "Opaque" => "any keys",
            "kubernetes.io/tls" => "a certificate and its key",
            "kubernetes.io/dockerconfigjson" => "credentials for image registries",
            "kubernetes.io/basic-auth" => "a name and a password",
            "kubernetes.io/ssh-auth" => "a private key for SSH",
            "kubernetes.io/service-account-token" => "a token of a ServiceAccount",
            "bootstrap.kubernetes.io/token" => "a token that nodes join with",
            _ => return None,
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those of which no value needs words, or whose names say it all.
    const PLAIN: &[&str] = &[
        "stopSignal",
        "usages",
        "phase",
        "status",
        "qosClass",
        "scopes",
        "scopeName",
        "ipFamilies",
        "operations",
        "scope",
        "patchType",
        "kind",
        "cachingMode",
        "procMount",
        "resourceName",
    ];

    #[test]
    fn the_enums_that_people_meet_have_meanings() {
        let set = k8s_schemas::SchemaSet::builtin();
        let schemas = set.release(k8s_schemas::KubeRelease::NEWEST);
        let mut missing = Vec::new();
        for name in schemas.definition_names() {
            let beaten = [
                "api.core.",
                "api.apps.",
                "api.batch.",
                "api.networking.",
                "api.autoscaling.v2",
                "api.policy.",
            ];
            let met = beaten.iter().any(|start| name.contains(start)) && !name.ends_with("Status");
            let Some(schema) = schemas.definition(name).filter(|_| met) else {
                continue;
            };
            let short = name.rsplit('.').next().unwrap_or(name);
            for field in schema.fields() {
                let items = field.schema.items().unwrap_or(field.schema);
                for value in items
                    .enum_values()
                    .iter()
                    .filter_map(serde_json::Value::as_str)
                {
                    let known = PLAIN.contains(&field.name) || value.is_empty();
                    if !known && meaning(short, field.name, value).is_none() {
                        missing.push(format!("{short}.{}: {value}", field.name));
                    }
                }
            }
        }
        assert_eq!(missing.join("\n"), "");
    }
}
