//! The one shape of every error.

use serde::{Deserialize, Serialize};

/// The body of every answer with a status of 400 or above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// A word for machines, such as `version_exists`. It never changes.
    pub code: String,
    /// A sentence for people: what is wrong, where, and what is allowed.
    pub message: String,
    /// Each place that is wrong, where there is more than the one of `message`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<ErrorDetail>,
}

/// One wrong place in what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorDetail {
    /// The file of a pushed version, or the name of a field of the request.
    pub place: String,
    /// 1-based line in the file, where the place is a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// 1-based column, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The code of the rule, such as `unknown-field`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// A sentence: what is wrong and how to mend it.
    pub message: String,
}
