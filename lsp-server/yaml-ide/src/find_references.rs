//! Where the name under the cursor is used.

use yaml_syntax::{TextRange, TextSize};

use crate::{Analysis, FileId};

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The place in it.
    pub range: TextRange,
}

/// Where the name at `offset` is used, in all files; with `definitions`, where it is defined too.
pub fn find_references(
    _analysis: &Analysis,
    _file: FileId,
    _offset: TextSize,
    _definitions: bool,
) -> Vec<Location> {
    Vec::new()
}
