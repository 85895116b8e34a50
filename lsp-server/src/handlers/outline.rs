//! The shape of a file, and what is shown in and above its lines.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::{
    code_lenses, document_links, document_symbols, folding_ranges, inlay_hints, selection_ranges,
};

use super::list;
use crate::convert::{from_proto, to_proto};
use crate::message::Json;
use crate::params::{AtEach, Whole, Within};
use crate::session::Snapshot;

/// Answers `textDocument/documentSymbol`.
pub(crate) async fn document_symbol(snapshot: &Snapshot, params: &Whole) -> Result<Json> {
    let uri = &params.text_document.uri;
    let document = snapshot.document(uri)?;
    let outline = document_symbols::document_symbols_in_pieces(&snapshot.analysis, document.file);
    let nested = outline.map(|symbols| {
        let symbols = symbols.into_iter();
        symbols.map(|it| to_proto::document_symbol(document.lines, it))
    });
    if snapshot.client.nested_symbols {
        return Ok(list(snapshot, nested).await);
    }
    let flat = nested.map(|symbols| {
        let mut flat = Vec::new();
        symbols.for_each(|symbol| flatten(&mut flat, uri, None, symbol));
        flat
    });
    Ok(list(snapshot, flat).await)
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
pub(crate) async fn folding_range(snapshot: &Snapshot, params: &Whole) -> Result<Json> {
    let document = snapshot.document(&params.text_document.uri)?;
    let folds = folding_ranges::folding_ranges_in_pieces(&snapshot.analysis, document.file);
    let folds = folds.map(|folds| {
        let folds = folds.into_iter();
        folds.map(|it| to_proto::folding_range(document.lines, it))
    });
    Ok(list(snapshot, folds).await)
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
pub(crate) async fn document_link(snapshot: &Snapshot, params: &Whole) -> Result<Json> {
    let document = snapshot.document(&params.text_document.uri)?;
    let links = document_links::document_links_in_pieces(&snapshot.analysis, document.file);
    let links = links.map(|links| {
        let links = links.into_iter();
        links.filter_map(|it| to_proto::document_link(snapshot, document.lines, it))
    });
    Ok(list(snapshot, links).await)
}

/// Answers `textDocument/inlayHint`.
pub(crate) async fn inlay_hint(snapshot: &Snapshot, params: &Within) -> Result<Json> {
    let document = snapshot.document(&params.text_document.uri)?;
    let range = from_proto::range(document.lines, params.range);
    let hints = inlay_hints::inlay_hints_in_pieces(&snapshot.analysis, document.file, range);
    let hints = hints.map(|hints| {
        let hints = hints.into_iter();
        hints.map(|it| to_proto::inlay_hint(snapshot, document.lines, it))
    });
    Ok(list(snapshot, hints).await)
}

/// Answers `textDocument/codeLens`.
pub(crate) async fn code_lens(snapshot: &Snapshot, params: &Whole) -> Result<Json> {
    let uri = &params.text_document.uri;
    let document = snapshot.document(uri)?;
    let own = snapshot.client_lenses(document.file).iter();
    let own = own.map(|lens| (lens.range, lens.command.clone())).collect();
    let own = std::iter::once(own).chain(snapshot.object_lenses(document.file));
    let own = own.map(|lenses: Vec<_>| {
        let lenses = lenses.into_iter().map(|(range, command)| lsp::CodeLens {
            range: to_proto::range(document.lines, range),
            command: Some(command),
            data: None,
        });
        lenses.collect()
    });
    let lenses = code_lenses::code_lenses_in_pieces(&snapshot.analysis, document.file);
    let lenses = lenses.map(|lenses| {
        let lenses = lenses.into_iter().map(|lens| {
            let range = to_proto::range(document.lines, lens.range);
            let places = lens.locations.into_iter();
            let places = places.filter_map(|it| to_proto::location(snapshot, it));
            lsp::CodeLens {
                range,
                command: Some(show_places(
                    lens.title,
                    uri,
                    range.start,
                    &places.collect::<Vec<_>>(),
                )),
                data: None,
            }
        });
        lenses.collect::<Vec<_>>()
    });
    Ok(list(snapshot, own.chain(lenses)).await)
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
