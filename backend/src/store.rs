//! What KUN keeps: projects, versions, deploys and who may sign in.
//!
//! The trait comes in parts, one noun family each. Times are arguments: a store reads no
//! clock. What every implementation promises stands in `contract.rs` as tests.

mod audit;
mod catalog;
#[cfg(test)]
mod contract;

mod identities;
mod jobs;
mod members;
mod pipelines;
mod postgres;
mod sql;
mod sqlite;
mod vault;

use std::path::Path;
use std::sync::Arc;

use api_types::{Slug, VersionName};

pub use api_types::Role;
pub use audit::{Audit, NewAct};
pub use catalog::{Catalog, NewVersion, PushOutcome, SetKey, VersionKey};
pub use identities::{Identities, SecretHash, UsedToken, User};
pub use jobs::{DeployFilter, DeployId, Job, JobObject, Jobs, NewJob, NewLogLine, Progress};
pub use members::Members;
pub use pipelines::{PipelineJob, Pipelines};
pub use vault::{Vault, VaultError};

/// Where everything is kept.
pub trait Store: Catalog + Members + Jobs + Identities + Pipelines + Audit {}

impl<T: Catalog + Members + Jobs + Identities + Pipelines + Audit> Store for T {}

/// Opens the database at `url`, or the SQLite file `kun.db` in `data` where there is none, and
/// brings its tables up to date. What is secret in it is sealed with the newest key of `vault`.
///
/// # Errors
///
/// [`StoreError::Unavailable`] if it cannot be reached, or is of a later release.
pub async fn open(
    url: Option<&str>,
    data: &Path,
    vault: Vault,
) -> Result<Arc<dyn Store>, StoreError> {
    let store = match url {
        Some(url) => postgres::open(url, vault).await?,
        None => sqlite::open(&data.join("kun.db"), vault).await?,
    };
    store.reseal().await?;
    Ok(Arc::new(store))
}

/// Why a store did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is nothing of that name.
    #[error("there is no {what} `{name}`")]
    NotFound {
        /// Such as `project`.
        what: &'static str,
        /// The name that was looked for.
        name: String,
    },
    /// The name is taken.
    #[error("{what} `{name}` exists already")]
    Exists {
        /// Such as `project`.
        what: &'static str,
        /// The name that is taken.
        name: String,
    },
    /// A version of that name has other content.
    #[error(
        "version `{version}` of set `{set}` exists with other content; \
         a version never changes, so push under another name"
    )]
    VersionExists {
        /// The set.
        set: Slug,
        /// The name that is taken.
        version: VersionName,
    },
    /// Something else still needs it.
    #[error("{what} `{name}` is in use: {by}")]
    InUse {
        /// Such as `environment`.
        what: &'static str,
        /// What was to be removed.
        name: String,
        /// What needs it.
        by: String,
    },
    /// A project always has an owner.
    #[error("nobody would own the project `{project}`: make somebody else an owner first")]
    LastOwner {
        /// The project.
        project: Slug,
    },
    /// Another worker has taken the job over, or it has ended.
    #[error("the job was taken over or has ended")]
    Fenced,
    /// A secret cannot be opened.
    #[error("the credential of cluster `{cluster}` cannot be read: {source}")]
    Sealed {
        /// The cluster.
        cluster: Slug,
        /// Why.
        source: VaultError,
    },
    /// The database did not answer, or not as it should.
    #[error("the database did not answer as it should")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// Nothing of that name was found.
    pub fn not_found(what: &'static str, name: &(impl ToString + ?Sized)) -> Self {
        Self::NotFound {
            what,
            name: name.to_string(),
        }
    }
}
