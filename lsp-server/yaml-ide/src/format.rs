//! Layout: whole files, ranges, and what follows a key just typed.

use yaml_syntax::{TextRange, TextSize};

use crate::rename::TextEdit;
use crate::{Analysis, FileId};

/// The changes that lay out `file`; none where it is broken.
pub fn format(_analysis: &Analysis, _file: FileId) -> Vec<TextEdit> {
    Vec::new()
}

/// The changes that lay out the lines that `range` touches.
pub fn format_range(_analysis: &Analysis, _file: FileId, _range: TextRange) -> Vec<TextEdit> {
    Vec::new()
}

/// The changes after `typed` was typed and the cursor stands at `offset`: the indentation of the
/// line that was begun.
pub fn format_on_type(
    _analysis: &Analysis,
    _file: FileId,
    _offset: TextSize,
    _typed: char,
) -> Vec<TextEdit> {
    Vec::new()
}
