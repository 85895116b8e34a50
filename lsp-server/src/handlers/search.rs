//! `kun/search`: finding a pattern in a document, for editors that do not hold its text.

use serde::Deserialize;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types as lsp;

use crate::convert::Encoding;
use crate::message::{Json, JsonList};
use crate::search::{Flags, MAX_LISTED, Pattern};
use crate::session::Snapshot;

/// What is looked for, and in which version of which document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Params {
    text_document: lsp::VersionedTextDocumentIdentifier,
    pattern: String,
    #[serde(default)]
    flags: Flags,
    /// What matches are to be replaced with; `$1` and `${name}` stand for groups.
    replacement: Option<String>,
}

/// Answers `kun/search`: the version, how many matches there are, `ranges` with start and end of
/// each as offsets from the start of the text in units of the agreed encoding, and the
/// `replacements` if they were asked for.
pub(crate) async fn search(snapshot: &Snapshot, params: &Params) -> Result<Json> {
    let document = snapshot.document(&params.text_document.uri)?;
    if document.version != params.text_document.version {
        // The places of another text would be wrong ones.
        return Err(Error::content_modified());
    }
    let pattern = Pattern::new(&params.pattern, params.flags).map_err(Error::invalid_params)?;
    let text = document.lines.source.to_string();
    let mut place = Place::new(&text, document.lines.encoding);
    let (mut ranges, mut replacements) = (JsonList::default(), JsonList::default());
    let mut count = 0;
    for found in pattern.find(&text, params.replacement.as_deref()) {
        count += 1;
        if count <= MAX_LISTED {
            ranges.push(&place.at(found.range.start));
            ranges.push(&place.at(found.range.end));
            found
                .replacement
                .iter()
                .for_each(|it| replacements.push(it));
        }
        snapshot.turn.pause().await;
    }
    let (version, count) = (Json::of(&document.version), Json::of(&count));
    let (ranges, replacements) = (ranges.finish(), replacements.finish());
    let mut members = vec![
        ("version", &version),
        ("count", &count),
        ("ranges", &ranges),
    ];
    let is_asked = params.replacement.is_some();
    members.extend(is_asked.then_some(("replacements", &replacements)));
    Ok(Json::object(&members))
}

/// A place in a text that only moves on, counted in units of the client.
struct Place<'t> {
    text: &'t str,
    encoding: Encoding,
    bytes: usize,
    units: u32,
}

impl<'t> Place<'t> {
    fn new(text: &'t str, encoding: Encoding) -> Self {
        Self {
            text,
            encoding,
            bytes: 0,
            units: 0,
        }
    }

    /// Moves on to a byte.
    fn at(&mut self, byte: usize) -> u32 {
        let passed = self.text.get(self.bytes..byte);
        self.units += passed.map_or(0, |passed| self.encoding.len(passed));
        self.bytes = byte;
        self.units
    }
}
