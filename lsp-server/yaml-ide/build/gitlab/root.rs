//! The top of a pipeline file.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::artifacts::Artifacts;
use super::image::{Image, Service};
use super::include::Include;
use super::inputs::Header;
use super::job::{Cache, Hooks, IdToken, Identity, Job, Retry};
use super::rules::WorkflowRule;
use super::{Duration, OneOrMore, Scalar, Script, StageName};

/// A pipeline: global keywords, and jobs under names of their own.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#*"))]
pub(crate) struct Pipeline {
    /// The stages in the order in which they run. Jobs of a stage run side by side; the next stage starts when they are done. `.pre` and `.post` are always there.
    #[schemars(extend("default" = [".pre", "build", "test", "deploy", ".post"]))]
    stages: Option<Vec<StageItem>>,
    /// Other files whose content is merged into this one before anything else is read; what this file says wins.
    include: Option<Include>,
    /// Values for keywords that jobs do not set themselves. A job that sets one replaces it as a whole.
    default: Option<Default>,
    /// Variables for all jobs. A job's own value of the same name wins.
    #[schemars(extend("x-docs" = "yaml/#default-variables"))]
    variables: Option<BTreeMap<String, GlobalVariable>>,
    /// Decides whether there is a pipeline at all, how it is called, and when it is cancelled.
    workflow: Option<Workflow>,
    /// What a reusable file asks of those who include it. Stands in a document of its own, before the first `---`.
    spec: Option<Header>,
    /// The job that publishes to GitLab Pages. The name alone does it, which is deprecated: write `pages: true` in any job.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/#publish-keyword-and-pages-job-name-for-gitlab-pages"))]
    pages: Option<Job>,
    /// The container image of jobs that name none.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/#globally-defined-image-services-cache-before_script-after_script", "x-instead" = "default: image"))]
    image: Option<Image>,
    /// Containers beside jobs that name none.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/#globally-defined-image-services-cache-before_script-after_script", "x-instead" = "default: services"))]
    services: Option<Vec<Service>>,
    /// The cache of jobs that have none.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/#globally-defined-image-services-cache-before_script-after_script", "x-instead" = "default: cache"))]
    cache: Option<OneOrMore<Cache>>,
    /// Commands before the script of jobs that have none of their own.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/#globally-defined-image-services-cache-before_script-after_script", "x-instead" = "default: before_script"))]
    before_script: Option<Script>,
    /// Commands after the script of jobs that have none of their own.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/#globally-defined-image-services-cache-before_script-after_script", "x-instead" = "default: after_script"))]
    after_script: Option<Script>,
    /// The old name of `stages`; GitLab takes it for a job now.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/", "x-instead" = "stages"))]
    types: Option<Vec<String>>,
    #[schemars(flatten)]
    jobs: BTreeMap<String, Job>,
}

/// A stage, or a list of stages that is joined with the others.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum StageItem {
    Name(StageName),
    Names(Vec<StageItem>),
}

/// Keywords for jobs that do not set them.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#*"))]
struct Default {
    /// Commands after the script, in a shell of their own; their failure changes nothing.
    after_script: Option<Script>,
    /// Files to keep when a job is over.
    artifacts: Option<Artifacts>,
    /// Commands before the script, in the same shell.
    before_script: Option<Script>,
    /// Files that pass from pipeline to pipeline to make jobs faster.
    cache: Option<OneOrMore<Cache>>,
    /// Scripts that the runner calls at certain points of a job.
    hooks: Option<Hooks>,
    /// Tokens with which jobs prove to other systems who they are.
    id_tokens: Option<BTreeMap<String, IdToken>>,
    /// A cloud that jobs sign in to.
    identity: Option<Identity>,
    /// The container image that jobs run in.
    image: Option<Image>,
    /// Whether jobs may be cancelled when a newer pipeline makes them needless.
    #[schemars(extend("default" = false))]
    interruptible: Option<bool>,
    /// How often jobs that fail are tried again.
    #[schemars(extend("default" = 0))]
    retry: Option<Retry>,
    /// Containers beside the one of the job, such as a database.
    services: Option<Vec<Service>>,
    /// What a runner must be tagged with to take a job.
    tags: Option<Vec<String>>,
    /// How long a job may take.
    timeout: Option<Duration>,
}

/// A variable: its value, or what is to be known about it.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum GlobalVariable {
    Value(Scalar),
    Settings(GlobalVariableSettings),
}

/// What is to be known about a variable.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#variables*"))]
struct GlobalVariableSettings {
    /// The value; with a description it is filled in where a pipeline is started by hand.
    #[schemars(extend("x-docs" = "yaml/#variablesvalue"))]
    value: Option<Scalar>,
    /// What the variable is for; shown where a pipeline is started by hand. Markdown.
    description: Option<String>,
    /// The values to choose from where a pipeline is started by hand; `value` must be among them.
    options: Option<Vec<String>>,
    /// Whether `$NAME` in the value stands for other variables.
    #[schemars(extend("default" = true))]
    expand: Option<bool>,
}

/// Settings of the pipeline as a whole.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#workflow*"))]
struct Workflow {
    /// The title of the pipeline, at most 255 characters; variables are filled in.
    #[schemars(length(max = 255))]
    name: Option<String>,
    /// The first rule that fits decides whether there is a pipeline; none fits: there is none.
    rules: Option<Vec<WorkflowRule>>,
    /// When pipelines and jobs that became needless are cancelled.
    #[schemars(extend("x-docs" = "yaml/#workflowauto_cancelon_new_commit"))]
    auto_cancel: Option<AutoCancel>,
}

/// When pipelines and jobs that became needless are cancelled.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#workflowauto_cancel*"))]
pub(crate) struct AutoCancel {
    /// What becomes of a running pipeline when a newer commit arrives.
    #[schemars(extend("default" = "conservative"))]
    on_new_commit: Option<OnNewCommit>,
    /// What becomes of the other jobs when one fails.
    #[schemars(extend("default" = "none"))]
    on_job_failure: Option<OnJobFailure>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum OnNewCommit {
    /// Cancel it, unless a job with `interruptible: false` has begun.
    Conservative,
    /// Cancel its jobs with `interruptible: true` only.
    Interruptible,
    /// Let it run.
    None,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum OnJobFailure {
    /// Cancel the whole pipeline at once.
    All,
    /// Let the others run.
    None,
}
