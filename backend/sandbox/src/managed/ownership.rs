//! Taking and losing fields: what an update or an apply does to the managers of an object.

use serde_json::{Value, json};

use super::compare::{Comparison, compare};
use super::conform::field_set;
use super::entries::{self, Manager, Managers, Owned};
use super::merge::{merge, remove};
use super::path::{FieldSet, Step, print};
use crate::status::Failure;
use crate::types::{TypeId, Types};

/// Who writes, through what, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer<'a> {
    pub(crate) manager: &'a str,
    pub(crate) subresource: &'a str,
    pub(crate) api_version: &'a str,
    pub(crate) now: &'a str,
}

/// The managers of one object, with the types that its fields have.
pub(crate) struct Ownership<'a> {
    types: &'a Types,
    ty: TypeId,
    /// What the endpoint does not write, such as `status`.
    reset: &'a FieldSet,
    managers: Managers,
}

/// What came of an apply.
pub(crate) struct Apply {
    /// The object to store, without managers; `None` where it is what is live.
    pub(crate) merged: Option<Value>,
}

impl<'a> Ownership<'a> {
    pub(crate) fn read(types: &'a Types, ty: TypeId, reset: &'a FieldSet, object: &Value) -> Self {
        Self {
            types,
            ty,
            reset,
            managers: entries::read(object),
        }
    }

    pub(crate) fn write(&self, object: &mut Value) {
        entries::write(&self.managers, object);
    }

    /// Takes in that `writer` changed `live` into `new`.
    pub(crate) fn update(&mut self, live: &Value, new: &Value, writer: &Writer<'_>) {
        let comparison = compare(self.types, self.ty, live, new);
        let taken = self.own(&comparison.modified.union(&comparison.added));
        self.lose(&comparison, None);
        if taken.is_empty() {
            return;
        }
        let manager = Manager {
            name: writer.manager.to_owned(),
            applies: false,
            api_version: writer.api_version.to_owned(),
            subresource: writer.subresource.to_owned(),
        };
        let before = self.managers.remove(&manager).map(|owned| owned.fields);
        let fields = before.map_or(taken.clone(), |before| before.union(&taken));
        self.managers.insert(
            manager,
            Owned {
                fields,
                api_version: writer.api_version.to_owned(),
                time: Some(writer.now.to_owned()),
            },
        );
        entries::cap(&mut self.managers);
    }

    /// Lays `applied` over `live`, taking out what the manager applied before and no longer does.
    ///
    /// # Errors
    ///
    /// The conflicts with other managers, unless `force` takes the fields from them.
    pub(crate) fn apply(
        &mut self,
        live: &Value,
        applied: &Value,
        writer: &Writer<'_>,
        force: bool,
    ) -> Result<Apply, Failure> {
        let manager = Manager {
            name: writer.manager.to_owned(),
            applies: true,
            api_version: String::new(),
            subresource: writer.subresource.to_owned(),
        };
        let merged = merge(self.types, self.ty, live, applied);
        let last = self.managers.remove(&manager);
        let time = last.as_ref().and_then(|last| last.time.clone());
        let fields = self.own(&field_set(self.types, self.ty, applied));
        // What was applied before and no longer is. Nothing, mostly: then nothing has to be taken out.
        let last = last.filter(|last| !last.fields.difference(&fields).is_empty());
        self.managers.insert(
            manager.clone(),
            Owned {
                fields,
                api_version: writer.api_version.to_owned(),
                time,
            },
        );
        let merged = match &last {
            Some(last) => self.prune(merged, &last.fields),
            None => merged,
        };
        let comparison = compare(self.types, self.ty, live, &merged);
        let conflicts = self.conflicts(&comparison, &manager);
        if !force && !conflicts.is_empty() {
            return Err(explain(conflicts));
        }
        self.lose(&comparison, Some(&manager));
        let changed = merged != *live;
        if changed && let Some(owned) = self.managers.get_mut(&manager) {
            owned.time = Some(writer.now.to_owned());
        }
        Ok(Apply {
            merged: changed.then_some(merged),
        })
    }

