//! What is wrong with a file, and why.

mod api_version;
pub(crate) mod at;
mod deprecated_field;
mod immutable;
pub(crate) mod kustomization;
mod laws;
pub(crate) mod pages;
mod replaced;
pub(crate) mod report;
mod rules;
mod scalar;
mod schema;
mod unknown_field;
pub(crate) mod yaml;

use std::iter;

use yaml_syntax::order::sort_by_number;
use yaml_syntax::{TextRange, TextSize};

use crate::analysis::Kept;
use crate::cache::{Anchored, Facts};
use crate::code_actions::Fix;
use crate::language::{self, Language};
use crate::part::Part;
use crate::{Analysis, FileId, gitlab, kustomize, links};
use report::Report;

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

/// All that is wrong with `file`, sorted by place.
pub fn diagnostics(analysis: &Analysis, file: FileId) -> Vec<Diagnostic> {
    all(analysis, file).to_vec()
}

/// The same, found out once.
pub(crate) fn all(analysis: &Analysis, file: FileId) -> &[Diagnostic] {
    known(analysis, file).unwrap_or_else(|| {
        let found = diagnostics_in_pieces(analysis, file).flatten();
        keep(analysis, file, found.collect())
    })
}

/// All that is wrong with `file`, sorted by place, if that [was found out](keep).
pub fn known(analysis: &Analysis, file: FileId) -> Option<&[Diagnostic]> {
    Some(analysis.complaints(file)?.get()?)
}

/// Sorts all that was [found in pieces](diagnostics_in_pieces), and keeps it for who asks next.
pub fn keep(analysis: &Analysis, file: FileId, mut found: Vec<Diagnostic>) -> &[Diagnostic] {
    let place = analysis.complaints(file);
    place.map_or(&[], |place| {
        place.get_or_init(|| {
            sort_by_place(&mut found);
            found
        })
    })
}

/// All that is wrong with `file` in pieces of work, for those who may not stay away for long. They
/// are still to be sorted and [kept](keep).
pub fn diagnostics_in_pieces(
    analysis: &Analysis,
    file: FileId,
) -> impl Iterator<Item = Vec<Diagnostic>> {
    let language = language::of_file(analysis, file);
    let documents = (language != Language::Template).then(|| analysis.kept(file));
    let documents = documents.into_iter().flatten();
    let parts = documents
        .filter(move |kept| !is_template(analysis, file, kept))
        .flat_map(|kept| kept.parts());
    let by_themselves = parts.map(move |(part, facts)| {
        let judged = judged(analysis, file, &part, facts);
        let moved = Shift {
            from: judged.start,
            to: part.start(),
        };
        let found = judged.found.iter();
        found.map(|found| moved.diagnostic(found)).collect()
    });
    let of_kubernetes = language == Language::Kubernetes;
    let between_objects = of_kubernetes.then(|| links::diagnostics_in_pieces(analysis, file));
    let of_pipeline = language == Language::GitlabCi;
    let between_jobs =
        of_pipeline.then(|| iter::once_with(move || gitlab::faults::diagnostics(analysis, file)));
    let of_files = kustomize::is_kustomization(analysis, file);
    let between_files =
        of_files.then(|| iter::once_with(move || kustomize::misspelt_files(analysis, file)));
    by_themselves
        .chain(between_files.into_iter().flatten())
        .chain(between_objects.into_iter().flatten())
        .chain(between_jobs.into_iter().flatten())
}

/// Sorts in the order of the text; at one place the worst first.
fn sort_by_place(found: &mut Vec<Diagnostic>) {
    sort_by_number(found, |found| {
        u64::from(found.range.start()) << 8 | found.severity as u64
    });
}

/// Whether a document is to be filled in before it is YAML. In a pipeline `{{` is text.
fn is_template(analysis: &Analysis, file: FileId, kept: &Kept<'_>) -> bool {
    let read = || {
        let source = analysis.source(file);
        language::of_file(analysis, file) != Language::GitlabCi
            && source.is_some_and(|source| language::is_template(source, kept.document))
    };
    kept.facts()
        .is_some_and(|facts| *facts.is_template.get_or_init(read))
}

fn judged<'f>(
    analysis: &Analysis,
    file: FileId,
    part: &Part<'_>,
    facts: &'f Facts,
) -> &'f Anchored<Vec<Diagnostic>> {
    facts.complaints.get_or_init(|| Anchored {
        start: part.start(),
        found: judge(analysis, file, part),
    })
}

/// How bad a key is that stands twice in YAML of no object: some readers refuse it, most keep the
/// last one, and a few want it.
const TWICE_ELSEWHERE: Severity = Severity::Warning;

/// What is wrong with a part by itself.
fn judge(analysis: &Analysis, file: FileId, part: &Part<'_>) -> Vec<Diagnostic> {
    let mut report = Report::new(analysis, file, part);
    match language::of_file(analysis, file) {
        Language::Kubernetes => {
            let (list, manifests) = (part.list(), part.manifests());
            let is_object = list.is_some() || !manifests.is_empty();
            let twice = if is_object {
                Severity::Error
            } else {
                TWICE_ELSEWHERE
            };
            yaml::check(&mut report, twice);
            if let Some(list) = list {
                api_version::list(&mut report, &list);
            }
            for manifest in manifests {
                api_version::check(&mut report, &manifest);
            }
        }
        Language::GitlabCi => gitlab::judge::document(&mut report),
        Language::Other if kustomize::is_kustomization(analysis, file) => {
            yaml::check(&mut report, Severity::Error);
            kustomization::check(&mut report);
        }
        Language::Other => yaml::check(&mut report, TWICE_ELSEWHERE),
        Language::Template => yaml::check(&mut report, Severity::Error),
    }
    report.finish()
}

/// Ranges of a part that has moved.
#[derive(Debug, Clone, Copy)]
struct Shift {
    from: TextSize,
    to: TextSize,
}

impl Shift {
    fn range(self, range: TextRange) -> TextRange {
        let offset = |offset: TextSize| offset - self.from + self.to;
        TextRange::new(offset(range.start()), offset(range.end()))
    }

    fn diagnostic(self, found: &Diagnostic) -> Diagnostic {
        let mut found = found.clone();
        if self.from == self.to {
            return found;
        }
        found.range = self.range(found.range);
        for related in &mut found.related {
            related.range = self.range(related.range);
        }
        let fixes = found.fixes.iter_mut();
        for edit in fixes.flat_map(|fix| fix.edits.iter_mut()) {
            edit.range = self.range(edit.range);
        }
        found
    }
}
