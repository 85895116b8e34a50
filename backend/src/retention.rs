//! Forgetting logs of deploys that ended long ago, a few at a time beside all else.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::store::{Store, StoreError};

/// Between two looks; a replica more or less changes nothing.
const PAUSE: Duration = Duration::from_hours(1);
/// Logs that are forgotten between two breaths.
const AT_ONCE: u32 = 50;
const BREATH: Duration = Duration::from_millis(200);

/// Forgets logs `days` after the end of their deploys, for as long as the future is polled.
pub async fn forget_old_logs(store: Arc<dyn Store>, days: u32) {
    let kept = SignedDuration::from_hours(24 * i64::from(days));
    loop {
        match forget(&*store, Timestamp::now() - kept).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(deploys = count, "logs of old deploys are forgotten"),
            Err(error) => {
                tracing::error!(error = %error, "logs of old deploys cannot be forgotten");
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn forget(store: &dyn Store, ended_before: Timestamp) -> Result<u64, StoreError> {
    let mut count = 0;
    loop {
        let forgotten = store.forget_logs(ended_before, AT_ONCE).await?;
        count += forgotten;
        if forgotten < u64::from(AT_ONCE) {
            return Ok(count);
        }
        tokio::time::sleep(BREATH).await;
    }
}
