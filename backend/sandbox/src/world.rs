//! What every request shares: the catalog, the objects, the users, the clock, the dice.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::access::Users;
use crate::faults::Faults;
use crate::resources::Catalog;
use crate::store::Store;

/// One sandbox cluster.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) catalog: Catalog,
    store: Mutex<Store>,
    pub(crate) users: Users,
    pub(crate) faults: Faults,
    dice: Mutex<StdRng>,
    /// How much longer than in the seeded times everything takes; 0 for at once.
    pub(crate) pace: f64,
    /// Where the server listens.
    pub(crate) address: std::net::SocketAddr,
    /// The certificate that clients trust.
    pub(crate) ca: String,
}

impl World {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            catalog: parts.catalog,
            store: Mutex::new(parts.store),
            users: parts.users,
            faults: parts.faults,
            dice: Mutex::new(StdRng::seed_from_u64(parts.seed)),
            pace: parts.pace,
            address: parts.address,
            ca: parts.ca,
        }
    }

    /// The objects, for as long as the guard lives.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time in the form of `metadata.creationTimestamp`.
    #[expect(clippy::unused_self, reason = "the clock belongs to the world")]
    pub(crate) fn now(&self) -> String {
        time(Timestamp::now())
    }

    /// A number in `low..high`.
    pub(crate) fn roll(&self, low: u64, high: u64) -> u64 {
        self.dice().random_range(low..high.max(low + 1))
    }

    /// Text of the letters that Kubernetes uses for names.
    pub(crate) fn suffix(&self, length: usize) -> String {
        const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
        let mut dice = self.dice();
        (0..length)
            .filter_map(|_| LETTERS.get(dice.random_range(0..LETTERS.len())))
            .map(|letter| char::from(*letter))
            .collect()
    }

    /// A fresh uid.
    #[expect(clippy::unused_self, reason = "uids belong to the world")]
    pub(crate) fn uid(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }

    fn dice(&self) -> MutexGuard<'_, StdRng> {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a world is made of.
pub(crate) struct Parts {
    pub(crate) catalog: Catalog,
    pub(crate) store: Store,
    pub(crate) users: Users,
    pub(crate) faults: Faults,
    pub(crate) seed: u64,
    pub(crate) pace: f64,
    pub(crate) address: std::net::SocketAddr,
    pub(crate) ca: String,
}

/// A time to the second, as Kubernetes writes it.
pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Reads a time; the epoch where it is none.
pub(crate) fn read_time(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Waits until the server is told to stop.
pub(crate) async fn stopped(stop: &mut tokio::sync::watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}