    /// The part of a set that this endpoint lets a manager own.
    fn own(&self, fields: &FieldSet) -> FieldSet {
        fields.difference(unowned()).without_subtrees(self.reset)
    }

    fn lose(&mut self, comparison: &Comparison, keeper: Option<&Manager>) {
        let changed = comparison.modified.union(&comparison.added);
        for (manager, owned) in &mut self.managers {
            if Some(manager) == keeper {
                continue;
            }
            owned.fields = owned
                .fields
                .difference(&changed)
                .difference(&comparison.removed);
        }
        self.managers.retain(|_, owned| !owned.fields.is_empty());
    }

    fn prune(&self, merged: Value, last: &FieldSet) -> Value {
        if last.is_empty() {
            return merged;
        }
        let named = |set: &FieldSet| set.with_named_parents(self.types, self.ty);
        let of = |value: &Value| named(&field_set(self.types, self.ty, value));
        let without =
            |set: &FieldSet| remove(self.types, self.ty, &merged, set).unwrap_or_else(|| json!({}));
        let all = of(&merged);
        let last = named(last);
        let pruned = without(&last);
        let owned = self
            .managers
            .values()
            .fold(FieldSet::default(), |acc, owned| acc.union(&owned.fields));
        let kept = of(&pruned).union(&named(&owned));
        let pruned = without(&all.difference(&kept));
        // What was never the manager's own comes back, even below an item that went.
        without(&all.difference(&of(&pruned)).intersection(&last))
    }

    fn conflicts(&self, comparison: &Comparison, applier: &Manager) -> Vec<(Manager, FieldSet)> {
        let changed = comparison.modified.union(&comparison.added);
        self.managers
            .iter()
            .filter(|(manager, _)| *manager != applier)
            .map(|(manager, owned)| (manager.clone(), owned.fields.intersection(&changed)))
            .filter(|(_, fields)| !fields.is_empty())
            .collect()
    }
}

/// The answer that names all conflicts.
fn explain(conflicts: Vec<(Manager, FieldSet)>) -> Failure {
    let mut causes = Vec::new();
    let mut groups = Vec::new();
    for (manager, fields) in conflicts {
        let manager = manager.describe();
        let paths: Vec<_> = fields.paths().iter().map(|path| print(path)).collect();
        causes.extend(paths.iter().map(|path| {
            json!({
                "reason": "FieldManagerConflict",
                "message": format!("conflict with {manager}"),
                "field": path,
            })
        }));
        groups.push((manager, paths));
    }
    let message = match groups.as_slice() {
        [(manager, paths)] if paths.len() == 1 => {
            format!("conflict with {manager}: {}", paths.concat())
        }
        _ => {
            let lines: Vec<_> = groups
                .iter()
                .flat_map(|(manager, paths)| {
                    std::iter::once(format!("conflicts with {manager}:"))
                        .chain(paths.iter().map(|path| format!("- {path}")))
                })
                .collect();
            lines.join("\n")
        }
    };
    let count = causes.len();
    let noun = if count == 1 { "conflict" } else { "conflicts" };
    Failure::apply_conflict(
        format!("Apply failed with {count} {noun}: {message}"),
        &causes,
    )
}

/// Fields that belong to the server whoever writes them.
fn unowned() -> &'static FieldSet {
    static SET: std::sync::OnceLock<FieldSet> = std::sync::OnceLock::new();
    SET.get_or_init(|| {
        let mut set = FieldSet::default();
        for name in ["apiVersion", "kind", "metadata"] {
            set.insert(&[Step::field(name)]);
        }
        for name in [
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "clusterName",
            "generation",
            "managedFields",
            "resourceVersion",
        ] {
            set.insert(&[Step::field("metadata"), Step::field(name)]);
        }
        set
    })
}

/// The set of one top-level field.
pub(crate) fn only(names: &[&str]) -> FieldSet {
    let mut set = FieldSet::default();
    for name in names {
        set.insert(&[Step::field(name)]);
    }
    set
}
