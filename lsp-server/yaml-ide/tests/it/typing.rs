//! Whatever is half typed gets an answer.

use std::fs;
use std::path::Path;

use k8s_schemas::SchemaSet;
use yaml_ide::{
    Analysis, FileId, Workspace, code_actions, code_lenses, completion, diagnostics,
    document_highlight, document_links, document_symbols, find_references, folding_ranges, format,
    goto_definition, hover, inlay_hints, linked_editing, rename, selection_ranges, semantic_tokens,
};
use yaml_syntax::{TextRange, TextSize};

const FILE: FileId = FileId(0);

/// Offsets are tried this far apart: a prime, so that all sorts of places are met.
const STEP: usize = 61;

#[test]
fn every_feature_answers_at_every_place_of_half_typed_text() {
    ask_all("../../tests/manifests", "yaml", "a.yaml");
}

#[test]
fn every_feature_answers_at_every_place_of_half_typed_pipelines() {
    ask_all("../../tests/pipelines", "yml", ".gitlab-ci.yml");
    ask_all("../../tests/pipelines/broken", "yml", ".gitlab-ci.yml");
}

/// Asks everything of the files of a folder, as files of the name `name`.
fn ask_all(folder: &str, extension: &str, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("a folder can be read");
    let schemas = SchemaSet::builtin();
    for path in entries.map(|entry| entry.expect("an entry can be read").path()) {
        if path.extension().is_none_or(|other| other != extension) || path.is_dir() {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a manifest is text");
        for offset in (0..text.len()).step_by(STEP) {
            if let Some((before, after)) = text.split_at_checked(offset) {
                ask(&schemas, name, before, offset);
                ask(
                    &schemas,
                    name,
                    &format!("{before}\n  - a: {{\n{after}"),
                    offset,
                );
            }
        }
    }
}

pub(crate) fn ask(schemas: &SchemaSet, name: &str, text: &str, offset: usize) {
    let mut workspace = Workspace::new();
    workspace.set_schemas(schemas.clone());
    workspace.set_file(FILE, name, yaml_syntax::parse(text));
    let analysis = workspace.analysis();
    let offset = TextSize::from(offset as u32);
    at_place(&analysis, offset, text);
    of_file(&analysis, text);
}

fn at_place(analysis: &Analysis, offset: TextSize, text: &str) {
    for item in completion::completion(analysis, FILE, offset).items {
        assert!(item.range.touches(offset), "{text:?}");
        completion::documentation(analysis, &item.documentation);
    }
    hover::hover(analysis, FILE, offset, 0);
    goto_definition::goto_definition(analysis, FILE, offset);
    find_references::find_references(analysis, FILE, offset, true);
    document_highlight::document_highlight(analysis, FILE, offset);
    linked_editing::linked_editing(analysis, FILE, offset);
    format::format_on_type(analysis, FILE, offset, '\n');
    let ranges = selection_ranges::selection_ranges(analysis, FILE, offset);
    assert!(ranges.is_sorted_by(|inner, outer| outer.covers(*inner)));
    if rename::prepare_rename(analysis, FILE, offset).is_some() {
        let _ = rename::rename(analysis, FILE, offset, "other");
    }
    code_actions::code_actions(analysis, FILE, TextRange::empty(offset));
}

fn of_file(analysis: &Analysis, text: &str) {
    let all = TextRange::new(TextSize::from(0), TextSize::of(text));
    for found in diagnostics::diagnostics(analysis, FILE) {
        assert!(all.covers(found.range), "{found:?}");
        for fix in found.fixes {
            let apart = fix
                .edits
                .is_sorted_by(|a, b| a.range.end() <= b.range.start());
            assert!(apart && fix.edits.iter().all(|edit| all.covers(edit.range)));
        }
    }
    document_symbols::document_symbols(analysis, FILE);
    folding_ranges::folding_ranges(analysis, FILE);
    semantic_tokens::semantic_tokens(analysis, FILE, None);
    document_links::document_links(analysis, FILE);
    inlay_hints::inlay_hints(analysis, FILE, all);
    code_lenses::code_lenses(analysis, FILE);
    format::format(analysis, FILE);
}
