//! Watching objects of one kind in one namespace, and telling how each stands.
//!
//! One list and one watch serve all of them. Where the person may not list or watch, they are
//! asked for one by one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use deploy_core::ObjectId;
use deploy_core::readiness::{Health, Readiness, has_pods, own_pods, readiness};
use futures::StreamExt;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::cluster::{Cluster, ClusterError, Query, Resource, Seen, Target};

/// How often pods are looked at, and objects that cannot be watched.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How long a watch is followed that does not end: a connection that was cut off says nothing.
const LONGEST_WATCH: Duration = Duration::from_secs(75);

/// How an object stands.
#[derive(Debug)]
pub(super) struct Observation {
    /// Its place among those that are waited for.
    pub(super) idx: usize,
    pub(super) readiness: Readiness,
    pub(super) object: Option<Value>,
    /// Its pods of the present revision.
    pub(super) pods: Vec<Value>,
}

/// What is watched together.
pub(super) struct Group {
    pub(super) query: Query,
    /// Each object and its place among those that are waited for.
    pub(super) targets: Vec<(usize, Target)>,
    /// Those that are deleted when they have ended.
    pub(super) short_lived: HashSet<usize>,
}

/// Tells how the objects of a group stand, until nobody listens.
pub(super) async fn observe(
    cluster: Arc<dyn Cluster>,
    group: Group,
    sender: mpsc::Sender<Observation>,
) {
    let mut observer = Observer {
        cluster,
        group,
        sender,
        latest: HashMap::new(),
    };
    while observer.look().await.is_some() {}
}

struct Observer {
    cluster: Arc<dyn Cluster>,
    group: Group,
    sender: mpsc::Sender<Observation>,
    /// Objects that are not ready, as they were seen last.
    latest: HashMap<usize, Value>,
}

impl Observer {
    /// Looks at everything once and follows the changes from there. `None` when nobody listens.
    async fn look(&mut self) -> Option<()> {
        match self.cluster.list(&self.group.query).await {
            Ok(listed) => {
                self.tell_all(&listed.items).await?;
                self.follow(&listed.resource_version).await
            }
            Err(error) if error.is_forbidden() => {
                self.ask_one_by_one().await?;
                self.pause().await
            }
            Err(error) => {
                self.tell_trouble(&error).await?;
                self.pause().await
            }
        }
    }

    async fn pause(&mut self) -> Option<()> {
        tokio::select! {
            () = self.sender.closed() => None,
            () = tokio::time::sleep(LOOK_AGAIN) => Some(()),
        }
    }

    async fn tell_all(&mut self, items: &[Value]) -> Option<()> {
        for (idx, target) in self.group.targets.clone() {
            let named = |item: &&Value| ObjectId::of(item).name == target.name;
            match items.iter().find(named) {
                Some(object) => self.tell(idx, object.clone()).await?,
                None => self.tell_gone(idx).await?,
            }
        }
        Some(())
    }

    async fn ask_one_by_one(&mut self) -> Option<()> {
        for (idx, target) in self.group.targets.clone() {
            match self.cluster.get(&target).await {
                Ok(Some(object)) => self.tell(idx, object).await?,
                Ok(None) => self.tell_gone(idx).await?,
                Err(error) => self.tell_trouble(&error).await?,
            }
        }
        Some(())
    }

    /// Follows the changes until the watch ends; objects may then be listed again.
    async fn follow(&mut self, from: &str) -> Option<()> {
        let Ok(mut seen) = self.cluster.watch(&self.group.query, from).await else {
            return self.pause().await;
        };
        let mut again = tokio::time::interval(LOOK_AGAIN);
        again.tick().await;
        let mut end = std::pin::pin!(tokio::time::sleep(LONGEST_WATCH));
        loop {
            tokio::select! {
                () = self.sender.closed() => return None,
                () = &mut end => return Some(()),
                _ = again.tick() => self.look_at_pods().await?,
                event = seen.next() => match event {
                    Some(Ok(event)) => self.take_in(event).await?,
                    Some(Err(error)) if error.is_gone() => return Some(()),
                    Some(Err(_)) | None => return self.pause().await,
                },
            }
        }
    }

    async fn take_in(&mut self, event: Seen) -> Option<()> {
        let (Seen::Present(object) | Seen::Gone(object)) = &event;
        let name = ObjectId::of(object).name;
        let mut targets = self.group.targets.iter();
        let Some(idx) = targets.find(|(_, it)| it.name == name).map(|(idx, _)| *idx) else {
            return Some(());
        };
        match event {
            Seen::Present(object) => self.tell(idx, object).await,
            Seen::Gone(_) => self.tell_gone(idx).await,
        }
    }

