//! When the waiting for a deploy ends: all ready, nothing left that could become ready, or too
//! long without a change.
//!
//! Times are durations since the waiting began.

use std::time::Duration;

use crate::readiness::{Health, Readiness};

/// How long is waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the whole deploy.
    pub total: Duration,
    /// Without any object changing how it stands, unless one is [`Health::Running`].
    pub quiet: Duration,
    /// For something wrong that may mend itself, such as an image that cannot be pulled.
    pub trouble: Duration,
}

impl Patience {
    /// What is usual, with `total` as asked for.
    pub fn with_total(total: Duration) -> Self {
        Self {
            total,
            quiet: Duration::from_mins(4).min(total),
            trouble: Duration::from_secs(15),
        }
    }
}

/// Whether the waiting goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Look again at this time, or when an object changes.
    Wait {
        /// When the verdict may be another one though nothing changes.
        until: Duration,
    },
    /// All objects are ready.
    Ready,
    /// At least one object will not become ready; the others have been waited for.
    Failed {
        /// Indices of objects that failed.
        failed: Vec<usize>,
    },
    /// Time is over.
    TimedOut {
        /// A sentence.
        reason: String,
        /// Indices of objects that are not ready.
        unready: Vec<usize>,
    },
}

/// The objects that are waited for.
#[derive(Debug, Clone)]
pub struct Progress {
    patience: Patience,
    objects: Vec<Tracked>,
    last_change: Duration,
}

#[derive(Debug, Clone)]
struct Tracked {
    readiness: Readiness,
    /// Since when it is degraded.
    trouble_since: Option<Duration>,
}

impl Progress {
    /// Begins to wait for `count` objects, of which nothing is known.
    pub fn new(count: usize, patience: Patience) -> Self {
        let unknown = Tracked {
            readiness: Readiness::progressing("it has not been looked at yet"),
            trouble_since: None,
        };
        Self {
            patience,
            objects: vec![unknown; count],
            last_change: Duration::ZERO,
        }
    }

    /// Takes in how an object stands now. Returns it as people should see it, if that changed.
    pub fn observe(&mut self, idx: usize, seen: Readiness, now: Duration) -> Option<Readiness> {
        let tracked = self.objects.get_mut(idx)?;
        if seen.health == Health::Degraded {
            tracked.trouble_since.get_or_insert(now);
        } else {
            tracked.trouble_since = None;
        }
        if tracked.readiness == seen {
            return None;
        }
        tracked.readiness = seen.clone();
        self.last_change = now;
        Some(seen)
    }

    /// How an object stood when it was last looked at.
    pub fn readiness(&self, idx: usize) -> Option<&Readiness> {
        self.objects.get(idx).map(|it| &it.readiness)
    }

    /// Decides whether the waiting goes on.
    pub fn verdict(&self, now: Duration) -> Verdict {
        let unready = self.indices(|it| it.readiness.health != Health::Ready);
        if unready.is_empty() {
            return Verdict::Ready;
        }
        let failed = self.indices(|it| self.has_failed(it, now));
        if failed.len() == unready.len() {
            return Verdict::Failed { failed };
        }
        let Patience { total, quiet, .. } = self.patience;
        let reason = if now >= total {
            format!("it took longer than {} seconds", total.as_secs())
        } else if now >= self.last_change + quiet && !self.is_running() {
            format!("nothing changed for {} seconds", quiet.as_secs())
        } else {
            return Verdict::Wait {
                until: self.next_deadline(now),
            };
        };
        Verdict::TimedOut { reason, unready }
    }

    /// Whether it is no wonder that nothing changes.
    fn is_running(&self) -> bool {
        let mut objects = self.objects.iter();
        objects.any(|it| it.readiness.health == Health::Running)
    }

    fn has_failed(&self, object: &Tracked, now: Duration) -> bool {
        let lasts = |since: Duration| now >= since + self.patience.trouble;
        object.readiness.health == Health::Failed || object.trouble_since.is_some_and(lasts)
    }

