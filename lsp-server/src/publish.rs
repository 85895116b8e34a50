//! Diagnostics that are sent without being asked for: the newest only, and only if they changed.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use tower_lsp::jsonrpc::Request;
use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;

use crate::handlers::diagnostics_of;
use crate::server::{Server, guarded};
use crate::session::Snapshot;

const PUBLISH: &str = "textDocument/publishDiagnostics";

/// What was last sent about each file.
#[derive(Debug, Default)]
pub(crate) struct Publisher {
    sent: HashMap<FileId, lsp::PublishDiagnosticsParams>,
}

impl Publisher {
    /// Works off one file that is owed: what to send about it, if anything. `None` if nothing is
    /// owed.
    pub(crate) fn publish_next(&mut self, server: &Server) -> Option<Vec<Request>> {
        let mut session = server.session();
        let snapshot = session.snapshot();
        let closed = self
            .sent
            .keys()
            .find(|file| snapshot.documents.identity(**file).is_none());
        if let Some(file) = closed.copied() {
            return Some(self.clear(file).into_iter().collect());
        }
        let file = session.next_owed()?;
        // The session is free while the diagnostics are computed.
        drop(session);
        Some(self.publish(&snapshot, file).into_iter().collect())
    }

    fn publish(&mut self, snapshot: &Snapshot, file: FileId) -> Option<Request> {
        if snapshot.client.pulls_diagnostics {
            return None;
        }
        let identity = snapshot.documents.identity(file)?;
        // A fault says nothing; what was sent before stays.
        let diagnostics = guarded(|| diagnostics_of(snapshot, file)).ok()?;
        let params = lsp::PublishDiagnosticsParams {
            uri: identity.uri.clone(),
            diagnostics,
            version: Some(identity.version),
        };
        if self.sent.get(&file) == Some(&params) {
            return None;
        }
        let request = notification(PUBLISH, &params);
        self.sent.insert(file, params);
        Some(request)
    }

    /// A closed file has no diagnostics.
    fn clear(&mut self, file: FileId) -> Option<Request> {
        let mut params = self.sent.remove(&file)?;
        params.diagnostics.clear();
        params.version = None;
        Some(notification(PUBLISH, &params))
    }
}

/// A notification to the client.
pub(crate) fn notification(method: &'static str, params: &impl Serialize) -> Request {
    // The protocol's own types are maps with text keys, which cannot fail.
    let params = serde_json::to_value(params).unwrap_or(Value::Null);
    Request::build(method).params(params).finish()
}
