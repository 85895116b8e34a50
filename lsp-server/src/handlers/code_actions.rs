//! What is offered at a range.

use serde_json::Value;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::code_actions::{CodeAction, code_actions};
use yaml_ide::diagnostics::Diagnostic;
use yaml_syntax::TextRange;

use super::diagnostics::judged;
use crate::convert::{Lines, from_proto, to_proto};
use crate::message::Json;
use crate::params::Offers;
use crate::session::Snapshot;

/// Answers `textDocument/codeAction`.
pub(crate) async fn code_action(snapshot: &Snapshot, params: &Offers) -> Result<Json> {
    let document = snapshot.document(&params.text_document.uri)?;
    let range = from_proto::range(document.lines, params.range);
    // What is found is kept: those who offer something have it at once.
    let found = judged(snapshot, document.file).await;
    let offered = code_actions(&snapshot.analysis, document.file, range).into_iter();
    let wanted = offered.filter(|action| is_wanted(action, params.context.only.as_deref()));
    let actions = wanted.map(|action| convert(snapshot, document.lines, found, action));
    Ok(Json::of(&actions.collect::<Vec<_>>()))
}

/// Where the only change of an action stands.
const ONLY_EDIT: &str = "/edit/documentChanges/0/edits/0";

/// So many complaints are told with what mends them.
const MAX_TOLD: usize = 100;

/// The complaint with this code at this place; `found` are sorted.
fn complaint<'f>(found: &'f [Diagnostic], mended: (&str, TextRange)) -> Option<&'f Diagnostic> {
    let (code, at) = mended;
    let first = found.partition_point(|it| it.range.start() < at.start());
    let mut there = found
        .iter()
        .skip(first)
        .take_while(|it| it.range.start() == at.start());
    there.find(|it| it.code == code && it.range == at)
}

/// A client that asks for `source` wants `source.fixAll` too.
fn is_wanted(action: &CodeAction, only: Option<&[lsp::CodeActionKind]>) -> bool {
    let kind = to_proto::code_action_kind(action.kind);
    let covers = |wanted: &lsp::CodeActionKind| {
        let rest = kind.as_str().strip_prefix(wanted.as_str());
        rest.is_some_and(|rest| {
            wanted.as_str().is_empty() || rest.is_empty() || rest.starts_with('.')
        })
    };
    only.is_none_or(|only| only.iter().any(covers))
}

fn convert(
    snapshot: &Snapshot,
    lines: Lines<'_>,
    found: &[Diagnostic],
    action: CodeAction,
) -> Value {
    let snippet = action
        .snippet
        .as_ref()
        .filter(|_| snapshot.client.snippet_edits);
    let edits = action.edit.files.values().flatten();
    let snippet = snippet
        .zip(edits.last())
        .and_then(|(snippet, edit)| to_proto::snippet_edit(lines, edit.range, snippet));
    let mended = action.mends.iter().take(MAX_TOLD);
    let mended = mended.filter_map(|it| complaint(found, *it));
    let mended = mended
        .map(|it| to_proto::diagnostic(snapshot, lines, it))
        .collect::<Vec<_>>();
    let converted = lsp::CodeAction {
        kind: Some(to_proto::code_action_kind(action.kind)),
        diagnostics: Some(mended).filter(|list| !list.is_empty()),
        title: action.title,
        edit: Some(to_proto::workspace_edit(snapshot, action.edit)),
        is_preferred: action.preferred.then_some(true),
        ..lsp::CodeAction::default()
    };
    let mut converted = serde_json::to_value(converted).unwrap_or_default();
    // The types of the protocol are older than changes with tab stops.
    if let Some((slot, snippet)) = converted.pointer_mut(ONLY_EDIT).zip(snippet) {
        *slot = snippet;
    }
    converted
}
