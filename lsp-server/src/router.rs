//! The protocol's methods, each led to its handler: the whole of what a client can ask.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tower_lsp::jsonrpc::{Error, Result};

use crate::handlers;
use crate::message::Json;
use crate::session::{Session, Snapshot};

/// Answers a request.
pub(crate) async fn answer(
    method: String,
    params: Box<RawValue>,
    snapshot: Snapshot,
) -> Result<Json> {
    let request = Request {
        params: &params,
        snapshot: &snapshot,
    };
    match &*method {
        "completionItem/resolve" => request.to(handlers::completion_resolve),
        "kun/search" => request.work(handlers::search::search).await,
        "textDocument/codeAction" => request.work(handlers::code_action).await,
        "textDocument/codeLens" => request.work(handlers::code_lens).await,
        "textDocument/completion" => request.to(handlers::completion),
        "textDocument/definition" => request.to(handlers::goto_definition),
        "textDocument/diagnostic" => request.work(handlers::diagnostic).await,
        "textDocument/documentHighlight" => request.to(handlers::document_highlight),
        "textDocument/documentLink" => request.work(handlers::document_link).await,
        "textDocument/documentSymbol" => request.work(handlers::document_symbol).await,
        "textDocument/foldingRange" => request.work(handlers::folding_range).await,
        "textDocument/formatting" => request.work(handlers::formatting).await,
        "textDocument/hover" => request.to(handlers::hover),
        "textDocument/inlayHint" => request.work(handlers::inlay_hint).await,
        "textDocument/linkedEditingRange" => request.to(handlers::linked_editing_range),
        "textDocument/onTypeFormatting" => request.to(handlers::on_type_formatting),
        "textDocument/prepareRename" => request.to(handlers::prepare_rename),
        "textDocument/rangeFormatting" => request.to(handlers::range_formatting),
        "textDocument/references" => request.to(handlers::references),
        "textDocument/rename" => request.to(handlers::rename),
        "textDocument/selectionRange" => request.to(handlers::selection_range),
        "textDocument/semanticTokens/full" => request.work(handlers::semantic_tokens_full).await,
        "textDocument/semanticTokens/full/delta" => {
            request.work(handlers::semantic_tokens_full_delta).await
        }
        "textDocument/semanticTokens/range" => request.work(handlers::semantic_tokens_range).await,
        "workspace/diagnostic" => request.work(handlers::workspace_diagnostic).await,
        "workspace/symbol" => request.to(handlers::symbol),
        #[cfg(test)]
        "test/panic" => panic!("a fault in a feature"),
        _ => Err(Error::method_not_found()),
    }
}

/// Whether a browser has no answer to a method until it has loaded the rest of the program, which
/// `xtask/src/build_web/split/later.rs` tells. One that is missing here is answered too, with all
/// else standing still meanwhile.
pub(crate) fn is_rare(method: &str) -> bool {
    matches!(
        method,
        "kun/search"
            | "textDocument/definition"
            | "textDocument/documentSymbol"
            | "textDocument/foldingRange"
            | "textDocument/formatting"
            | "textDocument/linkedEditingRange"
            | "textDocument/onTypeFormatting"
            | "textDocument/rangeFormatting"
            | "textDocument/references"
            | "textDocument/rename"
            | "textDocument/selectionRange"
            | "textDocument/semanticTokens/full"
            | "textDocument/semanticTokens/full/delta"
            | "textDocument/semanticTokens/range"
            | "workspace/diagnostic"
            | "workspace/symbol"
    )
}

/// Takes in a notification. Those that are not known are passed over, as the protocol asks.
pub(crate) fn notice(method: &str, params: &RawValue, session: &mut Session) {
    let notice = Notice { params, session };
    match method {
        "initialized" => notice.session.introduce(),
        "kun/codeLenses" => notice.to(Session::set_lenses),
        "kun/objectLenses" => notice.to(Session::set_object_lenses),
        "kun/deployed" => notice.to(Session::compare_with),
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
    /// Answers what takes little time.
    fn to<P, R>(self, handler: fn(&Snapshot, &P) -> Result<R>) -> Result<Json>
    where
        P: DeserializeOwned,
        R: Serialize,
    {
        handler(self.snapshot, &self.read()?).map(|result| Json::of(&result))
    }

    /// Answers what can take long, and pauses.
    async fn work<P, H>(self, handler: H) -> Result<Json>
    where
        P: DeserializeOwned,
        H: AsyncFn(&Snapshot, &P) -> Result<Json>,
    {
        handler(self.snapshot, &self.read()?).await
    }

    fn read<P: DeserializeOwned>(self) -> Result<P> {
        let params = serde_json::from_str(self.params.get());
        params.map_err(|error| Error::invalid_params(error.to_string()))
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
