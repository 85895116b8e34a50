use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

#[test]
fn objects_are_listed_with_their_place() {
    check(
        "\
# the shop
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
",
        expect![[r"
            app.yaml:2 v1 ConfigMap - settings
            app.yaml:7 apps/v1 Deployment shop web
        "]],
    );
}

#[test]
fn lists_are_flattened() {
    check(
        "\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Secret
  metadata: {name: a}
- apiVersion: v1
  kind: ConfigMap
  metadata: {}
",
        expect![[r"
            error 7:3 missing-field the object has no `metadata.name`
        "]],
    );
}

#[test]
fn each_missing_part_is_named_with_its_place() {
    check(
        "metadata:\n  generateName: job-\n",
        expect![[r"
            error 2:17 generate-name `generateName` cannot be applied, since each deploy would make another object: give a `name`
            error 1:1 missing-field the object has no `apiVersion`
            error 1:1 missing-field the object has no `kind`
        "]],
    );
}

#[test]
fn names_that_could_leave_their_url_are_refused() {
    check(
        "apiVersion: v1/../x\nkind: Po/d\nmetadata: {name: ../../secrets/x, namespace: a/b}\n",
        expect![[r"
            error 1:13 bad-name `v1/../x` is not an `apiVersion`: write `v1` or a group and a version such as `apps/v1`
            error 2:7 bad-name `Po/d` is not a `kind`: write a word such as `Deployment`
            error 3:18 bad-name `../../secrets/x` is not a name: use up to 253 lower-case letters, digits, `-` and `.`
            error 3:46 bad-name `a/b` is not a namespace: use up to 63 lower-case letters, digits and `-`
        "]],
    );
}

#[test]
fn duplicate_keys_and_objects_are_refused() {
    check(
        "\
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  x: '1'
  x: '2'
---
apiVersion: v1
kind: Secret
metadata: {name: b}
---
apiVersion: v1
kind: Secret
metadata: {name: b}
",
        expect![[r"
            error 6:3 duplicate-key the key `x` stands here again: keep one, or the last one wins
            error 14:18 duplicate-object Secret/b stands in app.yaml, line 8 already
        "]],
    );
}

#[test]
fn numbers_as_names_are_told_from_texts() {
    check(
        "apiVersion: v1\nkind: Service\nmetadata: {name: 0755}\n",
        expect![[r"
            error 3:18 bad-name `metadata.name` must be a string, and `493` is not: put it in quotes
        "]],
    );
}

#[test]
fn a_file_without_objects_is_refused() {
    check(
        "# nothing\n",
        expect![[r"
        error - empty the files describe no object
    "]],
    );
    check(
        "just text\n",
        expect![[r"
        error 1:1 not-an-object a Kubernetes object is expected here: a mapping with `apiVersion`, `kind` and `metadata`
    "]],
    );
}

#[test]
fn what_only_a_server_writes_is_taken_out() {
    let manifests = parse(
        "\
apiVersion: v1
kind: Service
metadata: {name: web, uid: x, resourceVersion: '1', managedFields: [], labels: {a: b}}
status: {loadBalancer: {}}
",
    )
    .unwrap();

    let object = &manifests.objects()[0].object;

    expect![[
        r#"{"apiVersion":"v1","kind":"Service","metadata":{"labels":{"a":"b"},"name":"web"}}"#
    ]]
    .assert_eq(&object.to_string());
}

#[test]
fn deep_nesting_and_alias_bombs_are_refused() {
    let deep = format!("a: {}{}", "[".repeat(200), "]".repeat(200));
    assert!(parse(&deep).is_err());

    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        let _ = writeln!(bomb, "a{level}: &a{level} [{}]", vec![alias; 10].join(", "));
    }
    assert!(parse(&bomb).is_err());
}

#[test]
fn reading_stops_when_enough_is_wrong() {
    let items = "- a\n".repeat(20_000);
    let error = parse(&format!("apiVersion: v1\nkind: List\nitems:\n{items}")).unwrap_err();
    assert_eq!(error.errors().len(), 100);

    let documents = "a: 1\n---\n".repeat(20_000);
    assert!(parse(&documents).unwrap_err().errors().len() <= 100);
}

#[test]
fn too_many_bytes_are_refused_before_they_are_read() {
    let error = parse(&"#".repeat(MAX_SET_BYTES + 1)).unwrap_err();

    assert_eq!(
        error.to_string(),
        "the files hold 5242881 bytes, more than the 5242880 allowed"
    );
}

#[test]
fn a_pipeline_is_refused_in_one_sentence() {
    let text = "stages: [build]\n---\nbuild: {script: make}\n";
    let files = BTreeMap::from([("ci/.gitlab-ci.yml".to_owned(), text.to_owned())]);
    let error = Manifests::parse(&files).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ci/.gitlab-ci.yml: this is a pipeline of GitLab, and a version holds manifests only: leave the file out"
    );
}

#[test]
fn paths_that_could_leave_their_folder_are_refused() {
    for path in [
        "../a.yaml",
        "/a.yaml",
        "a//b.yaml",
        "a/./b.yaml",
        "a\\b.yaml",
        "a.txt",
        "",
    ] {
        let files = BTreeMap::from([(path.to_owned(), "a: 1".to_owned())]);
        let error = Manifests::parse(&files).unwrap_err();
        assert_eq!(error.errors()[0].code, "bad-path", "{path}");
    }
}

#[test]
fn the_hash_tells_paths_from_contents() {
    let hash = |path: &str, text: &str| {
        content_hash(&BTreeMap::from([(path.to_owned(), text.to_owned())]))
    };

    assert_ne!(hash("ab", "c"), hash("a", "bc"));
    assert_eq!(hash("a", "b"), hash("a", "b"));
    assert_eq!(hash("a", "b").len(), 64);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn what_is_taken_can_be_named_in_a_url(
        lines in proptest::collection::vec(
            "(apiVersion|kind|metadata|  name|  namespace|- a|items|---|[a-z ]{0,3})(: | *)(v1|List|[A-Z][a-z]{1,3}|[.a-z/%]{0,4}|\\[|\\{|&a|\\*a|\"|')?",
            0..12,
        ),
    ) {
        if let Ok(manifests) = parse(&lines.join("\n")) {
            for manifest in manifests.objects() {
                prop_assert!(!manifest.id.name.contains(['/', '%']));
                prop_assert!(!manifest.id.kind.is_empty());
                prop_assert!(manifest.line > 0);
            }
        }
    }
}

fn parse(text: &str) -> Result<Manifests, ManifestErrors> {
    Manifests::parse(&BTreeMap::from([("app.yaml".to_owned(), text.to_owned())]))
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let mut shown = String::new();
    match parse(text) {
        Ok(manifests) => {
            for Manifest { id, file, line, .. } in manifests.objects() {
                let namespace = id.namespace.as_deref().unwrap_or("-");
                let _ = writeln!(
                    shown,
                    "{file}:{line} {} {} {namespace} {}",
                    id.api_version, id.kind, id.name
                );
            }
        }
        Err(errors) => {
            for error in errors.errors() {
                let place = match (error.line, error.column) {
                    (Some(line), Some(column)) => format!("{line}:{column}"),
                    _ => "-".to_owned(),
                };
                let _ = writeln!(shown, "error {place} {} {}", error.code, error.message);
            }
        }
    }
    expected.assert_eq(&shown);
}
