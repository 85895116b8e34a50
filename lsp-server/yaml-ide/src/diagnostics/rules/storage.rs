//! Volumes of the cluster, and claims on them.

use super::{exactly_one, refuse};
use crate::alternatives;
use crate::diagnostics::report::Report;
use crate::formats::quantity;
use crate::object::Object;

const VOLUMES: &str = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/";
const CLASSES: &str = "https://kubernetes.io/docs/concepts/storage/storage-classes/";

pub(super) fn claim(report: &mut Report<'_>, spec: Object<'_>) {
    access_modes(report, spec);
    source(report, spec);
    let resources = spec.object("resources");
    let storage = spec.at(&["resources", "requests", "storage"]);
    match storage {
        None if report.is_broken(spec.mapping().range()) => {}
        None if resources.is_some_and(|it| report.is_broken(it.mapping().range())) => {}
        None => {
            let range = if spec.has("resources") {
                spec.key_range("resources")
            } else {
                super::first_key(spec)
            };
            let message = "a claim needs `resources.requests.storage`";
            report
                .error(range, "claim-size", message)
                .docs(VOLUMES.to_owned());
        }
        Some(value) => {
            let amount = value.raw_text().and_then(|text| quantity::parse(&text));
            let nothing =
                amount.is_some_and(|amount| amount.is_negative() || amount.as_number() == "0");
            if nothing {
                let message = "`storage` must be more than 0";
                report.error(value.range(), "claim-size", message);
            }
        }
    }
}

fn access_modes(report: &mut Report<'_>, spec: Object<'_>) {
    let modes = spec.items("accessModes");
    if modes.is_empty() && !report.is_broken(spec.mapping().range()) {
        let range = if spec.has("accessModes") {
            spec.key_range("accessModes")
        } else {
            super::first_key(spec)
        };
        let message = "`accessModes` needs at least one mode";
        report
            .error(range, "access-modes", message)
            .docs(VOLUMES.to_owned());
    }
    let alone = modes
        .iter()
        .any(|mode| mode.text().as_deref() == Some("ReadWriteOncePod"));
    if alone && modes.len() > 1 {
        let message = "`ReadWriteOncePod` cannot be combined with other access modes";
        refuse(report, spec, "accessModes", "access-modes", message).docs(VOLUMES.to_owned());
    }
}

pub(super) fn volume(report: &mut Report<'_>, object: Object<'_>) {
    let Some(spec) = object.object("spec") else {
        return;
    };
    access_modes(report, spec);
    exactly_one(
        report,
        spec,
        alternatives::PERSISTENT_VOLUME,
        "a PersistentVolume",
        "volume-source",
    );
    let size = spec.at(&["capacity", "storage"]);
    if size.is_none() && !report.is_broken(spec.mapping().range()) {
        let message = "a PersistentVolume needs `capacity.storage`";
        report
            .error(super::first_key(spec), "claim-size", message)
            .docs(VOLUMES.to_owned());
    }
    if spec.says("local") && spec.at(&["nodeAffinity", "required"]).is_none() {
        let message = "a local volume needs `nodeAffinity`: it exists on one node only";
        report
            .error(spec.key_range("local"), "local-volume", message)
            .docs(VOLUMES.to_owned());
    }
}

/// What is done with the volumes of a class.
pub(super) fn class(report: &mut Report<'_>, class: Object<'_>) {
    if class.text("reclaimPolicy").as_deref() == Some("Recycle") {
        let message =
            "volumes of a class are not recycled: `reclaimPolicy` must be Delete or Retain";
        let range = super::place(class, "reclaimPolicy");
        report
            .error(range, "storage-class", message)
            .docs(CLASSES.to_owned())
            .replace("Change to `Delete`", range, "Delete")
            .replace("Change to `Retain`", range, "Retain");
    }
}

/// What a claim is filled with at first.
fn source(report: &mut Report<'_>, spec: Object<'_>) {
    let Some(source) = spec.object("dataSource") else {
        return;
    };
    let in_core = source.text("apiGroup").unwrap_or_default().is_empty();
    let kind = source.text("kind").unwrap_or_default();
    if in_core && !matches!(kind.as_str(), "" | "PersistentVolumeClaim") {
        let message = "without `apiGroup` the source is a PersistentVolumeClaim";
        refuse(report, source, "kind", "data-source", message).docs(VOLUMES.to_owned());
    }
    let Some(other) = spec.object("dataSourceRef") else {
        return;
    };
    let differs = |field: &str| {
        source.text(field).unwrap_or_default() != other.text(field).unwrap_or_default()
    };
    if ["apiGroup", "kind", "name"].into_iter().any(differs) {
        let message = "`dataSource` and `dataSourceRef` must say the same, or one is left out";
        report
            .error(spec.key_range("dataSource"), "data-source", message)
            .docs(VOLUMES.to_owned());
    }
}
