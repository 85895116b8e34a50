//! Layout, never meaning: where lines start, and the blanks between a key and its value.
//!
//! Long lines, empty lines, comments, quotes and what stands within brackets stay as they are.

mod lines;

use crate::ast::Document;
use crate::edit::{TextEdit, apply};
use crate::events::events;
use crate::{Parse, TextSize, parse};

/// How documents are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// By how many blanks a mapping is indented within another.
    pub step: u32,
    /// Where lists start.
    pub sequences: Sequences,
}

/// Where the dashes of a list stand that is the value of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequences {
    /// Deeper than the key.
    Indented,
    /// Below the first letter of the key.
    Flush,
}

/// The changes that lay out a document, disjoint and sorted. None where it has syntax errors, or a
/// layout that cannot be changed without a change of what it says.
pub fn format(document: Document<'_>, options: Options) -> Vec<TextEdit> {
    if options.step == 0 || document.problems().next().is_some() {
        return Vec::new();
    }
    let edits = lines::edits(document, options).unwrap_or_default();
    if edits.is_empty() || keeps_meaning(document, &edits) {
        edits
    } else {
        Vec::new()
    }
}

/// Whether the document says the same after `edits`. Cheap beside what a person feels, and what
/// makes a formatter safe.
fn keeps_meaning(document: Document<'_>, edits: &[TextEdit]) -> bool {
    let range = document.range();
    let text = document.text(range);
    let moved = edits.iter().map(|edit| edit.moved_back(range.start()));
    let laid_out = parse(&apply(&text, &moved.collect::<Vec<_>>()));
    let before = parse(&text);
    laid_out.is_valid() && same(&before, &laid_out)
}

fn same(before: &Parse, after: &Parse) -> bool {
    let comments = |parse: &Parse| parse.documents().flat_map(Document::comments).count();
    events(before).eq(events(after)) && comments(before) == comments(after)
}

impl TextEdit {
    fn moved_back(&self, by: TextSize) -> Self {
        let range = crate::TextRange::new(self.range.start() - by, self.range.end() - by);
        Self::new(range, self.insert.as_str())
    }
}

#[cfg(test)]
mod tests;
