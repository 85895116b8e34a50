//! Volumes and their mounts.

use std::collections::HashSet;

use super::{choice, exactly_one, named, place, refuse};
use crate::alternatives;
use crate::diagnostics::Tag;
use crate::diagnostics::report::{Report, key_range};
use crate::formats::{name, quantity};
use crate::fuzzy;
use crate::object::{Object, Value};

const VOLUMES: &str = "https://kubernetes.io/docs/concepts/storage/volumes/";
const BLOCK: &str =
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#raw-block-volume-support";
const EPHEMERAL: &str = "https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/";

pub(super) fn check(report: &mut Report<'_>, volume: Object<'_>) {
    named(report, volume.get("name"), "volume-name", name::label_1123);
    if super::present(volume, alternatives::VOLUME).is_empty() {
        no_source(report, volume);
    } else {
        exactly_one(
            report,
            volume,
            alternatives::VOLUME,
            "a volume",
            "volume-source",
        );
    }
    if let Some(directory) = volume.object("emptyDir") {
        empty_directory(report, directory);
    }
    if let Some(own) = volume.object("ephemeral")
        && !own.says("volumeClaimTemplate")
        && !report.is_broken(own.mapping().range())
    {
        let message = "`ephemeral` needs `volumeClaimTemplate`: the claim that is made for the pod";
        report.error(volume.key_range("ephemeral"), "missing-field", message);
    }
    if let Some(path) = volume
        .object("hostPath")
        .filter(|path| has_dots(*path, "path"))
    {
        refuse(
            report,
            path,
            "path",
            "volume-path",
            "a host path may not contain `..`",
        );
    }
}

/// The server fills in `emptyDir`, which is what `emptyDir:` with nothing after it means as well.
fn no_source(report: &mut Report<'_>, volume: Object<'_>) {
    let mut sources = alternatives::VOLUME
        .iter()
        .filter_map(|source| volume.entry(source));
    let written = sources.find(|source| source.key_text().as_deref() != Some("emptyDir"));
    let unknown = volume
        .pairs()
        .any(|(key, _, _)| key != "name" && !alternatives::VOLUME.contains(&key.as_str()));
    if volume.has("emptyDir") && written.is_none() || unknown {
        return;
    }
    if report.is_broken(volume.mapping().range()) {
        return;
    }
    let message = format!(
        "a volume without a source is an empty directory: write `emptyDir: {{}}`, or say one of {}",
        choice(alternatives::VOLUME, "or")
    );
    let range = written.map_or_else(|| super::first_key(volume), key_range);
    report
        .warning(range, "volume-source", message)
        .docs(VOLUMES.to_owned());
}

fn empty_directory(report: &mut Report<'_>, directory: Object<'_>) {
    let size = directory.get("sizeLimit").and_then(Value::raw_text);
    let size = size.and_then(|size| quantity::parse(&size));
    if size.is_some_and(quantity::Quantity::is_negative) {
        let message = "`sizeLimit` must not be negative";
        refuse(report, directory, "sizeLimit", "out-of-range", message);
    }
    let Some(medium) = directory.text("medium") else {
        return;
    };
    let known = ["", "Memory", "HugePages"];
    if known.contains(&medium.as_str()) || medium.starts_with("HugePages-") {
        return;
    }
    let message =
        format!("no node knows the medium `{medium}`: use Memory, HugePages, or leave it out");
    let range = place(directory, "medium");
    let complaint = report.warning(range, "volume-source", message);
    complaint.docs(VOLUMES.to_owned());
    if let Some(near) = fuzzy::nearest(&medium, ["Memory", "HugePages"]) {
        complaint.replace(format!("Change to `{near}`"), range, near);
    }
}

fn has_dots(object: Object<'_>, field: &str) -> bool {
    let path = object.text(field).unwrap_or_default();
    path.split('/').any(|part| part == "..")
}

pub(super) fn mount(report: &mut Report<'_>, mount: Object<'_>) {
    let path = mount.text("mountPath").unwrap_or_default();
    // Windows containers have drives: `C:\data`.
    let path = path
        .split_once(":\\")
        .map_or(path.as_str(), |(_, rest)| rest);
    if path.contains(':') {
        refuse(
            report,
            mount,
            "mountPath",
            "volume-path",
            "`mountPath` may not contain `:`",
        );
    }
    for field in ["subPath", "subPathExpr"] {
        let absolute = mount.text(field).is_some_and(|path| path.starts_with('/'));
        if absolute || has_dots(mount, field) {
            let message = format!(
                "`{field}` is a path inside the volume, without `/` at its start and without `..`"
            );
            refuse(report, mount, field, "volume-path", message);
        }
    }
    if mount.says("subPath") && mount.says("subPathExpr") {
        let message = "a mount takes `subPath` or `subPathExpr`, not both";
        report.error(mount.key_range("subPathExpr"), "volume-path", message);
    }
}

