//! Custom resource definitions and OpenAPI v3 documents: read into a set, and written from one.
//!
//! What is read comes from people and clusters: it may be wrong in any way. It is then refused
//! with a sentence, or cut where it is too deep; it is never followed in circles.

mod crd;
mod document;
mod render;

pub(crate) use crd::read_crd;
pub use document::{Documents, version_of};
pub use render::document;

use serde_json::Value;
use std::fmt;

/// Why a definition or a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    /// A sentence: what is missing or wrong.
    pub message: String,
}

impl SchemaError {
    fn new(message: impl Into<String>) -> SchemaError {
        SchemaError {
            message: message.into(),
        }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SchemaError {}

/// The texts of a list; anything else in it is passed over.
fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}
