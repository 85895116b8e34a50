//! The three patches that are not server-side apply.

mod json;
mod merge;
mod strategic;

use serde_json::{Value, json};

use crate::resources::Resource;
use crate::status::{Answer, Failure};

/// How the body of a patch is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Json,
    Merge,
    Strategic,
}

/// The object with the patch applied. `resource` is `None` where the object is no stored kind, such as a `Scale`.
pub(crate) fn apply(
    kind: Kind,
    object: &Value,
    patch: &Value,
    resource: Option<&Resource>,
) -> Answer<Value> {
    match kind {
        Kind::Json => json::apply(object, patch).map_err(|why| unprocessable(&why)),
        Kind::Merge if !patch.is_object() => Err(Failure::bad_request(
            "error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}",
        )),
        Kind::Merge => Ok(merge::apply(object, patch)),
        Kind::Strategic => match resource {
            Some(resource) if resource.custom.is_some() => Err(Failure::unsupported_media_type(
                "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
            )),
            Some(resource) => strategic::apply(&resource.types, resource.ty, object, patch)
                .map_err(Failure::bad_request),
            None => Ok(merge::apply(object, patch)),
        },
    }
}

fn unprocessable(why: &str) -> Failure {
    let mut failure = Failure::new(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request",
    );
    failure.details = Some(json!({
        "causes": [{"reason": "UnexpectedServerResponse", "message": why}],
    }));
    failure
}
