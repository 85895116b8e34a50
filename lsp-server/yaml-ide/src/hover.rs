//! What is known about the word under the cursor.

use yaml_syntax::{TextRange, TextSize};

use crate::{Analysis, FileId};

/// Documentation for a range of the file, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub range: TextRange,
    /// `CommonMark`. The client decides how to draw it.
    pub markdown: String,
}

/// Describes the field or the value at `offset`.
///
/// Returns `None` where nothing is known: in a comment, between documents, or under a `kind`
/// that has no schema.
pub fn hover(_analysis: &Analysis, _file: FileId, _offset: TextSize) -> Option<Hover> {
    None
}