/// Mounts against the volumes of the same pod.
pub(super) fn mounts_of(report: &mut Report<'_>, spec: Object<'_>) {
    let volumes: Vec<(String, Value<'_>)> = spec
        .objects("volumes")
        .into_iter()
        .filter_map(|volume| Some((volume.text("name")?, volume.get("name")?)))
        .collect();
    devices(report, spec);
    let names: HashSet<&str> = volumes.iter().map(|(name, _)| name.as_str()).collect();
    // Most pods have all they mount: what else there is, is looked up once it is asked for.
    let mut claims = None;
    let mut used = HashSet::new();
    for container in containers(spec) {
        let devices = container.objects("volumeDevices");
        for mount in container.objects("volumeMounts").into_iter().chain(devices) {
            let Some(name) = mount.text("name") else {
                continue;
            };
            if !names.contains(name.as_str()) {
                let claims = claims.get_or_insert_with(|| claim_templates(report, spec));
                if !claims.contains(&name) {
                    not_found(report, mount, &name, &volumes, claims);
                }
            }
            used.insert(name);
        }
    }
    let complete = !report.is_broken(spec.mapping().range());
    for (name, value) in volumes
        .iter()
        .filter(|(name, _)| complete && !used.contains(name))
    {
        let message = format!("no container mounts `{name}`");
        let complaint = report.hint(value.range(), "unused-volume", message);
        complaint.tags.push(Tag::Unnecessary);
    }
}

/// Devices are claims, and a volume is a device or a folder.
fn devices(report: &mut Report<'_>, spec: Object<'_>) {
    let volumes = spec.objects("volumes");
    for container in containers(spec) {
        let mounts = container.objects("volumeMounts");
        for device in container.objects("volumeDevices") {
            let name = device.text("name");
            let same = |other: &&Object<'_>| name.is_some() && other.text("name") == name;
            let volume = volumes.iter().find(same);
            let is_claim = volume.is_none_or(|volume| {
                volume.says("persistentVolumeClaim") || volume.says("ephemeral")
            });
            if !is_claim {
                let message = "a device needs a volume with `persistentVolumeClaim` or `ephemeral`";
                refuse(report, device, "name", "volume-device", message).docs(BLOCK.to_owned());
            } else if mounts.iter().any(|mount| same(&mount)) {
                let message =
                    "this volume stands in `volumeMounts` too: it is a device or a folder";
                refuse(report, device, "name", "volume-device", message).docs(BLOCK.to_owned());
            }
        }
    }
}

/// The claim that is made for a volume is named after the pod.
pub(super) fn claim_template(report: &mut Report<'_>, template: Object<'_>) {
    let metadata = template.object("metadata");
    for (key, entry, _) in metadata.into_iter().flat_map(Object::pairs) {
        if !matches!(key.as_str(), "labels" | "annotations" | "<<") {
            let message = format!(
                "`{key}` cannot be set here: the claim is named after the pod and the volume"
            );
            report
                .error(key_range(entry), "claim-template", message)
                .docs(EPHEMERAL.to_owned());
        }
    }
}

fn containers(spec: Object<'_>) -> impl Iterator<Item = Object<'_>> {
    ["containers", "initContainers", "ephemeralContainers"]
        .into_iter()
        .flat_map(move |list| spec.objects(list))
}

/// The claims that a `StatefulSet` makes for each pod can be mounted by name.
fn claim_templates(report: &Report<'_>, spec: Object<'_>) -> Vec<String> {
    let inside = |manifest: &crate::manifest::Manifest<'_>| {
        manifest
            .object
            .mapping()
            .range()
            .covers(spec.mapping().range())
    };
    let mut manifests = report.manifests().into_iter();
    let Some(manifest) = manifests.find(inside) else {
        return Vec::new();
    };
    let spec = manifest.object.object("spec");
    let templates = spec.map(|spec| spec.objects("volumeClaimTemplates"));
    templates
        .unwrap_or_default()
        .into_iter()
        .filter_map(|template| template.text_at(&["metadata", "name"]))
        .collect()
}

fn not_found(
    report: &mut Report<'_>,
    mount: Object<'_>,
    name: &str,
    volumes: &[(String, Value<'_>)],
    claims: &[String],
) {
    let known: Vec<&str> = volumes
        .iter()
        .map(|(name, _)| name.as_str())
        .chain(claims.iter().map(String::as_str))
        .take(fuzzy::MAX_COMPARED)
        .collect();
    let near = fuzzy::nearest(name, known.iter().copied());
    let hint = match (near, known.is_empty()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, true) => "the pod has no volumes".to_owned(),
        (None, false) => format!("the pod has {}", choice(&known, "and")),
    };
    let message = format!("no volume is called `{name}`; {hint}");
    let range = place(mount, "name");
    let complaint = report.error(range, "unknown-volume", message);
    complaint.docs(VOLUMES.to_owned());
    for other in near
        .into_iter()
        .chain(known.into_iter().filter(|other| Some(*other) != near))
        .take(4)
    {
        complaint.replace(format!("Change to `{other}`"), range, other);
    }
}
