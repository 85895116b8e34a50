//! Changing what a cluster keeps of an object's managers, where it stands in the way of an apply.

use std::collections::BTreeSet;

use deploy_core::{adoption, apply_set};
use serde_json::Value;

use crate::cluster::{Applied, Apply, Cluster, ClusterError, Target};
use crate::deploy::objects::Desired;

/// Writes that are tried while somebody else changes the object too.
const TRIES: u32 = 5;

/// Makes ready for force: what belongs to another set is refused, and what `kubectl apply` owns on
/// the client's side is handed over.
pub(super) async fn take_over(
    cluster: &dyn Cluster,
    desired: &Desired,
    target: &Target,
    how: &Apply,
) -> Result<(), String> {
    let mut tries = 0;
    loop {
        let live = match cluster.get(target).await {
            Ok(Some(live)) => live,
            Ok(None) => return Ok(()),
            // Who may not read an object may still apply it.
            Err(error) if error.is_forbidden() => return Ok(()),
            Err(error) => return Err(error.about(&desired.id)),
        };
        if let Some(other) = apply_set::of_another_set(&desired.object, &live) {
            return Err(other);
        }
        let Some(managers) = adoption::adopted(&live, &how.manager) else {
            return Ok(());
        };
        tries += 1;
        match cluster.set_managers(target, &live, managers).await {
            Ok(()) => return Ok(()),
            // A controller writes the status of what is busy at any moment.
            Err(ClusterError::Refused(status)) if status.is_stale() && tries < TRIES => {}
            Err(error) => return Err(error.about(&desired.id)),
        }
    }
}

/// Hands over what `kubectl apply` owns of an object that was just applied, and applies it again so
/// that what is no longer described goes. The object is applied either way, so a failure is told
/// as a warning.
pub(super) async fn adopt(
    cluster: &dyn Cluster,
    desired: &Desired,
    target: &Target,
    how: &Apply,
    applied: Applied,
) -> Applied {
    if adoption::adopted(&applied.object, &how.manager).is_none() {
        return applied;
    }
    let adopted = match take_over(cluster, desired, target, how).await {
        Ok(()) => {
            let again = cluster.apply(target, &desired.object, how).await;
            again.map_err(|error| error.about(&desired.id))
        }
        Err(why) => Err(why),
    };
    match adopted {
        Ok(again) => Applied {
            object: again.object,
            ..applied
        },
        Err(why) => {
            let mut applied = applied;
            let warning = format!("what kubectl applied and this version lacks stays: {why}");
            applied.warnings.push(warning);
            applied
        }
    }
}

/// Renames the versions in `managedFields` that the cluster does not serve any more. Returns
/// whether there were any.
pub(super) async fn rename_versions(
    cluster: &dyn Cluster,
    target: &Target,
) -> Result<bool, ClusterError> {
    let mut tries = 0;
    loop {
        let Some(live) = cluster.get(target).await? else {
            return Ok(false);
        };
        let gone = versions_not_served(cluster, target, &live).await?;
        if gone.is_empty() {
            return Ok(false);
        }
        let managers = adoption::in_version(&live, &gone, &target.resource.api_version);
        tries += 1;
        match cluster.set_managers(target, &live, managers).await {
            Ok(()) => return Ok(true),
            Err(ClusterError::Refused(status)) if status.is_stale() && tries < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

/// The versions of its kind that managers of an object name and the cluster does not serve.
pub(super) async fn versions_not_served(
    cluster: &dyn Cluster,
    target: &Target,
    live: &Value,
) -> Result<BTreeSet<String>, ClusterError> {
    let mut gone = BTreeSet::new();
    for version in adoption::other_versions(live, &target.resource.api_version) {
        let served = cluster.resource(&version, &target.resource.kind).await?;
        if served.is_none() {
            gone.insert(version);
        }
    }
    Ok(gone)
}
