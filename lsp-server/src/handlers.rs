//! One function a request: the document, the place in it, the feature, and its answer converted.

mod code_actions;
mod completion;
mod diagnostics;
mod edits;
mod navigation;
mod outline;
pub(crate) mod search;
pub(crate) mod semantic_tokens;

pub(crate) use code_actions::code_action;
pub(crate) use completion::{completion, completion_resolve};
pub(crate) use diagnostics::{diagnostic, diagnostics_of, workspace_diagnostic};
pub(crate) use edits::{
    formatting, linked_editing_range, on_type_formatting, prepare_rename, range_formatting, rename,
};
pub(crate) use navigation::{document_highlight, goto_definition, references, symbol};
pub(crate) use outline::{
    code_lens, document_link, document_symbol, folding_range, inlay_hint, selection_range,
};
pub(crate) use semantic_tokens::{
    semantic_tokens_full, semantic_tokens_full_delta, semantic_tokens_range,
};

use serde::Serialize;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;

use crate::convert::to_proto;
use crate::message::{Json, JsonList};
use crate::params::At;
use crate::session::Snapshot;

/// Answers `textDocument/hover`.
pub(crate) fn hover(snapshot: &Snapshot, params: &At) -> Result<Option<lsp::Hover>> {
    let (document, offset) = snapshot.place(&params.text_document, params.position)?;
    let hover = yaml_ide::hover::hover(&snapshot.analysis, document.file, offset, snapshot.now);
    Ok(hover.map(|hover| to_proto::hover(snapshot, document.lines, hover)))
}

/// What comes in pieces of work, as one list.
async fn list<P>(snapshot: &Snapshot, pieces: impl Iterator<Item = P>) -> Json
where
    P: IntoIterator<Item: Serialize>,
{
    let mut list = JsonList::default();
    for piece in pieces {
        snapshot.turn.pause().await;
        for item in piece {
            list.push(&item);
            snapshot.turn.pause().await;
        }
    }
    list.finish()
}
