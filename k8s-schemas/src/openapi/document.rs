//! The OpenAPI v3 document of one group and version, as a cluster serves it.

use super::SchemaError;
use crate::Layer;
use crate::pool::{KindRow, Scope};
use crate::reader::Reader;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// What the paths of a document say of a kind.
#[derive(Debug, Default)]
struct Served {
    plural: String,
    namespaced: bool,
    status: bool,
    scale: bool,
}

type Gvk<'a> = (&'a str, &'a str, &'a str);

/// Reads all definitions, and the kinds that are served under the paths.
pub(crate) fn read_document(document: &Value) -> Result<Layer, SchemaError> {
    let version = document["openapi"].as_str().unwrap_or("");
    let definitions = document["components"]["schemas"].as_object();
    let (true, Some(definitions)) = (version.starts_with("3."), definitions) else {
        return Err(SchemaError::new("not an OpenAPI v3 document"));
    };
    let served = served(&document["paths"]);
    let (mut reader, mut forms, mut kinds) = (Reader::new(), Vec::new(), Vec::new());
    for (name, schema) in definitions {
        let node = reader.definition(name, schema);
        let definition = reader.name(name);
        forms.push((definition, node));
        for gvk in gvks(schema) {
            kinds.push(reader.kind(kind(gvk, definition, schema, &served)));
        }
    }
    reader.edition(None, &forms, kinds);
    let (pool, texts) = reader.finish();
    Ok(Layer {
        pool: Arc::new(pool),
        texts: Some(Arc::new(texts)),
    })
}

/// The kinds that a definition describes. Options and the like belong to every group, and are none.
fn gvks(schema: &Value) -> impl Iterator<Item = Gvk<'_>> {
    let list = schema["x-kubernetes-group-version-kind"].as_array();
    let list = list.filter(|list| list.len() == 1);
    list.into_iter().flatten().filter_map(gvk)
}

fn gvk(value: &Value) -> Option<Gvk<'_>> {
    let part = |name| value.get(name).and_then(Value::as_str);
    Some((part("group")?, part("version")?, part("kind")?))
}

fn kind(
    gvk: Gvk<'_>,
    definition: u32,
    schema: &Value,
    served: &HashMap<Gvk<'_>, Served>,
) -> KindRow {
    let (group, version, kind) = gvk;
    let row = KindRow {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: kind.to_owned(),
        definition,
        ..KindRow::default()
    };
    let Some(served) = served.get(&gvk) else {
        // A list, or what is posted under another object.
        let list = kind.ends_with("List") && schema["properties"]["items"].is_object();
        return if list {
            row.list_of(kind, definition)
        } else {
            KindRow {
                scope: Scope::Subresource,
                ..row
            }
        };
    };
    KindRow {
        plural: served.plural.clone(),
        singular: kind.to_ascii_lowercase(),
        scope: if served.namespaced {
            Scope::Namespaced
        } else {
            Scope::Cluster
        },
        status: served.status,
        scale: served.scale,
        ..row
    }
}

/// Finds `…/[namespaces/{namespace}/]plural[/{name}[/subresource]]` of each kind.
fn served(paths: &Value) -> HashMap<Gvk<'_>, Served> {
    let mut served: HashMap<Gvk<'_>, Served> = HashMap::new();
    let mut subresources = Vec::new();
    for (path, operations) in paths.as_object().into_iter().flatten() {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let name = segments.iter().rposition(|segment| *segment == "{name}");
        let (resource, rest) = segments.split_at(name.unwrap_or(segments.len()));
        let Some(plural) = resource.last() else {
            continue;
        };
        if let [_, subresource] = rest {
            subresources.push((*plural, *subresource));
            continue;
        }
        let operations = operations.as_object().into_iter().flatten();
        for (_, operation) in operations {
            let gvk = gvk(&operation["x-kubernetes-group-version-kind"]);
            let watch = segments.contains(&"watch");
            if let (Some(gvk), false) = (gvk, watch) {
                let entry = served.entry(gvk).or_default();
                (*plural).clone_into(&mut entry.plural);
                entry.namespaced |= segments.contains(&"{namespace}");
            }
        }
    }
    for entry in served.values_mut() {
        let has = |name| subresources.contains(&(entry.plural.as_str(), name));
        (entry.status, entry.scale) = (has("status"), has("scale"));
    }
    served
}
