//! Values as YAML.

use serde_json::Value;

use super::{Place, is_block};
use crate::ast::{Node, ScalarStyle};
use crate::{Source, TextRange, json};

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

/// A mapping or sequence in lines, as it stands behind the colon, dash or properties of a place.
/// `comments` come first.
pub(super) fn lines(source: &Source, place: &Place<'_>, value: &Value, comments: &str) -> String {
    let holder = place.indent(source);
    let old = place.node().filter(|node| is_block(*node));
    let old = old.map(|node| source.line_col(node.range().start()).col);
    let col = match (place, old) {
        (Place::Root(_), _) => 0,
        (Place::Entry(..), Some(old)) if old > holder || old == holder && value.is_array() => old,
        (Place::Entry(..) | Place::Item(..), _) => holder + 2,
    };
    let lines = block(value, col);
    let has_properties = place
        .node()
        .is_some_and(|node| node.full_range() != node.range());
    let is_at_dash = matches!(place, Place::Item(..)) && !has_properties;
    match place {
        Place::Root(root) if comments.is_empty() && starts_line(source, *root) => lines,
        _ if comments.is_empty() && is_at_dash => format!(" {lines}"),
        _ => format!("{comments}\n{}{lines}", spaces(col)),
    }
}

/// Whether nothing stands in front of a node on its line.
fn starts_line(source: &Source, node: Node<'_>) -> bool {
    let start = node.full_range().start();
    let line = source.line_range(source.line_col(start).line);
    let before = source.slice(TextRange::new(line.start(), start));
    node.anchor().is_none() && super::is_blank(&before)
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

pub(super) fn is_inline(value: &Value) -> bool {
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
        ScalarStyle::DoubleQuoted => quoted(new),
        ScalarStyle::SingleQuoted if !new.chars().any(needs_escape) => {
            format!("'{}'", new.replace('\'', "''"))
        }
        _ => text(new),
    }
}

/// A text: without quotes where it reads back as itself anywhere, else as JSON writes it.
pub(super) fn text(text: &str) -> String {
    let is_special = text.starts_with("---") || text.starts_with("...") || text == "<<";
    if is_special || text.contains([',', '[', ']', '{', '}']) || text.chars().any(needs_escape) {
        return quoted(text);
    }
    let parse = crate::parse(&format!("[{text}]"));
    let reads_back = parse.documents().next().is_some_and(|document| {
        let read = json::document(document);
        parse.is_valid() && read.is_ok_and(|read| read.value == serde_json::json!([text]))
    });
    if reads_back {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// In double quotes.
fn quoted(text: &str) -> String {
    let json = Value::String(text.to_owned()).to_string();
    let escaped = |char: char| {
        if needs_escape(char) {
            format!("\\u{:04x}", u32::from(char))
        } else {
            char.to_string()
        }
    };
    json.chars().map(escaped).collect()
}

/// Whether YAML, or kubectl, takes a character for a line break or refuses it.
fn needs_escape(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}
