//! How long a person waits, in files of 20,000 lines.
//!
//! `documents` is a file of many Deployments and Services, `one` a single List of them.

use divan::{Bencher, black_box};
use k8s_schemas::SchemaSet;
use yaml_ide::{Analysis, FileId, Workspace, completion, diagnostics, document_symbols, hover};
use yaml_syntax::{TextRange, TextSize};

fn main() {
    divan::main();
}

const FILE: FileId = FileId(0);
const LINES: usize = 20_000;
const SHAPES: [&str; 2] = ["documents", "one"];

/// A file, and the place in its middle where a person types.
struct Fixture {
    workspace: Workspace,
    place: TextSize,
}

impl Fixture {
    fn new(shape: &str) -> Self {
        let text = text(shape);
        let middle = text.len() / 2;
        let key = text.get(middle..).and_then(|rest| rest.find("replicas"));
        let place = TextSize::from((middle + key.unwrap_or_default()) as u32);
        let mut workspace = Workspace::new();
        workspace.set_schemas(SchemaSet::builtin());
        workspace.set_file(FILE, "big.yaml", yaml_syntax::parse(&text));
        diagnostics::diagnostics(&workspace.analysis(), FILE);
        Self { workspace, place }
    }

    /// Types a letter, or takes it back.
    fn change(&mut self, typed: &mut bool) -> Analysis {
        let one = TextSize::from(1);
        let (range, insert) = if *typed {
            (TextRange::new(self.place, self.place + one), "")
        } else {
            (TextRange::empty(self.place), "x")
        };
        *typed = !*typed;
        self.workspace.edit_file(FILE, range, insert);
        self.workspace.analysis()
    }
}

fn text(shape: &str) -> String {
    let mut text = String::new();
    let in_list = shape == "one";
    if in_list {
        text.push_str("apiVersion: v1\nkind: List\nitems:\n");
    }
    let mut lines = 0;
    for number in 0.. {
        for object in [deployment(number), service(number)] {
            lines += object.lines().count() + 1;
            let (mark, object) = if in_list {
                ("- ", object.trim_end().replace('\n', "\n  ") + "\n")
            } else {
                ("---\n", object)
            };
            text.push_str(mark);
            text.push_str(&object);
        }
        if lines >= LINES {
            break;
        }
    }
    text
}

fn deployment(number: usize) -> String {
    let containers: Vec<String> = (0..4).map(|index| container(number, index)).collect();
    let containers = containers.concat();
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{number}
  labels:
    app: web-{number}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web-{number}
  template:
    metadata:
      labels:
        app: web-{number}
    spec:
      containers:
{containers}"
    )
}

fn container(number: usize, index: usize) -> String {
    let port = 8080 + index;
    format!(
        "      - name: app-{index}
        image: registry.example.com/team/app-{index}:1.{number}
        ports:
        - name: http-{index}
          containerPort: {port}
        env:
        - name: MODE
          value: fast
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 128Mi
        readinessProbe:
          httpGet:
            path: /healthz
            port: http-{index}
"
    )
}

fn service(number: usize) -> String {
    format!(
        "apiVersion: v1
kind: Service
metadata:
  name: web-{number}
spec:
  selector:
    app: web-{number}
  ports:
  - name: http
    port: 80
    targetPort: http-0
"
    )
}

#[divan::bench(args = SHAPES, sample_count = 30)]
fn change_to_diagnostics(bencher: Bencher<'_, '_>, shape: &str) {
    let mut fixture = Fixture::new(shape);
    let mut typed = false;
    bencher.bench_local(|| {
        let analysis = fixture.change(&mut typed);
        diagnostics::diagnostics(black_box(&analysis), FILE).len()
    });
}

#[divan::bench(args = SHAPES, sample_count = 30)]
fn change_to_completion(bencher: Bencher<'_, '_>, shape: &str) {
    let mut fixture = Fixture::new(shape);
    let mut typed = false;
    let place = fixture.place + TextSize::from(2);
    bencher.bench_local(|| {
        let analysis = fixture.change(&mut typed);
        completion::completion(black_box(&analysis), FILE, place)
            .items
            .len()
    });
}

#[divan::bench(args = SHAPES, sample_count = 30)]
fn change_to_hover(bencher: Bencher<'_, '_>, shape: &str) {
    let mut fixture = Fixture::new(shape);
    let mut typed = false;
    let place = fixture.place + TextSize::from(2);
    bencher.bench_local(|| {
        let analysis = fixture.change(&mut typed);
        hover::hover(black_box(&analysis), FILE, place, 0)
    });
}

#[divan::bench(args = SHAPES, sample_count = 10)]
fn open_to_diagnostics(bencher: Bencher<'_, '_>, shape: &str) {
    let text = text(shape);
    let schemas = SchemaSet::builtin();
    bencher.bench_local(|| {
        let mut workspace = Workspace::new();
        workspace.set_schemas(schemas.clone());
        workspace.set_file(FILE, "big.yaml", yaml_syntax::parse(black_box(&text)));
        diagnostics::diagnostics(&workspace.analysis(), FILE).len()
    });
}

#[divan::bench(args = SHAPES, sample_count = 10)]
fn outline(bencher: Bencher<'_, '_>, shape: &str) {
    let fixture = Fixture::new(shape);
    let analysis = fixture.workspace.analysis();
    bencher.bench_local(|| document_symbols::document_symbols(black_box(&analysis), FILE).len());
}
