//! A document in the styles that people write.

use serde_json::Value;

/// The document in braces, without quotes where none are needed.
pub(super) fn flow(json: &Value) -> String {
    let mut text = String::new();
    write(json, &mut text);
    text + "\n"
}

fn write(json: &Value, text: &mut String) {
    match json {
        Value::Object(object) => {
            text.push('{');
            for (index, (key, value)) in object.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                text.push_str(&plain(key));
                text.push_str(": ");
                write(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                write(item, text);
            }
            text.push(']');
        }
        Value::String(word) => text.push_str(&plain(word)),
        other => text.push_str(&other.to_string()),
    }
}

/// A text without quotes, where it stays the same without.
fn plain(text: &str) -> String {
    let is_word = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-'))
        && super::trial::json(text).is_some_and(|json| json == text);
    if is_word {
        text.to_owned()
    } else {
        Value::from(text).to_string()
    }
}

/// The document as the only item of a list.
pub(super) fn in_list(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    let indented = lines.map(|line| {
        if line.trim().is_empty() {
            line.to_owned()
        } else {
            format!("    {line}")
        }
    });
    format!(
        "apiVersion: v1\nkind: List\nitems:\n  -\n{}",
        indented.collect::<String>()
    )
}

pub(super) const NEIGHBOR: &str = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: other\n";

/// The document between two others.
pub(super) fn in_the_middle(text: &str) -> String {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{NEIGHBOR}---\n{text}{end}---\n{NEIGHBOR}")
}
