//! Large texts are parsed a few documents at a time, so that a client can take back what it asked
//! for meanwhile. What else it says waits: it is about the whole text.

use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;
use yaml_syntax::{Parse, TextRange};

use super::Session;
use crate::documents::path_of;

/// About so many bytes are parsed in a step: milliseconds in the browser.
const BYTES_A_STEP: usize = 1 << 16;

/// A text that is parsed in steps.
#[derive(Debug)]
pub(super) struct Opening {
    uri: lsp::Uri,
    file: FileId,
    text: String,
    /// How much of it is parsed.
    read: usize,
    parse: Parse,
}

impl Session {
    /// Replaces the text of a file whole: at once, or in steps if it is large.
    pub(super) fn begin_text(&mut self, uri: &lsp::Uri, file: FileId, text: &str) {
        if !is_large(text) {
            return self.set_text(uri, file, text);
        }
        self.opening = Some(Opening {
            uri: uri.clone(),
            file,
            text: text.to_owned(),
            read: 0,
            parse: yaml_syntax::parse(""),
        });
    }

    /// Whether a text is not parsed to its end yet. Nothing else is to be taken in then.
    pub(crate) fn is_opening(&self) -> bool {
        self.opening.is_some()
    }

    /// Parses some more of a text; whether there was any.
    pub(crate) fn go_on_opening(&mut self) -> bool {
        let Some(mut opening) = self.opening.take() else {
            return false;
        };
        let (uri, file) = (opening.uri.clone(), opening.file);
        self.change_document(&uri, file, |session| {
            if opening.read_more() {
                session.opening = Some(opening);
            } else {
                let path = path_of(&opening.uri);
                session.workspace.set_file(file, &path, opening.parse);
                session.owe_all();
            }
        });
        true
    }
}

impl Opening {
    /// Whether there is more.
    fn read_more(&mut self) -> bool {
        let end = step_end(&self.text, self.read);
        let some = self.text.get(self.read..end).unwrap_or_default();
        let at = TextRange::empty(self.parse.source().len());
        self.parse.edit(at, some);
        self.read = end;
        end < self.text.len()
    }
}

/// Whether a text is parsed in steps.
pub(super) fn is_large(text: &str) -> bool {
    text.len() > BYTES_A_STEP
}

/// Where a step that starts at `start` ends: at the first document behind enough text.
fn step_end(text: &str, start: usize) -> usize {
    let enough = text.floor_char_boundary(start.saturating_add(BYTES_A_STEP));
    let rest = text.get(enough..).unwrap_or_default();
    rest.find("\n---")
        .map_or(text.len(), |found| enough + found + 1)
}
