//! Names, namespaces, labels and annotations.

use k8s_schemas::{KindInfo, Scope};
use yaml_syntax::TextRange;

use crate::diagnostics::Tag;
use crate::diagnostics::report::{Report, key_range, with_article};
use crate::formats::name;
use crate::manifest::Manifest;
use crate::object::Object;

const NAMES: &str = "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/";
const LABELS: &str = "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/";
const ANNOTATIONS: &str =
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/";

const OWNERS: &str =
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/";
const FINALIZERS: &str =
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/";

/// The total of all annotations of an object.
const MAX_ANNOTATIONS: usize = 256 * 1024;

pub(super) fn manifest(report: &mut Report<'_>, manifest: &Manifest<'_>, kind: KindInfo<'_>) {
    if kind.scope() != Scope::Subresource {
        object_name(report, manifest, kind);
    }
    let Some(metadata) = manifest.object.object("metadata") else {
        return;
    };
    namespace(report, manifest, metadata, kind);
    self::metadata(report, metadata);
    finalizers(report, metadata, kind);
    controllers(report, metadata);
    written_by_server(report, manifest.object, metadata);
}

/// An object has one controller.
fn controllers(report: &mut Report<'_>, metadata: Object<'_>) {
    let owners = metadata.objects("ownerReferences");
    let mut owners = owners
        .into_iter()
        .filter(|owner| super::is(*owner, "controller", true));
    if let Some(second) = owners.nth(1) {
        let message = "an object has one controller: another owner has `controller: true`";
        super::refuse(report, second, "controller", "owner-reference", message)
            .docs(OWNERS.to_owned());
    }
}

/// Who must still do something before the object goes: a domain and a word, beside the server's own.
fn finalizers(report: &mut Report<'_>, metadata: Object<'_>, kind: KindInfo<'_>) {
    const KNOWN: [&str; 3] = ["kubernetes", "orphan", "foregroundDeletion"];
    let built_in = kind.schema().definition();
    if !built_in.is_some_and(|name| name.starts_with("io.k8s.api.")) {
        return;
    }
    for value in metadata.items("finalizers") {
        let Some(text) = value.text() else { continue };
        let fits = KNOWN.contains(&text.as_str()) || text.contains('/');
        let message = name::qualified(&text).or_else(|| {
            (!fits).then(|| {
                format!(
                    "`{text}` is no finalizer: a domain, `/` and a word, as in example.com/cleanup"
                )
            })
        });
        if let Some(message) = message {
            let complaint = report.error(value.range(), "invalid-name", message);
            complaint.docs(FINALIZERS.to_owned());
        }
    }
}

/// Labels and annotations: of objects and of templates.
pub(super) fn metadata(report: &mut Report<'_>, metadata: Object<'_>) {
    if let Some(labels) = metadata.object("labels") {
        self::labels(report, labels);
    }
    if let Some(annotations) = metadata.object("annotations") {
        self::annotations(report, annotations);
    }
}

/// Keys and values of labels, wherever labels are written.
pub(super) fn labels(report: &mut Report<'_>, labels: Object<'_>) {
    for (key, entry, value) in labels.pairs() {
        if key == "<<" {
            continue;
        }
        if let Some(message) = name::qualified(&key) {
            let complaint = report.error(key_range(entry), "label-key", message);
            complaint.docs(LABELS.to_owned());
        }
        let text = value.and_then(|value| Some((value, value.text()?)));
        if let Some((value, text)) = text
            && let Some(message) = name::label_value(&text)
        {
            let complaint = report.error(value.range(), "label-value", message);
            complaint.docs(LABELS.to_owned());
        }
    }
}

fn annotations(report: &mut Report<'_>, annotations: Object<'_>) {
    let mut total = 0;
    for (key, entry, value) in annotations.pairs() {
        if key == "<<" {
            continue;
        }
        if let Some(message) = name::qualified(&key.to_ascii_lowercase()) {
            let complaint = report.error(key_range(entry), "annotation-key", message);
            complaint.docs(ANNOTATIONS.to_owned());
        }
        let text = value.and_then(crate::object::Value::raw_text);
        total += key.len() + text.map_or(0, |text| text.len());
    }
    if total > MAX_ANNOTATIONS {
        let message =
            format!("the annotations are {total} bytes long; at most {MAX_ANNOTATIONS} are taken");
        let range = annotations.mapping().range();
        report.error(range, "annotations-too-long", message);
    }
}

