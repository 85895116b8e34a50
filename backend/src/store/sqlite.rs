//! A SQLite file: the default, with nothing to install.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use sqlx::Executor;
use sqlx::any::AnyPoolOptions;

use crate::store::StoreError;
use crate::store::sql::{SqlStore, unavailable};

/// How many may read at once.
const READERS: u32 = 4;

/// Opens the file, making it and its folder where they are missing.
///
/// There is one connection that writes: SQLite has one writer at a time anyway, and so waiting
/// is done in a fair queue here and never ends in "database is locked".
pub(super) async fn open(path: &Path) -> Result<SqlStore, StoreError> {
    make_private(path).map_err(|error| StoreError::Unavailable(error.into()))?;
    // The path is percent-encoded, since `?` and `#` would end it in a URL.
    let path = path.to_string_lossy().replace('%', "%25");
    let path = path.replace('?', "%3f").replace('#', "%23");
    let url = format!("sqlite://{path}?mode=rwc");
    let write = pool(1).connect(&url).await.map_err(unavailable)?;
    let read = pool(READERS).connect(&url).await.map_err(unavailable)?;
    SqlStore::migrated(read, write).await
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
