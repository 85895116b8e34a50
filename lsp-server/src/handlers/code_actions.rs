//! What is offered at a range.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::code_actions::{CodeAction, code_actions};

use crate::convert::{Lines, from_proto, to_proto};
use crate::session::Snapshot;

/// Answers `textDocument/codeAction`.
pub(crate) fn code_action(
    snapshot: &Snapshot,
    params: &lsp::CodeActionParams,
) -> Result<Option<lsp::CodeActionResponse>> {
    let document = snapshot.document(&params.text_document.uri)?;
    let range = from_proto::range(document.lines, params.range);
    let offered = code_actions(&snapshot.analysis, document.file, range).into_iter();
    let wanted = offered.filter(|action| is_wanted(action, params.context.only.as_deref()));
    let actions = wanted.map(|action| convert(snapshot, document.lines, &params.context, action));
    Ok(Some(actions.map(Into::into).collect()))
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
    context: &lsp::CodeActionContext,
    action: CodeAction,
) -> lsp::CodeAction {
    let mended = |shown: &&lsp::Diagnostic| {
        action.mends.iter().any(|(code, range)| {
            shown.code == Some(lsp::NumberOrString::String((*code).to_owned()))
                && shown.range == to_proto::range(lines, *range)
        })
    };
    let diagnostics = context
        .diagnostics
        .iter()
        .filter(mended)
        .cloned()
        .collect::<Vec<_>>();
    lsp::CodeAction {
        kind: Some(to_proto::code_action_kind(action.kind)),
        diagnostics: Some(diagnostics).filter(|list| !list.is_empty()),
        title: action.title,
        edit: Some(to_proto::workspace_edit(snapshot, action.edit)),
        is_preferred: action.preferred.then_some(true),
        ..lsp::CodeAction::default()
    }
}
