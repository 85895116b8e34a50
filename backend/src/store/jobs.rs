//! Deploy jobs: a queue, one active job for each (environment, set), with a lease and a fence.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use api_types::{
    Deploy, DeployObject, DeployOptions, DeployState, LogLevel, LogLine, Slug, VersionName,
};
use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::store::{SetKey, StoreError};

/// Names a deploy. Later deploys have larger ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeployId(Uuid);

impl DeployId {
    /// Makes an id for a deploy that is asked for now.
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl Default for DeployId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for DeployId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for DeployId {
    type Err = uuid::Error;

    fn from_str(id: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(id).map(Self)
    }
}

/// A deploy that is asked for.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub set: SetKey,
    pub version: VersionName,
    pub environment: Slug,
    /// The cluster and namespace of the environment at the time of asking.
    pub cluster: Slug,
    pub namespace: String,
    pub options: DeployOptions,
    /// The user whose rights the job has.
    pub by: String,
}

/// A job as its worker sees it.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: DeployId,
    /// The deploy as the API shows it, objects included.
    pub deploy: Deploy,
    pub cluster: Slug,
    pub namespace: String,
    /// The fence: every write of the worker carries it. 1 at the first claim, more when resumed.
    pub attempt: i64,
    /// Larger than that of every earlier claim of a job of the same (set, environment): the fence
    /// that the cluster is told.
    pub fence: i64,
    pub cancel_requested: bool,
    /// The objects with what only the worker needs, in the order of the plan.
    pub objects: Vec<JobObject>,
}

/// One object of a job.
#[derive(Debug, Clone)]
pub struct JobObject {
    /// Its place in the plan, from 0 on.
    pub position: u32,
    /// The UID that the cluster gave it: a delete is only sent with it.
    pub uid: Option<String>,
    /// What the apply left behind, if it says enough to recognize the object by.
    pub receipt: Option<String>,
    pub object: DeployObject,
}

/// What a worker has to report: all of it is stored, or nothing.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// The state from now on, if it changes. A final one ends the claim.
    pub state: Option<DeployState>,
    /// Why it stands so, if that changes.
    pub reason: Option<String>,
    /// Objects, each in the place of the one at its position.
    pub objects: Vec<JobObject>,
    /// Lines for the log, which are numbered without gaps.
    pub lines: Vec<NewLogLine>,
}

/// A line to be logged; the store gives it its sequence.
#[derive(Debug, Clone)]
pub struct NewLogLine {
    pub at: Timestamp,
    pub level: LogLevel,
    /// Such as `Deployment/web`.
    pub object: Option<String>,
    pub message: String,
}

/// Which deploys are listed.
#[derive(Debug, Clone, Default)]
pub struct DeployFilter {
    pub set: Option<SetKey>,
    pub environment: Option<Slug>,
    /// Only of projects that this user is a member of.
    pub member: Option<String>,
    /// Only deploys older than this one.
    pub before: Option<DeployId>,
}

/// Deploy jobs.
///
/// Methods that take `attempt` belong to the worker that claimed the job: they fail with
/// [`StoreError::Fenced`] and change nothing once another worker has claimed it, or it has ended.
#[async_trait]
pub trait Jobs: Send + Sync + 'static {
    /// Queues a deploy.
    async fn create_deploy(&self, new: NewJob, now: Timestamp) -> Result<Deploy, StoreError>;

    /// Claims a job for `worker` until `lease_until`: the oldest queued job of a (set,
    /// environment) without an active one, or an active one whose lease has run out.
    ///
    /// A queued job becomes `applying`; a resumed one keeps its state.
    async fn claim_deploy(
        &self,
        worker: &str,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<Job>, StoreError>;

    /// Keeps a claimed job for longer, and tells whether a person asked to cancel it.
    async fn heartbeat(
        &self,
        id: DeployId,
        attempt: i64,
        lease_until: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Gives a claimed job back unfinished, so that it can be claimed at once.
    async fn release_deploy(&self, id: DeployId, attempt: i64) -> Result<(), StoreError>;

    /// Stores what the worker of a job has to report and returns the sequence of the last line.
    async fn record(
        &self,
        id: DeployId,
        attempt: i64,
        progress: Progress,
        now: Timestamp,
    ) -> Result<i64, StoreError>;

    /// Asks a job to stop. One that waits is cancelled at once; one that has ended stays as it is.
    async fn request_cancel(
        &self,
        id: DeployId,
        by: &str,
        now: Timestamp,
    ) -> Result<Deploy, StoreError>;

    /// Returns a deploy with its objects, or `None` if there never was one.
    async fn deploy(&self, id: DeployId) -> Result<Option<Deploy>, StoreError>;

    /// Returns what the last deploys of a set to an environment left behind, by the uid of the
    /// object.
    async fn receipts(
        &self,
        set: &SetKey,
        environment: &Slug,
    ) -> Result<HashMap<String, String>, StoreError>;

    /// Lists deploys without their objects, newest first, at most `limit`.
    async fn deploys(&self, filter: DeployFilter, limit: u32) -> Result<Vec<Deploy>, StoreError>;

    /// Returns the newest deploy of a set to each environment, without objects.
    async fn last_deploys(&self, set: &SetKey) -> Result<Vec<Deploy>, StoreError>;

    /// Counts the deploys in each state.
    async fn deploy_counts(&self) -> Result<Vec<(DeployState, u64)>, StoreError>;

    /// Returns the lines of a log after a sequence, at most `limit`.
    async fn log(&self, id: DeployId, after: i64, limit: u32) -> Result<Vec<LogLine>, StoreError>;

    /// Forgets the logs of at most `limit` deploys that ended before a time, the oldest first, and
    /// returns of how many. The deploys and their objects stay.
    async fn forget_logs(&self, ended_before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Tells which deploys changed or were queued, as seen by this process only.
    ///
    /// It is a wake-up, not a record: it may lag and drop, and says nothing of other processes.
    fn changes(&self) -> broadcast::Receiver<DeployId>;
}
