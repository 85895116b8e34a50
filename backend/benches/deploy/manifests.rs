//! What is deployed.

use std::fmt::Write;

/// Half Deployments with ten variables, half `ConfigMap`s; `revision` is in each of them.
pub(crate) fn many(count: usize, revision: usize) -> String {
    let mut text = String::new();
    for number in 0..count / 2 {
        let _ = write!(
            text,
            "---
apiVersion: v1
kind: ConfigMap
metadata: {{name: settings-{number}}}
data: {{revision: \"{revision}\", color: blue, level: info}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web-{number}}}
spec:
  replicas: 0
  selector: {{matchLabels: {{app: web-{number}}}}}
  template:
    metadata: {{labels: {{app: web-{number}}}}}
    spec:
      containers:
      - name: web
        image: nginx:1.27
        env:
"
        );
        for variable in 0..10 {
            let _ = writeln!(
                text,
                "        - {{name: V{variable}, value: \"{revision}\"}}"
            );
        }
    }
    text
}

/// `ConfigMap`s of a set.
pub(crate) fn few(set: &str, count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let _ = write!(
            text,
            "---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {set}-{number}}}
data: {{set: {set}}}
"
        );
    }
    text
}
