//! Projects, clusters, environments, resource sets and versions.

use std::collections::BTreeMap;

use api_types::{
    Cluster, Environment, ObjectSummary, Project, Provenance, ResourceSet, SearchHit, Slug,
    Version, VersionName,
};
use async_trait::async_trait;
use jiff::Timestamp;

use crate::store::{StoreError, User};

/// Names a resource set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetKey {
    pub project: Slug,
    pub set: Slug,
}

/// Names a version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionKey {
    pub set: SetKey,
    pub version: VersionName,
}

/// A version to be stored. The author is in `provenance`.
#[derive(Debug, Clone)]
pub struct NewVersion {
    pub name: VersionName,
    pub files: BTreeMap<String, String>,
    pub content_hash: String,
    pub parent: Option<VersionName>,
    pub provenance: Provenance,
    pub objects: Vec<ObjectSummary>,
}

/// What became of a push.
#[derive(Debug, Clone)]
pub enum PushOutcome {
    /// It was stored.
    Added(Version),
    /// The same content was there under the same name.
    Present(Version),
}

/// What people keep in KUN.
///
/// Versions are only added. Nothing here edits or deletes one, so a deploy job that holds a
/// version's name can never see it change.
#[async_trait]
pub trait Catalog: Send + Sync + 'static {
    /// Fails if the database does not answer.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Adds a project with its first owner.
    async fn add_project(
        &self,
        name: &Slug,
        description: &str,
        owner: &str,
        now: Timestamp,
    ) -> Result<Project, StoreError>;

    /// Lists the projects that `user` may see, by name.
    async fn projects(&self, user: &User) -> Result<Vec<Project>, StoreError>;

    async fn project(&self, name: &Slug) -> Result<Option<Project>, StoreError>;

    /// Adds a cluster. `kubeconfig` is kept for those added through the API only.
    async fn add_cluster(
        &self,
        cluster: &Cluster,
        kubeconfig: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Adds or renews a cluster that the server was started with: its address may differ each time.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`] if a cluster of that name and another kind is there.
    async fn announce_cluster(&self, cluster: &Cluster, now: Timestamp) -> Result<(), StoreError>;

    /// Lists clusters by name.
    async fn clusters(&self) -> Result<Vec<Cluster>, StoreError>;

    /// Returns a cluster, with its kubeconfig if it was added through the API.
    async fn cluster(&self, name: &Slug) -> Result<Option<(Cluster, Option<String>)>, StoreError>;

    /// Adds or changes an environment.
    async fn put_environment(
        &self,
        project: &Slug,
        environment: &Environment,
    ) -> Result<(), StoreError>;

    /// Removes an environment; its deploys stay in the history.
    ///
    /// # Errors
    ///
    /// [`StoreError::InUse`] while a deploy to it is queued or active.
    async fn remove_environment(&self, project: &Slug, name: &Slug) -> Result<(), StoreError>;

    /// Lists the environments of a project by name.
    async fn environments(&self, project: &Slug) -> Result<Vec<Environment>, StoreError>;

    async fn environment(
        &self,
        project: &Slug,
        name: &Slug,
    ) -> Result<Option<Environment>, StoreError>;

    async fn add_set(
        &self,
        key: &SetKey,
        description: &str,
        now: Timestamp,
    ) -> Result<ResourceSet, StoreError>;

    /// Lists the sets of a project by name.
    async fn sets(&self, project: &Slug) -> Result<Vec<ResourceSet>, StoreError>;

    async fn set(&self, key: &SetKey) -> Result<Option<ResourceSet>, StoreError>;

    /// Adds a version to a resource set.
    ///
    /// The same content under the same name again answers the version that is there: a pipeline
    /// may retry its push.
    ///
    /// # Errors
    ///
    /// [`StoreError::VersionExists`] if the name is taken by other content;
    /// [`StoreError::NotFound`] if the set or the parent is not there.
    async fn add_version(
        &self,
        set: &SetKey,
        new: NewVersion,
        now: Timestamp,
    ) -> Result<PushOutcome, StoreError>;

    /// Lists versions newest first, at most `limit`, those with a smaller sequence than `before`.
    async fn versions(
        &self,
        set: &SetKey,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Version>, StoreError>;

    async fn version(&self, key: &VersionKey) -> Result<Option<Version>, StoreError>;

    /// Returns the files of a version, path to text; empty if there is no such version.
    async fn files(&self, key: &VersionKey) -> Result<BTreeMap<String, String>, StoreError>;

    /// Returns one file of a version.
    async fn file(&self, key: &VersionKey, path: &str) -> Result<Option<String>, StoreError>;

    /// Finds projects, sets and versions among those `user` may see: the last word is in its own
    /// name, and all words are in `project/set/version` in their order, in any case. Projects come
    /// first, then sets, then versions, newest first.
    async fn search(
        &self,
        user: &User,
        words: &[String],
        limit: u32,
    ) -> Result<Vec<SearchHit>, StoreError>;
}
