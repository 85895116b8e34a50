//! Whatever is thrown at it, every feature answers: mutilated manifests, bombs, cycles, odd
//! definitions.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use k8s_schemas::{KubeRelease, SchemaSet};
use yaml_ide::{FileDiagnostic, check};

use crate::laws::{Random, boundary, mutilate};
use crate::typing::ask;

/// Each manifest is mutilated this many times.
const ROUNDS: usize = 2;

#[test]
fn every_feature_answers_for_mutilated_manifests() {
    let schemas = SchemaSet::builtin();
    let mut random = Random(42);
    for path in yaml_files() {
        let text = fs::read_to_string(&path).expect("a manifest can be read");
        let name = path.file_name().expect("a file").to_string_lossy();
        for _ in 0..ROUNDS {
            let mut text = text.clone();
            for _ in 0..=random.below(4) {
                mutilate(&mut text, &mut random);
            }
            let offset = boundary(&text, random.below(text.len() + 1));
            ask(&schemas, &name, &text, offset);
        }
    }
}

/// The manifests, right and broken.
fn yaml_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut paths: Vec<_> = ["manifests", "broken-manifests"]
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).expect("a folder can be read"))
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    paths.sort();
    paths
}

#[test]
fn a_bomb_of_aliases_is_judged_once() {
    let mut text =
        String::from("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bomb\ndata:\n");
    text.push_str("  a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..40 {
        let below = vec![format!("*a{}", level - 1); 9].join(", ");
        let _ = writeln!(text, "  a{level}: &a{level} [{below}]");
    }
    let found = complaints(&text);
    assert_eq!(found.len(), 40, "one for each list that should be a text");
    ask(&SchemaSet::builtin(), "bomb.yaml", &text, 200);
}

#[test]
fn merges_of_merges_end() {
    let mut text =
        String::from("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: merges}\ndata:\n");
    text.push_str("  a0: &a0 {x: y}\n");
    for level in 1..30 {
        let below = level - 1;
        let _ = writeln!(
            text,
            "  a{level}: &a{level}\n    <<: [*a{below}, *a{below}]"
        );
    }
    assert!(complaints(&text).len() >= 30);
    ask(&SchemaSet::builtin(), "merges.yaml", &text, 150);
}

#[test]
fn ten_thousand_documents_are_judged_one_by_one() {
    let mut text = String::new();
    for number in 0..10_000 {
        let field = if number % 1000 == 0 { "dat" } else { "data" };
        let _ = write!(
            text,
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c-{number}}}\n{field}: {{}}\n"
        );
    }
    let found = complaints(&text);
    assert_eq!(found.len(), 10);
    assert!(found.iter().all(|found| found.code == "unknown-field"));
}

#[test]
fn nesting_without_end_is_one_complaint_or_few() {
    for (open, depth) in [("[", 50_000), ("{a: ", 50_000), ("- ", 20_000)] {
        let text = format!(
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: {}",
            open.repeat(depth)
        );
        assert!(complaints(&text).len() < 20, "{open}");
    }
}

#[test]
fn odd_definitions_break_nothing() {
    let schemas = [
        // No schema at all, and things that are none.
        "null",
        "[]",
        "text",
        "{}",
        "{type: [object, string]}",
        "{type: object, properties: [a, b]}",
        "{type: object, properties: {spec: 5, status: null}}",
        "{type: object, properties: {spec: {type: array}}}",
        "{type: object, properties: {spec: {type: array, items: [{type: string}]}}}",
        // Types that hold themselves.
        "&s {type: object, properties: {spec: *s}}",
        "{$ref: '#/definitions/Self', definitions: {Self: {$ref: '#/definitions/Self'}}}",
        "{type: object, properties: {spec: {$ref: '#/components/schemas/Nothing'}}}",
        // Rules that cannot hold.
        "{type: object, properties: {spec: {type: string, pattern: '([', minLength: -5}}}",
        "{type: object, properties: {spec: {type: integer, minimum: many, maximum: 1e400}}}",
        "{type: object, properties: {spec: {enum: text, default: {a: 1}, required: 5}}}",
        "{type: object, required: spec, x-kubernetes-list-map-keys: 5}",
        // What definitions really say.
        "{type: object, x-kubernetes-preserve-unknown-fields: true}",
        "{type: object, properties: {spec: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}}}",
        "{type: object, properties: {spec: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-validations: [{rule: self.a == self.b}]}}}",
    ];
    let bodies = [
        "1",
        "text",
        "[a, 1]",
        "{a: {b: [c]}}",
        "{apiVersion: v1, kind: Pod}",
        "null",
    ];
    let builtin = SchemaSet::builtin();
    for schema in schemas {
        for body in bodies {
            let text = format!("{}---\n{}", definition(schema), resource(body));
            complaints(&text);
            ask(&builtin, "odd.yaml", &text, text.len() - 3);
        }
    }
}

fn definition(schema: &str) -> String {
    format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
        metadata: {{name: odds.example.com}}\nspec:\n  group: example.com\n  scope: Namespaced\n  \
        names: {{plural: odds, kind: Odd}}\n  versions:\n  - name: v1\n    served: true\n    \
        storage: true\n    schema:\n      openAPIV3Schema: {schema}\n"
    )
}

fn resource(spec: &str) -> String {
    format!("apiVersion: example.com/v1\nkind: Odd\nmetadata: {{name: one}}\nspec: {spec}\n")
}

#[test]
fn definitions_with_odd_frames_break_nothing() {
    for spec in [
        "5",
        "[]",
        "{versions: 5}",
        "{group: example.com, names: 5, versions: [5, null, {}]}",
        "{group: 1, names: {kind: [a], plural: {}}, versions: [{name: 1, schema: []}]}",
        "{group: example.com, names: {kind: Pod, plural: pods}, versions: [{name: v1}, {name: v1}]}",
        "{group: '', names: {kind: '', plural: ''}, versions: [{name: ''}]}",
    ] {
        let text = format!(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
            metadata: {{name: odd}}\nspec: {spec}\n---\n{}",
            resource("{}")
        );
        assert!(!complaints(&text).is_empty(), "{spec}");
        ask(&SchemaSet::builtin(), "odd.yaml", &text, text.len() - 3);
    }
}

#[track_caller]
fn complaints(text: &str) -> Vec<FileDiagnostic> {
    check(
        &[("a.yaml", text)],
        &SchemaSet::builtin(),
        KubeRelease::NEWEST,
    )
}
