//! Annotations that became fields, and labels of nodes that have other names by now.

use yaml_syntax::{Entry, TextRange};

use super::Tag;
use super::report::{Report, key_range};
use crate::migrate::{self, Field};
use crate::object::{Object, Value};
use crate::rename::TextEdit;

const ANNOTATIONS: &str = "https://kubernetes.io/docs/reference/labels-annotations-taints/";

/// An annotation: whose it is, its key (or the start of it), what is written instead.
struct Row {
    kind: &'static str,
    key: &'static str,
    instead: &'static str,
    becomes: Becomes,
}

/// How an annotation is replaced.
enum Becomes {
    /// The key alone is another one.
    Key,
    /// A field in this part of the object, with the same value.
    Field(&'static [&'static str], &'static str),
    /// Fields that follow from the value.
    Fields(&'static [&'static str], fn(&str) -> Option<Field<'static>>),
    /// A person must decide.
    Nothing,
}

const fn row(
    kind: &'static str,
    key: &'static str,
    instead: &'static str,
    becomes: Becomes,
) -> Row {
    Row {
        kind,
        key,
        instead,
        becomes,
    }
}

const SPEC: &[&str] = &["spec"];

#[rustfmt::skip] // A table, to be read by row.
static REPLACED: &[Row] = &[
    row("Ingress", "kubernetes.io/ingress.class", "spec.ingressClassName", Becomes::Field(SPEC, "ingressClassName")),
    row("PersistentVolumeClaim", "volume.beta.kubernetes.io/storage-class", "spec.storageClassName", Becomes::Field(SPEC, "storageClassName")),
    row("PersistentVolume", "volume.beta.kubernetes.io/storage-class", "spec.storageClassName", Becomes::Field(SPEC, "storageClassName")),
    row("PersistentVolume", "volume.beta.kubernetes.io/mount-options", "spec.mountOptions", Becomes::Fields(SPEC, options)),
    row("StorageClass", "storageclass.beta.kubernetes.io/is-default-class", "storageclass.kubernetes.io/is-default-class", Becomes::Key),
    row("Service", "service.alpha.kubernetes.io/tolerate-unready-endpoints", "spec.publishNotReadyAddresses", Becomes::Fields(SPEC, unready)),
    row("Service", "service.kubernetes.io/topology-aware-hints", "spec.trafficDistribution", Becomes::Nothing),
    row("Service", "service.kubernetes.io/topology-mode", "spec.trafficDistribution", Becomes::Nothing),
    row("Pod", "seccomp.security.alpha.kubernetes.io/pod", "spec.securityContext.seccompProfile", Becomes::Fields(SPEC, seccomp)),
    row("Pod", "container.seccomp.security.alpha.kubernetes.io/", "securityContext.seccompProfile of the container", Becomes::Nothing),
    row("Pod", "container.apparmor.security.beta.kubernetes.io/", "securityContext.appArmorProfile of the container", Becomes::Nothing),
    row("Pod", "scheduler.alpha.kubernetes.io/critical-pod", "spec.priorityClassName", Becomes::Nothing),
    row("Pod", "scheduler.alpha.kubernetes.io/affinity", "spec.affinity", Becomes::Nothing),
    row("Pod", "scheduler.alpha.kubernetes.io/tolerations", "spec.tolerations", Becomes::Nothing),
    row("ServiceAccount", "kubernetes.io/enforce-mountable-secrets", "separate namespaces", Becomes::Nothing),
];

/// Labels and taints of nodes, and what they are called now.
const NODE_LABELS: [(&str, &str); 6] = [
    ("beta.kubernetes.io/arch", "kubernetes.io/arch"),
    (
        "beta.kubernetes.io/instance-type",
        "node.kubernetes.io/instance-type",
    ),
    ("beta.kubernetes.io/os", "kubernetes.io/os"),
    (
        "failure-domain.beta.kubernetes.io/region",
        "topology.kubernetes.io/region",
    ),
    (
        "failure-domain.beta.kubernetes.io/zone",
        "topology.kubernetes.io/zone",
    ),
    (
        "node-role.kubernetes.io/master",
        "node-role.kubernetes.io/control-plane",
    ),
];

/// Says which label of nodes is written instead of `key`.
pub(super) fn node_label(report: &mut Report<'_>, key: &str, range: TextRange) {
    let Some((_, new)) = NODE_LABELS.iter().find(|(old, _)| *old == key) else {
        return;
    };
    let message = format!("the label `{key}` is deprecated; nodes have `{new}`");
    let complaint = report.info(range, "deprecated-label", message);
    complaint
        .docs(ANNOTATIONS.to_owned())
        .replace(format!("Rename to `{new}`"), range, *new)
        .tags
        .push(Tag::Deprecated);
}

