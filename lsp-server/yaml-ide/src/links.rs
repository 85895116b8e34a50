//! Names that objects define and use, over all files.

use crate::diagnostics::Diagnostic;
use crate::{Analysis, FileId};

/// What is wrong between the objects of the set, as far as it concerns `file`.
pub(crate) fn diagnostics(_analysis: &Analysis, _file: FileId) -> Vec<Diagnostic> {
    Vec::new()
}
