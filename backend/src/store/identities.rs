//! People, and the secrets by which they are known. Only hashes are kept.

use api_types::{Scope, Token, UserAccount};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::store::StoreError;

/// A person. The name is also the user that clusters are asked to act as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub name: String,
    /// May register clusters, create projects and see all of them.
    pub admin: bool,
}

/// A token that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedToken {
    pub user: User,
    pub id: String,
    /// What it is limited to, if it is.
    pub scope: Option<Scope>,
}

/// The SHA-256 of a secret, in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretHash(pub String);

/// Who may sign in, and who is signed in.
#[async_trait]
pub trait Identities: Send + Sync + 'static {
    /// Adds a user, or changes whether they are an admin.
    async fn put_user(&self, user: &User, now: Timestamp) -> Result<(), StoreError>;

    /// Adds a user.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`] if the name is taken.
    async fn add_user(&self, user: &User, now: Timestamp) -> Result<UserAccount, StoreError>;

    async fn user(&self, name: &str) -> Result<Option<User>, StoreError>;

    /// Lists users by name.
    async fn users(&self) -> Result<Vec<UserAccount>, StoreError>;

    /// Ends all sessions, tokens and unused login tokens of a user.
    async fn end_credentials(&self, user: &str) -> Result<(), StoreError>;

    /// Stores a one-time login token.
    async fn add_login_token(
        &self,
        hash: &SecretHash,
        user: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Uses a login token up; `None` if it is unknown, used or expired.
    async fn take_login_token(
        &self,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError>;

    async fn add_session(
        &self,
        hash: &SecretHash,
        user: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Returns whose session it is; `None` if it is unknown, ended or expired.
    async fn session(&self, hash: &SecretHash, now: Timestamp) -> Result<Option<User>, StoreError>;

    async fn end_session(&self, hash: &SecretHash) -> Result<(), StoreError>;

    /// Adds a token that may do what its user may, within `scope` if there is one.
    async fn add_token(
        &self,
        hash: &SecretHash,
        user: &str,
        label: &str,
        scope: Option<&Scope>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Token, StoreError>;

    /// Returns a token and notes its use; `None` if it is unknown, revoked or expired.
    async fn use_token(
        &self,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<UsedToken>, StoreError>;

    /// Lists the tokens of a user, newest first.
    async fn tokens(&self, user: &str) -> Result<Vec<Token>, StoreError>;

    /// Revokes a token of a user.
    async fn revoke_token(&self, user: &str, id: &str) -> Result<(), StoreError>;
}
