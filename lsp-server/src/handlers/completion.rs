//! What may stand at the cursor, and the documentation of one of them.

use serde_json::Value;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::completion;

use crate::convert::to_proto;
use crate::session::Snapshot;

/// Answers `textDocument/completion`.
pub(crate) fn completion(
    snapshot: &Snapshot,
    params: &lsp::CompletionParams,
) -> Result<Option<lsp::CompletionResponse>> {
    let (document, offset) = snapshot.place(&params.text_document_position)?;
    let found = completion::completion(&snapshot.analysis, document.file, offset);
    let items = found.items.into_iter();
    let items = items.map(|item| to_proto::completion_item(snapshot, document.lines, item));
    Ok(Some(lsp::CompletionResponse::List(lsp::CompletionList {
        is_incomplete: found.incomplete,
        items: items.collect(),
    })))
}

/// Answers `completionItem/resolve`.
#[expect(clippy::unnecessary_wraps, reason = "the shape that all handlers have")]
pub(crate) fn completion_resolve(
    snapshot: &Snapshot,
    item: &lsp::CompletionItem,
) -> Result<lsp::CompletionItem> {
    let key = item.data.as_ref().and_then(Value::as_str);
    let text = key.and_then(|key| completion::documentation(&snapshot.analysis, key));
    Ok(lsp::CompletionItem {
        documentation: text.map(|text| lsp::Documentation::MarkupContent(to_proto::markdown(text))),
        ..item.clone()
    })
}
