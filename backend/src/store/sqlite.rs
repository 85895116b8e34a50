//! A SQLite file: the default, with nothing to install.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use sqlx::any::AnyPoolOptions;
use sqlx::{Executor, query};

use crate::store::sql::{SqlStore, unavailable};
use crate::store::{StoreError, Vault};

/// How many may read at once.
const READERS: u32 = 4;

/// Opens the file, making it and its folder where they are missing.
///
/// There is one connection that writes: SQLite has one writer at a time anyway, and so waiting
/// is done in a fair queue here and never ends in "database is locked".
///
/// # Errors
///
/// [`StoreError::InUse`] if another process has it open as its store.
pub(super) async fn open(path: &Path, vault: Vault) -> Result<SqlStore, StoreError> {
    let unavailable_file = |error: io::Error| StoreError::Unavailable(error.into());
    make_private(path).map_err(unavailable_file)?;
    let lock = lock(path)?;
    // The path is percent-encoded, since `?` and `#` would end it in a URL.
    let path = path.to_string_lossy().replace('%', "%25");
    let path = path.replace('?', "%3f").replace('#', "%23");
    let url = format!("sqlite://{path}?mode=rwc");
    let write = pool(1).connect(&url).await.map_err(unavailable)?;
    let read = pool(READERS).connect(&url).await.map_err(unavailable)?;
    let store = SqlStore::migrated(read, write, vault)
        .await?
        .guarded_by(lock);
    end_leases(&store).await?;
    Ok(store)
}

/// Makes sure that no other process works with the file, for as long as the lock is held. The
/// system takes it back from a process that was killed.
fn lock(path: &Path) -> Result<File, StoreError> {
    let path = path.with_extension("lock");
    make_private(&path).map_err(|error| StoreError::Unavailable(error.into()))?;
    let file = File::open(&path).map_err(|error| StoreError::Unavailable(error.into()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse {
            what: "database",
            name: path.with_extension("db").display().to_string(),
            by: "another server runs with this folder".to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(StoreError::Unavailable(error.into())),
    }
}

/// Whoever held the leases is gone, or it would hold the lock: nobody needs to wait for them to
/// run out.
async fn end_leases(store: &SqlStore) -> Result<(), StoreError> {
    query("UPDATE deploys SET lease_until = 0 WHERE state IN ('applying', 'waiting', 'pruning')")
        .execute(&store.write)
        .await?;
    Ok(())
}

/// Makes the file for its owner only; SQLite gives the files beside it the same mode.
fn make_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn pool(connections: u32) -> AnyPoolOptions {
    sqlx::any::install_default_drivers();
    AnyPoolOptions::new()
        .max_connections(connections)
        .after_connect(|connection, _| {
            Box::pin(async move {
                // FULL: what was acknowledged survives the loss of power.
                connection
                    .execute(
                        "PRAGMA journal_mode = WAL;
                         PRAGMA synchronous = FULL;
                         PRAGMA foreign_keys = ON;
                         PRAGMA busy_timeout = 5000;",
                    )
                    .await?;
                Ok(())
            })
        })
}
