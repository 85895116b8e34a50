//! Reads JSON lines `{"id", "text"}` on standard input and answers each with one line
//! `{"id", "entries": [[line, path, value], …]}`: all mapping pairs of a tolerant parse.

use std::io::{self, BufRead, Write};

use serde_json::{Value, json};
use yaml_syntax::{Document, Entry, Node, Parse, PathSegment};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let request: Value = serde_json::from_str(&line)?;
        let text = request
            .get("text")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let answer =
            json!({ "id": request.get("id"), "entries": entries(&yaml_syntax::parse(text)) });
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// Line, path and value of each pair.
fn entries(parse: &Parse) -> Vec<Value> {
    let all = parse.documents().flat_map(Document::entries);
    all.map(|(path, entry)| {
        let line = parse.source().line_col(entry.range().start()).line;
        json!([line, written(&path), value(entry)])
    })
    .collect()
}

/// A path with `/` between its steps; `~` is written `~0` and `/` `~1`.
fn written(path: &[PathSegment]) -> String {
    let steps: Vec<String> = path
        .iter()
        .map(|segment| match segment {
            PathSegment::Key(key) => key.replace('~', "~0").replace('/', "~1"),
            PathSegment::Index(index) => index.to_string(),
        })
        .collect();
    steps.join("/")
}

fn value(entry: Entry<'_>) -> String {
    match entry.value() {
        None => "=".to_owned(),
        Some(Node::Mapping(_)) => "{".to_owned(),
        Some(Node::Sequence(_)) => "[".to_owned(),
        Some(Node::Alias(alias)) => format!("*{}", alias.name()),
        Some(Node::Scalar(scalar)) => format!("={}", scalar.text()),
    }
}
