//! Diagnostics that are sent without being asked for: the newest only, and only if they changed.

use std::collections::HashMap;
use std::task::Poll;

use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;

use crate::fault::guarded;
use crate::handlers::diagnostics_of;
use crate::message::Json;
use crate::session::{Session, Snapshot};
use crate::turn::{Turn, Work};

/// What was last sent about each file, and what is found out about one.
#[derive(Default)]
pub(crate) struct Publisher {
    sent: HashMap<FileId, Sent>,
    judging: Option<Judging>,
}

struct Sent {
    uri: lsp::Uri,
    params: Json,
}

/// A file that is being judged.
struct Judging {
    file: FileId,
    /// What it is judged by.
    revision: u64,
    work: Work<Option<Sent>>,
}

/// What came of looking at one file.
pub(crate) enum Published {
    /// There is no file to look at.
    Nothing,
    /// What was sent before still holds, as far as is known.
    Unchanged,
    /// This is to be sent.
    Changed(Json),
}

impl Publisher {
    /// Looks at the next file whose diagnostics are owed, for a turn.
    pub(crate) fn publish_next(&mut self, session: &mut Session, turn: &Turn) -> Published {
        let snapshot = session.snapshot(turn);
        let closed = self
            .sent
            .keys()
            .find(|file| snapshot.documents.version(**file).is_none());
        if let Some(file) = closed.copied() {
            return self.clear(file);
        }
        let begun = self.judging.take();
        // What was found out about the text before is kept by its parts that stayed the same.
        let begun = begun.filter(|begun| begun.revision == session.revision);
        let Some(mut judging) = begun.or_else(|| judging(session, snapshot)) else {
            return Published::Nothing;
        };
        let file = judging.file;
        match guarded(|| turn.take(&mut judging.work)) {
            Ok(Poll::Pending) => self.judging = Some(judging),
            Ok(Poll::Ready(found)) => {
                session.settle(file);
                return found.map_or(Published::Unchanged, |found| self.compare(file, found));
            }
            // A fault says nothing; what was sent before stays.
            Err(_) => session.settle(file),
        }
        Published::Unchanged
    }

    fn compare(&mut self, file: FileId, found: Sent) -> Published {
        let params = found.params.clone();
        let before = self.sent.insert(file, found);
        if before.is_some_and(|before| before.params == params) {
            return Published::Unchanged;
        }
        Published::Changed(params)
    }

    /// A closed file has no diagnostics.
    fn clear(&mut self, file: FileId) -> Published {
        self.sent
            .remove(&file)
            .map_or(Published::Unchanged, |sent| {
                let uri = Json::of(&sent.uri);
                let nothing: [(); 0] = [];
                let members = [("uri", &uri), ("diagnostics", &Json::of(&nothing))];
                Published::Changed(Json::object(&members))
            })
    }
}

/// Begins to judge the next file whose diagnostics are owed.
fn judging(session: &Session, snapshot: Snapshot) -> Option<Judging> {
    let file = session.next_owed()?;
    Some(Judging {
        file,
        revision: snapshot.revision,
        work: Box::pin(judge(snapshot, file)),
    })
}

/// Judges a file, unless the client asks by itself.
async fn judge(snapshot: Snapshot, file: FileId) -> Option<Sent> {
    let identity = snapshot.documents.identity(file);
    let identity = identity.filter(|_| !snapshot.client.pulls_diagnostics)?;
    let (uri, version) = (Json::of(&identity.uri), Json::of(&identity.version));
    let diagnostics = diagnostics_of(&snapshot, file).await;
    let members = [
        ("uri", &uri),
        ("diagnostics", &diagnostics),
        ("version", &version),
    ];
    Some(Sent {
        uri: identity.uri.clone(),
        params: Json::object(&members),
    })
}
