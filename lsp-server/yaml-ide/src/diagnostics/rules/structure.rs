//! The schema in a custom resource definition: it must say the type of every field.

use yaml_syntax::Node;

use super::{choice, keywords, place, refuse};
use crate::alternatives;
use crate::diagnostics::report::Report;
use crate::fuzzy;
use crate::object::{Object, Value};

const STRUCTURAL: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema";

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Deeper is a mistake or an attack.
const MAX_DEPTH: usize = 64;

/// Judges a schema and all schemas inside; aliases are left to the place of their anchor.
pub(super) fn check(report: &mut Report<'_>, schema: Object<'_>) {
    parts(report, schema, MAX_DEPTH);
}

fn parts(report: &mut Report<'_>, schema: Object<'_>, depth: usize) {
    let inner = ["items", "additionalProperties"];
    let inner = inner.iter().filter_map(|field| schema.get(field));
    let properties = schema.get("properties").and_then(written);
    let fields = properties.into_iter().flat_map(Object::pairs);
    let fields = fields.filter_map(|(_, _, value)| value);
    for part in inner.chain(fields).filter_map(written) {
        if depth > 0 {
            part_of(report, part, depth - 1);
        }
    }
    words(report, schema);
}

/// The object that stands here, not behind an alias.
fn written(value: Value<'_>) -> Option<Object<'_>> {
    let Node::Mapping(mapping) = value.written() else {
        return None;
    };
    Some(Object::new(value.document(), mapping))
}

fn part_of(report: &mut Report<'_>, schema: Object<'_>, depth: usize) {
    let says = |field: &str| schema.get(field).and_then(Value::json) == Some(true.into());
    let free = says("x-kubernetes-int-or-string") || says("x-kubernetes-preserve-unknown-fields");
    let typed = schema.has("type") || schema.has("<<") || schema.has("$ref");
    if !free && !typed && !report.is_broken(schema.mapping().range()) {
        let message = format!(
            "a field in a schema needs its `type`: {}",
            choice(&TYPES, "or")
        );
        report
            .error(super::first_key(schema), "crd-schema", message)
            .docs(STRUCTURAL.to_owned());
    }
    parts(report, schema, depth);
}

fn words(report: &mut Report<'_>, schema: Object<'_>) {
    keywords::check(report, schema);
    let ty = schema.text("type");
    if let Some(ty) = ty.as_deref().filter(|ty| !TYPES.contains(ty)) {
        unknown_type(report, schema, ty);
    }
    if ty.as_deref() == Some("array")
        && !schema.says("items")
        && !report.is_broken(schema.mapping().range())
    {
        let message = "`type: array` needs `items`: what the list holds";
        refuse(report, schema, "type", "crd-schema", message).docs(STRUCTURAL.to_owned());
    }
    if schema.says("properties") && schema.says("additionalProperties") {
        let message = "a schema takes `properties` or `additionalProperties`, not both";
        let range = schema.key_range("additionalProperties");
        report
            .error(range, "crd-schema", message)
            .docs(STRUCTURAL.to_owned());
    }
    let is_map = schema.text("x-kubernetes-list-type").as_deref() == Some("map");
    if is_map && schema.items("x-kubernetes-list-map-keys").is_empty() {
        let message = "`x-kubernetes-list-type: map` needs `x-kubernetes-list-map-keys`";
        refuse(
            report,
            schema,
            "x-kubernetes-list-type",
            "crd-schema",
            message,
        )
        .docs(STRUCTURAL.to_owned());
    }
    for field in alternatives::NOT_IN_SCHEMAS
        .iter()
        .filter(|field| schema.says(field))
    {
        let message = format!("`{field}` is not taken in the schema of a custom resource");
        report
            .error(schema.key_range(field), "crd-schema", message)
            .docs(STRUCTURAL.to_owned());
    }
}

fn unknown_type(report: &mut Report<'_>, schema: Object<'_>, ty: &str) {
    let near = match ty {
        "int" => Some("integer"),
        "bool" => Some("boolean"),
        "list" => Some("array"),
        "map" | "dict" => Some("object"),
        "float" | "double" => Some("number"),
        "str" | "text" => Some("string"),
        _ => fuzzy::nearest(ty, TYPES),
    };
    let message = format!(
        "`{ty}` is not a type of a schema; use {}",
        choice(&TYPES, "or")
    );
    let range = place(schema, "type");
    let complaint = report.error(range, "crd-schema", message);
    complaint.docs(STRUCTURAL.to_owned());
    if let Some(near) = near {
        complaint.replace(format!("Change to `{near}`"), range, near);
    }
}
