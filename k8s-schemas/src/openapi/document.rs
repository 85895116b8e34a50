//! The OpenAPI v3 documents of one cluster, each of one group and version.

use super::SchemaError;
use crate::pool::{KindRow, NameId, NodeId, Scope};
use crate::reader::Reader;
use crate::{Layer, SchemaSet};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The documents of one cluster, read one after another into one set: most definitions, such as
/// the metadata of objects, stand in all of them and are kept once.
#[derive(Debug)]
pub struct Documents {
    reader: Reader,
    defined: HashSet<NameId>,
    forms: Vec<(NameId, NodeId)>,
    /// Kinds that have a path of their own, and all others.
    served: Vec<u32>,
    others: Vec<u32>,
}

/// What the paths of a document say of a kind.
#[derive(Debug, Default)]
struct Served {
    plural: String,
    namespaced: bool,
    status: bool,
    scale: bool,
}

type Gvk<'a> = (&'a str, &'a str, &'a str);

impl Default for Documents {
    fn default() -> Documents {
        Documents {
            reader: Reader::new(),
            defined: HashSet::new(),
            forms: Vec::new(),
            served: Vec::new(),
            others: Vec::new(),
        }
    }
}

impl Documents {
    /// No document yet.
    pub fn new() -> Documents {
        Documents::default()
    }

    /// Reads all definitions of a document that no other one had, and the kinds that are served
    /// under its paths.
    ///
    /// # Errors
    ///
    /// It is no such document. What was read before stays.
    pub fn add(&mut self, document: &Value) -> Result<(), SchemaError> {
        let version = document["openapi"].as_str().unwrap_or("");
        let definitions = document["components"]["schemas"].as_object();
        let (true, Some(definitions)) = (version.starts_with("3."), definitions) else {
            // An API server describes paths without objects, too, such as those of its keys.
            let is_without = version.starts_with("3.") && has_paths(document);
            return if is_without && document.get("components").is_none() {
                Ok(())
            } else {
                Err(no_document(document))
            };
        };
        let served = served(&document["paths"]);
        self.reader.begin_document();
        for (name, schema) in definitions {
            let definition = self.reader.name(name);
            if self.defined.insert(definition) {
                let node = self.reader.definition(name, schema);
                self.forms.push((definition, node));
            }
            for gvk in gvks(schema) {
                let row = kind(gvk, definition, schema, &served);
                let is_served = row.scope != Scope::Subresource;
                let kind = self.reader.kind(row);
                let kinds = if is_served {
                    &mut self.served
                } else {
                    &mut self.others
                };
                kinds.push(kind);
            }
        }
        Ok(())
    }

    /// A set of all that was read; one that knows nothing if that was nothing.
    pub fn finish(mut self) -> SchemaSet {
        if self.forms.is_empty() {
            return SchemaSet::empty();
        }
        // Of two kinds of one name the first is kept: the one that can be written.
        self.served.append(&mut self.others);
        self.reader.edition(None, &self.forms, self.served);
        let (pool, texts) = self.reader.finish();
        SchemaSet::of(Layer {
            pool: Arc::new(pool),
            texts: vec![Arc::new(texts)],
        })
    }
}

fn has_paths(document: &Value) -> bool {
    document["paths"]
        .as_object()
        .is_some_and(|it| !it.is_empty())
}

/// Why it is none, told apart by what people save in its place.
fn no_document(document: &Value) -> SchemaError {
    let is_index = document["paths"].as_object().is_some_and(|paths| {
        paths
            .values()
            .any(|it| it.get("serverRelativeURL").is_some())
    });
    SchemaError::new(match () {
        () if document.get("swagger").is_some() => {
            "this is OpenAPI v2; what `/openapi/v3/apis/GROUP/VERSION` answers is needed"
        }
        () if is_index => "this is the list of the OpenAPI v3 documents, and none of them",
        () if document["kind"] == "Status" => "this is an error of the API server",
        () => "not an OpenAPI v3 document",
    })
}

/// The version of the cluster that publishes a document, such as `v1.36.4`. Only those of built-in
/// kinds say it; the version of all others is their own.
pub fn version_of(document: &Value) -> Option<&str> {
    let info = &document["info"];
    let is_own = info["title"] == "Kubernetes";
    info["version"].as_str().filter(|_| is_own)
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
