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
