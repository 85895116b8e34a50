//! Custom resources that the files themselves define.

use std::sync::Arc;

use serde_json::Value;
use yaml_syntax::{Document, Parse, PathSegment};

use crate::manifest;

/// The `CustomResourceDefinition`s of a file. A broken one is left out.
pub(crate) fn of_file(parse: &Parse) -> Vec<Arc<Value>> {
    parse.documents().flat_map(of_document).collect()
}

fn of_document(document: Document<'_>) -> Vec<Arc<Value>> {
    let manifests = manifest::manifests(document);
    let paths: Vec<_> = manifests
        .iter()
        .filter(|manifest| manifest.kind == "CustomResourceDefinition")
        .map(|manifest| manifest.path.as_slice())
        .collect();
    if paths.is_empty() {
        return Vec::new();
    }
    let Ok(json) = yaml_syntax::json::document(document) else {
        return Vec::new();
    };
    let found = paths
        .into_iter()
        .filter_map(|path| follow(&json.value, path));
    found.map(|crd| Arc::new(crd.clone())).collect()
}

fn follow<'a>(value: &'a Value, path: &[PathSegment]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, segment| match segment {
        PathSegment::Key(key) => value.get(key),
        PathSegment::Index(index) => value.get(index),
    })
}
