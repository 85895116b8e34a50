//! The objects of a set that are in a cluster now.

use std::collections::{BTreeMap, BTreeSet};

use deploy_core::GroupKind;
use deploy_core::apply_set::{ApplySet, Members};
use futures::future::{join_all, try_join_all};
use serde_json::Value;

use crate::cluster::{Cluster, ClusterError, Query, Resource};
use crate::deploy::objects::Desired;

/// What was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) objects: Vec<Value>,
    /// Kinds that the person may not list.
    pub(super) unseen: BTreeSet<GroupKind>,
}

impl Found {
    /// Says of what nothing can be pruned, since nobody knows what of it is there.
    pub(super) fn not_pruned(&self) -> impl Iterator<Item = String> {
        let kinds = self.unseen.iter();
        kinds.map(|kind| format!("you may not list {kind}, so nothing of it is pruned"))
    }
}

/// Lists the members of a set, by one request for each kind and namespace: in the version that
/// `desired` describes them in, so that both can be compared, or else in one that is served.
pub(super) async fn find(
    cluster: &dyn Cluster,
    set: &ApplySet,
    members: &Members,
    desired: &[Desired],
) -> Result<Found, ClusterError> {
    let described: BTreeMap<_, _> = desired
        .iter()
        .filter_map(|one| Some((one.id.group_kind(), one.served()?)))
        .collect();
    let kinds = members.group_kinds.iter();
    let resources = kinds.map(|kind| async {
        match described.get(kind) {
            Some(resource) => Ok(Some((*resource).clone())),
            None => cluster.preferred(kind).await,
        }
    });
    let resources = try_join_all(resources).await?;
    let lists = resources
        .into_iter()
        .flatten()
        .flat_map(|resource| queries(set, members, &resource));
    let answers = join_all(lists.map(|query| async move { (cluster.list(&query).await, query) }));
    let mut found = Found::default();
    for (answer, query) in answers.await {
        match answer {
            Ok(listed) => found.objects.extend(listed.items),
            Err(error) if error.is_forbidden() => {
                found.unseen.insert(GroupKind {
                    group: query.resource.group().to_owned(),
                    kind: query.resource.kind,
                });
            }
            // The kind was there a moment ago; its objects went with it.
            Err(error) if error.status().is_some_and(|it| it.code == 404) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn queries(set: &ApplySet, members: &Members, resource: &Resource) -> Vec<Query> {
    let query = |namespace: Option<String>| Query {
        resource: resource.clone(),
        namespace,
        labels: set.selector(),
        fields: String::new(),
    };
    if !resource.namespaced {
        return vec![query(None)];
    }
    let own = set.parent().namespace.into_iter();
    let namespaces: BTreeSet<_> = own.chain(members.namespaces.iter().cloned()).collect();
    namespaces.into_iter().map(|it| query(Some(it))).collect()
}
