//! A name and all its uses, changed together.

use std::collections::BTreeMap;

use yaml_syntax::{TextRange, TextSize};

use crate::{Analysis, FileId};

/// A part of a text and what comes in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What goes.
    pub range: TextRange,
    /// What comes.
    pub insert: String,
}

/// Changes of several files; those of one file are disjoint and sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkspaceEdit {
    /// The changes of each file.
    pub files: BTreeMap<FileId, Vec<TextEdit>>,
}

/// A name that can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renameable {
    /// Where it stands under the cursor.
    pub range: TextRange,
    /// How it reads now.
    pub name: String,
}

/// The name at `offset`, if it is one that can be changed with all its uses.
pub fn prepare_rename(
    _analysis: &Analysis,
    _file: FileId,
    _offset: TextSize,
) -> Option<Renameable> {
    None
}

/// The changes that give the name at `offset` and all its uses the name `to`.
///
/// # Errors
///
/// A sentence for the person: there is no such name, or `to` is not allowed there.
pub fn rename(
    _analysis: &Analysis,
    _file: FileId,
    _offset: TextSize,
    _to: &str,
) -> Result<WorkspaceEdit, String> {
    Err("there is no name that can be changed here".to_owned())
}
