//! What the API server refuses, and why.

mod metadata;

use serde_json::Value;

use crate::resources::Resource;
use crate::status::FieldError;

/// What is wrong with an object that is to be created.
pub(crate) fn create(resource: &Resource, object: &Value) -> Vec<FieldError> {
    metadata::check(resource, object)
}

/// What is wrong with a change.
pub(crate) fn update(
    resource: &Resource,
    subresource: &str,
    live: &Value,
    new: &Value,
) -> Vec<FieldError> {
    let _ = (subresource, live);
    metadata::check(resource, new)
}

/// What the server warns of although it accepts it.
pub(crate) fn warnings(_resource: &Resource, _object: &Value) -> Vec<String> {
    Vec::new()
}
