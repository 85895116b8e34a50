//! Whole objects are right as they come.

use crate::diagnostics::{Severity, diagnostics};
use crate::{Analysis, Config, FileId, completion, fixture};
use k8s_schemas::KubeRelease;
use yaml_syntax::TextSize;

#[test]
fn objects_of_every_release_are_right_before_a_stop_is_filled() {
    let mut wrong = Vec::new();
    for release in KubeRelease::ALL {
        let analysis = open("", release);
        let items = completion::completion(&analysis, FileId(0), TextSize::from(0)).items;
        let snippets: Vec<_> = items.iter().filter(|item| item.is_snippet).collect();
        assert!(snippets.len() > 80, "{} snippets", snippets.len());
        for item in snippets {
            let text = expand(&item.insert);
            for found in diagnostics(&open(&text, release), FileId(0)) {
                if found.severity <= Severity::Warning {
                    let line = format!("{} ({}): {}", item.label, item.detail, found.message);
                    wrong.extend((!wrong.contains(&line)).then_some(line));
                }
            }
        }
    }
    assert_eq!(wrong.join("\n"), "");
}

fn open(text: &str, release: KubeRelease) -> Analysis {
    let mut workspace = fixture::workspace();
    workspace.set_config(Config {
        release,
        ..Config::default()
    });
    workspace.set_file(FileId(0), "test.yaml", yaml_syntax::parse(text));
    workspace.analysis()
}

#[test]
fn snippets_refer_to_what_stands_nearest() {
    let set = "\
apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {token: a}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {tier: front}}
  template:
    metadata: {labels: {tier: front}}
    spec:
      volumes: [{name: cache, emptyDir: {}}]
      containers:
        - name: a
          image: a:1
          ports: [{containerPort: 9090}]
";
    let inserted = |end: &str, label: &str| {
        let text = format!("{set}{end}");
        let analysis = fixture::plain(&text);
        let at = TextSize::from(text.len() as u32);
        let items = completion::completion(&analysis, FileId(0), at).items;
        let item = items.into_iter().find(|item| item.label == label);
        expand(&item.unwrap_or_else(|| panic!("no {label}")).insert)
    };
    let has = |text: String, part: &str| assert!(text.contains(part), "{text}");
    has(inserted("---\n", "Service"), "tier: front");
    has(inserted("---\n", "HorizontalPodAutoscaler"), "name: shop");
    has(
        inserted("          ", "readiness probe over HTTP"),
        "port: 9090",
    );
    has(
        inserted("          env:\n            - ", "variable from a Secret"),
        "key: token",
    );
    let mount = "          volumeMounts:\n            - ";
    has(
        inserted(mount, "mount of a volume of the Pod"),
        "name: cache",
    );
}

#[test]
fn idioms_are_right_where_they_are_offered() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n";
    let container = format!(
        "{pod}  volumes: [{{name: cache, emptyDir: {{}}}}]\n  containers:\n    - name: a\n      image: a:1\n"
    );
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  selector: {matchLabels: {a: b}}\n  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: 'a:1'}]}}\n";
    let scaler = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: a\nspec:\n  maxReplicas: 3\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}\n";
    let ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\nspec:\n  rules:\n    - http:\n        paths:\n          - ";
    let service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  selector: {a: b}\n  ports:\n    - ";
    let places = [
        ("Container", format!("{container}      ")),
        ("EnvVar", format!("{container}      env:\n        - ")),
        (
            "VolumeMount",
            format!("{container}      volumeMounts:\n        - "),
        ),
        (
            "Volume",
            format!("{pod}  containers: [{{name: a, image: 'a:1'}}]\n  volumes:\n    - "),
        ),
        (
            "PodSpec",
            format!("{pod}  containers: [{{name: a, image: 'a:1'}}]\n  "),
        ),
        ("DeploymentSpec", format!("{deployment}  ")),
        ("ServicePort", service.to_owned()),
        ("HTTPIngressPath", ingress.to_owned()),
        ("HorizontalPodAutoscalerSpec", format!("{scaler}  ")),
        ("MetricSpec", format!("{scaler}  metrics:\n    - ")),
    ];
    let mut wrong = Vec::new();
    for release in KubeRelease::ALL {
        for idiom in super::idioms::IDIOMS {
            let place = places.iter().find(|(name, _)| *name == idiom.definition);
            let (_, text) = place.expect("a place for the definition");
            let at = TextSize::from(text.len() as u32);
            let items = completion::completion(&open(text, release), FileId(0), at).items;
            let item = items.into_iter().find(|item| item.label == idiom.label);
            let inserted = expand(&item.expect("it is offered").insert);
            let all = open(&format!("{text}{inserted}\n"), release);
            for found in diagnostics(&all, FileId(0)) {
                if found.severity == Severity::Error {
                    wrong.push(format!("{}: {}", idiom.label, found.message));
                }
            }
        }
    }
    assert_eq!(wrong.join("\n"), "");
}

/// The text with the first choice or the value of every stop.
fn expand(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        if let Some(body) = after.strip_prefix('{') {
            let (stop, next) = body.split_once('}').expect("a stop is closed");
            if let Some((_, value)) = stop.split_once(':') {
                text.push_str(value);
            } else if let Some((_, choices)) = stop.split_once('|') {
                text.push_str(choices.split([',', '|']).next().unwrap_or_default());
            }
            rest = next;
        } else {
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    text + rest
}
