//! A document as JSON, the way kubectl reads it (YAML 1.1 scalars, merge keys).
//!
//! kubectl turns YAML into JSON text before it reads that, so a number is an integer here if its
//! JSON text looks like one: `1e3` is 1000, and what exceeds 64 bits is a float.

mod reader;
mod refused;
mod scalar;

use serde_json::Value;

use crate::ast::{Scalar, ScalarStyle};
use crate::{Document, Node, TextRange};

use reader::Reader;
use scalar::Meaning;

/// A document as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Json {
    /// The value; of duplicate keys the last wins.
    pub value: Value,
    /// Keys that stand again later in the same mapping: the range of each later key.
    pub duplicates: Vec<TextRange>,
}

/// Why kubectl would refuse the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// The place, in bytes of the whole text.
    pub range: TextRange,
    /// A sentence.
    pub message: String,
}

/// Reads a document as kubectl does. An empty document is `null`.
pub fn document(document: Document<'_>) -> Result<Json, JsonError> {
    let refused = document.problems().find(|(code, _)| !code.is_tolerated());
    if let Some((code, range)) = refused {
        return Err(JsonError {
            range,
            message: code.error(range, &document.text(range)).message,
        });
    }
    if let Some(error) = refused::first(document) {
        return Err(error);
    }
    let mut reader = Reader::new(document);
    let value = match document.root() {
        Some(root) => reader.node(root)?,
        None => Value::Null,
    };
    Ok(Json {
        value,
        duplicates: reader.duplicates,
    })
}

/// What a node, as written, means to kubectl: for a plain `yes`, `true`.
pub fn node(document: Document<'_>, node: Node<'_>) -> Result<Value, JsonError> {
    Reader::new(document).node(node)
}

/// What a scalar means, its tag regarded.
fn meaning(node: Node<'_>, scalar: Scalar<'_>) -> Result<Meaning, JsonError> {
    let text = scalar.text();
    match node.tag() {
        None if scalar.style() == ScalarStyle::Plain => Ok(scalar::resolve(&text)),
        None => Ok(Meaning::Text(text.into_owned())),
        Some(tag) => {
            let error = |message| JsonError::new(node.range(), message);
            scalar::resolve_tagged(short(tag), &text).map_err(error)
        }
    }
}

/// A tag of YAML's own as `!!name`.
fn short(tag: &str) -> &str {
    let name = tag.strip_prefix("!<tag:yaml.org,2002:");
    match name.and_then(|name| name.strip_suffix('>')) {
        Some("str") => "!!str",
        Some("int") => "!!int",
        Some("float") => "!!float",
        Some("bool") => "!!bool",
        Some("null") => "!!null",
        Some("binary") => "!!binary",
        Some("timestamp") => "!!timestamp",
        _ => tag,
    }
}

impl JsonError {
    fn new(range: TextRange, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
        }
    }
}
