//! The name under the cursor, wherever it stands in this file.

use yaml_syntax::{TextRange, TextSize};

use crate::links::{self, Role};
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
pub fn document_highlight(analysis: &Analysis, file: FileId, offset: TextSize) -> Vec<Highlight> {
    let Some(found) = links::at(analysis, file, offset) else {
        return Vec::new();
    };
    let places = links::same(analysis, &found).into_iter();
    let here = places.filter(|place| place.file == file);
    let mut highlights: Vec<Highlight> = here
        .map(|place| Highlight {
            range: place.range,
            is_definition: matches!(place.role, Role::Definition(_)),
        })
        .collect();
    // One word may name several things: a volume for each of the pods that a template makes.
    highlights.dedup_by_key(|highlight| highlight.range);
    highlights
}
