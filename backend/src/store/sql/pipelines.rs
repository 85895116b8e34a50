//! Trusted pipelines and their sessions.

use api_types::{Slug, TrustedPipeline};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Any, Transaction, query};

use super::members::lock;
use super::{SqlStore, from_json, millis, to_json};
use crate::store::{PipelineJob, Pipelines, SecretHash, StoreError};

#[async_trait]
impl Pipelines for SqlStore {
    async fn pipelines(&self, project: &Slug) -> Result<Vec<TrustedPipeline>, StoreError> {
        query("SELECT body FROM pipelines WHERE project = $1 ORDER BY name")
            .bind(project.as_str())
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(|row| from_json(row, "body"))
            .collect()
    }

    async fn put_pipeline(&self, project: &Slug, rule: &TrustedPipeline) -> Result<(), StoreError> {
        let mut transaction = self.write.begin().await?;
        lock(&mut transaction, project).await?;
        query(
            "INSERT INTO pipelines (project, name, body) VALUES ($1, $2, $3)
             ON CONFLICT (project, name) DO UPDATE SET body = excluded.body",
        )
        .bind(project.as_str())
        .bind(rule.name.as_str())
        .bind(to_json(rule)?)
        .execute(&mut *transaction)
        .await?;
        end_sessions(&mut transaction, project).await?;
        Ok(transaction.commit().await?)
    }

    async fn remove_pipeline(&self, project: &Slug, name: &Slug) -> Result<(), StoreError> {
        let mut transaction = self.write.begin().await?;
        lock(&mut transaction, project).await?;
        let done = query("DELETE FROM pipelines WHERE project = $1 AND name = $2")
            .bind(project.as_str())
            .bind(name.as_str())
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::not_found("pipeline", name));
        }
        end_sessions(&mut transaction, project).await?;
        Ok(transaction.commit().await?)
    }

    async fn add_pipeline_session(
        &self,
        hash: &SecretHash,
        job: &PipelineJob,
        rules: &[TrustedPipeline],
        gitlab_project_id: u64,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let project = &job.project;
        let mut transaction = self.write.begin().await?;
        lock(&mut transaction, project).await?;
        for rule in rules {
            let mut known = rule.clone();
            known.rule.gitlab_project_id = Some(gitlab_project_id);
            let done = query(
                "UPDATE pipelines SET body = $4 WHERE project = $1 AND name = $2 AND body = $3",
            )
            .bind(project.as_str())
            .bind(rule.name.as_str())
            .bind(to_json(rule)?)
            .bind(to_json(&known)?)
            .execute(&mut *transaction)
            .await?;
            if done.rows_affected() == 0 {
                return Err(StoreError::not_found("pipeline", &rule.name));
            }
        }
        query("DELETE FROM pipeline_sessions WHERE expires_at <= $1")
            .bind(millis(now))
            .execute(&mut *transaction)
            .await?;
        query(
            "INSERT INTO pipeline_sessions (hash, project, body, expires_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(&hash.0)
        .bind(project.as_str())
        .bind(to_json(job)?)
        .bind(millis(expires_at))
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    async fn pipeline_session(
        &self,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<PipelineJob>, StoreError> {
        query("SELECT body FROM pipeline_sessions WHERE hash = $1 AND expires_at > $2")
            .bind(&hash.0)
            .bind(millis(now))
            .fetch_optional(&self.read)
            .await?
            .as_ref()
            .map(|row| from_json(row, "body"))
            .transpose()
    }
}

async fn end_sessions(
    transaction: &mut Transaction<'_, Any>,
    project: &Slug,
) -> Result<(), StoreError> {
    query("DELETE FROM pipeline_sessions WHERE project = $1")
        .bind(project.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
