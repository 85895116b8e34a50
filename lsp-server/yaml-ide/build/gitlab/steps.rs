//! Steps in place of a script.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::job::Anything;

/// A step: a script, or a step that is kept elsewhere.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#run"))]
pub(crate) struct Step {
    /// The name of the step: letters, digits and `_`.
    name: String,
    /// The commands.
    script: Option<String>,
    /// The step, by its path or by where it is kept.
    step: Option<StepPlace>,
    /// The step, in the newer spelling.
    func: Option<StepPlace>,
    /// Values for the step.
    inputs: Option<BTreeMap<String, Anything>>,
    /// Variables for the step.
    env: Option<BTreeMap<String, super::Scalar>>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum StepPlace {
    Path(String),
    Kept(StepSource),
}

/// Where a step is kept.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#run"))]
struct StepSource {
    /// In a repository.
    git: Option<GitStep>,
    /// In a registry.
    oci: Option<OciStep>,
}

/// A step in a repository.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#run"))]
struct GitStep {
    /// The address of the repository.
    url: String,
    /// The branch, tag or commit.
    rev: String,
    /// The folder.
    dir: Option<String>,
    /// The file.
    file: Option<String>,
}

/// A step in a registry.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#run"))]
struct OciStep {
    /// The registry.
    registry: String,
    /// The repository of it.
    repository: String,
    /// The tag.
    tag: String,
    /// The folder.
    dir: Option<String>,
    /// The file.
    file: Option<String>,
}
