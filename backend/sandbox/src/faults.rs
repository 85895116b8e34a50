//! Faults on demand, for tests of clients.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Switches that make the sandbox slow, failing or still. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    frozen: AtomicBool,
    /// Whoever writes in load mode holds it for as long as the write takes.
    turn: tokio::sync::Mutex<()>,
    rules: Mutex<Rules>,
}

#[derive(Debug, Default)]
struct Rules {
    latency: Duration,
    /// How long a write takes on average in load mode.
    service_time: Duration,
    failing: Vec<Failing>,
    images: Vec<(String, ImageFault)>,
}

#[derive(Debug)]
struct Failing {
    left: u32,
    status: u16,
    /// Only requests of this method; all where it is empty.
    method: String,
    path: String,
}

/// How the containers of an image fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFault {
    /// The image cannot be pulled.
    Missing,
    /// The program ends with an error as soon as it started.
    Crashes,
    /// The program runs, and its readiness probe never succeeds.
    NeverReady,
}

impl Faults {
    /// Answers each request this much later.
    pub fn set_latency(&self, latency: Duration) {
        self.rules().latency = latency;
    }

    /// Load mode: writes are carried out one after another, about so many a second; 0 takes it back.
    pub fn limit_writes(&self, per_second: u32) {
        self.rules().service_time = Duration::from_secs(1)
            .checked_div(per_second)
            .unwrap_or_default();
    }

    /// Answers the next `count` requests with `status` instead of doing them.
    pub fn fail_next(&self, count: u32, status: u16) {
        self.fail_next_matching(count, status, "", "");
    }

    /// As [`Faults::fail_next`], for requests of `method` whose path contains `path`; empty means any.
    pub fn fail_next_matching(&self, count: u32, status: u16, method: &str, path: &str) {
        self.rules().failing.push(Failing {
            left: count,
            status,
            method: method.to_owned(),
            path: path.to_owned(),
        });
    }

    /// Stops the controllers, so that nothing becomes ready.
    pub fn freeze(&self) {
        self.0.frozen.store(true, Ordering::Relaxed);
    }

    /// Lets the controllers go on.
    pub fn thaw(&self) {
        self.0.frozen.store(false, Ordering::Relaxed);
    }

    /// Makes containers fail whose image contains `part`.
    pub fn fail_image(&self, part: &str, fault: ImageFault) {
        self.rules().images.push((part.to_owned(), fault));
    }

    /// Takes all faults back.
    pub fn clear(&self) {
        *self.rules() = Rules::default();
        self.thaw();
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.0.frozen.load(Ordering::Relaxed)
    }

    pub(crate) fn latency(&self) -> Duration {
        self.rules().latency
    }

    /// Waits for the turn of a write and for as long as it takes. `dice` gives a number of thousandths.
    pub(crate) async fn service(&self, dice: impl FnOnce() -> u64) {
        let mean = self.rules().service_time;
        if mean.is_zero() {
            return;
        }
        let _turn = self.0.turn.lock().await;
        let millis = u32::try_from(dice()).unwrap_or(1000);
        tokio::time::sleep(mean * millis / 1000).await;
    }

    /// The status to answer instead, if a rule says so.
    pub(crate) fn status(&self, method: &str, path: &str) -> Option<u16> {
        let mut rules = self.rules();
        let rule = rules.failing.iter_mut().find(|rule| {
            (rule.method.is_empty() || rule.method == method) && path.contains(&rule.path)
        })?;
        rule.left = rule.left.saturating_sub(1);
        let status = rule.status;
        rules.failing.retain(|rule| rule.left > 0);
        Some(status)
    }

    /// How a container of this image fails. Some names always do, so that a person can try it.
    pub(crate) fn image(&self, image: &str) -> Option<ImageFault> {
        let rules = self.rules();
        if let Some((_, fault)) = rules.images.iter().find(|(part, _)| image.contains(part)) {
            return Some(*fault);
        }
        let (path, tag) = split_tag(image);
        if path.contains("does-not-exist") || tag == "missing" || tag == "does-not-exist" {
            return Some(ImageFault::Missing);
        }
        if path.contains("crash") || tag == "crash" {
            return Some(ImageFault::Crashes);
        }
        if path.contains("never-ready") || tag == "never-ready" {
            return Some(ImageFault::NeverReady);
        }
        None
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        self.0.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Name and tag of an image; without a tag it is `latest`.
pub(crate) fn split_tag(image: &str) -> (&str, &str) {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, tag),
        _ => (image, "latest"),
    }
}
