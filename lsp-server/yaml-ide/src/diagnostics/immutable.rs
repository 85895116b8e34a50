//! Changes that the API server refuses: fields that are set once.

use k8s_schemas::KindInfo;
use serde_json::Value as Json;
use yaml_syntax::TextRange;

use super::Diagnostic;
use super::report::{Report, key_range, with_article};
use crate::formats::{placeholder, quantity};
use crate::immutable::{self, Compare, Fixed};
use crate::manifest::Manifest;
use crate::object::Value;

const UPDATES: &str =
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/object-management/";
const IMMUTABLE: &str =
    "https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable";

/// Compares an object with the one that is deployed, if that is known.
pub(super) fn check(report: &mut Report<'_>, manifest: &Manifest<'_>, kind: KindInfo<'_>) {
    let Some(name) = manifest.name.as_deref().filter(|_| !report.is_patch()) else {
        return;
    };
    let Some(deployed) = report.deployed() else {
        return;
    };
    let key = (kind.group(), kind.kind());
    let Some(before) = deployed.object(key, manifest.namespace.as_deref(), name) else {
        return;
    };
    for row in immutable::of(kind.group(), kind.kind()) {
        field(report, manifest, row, before);
    }
    if before.get("immutable") == Some(&Json::Bool(true)) {
        for part in ["data", "binaryData", "stringData", "immutable"] {
            sealed(report, manifest, part, before);
        }
    }
}

fn field(report: &mut Report<'_>, manifest: &Manifest<'_>, row: &Fixed, before: &Json) {
    let pointer = format!("/{}", row.way.join("/"));
    let old = before.pointer(&pointer).filter(|value| !value.is_null());
    let written = manifest.object.at(row.way).filter(|value| !value.is_null());
    let new = match written {
        // What cannot be read, or is filled in by a tool, is not compared.
        Some(value) => match json(value) {
            Some(json) => Some(json),
            None => return,
        },
        None => None,
    };
    let same = match (row.compare, old, &new) {
        (_, None, None) | (Compare::Written, _, None) | (Compare::Written, None, _) => true,
        (Compare::Parts, Some(old), Some(new)) => is_part(new, old),
        (_, Some(old), Some(new)) => is_part(new, old) && is_part(old, new),
        (_, None, Some(_)) | (_, Some(_), None) => false,
    };
    let Some(range) = place(manifest, row.way).filter(|_| !same) else {
        return;
    };
    let was = match old {
        Some(Json::String(text)) => format!("; it was `{text}`"),
        Some(old @ (Json::Number(_) | Json::Bool(_))) => format!("; it was {old}"),
        Some(_) => String::new(),
        None => "; it was not there".to_owned(),
    };
    let path = row.way.join(".");
    let complaint = refused(report, manifest, range, &format!("`{path}`"), &was, UPDATES);
    let back = written.and_then(|value| Some((value.written().as_scalar()?, old?)));
    if let Some((scalar, Json::String(old))) = back {
        complaint.replace(format!("Change back to `{old}`"), scalar.range(), old);
    }
}

/// A `ConfigMap` or Secret that was made immutable.
fn sealed(report: &mut Report<'_>, manifest: &Manifest<'_>, part: &str, before: &Json) {
    let written = manifest.object.get(part).filter(|value| !value.is_null());
    let Some(new) = written.map_or(Some(Json::Null), json) else {
        return;
    };
    let old = before.get(part).unwrap_or(&Json::Null);
    // A server answers plain texts of Secrets as base64.
    let is_unknown = part == "stringData" && old.is_null();
    if !is_unknown && new != *old {
        let range = place(manifest, &[part]);
        let range = range.unwrap_or_else(|| manifest.object.key_range("kind"));
        refused(
            report,
            manifest,
            range,
            &format!("`{part}`"),
            "; it is immutable",
            IMMUTABLE,
        );
    }
}

fn refused<'r>(
    report: &'r mut Report<'_>,
    manifest: &Manifest<'_>,
    range: TextRange,
    what: &str,
    was: &str,
    page: &str,
) -> &'r mut Diagnostic {
    let version = report
        .deployed()
        .map_or("", |deployed| deployed.name())
        .to_owned();
    let object = with_article(&manifest.kind);
    let message = format!(
        "{what} of {object} cannot be changed, and {version} has another{was}: delete the object and create it again, or change it back"
    );
    report
        .warning(range, "immutable-field", message)
        .docs(page.to_owned())
}

/// The key of the field, or of the nearest one around it that is written.
fn place(manifest: &Manifest<'_>, way: &[&str]) -> Option<TextRange> {
    let mut object = manifest.object;
    let mut range = object.entry("kind").map(key_range);
    for field in way {
        let Some(entry) = object.entry(field) else {
            break;
        };
        range = Some(key_range(entry));
        let inner = object.get(field).and_then(Value::object);
        let Some(inner) = inner else {
            break;
        };
        object = inner;
    }
    range
}

/// A value as the server gets it. `None` where it cannot be read, or a tool fills in a part.
fn json(value: Value<'_>) -> Option<Json> {
    let json = yaml_syntax::json::node(value.document(), value.node()?).ok()?;
    (!placeholder::is_in(&json.to_string())).then_some(json)
}

/// Whether all that `part` says is in `whole`.
fn is_part(part: &Json, whole: &Json) -> bool {
    match (part, whole) {
        (Json::Object(part), Json::Object(whole)) => part
            .iter()
            .filter(|(_, value)| !value.is_null())
            .all(|(key, value)| whole.get(key).is_some_and(|other| is_part(value, other))),
        (Json::Array(part), Json::Array(whole)) => {
            let mut pairs = part.iter().zip(whole);
            part.len() == whole.len() && pairs.all(|(part, whole)| is_part(part, whole))
        }
        _ => {
            part == whole || amount(part).is_some_and(|amount| Some(amount) == self::amount(whole))
        }
    }
}

/// `1Gi` is `1024Mi`.
fn amount(value: &Json) -> Option<quantity::Quantity> {
    match value {
        Json::String(text) => quantity::parse(text),
        Json::Number(number) => quantity::parse(&number.to_string()),
        _ => None,
    }
}
