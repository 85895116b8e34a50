use expect_test::{Expect, expect};

use super::*;
use crate::json;

const INDENTED: Options = Options {
    step: 2,
    sequences: Sequences::Indented,
};
const FLUSH: Options = Options {
    step: 2,
    sequences: Sequences::Flush,
};
const WIDE: Options = Options {
    step: 4,
    sequences: Sequences::Flush,
};

const UNEVEN: &str = "\
# about a
a:   1   # one
b :
    # in b
    c:  {d: 1,
         e: [2]}
    list:
    -   x: 1
        y: |
            text
             more
    -  z

    # behind
t: several
 lines
";

#[test]
fn lines_are_indented_by_one_step() {
    check(
        UNEVEN,
        INDENTED,
        &expect![[r"
        # about a
        a: 1   # one
        b:
          # in b
          c: {d: 1,
               e: [2]}
          list:
            - x: 1
              y: |
                text
                 more
            - z

            # behind
        t: several
          lines
    "]],
    );
}

#[test]
fn lists_may_start_below_their_key() {
    check(
        "a:\n  - b\n  -   c:\n        - d\n",
        FLUSH,
        &expect![[r"
        a:
        - b
        - c:
          - d
    "]],
    );
}

#[test]
fn broken_documents_are_left_alone() {
    check(
        "a:\n    b: \"c\nd:   e\n",
        INDENTED,
        &expect![[r#"
        a:
            b: "c
        d:   e
    "#]],
    );
}

#[test]
fn manifests_mean_the_same_and_are_laid_out_once() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    for file in files.filter(|file| file.extension().is_some_and(|end| end == "yaml")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for options in [INDENTED, FLUSH, WIDE] {
            let once = formatted(&text, options);
            assert_eq!(read(&once), read(&text), "{}", file.display());
            assert_eq!(formatted(&once, options), once, "{}", file.display());
            let back = formatted(&formatted(&once, WIDE), options);
            assert_eq!(
                back.lines().count(),
                text.lines().count(),
                "{}",
                file.display()
            );
        }
    }
}

#[test]
fn keys_with_a_question_mark_are_laid_out() {
    check(
        "?   a\n:   b\n?    # c\n   - d\n   -   e\n:\n     f: |\n        g\n? h\n?\n     i:   j\n:  - k\n",
        INDENTED,
        &expect![[r"
        ? a
        : b
        ?    # c
          - d
          - e
        :
          f: |
            g
        ? h
        ?
          i: j
        : - k
    "]],
    );
}

#[test]
fn the_marker_behind_an_empty_block_text_stays() {
    assert_eq!(formatted(">\r---\n", WIDE), ">\r---\n");
}

#[test]
fn trailing_blanks_go_within_brackets_too() {
    check(
        "a: [b,  \n  c d  \n   e,\t\n  \"f  \n  g\"  \n  ] \n",
        INDENTED,
        &expect![[r#"
        a: [b,
          c d  
           e,
          "f  
          g"
          ]
    "#]],
    );
}

/// What people write, and what the authors of YAML's test suite thought of.
#[test]
fn any_layout_keeps_what_is_said() {
    for (name, text) in crate::samples_for_tests::all() {
        for options in [INDENTED, FLUSH, WIDE] {
            let once = formatted(&text, options);
            // What kubectl refuses for a tab, it may take once that is gone.
            for (before, after) in read(&text).iter().zip(read(&once)) {
                assert!(before.is_none() || *before == after, "{name}");
            }
            assert_eq!(said(&once), said(&text), "{name}");
            assert_eq!(formatted(&once, options), once, "{name}\n{text}\n{once}");
        }
    }
}

#[test]
fn no_layout_has_to_be_taken_back() {
    let mut taken_back = Vec::new();
    for (name, text) in crate::samples_for_tests::all() {
        let parse = parse(&text);
        if !parse.is_valid() {
            continue;
        }
        for options in [INDENTED, FLUSH, WIDE] {
            for document in parse.documents() {
                let edits = lines::edits(document, options).unwrap_or_default();
                if !keeps_meaning(document, &edits) {
                    taken_back.push(format!("{name}\n{text}\n---->\n{}", apply(&text, &edits)));
                }
            }
        }
    }
    assert!(
        taken_back.is_empty(),
        "{}\n{}",
        taken_back.join("\n=====\n"),
        taken_back.len()
    );
}

/// The events and the comments.
fn said(text: &str) -> Vec<String> {
    let parse = parse(text);
    let comments = parse.documents().flat_map(Document::comments);
    let comments = comments.map(|range| parse.source().slice(range).trim_end().to_owned());
    let events = events(&parse).map(|event| event.to_string());
    events.chain(comments).collect()
}

#[test]
fn nearly_all_manifests_can_be_laid_out() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|end| end == "yaml"));
    let is_left = |text: &String| formatted(text, WIDE) == *text && text.contains("\n  ");
    let texts = files.map(|file| std::fs::read_to_string(file).unwrap());
    let left: Vec<String> = texts.filter(is_left).collect();
    assert!(left.len() <= 3, "{}", left.join("\n=======\n"));
}

fn read(text: &str) -> Vec<Option<serde_json::Value>> {
    let parse = parse(text);
    let documents = parse.documents();
    documents
        .map(|document| json::document(document).ok().map(|json| json.value))
        .collect()
}

fn formatted(text: &str, options: Options) -> String {
    let parse = parse(text);
    let edits = parse
        .documents()
        .flat_map(|document| format(document, options));
    apply(text, &edits.collect::<Vec<_>>())
}

#[track_caller]
fn check(text: &str, options: Options, expected: &Expect) {
    expected.assert_eq(&formatted(text, options));
}
