//! Which columns each kind has.

use serde_json::{Value, json};

use super::cells as cell;
use super::{age, cells};
use crate::resources::Resource;
use crate::value::{at, items, name, text};

/// One column, and how its cell is made.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) ty: &'static str,
    pub(super) format: &'static str,
    pub(super) description: &'static str,
    pub(super) priority: u8,
    source: Source,
}

enum Source {
    Function(fn(&Value) -> Value),
    /// A JSON path of a CRD, and the type of its value.
    Path(String, String),
}

impl Column {
    pub(super) fn cell(&self, object: &Value) -> Value {
        match &self.source {
            Source::Function(function) => function(object),
            Source::Path(path, ty) => cells::by_path(object, path, ty),
        }
    }
}

type Spec = (&'static str, u8, fn(&Value) -> Value);

/// The columns of a kind; name and age where nothing else is known.
pub(super) fn of(resource: &Resource) -> Vec<Column> {
    let mut columns = vec![column("Name", 0, |it| json!(name(it)), "name")];
    if let Some(custom) = &resource.custom {
        if custom.columns.is_empty() {
            columns.push(column("Age", 0, created, ""));
        }
        for given in &custom.columns {
            columns.push(Column {
                name: text(given, "name").to_owned(),
                ty: match text(given, "type") {
                    "integer" => "integer",
                    "number" => "number",
                    "boolean" => "boolean",
                    "date" => "date",
                    _ => "string",
                },
                format: "",
                description: "",
                priority: given["priority"]
                    .as_u64()
                    .map_or(0, |it| u8::try_from(it).unwrap_or(1)),
                source: Source::Path(
                    text(given, "jsonPath").to_owned(),
                    text(given, "type").to_owned(),
                ),
            });
        }
        return columns;
    }
    let specs = specs(&resource.kind);
    columns.extend(
        specs
            .iter()
            .map(|(name, priority, function)| column(name, *priority, *function, "")),
    );
    if resource.kind == "Event" {
        columns.remove(0);
        columns.push(column("Name", 1, |it| json!(name(it)), "name"));
    }
    columns
}

fn column(name: &str, priority: u8, function: fn(&Value) -> Value, format: &'static str) -> Column {
    Column {
        name: name.to_owned(),
        ty: if matches!(
            name,
            "Desired" | "Current" | "Up-to-date" | "Available" | "Data" | "Secrets"
        ) {
            "integer"
        } else {
            "string"
        },
        format,
        description: "",
        priority,
        source: Source::Function(function),
    }
}

fn created(object: &Value) -> Value {
    age(text(object, "metadata.creationTimestamp")).into()
}

macro_rules! at_path {
    ($path:literal) => {
        |it: &Value| at(it, $path).cloned().unwrap_or_else(|| "<none>".into())
    };
    ($path:literal, $otherwise:expr) => {
        |it: &Value| at(it, $path).cloned().unwrap_or_else(|| $otherwise.into())
    };
}

#[expect(clippy::too_many_lines, reason = "a table, one entry a kind")]
fn specs(kind: &str) -> Vec<Spec> {
    match kind {
        "Pod" => vec![
            ("Ready", 0, cell::pod_ready),
            ("Status", 0, |it| cell::pod_status(it).into()),
            ("Restarts", 0, cell::pod_restarts),
            ("Age", 0, created),
            ("IP", 1, at_path!("status.podIP")),
            ("Node", 1, at_path!("spec.nodeName")),
            ("Nominated Node", 1, at_path!("status.nominatedNodeName")),
            ("Readiness Gates", 1, |_| "<none>".into()),
        ],
        "Deployment" => vec![
            ("Ready", 0, |it| {
                cell::fraction(it, "status.readyReplicas", "spec.replicas")
            }),
            ("Up-to-date", 0, at_path!("status.updatedReplicas", 0)),
            ("Available", 0, at_path!("status.availableReplicas", 0)),
            ("Age", 0, created),
            ("Containers", 1, cell::containers),
            ("Images", 1, cell::images),
            ("Selector", 1, cell::selector),
        ],
        "ReplicaSet" | "ReplicationController" => vec![
            ("Desired", 0, at_path!("spec.replicas", 0)),
            ("Current", 0, at_path!("status.replicas", 0)),
            ("Ready", 0, at_path!("status.readyReplicas", 0)),
            ("Age", 0, created),
            ("Containers", 1, cell::containers),
            ("Images", 1, cell::images),
            ("Selector", 1, cell::selector),
        ],
        "StatefulSet" => vec![
            ("Ready", 0, |it| {
                cell::fraction(it, "status.readyReplicas", "spec.replicas")
            }),
            ("Age", 0, created),
            ("Containers", 1, cell::containers),
            ("Images", 1, cell::images),
        ],
        "DaemonSet" => vec![
            ("Desired", 0, at_path!("status.desiredNumberScheduled", 0)),
            ("Current", 0, at_path!("status.currentNumberScheduled", 0)),
            ("Ready", 0, at_path!("status.numberReady", 0)),
            (
                "Up-to-date",
                0,
                at_path!("status.updatedNumberScheduled", 0),
            ),
            ("Available", 0, at_path!("status.numberAvailable", 0)),
            ("Node Selector", 0, |it| {
                cell::labels_of(it, "spec.template.spec.nodeSelector")
            }),
            ("Age", 0, created),
            ("Containers", 1, cell::containers),
            ("Images", 1, cell::images),
            ("Selector", 1, cell::selector),
        ],
        "Job" => vec![
            ("Status", 0, cell::job_status),
            ("Completions", 0, cell::job_completions),
            ("Duration", 0, cell::job_duration),
            ("Age", 0, created),
            ("Containers", 1, cell::containers),
            ("Images", 1, cell::images),
            ("Selector", 1, cell::selector),
        ],
        "CronJob" => vec![
            ("Schedule", 0, at_path!("spec.schedule")),
            ("Timezone", 0, at_path!("spec.timeZone")),
            ("Suspend", 0, |it| cell::capital_bool(it, "spec.suspend")),
            ("Active", 0, |it| items(it, "status.active").len().into()),
            ("Last Schedule", 0, |it| {
                cell::age_of(it, "status.lastScheduleTime")
            }),
            ("Age", 0, created),
        ],
        "Service" => vec![
            ("Type", 0, at_path!("spec.type")),
            ("Cluster-IP", 0, at_path!("spec.clusterIP")),
            ("External-IP", 0, cell::external_ip),
            ("Port(s)", 0, cell::service_ports),
            ("Age", 0, created),
            ("Selector", 1, |it| cell::labels_of(it, "spec.selector")),
        ],
        "Ingress" => vec![
            ("Class", 0, at_path!("spec.ingressClassName")),
            ("Hosts", 0, cell::ingress_hosts),
            ("Address", 0, cell::ingress_address),
            ("Ports", 0, |it| {
                if items(it, "spec.tls").is_empty() {
                    "80".into()
                } else {
                    "80, 443".into()
                }
            }),
            ("Age", 0, created),
        ],
        "ConfigMap" => vec![
            ("Data", 0, |it| cell::count(it, &["data", "binaryData"])),
            ("Age", 0, created),
        ],
        "Secret" => vec![
            ("Type", 0, at_path!("type")),
            ("Data", 0, |it| cell::count(it, &["data"])),
            ("Age", 0, created),
        ],
        "Namespace" => vec![("Status", 0, at_path!("status.phase")), ("Age", 0, created)],
        "Node" => vec![
            ("Status", 0, cell::node_status),
            ("Roles", 0, |_| "<none>".into()),
            ("Age", 0, created),
            ("Version", 0, at_path!("status.nodeInfo.kubeletVersion")),
            ("Internal-IP", 1, |_| "127.0.0.1".into()),
            ("External-IP", 1, |_| "<none>".into()),
            ("OS-Image", 1, at_path!("status.nodeInfo.osImage")),
            (
                "Kernel-Version",
                1,
                at_path!("status.nodeInfo.kernelVersion"),
            ),
            (
                "Container-Runtime",
                1,
                at_path!("status.nodeInfo.containerRuntimeVersion"),
            ),
        ],
        "ServiceAccount" => vec![
            ("Secrets", 0, |it| items(it, "secrets").len().into()),
            ("Age", 0, created),
        ],
        "PersistentVolumeClaim" => vec![
            ("Status", 0, at_path!("status.phase")),
            ("Volume", 0, at_path!("spec.volumeName", "")),
            ("Capacity", 0, at_path!("status.capacity.storage", "")),
            ("Access Modes", 0, |it| {
                cell::access_modes(it, "status.accessModes")
            }),
            ("StorageClass", 0, at_path!("spec.storageClassName", "")),
            (
                "VolumeAttributesClass",
                0,
                at_path!("spec.volumeAttributesClassName", "<unset>"),
            ),
            ("Age", 0, created),
            ("VolumeMode", 1, at_path!("spec.volumeMode", "<unset>")),
        ],
        "PersistentVolume" => vec![
            ("Capacity", 0, at_path!("spec.capacity.storage", "")),
            ("Access Modes", 0, |it| {
                cell::access_modes(it, "spec.accessModes")
            }),
            (
                "Reclaim Policy",
                0,
                at_path!("spec.persistentVolumeReclaimPolicy", ""),
            ),
            ("Status", 0, at_path!("status.phase")),
            ("Claim", 0, cell::claim),
            ("StorageClass", 0, at_path!("spec.storageClassName", "")),
            (
                "VolumeAttributesClass",
                0,
                at_path!("spec.volumeAttributesClassName", "<unset>"),
            ),
            ("Reason", 0, at_path!("status.reason", "")),
            ("Age", 0, created),
            ("VolumeMode", 1, at_path!("spec.volumeMode", "<unset>")),
        ],
        "StorageClass" => vec![
            ("Provisioner", 0, at_path!("provisioner")),
            ("ReclaimPolicy", 0, at_path!("reclaimPolicy")),
            ("VolumeBindingMode", 0, at_path!("volumeBindingMode")),
            (
                "AllowVolumeExpansion",
                0,
                at_path!("allowVolumeExpansion", false),
            ),
            ("Age", 0, created),
        ],
        "HorizontalPodAutoscaler" => vec![
            ("Reference", 0, cell::scale_target),
            ("Targets", 0, cell::targets),
            ("MinPods", 0, at_path!("spec.minReplicas", "<unset>")),
            ("MaxPods", 0, at_path!("spec.maxReplicas", 0)),
            ("Replicas", 0, at_path!("status.currentReplicas", 0)),
            ("Age", 0, created),
        ],
        "PodDisruptionBudget" => vec![
            ("Min Available", 0, at_path!("spec.minAvailable", "N/A")),
            ("Max Unavailable", 0, at_path!("spec.maxUnavailable", "N/A")),
            (
                "Allowed Disruptions",
                0,
                at_path!("status.disruptionsAllowed", 0),
            ),
            ("Age", 0, created),
        ],
        "NetworkPolicy" => vec![("Pod-Selector", 0, cell::pod_selector), ("Age", 0, created)],
        "Role" | "ClusterRole" => vec![("Created At", 0, at_path!("metadata.creationTimestamp"))],
        "RoleBinding" | "ClusterRoleBinding" => vec![
            ("Role", 0, |it| {
                format!("{}/{}", text(it, "roleRef.kind"), text(it, "roleRef.name")).into()
            }),
            ("Age", 0, created),
        ],
        "Event" => vec![
            ("Last Seen", 0, cell::last_seen),
            ("Type", 0, at_path!("type", "")),
            ("Reason", 0, at_path!("reason", "")),
            ("Object", 0, cell::involved),
            ("Subobject", 1, at_path!("involvedObject.fieldPath", "")),
            ("Source", 1, at_path!("source.component", "")),
            ("Message", 0, |it| {
                at(it, "message")
                    .or_else(|| at(it, "note"))
                    .cloned()
                    .unwrap_or_default()
            }),
            ("First Seen", 1, |it| cell::age_of(it, "firstTimestamp")),
            ("Count", 1, at_path!("count", 1)),
        ],
        "EndpointSlice" => vec![
            ("AddressType", 0, at_path!("addressType")),
            ("Ports", 0, cell::slice_ports),
            ("Endpoints", 0, cell::slice_addresses),
            ("Age", 0, created),
        ],
        "Endpoints" => vec![("Endpoints", 0, |_| "<none>".into()), ("Age", 0, created)],
        "CustomResourceDefinition" => {
            vec![("Created At", 0, at_path!("metadata.creationTimestamp"))]
        }
        "ResourceQuota" => vec![
            ("Age", 0, created),
            ("Request", 0, |_| "".into()),
            ("Limit", 0, |_| "".into()),
        ],
        "LimitRange" => vec![("Created At", 0, at_path!("metadata.creationTimestamp"))],
        "PriorityClass" => vec![
            ("Value", 0, at_path!("value", 0)),
            ("Global-Default", 0, at_path!("globalDefault", false)),
            ("Age", 0, created),
            ("PreemptionPolicy", 0, at_path!("preemptionPolicy", "")),
        ],
        "IngressClass" => vec![
            ("Controller", 0, at_path!("spec.controller")),
            ("Parameters", 0, at_path!("spec.parameters.name")),
            ("Age", 0, created),
        ],
        "Lease" => vec![
            ("Holder", 0, at_path!("spec.holderIdentity", "")),
            ("Age", 0, created),
        ],
        "ControllerRevision" => vec![
            ("Controller", 0, cell::owner),
            ("Revision", 0, at_path!("revision", 0)),
            ("Age", 0, created),
        ],
        "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration" => vec![
            ("Webhooks", 0, |it| items(it, "webhooks").len().into()),
            ("Age", 0, created),
        ],
        "APIService" => vec![
            ("Service", 0, |_| "Local".into()),
            ("Available", 0, |_| "True".into()),
            ("Age", 0, created),
        ],
        _ => vec![("Age", 0, created)],
    }
}
