//! How a set stands in an environment now, asked as the person who looks. Nothing is changed.

use std::collections::{BTreeMap, HashMap};

use api_types::{LiveObject, LiveStatus, ObjectState};
use deploy_core::apply_set::ApplySet;
use deploy_core::readiness::readiness;
use deploy_core::receipt::receipt;
use deploy_core::{GroupKind, Manifests, ObjectId};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::deploy::objects::{self, Desired};
use crate::deploy::{DeployError, convert, preview};

/// What was deployed, and what it left behind.
pub(super) struct Deployed {
    pub(super) files: BTreeMap<String, String>,
    pub(super) set: ApplySet,
    pub(super) namespace: String,
    /// By the uid of the object.
    pub(super) receipts: HashMap<String, String>,
}

/// Says how the objects of a version stand, and which of them are no longer as they were left.
pub(super) async fn live(
    cluster: &dyn Cluster,
    deployed: &Deployed,
) -> Result<LiveStatus, DeployError> {
    let Deployed { set, namespace, .. } = deployed;
    let manifests = Manifests::parse(&deployed.files)?;
    let desired = objects::resolve(cluster, manifests, set, namespace).await?;
    let found = preview::present(cluster, set, &desired).await?;
    let present = found.objects.iter().map(|it| (key(&ObjectId::of(it)), it));
    let present: HashMap<_, _> = present.collect();
    let objects: Vec<_> = desired
        .iter()
        .filter_map(|one| match present.get(&key(&one.id)) {
            Some(live) => Some(standing(one, live, deployed)),
            // What may not be listed is not known to be gone.
            None if found.unseen.contains(&one.id.group_kind()) => None,
            None => Some(missing(&one.id)),
        })
        .collect();
    let worst = objects.iter().max_by_key(|it| gravity(it.state));
    Ok(LiveStatus {
        version: None,
        health: worst.map_or(ObjectState::Waiting, |it| it.state),
        reason: match worst {
            Some(it) if it.state != ObjectState::Healthy => {
                format!("{}/{}: {}", it.kind, it.name, it.reason)
            }
            _ => String::new(),
        },
        drifted: objects.iter().filter(|it| it.drifted).count() as u32,
        objects,
        unseen: found.unseen.iter().map(unseen).collect(),
        at: jiff::Timestamp::now().to_string(),
    })
}

fn standing(desired: &Desired, live: &Value, deployed: &Deployed) -> LiveObject {
    let readiness = readiness(live, &[]);
    let uid = live.pointer("/metadata/uid").and_then(Value::as_str);
    let left = uid.and_then(|uid| deployed.receipts.get(uid));
    let now = receipt(&desired.object, live, &deployed.set.manager());
    LiveObject {
        state: convert::object_state(readiness.health),
        reason: readiness.reason,
        // Without a receipt nobody knows how it was left.
        drifted: left.is_some_and(|left| now.as_ref() != Some(left)),
        ..object(&desired.id)
    }
}

fn missing(id: &ObjectId) -> LiveObject {
    LiveObject {
        state: ObjectState::Failed,
        reason: "it is not there, or no longer marked as a part of the set".to_owned(),
        drifted: true,
        ..object(id)
    }
}

fn object(id: &ObjectId) -> LiveObject {
    LiveObject {
        api_version: id.api_version.clone(),
        kind: id.kind.clone(),
        namespace: id.namespace.clone(),
        name: id.name.clone(),
        state: ObjectState::Waiting,
        reason: String::new(),
        drifted: false,
    }
}

fn unseen(kind: &GroupKind) -> String {
    format!("you may not list {kind}")
}

/// The larger, the more it matters to whoever looks.
fn gravity(state: ObjectState) -> u8 {
    match state {
        ObjectState::Healthy | ObjectState::Removed => 0,
        ObjectState::Waiting => 1,
        ObjectState::Progressing => 2,
        ObjectState::Degraded => 3,
        ObjectState::Failed => 4,
    }
}

/// What names an object, whatever the version of its API.
fn key(id: &ObjectId) -> (String, String, Option<String>, String) {
    let (group, kind, namespace, name) = id.identity();
    let namespace = namespace.map(str::to_owned);
    (
        group.to_owned(),
        kind.to_owned(),
        namespace,
        name.to_owned(),
    )
}
