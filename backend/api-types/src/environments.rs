//! Clusters, and the environments of a project.

use serde::{Deserialize, Serialize};

use crate::{DeployState, ObjectState, Slug, VersionName};

/// A cluster, registered once for the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cluster {
    /// Names it in URLs.
    pub name: Slug,
    /// Where its API server listens.
    pub server: String,
    /// What kind of cluster it is.
    pub kind: ClusterKind,
}

/// What kind of cluster it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClusterKind {
    /// KUN's own sandbox: it speaks the Kubernetes API and runs nothing.
    Sandbox,
    /// A context of the kubeconfig that the server was started with.
    Kubeconfig,
    /// Added through the API.
    Registered,
}

/// `POST /api/clusters`: registers a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewCluster {
    /// Names it in URLs.
    pub name: Slug,
    /// A kubeconfig, as YAML. Exec plugins, file references and insecure TLS are refused.
    pub kubeconfig: String,
    /// The context to use; the current one if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

/// `GET /api/clusters/{cluster}/openapi`: the kinds that a cluster serves and no release of
/// Kubernetes has built in, such as those of its custom resource definitions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClusterSchemas {
    /// The version of the API server, such as `v1.36.4`.
    pub version: String,
    /// A part of the OpenAPI v3 document of each group and version: `components.schemas`, without
    /// the definitions that every cluster has, and in `paths` what kind is served there.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub documents: Vec<serde_json::Value>,
    /// Groups and versions that the cluster serves and whose document is not here.
    pub left_out: Vec<LeftOut>,
}

/// A group and version whose document could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeftOut {
    /// Such as `metrics.k8s.io/v1beta1`.
    pub api_version: String,
    /// Why, as a sentence.
    pub reason: String,
}

/// A place that a project's sets are deployed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Environment {
    /// Such as `dev` or `prod`.
    pub name: Slug,
    /// The cluster.
    pub cluster: Slug,
    /// The namespace of objects that name none.
    pub namespace: String,
}

/// `PUT /api/projects/{project}/environments/{environment}`: adds or changes an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutEnvironment {
    /// The cluster.
    pub cluster: Slug,
    /// The namespace of objects that name none.
    pub namespace: String,
}

/// `GET …/sets/{set}/status`: one cell of the matrix of versions and environments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentStatus {
    /// The environment.
    pub environment: Environment,
    /// The last deploy of this set there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploy: Option<LastDeploy>,
}

/// `GET …/sets/{set}/environments/{environment}/live`: how a set stands there now, asked as the
/// person who looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveStatus {
    /// The version that was deployed last with success; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionName>,
    /// The worst state of all objects.
    pub health: ObjectState,
    /// Which object has it, and why; empty if all are healthy.
    pub reason: String,
    /// Objects that somebody else changed or removed since.
    pub drifted: u32,
    /// The objects that the version describes.
    pub objects: Vec<LiveObject>,
    /// What the person may not look at, as sentences; such objects are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<String>,
    /// When the cluster was asked.
    pub at: String,
}

/// How one object stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveObject {
    /// Such as `apps/v1`.
    pub api_version: String,
    /// Such as `Deployment`.
    pub kind: String,
    /// The namespace, if the kind has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
    /// How it stands.
    pub state: ObjectState,
    /// Why, as a sentence.
    pub reason: String,
    /// Whether somebody else changed or removed what was deployed.
    pub drifted: bool,
}

/// The last deploy of a set to an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LastDeploy {
    /// Its job.
    pub id: String,
    /// The version.
    pub version: VersionName,
    /// How it stands.
    pub state: DeployState,
    /// Who started it.
    pub by: String,
    /// When it ended, or when it began if it goes on.
    pub at: String,
}