fn object_name(report: &mut Report<'_>, manifest: &Manifest<'_>, kind: KindInfo<'_>) {
    // What is only asked of the server has no name, and a list in a list is none either.
    if kind.is_list()
        || matches!(
            kind.group(),
            "authentication.k8s.io" | "authorization.k8s.io"
        )
    {
        return;
    }
    let metadata = manifest.object.object("metadata");
    let Some(value) = metadata.and_then(|metadata| metadata.get("name")) else {
        if metadata.is_none_or(|metadata| !metadata.has("generateName")) {
            missing_name(report, manifest);
        }
        return;
    };
    let Some(text) = value.text() else {
        if value.is_null() {
            report.error(value.range(), "missing-name", "`name` needs a value");
        }
        return;
    };
    let Some(message) = refused(report, &text, kind) else {
        return;
    };
    let complaint = report.error(value.range(), "invalid-name", message);
    complaint.docs(NAMES.to_owned());
    if let Some(better) = name::mended(&text).filter(|better| *better != text) {
        complaint.replace(format!("Change to `{better}`"), value.range(), better);
    }
}

fn missing_name(report: &mut Report<'_>, manifest: &Manifest<'_>) {
    let object = manifest.object;
    if report.is_broken(object.mapping().range()) {
        return;
    }
    let field = if object.has("metadata") {
        "metadata"
    } else {
        "kind"
    };
    let entry = object
        .entry("kind")
        .filter(|_| field == "kind" && !object.mapping().is_flow());
    let addition = entry.map(|entry| {
        let indent = " ".repeat(report.column(entry.range().start()));
        let name = name::mended(&manifest.kind).unwrap_or_default();
        let end = TextRange::empty(entry.range().end());
        (end, format!("\n{indent}metadata:\n{indent}  name: {name}"))
    });
    let message = format!("{} needs `metadata.name`", with_article(&manifest.kind));
    let complaint = report.error(object.key_range(field), "missing-name", message);
    complaint.docs(NAMES.to_owned());
    if let Some((end, insert)) = addition {
        complaint.replace("Add `metadata.name`", end, insert);
    }
}

fn refused(report: &Report<'_>, text: &str, kind: KindInfo<'_>) -> Option<String> {
    match (kind.group(), kind.kind()) {
        // Named after what they stand for: a role of the system, a signer, an address.
        ("rbac.authorization.k8s.io" | "certificates.k8s.io", _)
        | ("networking.k8s.io", "IPAddress") => name::path_segment(text),
        ("", "Namespace") => name::label_1123(text),
        // From 1.35 on a Service may start with a digit, as other objects may.
        ("", "Service") if report.schemas().kube_release().minor() >= 35 => name::label_1123(text),
        ("", "Service") => name::label_1035(text),
        ("batch", "CronJob") if text.len() > 52 => {
            Some("the name of a CronJob has at most 52 characters: its jobs add 11 more".to_owned())
        }
        ("batch", "Job") if text.len() > 63 => Some(
            "the name of a Job has at most 63 characters: its pods carry it as a label".to_owned(),
        ),
        _ => name::subdomain(text),
    }
}

fn namespace(
    report: &mut Report<'_>,
    manifest: &Manifest<'_>,
    metadata: Object<'_>,
    kind: KindInfo<'_>,
) {
    let Some(value) = metadata.get("namespace").filter(|value| !value.is_null()) else {
        return;
    };
    if kind.scope() == Scope::Cluster {
        let message = format!(
            "{} belongs to the whole cluster; `namespace` means nothing here",
            with_article(&manifest.kind)
        );
        let gone = metadata
            .entry("namespace")
            .map(|entry| report.whole_lines(entry.range()));
        let complaint = report.warning(
            metadata.key_range("namespace"),
            "namespace-ignored",
            message,
        );
        if let Some(gone) = gone {
            complaint.replace("Remove `namespace`", gone, "");
        }
        complaint.tags.push(Tag::Unnecessary);
        return;
    }
    super::named(report, Some(value), "invalid-namespace", name::label_1123);
}

/// Fields that the server writes: left over from `kubectl get -o yaml`.
fn written_by_server(report: &mut Report<'_>, object: Object<'_>, metadata: Object<'_>) {
    const FIELDS: [&str; 5] = [
        "uid",
        "resourceVersion",
        "managedFields",
        "selfLink",
        "generation",
    ];
    let left_over = FIELDS.iter().filter_map(|field| metadata.entry(field));
    let status = object.entry("status").filter(|entry| {
        let value = entry.value().and_then(yaml_syntax::Node::as_mapping);
        value.is_some_and(|mapping| mapping.entries().next().is_some())
    });
    for entry in left_over.chain(status) {
        let name = entry.key_text().unwrap_or_default().into_owned();
        let gone = report.whole_lines(entry.range());
        let message = format!("`{name}` is written by the server; it is not part of what you want");
        report
            .info(key_range(entry), "server-field", message)
            .replace(format!("Remove `{name}`"), gone, "")
            .tags
            .push(Tag::Unnecessary);
    }
}
