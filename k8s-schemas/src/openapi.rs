//! Custom resource definitions and OpenAPI v3 documents: read into a set, and written from one.

use crate::{Layer, Schemas};
use serde_json::Value;
use std::fmt;

/// Why a definition or a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    /// A sentence: what is missing or wrong.
    pub message: String,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SchemaError {}

/// The OpenAPI v3 document of a group and version (`apps/v1`; `v1` for the core group), as
/// `/openapi/v3/apis/apps/v1` of an API server serves it: all definitions that its kinds need.
///
/// `None` where the release serves no such group and version.
pub fn document(_schemas: Schemas<'_>, _api_version: &str) -> Option<Value> {
    None
}

pub(crate) fn read_crd(_crd: &Value) -> Result<Layer, SchemaError> {
    Err(SchemaError {
        message: "not a CustomResourceDefinition".to_owned(),
    })
}

pub(crate) fn read_document(_document: &Value) -> Result<Layer, SchemaError> {
    Err(SchemaError {
        message: "not an OpenAPI v3 document".to_owned(),
    })
}
