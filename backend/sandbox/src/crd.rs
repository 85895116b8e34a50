//! Custom resources: from a `CustomResourceDefinition` to what the catalog serves.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::resources::{Custom, Resource, Verbs};
use crate::types::Types;
use crate::value::{at, items, name, text};
use crate::world::World;

/// Serves the versions of an established CRD, and no others.
pub(crate) fn refresh(world: &World, crd: &Value) {
    let served = if is_established(crd) {
        resources(world, crd)
    } else {
        Vec::new()
    };
    world.catalog.set_custom(name(crd), served);
}

/// Whether the controller has accepted the names.
pub(crate) fn is_established(crd: &Value) -> bool {
    items(crd, "status.conditions")
        .iter()
        .any(|it| text(it, "type") == "Established" && text(it, "status") == "True")
}

fn resources(world: &World, crd: &Value) -> Vec<Resource> {
    let versions = items(crd, "spec.versions");
    let storage = versions.iter().find(|it| it["storage"] == true);
    let storage = storage.map(|it| text(it, "name")).unwrap_or_default();
    versions
        .iter()
        .filter(|version| version["served"] == true)
        .map(|version| resource(world, crd, version, storage))
        .collect()
}

fn resource(world: &World, crd: &Value, version: &Value, storage: &str) -> Resource {
    let names = &crd["spec"]["names"];
    let list = |path: &str| {
        let items = items(names, path).iter();
        items
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let schema = at(version, "schema.openAPIV3Schema")
        .cloned()
        .unwrap_or_default();
    let subresources = at(version, "subresources").and_then(Value::as_object);
    let kind = text(names, "kind").to_owned();
    let types = Arc::new(compile(world, &schema));
    let ty = types.named("custom");
    Resource {
        group: text(crd, "spec.group").to_owned(),
        version: text(version, "name").to_owned(),
        kind,
        plural: text(names, "plural").to_owned(),
        singular: text(names, "singular").to_owned(),
        namespaced: text(crd, "spec.scope") == "Namespaced",
        short_names: list("shortNames"),
        categories: list("categories"),
        verbs: Verbs::All,
        subresources: subresources
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect(),
        types,
        ty,
        custom: Some(Custom {
            crd: name(crd).to_owned(),
            scale: at(version, "subresources.scale").cloned(),
            columns: items(version, "additionalPrinterColumns").to_vec(),
            schema,
            list_kind: text(names, "listKind").to_owned(),
            storage_version: storage.to_owned(),
        }),
    }
}

/// The types of a schema, with the metadata that every object has.
fn compile(world: &World, schema: &Value) -> Types {
    let mut root = schema.clone();
    if !root.is_object() {
        root = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    }
    root["type"] = "object".into();
    let properties = crate::value::object_mut(&mut root, "properties");
    properties.insert("apiVersion".to_owned(), json!({"type": "string"}));
    properties.insert("kind".to_owned(), json!({"type": "string"}));
    properties.insert(
        "metadata".to_owned(),
        json!({"$ref": format!("#/components/schemas/{METADATA}")}),
    );
    world.catalog.custom_types(&root)
}

pub(crate) const METADATA: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
