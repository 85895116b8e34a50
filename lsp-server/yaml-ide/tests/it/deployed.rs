//! What is said of changes that the API server refuses.

use expect_test::{Expect, expect};
use k8s_schemas::SchemaSet;
use yaml_ide::diagnostics::{Severity, diagnostics};
use yaml_ide::{Deployed, FileId, Workspace};

const FILE: FileId = FileId(0);

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web, tier: front}
    spec:
      containers: [{name: web, image: nginx:1.29}]
";

#[test]
fn a_selector_cannot_be_changed() {
    let now = DEPLOYMENT.replace("matchLabels: {app: web}", "matchLabels: {tier: front}");
    check(
        DEPLOYMENT,
        &now,
        &expect![[r"
            6:3 `spec.selector` of a Deployment cannot be changed, and version v1 has another: delete the object and create it again, or change it back"]],
    );
    let now = DEPLOYMENT.replace("replicas: 2", "replicas: 3");
    check(DEPLOYMENT, &now, &expect![""]);
}

#[test]
fn what_a_cluster_fills_in_is_no_change() {
    let before = "\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: 10.0.0.7
  ports: [{port: 80}]
";
    let now = "\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata: {name: data}
  spec:
    accessModes: [ReadWriteMany]
    storageClassName: fast
    volumeMode: Filesystem
    resources: {requests: {storage: 2Gi}}
- apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec:
    ports: [{port: 80}]
";
    check(
        before,
        now,
        &expect![[r"
            8:5 `spec.accessModes` of a PersistentVolumeClaim cannot be changed, and version v1 has another: delete the object and create it again, or change it back"]],
    );
}

#[test]
fn what_was_sealed_stays_as_it_is() {
    let before = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
immutable: true
data: {mode: fast}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: a.example.com
";
    let now = before
        .replace("mode: fast", "mode: slow")
        .replace("a.example.com", "b.example.com\nparameters: {type: ssd}");
    check(
        before,
        &now,
        &expect![[r"
            5:1 `data` of a ConfigMap cannot be changed, and version v1 has another; it is immutable: delete the object and create it again, or change it back
            10:1 `provisioner` of a StorageClass cannot be changed, and version v1 has another; it was `a.example.com`: delete the object and create it again, or change it back
            11:1 `parameters` of a StorageClass cannot be changed, and version v1 has another; it was not there: delete the object and create it again, or change it back"]],
    );
}

#[track_caller]
fn check(before: &str, now: &str, expected: &Expect) {
    let mut workspace = Workspace::new();
    workspace.set_schemas(SchemaSet::builtin());
    workspace.set_deployed(Some(Deployed::read("version v1", [before])));
    workspace.set_file(FILE, "a.yaml", yaml_syntax::parse(now));
    let analysis = workspace.analysis();
    let source = analysis.source(FILE).expect("the file is there");
    let found = diagnostics(&analysis, FILE).into_iter();
    let shown: Vec<String> = found
        .filter(|found| found.severity <= Severity::Warning)
        .map(|found| {
            let at = source.line_col(found.range.start());
            format!("{}:{} {}", at.line + 1, at.col + 1, found.message)
        })
        .collect();
    expected.assert_eq(&shown.join("\n"));
}
