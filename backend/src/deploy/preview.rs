//! What a deploy would do now, asked as the person who would deploy. Nothing is changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use api_types::{ChangeKind, Conflict, DeployOptions, Preview, PreviewObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deploy_core::apply_set::{self, ApplySet, Members};
use deploy_core::conflicts::conflicts;
use deploy_core::manifest::content_hash;
use deploy_core::plan::plan;
use deploy_core::receipt::receipt;
use deploy_core::status::Status;
use deploy_core::{Manifests, ObjectId, adoption};
use futures::StreamExt;
use futures::future::join_all;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::cluster::{Access, Apply, Cluster, ClusterError, Conflicts, Mode, Target};
use crate::deploy::adopt::versions_not_served;
use crate::deploy::members::{self, Found};
use crate::deploy::objects::{self, Desired};
use crate::deploy::parent::{self, Parent};
use crate::deploy::{DeployError, convert};
use crate::store::NewJob;

/// Objects that are asked about at the same time.
const AT_ONCE: usize = 16;
/// Fields that a warning names.
const MOST_FIELDS: usize = 5;
/// Objects of a kind whose rights are asked for one by one.
const MOST_NAMES: usize = 50;

/// Says what deploying `files` would do. What is as an earlier deploy left it, by its receipt, is
/// not tried.
///
/// # Errors
///
/// If the files are invalid, the cluster does not answer, or somebody else keeps the set there.
/// What single objects lack stands in the preview.
pub(super) async fn preview(
    cluster: &dyn Cluster,
    job: &NewJob,
    files: &BTreeMap<String, String>,
    receipts: &HashMap<String, String>,
) -> Result<Preview, DeployError> {
    let options = &job.options;
    let set = super::apply_set(&job.set, &job.environment, &job.namespace);
    let manifests = Manifests::parse(files)?;
    let desired = objects::resolve(cluster, manifests, &set, &job.namespace).await?;
    let ids: Vec<_> = desired.iter().map(|it| it.id.clone()).collect();
    let order = plan(&ids, &[])
        .batches
        .into_iter()
        .flat_map(|batch| batch.objects);

    let found = present(cluster, &set, &desired).await?;
    let asker = Asker {
        cluster,
        receipts,
        live: &found.objects,
        manager: set.manager(),
        ids: &ids,
        force: options.force_conflicts,
    };
    // Collected, or the closure would have to be `Send` for every lifetime.
    let checks: Vec<_> = order
        .filter_map(|idx| desired.get(idx))
        .map(|one| asker.check(one))
        .collect();
    let checks = futures::stream::iter(checks)
        .buffered(AT_ONCE)
        .collect::<Vec<_>>();
    let rights = missing_rights(cluster, &desired, &set, options);
    let (checked, missing_rights) = tokio::join!(checks, rights);

    let mut objects = Vec::new();
    let mut warnings = BTreeSet::new();
    for check in checked {
        let check = check?;
        objects.push(check.object);
        warnings.extend(check.warnings);
    }
    if options.prune {
        let pruned = pruned(&ids, &found);
        objects.extend(pruned.0);
        warnings.extend(pruned.1);
    }
    Ok(Preview {
        id: fingerprint(job, files, &objects),
        objects,
        missing_rights,
        warnings: warnings.into_iter().collect(),
    })
}

/// What the cluster says of one object.
struct Check {
    object: PreviewObject,
    warnings: Vec<String>,
}

struct Asker<'a> {
    cluster: &'a dyn Cluster,
    /// What earlier deploys left behind, by the uid of the object.
    receipts: &'a HashMap<String, String>,
    /// The members of the set that the person may see.
    live: &'a [Value],
    manager: String,
    /// All objects of the set.
    ids: &'a [ObjectId],
    force: bool,
}