    /// Pods change without their owner changing.
    async fn look_at_pods(&mut self) -> Option<()> {
        let unready: Vec<_> = self
            .latest
            .iter()
            .map(|(idx, it)| (*idx, it.clone()))
            .collect();
        for (idx, object) in unready {
            if has_pods(&ObjectId::of(&object)) {
                self.tell(idx, object).await?;
            }
        }
        Some(())
    }

    async fn tell(&mut self, idx: usize, object: Value) -> Option<()> {
        let alone = readiness(&object, &[]);
        let mut observation = Observation {
            idx,
            readiness: alone,
            object: None,
            pods: Vec::new(),
        };
        if observation.readiness.health == Health::Ready {
            self.latest.remove(&idx);
        } else if self.latest.insert(idx, object.clone()).is_some() {
            // Not at the first look: most become ready soon, and hundreds of objects would ask
            // for the pods of each before any controller has seen them.
            let related = related(&*self.cluster, &object).await;
            observation.readiness = readiness(&object, &related);
            observation.pods = own_pods(&object, &related).into_iter().cloned().collect();
        }
        observation.object = Some(object);
        self.sender.send(observation).await.ok()
    }

    /// An object that is gone was deleted by somebody, unless it is a Job that cleans up after
    /// itself.
    async fn tell_gone(&mut self, idx: usize) -> Option<()> {
        self.latest.remove(&idx);
        let (health, reason) = if self.group.short_lived.contains(&idx) {
            (Health::Ready, "it has ended and was cleaned up")
        } else {
            (Health::Failed, "it is gone: somebody deleted it")
        };
        let observation = Observation {
            idx,
            readiness: Readiness {
                health,
                reason: reason.to_owned(),
            },
            object: None,
            pods: Vec::new(),
        };
        self.sender.send(observation).await.ok()
    }

    async fn tell_trouble(&mut self, error: &ClusterError) -> Option<()> {
        for (idx, target) in &self.group.targets {
            let readiness = Readiness {
                health: Health::Progressing,
                reason: error.about(&target.id()),
            };
            let observation = Observation {
                idx: *idx,
                readiness,
                object: None,
                pods: Vec::new(),
            };
            self.sender.send(observation).await.ok()?;
        }
        Some(())
    }
}

/// The replica sets and pods that a workload's selector finds; none if the person may not see them.
async fn related(cluster: &dyn Cluster, object: &Value) -> Vec<Value> {
    let id = ObjectId::of(object);
    if !has_pods(&id) {
        return Vec::new();
    }
    let labels = selector(object);
    if labels.is_empty() {
        return Vec::new();
    }
    let query = |api_version: &str, kind: &str, plural: &str| Query {
        resource: Resource {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            plural: plural.to_owned(),
            namespaced: true,
        },
        namespace: id.namespace.clone(),
        labels: labels.clone(),
        fields: String::new(),
    };
    let pods = query("v1", "Pod", "pods");
    let replica_sets = query("apps/v1", "ReplicaSet", "replicasets");
    let pods = cluster.list(&pods);
    let (pods, replica_sets) = if id.kind == "Deployment" {
        tokio::join!(pods, cluster.list(&replica_sets))
    } else {
        (pods.await, Ok(crate::cluster::Listed::default()))
    };
    let found = [pods, replica_sets].into_iter().flatten();
    found.flat_map(|listed| listed.items).collect()
}

/// `spec.selector` as a label selector; empty if it selects nothing or cannot be written as one.
fn selector(object: &Value) -> String {
    let labels = object
        .pointer("/spec/selector/matchLabels")
        .and_then(Value::as_object);
    let pairs = labels.into_iter().flatten();
    let equal = pairs.filter_map(|(key, value)| Some(format!("{key}={}", value.as_str()?)));
    let expressions = object
        .pointer("/spec/selector/matchExpressions")
        .and_then(Value::as_array);
    let others = expressions.into_iter().flatten().filter_map(expression);
    equal.chain(others).collect::<Vec<_>>().join(",")
}

fn expression(requirement: &Value) -> Option<String> {
    let key = requirement.get("key")?.as_str()?;
    let values = requirement.get("values").and_then(Value::as_array);
    let values: Vec<_> = values
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match requirement.get("operator")?.as_str()? {
        "In" => Some(format!("{key} in ({})", values.join(","))),
        "NotIn" => Some(format!("{key} notin ({})", values.join(","))),
        "Exists" => Some(key.to_owned()),
        "DoesNotExist" => Some(format!("!{key}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_written_as_kubectl_writes_them() {
        let object = serde_json::json!({"spec": {"selector": {
            "matchLabels": {"app": "web"},
            "matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["a", "b"]},
                {"key": "old", "operator": "DoesNotExist"},
            ],
        }}});

        assert_eq!(selector(&object), "app=web,tier in (a,b),!old");
    }
}
