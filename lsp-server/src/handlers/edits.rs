//! Requests that are answered with changes of the text: layout and names.

use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types as lsp;
use yaml_ide::{format, linked_editing, rename as names};

use super::list;
use crate::convert::{from_proto, to_proto};
use crate::message::Json;
use crate::params::{At, Renaming, Typed, Whole, Within};
use crate::session::Snapshot;

/// Answers `textDocument/formatting`.
pub(crate) async fn formatting(snapshot: &Snapshot, params: &Whole) -> Result<Json> {
    let document = snapshot.document(&params.text_document.uri)?;
    let edits = format::format_in_pieces(&snapshot.analysis, document.file);
    let edits = edits.map(|edits| to_proto::text_edits(document.lines, edits));
    Ok(list(snapshot, edits).await)
}

/// Answers `textDocument/rangeFormatting`.
pub(crate) fn range_formatting(
    snapshot: &Snapshot,
    params: &Within,
) -> Result<Option<Vec<lsp::TextEdit>>> {
    let document = snapshot.document(&params.text_document.uri)?;
    let range = from_proto::range(document.lines, params.range);
    let edits = format::format_range(&snapshot.analysis, document.file, range);
    Ok(Some(to_proto::text_edits(document.lines, edits)))
}

/// Answers `textDocument/onTypeFormatting`.
pub(crate) fn on_type_formatting(
    snapshot: &Snapshot,
    params: &Typed,
) -> Result<Option<Vec<lsp::TextEdit>>> {
    let (document, offset) = snapshot.place(&params.text_document, params.position)?;
    let Some(typed) = params.ch.chars().next() else {
        return Ok(None);
    };
    let edits = format::format_on_type(&snapshot.analysis, document.file, offset, typed);
    Ok(Some(to_proto::text_edits(document.lines, edits)))
}

/// Answers `textDocument/prepareRename`.
pub(crate) fn prepare_rename(
    snapshot: &Snapshot,
    at: &At,
) -> Result<Option<lsp::PrepareRenameResponse>> {
    let (document, offset) = snapshot.place(&at.text_document, at.position)?;
    let name = names::prepare_rename(&snapshot.analysis, document.file, offset);
    Ok(
        name.map(|name| lsp::PrepareRenameResponse::RangeWithPlaceholder {
            range: to_proto::range(document.lines, name.range),
            placeholder: name.name,
        }),
    )
}

/// Answers `textDocument/rename`.
pub(crate) fn rename(snapshot: &Snapshot, params: &Renaming) -> Result<Option<lsp::WorkspaceEdit>> {
    let (document, offset) = snapshot.place(&params.text_document, params.position)?;
    let edit = names::rename(&snapshot.analysis, document.file, offset, &params.new_name);
    let edit = edit.map_err(Error::invalid_params)?;
    Ok(Some(to_proto::workspace_edit(snapshot, edit)))
}

/// Answers `textDocument/linkedEditingRange`.
pub(crate) fn linked_editing_range(
    snapshot: &Snapshot,
    params: &At,
) -> Result<Option<lsp::LinkedEditingRanges>> {
    let (document, offset) = snapshot.place(&params.text_document, params.position)?;
    let ranges = linked_editing::linked_editing(&snapshot.analysis, document.file, offset);
    Ok(ranges.map(|ranges| lsp::LinkedEditingRanges {
        ranges: ranges
            .iter()
            .map(|it| to_proto::range(document.lines, *it))
            .collect(),
        word_pattern: None,
    }))
}
