//! Deploying a version to an environment: what it would do, and doing it.

mod adopt;
mod apply;
mod convert;
mod diagnose;
mod live;
mod members;
mod objects;
mod observe;
mod parent;
mod preview;
mod prune;
mod report;
mod run;
mod wait;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use api_types::{DeployState, Environment, LiveStatus, ObjectState, Preview, Slug};
use deploy_core::apply_set::{ApplySet, ApplySetError};
use deploy_core::{ManifestErrors, ObjectId};

use crate::cluster::{ClusterError, Connect};
use crate::store::{DeployFilter, NewJob, SetKey, Store, StoreError, VersionKey};

pub use convert::{comparison, error_details, object_summaries};
pub use report::{Report, Reporter};
pub use run::{Outcome, Task, run};

/// Deploys of a place among which the last one that succeeded is looked for.
const LOOK_BACK: u32 = 100;
/// How long requests are repeated while a person waits for a preview.
const PREVIEW_PATIENCE: Duration = Duration::from_secs(5);

/// Answers what a deploy would do.
pub struct Deploys {
    store: Arc<dyn Store>,
    clusters: Arc<dyn Connect>,
}

impl Deploys {
    pub fn new(store: Arc<dyn Store>, clusters: Arc<dyn Connect>) -> Self {
        Self { store, clusters }
    }

    /// Says what a job would do now, as the user who asks for it.
    ///
    /// # Errors
    ///
    /// If the version is invalid, the cluster does not answer, or somebody else keeps the set
    /// there. What single objects lack stands in the preview.
    pub async fn preview(&self, job: &NewJob) -> Result<Preview, DeployError> {
        let key = VersionKey {
            set: job.set.clone(),
            version: job.version.clone(),
        };
        let files = self.store.files(&key).await?;
        let receipts = self.store.receipts(&job.set, &job.environment).await?;
        let connected = self
            .clusters
            .connect(&job.cluster, &job.by, PREVIEW_PATIENCE);
        preview::preview(&*connected.await?, job, &files, &receipts).await
    }
}

impl Deploys {
    /// Says how the version that was deployed last with success stands, as `user` may see it.
    ///
    /// # Errors
    ///
    /// As [`Self::preview`].
    pub async fn live(
        &self,
        set: &SetKey,
        environment: &Environment,
        user: &str,
    ) -> Result<LiveStatus, DeployError> {
        let filter = DeployFilter {
            set: Some(set.clone()),
            environment: Some(environment.name.clone()),
            ..DeployFilter::default()
        };
        let deploys = self.store.deploys(filter, LOOK_BACK).await?;
        let mut ended_well = deploys
            .into_iter()
            .filter(|it| it.state == DeployState::Succeeded);
        let Some(deploy) = ended_well.next() else {
            return Ok(nothing_deployed());
        };
        let key = VersionKey {
            set: set.clone(),
            version: deploy.version.clone(),
        };
        let deployed = live::Deployed {
            files: self.store.files(&key).await?,
            set: apply_set(set, &environment.name, &environment.namespace),
            namespace: environment.namespace.clone(),
            receipts: self.store.receipts(set, &environment.name).await?,
        };
        let cluster = self
            .clusters
            .connect(&environment.cluster, user, PREVIEW_PATIENCE)
            .await?;
        let status = live::live(&*cluster, &deployed).await?;
        Ok(LiveStatus {
            version: Some(deploy.version),
            ..status
        })
    }
}

fn nothing_deployed() -> LiveStatus {
    LiveStatus {
        version: None,
        health: ObjectState::Waiting,
        reason: "nothing was deployed here with success".to_owned(),
        drifted: 0,
        objects: Vec::new(),
        unseen: Vec::new(),
        at: jiff::Timestamp::now().to_string(),
    }
}

/// What marks the objects of a set in a cluster.
pub(crate) fn apply_set(set: &SetKey, environment: &Slug, namespace: &str) -> ApplySet {
    let SetKey { project, set } = set;
    ApplySet::new(
        project.as_str(),
        set.as_str(),
        environment.as_str(),
        namespace,
    )
}

/// Why a deploy cannot be previewed or begun.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// The files describe no valid objects.
    #[error(transparent)]
    Manifests(#[from] ManifestErrors),
    /// With the environment's namespace, two objects are the same one.
    #[error("{0} stands in the set twice: once with namespace {1}, and once without one")]
    Duplicate(ObjectId, String),
    /// Somebody else keeps the set's objects in the cluster.
    #[error(transparent)]
    ApplySet(#[from] ApplySetError),
    /// The list of the set's members cannot be written.
    #[error("ConfigMap/{0}, which lists the objects of the set, cannot be written: {1}")]
    Parent(String, String),
    /// The version cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The cluster did not answer, or refused.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}
