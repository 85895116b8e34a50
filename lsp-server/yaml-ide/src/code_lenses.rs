//! Words shown above a line: what an object comes to in its set.

use yaml_syntax::TextRange;

use crate::find_references::Location;
use crate::{Analysis, FileId};

/// Words shown above a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLens {
    /// What it is about; in one line.
    pub range: TextRange,
    /// The words.
    pub title: String,
    /// What is shown when they are chosen.
    pub locations: Vec<Location>,
}

/// The lenses of `file`, in order.
pub fn code_lenses(_analysis: &Analysis, _file: FileId) -> Vec<CodeLens> {
    Vec::new()
}
