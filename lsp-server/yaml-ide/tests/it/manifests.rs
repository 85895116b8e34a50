//! Manifests that clusters take are never complained about.

use std::fs;
use std::path::{Path, PathBuf};

use k8s_schemas::{KubeRelease, SchemaSet};
use yaml_ide::diagnostics::Severity;
use yaml_ide::{FileId, Workspace, check, format};

#[test]
fn right_manifests_are_left_alone() {
    let paths = paths();
    assert!(paths.len() >= 60, "{} manifests", paths.len());
    let wrong: Vec<String> = paths.iter().flat_map(|path| complaints(path)).collect();
    assert_eq!(wrong.join("\n"), "");
}

#[test]
fn layout_changes_no_meaning() {
    for path in paths() {
        let text = fs::read_to_string(&path).expect("a manifest can be read");
        let mut workspace = Workspace::new();
        workspace.set_file(FileId(0), "a.yaml", yaml_syntax::parse(&text));
        let edits = format::format(&workspace.analysis(), FileId(0));
        let apart = edits.is_sorted_by(|a, b| a.range.end() <= b.range.start());
        assert!(apart, "{}", path.display());
        let mut after = text.clone();
        for edit in edits.into_iter().rev() {
            after.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.insert);
        }
        assert_eq!(meaning(&text), meaning(&after), "{}", path.display());
    }
}

/// All documents as kubectl reads them.
fn meaning(text: &str) -> Vec<Option<serde_json::Value>> {
    let parse = yaml_syntax::parse(text);
    let documents = parse
        .documents()
        .map(|document| yaml_syntax::json::document(document).ok());
    documents.map(|json| json.map(|json| json.value)).collect()
}

/// The realistic manifests of the project.
fn paths() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the manifests are there")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    paths.sort();
    paths
}

fn complaints(path: &Path) -> Vec<String> {
    let name = path
        .file_name()
        .expect("a file has a name")
        .to_string_lossy()
        .into_owned();
    let text = fs::read_to_string(path).expect("a manifest can be read");
    let found = check(
        &[(&name, &text)],
        &SchemaSet::builtin(),
        KubeRelease::NEWEST,
    );
    let found = found
        .into_iter()
        .filter(|found| found.severity <= Severity::Warning);
    found
        .map(|found| {
            let (path, line, column) = (&found.path, found.line, found.column);
            format!("{path}:{line}:{column}: [{}] {}", found.code, found.message)
        })
        .collect()
}
