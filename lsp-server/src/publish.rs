//! Diagnostics that are sent without being asked for: the newest only, and only if they changed.

use std::collections::HashMap;

use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;
use yaml_ide::diagnostics::prepare;

use crate::fault::guarded;
use crate::handlers::diagnostics_of;
use crate::session::{Session, Snapshot};

/// How many parts of a file (documents, items of a list) are judged in one step: few enough for a
/// step to take milliseconds in the browser.
pub(crate) const PARTS_A_STEP: usize = 8;

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
    pub(crate) fn publish_next(&mut self, session: &mut Session, now: i64) -> Published {
        let snapshot = session.snapshot(now);
        let closed = self
            .sent
            .keys()
            .find(|file| snapshot.documents.version(**file).is_none());
        if let Some(file) = closed.copied() {
            return self.clear(file);
        }
        let Some(file) = session.next_owed() else {
            return Published::Nothing;
        };
        if snapshot.client.pulls_diagnostics {
            session.settle(file);
            return Published::Unchanged;
        }
        // A fault says nothing; what was sent before stays.
        let judged = guarded(|| judge(&snapshot, file)).unwrap_or(Judged::Silent);
        if !matches!(judged, Judged::Partly) {
            session.settle(file);
        }
        match judged {
            Judged::Wholly(params) => self.compare(file, params),
            Judged::Partly | Judged::Silent => Published::Unchanged,
        }
    }

    fn compare(&mut self, file: FileId, params: lsp::PublishDiagnosticsParams) -> Published {
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

enum Judged {
    /// There is more to judge; what was judged is kept.
    Partly,
    Wholly(lsp::PublishDiagnosticsParams),
    /// There is nothing to say about the file.
    Silent,
}

/// Judges some more of a file, so that other messages never wait for a whole one.
fn judge(snapshot: &Snapshot, file: FileId) -> Judged {
    if !prepare(&snapshot.analysis, file, PARTS_A_STEP) {
        return Judged::Partly;
    }
    let Some(identity) = snapshot.documents.identity(file) else {
        return Judged::Silent;
    };
    Judged::Wholly(lsp::PublishDiagnosticsParams {
        uri: identity.uri.clone(),
        diagnostics: diagnostics_of(snapshot, file),
        version: identity.version,
    })
}
