//! From a name to where it is defined and used.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::{document_highlight, find_references, goto_definition, workspace_symbols};

use crate::convert::to_proto;
use crate::params::{At, Query, Uses};
use crate::session::Snapshot;

/// Answers `textDocument/definition`.
pub(crate) fn goto_definition(
    snapshot: &Snapshot,
    params: &At,
) -> Result<Option<lsp::GotoDefinitionResponse>> {
    let (document, offset) = snapshot.place(&params.text_document, params.position)?;
    let targets = goto_definition::goto_definition(&snapshot.analysis, document.file, offset);
    let links = targets.iter();
    let links = links.filter_map(|it| to_proto::location_link(snapshot, document.lines, it));
    Ok(Some(if snapshot.client.definition_links {
        lsp::GotoDefinitionResponse::Link(links.collect())
    } else {
        let places = links.map(|it| lsp::Location::new(it.target_uri, it.target_selection_range));
        lsp::GotoDefinitionResponse::Array(places.collect())
    }))
}

/// Answers `textDocument/references`.
pub(crate) fn references(snapshot: &Snapshot, params: &Uses) -> Result<Option<Vec<lsp::Location>>> {
    let (document, offset) = snapshot.place(&params.text_document, params.position)?;
    let definitions = params.context.include_declaration;
    let found =
        find_references::find_references(&snapshot.analysis, document.file, offset, definitions);
    let places = found
        .into_iter()
        .filter_map(|it| to_proto::location(snapshot, it));
    Ok(Some(places.collect()))
}

/// Answers `textDocument/documentHighlight`.
pub(crate) fn document_highlight(
    snapshot: &Snapshot,
    params: &At,
) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
    let (document, offset) = snapshot.place(&params.text_document, params.position)?;
    let found = document_highlight::document_highlight(&snapshot.analysis, document.file, offset);
    Ok(Some(
        found
            .into_iter()
            .map(|it| to_proto::highlight(document.lines, it))
            .collect(),
    ))
}

/// Answers `workspace/symbol`.
#[expect(clippy::unnecessary_wraps, reason = "the shape that all handlers have")]
pub(crate) fn symbol(
    snapshot: &Snapshot,
    params: &Query,
) -> Result<Option<lsp::WorkspaceSymbolResponse>> {
    let found = workspace_symbols::workspace_symbols(&snapshot.analysis, &params.query);
    let symbols = found
        .into_iter()
        .filter_map(|it| to_proto::workspace_symbol(snapshot, it));
    Ok(Some(lsp::WorkspaceSymbolResponse::Nested(
        symbols.collect(),
    )))
}
