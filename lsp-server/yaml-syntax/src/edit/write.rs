//! Values as YAML.

use serde_json::Value;

use super::Place;
use crate::ast::{Node, ScalarStyle};
use crate::json;

/// So many blanks.
pub(super) fn spaces(count: u32) -> String {
    " ".repeat(count as usize)
}

/// An entry of a block mapping at column `col`.
pub(super) fn entry(key: &str, value: &Value, col: u32) -> String {
    let key = text(key);
    if is_inline(value) {
        return format!("{key}: {}", inline(value));
    }
    let inner = col + 2;
    format!("{key}:\n{}{}", spaces(inner), block(value, inner))
}

/// What stands behind the colon or dash of a place whose column is `indent`.
pub(super) fn behind(value: &Value, indent: u32, place: &Place<'_>) -> String {
    let has_blank = place
        .node()
        .is_some_and(|node| Some(node.range().start()) == place.value_start());
    let blank = if has_blank { "" } else { " " };
    if place.is_flow() || is_inline(value) {
        return format!("{blank}{}", inline(value));
    }
    match place {
        Place::Root(_) => block(value, 0),
        Place::Item(..) if !has_blank => format!(" {}", block(value, indent + 2)),
        Place::Item(..) | Place::Entry(..) => {
            format!("\n{}{}", spaces(indent + 2), block(value, indent + 2))
        }
    }
}

/// Lines at column `col`, without the blanks in front of the first.
fn block(value: &Value, col: u32) -> String {
    let separator = format!("\n{}", spaces(col));
    let lines: Vec<String> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| entry(key, value, col))
            .collect(),
        Value::Array(items) => items
            .iter()
            .map(|item| format!("- {}", block(item, col + 2)))
            .collect(),
        scalar => return inline(scalar),
    };
    if lines.is_empty() {
        return inline(value);
    }
    lines.join(&separator)
}

fn is_inline(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// On one line.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::String(value) => text(value),
        Value::Object(map) => {
            let pairs = map
                .iter()
                .map(|(key, value)| format!("{}: {}", text(key), inline(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!(
                "[{}]",
                items.iter().map(inline).collect::<Vec<_>>().join(", ")
            )
        }
        other => other.to_string(),
    }
}

/// A scalar in the kind of quotes that `node` has, as far as that can be.
pub(super) fn scalar_like(value: &Value, node: Node<'_>) -> String {
    let (Value::String(new), Some(scalar)) = (value, node.as_scalar()) else {
        return inline(value);
    };
    match scalar.style() {
        ScalarStyle::DoubleQuoted => value.to_string(),
        ScalarStyle::SingleQuoted if !new.chars().any(char::is_control) => {
            format!("'{}'", new.replace('\'', "''"))
        }
        _ => text(new),
    }
}

/// A text: without quotes where it reads back as itself anywhere, else as JSON writes it.
pub(super) fn text(text: &str) -> String {
    let quoted = || Value::String(text.to_owned()).to_string();
    if text.contains([',', '[', ']', '{', '}']) || text.chars().any(char::is_control) {
        return quoted();
    }
    let parse = crate::parse(&format!("[{text}]"));
    let reads_back = parse.documents().next().is_some_and(|document| {
        let read = json::document(document);
        parse.is_valid() && read.is_ok_and(|read| read.value == serde_json::json!([text]))
    });
    if reads_back {
        text.to_owned()
    } else {
        quoted()
    }
}
