//! The SQL that SQLite and PostgreSQL share, which is all of it.
//!
//! Where two writers may meet, the first statement of a transaction is an `UPDATE` of the row
//! that both need: it locks on PostgreSQL, and on SQLite there is one writer.

mod audit;
mod catalog;
mod clusters;
mod identities;
mod jobs;
mod members;
mod pipelines;

use std::error::Error;
use std::fs::File;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::error::DatabaseError;
use sqlx::{AnyPool, Row};
use tokio::sync::broadcast;

use crate::store::{DeployId, StoreError, Vault};

/// A store in an SQL database.
pub(super) struct SqlStore {
    read: AnyPool,
    pub(super) write: AnyPool,
    vault: Vault,
    changes: broadcast::Sender<DeployId>,
    /// Held for as long as the store is, if the database allows one process only.
    _lock: Option<File>,
}

impl SqlStore {
    /// Brings the tables up to date and returns the store.
    pub(super) async fn migrated(
        read: AnyPool,
        write: AnyPool,
        vault: Vault,
    ) -> Result<Self, StoreError> {
        sqlx::migrate!("./migrations")
            .run(&write)
            .await
            .map_err(|error| StoreError::Unavailable(error.into()))?;
        let (changes, _) = broadcast::channel(1024);
        Ok(Self {
            read,
            write,
            vault,
            changes,
            _lock: None,
        })
    }

    /// Holds `lock` for as long as the store lives.
    pub(super) fn guarded_by(self, lock: File) -> Self {
        Self {
            _lock: Some(lock),
            ..self
        }
    }

    fn changed(&self, id: DeployId) {
        // Nobody listening is no failure.
        let _ = self.changes.send(id);
    }
}

/// An error that no caller can do anything about.
pub(super) fn unavailable(error: impl Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        unavailable(error)
    }
}

/// Turns a taken key into [`StoreError::Exists`].
fn taken(what: &'static str, name: &impl ToString) -> impl FnOnce(sqlx::Error) -> StoreError {
    let name = name.to_string();
    move |error| {
        if is_taken(&error) {
            StoreError::Exists { what, name }
        } else {
            unavailable(error)
        }
    }
}

/// Turns the absence of the row that another one needs into [`StoreError::NotFound`].
fn missing(what: &'static str, name: &impl ToString) -> impl FnOnce(sqlx::Error) -> StoreError {
    let name = name.to_string();
    move |error| {
        if is_missing(&error) {
            StoreError::NotFound { what, name }
        } else {
            unavailable(error)
        }
    }
}

fn is_taken(error: &sqlx::Error) -> bool {
    let database = error.as_database_error();
    database.is_some_and(DatabaseError::is_unique_violation)
}

fn is_missing(error: &sqlx::Error) -> bool {
    let database = error.as_database_error();
    database.is_some_and(DatabaseError::is_foreign_key_violation)
}

fn millis(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// A column of milliseconds as the API writes times.
fn time(row: &AnyRow, column: &str) -> Result<String, StoreError> {
    rfc3339(row.try_get(column)?)
}

fn optional_time(row: &AnyRow, column: &str) -> Result<Option<String>, StoreError> {
    row.try_get::<Option<i64>, _>(column)?
        .map(rfc3339)
        .transpose()
}

fn rfc3339(millis: i64) -> Result<String, StoreError> {
    let time = Timestamp::from_millisecond(millis).map_err(unavailable)?;
    Ok(time.to_string())
}

/// A name that was checked when it was stored.
fn name<T>(row: &AnyRow, column: &str) -> Result<T, StoreError>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    row.try_get::<String, _>(column)?
        .parse()
        .map_err(unavailable)
}

fn optional_name<T>(row: &AnyRow, column: &str) -> Result<Option<T>, StoreError>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    let Some(text) = row.try_get::<Option<String>, _>(column)? else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(unavailable)
}

fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(unavailable)
}

fn from_json<T: DeserializeOwned>(row: &AnyRow, column: &str) -> Result<T, StoreError> {
    serde_json::from_str(&row.try_get::<String, _>(column)?).map_err(unavailable)
}

/// An enum of the API as the bare word that it is in JSON.
fn to_word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(StoreError::Unavailable(
            format!("not a word: {other:?}").into(),
        )),
    }
}

fn from_word<T: DeserializeOwned>(row: &AnyRow, column: &str) -> Result<T, StoreError> {
    let word = serde_json::Value::String(row.try_get(column)?);
    serde_json::from_value(word).map_err(unavailable)
}
