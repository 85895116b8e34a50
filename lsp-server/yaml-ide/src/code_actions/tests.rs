//! Quick fixes, through strings: the text after the first one.

use super::*;
use crate::fixture;
use expect_test::{Expect, expect};

#[test]
fn a_typo_is_renamed_to_the_nearest_field() {
    check(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  repl$0cas: 3\n",
        "Rename to `replicas`",
        expect![[r"
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 3
        "]],
    );
}

#[test]
fn numbers_in_texts_are_quoted() {
    check(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  mode: 06$044\n",
        "Quote it: `\"0644\"`",
        expect![[r#"
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: web}
            data:
              mode: "0644"
        "#]],
    );
}

#[test]
fn missing_fields_are_added() {
    check(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nsp$0ec:\n  restartPolicy: Always\n",
        "Add `containers`",
        expect![[r#"
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              restartPolicy: Always
              containers:
                - name: web
                  image: nginx:1.29
        "#]],
    );
}

#[test]
fn the_second_of_two_keys_is_removed() {
    check(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  na$0me: b\n",
        "Remove this `name`",
        expect![[r"
            apiVersion: v1
            kind: Namespace
            metadata:
              name: a
        "]],
    );
}

#[test]
fn removed_versions_are_migrated() {
    check(
        "apiVersion: policy/v1be$0ta1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n",
        "Migrate to `policy/v1`",
        expect![[r"
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web}
        "]],
    );
}

#[test]
fn the_template_gets_the_labels_of_the_selector() {
    check(
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector:
    matchLabels:
      ap$0p: web
  template:
    spec:
      containers: [{name: web, image: nginx:1}]
",
        "Give the template `app: web`",
        expect![[r"
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              selector:
                matchLabels:
                  app: web
              template:
                metadata:
                  labels:
                    app: web
                spec:
                  containers: [{name: web, image: nginx:1}]
        "]],
    );
}

#[test]
fn all_of_a_sort_are_fixed_at_once() {
    check(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  a: y$0es\n  b: 1\n",
        "Fix all 2 of `type`",
        expect![[r#"
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: web}
            data:
              a: "yes"
              b: "1"
        "#]],
    );
}

#[track_caller]
fn check(fixture: &str, title: &str, expected: Expect) {
    let (analysis, file, range) = fixture::selection(fixture);
    let actions = code_actions(&analysis, file, range);
    let titles: Vec<_> = actions.iter().map(|action| &action.title).collect();
    let action = actions.iter().find(|action| action.title == title);
    let action = action.unwrap_or_else(|| panic!("{title} is not among {titles:?}"));
    let mut text = analysis.source(file).unwrap().to_string();
    for edit in action.edit.files.get(&file).unwrap().iter().rev() {
        text.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.insert);
    }
    expected.assert_eq(&text);
}