    fn next_deadline(&self, now: Duration) -> Duration {
        let troubles = self.objects.iter().filter_map(|it| it.trouble_since);
        let ends = troubles.map(|since| since + self.patience.trouble);
        let fixed = [self.patience.total, self.last_change + self.patience.quiet];
        let next = ends.chain(fixed).filter(|&end| end > now).min();
        next.unwrap_or(now)
    }

    fn indices(&self, matches: impl Fn(&Tracked) -> bool) -> Vec<usize> {
        let objects = self.objects.iter().enumerate();
        objects
            .filter(|(_, it)| matches(it))
            .map(|(idx, _)| idx)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_when_all_are_ready() {
        check("0 a ready, 5 b ready", 5, "ready");
        check("0 a ready, 5 b progressing", 6, "wait until 65");
    }

    #[test]
    fn it_ends_early_when_only_failed_and_ready_ones_remain() {
        check("0 a failed, 1 b progressing", 2, "wait until 61");
        check("0 a failed, 3 b ready", 3, "failed a");
    }

    #[test]
    fn trouble_is_given_time_to_mend_itself() {
        check("0 a ready, 2 b degraded", 10, "wait until 17");
        check("0 a ready, 2 b degraded", 17, "failed b");
        check(
            "0 a ready, 2 b degraded, 9 b progressing, 16 b degraded",
            20,
            "wait until 31",
        );
    }

    #[test]
    fn it_does_not_wait_forever() {
        check(
            "0 a ready, 9 b progressing",
            69,
            "nothing changed for 60 seconds: b",
        );
        check(
            "0 a progressing, 50 a progressing!, 100 a progressing, 150 a progressing!, 200 a progressing, 250 b ready, 290 a progressing!",
            300,
            "it took longer than 300 seconds: a",
        );
    }

    #[test]
    fn a_running_job_may_be_silent() {
        check("0 a ready, 9 b running", 69, "wait until 300");
        check(
            "0 a ready, 9 b running",
            300,
            "it took longer than 300 seconds: b",
        );
    }

    #[test]
    fn the_same_state_is_no_progress() {
        let mut progress = Progress::new(1, patience());
        let waiting = Readiness::progressing("0 of 1 replica ready");

        assert!(
            progress
                .observe(0, waiting.clone(), Duration::ZERO)
                .is_some()
        );
        assert!(
            progress
                .observe(0, waiting, Duration::from_secs(9))
                .is_none()
        );
    }

    fn patience() -> Patience {
        Patience {
            total: Duration::from_mins(5),
            quiet: Duration::from_mins(1),
            trouble: Duration::from_secs(15),
        }
    }

    /// Observations are `seconds object health`, objects are `a` and `b`.
    #[track_caller]
    fn check(observations: &str, now: u64, expected: &str) {
        let mut progress = Progress::new(2, patience());
        for observation in observations.split(", ") {
            let words: Vec<_> = observation.split(' ').collect();
            let health = match words[2].trim_end_matches('!') {
                "ready" => Health::Ready,
                "failed" => Health::Failed,
                "degraded" => Health::Degraded,
                "running" => Health::Running,
                _ => Health::Progressing,
            };
            let readiness = Readiness {
                health,
                reason: words[2].to_owned(),
            };
            let at = Duration::from_secs(words[0].parse().unwrap());
            progress.observe(usize::from(words[1] == "b"), readiness, at);
        }
        let names = |indices: Vec<usize>| {
            let names: Vec<_> = indices.into_iter().map(|idx| ["a", "b"][idx]).collect();
            names.join(" ")
        };
        let shown = match progress.verdict(Duration::from_secs(now)) {
            Verdict::Wait { until } => format!("wait until {}", until.as_secs()),
            Verdict::Ready => "ready".to_owned(),
            Verdict::Failed { failed } => format!("failed {}", names(failed)),
            Verdict::TimedOut { reason, unready } => format!("{reason}: {}", names(unready)),
        };
        assert_eq!(shown, expected);
    }
}
