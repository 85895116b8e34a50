//! What people did.

use api_types::{Act, Slug};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{Row, query};
use uuid::Uuid;

use super::{SqlStore, millis, optional_name, time, unavailable};
use crate::store::{Audit, NewAct, StoreError};

#[async_trait]
impl Audit for SqlStore {
    async fn add_act(&self, new: NewAct, now: Timestamp) -> Result<(), StoreError> {
        query(
            "INSERT INTO audit (id, at, user_name, via, address, method, path, status, about,
                 project)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(Uuid::now_v7().hyphenated().to_string())
        .bind(millis(now))
        .bind(new.user)
        .bind(new.via)
        .bind(new.address)
        .bind(new.method)
        .bind(new.path)
        .bind(i64::from(new.status))
        .bind(new.about)
        .bind(new.project.as_ref().map(Slug::as_str))
        .execute(&self.write)
        .await?;
        Ok(())
    }

    async fn acts(
        &self,
        project: Option<&Slug>,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Act>, StoreError> {
        query(
            "SELECT * FROM audit
             WHERE ($1 IS NULL OR project = $1) AND ($2 IS NULL OR id < $2)
             ORDER BY id DESC LIMIT $3",
        )
        .bind(project.map(Slug::as_str))
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(act)
        .collect()
    }
}

fn act(row: &AnyRow) -> Result<Act, StoreError> {
    Ok(Act {
        id: row.try_get("id")?,
        at: time(row, "at")?,
        user: row.try_get("user_name")?,
        via: row.try_get("via")?,
        address: row.try_get("address")?,
        method: row.try_get("method")?,
        path: row.try_get("path")?,
        status: u16::try_from(row.try_get::<i64, _>("status")?).map_err(unavailable)?,
        about: row.try_get("about")?,
        project: optional_name(row, "project")?,
    })
}
