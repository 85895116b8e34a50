//! Deploys: previews, jobs, their objects and their log.

use serde::{Deserialize, Serialize};

use crate::{ChangeKind, FieldChange, ObjectDiff, Slug, VersionName};

/// `POST …/sets/{set}/previews`: asks what a deploy would do, as the person who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPreview {
    /// The version to deploy.
    pub version: VersionName,
    /// Where to.
    pub environment: Slug,
    /// How.
    #[serde(default)]
    pub options: DeployOptions,
}

/// What a deploy would do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Fingerprint of the plan. A deploy that sends it is refused if the plan has changed.
    pub id: String,
    /// Objects in the order in which they would be applied, removed ones last.
    pub objects: Vec<PreviewObject>,
    /// Rights that the person lacks, as sentences.
    pub missing_rights: Vec<String>,
    /// What the cluster warns of.
    pub warnings: Vec<String>,
}

/// One object of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewObject {
    /// The object and how it changes.
    pub diff: ObjectDiff,
    /// Fields that another manager owns, and who.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// Why the cluster would refuse it, or why it could not be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A field that another manager owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conflict {
    /// Such as `.spec.replicas`.
    pub field: String,
    /// Who owns it, such as `kubectl-edit`.
    pub manager: String,
}

/// How to deploy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct DeployOptions {
    /// Delete objects of earlier versions that this one no longer describes.
    pub prune: bool,
    /// Take fields that other managers own.
    pub force_conflicts: bool,
    /// Seconds until the whole deploy is given up; 600 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u32>,
}

/// `POST …/sets/{set}/deploys`: starts a deploy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewDeploy {
    /// The version to deploy.
    pub version: VersionName,
    /// Where to.
    pub environment: Slug,
    /// How.
    #[serde(default)]
    pub options: DeployOptions,
    /// The preview that the person saw: 409 if the plan has changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
}

/// A deploy job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deploy {
    /// Names the job in URLs.
    pub id: String,
    /// The project.
    pub project: Slug,
    /// The set.
    pub set: Slug,
    /// The version.
    pub version: VersionName,
    /// The environment.
    pub environment: Slug,
    /// How.
    pub options: DeployOptions,
    /// Who started it.
    pub by: String,
    /// How it stands.
    pub state: DeployState,
    /// Why it stands so, as a sentence; empty when there is nothing to say.
    pub reason: String,
    /// When it was asked for.
    pub created_at: String,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// Each state that it was in since it began, and since when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<Phase>,
    /// Its objects, in the order of stages.
    pub objects: Vec<DeployObject>,
}

/// A state of a deploy and when it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Phase {
    /// The state.
    pub state: DeployState,
    /// Since when.
    pub at: String,
}

/// How a deploy job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeployState {
    /// It waits for its turn.
    Queued,
    /// Objects are being applied.
    Applying,
    /// Objects are applied and become ready.
    Waiting,
    /// What is no longer described is being deleted.
    Pruning,
    /// Everything is ready.
    Succeeded,
    /// It ended with a reason.
    Failed,
    /// A person stopped it.
    Cancelled,
}

impl DeployState {
    /// Whether the job has ended and never changes again.
    pub fn is_final(self) -> bool {
        match self {
            Self::Succeeded | Self::Failed | Self::Cancelled => true,
            Self::Queued | Self::Applying | Self::Waiting | Self::Pruning => false,
        }
    }
}

/// One object of a deploy job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeployObject {
    /// Such as `apps/v1`.
    pub api_version: String,
    /// Such as `Deployment`.
    pub kind: String,
    /// Where it lives; absent for kinds without a namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
    /// The stage in which it is applied, from 1 on.
    pub stage: u32,
    /// What the cluster did; absent until it was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeKind>,
    /// How it stands.
    pub state: ObjectState,
    /// Why, as of now, such as `2 of 3 replicas are available`.
    pub reason: String,
    /// What changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// How one object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ObjectState {
    /// Not applied yet.
    Waiting,
    /// Applied; its controller works on it.
    Progressing,
    /// As it should be.
    Healthy,
    /// Something is wrong that may still mend itself.
    Degraded,
    /// It will not become ready.
    Failed,
    /// It was deleted.
    Removed,
}

/// One event of `GET /api/deploys/{id}/events` (server-sent events).
///
/// The SSE `id` is the sequence of the last log line; a client that comes back sends it as
/// `Last-Event-ID` and misses nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeployEvent {
    /// A line of the log.
    Line(LogLine),
    /// The job as it stands now; the last event of a stream has a final state.
    Job(Box<Deploy>),
}

/// A line of a job's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogLine {
    /// 1-based and without gaps.
    pub sequence: i64,
    /// When it was written.
    pub at: String,
    /// How much it matters.
    pub level: LogLevel,
    /// The object that it speaks of, such as `Deployment/web`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// A sentence.
    pub message: String,
}

/// How much a log line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// As planned.
    Info,
    /// Worth a look.
    Warning,
    /// Why it failed.
    Error,
}
