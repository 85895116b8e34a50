//! Manifests that clusters take are never complained about.

use std::fs;
use std::path::Path;

use k8s_schemas::{KubeRelease, SchemaSet};
use yaml_ide::check;
use yaml_ide::diagnostics::Severity;

#[test]
fn right_manifests_are_left_alone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    paths.sort();
    assert!(paths.len() >= 60, "{} manifests", paths.len());
    let wrong: Vec<String> = paths.iter().flat_map(|path| complaints(path)).collect();
    assert_eq!(wrong.join("\n"), "");
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
