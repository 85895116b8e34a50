//! Words shown between the words of a file: what a value comes to.

use yaml_syntax::{TextRange, TextSize};

use crate::{Analysis, FileId};

/// Words shown at a place of the text, and not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlayHint {
    /// The place.
    pub offset: TextSize,
    /// The words.
    pub label: String,
    /// More about them, as `CommonMark`.
    pub tooltip: String,
}

/// The hints of `range` of `file`, in order.
pub fn inlay_hints(_analysis: &Analysis, _file: FileId, _range: TextRange) -> Vec<InlayHint> {
    Vec::new()
}
