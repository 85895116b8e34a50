//! Applying one object, and what a refusal may still be answered with.

use std::time::Duration;

use api_types::{ChangeKind, FieldChange};
use deploy_core::receipt::receipt;
use deploy_core::status::Status;
use serde_json::Value;
use tokio::time::Instant;

use crate::cluster::{Applied, Apply, Cluster, ClusterError, Conflicts, Target};
use crate::deploy::adopt::{adopt, rename_versions, take_over};
use crate::deploy::convert;
use crate::deploy::objects::Desired;
use crate::deploy::preview::is_job;

/// How long a kind may take to be served after its definition is established.
const KIND_APPEARS: Duration = Duration::from_secs(30);
/// How long a change of a definition may take until objects are held to it.
const SCHEMA_APPEARS: Duration = Duration::from_secs(5);
/// How long a Job may take to go before it is made again.
const JOB_GOES: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(250);

/// What became of an object that was applied.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) uid: Option<String>,
    /// What recognizes the object as unchanged later.
    pub(super) receipt: Option<String>,
    pub(super) change: ChangeKind,
    pub(super) fields: Vec<FieldChange>,
    pub(super) warnings: Vec<String>,
}

impl Done {
    pub(super) fn sentence(&self) -> String {
        let fields = || {
            let paths: Vec<_> = self
                .fields
                .iter()
                .take(3)
                .map(|it| it.path.as_str())
                .collect();
            match self.fields.len() {
                0 => String::new(),
                1..=3 => format!(": {}", paths.join(", ")),
                more => format!(": {} and {} more fields", paths.join(", "), more - 3),
            }
        };
        match self.change {
            ChangeKind::Create => "created".to_owned(),
            ChangeKind::Change => format!("changed{}", fields()),
            ChangeKind::Unchanged => "unchanged".to_owned(),
            ChangeKind::Replace => "deleted and made again, since it cannot be changed".to_owned(),
            ChangeKind::Remove => "deleted".to_owned(),
        }
    }
}

/// Applies an object; `live` is how it was, if the set had it already.
///
/// # Errors
///
/// Why it was refused, as a sentence.
pub(super) async fn apply(
    cluster: &dyn Cluster,
    desired: &Desired,
    live: Option<&Value>,
    how: &Apply,
) -> Result<Done, String> {
    let about = |error: ClusterError| error.about(&desired.id);
    let Some(target) = &desired.target else {
        return Err(desired.why_unknown());
    };
    if how.conflicts == Conflicts::TakeOver {
        take_over(cluster, desired, target, how).await?;
    }
    let mut answer = apply_when_served(cluster, desired, target, how).await;
    if let Err(ClusterError::Refused(status)) = &answer
        && status.is_about_other_versions()
        && rename_versions(cluster, target).await.map_err(about)?
    {
        answer = cluster.apply(target, &desired.object, how).await;
    }
    match answer {
        Ok(applied) => {
            let applied = adopt(cluster, desired, target, how, applied).await;
            Ok(done(applied, live, desired, how))
        }
        Err(ClusterError::Refused(status)) if status.is_immutable() && is_job(&desired.id) => {
            let applied = replace(cluster, desired, target, how)
                .await
                .map_err(about)?;
            let done = done(applied, None, desired, how);
            Ok(Done {
                change: ChangeKind::Replace,
                ..done
            })
        }
        Err(error) => Err(about(error)),
    }
}

/// A definition that is established may take another moment until its kind is served, and one that
/// is changed until its new fields are known. An object that others write all the time is worth
/// another try.
async fn apply_when_served(
    cluster: &dyn Cluster,
    desired: &Desired,
    target: &Target,
    how: &Apply,
) -> Result<Applied, ClusterError> {
    let begin = Instant::now();
    loop {
        let answer = cluster.apply(target, &desired.object, how).await;
        let patience = match &answer {
            Err(ClusterError::Refused(status)) => patience(desired, status),
            _ => Duration::ZERO,
        };
        if begin.elapsed() >= patience {
            return answer;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn patience(desired: &Desired, status: &Status) -> Duration {
    let is_defined_here = desired.definition.is_some();
    if is_defined_here && status.is_unknown_kind() {
        KIND_APPEARS
    } else if (is_defined_here && status.is_unknown_field()) || status.is_stale() {
        SCHEMA_APPEARS
    } else {
        Duration::ZERO
    }
}

/// Deletes a Job, by the uid that it has now, and makes it again.
async fn replace(
    cluster: &dyn Cluster,
    desired: &Desired,
    target: &Target,
    how: &Apply,
) -> Result<Applied, ClusterError> {
    let until = Instant::now() + JOB_GOES;
    let uid = |object: &Value| {
        let uid = object.pointer("/metadata/uid").and_then(Value::as_str);
        uid.unwrap_or_default().to_owned()
    };
    let Some(old) = cluster.get(target).await?.as_ref().map(uid) else {
        return cluster.apply(target, &desired.object, how).await;
    };
    cluster.delete(target, &old).await?;
    while Instant::now() < until {
        let now = cluster.get(target).await?;
        if now.as_ref().map(uid) != Some(old.clone()) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    cluster.apply(target, &desired.object, how).await
}

fn done(applied: Applied, live: Option<&Value>, desired: &Desired, how: &Apply) -> Done {
    let Applied {
        object,
        created,
        mut warnings,
    } = applied;
    let version = |object: &Value| object.pointer("/metadata/resourceVersion").cloned();
    let (change, fields) = match live {
        _ if created => (ChangeKind::Create, Vec::new()),
        Some(live) if version(live) == version(&object) => (ChangeKind::Unchanged, Vec::new()),
        // The set describes the kind in two versions, whose fields cannot be compared.
        Some(live) if live.get("apiVersion") != object.get("apiVersion") => {
            (ChangeKind::Change, Vec::new())
        }
        Some(live) => match convert::changed_fields(live, &object) {
            // Its status moved between the list and the apply.
            fields if fields.is_empty() => (ChangeKind::Unchanged, fields),
            fields => (ChangeKind::Change, fields),
        },
        None => (ChangeKind::Change, Vec::new()),
    };
    if object.pointer("/metadata/deletionTimestamp").is_some() {
        warnings.push("it is being deleted, so what is applied will be gone".to_owned());
    }
    let uid = object.pointer("/metadata/uid").and_then(Value::as_str);
    Done {
        uid: uid.map(str::to_owned),
        receipt: receipt(&desired.object, &object, &how.manager),
        change,
        fields: convert::field_changes(fields),
        warnings,
    }
}
