//! Scopes of tokens, and the pipelines that a project trusts.

use serde::{Deserialize, Serialize};

use crate::Slug;

/// What a token or a pipeline may do: read one project, and what is said here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The project; all others look as if they were not there.
    pub project: Slug,
    /// The sets that may be changed and deployed; all of the project if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<Slug>,
    /// Whether versions may be pushed.
    #[serde(default)]
    pub push: bool,
    /// The environments that may be deployed to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deploy_to: Vec<Slug>,
}

impl Scope {
    /// Whether a set is part of it.
    pub fn has_set(&self, set: &Slug) -> bool {
        self.sets.is_empty() || self.sets.contains(set)
    }
}

/// A rule: jobs of a GitLab project that may push and deploy here, known by their ID tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrustedPipeline {
    /// Names the rule in its project.
    pub name: Slug,
    /// Which jobs, and what they may do.
    #[serde(flatten)]
    pub rule: PipelineRule,
}

/// `PUT /api/projects/{project}/pipelines/{pipeline}`: which jobs are trusted, and with what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PipelineRule {
    /// The GitLab, as its tokens name it: `https://gitlab.example.com`.
    pub issuer: String,
    /// The path of the GitLab project, such as `shop/web`.
    pub gitlab_project: String,
    /// Its number. Where it is absent, the first job of that path sets it: a path can be given to
    /// another project later, a number cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gitlab_project_id: Option<u64>,
    /// Branches and tags, as `refs/heads/dev` and `refs/tags/v*`; a `*` stands for any text.
    pub refs: Vec<String>,
    /// Whether jobs of refs that GitLab does not protect are trusted too.
    #[serde(default)]
    pub unprotected: bool,
    /// The GitLab environment that the job must have, if that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gitlab_environment: Option<String>,
    /// The sets that may be changed and deployed; all of the project if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<Slug>,
    /// Whether versions may be pushed.
    #[serde(default)]
    pub push: bool,
    /// The environments that may be deployed to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deploy_to: Vec<Slug>,
}

/// `POST /api/pipeline-sessions`: a job shows its ID token and asks to work in a project.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPipelineSession {
    /// The project.
    pub project: Slug,
    /// The ID token of the job; its audience is the address of this server.
    pub id_token: String,
}

/// What the job may do, and the secret by which it is known until its token ends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PipelineSession {
    /// To be sent as `Authorization: Bearer …`.
    pub secret: String,
    /// When it stops working: with the ID token.
    pub expires_at: String,
    /// The user that clusters are asked to act as: `ci@` and the project.
    pub user: String,
    /// What it may do: what any of these allows.
    pub scopes: Vec<Scope>,
}
