//! Custom resources that the files themselves define.

use std::sync::Arc;

use serde_json::Value;

use crate::part::Part;

/// The `CustomResourceDefinition`s of a part of a document. A broken one is left out.
pub(crate) fn of_part(part: &Part<'_>) -> Vec<Arc<Value>> {
    let mut crds = part.manifests();
    crds.retain(|manifest| manifest.kind == "CustomResourceDefinition");
    if crds.is_empty() || !part.errors().is_empty() {
        return Vec::new();
    }
    let crds = crds.into_iter();
    let read = crds.filter_map(|manifest| {
        let node = yaml_syntax::Node::Mapping(manifest.object.mapping());
        yaml_syntax::json::node(part.document(), node).ok()
    });
    read.map(Arc::new).collect()
}
