//! Words that name other files: what a pipeline includes, what a kustomization is made of.

use yaml_syntax::TextRange;

use crate::language::{self, Language};
use crate::{Analysis, FileId, gitlab, kustomize};

/// A word, and the file of the workspace that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedFile {
    pub(crate) range: TextRange,
    pub(crate) file: FileId,
}

/// All words of `file` that name files of the workspace, in order; one with `*` may name several.
pub(crate) fn named_files(analysis: &Analysis, file: FileId) -> Vec<NamedFile> {
    match language::of_file(analysis, file) {
        Language::GitlabCi => gitlab::links::included(analysis, file),
        _ if kustomize::is_kustomization(analysis, file) => kustomize::files(analysis, file),
        _ => Vec::new(),
    }
}
