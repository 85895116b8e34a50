//! Requests by id over the worker; restarts it when it dies.

use std::rc::Rc;

use editor_core::{ChangeSet, Text};
use serde_json::Value;
use yew::Callback;

use super::protocol::Diagnostic;

/// Where the parts of the language server stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LspOptions {
    /// URL of the worker's script.
    pub worker: String,
    /// URL of the schemas' structure.
    pub structure: String,
    /// URL of the schemas' descriptions.
    pub descriptions: String,
}

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LspError {
    /// Another request or change made it pointless.
    Canceled,
    /// The worker died over it; it is not repeated.
    Died,
    /// The server said so.
    Failed(String),
}

/// The language server, shared by all that want to ask it. Clones are the same server.
#[derive(Clone)]
pub struct LspClient(Rc<()>);

impl PartialEq for LspClient {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl LspClient {
    /// Starts the worker. Nothing waits for it: what is asked before it is ready is asked then.
    pub fn start(_options: LspOptions) -> Self {
        Self(Rc::new(()))
    }

    /// Opens a file, or replaces the text of one that is open. The other files of a set are opened
    /// by the page, the one in an editor by the editor.
    pub fn open(&self, _uri: &str, _text: &Text) {}

    /// Tells what was changed in an open file.
    pub fn change(&self, _uri: &str, _before: &Text, _changes: &ChangeSet, _after: &Text) {}

    /// Closes a file.
    pub fn close(&self, _uri: &str) {}

    /// Calls back with the diagnostics of any open file when they change, until the result is
    /// dropped.
    pub fn on_diagnostics(
        &self,
        _callback: Callback<(Rc<str>, Rc<[Diagnostic]>)>,
    ) -> DiagnosticsListener {
        DiagnosticsListener
    }

    /// Asks the server.
    pub async fn request(&self, _method: &str, _params: Value) -> Result<Value, LspError> {
        Err(LspError::Canceled)
    }
}

/// Ends listening when dropped.
pub struct DiagnosticsListener;
