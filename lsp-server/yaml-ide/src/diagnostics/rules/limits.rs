//! Numbers and names that the API server takes only in bounds, where no other rule looks.

use k8s_schemas::Schema;

use super::{between, built_in, named, place};
use crate::diagnostics::report::Report;
use crate::formats::name;
use crate::object::{Object, Value};

/// A field of a definition, the least and the most that it takes.
type Bounds = (&'static str, &'static str, i64, i64);

const MAX: i64 = i32::MAX as i64;

#[rustfmt::skip] // A table, to be read by row.
const BOUNDS: &[Bounds] = &[
    ("APIServiceSpec", "groupPriorityMinimum", 1, 20_000),
    ("APIServiceSpec", "versionPriority", 1, 1000),
    ("CertificateSigningRequestSpec", "expirationSeconds", 600, MAX),
    ("FlowSchemaSpec", "matchingPrecedence", 1, 10_000),
    ("ISCSIVolumeSource", "lun", 0, 255),
    ("LeaseSpec", "leaseDurationSeconds", 1, MAX),
    ("LeaseSpec", "leaseTransitions", 0, MAX),
    ("LimitedPriorityLevelConfiguration", "nominalConcurrencyShares", 0, MAX),
    ("QueuingConfiguration", "handSize", 1, MAX),
    ("QueuingConfiguration", "queueLengthLimit", 1, MAX),
    ("QueuingConfiguration", "queues", 1, 10_000_000),
    ("ServiceAccountTokenProjection", "expirationSeconds", 600, 1 << 32),
    ("ServiceReference", "port", 1, 65_535),
    ("StatefulSetOrdinals", "start", 0, MAX),
];

/// Definitions with the bits that say who may read and write a file.
const MODES: &[(&str, &str)] = &[
    ("ConfigMapVolumeSource", "defaultMode"),
    ("DownwardAPIVolumeFile", "mode"),
    ("DownwardAPIVolumeSource", "defaultMode"),
    ("KeyToPath", "mode"),
    ("ProjectedVolumeSource", "defaultMode"),
    ("SecretVolumeSource", "defaultMode"),
];

/// What a name in a field must look like.
type Rule = fn(&str) -> Option<String>;

const NAMES: &[(&str, &str, &str, Rule)] = &[
    (
        "PodReadinessGate",
        "conditionType",
        "label-key",
        name::qualified,
    ),
    ("PodSchedulingGate", "name", "label-key", name::qualified),
    ("ConfigMapKeySelector", "key", "config-key", config_key),
    ("SecretKeySelector", "key", "config-key", config_key),
    ("PodSpec", "hostnameOverride", "invalid-name", subdomain),
    ("StorageClass", "provisioner", "label-key", provisioner),
    (
        "PersistentVolumeClaimSpec",
        "storageClassName",
        "invalid-name",
        subdomain,
    ),
    (
        "PersistentVolumeSpec",
        "storageClassName",
        "invalid-name",
        subdomain,
    ),
    ("ServicePort", "appProtocol", "label-key", name::qualified),
    ("EnvFromSource", "prefix", "env-name", prefix),
    (
        "IngressServiceBackend",
        "name",
        "invalid-name",
        name::label_1123,
    ),
    ("IngressTLS", "secretName", "invalid-name", subdomain),
    ("PodSpec", "nodeName", "invalid-name", subdomain),
    ("PodSpec", "priorityClassName", "invalid-name", subdomain),
    ("PodSpec", "runtimeClassName", "invalid-name", subdomain),
];

/// Judges the fields of the tables.
pub(super) fn check(report: &mut Report<'_>, object: Object<'_>, schema: Schema<'_>) {
    let Some(definition) = built_in(schema) else {
        return;
    };
    for (_, field, least, most) in BOUNDS.iter().filter(|row| row.0 == definition) {
        between(report, object, field, *least, *most);
    }
    for (_, field) in MODES.iter().filter(|row| row.0 == definition) {
        mode(report, object, field);
    }
    for (_, field, code, rule) in NAMES.iter().filter(|row| row.0 == definition) {
        named(report, object.get(field), code, *rule);
    }
}

/// An empty name stands for none.
fn subdomain(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| name::subdomain(text)).flatten()
}

/// Where an empty one is refused by another rule.
fn config_key(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| name::config_key(text)).flatten()
}

/// Letters are compared without their case.
fn provisioner(text: &str) -> Option<String> {
    let fits = text.is_empty() || name::qualified(&text.to_lowercase()).is_none();
    (!fits).then(|| name::qualified(text)).flatten()
}

fn prefix(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| name::env_name(text)).flatten()
}

/// The bits are written in base eight, with a zero before them: `0644`, which is 420.
fn mode(report: &mut Report<'_>, object: Object<'_>, field: &str) {
    let Some(number) = object.integer(field) else {
        return;
    };
    if (0..=0o777).contains(&number) {
        return;
    }
    let written = object.get(field).and_then(Value::raw_text);
    let octal = written.filter(|text| i64::from_str_radix(text, 8).is_ok_and(|bits| bits <= 0o777));
    let hint = octal.as_ref().map_or(String::new(), |text| {
        format!("; the bits {text} are written `0{text}`")
    });
    let message = format!("`{field}` must be from 0 to 0777, which is 511{hint}");
    let range = place(object, field);
    let complaint = report.error(range, "out-of-range", message);
    if let Some(text) = octal {
        let insert = format!("0{text}");
        complaint.replace(format!("Change to `{insert}`"), range, insert);
    }
}
