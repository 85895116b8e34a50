//! Versions: immutable files under a name that is unique in its set.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::VersionName;

/// A version without its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    /// Unique in the set.
    pub name: VersionName,
    /// SHA-256 over paths and contents, in lower-case hexadecimal.
    pub content_hash: String,
    /// The version that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<VersionName>,
    /// Who or what made it.
    pub provenance: Provenance,
    /// When it was stored.
    pub created_at: String,
    /// Order in the set: larger is newer.
    pub sequence: i64,
    /// The objects that it describes, in the order of files and documents.
    pub objects: Vec<ObjectSummary>,
}

/// Where a version came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provenance {
    /// The person or CI identity.
    pub author: String,
    /// The commit that it was generated from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The branch or tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_ref: Option<String>,
    /// A link to the pipeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline_url: Option<String>,
}

/// One object of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectSummary {
    /// Such as `apps/v1`.
    pub api_version: String,
    /// Such as `Deployment`.
    pub kind: String,
    /// As written; absent where the environment's namespace applies or the kind has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
    /// The file that it stands in.
    pub file: String,
    /// 1-based line where its document starts.
    pub line: u32,
}

/// `POST …/versions`: pushes a version.
///
/// The same files under the same name answer the version that is there, with 200; other files are
/// a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushVersion {
    /// Unique in the set.
    pub name: VersionName,
    /// Path to text. Paths are relative, with `/`, without `..`.
    pub files: BTreeMap<String, String>,
    /// The version that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<VersionName>,
    /// The commit that it was generated from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The branch or tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_ref: Option<String>,
    /// A link to the pipeline; `https` or `http` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline_url: Option<String>,
}

/// The answer to a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushedVersion {
    /// The version, stored.
    pub version: Version,
    /// What is questionable in it, though not refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<crate::ErrorDetail>,
}

/// `GET …/versions/{version}`: a version with its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionFiles {
    /// The version.
    pub version: Version,
    /// Path to text.
    pub files: BTreeMap<String, String>,
}

/// `GET …/versions/{version}/compare/{other}`: what changed from `version` to `other`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// The version that was compared.
    pub from: VersionName,
    /// The version that it was compared with.
    pub to: VersionName,
    /// Objects that differ, in the order of `to`, removed ones last.
    pub objects: Vec<ObjectDiff>,
}

/// How one object differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectDiff {
    /// Such as `apps/v1`.
    pub api_version: String,
    /// Such as `Deployment`.
    pub kind: String,
    /// As written, or the environment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
    /// What happens to it.
    pub change: ChangeKind,
    /// Field by field; empty for objects that are created, removed or unchanged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// What happens to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is not there yet.
    Create,
    /// It is there with other content.
    Change,
    /// It is there as it should be.
    Unchanged,
    /// It is deleted and made again, since a field cannot be changed.
    Replace,
    /// It is no longer described, and goes.
    Remove,
}

/// One field that differs. Values of Secrets are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChange {
    /// Such as `spec.template.spec.containers[name=web].image`.
    pub path: String,
    /// As JSON; absent if the field was not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub from: Option<serde_json::Value>,
    /// As JSON; absent if the field goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub to: Option<serde_json::Value>,
}
