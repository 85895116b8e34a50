//! What belongs to a set in a cluster, and what of it may be pruned.
//!
//! The labels and annotations are those of kubectl's `ApplySet`, so that kubectl sees the same
//! set. The parent is a `ConfigMap`: it holds no secret, and fewer people may write Secrets.

use std::collections::BTreeSet;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::object::{GroupKind, ObjectId, list, optional_text, text};
use crate::plan::plan;

/// On each member: the id of its set.
pub const PART_OF: &str = "applyset.kubernetes.io/part-of";
const ID: &str = "applyset.kubernetes.io/id";
const TOOLING: &str = "applyset.kubernetes.io/tooling";
const GROUP_KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
const TOOL: &str = "kun";
/// On the parent: the fence of the job that works on the set.
const FENCE: &str = "kun.dev/deploy-seq";

/// A set in one namespace of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplySet {
    /// The name of its parent.
    name: String,
    /// The namespace of its parent.
    namespace: String,
}

/// Where members of a set may be found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    /// Kinds that it has.
    pub group_kinds: BTreeSet<GroupKind>,
    /// Namespaces that it has members in, its own left out.
    pub namespaces: BTreeSet<String>,
}

/// Why a set cannot be taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplySetError {
    /// The parent carries an id that is not its own.
    #[error(
        "ConfigMap/{name} carries the ApplySet id `{found}`, which is not its own: delete the label or the ConfigMap"
    )]
    ForeignId {
        /// The parent.
        name: String,
        /// The id that it carries.
        found: String,
    },
    /// Another tool keeps the set.
    #[error("ConfigMap/{name} is kept by `{tooling}`: two tools must not keep one set")]
    ForeignTool {
        /// The parent.
        name: String,
        /// What keeps it.
        tooling: String,
    },
    /// A later job has begun to work on the set.
    #[error(
        "a later deploy works on the set: ConfigMap/{name} carries `{FENCE}: {found}`, and this one is {own}. \
         If KUN's database was set back to an earlier state, delete that annotation"
    )]
    TakenOver {
        /// The parent.
        name: String,
        /// The fence that it carries.
        found: i64,
        /// The fence of this job.
        own: i64,
    },
}

impl ApplySet {
    /// The set of a project in an environment, with its parent in `namespace`.
    ///
    /// Slugs hold no dots, so two sets never share a parent.
    pub fn new(project: &str, set: &str, environment: &str, namespace: &str) -> Self {
        Self {
            name: format!("kun.{project}.{set}.{environment}"),
            namespace: namespace.to_owned(),
        }
    }

    /// What names the parent.
    pub fn parent(&self) -> ObjectId {
        ObjectId {
            api_version: "v1".to_owned(),
            kind: "ConfigMap".to_owned(),
            namespace: Some(self.namespace.clone()),
            name: self.name.clone(),
        }
    }

