//! Names that the set gives: in values, and in fields that come along.

use super::*;
use expect_test::expect;

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
    check_accept_behind_set(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec:\n  scaleT$0\n",
        "scaleTargetRef",
        expect![[r#"
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            spec:
              scaleTargetRef:
                apiVersion: ${1:apps/v1}
                kind: ${2:Deployment}
                name: ${3:shop}
        "#]],
    );
    check_accept_behind_set(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec:\n  sel$0\n",
        "selector",
        expect![[r#"
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

/// What becomes of a text that stands behind [`SET`].
#[track_caller]
fn check_accept_behind_set(text: &str, label: &str, expected: Expect) {
    let accepted = accept(&format!("{SET}{text}"), label);
    let (before, behind) = accepted.split_at(SET.len());
    assert_eq!(before, SET);
    expected.assert_eq(behind);
}
