//! What a deploy asks of a cluster, as one person.
//!
//! A [`Cluster`] is bound to the person whose rights it has: nothing here takes a user, so nothing
//! can be asked with the rights of somebody else by mistake.

mod clusters;
mod discovery;
mod kube;
mod kubeconfig;
mod openapi;
mod url;

#[cfg(test)]
pub(crate) mod fake;

use std::fmt;

use async_trait::async_trait;
use deploy_core::status::Status;
use deploy_core::{GroupKind, ObjectId};
use futures::stream::BoxStream;
use serde_json::Value;

#[cfg(test)]
pub(crate) use clusters::as_person;
pub use clusters::{Acting, Clusters, Connect};
pub use openapi::OwnSchemas;

/// A kind as a cluster serves it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// Such as `apps/v1`.
    pub api_version: String,
    pub kind: String,
    /// Such as `deployments`.
    pub plural: String,
    pub namespaced: bool,
}

impl Resource {
    /// Such as `apps`; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or("", |(group, _)| group)
    }
}

/// Where one object lives in a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub resource: Resource,
    /// `None` for kinds without a namespace.
    pub namespace: Option<String>,
    pub name: String,
}

impl Target {
    /// What names the object.
    pub fn id(&self) -> ObjectId {
        ObjectId {
            api_version: self.resource.api_version.clone(),
            kind: self.resource.kind.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.resource.kind, self.name)
    }
}

/// Whether an apply is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Store,
    DryRun,
}

/// What happens to fields that other managers own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflicts {
    Report,
    TakeOver,
}

/// How an object is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apply {
    /// Whom the fields belong to from then on.
    pub manager: String,
    pub mode: Mode,
    pub conflicts: Conflicts,
}

/// What became of an apply.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// The object as it is now, or would be.
    pub object: Value,
    pub created: bool,
    /// What the server warns of.
    pub warnings: Vec<String>,
}

/// Which objects are listed or watched: those of a kind, in one namespace or in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub resource: Resource,
    pub namespace: Option<String>,
    /// A label selector; empty for all.
    pub labels: String,
    /// A field selector; empty for all.
    pub fields: String,
}

/// Objects as they stood at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listed {
    pub items: Vec<Value>,
    /// Where a watch goes on.
    pub resource_version: String,
}

/// What a watch saw.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// The object is new or changed.
    Present(Value),
    /// The object is gone; this is how it was.
    Gone(Value),
}

/// A right that a deploy needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Access {
    /// Such as `patch`.
    pub verb: &'static str,
    pub group: String,
    /// Such as `deployments`.
    pub plural: String,
    pub namespace: Option<String>,
    /// One object alone; `None` asks for all of the kind.
    pub name: Option<String>,
}

impl fmt::Display for Access {
    /// As a sentence continues: `patch deployments.apps in namespace shop`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            verb,
            group,
            plural,
            namespace,
            name,
        } = self;
        write!(f, "{verb} {plural}")?;
        if !group.is_empty() {
            write!(f, ".{group}")?;
        }
        if let Some(name) = name {
            write!(f, "/{name}")?;
        }
        match namespace {
            Some(namespace) => write!(f, " in namespace {namespace}"),
            None => f.write_str(" in the whole cluster"),
        }
    }
}

/// A container whose log is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSource {
    pub namespace: String,
    pub pod: String,
    pub container: String,
    /// Of the run before the present one.
    pub previous: bool,
    /// Lines from the end.
    pub lines: u32,
}

/// Why a cluster did not do what it was asked to.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ClusterError {
    /// There is no cluster of that name.
    #[error("there is no cluster `{0}`")]
    Unknown(String),
    /// Its credential is a person's own, and somebody else asks.
    #[error(
        "cluster {cluster} is reached with the credential of `{owner}`, which nobody else may use: \
         an admin can register it with a credential that may impersonate"
    )]
    OfSomebodyElse { cluster: String, owner: String },
    /// The kubeconfig cannot be used.
    #[error("the kubeconfig cannot be used: {0}")]
    Kubeconfig(String),
    /// The cluster did not answer within the time that it was given.
    #[error("cluster {cluster} cannot be reached: {reason}")]
    Unreachable { cluster: String, reason: String },
    /// It answered, and refused.
    #[error("the cluster answered {}: {}", .0.code, .0.message)]
    Refused(Box<Status>),
    /// It answered what no API server answers.
    #[error("cluster {cluster} answered what cannot be read: {reason}")]
    Unreadable { cluster: String, reason: String },
}

impl ClusterError {
    /// The refusal, if it is one.
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Refused(status) => Some(status),
            Self::Unknown(_)
            | Self::OfSomebodyElse { .. }
            | Self::Kubeconfig(_)
            | Self::Unreachable { .. }
            | Self::Unreadable { .. } => None,
        }
    }

    /// Says why something about `id` failed, without anything secret.
    pub fn about(&self, id: &ObjectId) -> String {
        match self.status() {
            Some(status) => deploy_core::explain::refusal(id, status),
            None => self.to_string(),
        }
    }

    /// Whether the person lacks the right.
    pub fn is_forbidden(&self) -> bool {
        self.status().is_some_and(|it| it.code == 403)
    }

    /// Whether a watch must begin again with a list, since its place is forgotten.
    pub fn is_gone(&self) -> bool {
        self.status().is_some_and(|it| it.code == 410)
    }
}

/// A cluster, with the rights of one person.
///
/// Requests that fail for a passing reason are repeated by the implementation, up to a deadline.
#[async_trait]
pub trait Cluster: Send + Sync + 'static {
    /// Returns how a kind is served, or `None` if it is not.
    async fn resource(
        &self,
        api_version: &str,
        kind: &str,
    ) -> Result<Option<Resource>, ClusterError>;

    /// Returns how a kind is served in the version that the cluster prefers for it.
    async fn preferred(&self, kind: &GroupKind) -> Result<Option<Resource>, ClusterError>;

    /// Applies an object on the server's side.
    async fn apply(
        &self,
        target: &Target,
        object: &Value,
        how: &Apply,
    ) -> Result<Applied, ClusterError>;

    /// Replaces the `managedFields` of an object, if it is still as `live` says.
    async fn set_managers(
        &self,
        target: &Target,
        live: &Value,
        managers: Value,
    ) -> Result<(), ClusterError>;

    /// Returns an object, or `None` if it is not there.
    async fn get(&self, target: &Target) -> Result<Option<Value>, ClusterError>;

    /// Deletes an object if it still has this uid. An object that is gone is no error.
    async fn delete(&self, target: &Target, uid: &str) -> Result<(), ClusterError>;

    async fn list(&self, query: &Query) -> Result<Listed, ClusterError>;

    /// Watches from a place in the history on. The stream ends when the server ends it.
    async fn watch(
        &self,
        query: &Query,
        from: &str,
    ) -> Result<BoxStream<'static, Result<Seen, ClusterError>>, ClusterError>;

    /// Asks whether the person has a right. The answer is advice; the request itself decides.
    async fn may(&self, access: &Access) -> Result<bool, ClusterError>;

    /// Reads the end of a container's log.
    async fn log(&self, source: &LogSource) -> Result<String, ClusterError>;
}
