//! Projects, resource sets and what a search finds.

use serde::{Deserialize, Serialize};

use crate::{Slug, VersionName};

/// A project: it has environments and resource sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    /// Names it in URLs.
    pub name: Slug,
    /// One line for people; may be empty.
    pub description: String,
    /// When it was made.
    pub created_at: String,
}

/// `POST /api/projects`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewProject {
    /// Names it in URLs.
    pub name: Slug,
    /// One line for people.
    #[serde(default)]
    pub description: String,
}

/// A resource set: an ordered list of immutable versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceSet {
    /// The project that it belongs to.
    pub project: Slug,
    /// Names it in URLs.
    pub name: Slug,
    /// One line for people; may be empty.
    pub description: String,
    /// When it was made.
    pub created_at: String,
    /// The version pushed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<VersionName>,
    /// How many versions it has.
    pub versions: u64,
}

/// `POST /api/projects/{project}/sets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewResourceSet {
    /// Names it in URLs.
    pub name: Slug,
    /// One line for people.
    #[serde(default)]
    pub description: String,
}

/// `GET /api/search?q=…`: what a word was found in, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchHit {
    /// The project of the hit.
    pub project: Slug,
    /// The set, if the hit is a set or a version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<Slug>,
    /// The version, if the hit is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionName>,
}

/// A list answered page by page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the order that the route says.
    pub items: Vec<T>,
    /// Send as `after` for the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
