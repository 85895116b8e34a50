//! What `deploy-core` says, in the types of the API.

use api_types as api;
use deploy_core::diff::{Change, FieldChange, ObjectDiff};
use deploy_core::readiness::Health;
use deploy_core::{ManifestErrors, Manifests, ObjectId};
use k8s_schemas::{KubeRelease, SchemaSet};
use serde_json::Value;

/// The objects of a version as its page lists them.
pub fn object_summaries(manifests: &Manifests) -> Vec<api::ObjectSummary> {
    let objects = manifests.objects().iter();
    objects
        .map(|it| api::ObjectSummary {
            api_version: it.id.api_version.clone(),
            kind: it.id.kind.clone(),
            namespace: it.id.namespace.clone(),
            name: it.id.name.clone(),
            file: it.file.clone(),
            line: it.line,
        })
        .collect()
}

/// Each wrong place of a push.
pub fn error_details(errors: &ManifestErrors) -> Vec<api::ErrorDetail> {
    let errors = errors.errors().iter();
    errors
        .map(|it| api::ErrorDetail {
            place: it.file.clone(),
            line: it.line,
            column: it.column,
            code: Some(it.code.to_owned()),
            message: it.message.clone(),
        })
        .collect()
}

/// What differs from one version to another.
pub fn comparison(from: &Manifests, to: &Manifests) -> Vec<api::ObjectDiff> {
    let set = SchemaSet::builtin();
    let diffs = deploy_core::diff::compare(set.release(KubeRelease::NEWEST), from, to);
    diffs
        .into_iter()
        .map(|ObjectDiff { id, change, fields }| object_diff(id, self::change(change), fields))
        .collect()
}

pub(super) fn object_diff(
    id: ObjectId,
    change: api::ChangeKind,
    fields: Vec<FieldChange>,
) -> api::ObjectDiff {
    api::ObjectDiff {
        api_version: id.api_version,
        kind: id.kind,
        namespace: id.namespace,
        name: id.name,
        change,
        fields: field_changes(fields),
    }
}

/// What changed from one state of an object to another.
pub(super) fn changed_fields(before: &Value, after: &Value) -> Vec<FieldChange> {
    let set = SchemaSet::builtin();
    deploy_core::diff::field_changes(set.release(KubeRelease::NEWEST), before, after)
}

pub(super) fn field_changes(fields: Vec<FieldChange>) -> Vec<api::FieldChange> {
    fields
        .into_iter()
        .map(|FieldChange { path, from, to }| api::FieldChange { path, from, to })
        .collect()
}

pub(super) fn object_state(health: Health) -> api::ObjectState {
    match health {
        Health::Progressing | Health::Running => api::ObjectState::Progressing,
        Health::Ready => api::ObjectState::Healthy,
        Health::Degraded => api::ObjectState::Degraded,
        Health::Failed => api::ObjectState::Failed,
    }
}

fn change(change: Change) -> api::ChangeKind {
    match change {
        Change::Create => api::ChangeKind::Create,
        Change::Change => api::ChangeKind::Change,
        Change::Unchanged => api::ChangeKind::Unchanged,
        Change::Replace => api::ChangeKind::Replace,
        Change::Remove => api::ChangeKind::Remove,
    }
}
