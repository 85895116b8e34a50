//! Pipelines that GitLab takes are never complained of; broken ones once, where they are broken.

use std::fs;
use std::path::{Path, PathBuf};

use k8s_schemas::{KubeRelease, SchemaSet};
use yaml_ide::{FileDiagnostic, check};

#[test]
fn right_pipelines_are_left_alone() {
    let mut pipelines = 0;
    let mut wrong = Vec::new();
    for entry in entries(&folder()) {
        let name = name_of(&entry);
        let files = match name.as_str() {
            "README.md" | "broken" => continue,
            _ if entry.is_dir() => files_of(&entry),
            _ => vec![(name, read(&entry))],
        };
        pipelines += 1;
        wrong.extend(found(&files).iter().map(shown));
    }
    assert!(pipelines >= 25, "{pipelines} pipelines");
    assert_eq!(wrong.join("\n"), "");
}

#[test]
fn broken_pipelines_have_one_fault_where_they_are_broken() {
    let mut pipelines = 0;
    let mut failures = Vec::new();
    for path in entries(&folder().join("broken")) {
        pipelines += 1;
        let name = name_of(&path);
        let text = read(&path);
        let mut lines = (1..).zip(text.lines());
        let (line, code) = lines
            .find_map(|(line, text)| Some((line, text.split_once("# fault: ")?.1)))
            .unwrap_or_else(|| panic!("{name} has no fault"));
        let found = found(&[(name.clone(), text.clone())]);
        let fits = |found: &FileDiagnostic| found.line == line && found.code == code;
        if !matches!(found.as_slice(), [one] if fits(one)) {
            let shown: Vec<String> = found.iter().map(shown).collect();
            failures.push(format!("{name}:{line} {code}, not {}", shown.join(" and ")));
        }
    }
    assert!(pipelines >= 25, "{pipelines} pipelines");
    assert_eq!(failures.join("\n"), "");
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().expect("a file has a name");
    name.to_string_lossy().into_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a pipeline can be read")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/pipelines")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the pipelines are there");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    paths.sort();
    paths
}

/// All files below a folder, by their paths within it.
fn files_of(root: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for path in entries(&folder) {
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let name = path
                .strip_prefix(root)
                .expect("it is below")
                .to_string_lossy();
            files.push((name.into_owned(), read(&path)));
        }
    }
    files
}

fn found(files: &[(String, String)]) -> Vec<FileDiagnostic> {
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    check(&files, &SchemaSet::builtin(), KubeRelease::NEWEST)
}

fn shown(found: &FileDiagnostic) -> String {
    let (path, line, column) = (&found.path, found.line, found.column);
    format!("{path}:{line}:{column}: [{}] {}", found.code, found.message)
}