impl Asker<'_> {
    async fn check(&self, desired: &Desired) -> Result<Check, ClusterError> {
        let id = &desired.id;
        let Some(target) = &desired.target else {
            return Ok(problem(id, desired.why_unknown()));
        };
        if let Some(definition) = desired.definition.as_ref().filter(|it| !it.is_served) {
            return Ok(problem(id, until(&definition_id(&definition.name))));
        }
        let conflicts = if self.force {
            Conflicts::TakeOver
        } else {
            Conflicts::Report
        };
        let member = self
            .live
            .iter()
            .find(|it| ObjectId::of(it).is_same_object(id));
        if let Some(live) = member.filter(|it| self.is_unchanged(desired, it)) {
            return Ok(Check {
                object: changed(id, Some(live), live),
                warnings: Vec::new(),
            });
        }
        let (live, applied) = tokio::join!(
            self.cluster.get(target),
            self.dry_run(target, &desired.object, conflicts)
        );
        // Who may not read an object may still apply it; what changes is then not told.
        let live = match live {
            Err(error) if error.is_forbidden() => None,
            other => other?,
        };
        let other = live.as_ref();
        if let Some(other) = other.and_then(|it| apply_set::of_another_set(&desired.object, it)) {
            let mut check = problem(id, other);
            check.object.diff.change = ChangeKind::Change;
            return Ok(check);
        }
        match applied {
            Ok((object, mut warnings)) => {
                warnings.extend(what_adoption_drops(id, &object, &self.manager));
                Ok(Check {
                    object: changed(id, live.as_ref(), &object),
                    warnings,
                })
            }
            Err(ClusterError::Refused(status)) => {
                self.refused(desired, target, live.as_ref(), &status).await
            }
            Err(error) => Err(error),
        }
    }

    fn is_unchanged(&self, desired: &Desired, live: &Value) -> bool {
        let uid = live.pointer("/metadata/uid").and_then(Value::as_str);
        let left = uid.and_then(|uid| self.receipts.get(uid));
        !self.force
            && left.is_some()
            && left == receipt(&desired.object, live, &self.manager).as_ref()
    }

    async fn refused(
        &self,
        desired: &Desired,
        target: &Target,
        live: Option<&Value>,
        status: &Status,
    ) -> Result<Check, ClusterError> {
        let id = &desired.id;
        if status.is_conflict_of_managers() {
            // What would change is worth knowing before somebody decides who owns it.
            let forced = self
                .dry_run(target, &desired.object, Conflicts::TakeOver)
                .await;
            let mut object = match forced {
                Ok((object, _)) => changed(id, live, &object),
                Err(_) => problem(id, String::new()).object,
            };
            let owners = conflicts(status).into_iter();
            object.conflicts = owners
                .map(|it| Conflict {
                    field: it.field,
                    manager: it.manager,
                })
                .collect();
            object.problem = Some(deploy_core::explain::refusal(id, status));
            return Ok(Check {
                object,
                warnings: Vec::new(),
            });
        }
        if let Some(why) = self.of_other_versions(target, live, status).await? {
            return Ok(untold(id, live, &why));
        }
        if let Some(first) = self.awaited(desired, status) {
            return Ok(problem(id, until(&first)));
        }
        if status.is_immutable() && is_job(id) {
            let object = PreviewObject {
                diff: convert::object_diff(id.clone(), ChangeKind::Replace, Vec::new()),
                conflicts: Vec::new(),
                problem: None,
            };
            let warning = format!("{id} cannot be changed: it is deleted and made again");
            return Ok(Check {
                object,
                warnings: vec![warning],
            });
        }
        if status.is_dry_run_unsupported() {
            let why = deploy_core::explain::refusal(id, status);
            return Ok(untold(id, live, &why));
        }
        let mut check = problem(id, deploy_core::explain::refusal(id, status));
        if live.is_some() {
            check.object.diff.change = ChangeKind::Change;
        }
        Ok(check)
    }

    /// Says that managers of the object name versions that the deploy renames first.
    async fn of_other_versions(
        &self,
        target: &Target,
        live: Option<&Value>,
        status: &Status,
    ) -> Result<Option<String>, ClusterError> {
        let Some(live) = live.filter(|_| status.is_about_other_versions()) else {
            return Ok(None);
        };
        let gone = versions_not_served(self.cluster, target, live).await?;
        let gone: Vec<_> = gone.into_iter().collect();
        Ok((!gone.is_empty()).then(|| {
            let gone = gone.join(", ");
            format!(
                "it was written in {gone}, which is not served any more; the deploy renames that"
            )
        }))
    }

    /// What the set itself adds or changes, and must before the cluster can judge the object.
    fn awaited(&self, desired: &Desired, status: &Status) -> Option<String> {
        let added = |kind: &str, name: &str| {
            let mut ids = self.ids.iter();
            ids.any(|it| it.kind == kind && it.name == name)
                .then(|| format!("{kind}/{name}"))
        };
        if status.is_missing_namespace() {
            return added("Namespace", desired.id.namespace.as_deref()?);
        }
        if status.is_unknown_field() {
            let definition = desired.definition.as_ref()?;
            return Some(definition_id(&definition.name));
        }
        let (kind, name) = status.missing()?;
        added(kind, &name)
    }

    async fn dry_run(
        &self,
        target: &Target,
        object: &Value,
        conflicts: Conflicts,
    ) -> Result<(Value, Vec<String>), ClusterError> {
        let how = Apply {
            manager: self.manager.clone(),
            mode: Mode::DryRun,
            conflicts,
        };
        let applied = self.cluster.apply(target, object, &how).await?;
        Ok((applied.object, applied.warnings))
    }
}