    /// The id that members carry.
    pub fn id(&self) -> String {
        let named = format!("{}.{}.ConfigMap.", self.name, self.namespace);
        let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(named.as_bytes()));
        format!("applyset-{digest}-v1")
    }

    /// Whom the fields of members belong to. Each set has its own manager, so that the cluster
    /// itself reports a conflict when two sets describe one object.
    pub fn manager(&self) -> String {
        // An API server takes 128 bytes.
        match self.name.len() {
            ..=128 => self.name.clone(),
            _ => format!("kun.{}", self.id()),
        }
    }

    /// What finds the members.
    pub fn selector(&self) -> String {
        format!("{PART_OF}={}", self.id())
    }

    /// The parent as the job with the fence `fence` applies it.
    pub fn parent_object(&self, members: &Members, fence: i64) -> Value {
        let version = env!("CARGO_PKG_VERSION");
        json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": self.name,
                "namespace": self.namespace,
                "labels": { ID: self.id() },
                "annotations": {
                    TOOLING: format!("{TOOL}/{version}"),
                    GROUP_KINDS: join(&members.group_kinds),
                    NAMESPACES: join(&members.namespaces),
                    FENCE: fence.to_string(),
                },
            },
        })
    }

    /// What `members` of this set must be looked for in.
    pub fn members<'a>(&self, members: impl IntoIterator<Item = &'a ObjectId>) -> Members {
        let mut found = Members::default();
        for id in members {
            found.group_kinds.insert(id.group_kind());
            if let Some(namespace) = &id.namespace
                && *namespace != self.namespace
            {
                found.namespaces.insert(namespace.clone());
            }
        }
        found
    }

    /// Reads what the parent in the cluster says.
    ///
    /// # Errors
    ///
    /// If the parent carries a foreign id or is kept by another tool: members may then belong to
    /// somebody else.
    pub fn read_parent(&self, live: &Value) -> Result<Members, ApplySetError> {
        let label = |key: &str| live.pointer("/metadata/labels").and_then(|it| it.get(key));
        let annotation = |key: &str| {
            live.pointer("/metadata/annotations")
                .and_then(|it| it.get(key))
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        if let Some(found) = label(ID).and_then(Value::as_str)
            && found != self.id()
        {
            return Err(ApplySetError::ForeignId {
                name: self.name.clone(),
                found: found.to_owned(),
            });
        }
        let tooling = annotation(TOOLING);
        if !tooling.is_empty() && tooling.split('/').next() != Some(TOOL) {
            return Err(ApplySetError::ForeignTool {
                name: self.name.clone(),
                tooling: tooling.to_owned(),
            });
        }
        Ok(Members {
            group_kinds: split(annotation(GROUP_KINDS))
                .map(GroupKind::parse)
                .collect(),
            namespaces: split(annotation(NAMESPACES)).map(str::to_owned).collect(),
        })
    }

    /// Fails if the parent in the cluster shows that a later job works on the set.
    ///
    /// # Errors
    ///
    /// If its fence is larger than `fence`.
    pub fn check_fence(&self, live: &Value, fence: i64) -> Result<(), ApplySetError> {
        let annotations = live.pointer("/metadata/annotations");
        let found = annotations.and_then(|it| it.get(FENCE)?.as_str()?.parse::<i64>().ok());
        match found {
            Some(found) if found > fence => Err(ApplySetError::TakenOver {
                name: self.name.clone(),
                found,
                own: fence,
            }),
            _ => Ok(()),
        }
    }

    /// Marks `object` as a member. The label stands on the object only: in a template of pods it
    /// would restart them.
    pub fn mark(&self, object: &mut Value) {
        let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else {
            return;
        };
        let labels = metadata.entry("labels").or_insert_with(|| json!({}));
        if labels.is_null() {
            *labels = json!({});
        }
        if let Some(labels) = labels.as_object_mut() {
            labels.insert(PART_OF.to_owned(), Value::String(self.id()));
        }
    }
}

/// Says that `live` belongs to another set than `marked`, a member of its own; `None` if it does not.
pub fn of_another_set(marked: &Value, live: &Value) -> Option<String> {
    let set = |object: &Value| {
        let labels = object.pointer("/metadata/labels")?;
        Some(labels.get(PART_OF)?.as_str()?.to_owned())
    };
    let owner = set(live)?;
    (Some(&owner) != set(marked).as_ref()).then(|| {
        format!("it belongs to another set (its label `{PART_OF}` is `{owner}`): an object can be in one set only")
    })
}

impl Members {
    /// Both together: what must be written before anything is applied.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            group_kinds: &self.group_kinds | &other.group_kinds,
            namespaces: &self.namespaces | &other.namespaces,
        }
    }
}

/// A member that is no longer described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Victim {
    /// What names it.
    pub id: ObjectId,
    /// Only the object with this uid may be deleted.
    pub uid: String,
}

