//! The editor's diagnostics for whoever has no editor: a push, `kun lint`.

use k8s_schemas::{KubeRelease, SchemaSet};

use crate::diagnostics::{Severity, diagnostics};
use crate::{Analysis, Config, FileId, Workspace};

/// One complaint about a set of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDiagnostic {
    /// The file, as it was given.
    pub path: String,
    /// The line, from 1 on.
    pub line: u32,
    /// The column in characters, from 1 on.
    pub column: u32,
    /// How bad it is.
    pub severity: Severity,
    /// A word for machines, such as `unknown-field`.
    pub code: &'static str,
    /// A sentence: what is wrong and what is allowed.
    pub message: String,
}

/// Checks `files` (path and text) as one set.
///
/// The complaints are sorted by file, in the order given, and by place.
pub fn check(
    files: &[(&str, &str)],
    schemas: &SchemaSet,
    release: KubeRelease,
) -> Vec<FileDiagnostic> {
    let mut workspace = Workspace::new();
    workspace.set_schemas(schemas.clone());
    workspace.set_config(Config {
        release,
        ..Config::default()
    });
    for (number, (path, text)) in (0..).zip(files) {
        workspace.set_file(FileId(number), path, yaml_syntax::parse(text));
    }
    let analysis = workspace.analysis();
    analysis
        .files()
        .flat_map(|file| of_file(&analysis, file))
        .collect()
}

fn of_file(analysis: &Analysis, file: FileId) -> Vec<FileDiagnostic> {
    let (Some(path), Some(source)) = (analysis.path(file), analysis.source(file)) else {
        return Vec::new();
    };
    let found = diagnostics(analysis, file).into_iter();
    found
        .map(|found| {
            let at = source.line_col(found.range.start());
            let line = source.slice(source.line_range(at.line));
            let before = line.get(..at.col as usize).unwrap_or(&line);
            FileDiagnostic {
                path: path.to_owned(),
                line: at.line + 1,
                column: before.chars().count() as u32 + 1,
                severity: found.severity,
                code: found.code,
                message: found.message,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_have_a_file_a_line_and_a_column() {
        let text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  naem: é\n";
        let files = [
            (
                "ok.yaml",
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n",
            ),
            ("a.yaml", text),
        ];
        let found = check(&files, &SchemaSet::builtin(), KubeRelease::NEWEST);
        let shown: Vec<String> = found
            .iter()
            .map(|found| {
                format!(
                    "{}:{}:{} {}",
                    found.path, found.line, found.column, found.code
                )
            })
            .collect();
        assert_eq!(shown, ["a.yaml:5:3 unknown-field"]);
    }
}
