//! A release as OpenAPI v3 documents, the way an API server publishes them.

use crate::{KindInfo, ListType, Schema, Schemas, Scope, Type, parse_api_version};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The OpenAPI v3 document of a group and version (`apps/v1`; `v1` for the core group), as
/// `/openapi/v3/apis/apps/v1` of an API server serves it: the paths of its kinds, and all
/// definitions that they need.
///
/// `None` where the release serves no such group and version.
pub fn document(schemas: Schemas<'_>, api_version: &str) -> Option<Value> {
    let (group, version) = parse_api_version(api_version)?;
    let of_version = |kind: &KindInfo<'_>| kind.group() == group && kind.version() == version;
    let kinds: Vec<KindInfo<'_>> = schemas.kinds_and_lists().filter(of_version).collect();
    if kinds.is_empty() {
        return None;
    }
    Some(json!({
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": format!("v{}.0", schemas.kube_release())},
        "paths": paths(&kinds),
        "components": {"schemas": definitions(schemas, &kinds)},
    }))
}

/// All definitions that the kinds need, the kinds with their names.
fn definitions(schemas: Schemas<'_>, kinds: &[KindInfo<'_>]) -> BTreeMap<String, Value> {
    let mut rendered = BTreeMap::new();
    let mut waiting: Vec<String> = Vec::new();
    for kind in kinds {
        if let Some(name) = kind.schema().definition() {
            let mut schema = definition(kind.schema(), &mut waiting);
            let gvk = json!([gvk(*kind)]);
            schema.insert("x-kubernetes-group-version-kind".to_owned(), gvk);
            rendered.insert(name.to_owned(), Value::Object(schema));
        }
    }
    while let Some(name) = waiting.pop() {
        if rendered.contains_key(&name) {
            continue;
        }
        if let Some(schema) = schemas.definition(&name) {
            let schema = definition(schema, &mut waiting);
            rendered.insert(name, Value::Object(schema));
        }
    }
    rendered
}

fn gvk(kind: KindInfo<'_>) -> Value {
    json!({"group": kind.group(), "version": kind.version(), "kind": kind.kind()})
}

/// A definition in full. The names that it refers to are added to `waiting`.
fn definition(schema: Schema<'_>, waiting: &mut Vec<String>) -> Map<String, Value> {
    let mut out = Map::new();
    let mut insert = |key: &str, value| out.insert(key.to_owned(), value);
    if let Some(description) = schema.own_description() {
        insert("description", description.into());
    }
    if let Some(default) = schema.own_default() {
        insert("default", default.clone());
    }
    if schema.is_granular_map() {
        insert("x-kubernetes-map-type", "granular".into());
    }
    if let Some(name) = schema.reference() {
        waiting.push(name.to_owned());
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        // What stands beside a reference is not seen by OpenAPI 3.0, so it is wrapped.
        insert("allOf", json!([reference]));
        return out;
    }
    insert_type(schema, &mut insert);
    if let Some(format) = schema.format() {
        insert("format", format.into());
    }
    if let Some(pattern) = schema.pattern() {
        insert("pattern", pattern.into());
    }
    if !schema.enum_values().is_empty() {
        insert("enum", schema.enum_values().into());
    }
    if schema.is_nullable() {
        insert("nullable", true.into());
    }
    if schema.is_atomic_map() {
        insert("x-kubernetes-map-type", "atomic".into());
    }
    if schema.is_embedded_object() {
        insert("x-kubernetes-embedded-resource", true.into());
    }
    if schema.ty() == Type::Object && schema.allows_unknown_fields() {
        insert("x-kubernetes-preserve-unknown-fields", true.into());
    }
    insert_limits(schema, &mut insert);
    for (word, law) in schema
        .laws()
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        insert(word, law.clone());
    }
    insert_list_type(schema, &mut insert);
    insert_children(schema, waiting, &mut insert);
    out
}

type Insert<'a> = dyn FnMut(&str, Value) -> Option<Value> + 'a;

fn insert_type(schema: Schema<'_>, insert: &mut Insert<'_>) {
    let name = match schema.ty() {
        Type::Any => return,
        Type::IntOrString => {
            insert("format", "int-or-string".into());
            insert("oneOf", json!([{"type": "integer"}, {"type": "string"}]));
            return;
        }
        Type::Quantity => {
            insert("oneOf", json!([{"type": "string"}, {"type": "number"}]));
            return;
        }
        Type::Object | Type::Map => "object",
        Type::List => "array",
        other => other.name(),
    };
    insert("type", name.into());
}

