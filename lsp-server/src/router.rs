//! The protocol's methods, each led to its handler: the whole of what a client can ask.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tower_lsp::jsonrpc::{Error, Result};
use yaml_ide::diagnostics::prepare as judge;

use crate::fault::guarded;
use crate::handlers;
use crate::params::Whole;
use crate::publish::PARTS_A_STEP;
use crate::session::{Session, Snapshot};

/// Answers a request. A fault in a feature is an error of this request alone.
pub(crate) fn answer(
    method: &str,
    params: &RawValue,
    snapshot: &Snapshot,
) -> Result<Box<RawValue>> {
    let request = Request { params, snapshot };
    guarded(|| route(method, request))?
}

/// Does some of the work of a request that needs much, so that others are not kept waiting and the
/// client can take it back; whether it can be answered now.
pub(crate) fn prepare(method: &str, params: &RawValue, snapshot: &Snapshot) -> bool {
    let file = || {
        let params = serde_json::from_str::<Whole>(params.get()).ok()?;
        Some(snapshot.document(&params.text_document.uri).ok()?.file)
    };
    let analysis = &snapshot.analysis;
    let is_judged = |file| judge(analysis, file, PARTS_A_STEP);
    let prepared = guarded(|| match method {
        "textDocument/codeAction" | "textDocument/diagnostic" => file().is_none_or(is_judged),
        "workspace/diagnostic" => analysis.files().all(is_judged),
        _ => true,
    });
    // Who meets the fault again answers with it.
    prepared.unwrap_or(true)
}

fn route(method: &str, request: Request<'_>) -> Result<Box<RawValue>> {
    match method {
        "completionItem/resolve" => request.to(handlers::completion_resolve),
        "kun/search" => request.to(handlers::search::search),
        "textDocument/codeAction" => request.to(handlers::code_action),
        "textDocument/codeLens" => request.to(handlers::code_lens),
        "textDocument/completion" => request.to(handlers::completion),
        "textDocument/definition" => request.to(handlers::goto_definition),
        "textDocument/diagnostic" => request.to(handlers::diagnostic),
        "textDocument/documentHighlight" => request.to(handlers::document_highlight),
        "textDocument/documentLink" => request.to(handlers::document_link),
        "textDocument/documentSymbol" => request.to(handlers::document_symbol),
        "textDocument/foldingRange" => request.to(handlers::folding_range),
        "textDocument/formatting" => request.to(handlers::formatting),
        "textDocument/hover" => request.to(handlers::hover),
        "textDocument/inlayHint" => request.to(handlers::inlay_hint),
        "textDocument/linkedEditingRange" => request.to(handlers::linked_editing_range),
        "textDocument/onTypeFormatting" => request.to(handlers::on_type_formatting),
        "textDocument/prepareRename" => request.to(handlers::prepare_rename),
        "textDocument/rangeFormatting" => request.to(handlers::range_formatting),
        "textDocument/references" => request.to(handlers::references),
        "textDocument/rename" => request.to(handlers::rename),
        "textDocument/selectionRange" => request.to(handlers::selection_range),
        "textDocument/semanticTokens/full" => request.to(handlers::semantic_tokens_full),
        "textDocument/semanticTokens/full/delta" => {
            request.to(handlers::semantic_tokens_full_delta)
        }
        "textDocument/semanticTokens/range" => request.to(handlers::semantic_tokens_range),
        "workspace/diagnostic" => request.to(handlers::workspace_diagnostic),
        "workspace/symbol" => request.to(handlers::symbol),
        #[cfg(test)]
        "test/panic" => panic!("a fault in a feature"),
        _ => Err(Error::method_not_found()),
    }
}

/// Takes in a notification. Those that are not known are passed over, as the protocol asks.
pub(crate) fn notice(method: &str, params: &RawValue, session: &mut Session) {
    let notice = Notice { params, session };
    match method {
        "initialized" => notice.session.introduce(),
        "kun/codeLenses" => notice.to(Session::set_lenses),
        "kun/openapi" => notice.to(Session::cluster_serves),
        "textDocument/didOpen" => notice.to(Session::open),
        "textDocument/didChange" => notice.to(Session::change),
        "textDocument/didClose" => notice.to(Session::close),
        "window/workDoneProgress/cancel" => notice.to(Session::stop_reading),
        "workspace/didChangeConfiguration" => notice.to(Session::settings_changed),
        "workspace/didChangeWatchedFiles" => notice.to(Session::files_changed),
        "workspace/didChangeWorkspaceFolders" => notice.to(Session::folders_changed),
        "workspace/didCreateFiles" => notice.to(Session::files_created),
        "workspace/didDeleteFiles" => notice.to(Session::files_deleted),
        "workspace/didRenameFiles" => notice.to(Session::files_renamed),
        _ => {}
    }
}

#[derive(Clone, Copy)]
struct Request<'a> {
    params: &'a RawValue,
    snapshot: &'a Snapshot,
}

impl Request<'_> {
    fn to<P, R>(self, handler: fn(&Snapshot, &P) -> Result<R>) -> Result<Box<RawValue>>
    where
        P: DeserializeOwned,
        R: Serialize,
    {
        let params = serde_json::from_str(self.params.get());
        let params = params.map_err(|error| Error::invalid_params(error.to_string()))?;
        let result = handler(self.snapshot, &params)?;
        serde_json::value::to_raw_value(&result).map_err(|_| Error::internal_error())
    }
}

struct Notice<'a> {
    params: &'a RawValue,
    session: &'a mut Session,
}

impl Notice<'_> {
    /// A notification has no answer, so one that cannot be read is passed over.
    fn to<P: DeserializeOwned>(self, change: fn(&mut Session, &P)) {
        if let Ok(params) = serde_json::from_str(self.params.get()) {
            change(self.session, &params);
        }
    }
}
