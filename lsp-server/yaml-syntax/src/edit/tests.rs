use expect_test::{Expect, expect};
use serde_json::json;

use super::*;

#[test]
fn a_value_is_replaced_and_all_around_it_stays() {
    check(
        "a:   1  # one\nb: 2\n",
        |document| set(document, &path("a"), &json!(3)),
        &expect![[r"
        a:   3  # one
        b: 2
    "]],
    );
}

#[test]
fn a_text_keeps_its_quotes() {
    check(
        "a: 'x'\n",
        |document| set(document, &path("a"), &json!("it's")),
        &expect![[r"
        a: 'it''s'
    "]],
    );
}

#[test]
fn a_text_that_reads_as_something_else_is_quoted() {
    check(
        "a: x\n",
        |document| set(document, &path("a"), &json!("yes")),
        &expect![[r#"
        a: "yes"
    "#]],
    );
}

#[test]
fn a_missing_value_is_written_behind_its_colon() {
    check(
        "a:\nb: 2\n",
        |document| set(document, &path("a"), &json!({"x": [1, {"y": true}]})),
        &expect![[r#"
            a:
              x:
                - 1
                - "y": true
            b: 2
        "#]],
    );
}

#[test]
fn a_key_is_added_at_the_end_of_its_mapping() {
    let add = |document: Document<'_>| insert(document, &path("spec"), "replicas", &json!(2));
    check(
        "spec:\n  a:\n    - b\n    # c\nd: e\n",
        add,
        &expect![[r"
        spec:
          a:
            - b
          replicas: 2
            # c
        d: e
    "]],
    );
}

#[test]
fn a_key_is_added_within_braces() {
    let add = |document: Document<'_>| insert(document, &path("a"), "c", &json!({"d": 1}));
    check(
        "a: {b: 1}\n",
        add,
        &expect![[r"
        a: {b: 1, c: {d: 1}}
    "]],
    );
}

#[test]
fn a_key_is_added_where_nothing_was() {
    let add = |document: Document<'_>| insert(document, &path("a"), "b", &json!("c"));
    check(
        "a:\n",
        add,
        &expect![[r"
        a:
          b: c
    "]],
    );
}

#[test]
fn an_entry_goes_with_its_lines() {
    let gone = |document: Document<'_>| remove(document, &path("b"));
    check(
        "a: 1\nb:\n  c: d # e\nf: 2\n",
        gone,
        &expect![[r"
        a: 1
        f: 2
    "]],
    );
}

#[test]
fn the_first_entry_of_an_item_leaves_the_dash() {
    let at = [path("a"), vec![PathSegment::Index(0)], path("x")].concat();
    check(
        "a:\n  - x: 1\n    y: 2\n",
        |document| remove(document, &at),
        &expect![[r"
        a:
          - y: 2
    "]],
    );
}

#[test]
fn the_only_item_leaves_brackets() {
    let at = [path("a"), vec![PathSegment::Index(0)]].concat();
    check(
        "a:\n- x\nb: c\n",
        |document| remove(document, &at),
        &expect![[r"
        a: []
        b: c
    "]],
    );
}

/// Every pair of every manifest can be changed, and nothing else changes with it.
#[test]
fn manifests_change_where_they_should_and_nowhere_else() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    for file in files.filter(|file| file.extension().is_some_and(|end| end == "yaml")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let parse = crate::parse(&text);
        for document in parse
            .documents()
            .filter(|document| document.anchors().is_empty())
        {
            for (path, _) in document.entries().step_by(4) {
                let name = format!("{} {path:?}", file.display());
                check_each(&text, document, &path, &name);
            }
        }
    }
}

fn check_each(text: &str, document: Document<'_>, path: &[PathSegment], name: &str) {
    let before = crate::json::document(document).unwrap();
    let Some(pointer) = pointer(&before.value, path).filter(|_| before.duplicates.is_empty())
    else {
        return;
    };
    let read = |edit: TextEdit| {
        let edited = crate::parse(&apply(text, &[edit]));
        let document = edited.documents().nth(document.index()).unwrap();
        crate::json::document(document)
            .unwrap_or_else(|error| panic!("{name}: {error:?}\n{}", edited.source()))
            .value
    };
    for value in [json!("a b"), json!({"x": [1, {"y": "no"}], "z": {}})] {
        let mut expected = before.value.clone();
        *expected.pointer_mut(&pointer).unwrap() = value.clone();
        assert_eq!(
            read(set(document, path, &value).unwrap()),
            expected,
            "{name}"
        );
    }
    let mut expected = before.value.clone();
    if let Some(map) = expected.pointer_mut(&pointer).unwrap().as_object_mut() {
        map.insert("added".to_owned(), json!([1]));
        assert_eq!(
            read(insert(document, path, "added", &json!([1])).unwrap()),
            expected,
            "{name}"
        );
    }
    let mut expected = before.value.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = expected
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap();
    parent.remove(&key.replace("~1", "/").replace("~0", "~"));
    assert_eq!(read(remove(document, path).unwrap()), expected, "{name}");
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

fn path(keys: &str) -> Vec<PathSegment> {
    keys.split('.')
        .map(|key| PathSegment::Key(key.to_owned()))
        .collect()
}

#[track_caller]
fn check(text: &str, edit: impl FnOnce(Document<'_>) -> Option<TextEdit>, expected: &Expect) {
    let parse = crate::parse(text);
    let edit = edit(parse.documents().next().unwrap()).unwrap();
    expected.assert_eq(&apply(text, &[edit]));
}
