//! Manifests that clusters refuse get one error each, at the place of the mistake.
//!
//! `tests/broken-manifests/README.md` says how the first lines of such a file are read.

use std::fs;
use std::path::Path;

use k8s_schemas::SchemaSet;
use yaml_ide::diagnostics::{Severity, diagnostics};
use yaml_ide::{FileId, Workspace};

#[test]
fn broken_manifests_get_the_expected_error_and_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/broken-manifests");
    let schemas = SchemaSet::builtin();
    let mut n_files = 0;
    let mut failures = Vec::new();
    for entry in fs::read_dir(folder).expect("the manifests are there") {
        let path = entry.expect("an entry can be read").path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        n_files += 1;
        let text = fs::read_to_string(&path).expect("a manifest can be read");
        let (expected, found) = (expected(&text), errors(&schemas, &text));
        if expected.is_empty() || expected != found {
            let name = path
                .file_name()
                .expect("a file has a name")
                .to_string_lossy();
            failures.push(format!(
                "{name}\n  expected {expected:?}\n  found    {found:?}"
            ));
        }
    }
    assert!(n_files >= 100, "{n_files} manifests");
    assert_eq!(failures.join("\n"), "");
}

/// A code, the line from 1 on, and the text that is underlined.
type Place = (String, u32, String);

/// The lines `# expect: [code] 12 "text"` at the start of a file.
fn expected(text: &str) -> Vec<Place> {
    let header = text.lines().map_while(|line| line.strip_prefix("# "));
    header
        .filter_map(|line| {
            let (code, rest) = line.strip_prefix("expect: [")?.split_once("] ")?;
            let (line, text) = rest.split_once(' ')?;
            let text = serde_json::from_str(text).ok()?;
            Some((code.to_owned(), line.parse().ok()?, text))
        })
        .collect()
}

fn errors(schemas: &SchemaSet, text: &str) -> Vec<Place> {
    let mut workspace = Workspace::new();
    workspace.set_schemas(schemas.clone());
    workspace.set_file(FileId(0), "broken.yaml", yaml_syntax::parse(text));
    let analysis = workspace.analysis();
    let source = analysis.source(FileId(0)).expect("the file is open");
    diagnostics(&analysis, FileId(0))
        .into_iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| {
            let line = source.line_col(found.range.start()).line + 1;
            (
                found.code.to_owned(),
                line,
                source.slice(found.range).into_owned(),
            )
        })
        .collect()
}
