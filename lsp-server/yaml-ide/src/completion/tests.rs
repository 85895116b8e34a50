//! Completion at every cursor, through strings: what is listed, and what the text becomes.

mod names;
mod order;

use super::*;
use crate::fixture;
use expect_test::{Expect, expect};

#[test]
fn an_empty_file_offers_whole_objects() {
    check_first(
        "$0",
        4,
        expect![[r"
        Deployment
        Service
        Service (headless)
        Ingress
    "]],
    );
}

#[test]
fn the_indentation_of_an_empty_line_chooses_the_mapping() {
    let spec = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 1\n";
    check_first(
        &format!("{spec}  $0\n"),
        3,
        expect![[r"
        selector
        template
        strategy
    "]],
    );
    check_first(
        &format!("{spec}$0\n"),
        1,
        expect![[r"
        metadata
    "]],
    );
    check_has(&format!("{spec}      $0"), "selector");
}

#[test]
fn half_typed_keys_are_completed() {
    check_accept(
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  repl$0\n  selector: {}\n",
        "replicas",
        expect![[r"
            apiVersion: apps/v1
            kind: Deployment
            spec:
              replicas: $0
              selector: {}
        "]],
    );
}

#[test]
fn nested_required_fields_come_along() {
    check_accept(
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  temp$0\n",
        "template",
        expect![[r"
            apiVersion: apps/v1
            kind: Deployment
            spec:
              template:
                metadata:
                  labels:
                    ${1:app}: ${2:web}
                spec:
                  containers:
                    - name: ${3:web}
                      image: ${4:nginx:1.29}
        "]],
    );
}

#[test]
fn fields_that_are_there_are_left_out() {
    check_lacks(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers: []\n  $0\n",
        "containers",
    );
    check_lacks("apiVersion: v1\nkind: Pod\n$0\n", "status");
}

#[test]
fn kinds_set_the_api_version_too() {
    check_accept(
        "kind: Depl$0\n",
        "Deployment",
        expect![[r"
            apiVersion: apps/v1
            kind: Deployment$0
        "]],
    );
    check_accept(
        "apiVersion: v1\nkind: $0\n",
        "CronJob",
        expect![[r"
            apiVersion: batch/v1
            kind: CronJob$0
        "]],
    );
    check_first(
        "apiVersion: apps/v1\nkind: $0\n",
        2,
        expect![[r"
        Deployment
        StatefulSet
    "]],
    );
}

#[test]
fn api_versions_know_the_kind() {
    check_first(
        "apiVersion: $0\nkind: CronJob\n",
        1,
        expect![[r"
        batch/v1
    "]],
    );
    check_has("apiVersion: $0\n", "apps/v1");
}

#[test]
fn values_are_enums_and_booleans() {
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  ";
    check_first(
        &format!("{pod}restartPolicy: $0\n"),
        9,
        expect![[r"
        Always
        Never
        OnFailure
    "]],
    );
    check_first(
        &format!("{pod}restartPolicy: On$0\n"),
        1,
        expect![[r"
        OnFailure
    "]],
    );
    check_first(
        &format!("{pod}hostNetwork: $0\n"),
        9,
        expect![[r"
        true
        false
    "]],
    );
    check_accept(
        &format!("{pod}restartPolicy:$0\n"),
        "Never",
        expect![[r"
        apiVersion: v1
        kind: Pod
        spec:
          restartPolicy: Never$0
    "]],
    );
}

#[test]
fn items_are_completed_behind_the_dash() {
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    ";
    check_has(&format!("{pod}ports:\n    - $0\n"), "containerPort");
    check_has(&format!("{pod}ports:\n    -$0\n"), "containerPort");
    check_has(&format!("{pod}$0\n"), "image");
    check_accept(
        &format!("{pod}ports:\n    - cont$0\n"),
        "containerPort",
        expect![[r"
        apiVersion: v1
        kind: Pod
        spec:
          containers:
          - name: a
            ports:
            - containerPort: $0
    "]],
    );
    check_has(
        "apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes:\n  - $0\n",
        "ReadWriteOnce",
    );
}

#[test]
fn a_list_without_items_offers_the_dash() {
    check_accept(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    $0\n",
        "- Container",
        expect![[r"
        apiVersion: v1
        kind: Pod
        spec:
          containers:
            - name: ${1:web}
              image: ${2:nginx:1.29}
    "]],
    );
}

#[test]
fn brackets_and_quotes_are_completed() {
    let service = "apiVersion: v1\nkind: Service\nspec: ";
    check_has(&format!("{service}{{ty$0}}\n"), "type");
    check_has(&format!("{service}{{type: $0}}\n"), "NodePort");
    check_has(
        &format!("{service}{{type: Node$0, ports: []}}\n"),
        "NodePort",
    );
    check_has(&format!("{service}{{ports: [{{na$0}}]}}\n"), "name");
    check_accept(
        "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"spec\": {\"ty$0\"}}",
        "type",
        expect![[r#"{"apiVersion": "v1", "kind": "Service", "spec": {"type": "$1"$0}}"#]],
    );
    check_accept(
        "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"spec\": {\"type\": \"$0\"}}",
        "NodePort",
        expect![[r#"{"apiVersion": "v1", "kind": "Service", "spec": {"type": "NodePort"$0}}"#]],
    );
    check_has("apiVersion: v1\nkind: Service\n\"sp$0\": {}\n", "spec");
}

#[test]
fn every_document_is_completed_on_its_own() {
    let text =
        "apiVersion: v1\nkind: Service\nspec:\n  $0\n---\napiVersion: apps/v1\nkind: Deployment\n";
    check_has(text, "clusterIP");
    check_has(
        "kind: Service\napiVersion: v1\n---\napiVersion: apps/v1\nkind: Deployment\nspec:\n  $0",
        "replicas",
    );
    check_has("kind: Service\napiVersion: v1\n---\n$0", "Deployment");
    check_has(
        "kind: Service\napiVersion: v1\nspec:\n  $0\n---\nkind: Pod\n",
        "ports",
    );
}

#[test]
fn items_of_a_list_are_objects() {
    check_has("apiVersion: v1\nkind: List\nitems:\n- $0\n", "Deployment");
    check_has(
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  spec:\n    $0\n",
        "ports",
    );
    check_has(
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: $0\n",
        "Secret",
    );
}

#[test]
fn texts_and_comments_are_left_alone() {
    for text in [
        "# $0\n",
        "a: |\n  x$0\n",
        "kind: ConfigMap\ndata:\n  a: |\n    k$0\n",
        "a: \"x\n  y$0\"\n",
    ] {
        check_first(text, 3, expect![[""]]);
    }
}

#[test]
fn custom_resources_of_the_files_are_known() {
    check_has(
        "\
//- crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              size: {type: integer}
//- widget.yaml
apiVersion: example.com/v1
kind: Widget
spec:
  $0
",
        "size",
    );
}

#[test]
fn a_key_with_a_value_keeps_it() {
    check_accept(
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  repl$0: 3\n",
        "replicas",
        expect![[r"
        apiVersion: apps/v1
        kind: Deployment
        spec:
          replicas$0: 3
    "]],
    );
}

#[test]
fn wrong_indentation_is_mended() {
    check_accept(
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 1\n     pau$0\n",
        "paused",
        expect![[r"
        apiVersion: apps/v1
        kind: Deployment
        spec:
          replicas: 1
          paused: $0
    "]],
    );
}

#[test]
fn the_mark_between_documents_is_left_alone() {
    assert_eq!(
        listed("kind: ConfigMap\napiVersion: v1\n$0---\nkind: Secret\n"),
        []
    );
}

#[test]
fn a_kustomization_has_fields_of_its_own() {
    let listed = |text: &str| {
        let mut workspace = fixture::workspace();
        let offset = text.find("$0").expect("a cursor");
        let parse = |text: &str| yaml_syntax::parse(text);
        workspace.set_file(
            FileId(0),
            "/k/kustomization.yaml",
            parse(&text.replace("$0", "")),
        );
        workspace.set_file(FileId(1), "/k/web.yaml", parse("kind: Service\n"));
        let at = TextSize::from(offset as u32);
        let items = completion(&workspace.analysis(), FileId(0), at).items;
        let labels: Vec<String> = items.into_iter().map(|item| item.label).collect();
        labels.join(" ")
    };
    assert!(listed("namespace: a\n$0").contains("resources"));
    assert!(!listed("namespace: a\n$0").contains("namespace "));
    assert_eq!(listed("resources:\n  - $0\n"), "web.yaml");
    assert_eq!(listed("kind: $0\n"), "Kustomization");
    assert_eq!(listed("images:\n  - newT$0\n"), "newTag");
    assert_eq!(listed("generatorOptions:\n  immutable: $0\n"), "true false");
}

#[test]
fn a_list_of_objects_has_no_spec() {
    check_first(
        "apiVersion: v1\nkind: List\n$0\n",
        2,
        expect![[r"
            items
        "]],
    );
}

/// The first labels of the list.
#[track_caller]
fn check_first(fixture: &str, count: usize, expected: Expect) {
    let labels: String = listed(fixture)
        .iter()
        .take(count)
        .map(|item| format!("{}\n", item.label))
        .collect();
    expected.assert_eq(&labels);
}

#[test]
fn what_is_chosen_excludes_its_alternatives() {
    let probe = "kind: Pod\napiVersion: v1\nspec:\n  containers:\n  - livenessProbe:\n      httpGet: {port: 80}\n      $0\n";
    check_lacks(probe, "tcpSocket");
    check_lacks(probe, "exec");
    check_has(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec:\n  metrics:\n    - type: Pods\n      $0\n",
        "pods",
    );
}

#[test]
fn what_stands_below_a_key_can_be_chosen_behind_its_colon() {
    check_accept(
        "apiVersion: v1\nkind: Service\nspec:\n  ports: $0\n",
        "- ServicePort",
        expect![[r"
            apiVersion: v1
            kind: Service
            spec:
              ports:
                - name: ${1:web}
                  port: ${2|80,443|}
                  targetPort: ${3:http}
        "]],
    );
    check_accept(
        "apiVersion: v1\nkind: Pod\nspec:\n  volumes:\n    - name: tmp\n      emptyDir:$0\n",
        "{}",
        expect![[r"
            apiVersion: v1
            kind: Pod
            spec:
              volumes:
                - name: tmp
                  emptyDir: {}$0
        "]],
    );
    check_accept(
        "apiVersion: v1\nkind: Service\nspec: {ports: [$0]}\n",
        "ServicePort",
        expect![[r"
            apiVersion: v1
            kind: Service
            spec: {ports: [{name: $1, port: $2, targetPort: $3}]}
        "]],
    );
}

#[test]
fn kinds_in_brackets_set_the_api_version_too() {
    check_accept(
        "{\"kind\": \"Dep$0\", \"apiVersion\": \"v1\"}\n",
        "Deployment",
        expect![[r#"
            {"kind": "Deployment"$0, "apiVersion": "apps/v1"}
        "#]],
    );
    check_accept(
        "{kind: Dep$0}\n",
        "Deployment",
        expect![[r#"
            {apiVersion: apps/v1, kind: Deployment$0}
        "#]],
    );
}

#[test]
fn short_names_of_kubectl_find_their_kind() {
    check_first("kind: svc$0\n", 1, expect!["Service\n"]);
    check_first("sts$0\n", 1, expect!["StatefulSet\n"]);
    check_first("cj$0\n", 1, expect!["CronJob\n"]);
    let asks_again = |text: &str| {
        let (analysis, file, offset) = fixture::position(text);
        completion(&analysis, file, offset).incomplete
    };
    assert!(asks_again("kind: s$0\n"));
    assert!(!asks_again("kind: Service$0\n"));
    assert!(!asks_again("kind: Pod\nspec:\n  no$0\n"));
}

#[test]
fn another_object_begins_a_document_of_its_own() {
    let text = accept(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\nName$0\n---\nkind: Pod\n",
        "Namespace",
    );
    assert!(
        text.contains("name: a\n---\napiVersion: v1\nkind: Namespace\n"),
        "{text}"
    );
    check_lacks(
        "apiVersion: v1\nkind: ConfigMap\n$0\ndata: {}\n",
        "Namespace",
    );
}

#[test]
fn mounts_know_their_volume() {
    let pod = |mount: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  app.ini: x\n---\n\
             apiVersion: v1\nkind: Secret\nmetadata:\n  name: c\nstringData:\n  token: x\n---\n\
             apiVersion: v1\nkind: Pod\nspec:\n  volumes:\n    - name: conf\n      configMap: {{name: c}}\n  \
             containers:\n    - volumeMounts:\n        - name: conf\n          {mount}\n"
        )
    };
    check_first(&pod("mountPath: $0"), 2, expect!["/etc/conf\n"]);
    check_first(&pod("subPath: $0"), 2, expect!["app.ini\n"]);
}

#[track_caller]
fn check_has(fixture: &str, label: &str) {
    let items = listed(fixture);
    let labels: Vec<_> = items.iter().take(12).map(|item| &item.label).collect();
    assert!(
        items.iter().any(|item| item.label == label),
        "{label} is not among {labels:?}"
    );
}

#[track_caller]
fn check_lacks(fixture: &str, label: &str) {
    let items = listed(fixture);
    assert!(!items.is_empty());
    assert!(
        items.iter().all(|item| item.label != label),
        "{label} is listed"
    );
}

/// The text after an item is accepted, with the tab stops as they are written.
#[track_caller]
fn check_accept(fixture: &str, label: &str, expected: Expect) {
    expected.assert_eq(&accept(fixture, label));
}

#[track_caller]
fn accept(fixture: &str, label: &str) -> String {
    let (analysis, file, offset) = fixture::position(fixture);
    let items = completion(&analysis, file, offset).items;
    let item = items
        .iter()
        .find(|item| item.label == label)
        .expect("the item is listed");
    let mut edits = item.additional_edits.clone();
    let end = if item.is_snippet { "" } else { "$0" };
    edits.push(TextEdit {
        range: item.range,
        insert: format!("{}{end}", item.insert),
    });
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start()));
    let mut text = analysis.source(file).unwrap().to_string();
    for edit in edits {
        text.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.insert);
    }
    let trimmed: Vec<&str> = text.lines().map(str::trim_end).collect();
    let end = if text.ends_with('\n') { "\n" } else { "" };
    trimmed.join("\n") + end
}

fn listed(fixture: &str) -> Vec<CompletionItem> {
    let (analysis, file, offset) = fixture::position(fixture);
    completion(&analysis, file, offset).items
}
