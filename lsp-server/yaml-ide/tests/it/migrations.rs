//! What moves to another API version is right there: no complaint is left, and little changes.

use expect_test::{Expect, expect};
use k8s_schemas::SchemaSet;
use yaml_ide::diagnostics::{Diagnostic, Severity, diagnostics};
use yaml_ide::{FileId, Workspace};

const FILE: FileId = FileId(0);

#[test]
fn webhooks_keep_what_was_taken_for_granted() {
    check(
        "\
apiVersion: admissionregistration.k8s.io/v1beta1
kind: ValidatingWebhookConfiguration
metadata:
  name: check
webhooks:
- name: check.example.com
  sideEffects: Unknown
  clientConfig:
    service: {name: check, namespace: shop}
",
        &expect![[r"
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata:
              name: check
            webhooks:
            - name: check.example.com
              sideEffects: None
              clientConfig:
                service: {name: check, namespace: shop}
              admissionReviewVersions: [v1beta1]
              failurePolicy: Ignore
              matchPolicy: Exact
              timeoutSeconds: 30
        "]],
    );
}

#[test]
fn a_definition_gives_each_version_its_schema() {
    check(
        "\
apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  version: v1
  group: example.com
  scope: Namespaced
  preserveUnknownFields: false
  names: {plural: widgets, kind: Widget}
  additionalPrinterColumns:
  - name: Size
    type: integer
    JSONPath: .spec.size
  subresources:
    status: {}
  validation:
    openAPIV3Schema:
      type: object
      properties:
        spec:
          type: object
",
        &expect![[r"
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: widgets.example.com
            spec:
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
                subresources:
                  status: {}
                additionalPrinterColumns:
                - name: Size
                  type: integer
                  jsonPath: .spec.size
              group: example.com
              scope: Namespaced
              names: {plural: widgets, kind: Widget}
        "]],
    );
}

#[test]
fn a_definition_without_a_schema_keeps_what_is_unknown() {
    check(
        "\
apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  version: v1
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget}
  versions:
  - name: v1
    served: true
    storage: true
  conversion:
    strategy: Webhook
    webhookClientConfig:
      url: https://example.com/convert
",
        &expect![[r"
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
                    x-kubernetes-preserve-unknown-fields: true
              conversion:
                strategy: Webhook
                webhook:
                  conversionReviewVersions: [v1beta1]
                  clientConfig:
                    url: https://example.com/convert
        "]],
    );
}

#[test]
fn a_deployment_says_which_pods_are_its_own() {
    check(
        "\
apiVersion: extensions/v1beta1
kind: Deployment
metadata:
  name: web
spec:
  rollbackTo: {revision: 1}
  replicas: 2
  template:
    metadata:
      labels:
        app: web
    spec:
      containers: [{name: web, image: \"nginx:1.29\"}]
",
        &expect![[r#"
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
            spec:
              selector:
                matchLabels:
                  app: web
              replicas: 2
              template:
                metadata:
                  labels:
                    app: web
                spec:
                  containers: [{name: web, image: "nginx:1.29"}]
        "#]],
    );
}

#[test]
fn endpoints_become_a_slice() {
    check(
        "\
apiVersion: v1
kind: Endpoints
metadata:
  name: db
subsets:
- addresses:
  - ip: 10.0.0.7
    nodeName: a
  notReadyAddresses:
  - ip: 10.0.0.8
  ports:
  - name: sql
    port: 5432
",
        &expect![[r"
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              labels:
                kubernetes.io/service-name: db
              name: db
            addressType: IPv4
            endpoints:
            - addresses: [10.0.0.7]
              nodeName: a
            - addresses: [10.0.0.8]
              conditions:
                ready: false
            ports:
            - name: sql
              port: 5432
        "]],
    );
}

#[test]
fn the_place_of_an_endpoint_has_fields_of_its_own() {
    check(
        "\
apiVersion: discovery.k8s.io/v1beta1
kind: EndpointSlice
metadata: {name: db-a}
addressType: IPv4
endpoints:
- addresses: [10.0.0.7]
  topology:
    kubernetes.io/hostname: a
    topology.kubernetes.io/zone: b
- addresses: [10.0.0.8]
  topology: {other: c}
",
        &expect![[r"
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: db-a}
            addressType: IPv4
            endpoints:
            - addresses: [10.0.0.7]
              nodeName: a
              zone: b
            - addresses: [10.0.0.8]
        "]],
    );
}

#[test]
fn a_claim_says_what_is_asked_for_exactly() {
    check(
        "\
apiVersion: resource.k8s.io/v1beta1
kind: ResourceClaim
metadata: {name: gpu}
spec:
  devices:
    requests:
    - name: gpu
      deviceClassName: gpu.example.com
      count: 2
",
        &expect![[r"
            apiVersion: resource.k8s.io/v1
            kind: ResourceClaim
            metadata: {name: gpu}
            spec:
              devices:
                requests:
                - name: gpu
                  exactly:
                    deviceClassName: gpu.example.com
                    count: 2
        "]],
    );
}

#[test]
fn shares_and_metrics_have_other_names() {
    check(
        "\
apiVersion: flowcontrol.apiserver.k8s.io/v1beta2
kind: PriorityLevelConfiguration
metadata: {name: shop}
spec:
  type: Limited
  limited:
    assuredConcurrencyShares: 5
    limitResponse: {type: Reject}
---
apiVersion: autoscaling/v2beta1
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 3
  metrics:
  - type: External
    external:
      metricName: depth
      metricSelector:
        matchLabels: {queue: a}
      targetValue: 5
",
        &expect![[r"
            apiVersion: flowcontrol.apiserver.k8s.io/v1
            kind: PriorityLevelConfiguration
            metadata: {name: shop}
            spec:
              type: Limited
              limited:
                nominalConcurrencyShares: 5
                limitResponse: {type: Reject}
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              maxReplicas: 3
              metrics:
              - type: External
                external:
                  metric:
                    name: depth
                    selector:
                      matchLabels: {queue: a}
                  target:
                    type: Value
                    value: 5
        "]],
    );
}

#[test]
fn a_kustomization_says_the_same_in_new_words() {
    let text = "\
commonLabels:
  app: shop
bases:
- ../base
patchesStrategicMerge:
- replicas.yaml
- ports.yaml
patches:
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replcas: 3
";
    let all: String = fixed("kustomization.yaml", text, |_| true);
    let expected = expect![[r"
        labels:
        - includeSelectors: true
          pairs:
            app: shop
        resources:
        - ../base
        patchesStrategicMerge:
        - replicas.yaml
        - ports.yaml
        patches:
        - patch: |-
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 3
    "]];
    expected.assert_eq(&all);
    let paths = "patchesStrategicMerge:\n- replicas.yaml\n";
    let paths = fixed("kustomization.yaml", paths, |_| true);
    expect![[r"
        patches:
        - path: replicas.yaml
    "]]
    .assert_eq(&paths);
}

#[test]
fn an_annotation_becomes_a_field() {
    let text = "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    kubernetes.io/ingress.class: nginx
    example.com/team: shop
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: localhost/web.json
spec:
  nodeSelector: {beta.kubernetes.io/os: linux}
  containers: [{name: web, image: \"nginx:1.29\"}]
";
    expect![[r#"
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web
          annotations:
            example.com/team: shop
        spec:
          ingressClassName: nginx
          defaultBackend: {service: {name: web, port: {number: 80}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          securityContext:
            seccompProfile:
              type: Localhost
              localhostProfile: web.json
          nodeSelector: {kubernetes.io/os: linux}
          containers: [{name: web, image: "nginx:1.29"}]
    "#]]
    .assert_eq(&fixed("a.yaml", text, |_| true));
}

/// The text after all offers to migrate were taken, which is right.
#[track_caller]
fn check(text: &str, expected: &Expect) {
    let after = fixed("a.yaml", text, |title| title.starts_with("Migrate to"));
    expected.assert_eq(&after);
    let left = judged("a.yaml", &after).into_iter();
    let left = left.filter(|found| found.severity <= Severity::Warning);
    let left: Vec<String> = left.map(|found| found.message).collect();
    assert_eq!(left.join("\n"), "");
}

/// The text after the first fix of all complaints with such a title.
fn fixed(path: &str, text: &str, is_meant: impl Fn(&str) -> bool) -> String {
    let mut edits = Vec::new();
    for found in judged(path, text) {
        let mut fixes = found.fixes.into_iter();
        let fix = fixes.find(|fix| is_meant(&fix.title));
        edits.extend(fix.into_iter().flat_map(|fix| fix.edits));
    }
    edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let mut after = text.to_owned();
    for edit in edits.into_iter().rev() {
        after.replace_range(std::ops::Range::<usize>::from(edit.range), &edit.insert);
    }
    after
}

fn judged(path: &str, text: &str) -> Vec<Diagnostic> {
    let mut workspace = Workspace::new();
    workspace.set_schemas(SchemaSet::builtin());
    workspace.set_file(FILE, path, yaml_syntax::parse(text));
    diagnostics(&workspace.analysis(), FILE)
}
