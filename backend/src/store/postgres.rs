//! A PostgreSQL database: for several replicas of the server.

use std::time::Duration;

use sqlx::any::AnyPoolOptions;

use crate::store::sql::{SqlStore, unavailable};
use crate::store::{StoreError, Vault};

const CONNECTIONS: u32 = 10;

/// Opens the database that a `postgres://` URL names.
pub(super) async fn open(url: &str, vault: Vault) -> Result<SqlStore, StoreError> {
    sqlx::any::install_default_drivers();
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(10))
        .connect(url)
        .await
        .map_err(unavailable)?;
    SqlStore::migrated(pool.clone(), pool, vault).await
}
