//! A custom resource definition, as a manifest or a cluster holds it.

use super::{SchemaError, texts};
use crate::Layer;
use crate::pool::{KindRow, NodeId, Scope};
use crate::reader::{Reader, list_schema, object_fields};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Reads the kinds that a `CustomResourceDefinition` adds: one for each version that is served.
pub(crate) fn read_crd(crd: &Value) -> Result<Layer, SchemaError> {
    if crd["kind"] != "CustomResourceDefinition" {
        return Err(SchemaError::new("not a CustomResourceDefinition"));
    }
    let spec = &crd["spec"];
    let names = &spec["names"];
    let kind = KindRow {
        group: required(&spec["group"], "spec.group")?,
        kind: required(&names["kind"], "spec.names.kind")?,
        plural: required(&names["plural"], "spec.names.plural")?,
        singular: names["singular"].as_str().unwrap_or("").to_owned(),
        short_names: texts(&names["shortNames"]),
        categories: texts(&names["categories"]),
        scope: match spec["scope"].as_str() {
            Some("Cluster") => Scope::Cluster,
            _ => Scope::Namespaced,
        },
        ..KindRow::default()
    };
    let list_kind = match names["listKind"].as_str() {
        Some(name) => name.to_owned(),
        None => format!("{}List", kind.kind),
    };
    let versions = spec["versions"].as_array();
    let versions = versions.ok_or_else(|| SchemaError::new("spec.versions is missing"))?;

    let mut layer = Growing::default();
    for version in versions.iter().filter(|version| version["served"] != false) {
        layer.version(&kind, &list_kind, version)?;
    }
    layer.reader.edition(None, &layer.forms, layer.kinds);
    let (pool, texts) = layer.reader.finish();
    Ok(Layer {
        pool: Arc::new(pool),
        texts: vec![Arc::new(texts)],
    })
}

fn required(value: &Value, path: &str) -> Result<String, SchemaError> {
    match value.as_str() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        Some(_) => Err(SchemaError::new(format!("{path} is empty"))),
        None => Err(SchemaError::new(format!("{path} is missing"))),
    }
}

struct Growing {
    reader: Reader,
    forms: Vec<(u32, NodeId)>,
    kinds: Vec<u32>,
}

impl Default for Growing {
    fn default() -> Self {
        Growing {
            reader: Reader::new(),
            forms: Vec::new(),
            kinds: Vec::new(),
        }
    }
}

impl Growing {
    fn version(
        &mut self,
        kind: &KindRow,
        list_kind: &str,
        version: &Value,
    ) -> Result<(), SchemaError> {
        let name = required(&version["name"], "the name of a version")?;
        let schema = whole_object(&version["schema"]["openAPIV3Schema"], &name)?;
        let package = package(&kind.group, &name);
        let definition = format!("{package}.{}", kind.kind);
        let list = format!("{package}.{list_kind}");
        let row = KindRow {
            version: name,
            status: version["subresources"]["status"].is_object(),
            scale: version["subresources"]["scale"].is_object(),
            definition: self.reader.name(&definition),
            ..kind.clone()
        };
        let items = json!({"$ref": definition});
        self.define(&list, &list_schema(&schema, &kind.kind, &items));
        self.define(&definition, &schema);
        let list = row.list_of(list_kind, self.reader.name(&list));
        self.kinds.push(self.reader.kind(list));
        self.kinds.push(self.reader.kind(row));
        Ok(())
    }

    fn define(&mut self, name: &str, schema: &Value) {
        let node = self.reader.definition(name, schema);
        self.forms.push((self.reader.name(name), node));
    }
}

/// The name that an API server publishes a custom kind under: `example.com` → `com.example.v1`.
fn package(group: &str, version: &str) -> String {
    let mut parts: Vec<&str> = group.split('.').rev().collect();
    parts.push(version);
    parts.join(".")
}

/// The schema with what every object has. Where there is no schema, any field is kept.
fn whole_object(schema: &Value, version: &str) -> Result<Value, SchemaError> {
    let mut schema = match schema {
        Value::Null => Map::from_iter([
            ("type".to_owned(), "object".into()),
            (
                "x-kubernetes-preserve-unknown-fields".to_owned(),
                true.into(),
            ),
        ]),
        Value::Object(schema) => schema.clone(),
        _ => {
            let message = format!("the schema of version {version} is no object");
            return Err(SchemaError::new(message));
        }
    };
    let properties = schema
        .entry("properties")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(properties) = properties {
        for (name, general) in object_fields() {
            // What a definition says of metadata only limits its name; the type is always the same.
            if name == "metadata" || !properties.contains_key(&name) {
                properties.insert(name, general);
            }
        }
    }
    Ok(Value::Object(schema))
}