/// What pruning does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prune {
    /// What is deleted.
    pub victims: Vec<Victim>,
    /// What stays, and why, as a sentence.
    pub kept: Vec<(ObjectId, String)>,
}

/// Chooses what may go of `candidates`, the members found in the cluster: what stands on others
/// goes before them.
///
/// Kept are: everything if nothing is desired (an empty render must not empty a namespace), kinds
/// that hold data or other objects, objects that a controller owns, and those that say so.
pub fn prune(desired: &[ObjectId], candidates: &[Value]) -> Prune {
    let live: Vec<_> = candidates.iter().map(ObjectId::of).collect();
    let mut prune = Prune::default();
    for id in plan(desired, &live).prune {
        let mut found = live.iter().zip(candidates);
        let Some((_, object)) = found.find(|(it, _)| **it == id) else {
            continue;
        };
        match why_kept(desired, &id, object) {
            Some(why) => prune.kept.push((id, why)),
            None => prune.victims.push(Victim {
                id,
                uid: text(object, "/metadata/uid").to_owned(),
            }),
        }
    }
    prune
}

fn why_kept(desired: &[ObjectId], id: &ObjectId, live: &Value) -> Option<String> {
    if desired.is_empty() {
        return Some("a version without objects prunes nothing".to_owned());
    }
    let precious = matches!(
        (id.group(), id.kind.as_str()),
        (
            "",
            "Namespace" | "PersistentVolumeClaim" | "PersistentVolume"
        ) | ("apiextensions.k8s.io", "CustomResourceDefinition")
    );
    if precious {
        let kind = &id.kind;
        return Some(format!(
            "a {kind} is never pruned, since others' data would go with it: delete it by hand"
        ));
    }
    let owned = |owner: &Value| owner.get("controller") == Some(&Value::Bool(true));
    if list(live, "/metadata/ownerReferences").iter().any(owned) {
        return Some("a controller owns it".to_owned());
    }
    if optional_text(live, "/metadata/uid").is_none() {
        return Some("the cluster gave no uid, so it could be another object by now".to_owned());
    }
    optional_text(live, "/metadata/annotations/kun.dev~1prune")
        .filter(|value| *value == "false")
        .map(|_| "its annotation `kun.dev/prune` says so".to_owned())
}

