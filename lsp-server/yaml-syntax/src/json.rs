//! A document as JSON, the way kubectl reads it (YAML 1.1 scalars, merge keys).

use serde_json::Value;

use crate::{Document, Node, TextRange};

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
pub fn document(_document: Document<'_>) -> Result<Json, JsonError> {
    todo!()
}

/// What a scalar, as written, means to kubectl: for a plain `yes`, `true`.
pub fn node(_document: Document<'_>, _node: Node<'_>) -> Result<Value, JsonError> {
    todo!()
}
