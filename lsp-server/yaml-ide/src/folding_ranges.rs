//! What can be folded: documents, blocks, comments.

use yaml_syntax::TextRange;

use crate::{Analysis, FileId};

/// Something that can be folded to its first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldingRange {
    /// From the line that stays visible to the end of the last line that goes.
    pub range: TextRange,
    /// What it is.
    pub kind: FoldingKind,
    /// What is shown in its place, where more can be said than the first line does.
    pub collapsed: Option<String>,
}

/// What can be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldingKind {
    /// A document of several in a file.
    Document,
    /// A key with what belongs to it, or an item.
    Block,
    /// Comment lines.
    Comment,
}

/// All that can be folded in `file`, in order of their starts.
pub fn folding_ranges(_analysis: &Analysis, _file: FileId) -> Vec<FoldingRange> {
    Vec::new()
}
