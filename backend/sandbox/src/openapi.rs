//! OpenAPI, from which `kubectl explain` reads and by which it checks manifests.

pub(crate) mod legacy;

use std::collections::BTreeMap;

use k8s_schemas::openapi;
use serde_json::{Map, Value, json};

use crate::resources::RELEASE;
use crate::world::World;

/// `/openapi/v3`: where the document of each group and version stands.
pub(crate) fn index(world: &World) -> Value {
    // The hash tells a client when to read again; built-in documents never change.
    let mut contents = BTreeMap::<_, String>::new();
    for resource in world.catalog.all() {
        let key = path(&resource.group, &resource.version);
        let content = contents.entry(key).or_default();
        content.push_str(&resource.kind);
        if let Some(custom) = &resource.custom {
            content.push_str(&custom.schema.to_string());
        }
    }
    let paths: Map<_, _> = contents
        .into_iter()
        .map(|(key, content)| {
            let url = format!("/openapi/v3/{key}?hash={}", hash(&content));
            (key, json!({"serverRelativeURL": url}))
        })
        .collect();
    json!({ "paths": paths })
}

fn path(group: &str, version: &str) -> String {
    if group.is_empty() {
        format!("api/{version}")
    } else {
        format!("apis/{group}/{version}")
    }
}

fn hash(text: &str) -> String {
    use sha2::Digest as _;
    let hash = sha2::Sha512::digest(text.as_bytes());
    hash.iter()
        .fold(String::new(), |hash, byte| format!("{hash}{byte:02X}"))
}

/// `/openapi/v3/apis/GROUP/VERSION`.
pub(crate) fn document(world: &World, group: &str, version: &str) -> Option<Value> {
    if !world.catalog.serves_group_version(group, version) {
        return None;
    }
    let api_version = k8s_schemas::api_version(group, version);
    let published = openapi::document(world.catalog.schemas.release(RELEASE), &api_version);
    let mut document = published.unwrap_or_else(|| custom(world, group, version));
    document["info"] = json!({"title": "Kubernetes", "version": crate::discovery::GIT_VERSION});
    document["paths"] = paths(world, group, version);
    Some(document)
}

/// The paths that tell `kubectl` what can be applied and how: one of each resource.
fn paths(world: &World, group: &str, version: &str) -> Value {
    let mut paths = Map::new();
    for resource in world.catalog.all() {
        if resource.group != group || resource.version != version {
            continue;
        }
        let base = path(group, version);
        let place = if resource.namespaced {
            "/namespaces/{namespace}"
        } else {
            ""
        };
        let gvk =
            json!({"group": resource.group, "version": resource.version, "kind": resource.kind});
        let query = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": true}});
        let operation = |action: &str| {
            json!({
                "x-kubernetes-action": action,
                "x-kubernetes-group-version-kind": gvk,
                "parameters": [query("dryRun"), query("fieldManager"), query("fieldValidation")],
                "responses": {"200": {"description": "OK"}},
            })
        };
        paths.insert(
            format!("/{base}{place}/{}", resource.plural),
            json!({"get": operation("list"), "post": operation("post")}),
        );
        paths.insert(
            format!("/{base}{place}/{}/{{name}}", resource.plural),
            json!({
                "get": operation("get"), "put": operation("put"),
                "patch": operation("patch"), "delete": operation("delete"),
            }),
        );
    }
    Value::Object(paths)
}

/// The document of custom resources: their schemas, and metadata from a built-in document.
fn custom(world: &World, group: &str, version: &str) -> Value {
    let core = openapi::document(world.catalog.schemas.release(RELEASE), "v1").unwrap_or_default();
    let mut schemas: Map<String, Value> = core
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(name, _)| name.starts_with("io.k8s.apimachinery."))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    for resource in world.catalog.all() {
        let Some(custom) = resource
            .custom
            .as_ref()
            .filter(|_| resource.group == group && resource.version == version)
        else {
            continue;
        };
        let mut schema = custom.schema.clone();
        if !schema.is_object() {
            schema = json!({"type": "object"});
        }
        let properties = crate::value::object_mut(&mut schema, "properties");
        let reference = format!("#/components/schemas/{}", crate::crd::METADATA);
        properties.insert("apiVersion".to_owned(), json!({"type": "string"}));
        properties.insert("kind".to_owned(), json!({"type": "string"}));
        properties.insert(
            "metadata".to_owned(),
            json!({"allOf": [{"$ref": reference}]}),
        );
        schema["x-kubernetes-group-version-kind"] = json!([
            {"group": resource.group, "version": resource.version, "kind": resource.kind},
        ]);
        let reversed: Vec<_> = group.split('.').rev().collect();
        schemas.insert(
            format!("{}.{version}.{}", reversed.join("."), resource.kind),
            schema,
        );
    }
    json!({"openapi": "3.0.0", "components": {"schemas": schemas}})
}
