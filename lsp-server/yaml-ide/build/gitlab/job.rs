//! Jobs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::artifacts::Artifacts;
use super::environment::Environment;
use super::image::{Image, Service};
use super::inputs::Input;
use super::parallel::{Matrix, Parallel};
use super::release::Release;
use super::rules::JobRuleItem;
use super::secrets::Secret;
use super::steps::Step;
use super::trigger::Trigger;
use super::{Duration, JobName, OneOrMore, PathPattern, Scalar, Script, StageName, TemplateName};

/// A job: what a runner does, where, and when.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#*"))]
pub(crate) struct Job {
    /// The stage in which the job runs.
    #[schemars(extend("default" = "test"))]
    stage: Option<StageName>,
    /// Jobs, hidden ones above all, whose keywords this one takes over. Mappings are merged key by key, lists are replaced; the last name wins.
    extends: Option<OneOrMore<TemplateName>>,
    /// The container image that the job runs in.
    image: Option<Image>,
    /// Containers beside the one of the job, such as a database; reached by their alias.
    services: Option<Vec<Service>>,
    /// Commands before `script`, in the same shell.
    before_script: Option<Script>,
    /// The commands of the job. The first that fails ends it.
    script: Option<Script>,
    /// Commands after `script`, in a shell of their own, also when it failed; their failure changes nothing.
    after_script: Option<Script>,
    /// When the job is part of a pipeline, and how. The first rule that fits decides; none fits: the job is left out.
    rules: Option<Vec<JobRuleItem>>,
    /// The jobs that this one waits for, in place of all jobs of earlier stages; `[]` starts at once. Artifacts come from these jobs only.
    needs: Option<Needs>,
    /// The jobs whose artifacts are fetched; `[]` fetches none.
    dependencies: Option<Vec<JobName>>,
    /// Files and reports to keep when the job is over.
    artifacts: Option<Artifacts>,
    /// Files that pass from pipeline to pipeline to make jobs faster. Nothing may depend on them. Up to four.
    cache: Option<OneOrMore<Cache>>,
    /// Variables for this job; they win over global ones.
    #[schemars(extend("x-docs" = "yaml/#job-variables"))]
    variables: Option<BTreeMap<String, JobVariable>>,
    /// What the job deploys to; GitLab keeps track of its deployments.
    environment: Option<Environment>,
    /// When the job runs.
    #[schemars(extend("default" = "on_success"))]
    when: Option<When>,
    /// How long a delayed job waits; at most a week. Goes with `when: delayed`.
    start_in: Option<Duration>,
    /// Whether the pipeline goes on if the job fails. `true` unless set where `when: manual` stands in the job itself.
    #[schemars(extend("default" = false))]
    allow_failure: Option<AllowFailure>,
    /// The question that is asked before a manual job starts.
    manual_confirmation: Option<String>,
    /// Whether the job may be cancelled when a newer pipeline makes it needless.
    #[schemars(extend("default" = false))]
    interruptible: Option<bool>,
    /// How often the job is tried again when it fails, and after which failures.
    #[schemars(extend("default" = 0))]
    retry: Option<Retry>,
    /// How long the job may take, such as `1h 30m`.
    timeout: Option<Duration>,
    /// How many copies of the job run side by side, or one for each combination of variables.
    parallel: Option<Parallel>,
    /// What a runner must be tagged with to take the job; all of them.
    #[schemars(length(max = 50))]
    tags: Option<Vec<String>>,
    /// Jobs of the same group never run at the same time, in no pipeline of the project.
    resource_group: Option<String>,
    /// A pattern between slashes (RE2) that finds the test coverage in the log.
    coverage: Option<Pattern>,
    /// Starts a pipeline of another project, or a child pipeline, in place of a script.
    trigger: Option<Trigger>,
    /// Which global variables and defaults reach the job.
    inherit: Option<Inherit>,
    /// Tokens with which the job proves to other systems who it is, each in a variable of this name.
    id_tokens: Option<BTreeMap<String, IdToken>>,
    /// Secrets of a vault, each in a variable of this name.
    secrets: Option<BTreeMap<String, Secret>>,
    /// A release that is made once the script has succeeded.
    release: Option<Release>,
    /// Whether the job publishes to GitLab Pages, and how.
    #[schemars(extend("default" = false))]
    pages: Option<Pages>,
    /// Scripts that the runner calls at certain points of the job.
    hooks: Option<Hooks>,
    /// A cloud that the job signs in to.
    identity: Option<Identity>,
    /// Values that a person may change when starting the job by hand, at most 50; each has a default.
    inputs: Option<BTreeMap<String, Input>>,
    /// Steps in place of a script. Experimental.
    run: Option<Vec<Step>>,
    /// The profiles of dynamic application security testing.
    dast_configuration: Option<DastConfiguration>,
    /// For which refs the job is added.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/#only--except", "x-instead" = "rules"))]
    only: Option<Policy>,
    /// For which refs the job is left out.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/#only--except", "x-instead" = "rules"))]
    except: Option<Policy>,
    /// The folder that is published to GitLab Pages.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/#publish-keyword-and-pages-job-name-for-gitlab-pages", "x-instead" = "pages: publish"))]
    publish: Option<String>,
    /// The old name of `stage`.
    #[schemars(extend("x-docs" = "yaml/deprecated_keywords/", "x-instead" = "stage"))]
    r#type: Option<String>,
}

