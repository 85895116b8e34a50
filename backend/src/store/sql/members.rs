//! Members of projects.

use api_types::{Member, Role, Slug};
use async_trait::async_trait;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction, query};

use super::{SqlStore, from_word, missing, to_word};
use crate::store::{Members, StoreError};

#[async_trait]
impl Members for SqlStore {
    async fn role(&self, project: &Slug, user: &str) -> Result<Option<Role>, StoreError> {
        query("SELECT role FROM members WHERE project = $1 AND user_name = $2")
            .bind(project.as_str())
            .bind(user)
            .fetch_optional(&self.read)
            .await?
            .as_ref()
            .map(|row| from_word(row, "role"))
            .transpose()
    }

    async fn members(&self, project: &Slug) -> Result<Vec<Member>, StoreError> {
        query("SELECT user_name, role FROM members WHERE project = $1 ORDER BY user_name")
            .bind(project.as_str())
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(member)
            .collect()
    }

    async fn put_member(&self, project: &Slug, user: &str, role: Role) -> Result<(), StoreError> {
        let mut transaction = self.write.begin().await?;
        lock(&mut transaction, project).await?;
        query(
            "INSERT INTO members (project, user_name, role) VALUES ($1, $2, $3)
             ON CONFLICT (project, user_name) DO UPDATE SET role = excluded.role",
        )
        .bind(project.as_str())
        .bind(user)
        .bind(to_word(&role)?)
        .execute(&mut *transaction)
        .await
        .map_err(missing("user", &user))?;
        require_owner(&mut transaction, project).await?;
        Ok(transaction.commit().await?)
    }

    async fn remove_member(&self, project: &Slug, user: &str) -> Result<(), StoreError> {
        let mut transaction = self.write.begin().await?;
        lock(&mut transaction, project).await?;
        let done = query("DELETE FROM members WHERE project = $1 AND user_name = $2")
            .bind(project.as_str())
            .bind(user)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::not_found("member", user));
        }
        require_owner(&mut transaction, project).await?;
        Ok(transaction.commit().await?)
    }
}

/// Keeps others from changing the members, or the rules about pipelines, at the same time.
pub(super) async fn lock(
    transaction: &mut Transaction<'_, Any>,
    project: &Slug,
) -> Result<(), StoreError> {
    query("UPDATE projects SET name = name WHERE name = $1 RETURNING name")
        .bind(project.as_str())
        .fetch_optional(&mut **transaction)
        .await?
        .map(|_| ())
        .ok_or_else(|| StoreError::not_found("project", project))
}

async fn require_owner(
    transaction: &mut Transaction<'_, Any>,
    project: &Slug,
) -> Result<(), StoreError> {
    query("SELECT user_name FROM members WHERE project = $1 AND role = 'owner' LIMIT 1")
        .bind(project.as_str())
        .fetch_optional(&mut **transaction)
        .await?
        .map(|_| ())
        .ok_or_else(|| StoreError::LastOwner {
            project: project.clone(),
        })
}

fn member(row: &AnyRow) -> Result<Member, StoreError> {
    Ok(Member {
        user: row.try_get("user_name")?,
        role: from_word(row, "role")?,
    })
}
