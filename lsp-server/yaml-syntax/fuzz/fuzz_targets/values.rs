//! Values set, keys added, entries removed anywhere in any text: what is meant changes, no more.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use yaml_syntax::edit::{self, TextEdit};
use yaml_syntax::{Document, PathSegment, json, parse};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if text.contains(['&', '*']) || text.contains("<<") {
        // What an anchor gives elsewhere changes elsewhere too.
        return;
    }
    let parse = parse(&text);
    if !parse.is_valid() || text.contains('\u{feff}') {
        return;
    }
    for document in parse.documents() {
        let Ok(read) = json::document(document) else { continue };
        if !read.duplicates.is_empty() {
            continue;
        }
        let entries: Vec<_> = document.entries().map(|(path, _)| path).collect();
        for path in entries.iter().step_by(1 + entries.len() / 5) {
            check(&text, document, path, &read.value);
        }
    }
});

fn check(text: &str, document: Document<'_>, path: &[PathSegment], before: &Value) {
    let Some(pointer) = pointer(before, path) else { return };
    let read = |edit: TextEdit| {
        let text = edit::apply(text, &[edit]);
        let edited = parse(&text);
        let document = edited.documents().nth(document.index()).map(json::document);
        let comments = edited.documents().flat_map(Document::comments).count();
        (document.and_then(Result::ok).map(|json| json.value), comments, text)
    };
    let comments = document_comments(text);
    for value in [json!("a b"), json!(null), json!({"x": [1, {"y": "no"}], "z": {}}), json!([])] {
        if let Some(edit) = edit::set(document, path, &value) {
            let mut expected = before.clone();
            *expected.pointer_mut(&pointer).unwrap() = value;
            let (read, kept, text) = read(edit);
            assert_eq!(read, Some(expected), "{text}");
            assert!(kept <= comments, "{text}");
        }
    }
    if let Some(edit) = edit::insert(document, path, "added", &json!([1])) {
        let mut expected = before.clone();
        let target = expected.pointer_mut(&pointer).unwrap();
        if target.is_null() {
            *target = json!({});
        }
        target["added"] = json!([1]);
        let (read, kept, text) = read(edit);
        assert_eq!(read, Some(expected), "{text}");
        assert_eq!(kept, comments, "{text}");
    }
    if let Some(edit) = edit::remove(document, path) {
        let mut expected = before.clone();
        let (outer, key) = pointer.rsplit_once('/').unwrap();
        let outer = expected.pointer_mut(outer).unwrap().as_object_mut().unwrap();
        outer.remove(&key.replace("~1", "/").replace("~0", "~"));
        let (read, _, text) = read(edit);
        assert_eq!(read, Some(expected), "{text}");
    }
}

fn document_comments(text: &str) -> usize {
    parse(text).documents().flat_map(Document::comments).count()
}

/// The path as a JSON pointer, if its keys are texts.
fn pointer(value: &Value, path: &[PathSegment]) -> Option<String> {
    let mut pointer = String::new();
    for segment in path {
        pointer.push('/');
        match segment {
            PathSegment::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            PathSegment::Index(index) => pointer.push_str(&index.to_string()),
        }
    }
    value.pointer(&pointer)?;
    Some(pointer)
}
