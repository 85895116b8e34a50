//! Environments.

use schemars::JsonSchema;

use super::{Expiry, JobName};

/// An environment by its name, or with more about it.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Environment {
    Name(EnvironmentName),
    Settings(EnvironmentSettings),
}

/// Letters, digits, blanks and `-`, `_`, `/`, `$`, `{`, `}`.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "environment"))]
pub(crate) struct EnvironmentName(String);

/// An environment, and what the job does to it.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#environment*"))]
pub(crate) struct EnvironmentSettings {
    /// The name; with `/` environments are grouped, as in `review/$CI_COMMIT_REF_SLUG`.
    name: EnvironmentName,
    /// The address under which it is reached.
    url: Option<String>,
    /// The job that stops it: it has the same environment and `action: stop`.
    on_stop: Option<JobName>,
    /// What the job does to the environment.
    #[schemars(extend("default" = "start"))]
    action: Option<Action>,
    /// When it is stopped by itself: a time in words, or `never`.
    auto_stop_in: Option<Expiry>,
    /// What sort of environment it is.
    deployment_tier: Option<Tier>,
    /// What GitLab shows of the cluster.
    kubernetes: Option<Kubernetes>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Action {
    /// Deploys to it.
    Start,
    /// Prepares it; that is no deployment.
    Prepare,
    /// Stops it.
    Stop,
    /// Checks it; that is no deployment.
    Verify,
    /// Uses it; that is no deployment.
    Access,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", extend("x-variables" = true))]
enum Tier {
    Production,
    Staging,
    Testing,
    Development,
    Other,
}

/// What GitLab shows of the cluster.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#environmentkubernetes"))]
struct Kubernetes {
    /// The agent of the cluster: `path/to/project:name`.
    agent: Option<String>,
    /// What the dashboard shows.
    dashboard: Option<Dashboard>,
    /// Objects that GitLab makes for the environment.
    managed_resources: Option<ManagedResources>,
    /// The namespace that the dashboard shows.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/#environmentkubernetesnamespace-and-environmentkubernetesflux_resource_path", "x-instead" = "dashboard: namespace"))]
    namespace: Option<String>,
    /// The object of Flux that the dashboard shows.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/#environmentkubernetesnamespace-and-environmentkubernetesflux_resource_path", "x-instead" = "dashboard: flux_resource_path"))]
    flux_resource_path: Option<String>,
}

/// What the dashboard shows.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#environmentkubernetes"))]
struct Dashboard {
    /// The namespace; needs `agent`.
    namespace: Option<String>,
    /// The object of Flux; needs `agent` and `namespace`.
    flux_resource_path: Option<String>,
}

/// Objects that GitLab makes for the environment.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#environmentkubernetes"))]
struct ManagedResources {
    /// Whether it makes them.
    #[schemars(extend("default" = true))]
    enabled: Option<bool>,
}
