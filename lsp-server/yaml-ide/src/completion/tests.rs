//! Completion at every cursor, through strings: what is listed, and what the text becomes.

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
fn names_of_the_set_are_offered() {
    let set = "\
//- config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-config
data:
  mode: fast
//- pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  volumes:
  - name: cache
    emptyDir: {}
  containers:
  - name: web
    ports:
    - name: http
      containerPort: 80
";
    check_has(
        &format!("{set}    envFrom:\n    - configMapRef:\n        name: $0\n"),
        "web-config",
    );
    check_has(
        &format!(
            "{set}    env:\n    - name: A\n      valueFrom:\n        configMapKeyRef:\n          name: web-config\n          key: $0\n"
        ),
        "mode",
    );
    check_has(
        &format!("{set}    volumeMounts:\n    - name: $0\n"),
        "cache",
    );
    check_has(
        &format!("{set}    readinessProbe:\n      httpGet:\n        port: $0\n"),
        "http",
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
fn fields_come_in_the_order_in_which_people_write_them() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  $meta\nspec:\n  $spec\n";
    let at = |name: &str| {
        pod.replace(name, "$0")
            .replace("$meta", "")
            .replace("$spec", "")
    };
    check_first(
        &at("$meta"),
        4,
        expect![[r"
            name
            namespace
            labels
            annotations
        "]],
    );
    check_first(
        &at("$spec"),
        3,
        expect![[r"
            containers
            initContainers
            volumes
        "]],
    );
    check_first(
        "apiVersion: v1\nkind: Pod\nspec:\n  tolerations:\n    - $0\n",
        4,
        expect![[r"
            key
            operator
            value
            effect
        "]],
    );
}

#[test]
fn what_only_the_server_writes_comes_last() {
    let items = listed("apiVersion: v1\nkind: Pod\nmetadata:\n  $0\n");
    let place = |name| items.iter().position(|item| item.label == name);
    assert!(place("ownerReferences") < place("creationTimestamp"));
}

#[test]
fn values_begin_with_the_usual_one() {
    check_first(
        "apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - protocol: $0\n",
        3,
        expect![[r"
            TCP
            UDP
            SCTP
        "]],
    );
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes: [$0]\n";
    check_first(
        claim,
        1,
        expect![[r"
            ReadWriteOnce
        "]],
    );
}

#[test]
fn pods_restart_as_their_workload_allows() {
    let pods = |kind: &str, version: &str| {
        format!(
            "apiVersion: {version}\nkind: {kind}\nspec:\n  template:\n    spec:\n      restartPolicy: $0\n"
        )
    };
    check_lacks(&pods("Job", "batch/v1"), "Always");
    check_lacks(&pods("Deployment", "apps/v1"), "Never");
    check_has(
        "apiVersion: v1\nkind: Pod\nspec:\n  restartPolicy: $0\n",
        "Never",
    );
}

#[test]
fn items_that_are_there_are_left_out() {
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n";
    check_lacks(&format!("{role}  - verbs: [get, $0]\n"), "get");
    check_lacks(
        &format!("{role}  - verbs:\n      - $0\n      - get\n"),
        "get",
    );
}

#[test]
fn resources_of_a_role_are_those_of_its_groups() {
    let rule =
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n  - apiGroups: [apps]\n";
    check_first(
        &format!("{rule}    resources: [$0]\n"),
        2,
        expect![[r"
            deployments
            deployments/scale
        "]],
    );
    check_lacks(&format!("{rule}    resources: [$0]\n"), "pods");
}

#[test]
fn the_quotes_that_were_typed_stay() {
    check_accept(
        "apiVersion: batch/v1\nkind: CronJob\nspec:\n  schedule: '$0'\n",
        "0 3 * * *",
        expect![[r"
            apiVersion: batch/v1
            kind: CronJob
            spec:
              schedule: '0 3 * * *'$0
        "]],
    );
}

#[test]
fn the_number_of_a_port_stays_a_number() {
    check_accept(
        "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
spec:
  defaultBackend:
    service:
      name: web
      port:
        number: $0
",
        "80",
        expect![[r"
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {ports: [{port: 80}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            spec:
              defaultBackend:
                service:
                  name: web
                  port:
                    number: 80$0
        "]],
    );
}

/// A workload with what others refer to.
const SET: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: store}
spec:
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: web
          image: registry.example.com/shop:3
          ports: [{name: http, containerPort: 8080}]
---
apiVersion: v1
kind: Secret
metadata: {name: password}
---
apiVersion: v1
kind: Secret
metadata: {name: certificate}
type: kubernetes.io/tls
---
";

#[test]
fn new_fields_begin_with_the_names_of_the_set() {
    check_accept(
        &format!(
            "{SET}apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec:\n  scaleT$0\n"
        ),
        "scaleTargetRef",
        expect![[r#"
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: shop, namespace: store}
            spec:
              template:
                metadata: {labels: {app: shop}}
                spec:
                  containers:
                    - name: web
                      image: registry.example.com/shop:3
                      ports: [{name: http, containerPort: 8080}]
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: password}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: certificate}
            type: kubernetes.io/tls
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            spec:
              scaleTargetRef:
                apiVersion: ${1:apps/v1}
                kind: ${2:Deployment}
                name: ${3:shop}
        "#]],
    );
    check_accept(
        &format!("{SET}apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec:\n  sel$0\n"),
        "selector",
        expect![[r#"
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: shop, namespace: store}
            spec:
              template:
                metadata: {labels: {app: shop}}
                spec:
                  containers:
                    - name: web
                      image: registry.example.com/shop:3
                      ports: [{name: http, containerPort: 8080}]
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: password}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: certificate}
            type: kubernetes.io/tls
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            spec:
              selector:
                matchLabels:
                  ${1:app}: ${2:shop}
        "#]],
    );
}

#[test]
fn names_of_the_set_fit_the_place() {
    let ingress = format!("{SET}apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec:\n");
    let tls = format!("{ingress}  tls:\n    - secretName: $0\n");
    check_has(&tls, "certificate");
    check_lacks(&tls, "password");
    let hosts = "  rules:\n    - host: shop.example.com\n  tls:\n    - hosts: [$0]\n";
    check_has(&format!("{ingress}{hosts}"), "shop.example.com");
    check_has(
        &format!("{SET}kind: ConfigMap\napiVersion: v1\nmetadata:\n  namespace: $0\n"),
        "store",
    );
    let pod = format!("{SET}apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: side\n");
    check_has(
        &format!("{pod}      image: $0\n"),
        "registry.example.com/shop:3",
    );
    let of_container = "      env:\n        - valueFrom:\n            resourceFieldRef:\n              containerName: $0\n";
    check_has(&format!("{pod}{of_container}"), "side");
    let service =
        format!("{SET}apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - targetPort: $0\n");
    check_first(
        &service,
        2,
        expect![[r"
            http
            8080
        "]],
    );
}

#[test]
fn keys_of_a_secret_are_those_of_its_type() {
    check_first(
        "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\ndata:\n  $0\n",
        2,
        expect![[r"
            tls.crt
            tls.key
        "]],
    );
}

#[test]
fn labels_in_json_are_quoted() {
    let set = "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"labels\": {\"app\": \"shop\"}}, \"spec\": {}}\n---\n";
    let service =
        "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"spec\": {\"selector\": {$0}}}\n";
    let items = listed(&format!("{set}{service}"));
    assert_eq!(items[0].insert, "\"app\": \"shop\"");
}

#[test]
fn namespaces_are_selected_by_their_name() {
    let policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec:\n  ingress:\n    - from:\n        - namespaceSelector:\n            matchLabels:\n              $0\n";
    check_first(
        &format!("{SET}{policy}"),
        1,
        expect![[r"
            kubernetes.io/metadata.name
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
    expected.assert_eq(&(trimmed.join("\n") + end));
}

fn listed(fixture: &str) -> Vec<CompletionItem> {
    let (analysis, file, offset) = fixture::position(fixture);
    completion(&analysis, file, offset).items
}
