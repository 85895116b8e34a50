//! The outline of a pipeline: keywords, and jobs with their stages.

use yaml_syntax::Node;

use super::part::Job;
use super::pipeline::{Found, Pipeline};
use crate::document_symbols::{self, DocumentSymbol, Extent, SymbolKind};
use crate::language::{self, Language};
use crate::workspace_symbols::WorkspaceSymbol;
use crate::{Analysis, FileId};

/// The outline of a file.
#[inline(never)]
pub(crate) fn of_file(analysis: &Analysis, file: FileId) -> Vec<DocumentSymbol> {
    let Some(parse) = analysis.parse(file) else {
        return Vec::new();
    };
    let pipeline = Pipeline::of(analysis, file);
    let mut symbols = Vec::new();
    for document in parse.documents() {
        let root = document.root().and_then(Node::as_mapping);
        let entries = root.into_iter().flat_map(yaml_syntax::Mapping::entries);
        for entry in entries {
            let symbol = document_symbols::of_entry(document, entry, 0, Extent::FULL);
            symbols.extend(symbol.map(|symbol| with_stage(&pipeline, symbol)));
        }
    }
    symbols
}

fn with_stage(pipeline: &Pipeline<'_>, mut symbol: DocumentSymbol) -> DocumentSymbol {
    if let Some(found) = pipeline.job(&symbol.name) {
        symbol.kind = SymbolKind::Object;
        symbol.detail = what(pipeline, found.job);
    }
    symbol
}

fn what(pipeline: &Pipeline<'_>, job: &Job) -> String {
    if job.is_hidden() {
        return "hidden job".to_owned();
    }
    let found = pipeline.job(&job.name.text);
    match found.and_then(|found| pipeline.stage_of(found.job)) {
        Some(stage) => format!("job of stage {stage}"),
        None => "job".to_owned(),
    }
}

/// The jobs of all files.
#[inline(never)]
pub(crate) fn jobs(analysis: &Analysis) -> Vec<WorkspaceSymbol> {
    let mut symbols = Vec::new();
    for file in analysis.files() {
        if language::of_file(analysis, file) != Language::GitlabCi {
            continue;
        }
        let pipeline = Pipeline::of(analysis, file);
        let own = pipeline.jobs().filter(|found| found.file == file);
        symbols.extend(own.map(|found| symbol(&pipeline, found)));
    }
    symbols
}

fn symbol(pipeline: &Pipeline<'_>, found: Found<'_>) -> WorkspaceSymbol {
    WorkspaceSymbol {
        name: found.job.name.text.clone(),
        container: what(pipeline, found.job),
        file: found.file,
        range: found.range(found.job.name.range),
    }
}