/// Judges the annotations of an object of this kind, or of the template of one.
pub(super) fn annotations(report: &mut Report<'_>, object: Object<'_>, kind: &str) {
    let annotations = object.at(&["metadata", "annotations"]);
    let Some(annotations) = annotations.and_then(Value::object) else {
        return;
    };
    for (key, entry, value) in annotations.pairs() {
        let row = REPLACED.iter().find(|row| {
            row.kind == kind
                && (row.key == key || row.key.ends_with('/') && key.starts_with(row.key))
        });
        let Some(row) = row else {
            continue;
        };
        if row.key == "kubernetes.io/ingress.class"
            && object.at(&["spec", "ingressClassName"]).is_some()
        {
            both_classes(report, entry);
            continue;
        }
        let message = format!(
            "the annotation `{key}` is deprecated; write `{}`",
            row.instead
        );
        let fix = value.and_then(|value| mended(report, object, row, entry, value));
        let complaint = report.info(key_range(entry), "deprecated-field", message);
        complaint
            .docs(ANNOTATIONS.to_owned())
            .tags
            .push(Tag::Deprecated);
        if let Some(edits) = fix {
            complaint.fix(format!("Change to `{}`", row.instead), edits);
        }
    }
}

fn both_classes(report: &mut Report<'_>, entry: Entry<'_>) {
    let message =
        "a new Ingress cannot have both `kubernetes.io/ingress.class` and `spec.ingressClassName`";
    let gone = report.whole_lines(entry.range());
    report
        .warning(key_range(entry), "ingress-class", message)
        .replace("Remove the annotation", gone, "");
}

/// The annotation taken away, and the field written that took its place.
fn mended(
    report: &Report<'_>,
    object: Object<'_>,
    row: &Row,
    entry: Entry<'_>,
    value: Value<'_>,
) -> Option<Vec<TextEdit>> {
    let (way, field) = match &row.becomes {
        Becomes::Key => {
            let range = key_range(entry);
            let insert = row.instead.to_owned();
            return Some(vec![TextEdit { range, insert }]);
        }
        Becomes::Field(way, name) => (way, Field::Value(name, report.text(value.range()))),
        Becomes::Fields(way, fields) => (way, fields(&value.text()?)?),
        Becomes::Nothing => return None,
    };
    let mut owner = object.at(way)?.object()?;
    let mut field = field;
    // The field may have others beside it.
    while let Field::Object(name, inner) = &mut field {
        if !owner.has(name) {
            break;
        }
        owner = owner.object(name)?;
        field = inner.pop()?;
    }
    let (Field::Value(name, _) | Field::Object(name, _)) = &field else {
        return None;
    };
    if owner.has(name) {
        return None;
    }
    let mut edits = vec![
        TextEdit {
            range: gone(report, object, entry)?,
            insert: String::new(),
        },
        migrate::first(report.source()?, owner, &field)?,
    ];
    edits.sort_by_key(|edit| edit.range.start());
    Some(edits)
}

/// The lines of an annotation; those of all annotations if it is the only one.
fn gone(report: &Report<'_>, object: Object<'_>, entry: Entry<'_>) -> Option<TextRange> {
    let metadata = object.object("metadata")?;
    let annotations = metadata.entry("annotations")?;
    let mapping = annotations.value()?.as_mapping()?;
    if metadata.mapping().is_flow() {
        return None;
    }
    if mapping.entries().count() == 1 {
        return Some(report.whole_lines(annotations.range()));
    }
    (!mapping.is_flow()).then(|| report.whole_lines(entry.range()))
}

fn unready(value: &str) -> Option<Field<'static>> {
    (value == "true").then(|| Field::Value("publishNotReadyAddresses", "true".to_owned()))
}

fn options(value: &str) -> Option<Field<'static>> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ',' | '.' | '_' | '-' | '=');
    let list = format!("[{}]", value.replace(',', ", "));
    value
        .chars()
        .all(plain)
        .then_some(Field::Value("mountOptions", list))
}

fn seccomp(value: &str) -> Option<Field<'static>> {
    let text = |field, text: &str| Field::Value(field, text.to_owned());
    let profile = if let Some(file) = value.strip_prefix("localhost/") {
        vec![text("type", "Localhost"), text("localhostProfile", file)]
    } else {
        let ty = match value {
            "runtime/default" | "docker/default" => "RuntimeDefault",
            "unconfined" => "Unconfined",
            _ => return None,
        };
        vec![text("type", ty)]
    };
    let profile = Field::Object("seccompProfile", profile);
    Some(Field::Object("securityContext", vec![profile]))
}
