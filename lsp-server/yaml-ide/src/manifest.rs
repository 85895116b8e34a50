//! Documents as Kubernetes objects.

use yaml_syntax::{Document, Node, Path, PathSegment, TextRange};

use crate::object::{Object, Value};

/// A Kubernetes object in a document.
#[derive(Debug, Clone)]
pub(crate) struct Manifest<'a> {
    /// Its mapping.
    pub(crate) object: Object<'a>,
    /// The way to it: empty, but for the items of a list.
    pub(crate) path: Path,
    /// `apiVersion` as written; empty where it is missing.
    pub(crate) api_version: String,
    /// `kind` as written; empty where it is missing.
    pub(crate) kind: String,
    /// `metadata.name`.
    pub(crate) name: Option<String>,
    /// Where `metadata.name` stands.
    pub(crate) name_range: Option<TextRange>,
    /// `metadata.namespace`.
    pub(crate) namespace: Option<String>,
}

/// The objects of a document, in order: one, or the items of a list. Those of a list that has none
/// are the list itself. Nothing where no `kind` and no `apiVersion` is written.
pub(crate) fn manifests(document: Document<'_>) -> Vec<Manifest<'_>> {
    let Some(root) = document.root() else {
        return Vec::new();
    };
    let Some(outer) = manifest(document, root, Path::new()) else {
        return Vec::new();
    };
    if !outer.is_list() {
        return vec![outer];
    }
    let items = inner(document, &outer);
    if items.is_empty() { vec![outer] } else { items }
}

/// The object around the objects of a document, if they stand in a list.
pub(crate) fn list(document: Document<'_>) -> Option<Manifest<'_>> {
    let outer = manifest(document, document.root()?, Path::new())?;
    (outer.is_list() && !inner(document, &outer).is_empty()).then_some(outer)
}

fn inner<'a>(document: Document<'a>, outer: &Manifest<'a>) -> Vec<Manifest<'a>> {
    let Some(items) = outer.object.mapping().get("items") else {
        return Vec::new();
    };
    let Some(items) = Value::new(document, items)
        .node()
        .and_then(Node::as_sequence)
    else {
        return Vec::new();
    };
    let numbered = items.items().enumerate();
    numbered
        .filter_map(|(index, item)| {
            let path = vec![
                PathSegment::Key("items".to_owned()),
                PathSegment::Index(index),
            ];
            manifest(document, item.node()?, path)
        })
        .collect()
}

/// A node as an object; `path` leads to it.
pub(crate) fn manifest<'a>(
    document: Document<'a>,
    node: Node<'a>,
    path: Path,
) -> Option<Manifest<'a>> {
    let object = Value::new(document, node).object()?;
    let api_version = object.get("apiVersion").and_then(Value::raw_text);
    let kind = object.get("kind").and_then(Value::raw_text);
    if api_version.is_none() && kind.is_none() {
        return None;
    }
    let metadata = object.object("metadata");
    let name = metadata.and_then(|metadata| metadata.get("name"));
    let namespace = metadata.and_then(|metadata| metadata.get("namespace"));
    Some(Manifest {
        object,
        path,
        api_version: api_version.unwrap_or_default(),
        kind: kind.unwrap_or_default(),
        name: name
            .and_then(Value::raw_text)
            .filter(|name| !name.is_empty()),
        name_range: name.map(Value::range),
        namespace: namespace.and_then(Value::raw_text),
    })
}

impl Manifest<'_> {
    /// Whether it holds other objects: `kind: List`, or the list of a kind.
    pub(crate) fn is_list(&self) -> bool {
        self.kind == "List" || (self.kind.ends_with("List") && self.object.has("items"))
    }
}
