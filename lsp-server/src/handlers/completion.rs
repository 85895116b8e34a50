//! What may stand at the cursor, and the documentation of one of them.

use serde_json::{Value, json};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::completion;

use crate::convert::to_proto;
use crate::params::At;
use crate::session::Snapshot;

/// Answers `textDocument/completion`.
pub(crate) fn completion(
    snapshot: &Snapshot,
    params: &At,
) -> Result<Option<lsp::CompletionResponse>> {
    let (document, offset) = snapshot.place(&params.text_document, params.position)?;
    let found = completion::completion(&snapshot.analysis, document.file, offset);
    let items = found.items.into_iter();
    let items = items.map(|item| to_proto::completion_item(snapshot, document.lines, item));
    Ok(Some(lsp::CompletionResponse::List(lsp::CompletionList {
        is_incomplete: found.incomplete,
        items: items.collect(),
    })))
}

/// Answers `completionItem/resolve`. The item stays as the client sent it, whatever is in it.
#[expect(clippy::unnecessary_wraps, reason = "the shape that all handlers have")]
pub(crate) fn completion_resolve(snapshot: &Snapshot, item: &Value) -> Result<Value> {
    let mut item = item.clone();
    let key = item.get("data").and_then(Value::as_str);
    let text = key.and_then(|key| completion::documentation(&snapshot.analysis, key));
    if let (Some(text), Some(item)) = (text, item.as_object_mut()) {
        item.insert(
            "documentation".to_owned(),
            json!(to_proto::markdown(snapshot, text)),
        );
    }
    Ok(item)
}
