//! The protocol's methods, each led to its handler.
//!
//! The order of things, which the protocol asks for and an asynchronous framework does not give
//! by itself, comes from two rules. A notification changes the session without waiting for
//! anything. A request takes its snapshot without waiting, then waits for its turn once. The
//! [`Pump`](crate::Pump) polls every message once as it arrives, and requests again in order.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::{Client, ClientSocket, LanguageServer, LspService, ls_types as lsp};

use crate::session::{Session, Snapshot};
use crate::{capabilities, configuration, handlers};

/// The server behind the framework's service.
#[derive(Debug)]
pub(crate) struct Server {
    client: Client,
    session: Mutex<Session>,
}

/// The service with all methods, and the way to the client.
pub(crate) fn service() -> (LspService<Server>, ClientSocket) {
    let server = |client| Server {
        client,
        session: Mutex::default(),
    };
    let service = LspService::build(server).custom_method("kun/search", Server::search);
    #[cfg(test)]
    let service = service.custom_method("test/panic", Server::panic);
    service.finish()
}

impl Server {
    /// The session. A panic does not poison it: see [`Server::change_document`].
    pub(crate) fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request from the session as it is when the request arrives, once it is its turn.
    async fn answer<P, R>(&self, params: P, handler: fn(&Snapshot, &P) -> Result<R>) -> Result<R> {
        let snapshot = self.session().snapshot();
        Turn::default().await;
        guarded(|| handler(&snapshot, &params))?
    }

    /// Changes a document, now. One that a fault left half changed is closed: no answer is better
    /// than one about another text.
    fn change_document(&self, uri: &lsp::Uri, change: impl FnOnce(&mut Session)) {
        // Locked outside of the guard: a panic does not poison the session.
        let mut session = self.session();
        if guarded(|| change(&mut session)).is_err() {
            session.abandon(uri);
        }
    }

    /// Asks the client for its settings.
    async fn fetch_settings(&self) {
        if !self.session().client.tells_settings {
            return;
        }
        let item = lsp::ConfigurationItem {
            scope_uri: None,
            section: Some(configuration::SECTION.to_owned()),
        };
        if let Ok(settings) = self.client.configuration(vec![item]).await {
            let mut session = self.session();
            for settings in &settings {
                session.configure(settings);
            }
        }
    }

    /// Has the client ask for diagnostics again, where it asks at all.
    async fn refresh_diagnostics(&self) {
        let client = self.session().client.clone();
        if client.pulls_diagnostics && client.refreshes_diagnostics {
            // A client that refuses keeps what it shows until the next key.
            let _ = self.client.workspace_diagnostic_refresh().await;
        }
    }

    async fn search(&self, params: handlers::search::Params) -> Result<handlers::search::Answer> {
        self.answer(params, handlers::search::search).await
    }

    #[cfg(test)]
    async fn panic(&self) -> Result<()> {
        self.answer((), |_, ()| panic!("a fault in a feature"))
            .await
    }
}

/// Runs a feature; a panic in it becomes an error of this request alone.
pub(crate) fn guarded<R>(run: impl FnOnce() -> R) -> Result<R> {
    // Features read snapshots and change nothing, so a panic leaves nothing half done.
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| {
        let mut error = Error::internal_error();
        error.message = "the language server failed on this request; please report it".into();
        error
    })
}

/// Waits once: the second time it is polled, it is the turn of whoever awaits it.
#[derive(Debug, Default)]
struct Turn {
    waited: bool,
}

impl Future for Turn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.waited {
            return Poll::Ready(());
        }
        self.waited = true;
        Poll::Pending
    }
}

/// One method a line: `method(params) -> result = handler;`
macro_rules! answer {
    ($($method:ident($params:ident) -> $result:ty;)*) => {$(
        async fn $method(&self, params: lsp::$params) -> Result<$result> {
            self.answer(params, handlers::$method).await
        }
    )*};
}

impl LanguageServer for Server {
    async fn initialize(&self, params: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        let mut session = self.session();
        session.start(&params);
        Ok(lsp::InitializeResult {
            capabilities: capabilities::server(&session.client),
            server_info: Some(lsp::ServerInfo {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            offset_encoding: None,
        })
    }

    async fn initialized(&self, _: lsp::InitializedParams) {
        if self.session().client.registers_settings {
            let registrations = vec![capabilities::settings_registration()];
            // A client that refuses tells its settings once, below.
            let _ = self.client.register_capability(registrations).await;
        }
        self.fetch_settings().await;
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: lsp::DidOpenTextDocumentParams) {
        let item = params.text_document;
        self.change_document(&item.uri.clone(), |session| session.open(item));
    }

    async fn did_change(&self, params: lsp::DidChangeTextDocumentParams) {
        let uri = params.text_document.uri.clone();
        self.change_document(&uri, |session| session.change(params));
    }

    async fn did_close(&self, params: lsp::DidCloseTextDocumentParams) {
        self.session().close(&params.text_document.uri);
    }

    async fn did_change_configuration(&self, params: lsp::DidChangeConfigurationParams) {
        self.session().configure(&params.settings);
        self.fetch_settings().await;
        self.refresh_diagnostics().await;
    }

    answer! {
        completion(CompletionParams) -> Option<lsp::CompletionResponse>;
        completion_resolve(CompletionItem) -> lsp::CompletionItem;
        hover(HoverParams) -> Option<lsp::Hover>;
        diagnostic(DocumentDiagnosticParams) -> lsp::DocumentDiagnosticReportResult;
        code_action(CodeActionParams) -> Option<lsp::CodeActionResponse>;
        code_lens(CodeLensParams) -> Option<Vec<lsp::CodeLens>>;
        goto_definition(GotoDefinitionParams) -> Option<lsp::GotoDefinitionResponse>;
        references(ReferenceParams) -> Option<Vec<lsp::Location>>;
        document_highlight(DocumentHighlightParams) -> Option<Vec<lsp::DocumentHighlight>>;
        document_link(DocumentLinkParams) -> Option<Vec<lsp::DocumentLink>>;
        document_symbol(DocumentSymbolParams) -> Option<lsp::DocumentSymbolResponse>;
        symbol(WorkspaceSymbolParams) -> Option<lsp::WorkspaceSymbolResponse>;
        folding_range(FoldingRangeParams) -> Option<Vec<lsp::FoldingRange>>;
        selection_range(SelectionRangeParams) -> Option<Vec<lsp::SelectionRange>>;
        linked_editing_range(LinkedEditingRangeParams) -> Option<lsp::LinkedEditingRanges>;
        inlay_hint(InlayHintParams) -> Option<Vec<lsp::InlayHint>>;
        formatting(DocumentFormattingParams) -> Option<Vec<lsp::TextEdit>>;
        range_formatting(DocumentRangeFormattingParams) -> Option<Vec<lsp::TextEdit>>;
        on_type_formatting(DocumentOnTypeFormattingParams) -> Option<Vec<lsp::TextEdit>>;
        prepare_rename(TextDocumentPositionParams) -> Option<lsp::PrepareRenameResponse>;
        rename(RenameParams) -> Option<lsp::WorkspaceEdit>;
        semantic_tokens_full(SemanticTokensParams) -> Option<lsp::SemanticTokensResult>;
        semantic_tokens_full_delta(SemanticTokensDeltaParams)
            -> Option<lsp::SemanticTokensFullDeltaResult>;
        semantic_tokens_range(SemanticTokensRangeParams)
            -> Option<lsp::SemanticTokensRangeResult>;
    }
}
