//! Diagnostics that are sent without being asked for: the newest only, and only if they changed.

use std::collections::HashMap;

use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;

use crate::fault::guarded;
use crate::handlers::diagnostics_of;
use crate::session::{Session, Snapshot};

/// What was last sent about each file.
#[derive(Debug, Default)]
pub(crate) struct Publisher {
    sent: HashMap<FileId, lsp::PublishDiagnosticsParams>,
}

/// What came of looking at one file.
pub(crate) enum Published {
    /// There is no file to look at.
    Nothing,
    /// What was sent before still holds.
    Unchanged,
    /// This is to be sent.
    Changed(lsp::PublishDiagnosticsParams),
}

impl Publisher {
    /// Looks at the next file whose diagnostics are owed.
    pub(crate) fn publish_next(&mut self, session: &mut Session) -> Published {
        let snapshot = session.snapshot();
        let closed = self
            .sent
            .keys()
            .find(|file| snapshot.documents.identity(**file).is_none());
        if let Some(file) = closed.copied() {
            return self.clear(file);
        }
        let Some(file) = session.next_owed() else {
            return Published::Nothing;
        };
        if snapshot.client.pulls_diagnostics {
            return Published::Unchanged;
        }
        // A fault says nothing; what was sent before stays.
        let Ok(Some(params)) = guarded(|| params(&snapshot, file)) else {
            return Published::Unchanged;
        };
        if self.sent.get(&file) == Some(&params) {
            return Published::Unchanged;
        }
        self.sent.insert(file, params.clone());
        Published::Changed(params)
    }

    /// A closed file has no diagnostics.
    fn clear(&mut self, file: FileId) -> Published {
        let Some(mut params) = self.sent.remove(&file) else {
            return Published::Unchanged;
        };
        params.diagnostics.clear();
        params.version = None;
        Published::Changed(params)
    }
}

fn params(snapshot: &Snapshot, file: FileId) -> Option<lsp::PublishDiagnosticsParams> {
    let identity = snapshot.documents.identity(file)?;
    Some(lsp::PublishDiagnosticsParams {
        uri: identity.uri.clone(),
        diagnostics: diagnostics_of(snapshot, file),
        version: Some(identity.version),
    })
}
