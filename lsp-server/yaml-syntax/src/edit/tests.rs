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

#[test]
fn comments_between_a_key_and_its_value_stay() {
    let block = "a: # one\n  # two\n  b: 1 # three\nc: d\n";
    let list = json!(["x"]);
    check(
        block,
        |document| set(document, &path("a"), &list),
        &expect![[r"
        a: # one
          # two
          - x # three
        c: d
    "]],
    );
    check(
        block,
        |document| set(document, &path("a"), &json!(1)),
        &expect![[r"
        a: 1 # one
          # two # three
        c: d
    "]],
    );
}

#[test]
fn a_comment_behind_a_value_stays_with_its_key() {
    let object = json!({"x": 1});
    check(
        "a: 1 # one\nb:\n- | # three\n  d\n",
        |document| set(document, &path("a"), &object),
        &expect![[r"
        a: # one
          x: 1
        b:
        - | # three
          d
    "]],
    );
    check(
        "a: 1\nb: # two\n",
        |document| set(document, &path("b"), &object),
        &expect![[r"
        a: 1
        b: # two
          x: 1
    "]],
    );
    let item = [path("b"), vec![PathSegment::Index(0)]].concat();
    check(
        "b:\n- | # three\n  d\n",
        |document| set(document, &item, &object),
        &expect![[r"
        b:
        - # three
          x: 1
    "]],
    );
}

#[test]
fn a_comment_of_the_next_entry_outlives_the_first() {
    let first = [path("a"), vec![PathSegment::Index(0)], path("x")].concat();
    check(
        "a:\n- x: 1 # one\n  # two\n  y: 2\n",
        |document| remove(document, &first),
        &expect![[r"
        a:
        - # two
          y: 2
    "]],
    );
    check(
        "{a: 1, # one\n b: 2 # two\n}\n",
        |document| remove(document, &path("b")),
        &expect![[r"
        {a: 1 # one
         # two
        }
    "]],
    );
}

#[test]
fn line_ends_are_those_of_the_text() {
    let text = "a: 1\r\nb:\r\n  c: 2\r\n";
    let parse = crate::parse(text);
    let document = parse.documents().next().unwrap();
    let edit = insert(document, &path("b"), "d", &json!([1])).unwrap();
    assert_eq!(
        apply(text, &[edit]),
        "a: 1\r\nb:\r\n  c: 2\r\n  d:\r\n    - 1\r\n"
    );
}

#[test]
fn a_list_that_is_replaced_keeps_its_column() {
    check(
        "a:\n- b\nc: d\n",
        |document| set(document, &path("a"), &json!(["x", {"y": 1, "z": 2}])),
        &expect![[r#"
        a:
        - x
        - "y": 1
          z: 2
        c: d
    "#]],
    );
}

/// Every pair of every text can be changed, and nothing else changes with it.
#[test]
fn texts_change_where_they_should_and_nowhere_else() {
    let mut wrong = Vec::new();
    for (name, text) in crate::samples_for_tests::all() {
        let parse = crate::parse(&text);
        for document in parse.documents().filter(|it| it.anchors().is_empty()) {
            let Some(before) = crate::json::document(document).ok() else {
                continue;
            };
            if before.duplicates.is_empty() {
                for (path, _) in document.entries().step_by(3) {
                    let edited = wrong_edits(&text, document, &path, &before.value);
                    wrong.extend(edited.map(|it| format!("{name} {path:?}\n{text}---->\n{it}")));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n{}",
        wrong.join("\n=====\n"),
        wrong.len()
    );
}

/// The texts after edits at `path` that do not say what they should, or lost a comment.
fn wrong_edits(
    text: &str,
    document: Document<'_>,
    path: &[PathSegment],
    before: &Value,
) -> impl Iterator<Item = String> {
    let edits = match pointer(before, path) {
        Some(pointer) => edits_at(document, path, &pointer, before),
        None => Vec::new(),
    };
    edits.into_iter().filter_map(move |(edit, expected)| {
        let gone = &text[std::ops::Range::<usize>::from(edit.range)];
        let is_comment_lost =
            gone.contains(" #") && !edit.insert.is_empty() && !edit.insert.contains('#');
        let is_structure = gone.contains('\n');
        let edited = crate::parse(&apply(text, &[edit]));
        let document = edited.documents().nth(document.index());
        let read = document.and_then(|document| crate::json::document(document).ok());
        let is_right = read.is_some_and(|read| read.value == expected);
        (!is_right || is_comment_lost && !is_structure).then(|| edited.source().to_string())
    })
}

/// All that can be done at `path`, each with what the document should say then.
fn edits_at(
    document: Document<'_>,
    path: &[PathSegment],
    pointer: &str,
    before: &Value,
) -> Vec<(TextEdit, Value)> {
    let mut edits = Vec::new();
    let mut add = |edit: Option<TextEdit>, change: &dyn Fn(&mut Value)| {
        let mut expected = before.clone();
        change(&mut expected);
        edits.extend(edit.map(|edit| (edit, expected)));
    };
    let object = json!({"x": [1, {"y": "no"}], "z": {}});
    for value in [json!("a b"), json!(null), object, json!([])] {
        add(set(document, path, &value), &|expected| {
            *expected.pointer_mut(pointer).unwrap() = value.clone();
        });
    }
    add(insert(document, path, "added", &json!([1])), &|expected| {
        let place = expected.pointer_mut(pointer).unwrap();
        if !place.is_object() {
            *place = json!({});
        }
        place["added"] = json!([1]);
    });
    add(remove(document, path), &|expected| {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = expected
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap();
        parent.remove(&key.replace("~1", "/").replace("~0", "~"));
    });
    edits
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
