//! The objects of a version as one cluster would have them: with a namespace and a way to them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use deploy_core::apply_set::ApplySet;
use deploy_core::status::Status;
use deploy_core::{Manifests, ObjectId, secret};
use futures::future::try_join_all;
use serde_json::Value;

use crate::cluster::{Cluster, ClusterError, Resource, Target};
use crate::deploy::DeployError;

/// An object that a deploy applies.
#[derive(Debug, Clone)]
pub(super) struct Desired {
    /// With the namespace that applies.
    pub(super) id: ObjectId,
    /// Marked as a member of its set.
    pub(super) object: Value,
    /// `None` if the cluster does not serve the kind, nor will.
    pub(super) target: Option<Target>,
    /// The definition of the kind, if it stands in the same set.
    pub(super) definition: Option<Definition>,
}

/// A definition that the set itself adds or changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) name: String,
    /// Whether the cluster serves the kind already, maybe with other fields.
    pub(super) is_served: bool,
}

impl Desired {
    /// Says that the cluster does not serve the kind.
    pub(super) fn why_unknown(&self) -> String {
        let unknown = Status {
            code: 404,
            ..Status::default()
        };
        deploy_core::explain::refusal(&self.id, &unknown)
    }

    /// How the cluster serves the kind already.
    pub(super) fn served(&self) -> Option<&Resource> {
        let is_served = self.definition.as_ref().is_none_or(|it| it.is_served);
        self.target
            .as_ref()
            .filter(|_| is_served)
            .map(|it| &it.resource)
    }
}

/// Finds each object's place in the cluster.
pub(super) async fn resolve(
    cluster: &dyn Cluster,
    manifests: Manifests,
    set: &ApplySet,
    namespace: &str,
) -> Result<Vec<Desired>, DeployError> {
    let manifests = manifests.into_objects();
    let served = served(cluster, manifests.iter().map(|it| &it.id)).await?;
    let defined = defined(manifests.iter().map(|it| &it.object));

    let mut desired: Vec<Desired> = Vec::with_capacity(manifests.len());
    let mut seen = HashSet::new();
    for manifest in manifests {
        let kind = (manifest.id.api_version.clone(), manifest.id.kind.clone());
        let served = served.get(&kind);
        let defined = defined.get(&kind);
        let definition = defined.map(|(_, name)| Definition {
            name: name.clone(),
            is_served: served.is_some(),
        });
        let resource = served.or(defined.map(|(resource, _)| resource)).cloned();
        let one = place(
            manifest.id,
            manifest.object,
            resource,
            definition,
            set,
            namespace,
        );
        let identity = one.id.identity();
        let key = (
            identity.0.to_owned(),
            identity.1.to_owned(),
            identity.2.map(str::to_owned),
            identity.3.to_owned(),
        );
        if !seen.insert(key) {
            return Err(DeployError::Duplicate(one.id, namespace.to_owned()));
        }
        desired.push(one);
    }
    Ok(desired)
}

fn place(
    mut id: ObjectId,
    mut object: Value,
    resource: Option<Resource>,
    definition: Option<Definition>,
    set: &ApplySet,
    namespace: &str,
) -> Desired {
    let namespaced = resource.as_ref().is_some_and(|it| it.namespaced);
    id.namespace = namespaced.then(|| id.namespace.unwrap_or_else(|| namespace.to_owned()));
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        match &id.namespace {
            Some(namespace) => metadata.insert("namespace".to_owned(), namespace.clone().into()),
            None => metadata.remove("namespace"),
        };
    }
    secret::encode_texts(&mut object);
    set.mark(&mut object);
    let target = resource.map(|resource| Target {
        resource,
        namespace: id.namespace.clone(),
        name: id.name.clone(),
    });
    Desired {
        id,
        object,
        target,
        definition,
    }
}

type Kind = (String, String);

/// Asks once for each kind.
async fn served<'a>(
    cluster: &dyn Cluster,
    ids: impl Iterator<Item = &'a ObjectId>,
) -> Result<BTreeMap<Kind, Resource>, ClusterError> {
    let kinds: BTreeSet<_> = ids
        .map(|id| (id.api_version.clone(), id.kind.clone()))
        .collect();
    // One kind of each version first: the others then find the answer remembered.
    let versions: BTreeMap<_, _> = kinds
        .iter()
        .map(|(version, kind)| (version, kind))
        .collect();
    try_join_all(
        versions
            .iter()
            .map(|(version, kind)| cluster.resource(version, kind)),
    )
    .await?;
    let found = kinds.into_iter().map(|kind| async move {
        let resource = cluster.resource(&kind.0, &kind.1).await?;
        Ok::<_, ClusterError>(resource.map(|resource| (kind, resource)))
    });
    Ok(try_join_all(found).await?.into_iter().flatten().collect())
}

/// The kinds that definitions of the set itself add, and the definition of each.
fn defined<'a>(objects: impl Iterator<Item = &'a Value>) -> BTreeMap<Kind, (Resource, String)> {
    let text = |object: &Value, pointer: &str| {
        object
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let mut found = BTreeMap::new();
    for object in objects {
        if object.get("kind").and_then(Value::as_str) != Some("CustomResourceDefinition") {
            continue;
        }
        let parts = (
            text(object, "/metadata/name"),
            text(object, "/spec/group"),
            text(object, "/spec/names/kind"),
            text(object, "/spec/names/plural"),
        );
        let (Some(name), Some(group), Some(kind), Some(plural)) = parts else {
            continue;
        };
        let versions = object.pointer("/spec/versions").and_then(Value::as_array);
        for version in versions.into_iter().flatten() {
            let Some(version) = version.get("name").and_then(Value::as_str) else {
                continue;
            };
            let resource = Resource {
                api_version: format!("{group}/{version}"),
                kind: kind.clone(),
                plural: plural.clone(),
                namespaced: text(object, "/spec/scope").as_deref() == Some("Namespaced"),
            };
            let key = (resource.api_version.clone(), kind.clone());
            found.insert(key, (resource, name.clone()));
        }
    }
    found
}
