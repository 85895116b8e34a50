//! The name under the cursor, wherever it stands in this file.

use yaml_syntax::{TextRange, TextSize};

use crate::{Analysis, FileId};

/// A place with the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Highlight {
    /// The place.
    pub range: TextRange,
    /// Whether the name is defined there, and not only used.
    pub is_definition: bool,
}

/// All places of `file` that mean the same as the name at `offset`, in order.
pub fn document_highlight(
    _analysis: &Analysis,
    _file: FileId,
    _offset: TextSize,
) -> Vec<Highlight> {
    Vec::new()
}
