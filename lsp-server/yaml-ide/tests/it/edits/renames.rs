//! A rename changes a name and its uses, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use k8s_schemas::SchemaSet;
use serde_json::Value;
use yaml_ide::diagnostics::diagnostics;
use yaml_ide::rename::{prepare_rename, rename};
use yaml_ide::{FileId, Workspace};
use yaml_syntax::TextSize;

const FILE: FileId = FileId(0);

/// A name that is allowed for everything.
const OTHER: &str = "renamed";

#[test]
fn a_rename_changes_names_only() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let entries = fs::read_dir(folder).expect("the manifests are there");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let mut count = 0;
    let schemas = SchemaSet::builtin();
    for path in paths.filter(|path| path.extension().is_some_and(|it| it == "yaml")) {
        let text = fs::read_to_string(&path).expect("a manifest is text");
        count += names(&schemas, &text).len();
        for (offset, name) in names(&schemas, &text) {
            try_rename(&schemas, &text, offset, &name);
        }
    }
    assert!(count > 100, "{count} names");
}

fn open(schemas: &SchemaSet, text: &str) -> Workspace {
    let mut workspace = Workspace::new();
    workspace.set_schemas(schemas.clone());
    workspace.set_file(FILE, "a.yaml", yaml_syntax::parse(text));
    workspace
}

/// All names that can be changed, each where it stands first.
fn names(schemas: &SchemaSet, text: &str) -> Vec<(TextSize, String)> {
    let analysis = open(schemas, text).analysis();
    let mut found = BTreeMap::new();
    for at in 0..text.len() {
        let offset = TextSize::from(at as u32);
        if text.is_char_boundary(at)
            && let Some(name) = prepare_rename(&analysis, FILE, offset)
        {
            let range = std::ops::Range::<usize>::from(name.range);
            assert_eq!(&text[range], name.name, "the name is what is selected");
            found.entry(name.range.start()).or_insert(name.name);
        }
    }
    found.into_iter().collect()
}

#[track_caller]
fn try_rename(schemas: &SchemaSet, text: &str, offset: TextSize, name: &str) {
    let workspace = open(schemas, text);
    let Ok(edit) = rename(&workspace.analysis(), FILE, offset, OTHER) else {
        return;
    };
    let mut after = text.to_owned();
    for edit in edit.files.get(&FILE).into_iter().flatten().rev() {
        let range = std::ops::Range::<usize>::from(edit.range);
        assert_eq!(&text[range.clone()], name, "only the name goes");
        after.replace_range(range, &edit.insert);
    }
    let changed = values(text).into_iter().zip(values(&after));
    for (before, after) in changed {
        same_but(&before, &after, name);
    }
    let codes = |text: &str| {
        let found = diagnostics(&open(schemas, text).analysis(), FILE);
        let codes = found.into_iter().map(|found| (found.severity, found.code));
        codes.collect::<Vec<_>>()
    };
    assert_eq!(
        codes(text),
        codes(&after),
        "`{name}` at {offset} in\n{after}"
    );
}

fn values(text: &str) -> Vec<Value> {
    let parse = yaml_syntax::parse(text);
    let documents = parse.documents();
    let read = documents.map(|document| yaml_syntax::json::document(document).ok());
    read.map(|json| json.map_or(Value::Null, |json| json.value))
        .collect()
}

/// Equal, but that `name` may have become the other one.
#[track_caller]
fn same_but(before: &Value, after: &Value, name: &str) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            assert_eq!(before.len(), after.len(), "renaming `{name}`");
            for (key, value) in before {
                let other = after
                    .get(key)
                    .or_else(|| after.get(OTHER).filter(|_| key == name));
                let other = other.unwrap_or_else(|| panic!("renaming `{name}` took `{key}` away"));
                same_but(value, other, name);
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            assert_eq!(before.len(), after.len());
            for (before, after) in before.iter().zip(after) {
                same_but(before, after, name);
            }
        }
        (before, after) => {
            let renamed = *after == OTHER && before.to_string().trim_matches('"') == name;
            assert!(before == after || renamed, "{before} became {after}");
        }
    }
}
