//! YAML of other tools is left alone: one folder of `tests/other-files` is one workspace.

use std::fs;
use std::path::{Path, PathBuf};

use k8s_schemas::{KubeRelease, SchemaSet};
use yaml_ide::check;
use yaml_ide::diagnostics::Severity;

#[test]
fn files_of_other_tools_are_left_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/other-files");
    let schemas = SchemaSet::builtin();
    let mut n_files = 0;
    let mut complaints = Vec::new();
    for workspace in entries(&root).into_iter().filter(|path| path.is_dir()) {
        let files = files_below(&workspace, &root);
        n_files += files.len();
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let found = check(&files, &schemas, KubeRelease::NEWEST);
        let loud = found
            .into_iter()
            .filter(|found| found.severity <= Severity::Warning);
        complaints.extend(loud.map(|found| {
            let (path, line) = (&found.path, found.line);
            format!("{path}:{line}: [{}] {}", found.code, found.message)
        }));
    }
    assert!(n_files >= 25, "{n_files} files");
    assert_eq!(complaints.join("\n"), "");
}

/// Paths as seen from `root`, and texts.
fn files_below(folder: &Path, root: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            files.extend(files_below(&path, root));
        } else {
            let name = path.strip_prefix(root).expect("it is below");
            let text = fs::read_to_string(&path).expect("a file can be read");
            files.push((name.to_string_lossy().replace('\\', "/"), text));
        }
    }
    files
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder can be read");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    paths.sort();
    paths
}
