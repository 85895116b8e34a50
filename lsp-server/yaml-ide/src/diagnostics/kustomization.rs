//! `kustomization.yaml`: its fields, what became of the old ones, and the patches written in it.

pub(crate) mod fields;
mod operations;
mod patch;

use yaml_syntax::{Entry, Node};

use super::Tag;
use super::report::{Report, key_range};
use crate::code_actions::Fix;
use crate::fuzzy;
use crate::migrate::{self, Field};
use crate::object::{Object, Value};
use fields::Shape;

const PAGE: &str = "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/";

/// Judges a kustomization.
pub(super) fn check(report: &mut Report<'_>) {
    let root = report.part().root();
    let Some(root) = root.map(|root| Value::new(report.document(), root)) else {
        return;
    };
    if let Some(root) = root.object() {
        let of_component = root.text("kind").as_deref() == Some("Component");
        let kind = if of_component {
            "Component"
        } else {
            "Kustomization"
        };
        object(report, root, "Kustomization", kind);
        patches(report, root);
    }
}

/// Judges the fields of a mapping that is shown as `at`.
fn object(report: &mut Report<'_>, object: Object<'_>, definition: &str, at: &str) {
    let known = fields::of(definition);
    for (key, entry, value) in object.pairs() {
        if key == "<<" {
            continue;
        }
        let Some((_, shape)) = known.iter().find(|(name, _)| *name == key) else {
            unknown(report, object, entry, &key, known, at);
            continue;
        };
        if definition == "Kustomization" {
            replaced(report, object, entry, &key);
        }
        if let Some(value) = value.filter(|value| !value.is_null()) {
            self::value(report, value, shape, &key, &format!("{at}.{key}"));
        }
    }
}

fn unknown(
    report: &mut Report<'_>,
    object: Object<'_>,
    entry: Entry<'_>,
    key: &str,
    known: &[(&str, Shape)],
    at: &str,
) {
    if entry.colon().is_none() {
        return;
    }
    let free = known.iter().map(|(name, _)| *name);
    let near = fuzzy::nearest(key, free.filter(|name| !object.has(name)));
    let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    let range = key_range(entry);
    let gone = report.whole_lines(entry.range());
    let message = format!("unknown field `{key}` in {at}{hint}");
    let complaint = report.error(range, "unknown-field", message);
    complaint.docs(PAGE.to_owned());
    if let Some(near) = near {
        complaint.replace(format!("Rename to `{near}`"), range, near);
    }
    complaint.replace(format!("Remove `{key}`"), gone, "");
}

fn value(report: &mut Report<'_>, value: Value<'_>, shape: &Shape, name: &str, at: &str) {
    let Some(node) = value.node() else {
        return;
    };
    let fits = match (shape, node) {
        (Shape::Any, _) | (Shape::Map, Node::Mapping(_)) => true,
        (Shape::Text, Node::Scalar(_)) => value.text().is_some(),
        (Shape::Flag, Node::Scalar(_)) => value.json().is_some_and(|json| json.is_boolean()),
        (Shape::Number, Node::Scalar(_)) => value.json().is_some_and(|json| json.is_number()),
        (Shape::Texts, Node::Sequence(_)) => {
            for item in value.items() {
                self::value(report, item, &Shape::Text, name, at);
            }
            true
        }
        (Shape::Object(definition), Node::Mapping(_)) => {
            if let Some(inner) = value.object() {
                object(report, inner, definition, at);
            }
            true
        }
        (Shape::Objects(definition), Node::Sequence(_)) => {
            for (index, item) in value.items().into_iter().enumerate() {
                let at = format!("{at}[{index}]");
                self::value(report, item, &Shape::Object(definition), name, &at);
            }
            true
        }
        _ => false,
    };
    if !fits {
        let message = format!("`{name}` must be {}", shape.name());
        report
            .error(value.range(), "type", message)
            .docs(PAGE.to_owned());
    }
}

/// What is written instead of a field that is on its way out.
fn replaced(report: &mut Report<'_>, object: Object<'_>, entry: Entry<'_>, key: &str) {
    let instead = match key {
        "bases" => "resources",
        "commonLabels" => "labels",
        "patchesStrategicMerge" | "patchesJson6902" => "patches",
        "vars" => "replacements",
        "imageTags" => "images",
        "helmChartInflationGenerator" => "helmCharts",
        _ => return,
    };
    let fix = mended(report, object, entry, key, instead);
    let message = format!("`{key}` is deprecated; write `{instead}`");
    let complaint = report.info(key_range(entry), "deprecated-field", message);
    complaint.docs(PAGE.to_owned()).tags.push(Tag::Deprecated);
    complaint.fixes.extend(fix);
}

/// The same written the new way, where that is sure to mean the same.
fn mended(
    report: &Report<'_>,
    object: Object<'_>,
    entry: Entry<'_>,
    key: &str,
    instead: &'static str,
) -> Option<Fix> {
    if object.has(instead) {
        return None;
    }
    let title = format!("Change to `{instead}`");
    let rename = migrate::rename(entry, instead)?;
    let edits = match key {
        "bases" | "patchesJson6902" => vec![rename],
        "commonLabels" => {
            let source = report.source()?;
            let pairs = migrate::moved(source, entry, "pairs");
            let item = vec![Field::Value("includeSelectors", "true".to_owned()), pairs];
            let labels = Field::Items("labels", vec![item]);
            vec![migrate::replaced(source, object, entry, &labels)]
        }
        "patchesStrategicMerge" => {
            let items = object.items(key);
            let paths = items.iter().map(|item| {
                // What is written here itself would have to be indented anew.
                let path = item.text().filter(|text| !text.contains('\n'))?;
                Some(migrate::insertion(item.range(), format!("path: {path}")))
            });
            let mut edits: Vec<_> = paths.collect::<Option<_>>()?;
            if object.get(key)?.node()?.as_sequence()?.is_flow() {
                return None;
            }
            edits.insert(0, rename);
            edits
        }
        _ => return None,
    };
    Some(Fix {
        title,
        edits,
        snippet: None,
    })
}

/// The patches that are written in the kustomization itself.
fn patches(report: &mut Report<'_>, root: Object<'_>) {
    for list in ["patches", "patchesJson6902"] {
        for patch in root.objects(list) {
            let target = patch.object("target");
            if let Some(written) = patch.get("patch") {
                patch::check(report, written, target);
            } else if !patch.says("path") && !report.is_broken(patch.mapping().range()) {
                let range = patch.mapping().range();
                let message = "a patch needs `path` or `patch`";
                report
                    .error(range, "missing-field", message)
                    .docs(PAGE.to_owned());
            }
        }
    }
    for written in root.items("patchesStrategicMerge") {
        if written.text().is_some_and(|text| text.contains('\n')) {
            patch::check(report, written, None);
        }
    }
}
