//! Rules: when a job, a pipeline or an included file counts.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::job::{AllowFailure, JobVariable, Need};
use super::root::AutoCancel;
use super::{Duration, PathPattern};

/// A condition over variables.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "condition"))]
struct Condition(String);

/// A rule, or rules from elsewhere in a list of their own.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum JobRuleItem {
    Rule(JobRule),
    Rules(Vec<JobRuleItem>),
}

/// When a job is added, and how: all of `if`, `changes` and `exists` must hold.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#rules*"))]
pub(crate) struct JobRule {
    /// A condition over variables: `==`, `!=`, `=~`, `!~`, `&&`, `||`, parentheses, `null`, texts in quotes and `/patterns/`.
    r#if: Option<Condition>,
    /// Holds if one of these files changed. Without `compare_to` it also holds for new branches, tags and schedules.
    changes: Option<Changes>,
    /// Holds if one of these files exists.
    exists: Option<Exists>,
    /// How the job runs if the rule fits.
    #[schemars(extend("default" = "on_success"))]
    when: Option<RuleWhen>,
    /// How long a delayed job waits; at most a week.
    #[schemars(extend("x-docs" = "yaml/#start_in"))]
    start_in: Option<Duration>,
    /// Whether the pipeline goes on if the job fails. With `when: manual` here it is `false` unless set: the pipeline waits.
    #[schemars(extend("default" = false))]
    allow_failure: Option<AllowFailure>,
    /// Variables for the job if the rule fits.
    variables: Option<BTreeMap<String, JobVariable>>,
    /// What the job waits for if the rule fits, in place of its own `needs`.
    needs: Option<Vec<Need>>,
    /// Whether the job may be cancelled by a newer pipeline, if the rule fits.
    interruptible: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum RuleWhen {
    /// Once all jobs of earlier stages have succeeded.
    OnSuccess,
    /// Only if a job of an earlier stage failed.
    OnFailure,
    /// Whatever became of earlier jobs.
    Always,
    /// Not at all.
    Never,
    /// When somebody presses the button; in a rule the pipeline waits for it.
    Manual,
    /// After the time that `start_in` says.
    Delayed,
}

/// When there is a pipeline: all of `if`, `changes` and `exists` must hold.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#rules*"))]
pub(crate) struct WorkflowRule {
    /// A condition over variables.
    r#if: Option<Condition>,
    /// Holds if one of these files changed.
    changes: Option<Changes>,
    /// Holds if one of these files exists.
    exists: Option<Exists>,
    /// Whether there is a pipeline if the rule fits.
    #[schemars(extend("default" = "always", "x-docs" = "yaml/#workflowrules"))]
    when: Option<Always>,
    /// Variables for the whole pipeline if the rule fits; they win over global ones.
    #[schemars(extend("x-docs" = "yaml/#workflowrulesvariables"))]
    variables: Option<BTreeMap<String, JobVariable>>,
    /// When needless pipelines and jobs are cancelled, if the rule fits.
    #[schemars(extend("x-docs" = "yaml/#workflowrulesauto_cancel"))]
    auto_cancel: Option<AutoCancel>,
}

/// When a file is included: all of `if`, `changes` and `exists` must hold.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#rules*"))]
pub(crate) struct IncludeRule {
    /// A condition over variables that are known before the pipeline is made.
    r#if: Option<Condition>,
    /// Holds if one of these files changed.
    changes: Option<Changes>,
    /// Holds if one of these files exists.
    exists: Option<Exists>,
    /// Whether the file is included if the rule fits.
    #[schemars(extend("default" = "always", "x-docs" = "yaml/#includerules"))]
    when: Option<Always>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Always {
    /// Yes.
    Always,
    /// No.
    Never,
}

/// Files that changed: their patterns, or more about how to compare.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Changes {
    Paths(#[schemars(length(max = 50))] Vec<PathPattern>),
    Settings(ChangesSettings),
}

/// Which changes count.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#ruleschanges*"))]
struct ChangesSettings {
    /// Patterns of paths, at most 50.
    #[schemars(length(max = 50))]
    paths: Option<Vec<PathPattern>>,
    /// The branch, tag or commit to compare with.
    compare_to: Option<String>,
    /// A pattern that the path of a changed file matches (RE2).
    #[schemars(extend("x-docs" = "yaml/#ruleschanges"))]
    regexp: Option<String>,
}

/// Files that exist: their patterns, or where to look.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Exists {
    Paths(#[schemars(length(max = 50))] Vec<PathPattern>),
    Settings(ExistsSettings),
}

/// Which files count, and where.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#rulesexists*"))]
struct ExistsSettings {
    /// Patterns of paths, at most 50.
    #[schemars(length(max = 50))]
    paths: Option<Vec<PathPattern>>,
    /// Another project to look in.
    project: Option<String>,
    /// The branch, tag or commit of that project.
    #[schemars(extend("x-docs" = "yaml/#rulesexistsproject"))]
    r#ref: Option<String>,
    /// A pattern that the path of a file matches (RE2).
    #[schemars(extend("x-docs" = "yaml/#rulesexists"))]
    regexp: Option<String>,
}
