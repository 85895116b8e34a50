//! Deleting what a version no longer describes, and telling what does not go.

use std::time::Duration;

use deploy_core::apply_set::Victim;
use futures::future::join_all;
use serde_json::Value;
use tokio::time::Instant;

use crate::cluster::{Cluster, ClusterError, Target};

/// How long deleted objects may take to go until the deploy ends without them.
const GOING: Duration = Duration::from_secs(30);
const FIRST_LOOK: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What became of an object that was to be deleted.
#[derive(Debug)]
pub(super) enum Fate {
    Gone,
    /// It is being deleted, and still there for this reason.
    Held(String),
    /// It was not deleted for this reason.
    Refused(String),
}

/// Deletes the victims in their order and waits until they are gone, for a while.
pub(super) async fn delete_all(
    cluster: &dyn Cluster,
    victims: Vec<Victim>,
) -> Result<Vec<(Victim, Fate)>, ClusterError> {
    let mut begun = Vec::new();
    for victim in victims {
        begun.push((begin(cluster, &victim).await?, victim));
    }
    let until = Instant::now() + GOING;
    let ends = begun.into_iter().map(|(begun, victim)| async move {
        let fate = match begun {
            Ok(Some(target)) => wait_until_gone(cluster, &target, &victim.uid, until).await,
            Ok(None) => Fate::Gone,
            Err(error) => Fate::Refused(error.about(&victim.id)),
        };
        (victim, fate)
    });
    Ok(join_all(ends).await)
}

/// Asks for an object to be deleted. `None` where its kind is no longer served, and it with it.
async fn begin(
    cluster: &dyn Cluster,
    victim: &Victim,
) -> Result<Result<Option<Target>, ClusterError>, ClusterError> {
    let id = &victim.id;
    let Some(resource) = cluster.resource(&id.api_version, &id.kind).await? else {
        return Ok(Ok(None));
    };
    let target = Target {
        resource,
        namespace: id.namespace.clone(),
        name: id.name.clone(),
    };
    let deleted = cluster.delete(&target, &victim.uid).await;
    Ok(deleted.map(|()| Some(target)))
}

async fn wait_until_gone(
    cluster: &dyn Cluster,
    target: &Target,
    uid: &str,
    until: Instant,
) -> Fate {
    let mut pause = FIRST_LOOK;
    loop {
        let live = match cluster.get(target).await {
            Ok(Some(live)) if has_uid(&live, uid) => live,
            // Gone, or made again by somebody.
            Ok(_) => return Fate::Gone,
            // Who may delete may not always read.
            Err(error) if error.is_forbidden() => return Fate::Gone,
            Err(error) => return Fate::Held(error.about(&target.id())),
        };
        if Instant::now() + pause > until {
            return Fate::Held(why_held(target, &live));
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn has_uid(live: &Value, uid: &str) -> bool {
    live.pointer("/metadata/uid").and_then(Value::as_str) == Some(uid)
}

/// Says what holds an object that is being deleted, and how to go on.
fn why_held(target: &Target, live: &Value) -> String {
    let finalizers = live
        .pointer("/metadata/finalizers")
        .and_then(Value::as_array);
    let names: Vec<_> = finalizers
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if names.is_empty() {
        let seconds = GOING.as_secs();
        return format!("it is being deleted, and not gone after {seconds} seconds");
    }
    let namespace = match &target.namespace {
        Some(namespace) => format!(" -n {namespace}"),
        None => String::new(),
    };
    let resource = match target.resource.group() {
        "" => target.resource.plural.clone(),
        group => format!("{}.{group}", target.resource.plural),
    };
    format!(
        "it is being deleted, and held by the finalizer {}: what set it must let it go. Where that \
         does not run any more, let it go by hand: kubectl patch{namespace} {resource} {} \
         --type=merge -p '{{\"metadata\":{{\"finalizers\":null}}}}'",
        names.join(", "),
        target.name
    )
}
