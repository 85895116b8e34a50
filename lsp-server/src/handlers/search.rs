//! `kun/search`: finding a pattern in a document, for editors that do not hold its text.

use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types as lsp;

use crate::convert::Encoding;
use crate::search::{Flags, Pattern};
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

/// What was found.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    version: i32,
    count: usize,
    /// Start and end of each match, as offsets from the start of the text in units of the
    /// agreed encoding.
    ranges: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replacements: Option<Vec<String>>,
}

/// Answers `kun/search`.
pub(crate) fn search(snapshot: &Snapshot, params: &Params) -> Result<Answer> {
    let document = snapshot.document(&params.text_document.uri)?;
    if document.version != params.text_document.version {
        // The places of another text would be wrong ones.
        return Err(Error::content_modified());
    }
    let pattern = Pattern::new(&params.pattern, params.flags).map_err(Error::invalid_params)?;
    let text = document.lines.source.to_string();
    let found = pattern.find(&text, params.replacement.as_deref());
    let ends = found.matches.iter().flat_map(|it| [it.start, it.end]);
    Ok(Answer {
        version: document.version,
        count: found.count,
        ranges: encoded(&text, document.lines.encoding, ends),
        replacements: params.replacement.as_ref().map(|_| found.replacements),
    })
}

/// Ascending byte offsets in units of `encoding`, in one pass over the text.
fn encoded(text: &str, encoding: Encoding, offsets: impl Iterator<Item = usize>) -> Vec<u32> {
    let (mut bytes, mut units) = (0, 0);
    let advance = |offset| {
        units += text
            .get(bytes..offset)
            .map_or(0, |passed| encoding.len(passed));
        bytes = offset;
        units
    };
    offsets.map(advance).collect()
}
