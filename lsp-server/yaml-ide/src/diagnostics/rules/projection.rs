//! Volumes that are made of objects: `ConfigMap`s, Secrets, tokens, what a pod knows of itself.

use super::{exactly_one, refuse};
use crate::alternatives;
use crate::diagnostics::report::Report;
use crate::object::Object;

/// A `ConfigMap` or a Secret as a volume: `field` names it.
pub(super) fn source(report: &mut Report<'_>, source: Object<'_>, field: &str) {
    if source.says(field) || report.is_broken(source.mapping().range()) {
        return;
    }
    let message = format!("this volume needs `{field}`, the name of the object");
    report.error(super::first_key(source), "missing-field", message);
}

pub(super) fn projected(report: &mut Report<'_>, projection: Object<'_>) {
    exactly_one(
        report,
        projection,
        alternatives::PROJECTION,
        "a source",
        "volume-source",
    );
    for field in ["configMap", "secret"] {
        if let Some(source) = projection.object(field) {
            self::source(report, source, "name");
        }
    }
}

/// Two files of a volume cannot have one path.
pub(super) fn files(report: &mut Report<'_>, volume: Object<'_>) {
    let mut seen: Vec<(String, yaml_syntax::TextRange)> = Vec::new();
    for source in volume.objects("sources") {
        let lists = ["configMap", "secret", "downwardAPI"].iter();
        let lists = lists.filter_map(|source_of| source.object(source_of));
        let files = lists.flat_map(|source| source.objects("items"));
        for file in files.chain(source.object("serviceAccountToken")) {
            let Some((path, value)) = file.text("path").zip(file.get("path")) else {
                continue;
            };
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == path) {
                let first = *first;
                let here = report.file();
                report
                    .error(
                        value.range(),
                        "volume-path",
                        format!("another file of this volume has the path `{path}`"),
                    )
                    .related(here, first, "it is taken here");
            } else {
                seen.push((path, value.range()));
            }
        }
    }
}

/// A file of a volume: a path inside of it.
pub(super) fn file(report: &mut Report<'_>, file: Object<'_>) {
    let Some(path) = file.text("path") else {
        return;
    };
    let climbs = path.split('/').any(|part| part == "..") || path.starts_with("..");
    if path.starts_with('/') || climbs {
        let message =
            "`path` is a path inside the volume, without `/` at its start and without `..`";
        refuse(report, file, "path", "volume-path", message);
    }
}

/// A file that tells something of its own pod.
pub(super) fn downward(report: &mut Report<'_>, file: Object<'_>) {
    self::file(report, file);
    exactly_one(
        report,
        file,
        alternatives::DOWNWARD_FILE,
        "a file",
        "volume-source",
    );
    let resource = file.object("resourceFieldRef");
    let resource = resource.filter(|resource| !resource.says("containerName"));
    if resource.is_some_and(|resource| !report.is_broken(resource.mapping().range())) {
        let message = "`resourceFieldRef` of a volume needs `containerName`";
        let range = file.key_range("resourceFieldRef");
        report.error(range, "missing-field", message);
    }
}

pub(super) fn nfs(report: &mut Report<'_>, source: Object<'_>) {
    let path = source.text("path");
    if path.is_some_and(|path| !path.is_empty() && !path.starts_with('/')) {
        let message = "`path` must start with `/`: it is one of the server";
        refuse(report, source, "path", "volume-path", message);
    }
}

/// The claims on devices of a pod, and what its containers take of them.
pub(super) fn claims(report: &mut Report<'_>, spec: Object<'_>) {
    let claims = spec.objects("resourceClaims");
    for claim in &claims {
        exactly_one(
            report,
            *claim,
            alternatives::POD_CLAIM,
            "a claim",
            "resource-claim",
        );
    }
    let known: Vec<String> = claims
        .iter()
        .filter_map(|claim| claim.text("name"))
        .collect();
    let containers = ["containers", "initContainers"];
    let containers = containers.iter().flat_map(|list| spec.objects(list));
    for container in containers {
        let taken = container.object("resources");
        for taken in taken.map(|it| it.objects("claims")).unwrap_or_default() {
            let name = taken.text("name");
            if let Some(name) = name.filter(|name| !known.contains(name)) {
                let message = format!("the pod has no claim `{name}` in its `resourceClaims`");
                refuse(report, taken, "name", "resource-claim", message);
            }
        }
    }
}
