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
fn the_second_of_two_items_is_removed() {
    let env = |item: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n    - name: a\n      image: b:1\n      env:{item}\n"
        )
    };
    let lines = env(
        " # words\n        - name: A\n          value: x\n        - name: $0A\n          value: y",
    );
    let kept = env(" # words\n        - name: A\n          value: x");
    assert_eq!(mended(&lines, "Remove this `A`"), kept);
    let flow = env(" [{name: A}, {na$0me: A}]");
    assert_eq!(mended(&flow, "Remove this `A`"), env(" [{name: A}]"));
}

#[test]
fn quotes_of_what_is_mended_stay() {
    check(
        "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {\"name\": \"a\"}, \"spec\": {\"type\": \"node$0port\"}}\n",
        "Change to `NodePort`",
        expect![[r#"
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"type": "NodePort"}}
        "#]],
    );
    check(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n    - port: \"8$00\"\n",
        "Change to `80`",
        expect![[r"
            apiVersion: v1
            kind: Service
            metadata: {name: a}
            spec:
              ports:
                - port: 80
        "]],
    );
}

#[test]
fn tabs_become_spaces() {
    check(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n\t$0name: a\n",
        "Indent with spaces",
        expect![[r"
            apiVersion: v1
            kind: ConfigMap
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

#[test]
fn an_ingress_moves_with_its_backends() {
    check(
        "\
apiVersion: networking.k8s.io/v1be$0ta1
kind: Ingress
metadata: {name: web}
spec:
  backend: {serviceName: fallback, servicePort: http}
  rules:
    - host: example.com
      http:
        paths:
          - path: /
            backend:
              serviceName: web
              servicePort: 80
",
        "Migrate to `networking.k8s.io/v1`",
        expect![[r"
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              defaultBackend: {service: {name: fallback, port: {name: http}}}
              rules:
                - host: example.com
                  http:
                    paths:
                      - pathType: ImplementationSpecific
                        path: /
                        backend:
                          service:
                            name: web
                            port:
                              number: 80
        "]],
    );
}

#[test]
fn an_autoscaler_moves_with_its_metrics() {
    check(
        "\
apiVersion: autoscaling/v2be$0ta1
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  maxReplicas: 3
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  metrics:
    - type: Resource
      resource:
        name: cpu
        targetAverageUtilization: 80
    - type: Pods
      pods: {metricName: requests, targetAverageValue: 100}
",
        "Migrate to `autoscaling/v2`",
        expect![[r"
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web}
            spec:
              maxReplicas: 3
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              metrics:
                - type: Resource
                  resource:
                    name: cpu
                    target:
                      type: Utilization
                      averageUtilization: 80
                - type: Pods
                  pods: {metric: {name: requests}, target: {type: AverageValue, averageValue: 100}}
        "]],
    );
}

const POD: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
    - name: web
      image: nginx:1.29
      env:
        - name: A
          valueFrom: {secretKeyRef: {name: db$0, key: user}}
        - name: B
          valueFrom: {secretKeyRef: {name: db, key: pass word}}
";

#[test]
fn what_is_referred_to_is_created_with_its_keys() {
    check_mended(
        POD,
        "Create Secret `db`",
        expect![[r#"
            ---
            apiVersion: v1
            kind: Secret
            metadata:
              name: db
              namespace: shop
            type: Opaque
            stringData:
              pass word: ""
              user: ""
        "#]],
    );
    check_mended(
        "kind: Pod\napiVersion: v1\nspec: {serviceAccountName: we$0b}",
        "Create ServiceAccount `web`",
        expect![[r"

            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: web
        "]],
    );
}

#[test]
fn a_missing_key_is_added_to_its_object() {
    let pod = POD.replace("db$0, key: user", "db, key: us$0er");
    check(
        &format!(
            "kind: Secret\napiVersion: v1\nmetadata: {{name: db}}\nstringData:\n  a: |\n    b\n---\n{pod}"
        ),
        "Add key `user` to Secret `db`",
        expect![[r#"
            kind: Secret
            apiVersion: v1
            metadata: {name: db}
            stringData:
              a: |
                b
              user: ""
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              containers:
                - name: web
                  image: nginx:1.29
                  env:
                    - name: A
                      valueFrom: {secretKeyRef: {name: db, key: user}}
                    - name: B
                      valueFrom: {secretKeyRef: {name: db, key: pass word}}
        "#]],
    );
}

/// What the text gets at its end.
#[track_caller]
fn check_mended(fixture: &str, title: &str, expected: Expect) {
    let before = fixture.replace("$0", "");
    let after = mended(fixture, title);
    expected.assert_eq(after.strip_prefix(&before).expect("something is added"));
}

#[track_caller]
fn check(fixture: &str, title: &str, expected: Expect) {
    expected.assert_eq(&mended(fixture, title));
}

/// The text after the action with this title.
#[track_caller]
fn mended(fixture: &str, title: &str) -> String {
    let (analysis, file, range) = fixture::selection(fixture);
    let actions = code_actions(&analysis, file, range);
    let titles: Vec<_> = actions.iter().map(|action| &action.title).collect();
    let action = actions.iter().find(|action| action.title == title);
    let action = action.unwrap_or_else(|| panic!("{title} is not among {titles:?}"));
    let mut text = analysis.source(file).unwrap().to_string();
    for edit in action.edit.files.get(&file).unwrap().iter().rev() {
        text.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.insert);
    }
    text
}