/// A pattern between slashes (RE2).
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "pattern"))]
struct Pattern(String);

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum When {
    /// Once all jobs of earlier stages have succeeded.
    OnSuccess,
    /// Only if a job of an earlier stage failed.
    OnFailure,
    /// Whatever became of earlier jobs.
    Always,
    /// When somebody presses the button; the pipeline does not wait for it.
    Manual,
    /// After the time that `start_in` says.
    Delayed,
}

/// Whether the pipeline goes on if the job fails.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum AllowFailure {
    Always(bool),
    For(AllowedFailures),
}

/// With which exit codes a job may fail.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#allow_failure*"))]
pub(crate) struct AllowedFailures {
    /// The exit codes with which the job may fail.
    exit_codes: OneOrMore<i64>,
}

/// A variable of a job: its value, or whether other variables are filled into it.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum JobVariable {
    Value(Scalar),
    Settings(JobVariableSettings),
}

/// A variable of a job.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#variables*"))]
pub(crate) struct JobVariableSettings {
    /// The value.
    #[schemars(extend("x-docs" = "yaml/#job-variables"))]
    value: Option<Scalar>,
    /// Whether `$NAME` in the value stands for other variables.
    #[schemars(extend("default" = true))]
    expand: Option<bool>,
}

/// Jobs to wait for, or the one pipeline that a trigger mirrors.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Needs {
    Several(Vec<Need>),
    Pipeline(NeedSettings),
}

/// A job to wait for, by its name or with more about it.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Need {
    Job(JobName),
    Settings(NeedSettings),
    More(Vec<Need>),
}

/// A job to wait for, or artifacts of elsewhere.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#needs*"))]
pub(crate) struct NeedSettings {
    /// The job: of this pipeline, or of the project or pipeline that is named beside it.
    #[schemars(extend("x-docs" = "yaml/#needs"))]
    job: Option<JobName>,
    /// Whether the artifacts of the job are fetched.
    #[schemars(extend("default" = true))]
    artifacts: Option<bool>,
    /// Whether it is no error if the job is not part of the pipeline.
    #[schemars(extend("default" = false))]
    optional: Option<bool>,
    /// Which copies of a job with a matrix are meant.
    #[schemars(extend("x-docs" = "yaml/#needsparallelmatrix"))]
    parallel: Option<Matrix>,
    /// The pipeline whose job is meant, or whose state a trigger mirrors.
    pipeline: Option<String>,
    /// The project whose last good job is meant.
    project: Option<String>,
    /// The branch or tag of that project.
    #[schemars(extend("x-docs" = "yaml/#needsproject"))]
    r#ref: Option<String>,
}

/// Files that pass from pipeline to pipeline.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#cache*"))]
pub(crate) struct Cache {
    /// What tells caches apart: jobs with the same key share one. A text without `/`, or the files whose content makes the key.
    #[schemars(extend("default" = "default"))]
    key: Option<CacheKey>,
    /// What is kept: patterns of paths in the project.
    paths: Option<Vec<PathPattern>>,
    /// Keys to try when there is no cache for `key`, at most 5.
    #[schemars(length(max = 5))]
    fallback_keys: Option<Vec<String>>,
    /// Whether the cache is fetched before the job, stored after it, or both.
    #[schemars(extend("default" = "pull-push"))]
    policy: Option<CachePolicy>,
    /// After which jobs the cache is stored.
    #[schemars(extend("default" = "on_success"))]
    when: Option<Outcome>,
    /// Whether files that git does not know are kept too.
    #[schemars(extend("default" = false))]
    untracked: Option<bool>,
    /// Whether protected and other branches share the cache.
    #[schemars(extend("default" = false))]
    unprotect: Option<bool>,
}

/// What tells caches apart.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum CacheKey {
    Text(CacheKeyText),
    Files(CacheKeyFiles),
}

/// A text without `/`.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "cache-key"))]
struct CacheKeyText(String);