/// Jobs are made again where they cannot be changed: they hold nothing that others rely on.
pub(super) fn is_job(id: &ObjectId) -> bool {
    id.group() == "batch" && id.kind == "Job"
}

fn until(first: &str) -> String {
    format!("it cannot be checked until {first} is there, which this deploy adds")
}

fn definition_id(name: &str) -> String {
    format!("CustomResourceDefinition/{name}")
}

fn changed(id: &ObjectId, live: Option<&Value>, result: &Value) -> PreviewObject {
    let (change, fields) = match live {
        None => (ChangeKind::Create, Vec::new()),
        Some(live) => match convert::changed_fields(live, result) {
            fields if fields.is_empty() => (ChangeKind::Unchanged, fields),
            fields => (ChangeKind::Change, fields),
        },
    };
    PreviewObject {
        diff: convert::object_diff(id.clone(), change, fields),
        conflicts: Vec::new(),
        problem: None,
    }
}

/// The fields that go when an object of `kubectl apply` becomes the set's.
fn what_adoption_drops(id: &ObjectId, result: &Value, manager: &str) -> Option<String> {
    let mut dropped = adoption::dropped(result, manager);
    let more = dropped.len().saturating_sub(MOST_FIELDS);
    dropped.truncate(MOST_FIELDS);
    let more = match more {
        0 => String::new(),
        more => format!(" and {more} more fields"),
    };
    (!dropped.is_empty()).then(|| {
        let fields = dropped.join(", ");
        format!(
            "{id}: kubectl applied {fields}{more}, which this version does not describe and removes"
        )
    })
}

/// An object of which only a deploy can tell what becomes of it.
fn untold(id: &ObjectId, live: Option<&Value>, why: &str) -> Check {
    let change = match live {
        Some(_) => ChangeKind::Change,
        None => ChangeKind::Create,
    };
    Check {
        object: PreviewObject {
            diff: convert::object_diff(id.clone(), change, Vec::new()),
            conflicts: Vec::new(),
            problem: None,
        },
        warnings: vec![format!("what becomes of {id} cannot be told before: {why}")],
    }
}

fn problem(id: &ObjectId, sentence: String) -> Check {
    Check {
        object: PreviewObject {
            diff: convert::object_diff(id.clone(), ChangeKind::Create, Vec::new()),
            conflicts: Vec::new(),
            problem: Some(sentence),
        },
        warnings: Vec::new(),
    }
}

