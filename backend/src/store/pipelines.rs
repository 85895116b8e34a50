//! Which pipelines a project trusts, and the jobs that showed an ID token.

use api_types::{Scope, Slug, TrustedPipeline};
use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::store::{SecretHash, StoreError};

/// A job of a pipeline, as its ID token told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PipelineJob {
    /// The project that it works in.
    pub project: Slug,
    /// What it may do: what any of these allows.
    pub scopes: Vec<Scope>,
    /// The job, its project and who started it, for logs and audits.
    pub about: String,
    /// The commit that it works on.
    pub commit: Option<String>,
    /// The branch or tag.
    pub git_ref: Option<String>,
}

/// The rules of projects about pipelines, and the sessions that come of them.
#[async_trait]
pub trait Pipelines: Send + Sync + 'static {
    /// Lists the pipelines that a project trusts, by name.
    async fn pipelines(&self, project: &Slug) -> Result<Vec<TrustedPipeline>, StoreError>;

    /// Adds or changes a rule, and ends the sessions of the project's pipelines.
    async fn put_pipeline(&self, project: &Slug, rule: &TrustedPipeline) -> Result<(), StoreError>;

    /// Removes a rule, and ends the sessions of the project's pipelines.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such rule.
    async fn remove_pipeline(&self, project: &Slug, name: &Slug) -> Result<(), StoreError>;

    /// Begins a session that stands on `rules`, and notes in each the number of its GitLab project.
    /// Sessions that have expired go.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if one of the rules is not as it was.
    async fn add_pipeline_session(
        &self,
        hash: &SecretHash,
        job: &PipelineJob,
        rules: &[TrustedPipeline],
        gitlab_project_id: u64,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Returns whose session it is; `None` if it is unknown, ended or expired.
    async fn pipeline_session(
        &self,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<PipelineJob>, StoreError>;
}
