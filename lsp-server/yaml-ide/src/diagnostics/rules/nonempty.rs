//! Texts, lists and maps that the API server does not take empty, though the schema does.

use k8s_schemas::Schema;
use yaml_syntax::Node;

use super::{built_in, first_key};
use crate::diagnostics::report::Report;
use crate::object::{Object, Value};

/// A definition, and its fields that may not be empty where they are written.
#[rustfmt::skip] // A table, to be read by row.
const WRITTEN: &[(&str, &[&str])] = &[
    ("AggregationRule", &["clusterRoleSelectors"]),
    ("CSIPersistentVolumeSource", &["driver", "volumeHandle"]),
    ("CSIVolumeSource", &["driver"]),
    ("ConfigMapKeySelector", &["key"]),
    ("Container", &["image"]),
    ("ContainerResourceMetricSource", &["container", "name"]),
    ("CrossVersionObjectReference", &["kind", "name"]),
    ("HTTPHeader", &["name"]),
    ("HTTPIngressRuleValue", &["paths"]),
    ("HostPathVolumeSource", &["path"]),
    ("ISCSIVolumeSource", &["targetPortal", "iqn"]),
    ("KeyToPath", &["key", "path"]),
    ("LocalVolumeSource", &["path"]),
    ("MatchCondition", &["name", "expression"]),
    ("MetricIdentifier", &["name"]),
    ("MutatingWebhook", &["admissionReviewVersions"]),
    ("NFSVolumeSource", &["server", "path"]),
    ("OwnerReference", &["apiVersion", "kind", "name", "uid"]),
    ("PersistentVolumeClaimVolumeSource", &["claimName"]),
    ("PodSpec", &["containers"]),
    ("ResourceMetricSource", &["name"]),
    ("RoleRef", &["name"]),
    ("SecretKeySelector", &["key"]),
    ("ServiceAccountTokenProjection", &["path"]),
    ("ServiceReference", &["name", "namespace"]),
    ("StorageClass", &["provisioner"]),
    ("Subject", &["name"]),
    ("TopologySelectorLabelRequirement", &["key", "values"]),
    ("ValidatingWebhook", &["admissionReviewVersions"]),
    ("ValidationRule", &["rule"]),
    ("VolumeAttributesClass", &["driverName", "parameters"]),
    ("VolumeDevice", &["name", "devicePath"]),
    ("VolumeMount", &["name", "mountPath"]),
    ("WebhookConversion", &["conversionReviewVersions"]),
];

/// A definition, and its fields that must also be written, though the schema does not say so.
#[rustfmt::skip] // A table, to be read by row.
const NEEDED: &[(&str, &[&str])] = &[
    ("RuleWithOperations", &["operations", "apiGroups", "apiVersions", "resources"]),
    ("NamedRuleWithOperations", &["operations", "apiGroups", "apiVersions", "resources"]),
    ("WebhookConversion", &["clientConfig"]),
];

/// Judges the fields of the tables.
pub(super) fn check(report: &mut Report<'_>, object: Object<'_>, schema: Schema<'_>) {
    let Some(definition) = built_in(schema) else {
        return;
    };
    for field in fields(WRITTEN, definition).chain(fields(NEEDED, definition)) {
        if let Some(value) = object.get(field).filter(|value| is_empty(*value)) {
            let message = format!("`{field}` may not be empty");
            report
                .error(value.range(), "missing-field", message)
                .docs(schema.docs_url());
        }
    }
    for field in fields(NEEDED, definition) {
        if !object.says(field) && !report.is_broken(object.mapping().range()) {
            let message = format!("`{field}` is required here");
            report
                .error(first_key(object), "missing-field", message)
                .docs(schema.docs_url());
        }
    }
}

fn fields<'t>(
    table: &'t [(&str, &'t [&'t str])],
    definition: &str,
) -> impl Iterator<Item = &'t str> {
    let rows = table.iter().filter(move |row| row.0 == definition);
    rows.flat_map(|row| row.1).copied()
}

fn is_empty(value: Value<'_>) -> bool {
    match value.node() {
        Some(Node::Scalar(_)) => value.text().is_some_and(|text| text.is_empty()),
        Some(Node::Sequence(_)) => value.items().is_empty(),
        Some(Node::Mapping(mapping)) => mapping.entries().next().is_none(),
        Some(Node::Alias(_)) | None => false,
    }
}
