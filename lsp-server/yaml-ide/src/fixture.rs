//! Test only: texts with a cursor into a snapshot and an offset.
//!
//! `$0` is the cursor, `$0…$0` a selection. A line `//- path` starts another file; without one the
//! file is `test.yaml`. The file with the cursor is the one that is answered.

use yaml_syntax::{TextRange, TextSize};

use crate::{Analysis, FileId, Workspace};

/// The snapshot, and the file and offset of the cursor.
#[track_caller]
pub(crate) fn position(fixture: &str) -> (Analysis, FileId, TextSize) {
    let (analysis, file, range) = selection(fixture);
    (analysis, file, range.start())
}

/// The snapshot, and the file and range of the selection.
#[track_caller]
pub(crate) fn selection(fixture: &str) -> (Analysis, FileId, TextRange) {
    let mut found = None;
    let mut workspace = workspace();
    for (index, (path, text)) in files(fixture).into_iter().enumerate() {
        let file = FileId(index as u32);
        let (text, range) = cursor(&text);
        if let Some(range) = range {
            assert!(found.is_none(), "a fixture has one cursor");
            found = Some((file, range));
        }
        workspace.set_file(file, &path, yaml_syntax::parse(&text));
    }
    let (file, range) = found.expect("a fixture has a cursor");
    (workspace.analysis(), file, range)
}

/// The snapshot of a fixture without a cursor; its first file is `FileId(0)`.
pub(crate) fn plain(fixture: &str) -> Analysis {
    let mut workspace = workspace();
    for (index, (path, text)) in files(fixture).into_iter().enumerate() {
        workspace.set_file(FileId(index as u32), &path, yaml_syntax::parse(&text));
    }
    workspace.analysis()
}

/// A workspace with the schemas of the newest release.
pub(crate) fn workspace() -> Workspace {
    let mut workspace = Workspace::new();
    workspace.set_schemas(k8s_schemas::SchemaSet::builtin());
    workspace
}

fn files(fixture: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in fixture.split_inclusive('\n') {
        match (line.strip_prefix("//- "), files.last_mut()) {
            (Some(path), _) => files.push((path.trim().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => files.push(("test.yaml".to_owned(), line.to_owned())),
        }
    }
    if files.is_empty() {
        files.push(("test.yaml".to_owned(), String::new()));
    }
    files
}

fn cursor(text: &str) -> (String, Option<TextRange>) {
    let mut parts = text.split("$0");
    let before = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let start = TextSize::of(before);
    match rest.as_slice() {
        [] => (text.to_owned(), None),
        [after] => (format!("{before}{after}"), Some(TextRange::empty(start))),
        [selected, after] => {
            let end = start + TextSize::of(selected);
            let text = format!("{before}{selected}{after}");
            (text, Some(TextRange::new(start, end)))
        }
        _ => panic!("a fixture has one cursor or one selection"),
    }
}
