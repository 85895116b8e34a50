//! What kubectl 1.37.1 made of each case in `test_data/kubectl` is what the JSON view makes of it.
//! `cargo run --example kubectl-golden PATH` asks kubectl again.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use serde_json::Value;
use yaml_syntax::json;

#[test]
fn every_case_reads_as_kubectl_reads_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/kubectl");
    let mut count = 0;
    let mut differences = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let cases = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for case in cases.lines() {
            count += 1;
            let case: Value = serde_json::from_str(case).unwrap();
            differences.extend(difference(&case));
        }
    }
    assert!(count >= 150);
    assert!(
        differences.is_empty(),
        "{} of {count}:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

fn difference(case: &Value) -> Option<String> {
    let yaml = case["yaml"].as_str().unwrap();
    let normal = |objects: &Vec<Value>| objects.iter().map(normal).collect::<Vec<_>>();
    let expected = case["objects"].as_array().map(normal);
    let actual = read(yaml);
    if actual.as_ref().ok().map(normal) == expected {
        return None;
    }
    let shown = match &case["error"] {
        Value::Null => format!("{expected:?}"),
        error => error.to_string(),
    };
    let all: Vec<String> = yaml_syntax::parse(yaml)
        .errors()
        .iter()
        .map(|error| format!("{} {:?}", error.code, error.range))
        .collect();
    let yaml: String = yaml.chars().take(300).collect();
    Some(format!(
        "{yaml:?}\n  kubectl: {shown}\n  ours:    {actual:?} {all:?}\n"
    ))
}

/// The documents that have content, or the first error.
fn read(yaml: &str) -> Result<Vec<Value>, String> {
    let parse = yaml_syntax::parse(yaml);
    let documents = parse
        .documents()
        .filter(|document| document.root().is_some());
    let values = documents.map(|document| json::document(document).map(|json| json.value));
    values
        .collect::<Result<_, _>>()
        .map_err(|error| error.message)
}

/// With whole numbers that no signed integer holds as floats, as all who read JSON here do.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.as_i64().is_none() => number.as_f64().into(),
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), normal(value)))
            .collect(),
        other => other.clone(),
    }
}
