//! The shape of a file, and what is shown in and above its lines.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::{
    code_lenses, document_links, document_symbols, folding_ranges, inlay_hints, selection_ranges,
};

use crate::convert::{from_proto, to_proto};
use crate::params::{AtEach, Whole, Within};
use crate::session::Snapshot;

/// Answers `textDocument/documentSymbol`.
pub(crate) fn document_symbol(
    snapshot: &Snapshot,
    params: &Whole,
) -> Result<Option<lsp::DocumentSymbolResponse>> {
    let document = snapshot.document(&params.text_document.uri)?;
    let outline = document_symbols::document_symbols(&snapshot.analysis, document.file);
    let outline = outline
        .into_iter()
        .map(|it| to_proto::document_symbol(document.lines, it));
    if snapshot.client.nested_symbols {
        return Ok(Some(lsp::DocumentSymbolResponse::Nested(outline.collect())));
    }
    let mut flat = Vec::new();
    outline.for_each(|symbol| flatten(&mut flat, &params.text_document.uri, None, symbol));
    Ok(Some(lsp::DocumentSymbolResponse::Flat(flat)))
}

fn flatten(
    flat: &mut Vec<lsp::SymbolInformation>,
    uri: &lsp::Uri,
    container: Option<&str>,
    symbol: lsp::DocumentSymbol,
) {
    #[expect(
        deprecated,
        reason = "the struct has the field, and no other constructor"
    )]
    flat.push(lsp::SymbolInformation {
        name: symbol.name.clone(),
        kind: symbol.kind,
        tags: None,
        deprecated: None,
        location: lsp::Location::new(uri.clone(), symbol.range),
        container_name: container.map(str::to_owned),
    });
    for child in symbol.children.into_iter().flatten() {
        flatten(flat, uri, Some(&symbol.name), child);
    }
}

/// Answers `textDocument/foldingRange`.
pub(crate) fn folding_range(
    snapshot: &Snapshot,
    params: &Whole,
) -> Result<Option<Vec<lsp::FoldingRange>>> {
    let document = snapshot.document(&params.text_document.uri)?;
    let folds = folding_ranges::folding_ranges(&snapshot.analysis, document.file);
    let folds = folds
        .into_iter()
        .map(|it| to_proto::folding_range(document.lines, it));
    Ok(Some(folds.collect()))
}

/// Answers `textDocument/selectionRange`: one answer a position, as the protocol demands.
pub(crate) fn selection_range(
    snapshot: &Snapshot,
    params: &AtEach,
) -> Result<Option<Vec<lsp::SelectionRange>>> {
    let document = snapshot.document(&params.text_document.uri)?;
    let ranges = params.positions.iter().map(|at| {
        let offset = from_proto::offset(document.lines, *at);
        let ranges = selection_ranges::selection_ranges(&snapshot.analysis, document.file, offset);
        to_proto::selection_range(document.lines, &ranges).unwrap_or(lsp::SelectionRange {
            range: lsp::Range::new(*at, *at),
            parent: None,
        })
    });
    Ok(Some(ranges.collect()))
}

/// Answers `textDocument/documentLink`.
pub(crate) fn document_link(
    snapshot: &Snapshot,
    params: &Whole,
) -> Result<Option<Vec<lsp::DocumentLink>>> {
    let document = snapshot.document(&params.text_document.uri)?;
    let links = document_links::document_links(&snapshot.analysis, document.file);
    let links = links
        .into_iter()
        .filter_map(|it| to_proto::document_link(document.lines, it));
    Ok(Some(links.collect()))
}

/// Answers `textDocument/inlayHint`.
pub(crate) fn inlay_hint(
    snapshot: &Snapshot,
    params: &Within,
) -> Result<Option<Vec<lsp::InlayHint>>> {
    let document = snapshot.document(&params.text_document.uri)?;
    let range = from_proto::range(document.lines, params.range);
    let hints = inlay_hints::inlay_hints(&snapshot.analysis, document.file, range);
    Ok(Some(
        hints
            .into_iter()
            .map(|it| to_proto::inlay_hint(document.lines, it))
            .collect(),
    ))
}

/// Answers `textDocument/codeLens`.
pub(crate) fn code_lens(snapshot: &Snapshot, params: &Whole) -> Result<Option<Vec<lsp::CodeLens>>> {
    let uri = &params.text_document.uri;
    let document = snapshot.document(uri)?;
    let lenses = code_lenses::code_lenses(&snapshot.analysis, document.file);
    let lenses = lenses.into_iter().map(|lens| {
        let range = to_proto::range(document.lines, lens.range);
        let places = lens.locations.into_iter();
        let places = places
            .filter_map(|it| to_proto::location(snapshot, it))
            .collect::<Vec<_>>();
        lsp::CodeLens {
            range,
            command: Some(show_places(lens.title, uri, range.start, &places)),
            data: None,
        }
    });
    let own = snapshot.client_lenses(document.file).iter();
    let own = own.map(|lens| lsp::CodeLens {
        range: to_proto::range(document.lines, lens.range),
        command: Some(lens.command.clone()),
        data: None,
    });
    Ok(Some(own.chain(lenses).collect()))
}

/// The command that clients have for "show these places". A lens without any says its words only.
fn show_places(
    title: String,
    uri: &lsp::Uri,
    at: lsp::Position,
    places: &[lsp::Location],
) -> lsp::Command {
    if places.is_empty() {
        return lsp::Command::new(title, String::new(), None);
    }
    let arguments = vec![
        uri.as_str().into(),
        serde_json::json!(at),
        serde_json::json!(places),
    ];
    lsp::Command::new(
        title,
        "editor.action.showReferences".to_owned(),
        Some(arguments),
    )
}
