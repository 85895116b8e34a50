//! How complaints may be mended.

use yaml_syntax::TextRange;

use crate::rename::{TextEdit, WorkspaceEdit};
use crate::{Analysis, FileId};

/// A change of the same file that mends a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: ``Rename to `replicas` ``.
    pub title: String,
    /// The changes, disjoint and sorted.
    pub edits: Vec<TextEdit>,
}

/// Something offered at a range of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeAction {
    /// What it does, as an order.
    pub title: String,
    /// What sort of offer it is.
    pub kind: CodeActionKind,
    /// What it changes.
    pub edit: WorkspaceEdit,
    /// Code and range of the complaints that it mends.
    pub mends: Vec<(&'static str, TextRange)>,
    /// Whether it is the one to choose without asking.
    pub preferred: bool,
}

/// What sort of offer a [`CodeAction`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeActionKind {
    /// It mends a complaint.
    QuickFix,
    /// It says the same in another way.
    Rewrite,
    /// It mends all complaints of a kind in the file.
    FixAll,
}

/// What is offered at `range`.
pub fn code_actions(_analysis: &Analysis, _file: FileId, _range: TextRange) -> Vec<CodeAction> {
    Vec::new()
}
