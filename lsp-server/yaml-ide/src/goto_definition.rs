//! Where the name under the cursor is defined.

use yaml_syntax::{TextRange, TextSize};

use crate::{Analysis, FileId};

/// A place to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The word that leads there.
    pub origin: TextRange,
    /// The file to go to.
    pub file: FileId,
    /// All of what is there.
    pub range: TextRange,
    /// The name in it.
    pub selection: TextRange,
}

/// Where the name at `offset` is defined: the object that is meant, the port, the anchor.
pub fn goto_definition(_analysis: &Analysis, _file: FileId, _offset: TextSize) -> Vec<Target> {
    Vec::new()
}
