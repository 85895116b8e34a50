//! Objects of all files, by name.

use yaml_syntax::TextRange;

use crate::{Analysis, FileId};

/// An object of some file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    /// The name of the object.
    pub name: String,
    /// Its kind, and its namespace where it has one: `Deployment in shop`.
    pub container: String,
    /// The file it stands in.
    pub file: FileId,
    /// Where its name stands.
    pub range: TextRange,
}

/// Objects whose kind or name match `query` as a fuzzy pattern, best first; all for an empty one.
pub fn workspace_symbols(_analysis: &Analysis, _query: &str) -> Vec<WorkspaceSymbol> {
    Vec::new()
}
