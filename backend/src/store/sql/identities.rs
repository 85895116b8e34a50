//! Users, sessions and tokens.

use api_types::{Scope, Token, UserAccount};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{Row, query};

use super::{SqlStore, from_json, millis, missing, optional_time, taken, time, to_json};
use crate::store::{Identities, SecretHash, StoreError, UsedToken, User};

/// How exact `last_used_at` is: a pipeline's thousand calls are not a thousand writes.
const USE_GRAIN: SignedDuration = SignedDuration::from_mins(1);

#[async_trait]
impl Identities for SqlStore {
    async fn put_user(&self, user: &User, now: Timestamp) -> Result<(), StoreError> {
        query(
            "INSERT INTO users (name, admin, created_at) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET admin = excluded.admin",
        )
        .bind(&user.name)
        .bind(i64::from(user.admin))
        .bind(millis(now))
        .execute(&self.write)
        .await?;
        Ok(())
    }

    async fn user(&self, name: &str) -> Result<Option<User>, StoreError> {
        query("SELECT name, admin FROM users WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.read)
            .await?
            .as_ref()
            .map(user)
            .transpose()
    }

    async fn add_user(&self, user: &User, now: Timestamp) -> Result<UserAccount, StoreError> {
        let row = query(
            "INSERT INTO users (name, admin, created_at) VALUES ($1, $2, $3)
             RETURNING name, admin, created_at",
        )
        .bind(&user.name)
        .bind(i64::from(user.admin))
        .bind(millis(now))
        .fetch_one(&self.write)
        .await
        .map_err(taken("user", &user.name))?;
        account(&row)
    }

    async fn users(&self) -> Result<Vec<UserAccount>, StoreError> {
        query("SELECT name, admin, created_at FROM users ORDER BY name")
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(account)
            .collect()
    }

    async fn end_credentials(&self, user: &str) -> Result<(), StoreError> {
        let mut transaction = self.write.begin().await?;
        for statement in [
            "DELETE FROM login_tokens WHERE user_name = $1",
            "DELETE FROM sessions WHERE user_name = $1",
            "DELETE FROM api_tokens WHERE user_name = $1",
        ] {
            query(statement)
                .bind(user)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn add_login_token(
        &self,
        hash: &SecretHash,
        user: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        query("INSERT INTO login_tokens (hash, user_name, expires_at) VALUES ($1, $2, $3)")
            .bind(&hash.0)
            .bind(user)
            .bind(millis(expires_at))
            .execute(&self.write)
            .await
            .map_err(missing("user", &user))?;
        Ok(())
    }

    async fn take_login_token(
        &self,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError> {
        let taken =
            query("DELETE FROM login_tokens WHERE hash = $1 RETURNING user_name, expires_at")
                .bind(&hash.0)
                .fetch_optional(&self.write)
                .await?;
        let Some(row) = taken else { return Ok(None) };
        if row.try_get::<i64, _>("expires_at")? <= millis(now) {
            return Ok(None);
        }
        self.user(row.try_get("user_name")?).await
    }

    async fn add_session(
        &self,
        hash: &SecretHash,
        user: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(millis(now))
            .execute(&self.write)
            .await?;
        query(
            "INSERT INTO sessions (hash, user_name, created_at, expires_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(&hash.0)
        .bind(user)
        .bind(millis(now))
        .bind(millis(expires_at))
        .execute(&self.write)
        .await
        .map_err(missing("user", &user))?;
        Ok(())
    }

    async fn session(&self, hash: &SecretHash, now: Timestamp) -> Result<Option<User>, StoreError> {
        query(
            "SELECT u.name, u.admin FROM sessions s JOIN users u ON u.name = s.user_name
             WHERE s.hash = $1 AND s.expires_at > $2",
        )
        .bind(&hash.0)
        .bind(millis(now))
        .fetch_optional(&self.read)
        .await?
        .as_ref()
        .map(user)
        .transpose()
    }

    async fn end_session(&self, hash: &SecretHash) -> Result<(), StoreError> {
        query("DELETE FROM sessions WHERE hash = $1")
            .bind(&hash.0)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    async fn add_token(
        &self,
        hash: &SecretHash,
        user: &str,
        label: &str,
        scope: Option<&Scope>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Token, StoreError> {
        let row = query(
            "INSERT INTO api_tokens (id, hash, user_name, label, created_at, expires_at, scope)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             RETURNING id, label, created_at, expires_at, last_used_at, scope",
        )
        .bind(uuid::Uuid::now_v7().hyphenated().to_string())
        .bind(&hash.0)
        .bind(user)
        .bind(label)
        .bind(millis(now))
        .bind(millis(expires_at))
        .bind(scope.map(to_json).transpose()?)
        .fetch_one(&self.write)
        .await
        .map_err(missing("user", &user))?;
        token(&row)
    }

    async fn use_token(
        &self,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<UsedToken>, StoreError> {
        let found = query(
            "SELECT u.name, u.admin, t.id, t.last_used_at, t.scope
             FROM api_tokens t JOIN users u ON u.name = t.user_name
             WHERE t.hash = $1 AND t.expires_at > $2",
        )
        .bind(&hash.0)
        .bind(millis(now))
        .fetch_optional(&self.read)
        .await?;
        let Some(row) = found else { return Ok(None) };
        let last_used: Option<i64> = row.try_get("last_used_at")?;
        if last_used.is_none_or(|at| at <= millis(now - USE_GRAIN)) {
            query("UPDATE api_tokens SET last_used_at = $2 WHERE hash = $1")
                .bind(&hash.0)
                .bind(millis(now))
                .execute(&self.write)
                .await?;
        }
        Ok(Some(UsedToken {
            user: user(&row)?,
            id: row.try_get("id")?,
            scope: scope(&row)?,
        }))
    }

    async fn tokens(&self, user: &str) -> Result<Vec<Token>, StoreError> {
        query(
            "SELECT id, label, created_at, expires_at, last_used_at, scope FROM api_tokens
             WHERE user_name = $1 ORDER BY id DESC",
        )
        .bind(user)
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(token)
        .collect()
    }

    async fn revoke_token(&self, user: &str, id: &str) -> Result<(), StoreError> {
        let done = query("DELETE FROM api_tokens WHERE id = $1 AND user_name = $2")
            .bind(id)
            .bind(user)
            .execute(&self.write)
            .await?;
        match done.rows_affected() {
            0 => Err(StoreError::not_found("token", id)),
            _ => Ok(()),
        }
    }
}

fn user(row: &AnyRow) -> Result<User, StoreError> {
    Ok(User {
        name: row.try_get("name")?,
        admin: row.try_get::<i64, _>("admin")? != 0,
    })
}

fn account(row: &AnyRow) -> Result<UserAccount, StoreError> {
    let User { name, admin } = user(row)?;
    Ok(UserAccount {
        name,
        admin,
        created_at: time(row, "created_at")?,
    })
}

fn token(row: &AnyRow) -> Result<Token, StoreError> {
    Ok(Token {
        id: row.try_get("id")?,
        label: row.try_get("label")?,
        created_at: time(row, "created_at")?,
        expires_at: time(row, "expires_at")?,
        last_used_at: optional_time(row, "last_used_at")?,
        scope: scope(row)?,
    })
}

fn scope(row: &AnyRow) -> Result<Option<Scope>, StoreError> {
    let is_limited = row.try_get::<Option<String>, _>("scope")?.is_some();
    is_limited.then(|| from_json(row, "scope")).transpose()
}
