//! Pipelines that a job starts.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::include::FileName;
use super::job::Anything;
use super::{JobName, OneOrMore};

/// A project, or more about the pipeline to start.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Trigger {
    Project(String),
    Settings(TriggerSettings),
}

/// The pipeline to start.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#trigger*"))]
pub(crate) struct TriggerSettings {
    /// The project whose pipeline is started.
    project: Option<String>,
    /// The branch of that project.
    #[schemars(extend("x-docs" = "yaml/#trigger"))]
    branch: Option<String>,
    /// The files of a child pipeline, at most 3.
    include: Option<TriggerInclude>,
    /// Whether the job takes over the state of the pipeline that it starts.
    strategy: Option<Strategy>,
    /// Which variables the pipeline gets.
    forward: Option<Forward>,
    /// Values for what the pipeline asks for in `spec: inputs`.
    inputs: Option<BTreeMap<String, Anything>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Strategy {
    /// The job has the very state of the pipeline.
    Mirror,
    /// The job waits, and succeeds or fails with the pipeline. `mirror` does it better.
    Depend,
}

/// Which variables a pipeline gets.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#triggerforward"))]
struct Forward {
    /// Those of the job that starts it.
    #[schemars(extend("default" = true))]
    yaml_variables: Option<bool>,
    /// Those that this pipeline was started with.
    #[schemars(extend("default" = false))]
    pipeline_variables: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum TriggerInclude {
    Place(FileName),
    Settings(ChildFile),
    Several(Vec<ChildFileItem>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum ChildFileItem {
    Place(FileName),
    Settings(ChildFile),
}

/// A file of a child pipeline.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#triggerinclude"))]
struct ChildFile {
    /// A file of this repository.
    local: Option<FileName>,
    /// A file that `job` made.
    artifact: Option<String>,
    /// The job that made `artifact`.
    job: Option<JobName>,
    /// Another project; `file` says which file of it.
    project: Option<String>,
    /// The file, or files, of `project`.
    file: Option<OneOrMore<String>>,
    /// The branch, tag or commit of `project`.
    r#ref: Option<String>,
    /// The address of a file that everybody may read.
    remote: Option<String>,
    /// A template that GitLab brings along.
    template: Option<String>,
    /// A component: `host/project/name@version`.
    component: Option<String>,
    /// Values for what the file asks for in `spec: inputs`.
    #[schemars(extend("x-docs" = "yaml/#triggerincludeinputs"))]
    inputs: Option<BTreeMap<String, Anything>>,
}