fn join<T: fmt::Display>(items: &BTreeSet<T>) -> String {
    // Sorted as texts: kubectl compares the annotation as it stands.
    let mut texts: Vec<_> = items.iter().map(T::to_string).collect();
    texts.sort();
    texts.join(",")
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[test]
    fn the_parent_is_one_that_kubectl_understands() {
        let set = ApplySet::new("shop", "web", "dev", "default");
        let ids = [
            id("apps/v1 Deployment default web"),
            id("v1 ConfigMap other settings"),
        ];

        let parent = set.parent_object(&set.members(&ids), 7);

        expect![[r#"
            {
              "apiVersion": "v1",
              "kind": "ConfigMap",
              "metadata": {
                "annotations": {
                  "applyset.kubernetes.io/additional-namespaces": "other",
                  "applyset.kubernetes.io/contains-group-kinds": "ConfigMap,Deployment.apps",
                  "applyset.kubernetes.io/tooling": "kun/0.1.0",
                  "kun.dev/deploy-seq": "7"
                },
                "labels": {
                  "applyset.kubernetes.io/id": "applyset-7ZfUBqBRSKMjfsuhL3SpqFMN1T-AuJOfdwkrKccGoKY-v1"
                },
                "name": "kun.shop.web.dev",
                "namespace": "default"
              }
            }"#]]
        .assert_eq(&serde_json::to_string_pretty(&parent).unwrap());
        assert_eq!(set.read_parent(&parent), Ok(set.members(&ids)));
    }

    #[test]
    fn a_parent_of_others_is_left_alone() {
        let set = ApplySet::new("shop", "web", "dev", "default");
        let mut parent = set.parent_object(&Members::default(), 1);
        parent["metadata"]["annotations"][TOOLING] = json!("kubectl/v1.36.4");
        assert!(matches!(
            set.read_parent(&parent),
            Err(ApplySetError::ForeignTool { .. })
        ));

        parent["metadata"]["labels"][ID] = json!("applyset-x-v1");
        assert!(matches!(
            set.read_parent(&parent),
            Err(ApplySetError::ForeignId { .. })
        ));
    }

    #[test]
    fn a_job_sees_that_a_later_one_has_begun() {
        let set = ApplySet::new("shop", "web", "dev", "default");
        let parent = set.parent_object(&Members::default(), 7);

        assert_eq!(set.check_fence(&parent, 7), Ok(()));
        assert_eq!(set.check_fence(&parent, 8), Ok(()));
        assert_eq!(set.check_fence(&json!({}), 1), Ok(()));
        let late = set.check_fence(&parent, 6).unwrap_err().to_string();
        assert!(late.contains("`kun.dev/deploy-seq: 7`"), "{late}");
    }

    #[test]
    fn only_what_is_no_longer_described_is_pruned() {
        check(
            "v1 ConfigMap a new",
            &[
                "v1 ConfigMap a new",
                "v1 ConfigMap a old",
                "apps/v1 Deployment a web",
                "v1 ConfigMap b new",
            ],
            expect![[r"
                prune Deployment/web in a
                prune ConfigMap/old in a
                prune ConfigMap/new in b
            "]],
        );
    }

    #[test]
    fn precious_kinds_stay() {
        check(
            "v1 ConfigMap a new",
            &["v1 Namespace - a", "v1 PersistentVolumeClaim a data"],
            expect![[r"
                keep PersistentVolumeClaim/data: a PersistentVolumeClaim is never pruned, since others' data would go with it: delete it by hand
                keep Namespace/a: a Namespace is never pruned, since others' data would go with it: delete it by hand
            "]],
        );
    }

    #[test]
    fn nothing_desired_prunes_nothing() {
        check(
            "",
            &["v1 ConfigMap a old"],
            expect![[r"
                keep ConfigMap/old: a version without objects prunes nothing
            "]],
        );
    }

    #[test]
    fn an_object_of_another_set_is_recognized() {
        let marked = |set: &str| {
            let mut object = json!({"metadata": {"name": "x"}});
            ApplySet::new("shop", set, "dev", "default").mark(&mut object);
            object
        };
        let free = json!({"metadata": {"name": "x"}});

        assert_eq!(of_another_set(&marked("web"), &free), None);
        assert_eq!(of_another_set(&marked("web"), &marked("web")), None);
        let said = of_another_set(&marked("web"), &marked("other")).unwrap();
        assert!(said.starts_with("it belongs to another set"), "{said}");
    }

    #[track_caller]
    fn check(desired: &str, live: &[&str], expected: Expect) {
        let desired: Vec<_> = desired.lines().map(id).collect();
        let live: Vec<_> = live
            .iter()
            .map(|text| {
                let id = id(text);
                json!({"apiVersion": id.api_version, "kind": id.kind,
                    "metadata": {"name": id.name, "namespace": id.namespace, "uid": "u"}})
            })
            .collect();
        let Prune { victims, kept } = prune(&desired, &live);
        let mut shown = String::new();
        for Victim { id, .. } in victims {
            shown += &format!("prune {id} in {}\n", id.namespace.as_deref().unwrap_or("-"));
        }
        for (id, why) in kept {
            shown += &format!("keep {id}: {why}\n");
        }
        expected.assert_eq(&shown);
    }

    fn id(text: &str) -> ObjectId {
        let words: Vec<_> = text.split(' ').collect();
        ObjectId {
            api_version: words[0].to_owned(),
            kind: words[1].to_owned(),
            namespace: (words[2] != "-").then(|| words[2].to_owned()),
            name: words[3].to_owned(),
        }
    }
}
