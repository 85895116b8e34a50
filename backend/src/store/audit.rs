//! What people did. Acts are only added.

use api_types::{Act, Slug};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::store::StoreError;

/// Something that was asked for and answered.
#[derive(Debug, Clone, Default)]
pub struct NewAct {
    pub user: Option<String>,
    pub via: Option<String>,
    pub address: Option<String>,
    pub method: String,
    pub path: String,
    pub status: u16,
    pub about: Option<String>,
    pub project: Option<Slug>,
}

/// What people did.
#[async_trait]
pub trait Audit: Send + Sync + 'static {
    async fn add_act(&self, new: NewAct, now: Timestamp) -> Result<(), StoreError>;

    /// Lists acts, newest first, at most `limit`: those of a project or all, those older than
    /// `before` or all.
    async fn acts(
        &self,
        project: Option<&Slug>,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Act>, StoreError>;
}
