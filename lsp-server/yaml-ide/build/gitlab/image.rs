//! Images and services.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::OneOrMore;
use super::job::JobVariable;

/// An image by its name, or with more about it.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Image {
    Name(ImageName),
    Settings(ImageSettings),
}

/// The name of a container image, with its tag or digest.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "image"))]
pub(crate) struct ImageName(String);

/// An image and how it is run.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#image*"))]
pub(crate) struct ImageSettings {
    /// The image, with its tag or digest.
    name: ImageName,
    /// The command that the container starts with; `[""]` takes that of the image away, as images of Kaniko and BuildKit need it.
    entrypoint: Option<Vec<String>>,
    /// When the image is pulled; one or several that the runner tries in turn.
    pull_policy: Option<OneOrMore<PullPolicy>>,
    /// For runners with Docker or Kubernetes.
    docker: Option<DockerOptions>,
    /// For runners on Kubernetes.
    kubernetes: Option<KubernetesOptions>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum PullPolicy {
    /// Each time.
    Always,
    /// If the node does not have it.
    IfNotPresent,
    /// Not at all: the node must have it.
    Never,
}

/// Options of the Docker executor.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#imagedocker"))]
struct DockerOptions {
    /// The platform of the image, such as `linux/arm64`.
    platform: Option<String>,
    /// The user that the container runs as.
    #[schemars(length(max = 255))]
    user: Option<UserId>,
}

/// Options of the Kubernetes executor.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#imagekubernetes"))]
struct KubernetesOptions {
    /// The user that the container runs as: a number, or `user:group` in numbers.
    user: Option<UserId>,
}

/// A user, by name or number.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum UserId {
    Name(String),
    Number(i64),
}

/// A service by the name of its image, or with more about it.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Service {
    Name(ImageName),
    Settings(ServiceSettings),
}

/// A container beside the one of the job.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "services/#available-settings-for-services"))]
pub(crate) struct ServiceSettings {
    /// The image, with its tag or digest.
    name: ImageName,
    /// The host name under which the job reaches the service.
    alias: Option<String>,
    /// The command that the container starts with.
    entrypoint: Option<Vec<String>>,
    /// Arguments for that command.
    command: Option<OneOrMore<String>>,
    /// Variables for this service alone.
    variables: Option<BTreeMap<String, JobVariable>>,
    /// When the image is pulled; one or several that the runner tries in turn.
    #[schemars(extend("x-docs" = "yaml/#servicespull_policy"))]
    pull_policy: Option<OneOrMore<PullPolicy>>,
    /// For runners with Docker.
    #[schemars(extend("x-docs" = "yaml/#servicesdocker"))]
    docker: Option<DockerOptions>,
    /// For runners on Kubernetes.
    #[schemars(extend("x-docs" = "yaml/#serviceskubernetes"))]
    kubernetes: Option<KubernetesOptions>,
}
