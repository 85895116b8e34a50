//! What is wrong with a file, and why.

use yaml_syntax::TextRange;

use crate::code_actions::Fix;
use crate::{Analysis, FileId};

/// One complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where it is wrong: as short as it can be.
    pub range: TextRange,
    /// How bad it is.
    pub severity: Severity,
    /// A word for machines, such as `unknown-field`.
    pub code: &'static str,
    /// A sentence: names the field, says what is allowed.
    pub message: String,
    /// The page that explains it.
    pub docs: Option<String>,
    /// Other places that it is about.
    pub related: Vec<Related>,
    /// How it may be drawn.
    pub tags: Vec<Tag>,
    /// How it may be mended, best first.
    pub fixes: Vec<Fix>,
}

/// How bad a complaint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The API server refuses it, or drops what was written.
    Error,
    /// It is taken, and hardly meant.
    Warning,
    /// Worth knowing.
    Info,
    /// A small mark at most.
    Hint,
}

/// Another place that a complaint is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The file.
    pub file: FileId,
    /// The place in it.
    pub range: TextRange,
    /// What is there.
    pub message: String,
}

/// How a complaint may be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Struck through.
    Deprecated,
    /// Faded.
    Unnecessary,
}

/// Judges up to `documents` documents of `file` that were not judged yet, and keeps what it finds.
///
/// True once none is left: then [`diagnostics`] has little to do. For those who may not stay away
/// for long.
pub fn prepare(_analysis: &Analysis, _file: FileId, _documents: usize) -> bool {
    true
}

/// All that is wrong with `file`, sorted by place.
pub fn diagnostics(_analysis: &Analysis, _file: FileId) -> Vec<Diagnostic> {
    Vec::new()
}