/// Asks once for each right, whatever the number of objects.
async fn missing_rights(
    cluster: &dyn Cluster,
    desired: &[Desired],
    set: &ApplySet,
    options: &DeployOptions,
) -> Vec<String> {
    let verbs: &[&'static str] = if options.prune {
        &["get", "create", "patch", "list", "delete"]
    } else {
        &["get", "create", "patch"]
    };
    let parent = parent::target(set);
    let targets = desired.iter().filter_map(|it| it.target.as_ref());
    let mut needed: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for target in targets.chain([&parent]) {
        for verb in verbs {
            let names = needed.entry(access(verb, target)).or_default();
            names.insert(target.name.clone());
        }
    }
    let asked = needed
        .into_iter()
        .map(|(access, names)| missing_right(cluster, access, names));
    let missing = join_all(asked).await.into_iter().flatten();
    missing.map(|it| format!("you may not {it}")).collect()
}

/// Asks for a right to all objects of a kind, and if there is none, to each by its name.
async fn missing_right(
    cluster: &dyn Cluster,
    access: Access,
    names: BTreeSet<String>,
) -> Vec<Access> {
    // The question may be refused too; the requests themselves then tell.
    let may = async |access: &Access| cluster.may(access).await.unwrap_or(true);
    if may(&access).await {
        return Vec::new();
    }
    if matches!(access.verb, "create" | "list") || names.len() > MOST_NAMES {
        return vec![access];
    }
    let count = names.len();
    let mut missing = Vec::new();
    for name in names {
        let one = Access {
            name: Some(name),
            ..access.clone()
        };
        if !may(&one).await {
            missing.push(one);
        }
    }
    if missing.len() == count {
        vec![access]
    } else {
        missing
    }
}

fn access(verb: &'static str, target: &Target) -> Access {
    Access {
        verb,
        group: target.resource.group().to_owned(),
        plural: target.resource.plural.clone(),
        namespace: target.namespace.clone(),
        name: None,
    }
}

/// Finds the members of the set, as far as the person may see them.
pub(super) async fn present(
    cluster: &dyn Cluster,
    set: &ApplySet,
    desired: &[Desired],
) -> Result<Found, DeployError> {
    // The plan of a later job does not matter to somebody who only looks.
    let known = match Parent::read(cluster, set, i64::MAX).await {
        Ok((_, known)) => known,
        Err(DeployError::Cluster(error)) if error.is_forbidden() => Members::default(),
        Err(error) => return Err(error),
    };
    let members = set.members(desired.iter().map(|it| &it.id)).union(&known);
    Ok(members::find(cluster, set, &members, desired).await?)
}

/// What pruning would delete, and what it would leave and why.
fn pruned(desired: &[ObjectId], found: &Found) -> (Vec<PreviewObject>, Vec<String>) {
    let prune = apply_set::prune(desired, &found.objects);
    let removed = prune.victims.into_iter().map(|victim| PreviewObject {
        diff: convert::object_diff(victim.id, ChangeKind::Remove, Vec::new()),
        conflicts: Vec::new(),
        problem: None,
    });
    let kept = prune
        .kept
        .into_iter()
        .map(|(id, why)| format!("{id} stays: {why}"));
    (removed.collect(), kept.chain(found.not_pruned()).collect())
}

/// Changes when anything changes that a person was shown.
fn fingerprint(
    job: &NewJob,
    files: &BTreeMap<String, String>,
    objects: &[PreviewObject],
) -> String {
    let shown = serde_json::json!([
        content_hash(files),
        job.set.project,
        job.set.set,
        job.environment,
        job.cluster,
        job.namespace,
        job.options,
        objects,
    ]);
    let digest = Sha256::digest(shown.to_string().as_bytes());
    URL_SAFE_NO_PAD.encode(digest)
}