fn insert_limits(schema: Schema<'_>, insert: &mut Insert<'_>) {
    let limits = schema.limits();
    for (name, value) in [
        ("minimum", limits.minimum),
        ("maximum", limits.maximum),
        ("multipleOf", limits.multiple_of),
    ] {
        if let Some(value) = value {
            insert(name, value.into());
        }
    }
    for (name, set) in [
        ("exclusiveMinimum", limits.exclusive_minimum),
        ("exclusiveMaximum", limits.exclusive_maximum),
    ] {
        if set {
            insert(name, true.into());
        }
    }
    for (name, value) in [
        ("minLength", limits.min_length),
        ("maxLength", limits.max_length),
        ("minItems", limits.min_items),
        ("maxItems", limits.max_items),
        ("minProperties", limits.min_properties),
        ("maxProperties", limits.max_properties),
    ] {
        if let Some(value) = value {
            insert(name, value.into());
        }
    }
}

fn insert_list_type(schema: Schema<'_>, insert: &mut Insert<'_>) {
    let name = match schema.list_type() {
        None => return,
        Some(ListType::Atomic) => "atomic",
        Some(ListType::Set) => "set",
        Some(ListType::Map(keys)) => {
            insert("x-kubernetes-list-map-keys", keys.into());
            if let Some(first) = keys.first() {
                insert("x-kubernetes-patch-merge-key", first.as_str().into());
            }
            "map"
        }
    };
    insert("x-kubernetes-list-type", name.into());
    if name != "atomic" {
        insert("x-kubernetes-patch-strategy", "merge".into());
    }
}

fn insert_children(schema: Schema<'_>, waiting: &mut Vec<String>, insert: &mut Insert<'_>) {
    if schema.ty() == Type::Any {
        return;
    }
    if let Some(items) = schema.items() {
        insert("items", child(items, waiting));
    }
    if let Some(values) = schema.values() {
        insert("additionalProperties", child(values, waiting));
    }
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in schema.fields() {
        properties.insert(field.name.to_owned(), child(field.schema, waiting));
        if field.required {
            required.push(field.name);
        }
    }
    if !properties.is_empty() {
        insert("properties", properties.into());
    }
    if !required.is_empty() {
        insert("required", required.into());
    }
}

/// A schema below another one. A reference with nothing beside it stays plain.
fn child(schema: Schema<'_>, waiting: &mut Vec<String>) -> Value {
    let mut out = definition(schema, waiting);
    if let (1, Some(Value::Array(all))) = (out.len(), out.get_mut("allOf"))
        && let Some(reference) = all.pop()
    {
        return reference;
    }
    Value::Object(out)
}

/// The paths under which the kinds are served, with what clients look for: the kind of each
/// operation, and the parameters that a patch takes.
fn paths(kinds: &[KindInfo<'_>]) -> Map<String, Value> {
    let mut paths = Map::new();
    let served = |kind: &&KindInfo<'_>| !kind.is_list() && kind.scope() != Scope::Subresource;
    for kind in kinds.iter().filter(served) {
        let base = match kind.group() {
            "" => format!("/api/{}", kind.version()),
            group => format!("/apis/{group}/{}", kind.version()),
        };
        let folder = if kind.is_namespaced() {
            format!("{base}/namespaces/{{namespace}}/{}", kind.plural())
        } else {
            format!("{base}/{}", kind.plural())
        };
        let operations = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter();
            let rendered =
                pairs.map(|(verb, action)| ((*verb).to_owned(), operation(*kind, action)));
            Value::Object(rendered.collect())
        };
        let one = [
            ("get", "get"),
            ("put", "put"),
            ("patch", "patch"),
            ("delete", "delete"),
        ];
        paths.insert(format!("{folder}/{{name}}"), operations(&one));
        paths.insert(folder, operations(&[("get", "list"), ("post", "post")]));
        if kind.is_namespaced() {
            let everywhere = format!("{base}/{}", kind.plural());
            paths.insert(everywhere, operations(&[("get", "list")]));
        }
    }
    paths
}

fn operation(kind: KindInfo<'_>, action: &str) -> Value {
    let names: &[&str] = match action {
        "patch" => &["dryRun", "fieldManager", "fieldValidation", "force"],
        "post" | "put" => &["dryRun", "fieldManager", "fieldValidation"],
        "delete" => &["dryRun", "gracePeriodSeconds", "propagationPolicy"],
        _ => &[],
    };
    let parameter = |name: &&str| {
        let ty = match *name {
            "force" => "boolean",
            "gracePeriodSeconds" => "integer",
            _ => "string",
        };
        json!({"name": name, "in": "query", "schema": {"type": ty, "uniqueItems": true}})
    };
    json!({
        "parameters": names.iter().map(parameter).collect::<Vec<_>>(),
        "responses": {"200": {"description": "OK"}},
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": gvk(kind),
    })
}
