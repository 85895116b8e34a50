//! Releases.

use schemars::JsonSchema;

use super::OneOrMore;

/// A release that a job makes.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#release*"))]
pub(crate) struct Release {
    /// The tag of the release; it is made if it does not exist.
    tag_name: String,
    /// What the release brings: a text, or the path of a file with it.
    description: String,
    /// The message of a tag that is made.
    tag_message: Option<String>,
    /// The title; the tag unless set.
    name: Option<String>,
    /// The commit or branch of a tag that is made.
    r#ref: Option<String>,
    /// The milestones that it belongs to.
    milestones: Option<OneOrMore<String>>,
    /// When it was released, as `2026-01-31T12:00:00Z`.
    released_at: Option<String>,
    /// Links that belong to it.
    #[schemars(extend("x-docs" = "yaml/#releaseassetslinks"))]
    assets: Option<Assets>,
}

/// What belongs to a release.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#releaseassets*"))]
struct Assets {
    /// The links.
    links: Vec<Link>,
}

/// A link of a release.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#releaseassetslinks"))]
struct Link {
    /// The title.
    name: String,
    /// The address.
    url: String,
    /// A path on this GitLab that leads there and stays.
    filepath: Option<String>,
    /// What is there.
    #[schemars(extend("default" = "other"))]
    link_type: Option<LinkType>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum LinkType {
    Runbook,
    Package,
    Image,
    Other,
}
