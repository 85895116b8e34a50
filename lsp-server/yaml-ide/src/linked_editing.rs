//! Names of one file that change together while they are typed.

use yaml_syntax::{TextRange, TextSize};

use crate::{Analysis, FileId};

/// The places that read the same as the name at `offset` and mean the same, it among them; `None`
/// where it stands alone.
pub fn linked_editing(
    _analysis: &Analysis,
    _file: FileId,
    _offset: TextSize,
) -> Option<Vec<TextRange>> {
    None
}
