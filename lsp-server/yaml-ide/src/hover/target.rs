//! What a name leads to, and which pods a selector finds.

use std::collections::BTreeMap;

use yaml_syntax::{Document, TextSize};

use super::Hover;
use crate::links::{self, Found, Role, Symbol};
use crate::manifest::{self, Manifest};
use crate::object::{Object, Value};
use crate::place::{Part, Place};
use crate::{Analysis, FileId};

/// How many names are told before the rest is counted.
const MAX_NAMES: usize = 8;

/// What the name at `offset` leads to, in a few words.
pub(super) fn of_name(analysis: &Analysis, file: FileId, offset: TextSize) -> Option<String> {
    let found = links::at(analysis, file, offset)?;
    if matches!(found.role, Role::Definition(_)) {
        return None;
    }
    let places = links::same(analysis, &found).into_iter();
    let definitions = places.filter(|place| matches!(place.role, Role::Definition(_)));
    let definitions: Vec<Found> = definitions.collect();
    let first = definitions.first()?;
    let what = match &found.symbol {
        Symbol::Object { kind, name, .. } => format!("{kind} `{name}`"),
        Symbol::Key {
            kind, name, key, ..
        } => format!("key `{key}` of {kind} `{name}`"),
        Symbol::ServicePort { service, port, .. } => {
            format!("port `{port}` of Service `{service}`")
        }
        Symbol::PodPort { port, .. } => format!("port `{port}` of the pods"),
        Symbol::Label { key, value } => format!("pods with `{key}: {value}`"),
        // A job and a stage are described already.
        Symbol::Volume { .. }
        | Symbol::Container { .. }
        | Symbol::Anchor { .. }
        | Symbol::Job { .. }
        | Symbol::Stage { .. } => return None,
    };
    let path = analysis.path(first.file)?;
    let source = analysis.source(first.file)?;
    let line = source.line_col(first.range.start()).line + 1;
    let more = match definitions.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let place = format!("{what}, defined in {path}, line {line}{more}");
    Some(match summary(analysis, first) {
        Some(summary) => format!("{place}\n\n{summary}"),
        None => place,
    })
}

/// The anchor at `offset`, and the lines that use it.
pub(super) fn of_anchor(analysis: &Analysis, file: FileId, offset: TextSize) -> Option<Hover> {
    let found = links::at(analysis, file, offset)?;
    let Symbol::Anchor { name, .. } = &found.symbol else {
        return None;
    };
    let source = analysis.source(file)?;
    let places = links::same(analysis, &found).into_iter();
    let uses = places.filter(|place| !matches!(place.role, Role::Definition(_)));
    let lines: Vec<String> = uses
        .map(|place| (source.line_col(place.range.start()).line + 1).to_string())
        .collect();
    let uses = match lines.as_slice() {
        [] => "is used nowhere".to_owned(),
        [line] => format!("is used in line {line}"),
        lines => format!("is used in lines {}", lines.join(", ")),
    };
    Some(Hover {
        range: found.range,
        markdown: format!("`&{name}` {uses}"),
    })
}

/// What the object at a definition of its name comes to.
fn summary(analysis: &Analysis, definition: &Found) -> Option<String> {
    let Symbol::Object { .. } = &definition.symbol else {
        return None;
    };
    let parse = analysis.parse(definition.file)?;
    let document = parse.document_at(definition.range.start())?;
    let manifests = manifest::manifests(document);
    let named = |manifest: &&Manifest<'_>| {
        let range = manifest.object.mapping().range();
        range.covers(definition.range)
    };
    of_object(manifests.iter().find(named)?)
}

fn of_object(manifest: &Manifest<'_>) -> Option<String> {
    let object = manifest.object;
    let spec = object.object("spec");
    match manifest.kind.as_str() {
        "ConfigMap" => keys(object, &["data", "binaryData"]),
        "Secret" => keys(object, &["data", "stringData"]),
        "Service" => {
            let spec = spec?;
            let ty = spec.text("type").unwrap_or_else(|| "ClusterIP".to_owned());
            let ports = spec.objects("ports").into_iter().map(port);
            let ports: Vec<String> = ports.collect();
            Some(format!("{ty}, ports {}", list(&ports)))
        }
        "PersistentVolumeClaim" => {
            let size = raw(spec?, &["resources", "requests", "storage"])?;
            let modes = spec?.items("accessModes").into_iter();
            let modes: Vec<String> = modes.filter_map(Value::raw_text).collect();
            Some(format!("{size}, {}", modes.join(", ")))
        }
        "Deployment" | "StatefulSet" | "ReplicaSet" | "DaemonSet" => {
            let spec = spec?;
            let pods = spec.at(&["template", "spec"])?.object()?;
            let containers = pods.objects("containers").into_iter();
            let images = containers.filter_map(|container| container.text("image"));
            let images: Vec<String> = images.map(|image| format!("`{image}`")).collect();
            let count = spec.integer("replicas").map(|count| format!("{count} × "));
            Some(format!("{}{}", count.unwrap_or_default(), list(&images)))
        }
        _ => None,
    }
}

fn raw(object: Object<'_>, path: &[&str]) -> Option<String> {
    object.at(path)?.raw_text()
}

fn port(port: Object<'_>) -> String {
    let text = |key| raw(port, &[key]).unwrap_or_default();
    let target = match raw(port, &["targetPort"]) {
        Some(target) => format!(" → {target}"),
        None => String::new(),
    };
    format!("{} {}{target}", text("name"), text("port"))
        .trim()
        .to_owned()
}

fn keys(object: Object<'_>, fields: &[&str]) -> Option<String> {
    let data = fields.iter().filter_map(|field| object.object(field));
    let keys = data
        .flat_map(Object::pairs)
        .map(|(key, _, _)| format!("`{key}`"));
    let keys: Vec<String> = keys.collect();
    (!keys.is_empty()).then(|| format!("keys {}", list(&keys)))
}

fn list(words: &[String]) -> String {
    let shown = words.get(..words.len().min(MAX_NAMES)).unwrap_or_default();
    let more = match words.len().saturating_sub(MAX_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

/// Which workloads of the set make pods that the selector at `place` finds.
pub(super) fn of_selector(
    analysis: &Analysis,
    file: FileId,
    document: Document<'_>,
    place: &Place<'_>,
) -> Option<String> {
    let Part::Key(key) = place.part else {
        return None;
    };
    let name = key.as_scalar()?.text();
    let entry = place.entries.last()?;
    let value = Value::new(document, entry.value()?).object()?;
    let labels = match &*name {
        "matchLabels" => value,
        "selector" | "podSelector" | "labelSelector" => {
            value.object("matchLabels").unwrap_or(value)
        }
        _ => return None,
    };
    let labels: BTreeMap<String, String> = labels
        .pairs()
        .filter_map(|(key, _, value)| Some((key, value?.raw_text()?)))
        .collect();
    if labels.is_empty() || value.has("matchExpressions") {
        return None;
    }
    let found = links::all_objects(analysis, file).filter(|(_, _, object)| {
        let own = object.pod_labels.as_ref();
        own.is_some_and(|own| links::selects(&labels, own))
    });
    let found: Vec<String> = found
        .map(|(_, _, object)| format!("{} `{}`", object.kind, object.name))
        .collect();
    Some(match found.as_slice() {
        [] => "Finds no pods of this set".to_owned(),
        found => format!("Finds the pods of {}", list(found)),
    })
}