/// Files whose content makes the key.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#cachekey*"))]
struct CacheKeyFiles {
    /// One or two files: a new key whenever their content changes. Lock files, above all.
    #[schemars(length(max = 2))]
    files: Option<Vec<PathPattern>>,
    /// One or two files: a new key with each commit that changes them.
    #[schemars(length(max = 2))]
    files_commits: Option<Vec<PathPattern>>,
    /// A text before the key, such as `$CI_JOB_NAME`.
    prefix: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", extend("x-variables" = true))]
enum CachePolicy {
    /// Fetch before the job, store after it.
    PullPush,
    /// Fetch only: for jobs that change nothing in it.
    Pull,
    /// Store only: for the job that fills it.
    Push,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// When the job succeeded.
    OnSuccess,
    /// When the job failed.
    OnFailure,
    /// Either way.
    Always,
}

/// How often a job is tried again.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Retry {
    Times(#[schemars(range(min = 0, max = 2))] i64),
    Settings(RetrySettings),
}

/// How often a job is tried again, and after which failures.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#retry*"))]
pub(crate) struct RetrySettings {
    /// How often, at most twice.
    #[schemars(range(min = 0, max = 2), extend("default" = 0, "x-docs" = "yaml/#retry"))]
    max: Option<i64>,
    /// After which failures.
    #[schemars(extend("default" = "always"))]
    when: Option<OneOrMore<Failure>>,
    /// After which exit codes of the script.
    exit_codes: Option<OneOrMore<i64>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Failure {
    /// Any failure.
    Always,
    /// The reason is not known.
    UnknownFailure,
    /// The script failed, or the image could not be pulled.
    ScriptFailure,
    /// The runner could not speak to GitLab.
    ApiFailure,
    /// The job was stuck, or took too long.
    StuckOrTimeoutFailure,
    /// Waited too long although runners would fit.
    StuckPendingWithMatchingRunners,
    /// Waited too long because no runner fits.
    StuckPendingNoMatchingRunners,
    /// The runner fell silent while the job ran.
    NoUpdatesRunning,
    /// The runner fell silent while the job was cancelled.
    NoUpdatesCanceling,
    /// The runner itself failed.
    RunnerSystemFailure,
    /// The settings of the job do not suit the runner.
    RunnerConfigurationError,
    /// Something that the runner depends on failed.
    RunnerExternalDependencyFailure,
    /// The runner was interrupted.
    RunnerInterrupted,
    /// The runner is too old for the job.
    RunnerUnsupported,
    /// A delayed job could not be started.
    StaleSchedule,
    /// The script took longer than the job may.
    JobExecutionTimeout,
    /// GitLab saw the job run for too long.
    ServerTimeoutRunning,
    /// GitLab saw the job being cancelled for too long.
    ServerTimeoutCanceling,
    /// The job was archived.
    ArchivedFailure,
    /// Something that the job stands on was missing.
    UnmetPrerequisites,
    /// The job could not be given to a runner.
    SchedulerFailure,
    /// What GitLab knows of the job is broken.
    DataIntegrityFailure,
}

/// Which global settings reach a job.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#inherit*"))]
struct Inherit {
    /// All keywords of `default`, none, or those that are named.
    #[schemars(extend("default" = true))]
    default: Option<InheritDefault>,
    /// All global variables, none, or those that are named.
    #[schemars(extend("default" = true))]
    variables: Option<InheritVariables>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum InheritDefault {
    All(bool),
    Some(Vec<DefaultKeyword>),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum DefaultKeyword {
    AfterScript,
    Artifacts,
    BeforeScript,
    Cache,
    Hooks,
    IdTokens,
    Image,
    Interruptible,
    Retry,
    Services,
    Tags,
    Timeout,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum InheritVariables {
    All(bool),
    Some(Vec<String>),
}

/// A token with which a job proves who it is.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#id_tokens"))]
pub(crate) struct IdToken {
    /// Whom the token is for: the address of the system that will check it.
    aud: OneOrMore<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(crate) enum Identity {
    /// Google Cloud, through workload identity federation.
    GoogleCloud,
}

/// Scripts that the runner calls.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#hooks*"))]
pub(crate) struct Hooks {
    /// Commands before the repository is fetched.
    pre_get_sources_script: Option<Script>,
}

/// Whether and how a job publishes to GitLab Pages.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Pages {
    Publish(bool),
    Settings(PagesSettings),
}

/// How a job publishes to GitLab Pages.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#pages*"))]
struct PagesSettings {
    /// The folder that is published.
    #[schemars(extend("default" = "public"))]
    publish: Option<String>,
    /// Where a deployment beside the main one is found.
    path_prefix: Option<String>,
    /// When such a deployment is deleted.
    expire_in: Option<super::Expiry>,
}

/// Profiles of dynamic application security testing.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#dast_configuration"))]
struct DastConfiguration {
    /// The profile of the site.
    site_profile: String,
    /// The profile of the scanner.
    scanner_profile: String,
}

/// Refs, or more about when a job is added.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Policy {
    Ref(Ref),
    Refs(Vec<Ref>),
    Settings(PolicySettings),
}

/// A branch or tag, a pattern between slashes, or one of the known words.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "ref"))]
struct Ref(String);

/// When a job is added.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/deprecated_keywords/#only*--except*"))]
struct PolicySettings {
    /// For these refs.
    refs: Option<Vec<Ref>>,
    /// If one of these conditions holds.
    variables: Option<Vec<String>>,
    /// If one of these files changed.
    changes: Option<Vec<PathPattern>>,
    /// If the project has a cluster.
    kubernetes: Option<Active>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Active {
    Active,
}

/// Anything.
pub(crate) type Anything = Value;
