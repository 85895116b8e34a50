//! What a custom resource definition says beside its schemas: names, columns, scaling, conversion.

use super::{choice, is, refuse};
use crate::diagnostics::report::Report;
use crate::formats::name;
use crate::manifest::Manifest;
use crate::object::{Object, Value};

const CRD: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/";
const CONVERSION: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/";

pub(super) fn check(report: &mut Report<'_>, manifest: &Manifest<'_>, spec: Object<'_>) {
    approval(report, manifest, spec);
    if let Some(names) = spec.object("names") {
        self::names(report, names);
    }
    for version in spec.objects("versions") {
        columns(report, version);
        if let Some(scale) = version
            .object("subresources")
            .and_then(|it| it.object("scale"))
        {
            scaling(report, scale);
        }
        if version.says("deprecationWarning") && !is(version, "deprecated", true) {
            let message = "`deprecationWarning` needs `deprecated: true`";
            let range = version.key_range("deprecationWarning");
            report
                .error(range, "crd-versions", message)
                .docs(CRD.to_owned());
        }
    }
    if let Some(conversion) = spec.object("conversion") {
        self::conversion(report, conversion);
    }
}

/// Groups of the Kubernetes project itself are reviewed.
fn approval(report: &mut Report<'_>, manifest: &Manifest<'_>, spec: Object<'_>) {
    const ANNOTATION: &str = "api-approved.kubernetes.io";
    let group = spec.text("group").unwrap_or_default();
    let is_protected = [".k8s.io", ".kubernetes.io"]
        .iter()
        .any(|end| group.ends_with(end));
    let metadata = manifest.object.object("metadata");
    let annotations = metadata.and_then(|metadata| metadata.object("annotations"));
    if is_protected && !annotations.is_some_and(|it| it.says(ANNOTATION)) {
        let message = format!(
            "`{group}` is a group of Kubernetes itself: take one of your own, or add the annotation `{ANNOTATION}`"
        );
        refuse(report, spec, "group", "crd-names", message).docs(CRD.to_owned());
    }
}

fn names(report: &mut Report<'_>, names: Object<'_>) {
    for field in ["kind", "listKind"] {
        let lower = names.text(field).map(|kind| kind.to_lowercase());
        if lower.is_some_and(|kind| !kind.is_empty() && name::label_1035(&kind).is_some()) {
            let message =
                format!("`{field}` has letters, digits and `-` only, and starts with a letter");
            refuse(report, names, field, "crd-names", message).docs(CRD.to_owned());
        }
    }
    for field in ["shortNames", "categories"] {
        for value in names.items(field) {
            super::named(report, Some(value), "crd-names", name::label_1035);
        }
    }
}

/// What `kubectl get` shows of an object.
fn columns(report: &mut Report<'_>, version: Object<'_>) {
    const TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];
    const FORMATS: [&str; 9] = [
        "byte",
        "date",
        "date-time",
        "double",
        "float",
        "int32",
        "int64",
        "password",
        "",
    ];
    for column in version.objects("additionalPrinterColumns") {
        let ty = column.text("type").unwrap_or_default();
        if !ty.is_empty() && !TYPES.contains(&ty.as_str()) {
            let message = format!(
                "`{ty}` is no type of a column; use {}",
                choice(&TYPES, "or")
            );
            refuse(report, column, "type", "crd-versions", message).docs(CRD.to_owned());
        }
        let format = column.text("format").unwrap_or_default();
        if !FORMATS.contains(&format.as_str()) {
            let message = format!("`{format}` is no format of a column");
            refuse(report, column, "format", "crd-versions", message).docs(CRD.to_owned());
        }
    }
}

/// Where the numbers stand that `kubectl scale` reads and writes.
fn scaling(report: &mut Report<'_>, scale: Object<'_>) {
    let paths = [
        ("specReplicasPath", ".spec."),
        ("statusReplicasPath", ".status."),
        ("labelSelectorPath", ""),
    ];
    for (field, start) in paths {
        let Some(path) = scale.text(field).filter(|path| !path.is_empty()) else {
            continue;
        };
        let is_known = [".spec.", ".status."].iter().any(|it| path.starts_with(it));
        let message = if path.contains('[') {
            format!("`{field}` is a plain path, without items of lists")
        } else if !path.starts_with(start) {
            format!("`{field}` starts with `{start}`")
        } else if !is_known {
            format!("`{field}` starts with `.spec.` or `.status.`")
        } else {
            continue;
        };
        refuse(report, scale, field, "crd-versions", message).docs(CRD.to_owned());
    }
}

/// How objects of one version become those of another.
fn conversion(report: &mut Report<'_>, conversion: Object<'_>) {
    let by_webhook = conversion.text("strategy").as_deref() == Some("Webhook");
    if conversion.says("webhook") && !by_webhook {
        let message = "`webhook` needs `strategy: Webhook`";
        let range = conversion.key_range("webhook");
        report
            .error(range, "crd-versions", message)
            .docs(CONVERSION.to_owned());
    }
    let webhook = conversion.object("webhook");
    let versions = webhook.map(|webhook| webhook.items("conversionReviewVersions"));
    let versions: Vec<Value<'_>> = versions.unwrap_or_default();
    let is_known = |it: &Value<'_>| matches!(it.text().as_deref(), Some("v1" | "v1beta1"));
    if let Some(webhook) =
        webhook.filter(|_| !versions.is_empty() && !versions.iter().any(is_known))
    {
        let message = "`conversionReviewVersions` must hold v1 or v1beta1";
        refuse(
            report,
            webhook,
            "conversionReviewVersions",
            "crd-versions",
            message,
        )
        .docs(CONVERSION.to_owned());
    }
}
