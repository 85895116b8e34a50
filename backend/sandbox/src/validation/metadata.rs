//! Names, labels, annotations.

use serde_json::Value;

use crate::resources::Resource;
use crate::status::FieldError;

pub(super) fn check(_resource: &Resource, _object: &Value) -> Vec<FieldError> {
    Vec::new()
}
