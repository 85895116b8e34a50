//! Which fields two values differ in.

use std::collections::BTreeSet;

use serde_json::Value;

use super::conform::{is_leaf, item_step};
use super::path::{FieldSet, Step};
use crate::types::{ListMerge, Type, TypeId, Types};

/// The difference between an old value and a new one.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) added: FieldSet,
    pub(crate) modified: FieldSet,
    pub(crate) removed: FieldSet,
}

/// Structs that are always there on the API server, so that setting a field in them does not add them.
const VALUE_STRUCTS: &[&str] = &[
    "jobTemplate",
    "loadBalancer",
    "metadata",
    "spec",
    "status",
    "strategy",
    "template",
    "updateStrategy",
];

/// Compares two values of one type.
pub(crate) fn compare(types: &Types, ty: TypeId, old: &Value, new: &Value) -> Comparison {
    let mut compare = Compare {
        types,
        path: Vec::new(),
        found: Comparison::default(),
    };
    compare.values(ty, Some(old), Some(new));
    compare.found
}

struct Compare<'a> {
    types: &'a Types,
    path: Vec<Step>,
    found: Comparison,
}

impl Compare<'_> {
    fn values(&mut self, ty: TypeId, old: Option<&Value>, new: Option<&Value>) {
        if old == new {
            return;
        }
        let one = old.or(new).unwrap_or(&Value::Null);
        let other = new.or(old).unwrap_or(&Value::Null);
        let leaf = is_leaf(self.types, Some(ty), one)
            || is_leaf(self.types, Some(ty), other)
            || (is_hollow(old) && is_hollow(new));
        if leaf || differ_in_form(one, other) {
            return self.leaf(old, new);
        }
        match self.types.get(ty) {
            Type::Struct(_) | Type::Map { .. } | Type::Any => self.fields(ty, old, new),
            Type::List { item, merge } => self.list(*item, merge, old, new),
            Type::Scalar(_) => self.leaf(old, new),
        }
        match (old, new) {
            (None, Some(_)) => self.found.added.insert(&self.path),
            (Some(_), None) => self.found.removed.insert(&self.path),
            _ => {}
        }
    }

    fn leaf(&mut self, old: Option<&Value>, new: Option<&Value>) {
        let set = match (old, new) {
            (None, _) => &mut self.found.added,
            (_, None) => &mut self.found.removed,
            _ => &mut self.found.modified,
        };
        set.insert(&self.path);
    }

    fn fields(&mut self, ty: TypeId, old: Option<&Value>, new: Option<&Value>) {
        let empty = serde_json::Map::new();
        let is_struct = matches!(self.types.get(ty), Type::Struct(_));
        let old_fields = old.and_then(Value::as_object).unwrap_or(&empty);
        let new_fields = new.and_then(Value::as_object).unwrap_or(&empty);
        let hollow = Value::Object(serde_json::Map::new());
        let names: BTreeSet<_> = old_fields.keys().chain(new_fields.keys()).collect();
        for name in names {
            let Some(below) = self.types.field(ty, name) else {
                continue;
            };
            let always = is_struct
                && VALUE_STRUCTS.contains(&name.as_str())
                && matches!(self.types.get(below), Type::Struct(_));
            let fill = |value: Option<&Value>, parent: Option<&Value>| match value {
                None if always && parent.is_some() => Some(&hollow).cloned(),
                other => other.cloned(),
            };
            self.path.push(Step::field(name));
            if always {
                let old = fill(old_fields.get(name), old);
                let new = fill(new_fields.get(name), new);
                self.values(below, old.as_ref(), new.as_ref());
            } else {
                self.values(below, old_fields.get(name), new_fields.get(name));
            }
            self.path.pop();
        }
    }

    fn list(&mut self, item: TypeId, merge: &ListMerge, old: Option<&Value>, new: Option<&Value>) {
        let old = self.by_step(item, merge, old);
        let new = self.by_step(item, merge, new);
        let steps: BTreeSet<_> = old
            .iter()
            .chain(&new)
            .map(|(step, _)| step.clone())
            .collect();
        for step in steps {
            let olds = of_step(&old, &step);
            let news = of_step(&new, &step);
            self.path.push(step);
            // Items that stand twice, which only an update can bring about, are owned as one.
            if olds.len() > 1 || news.len() > 1 {
                if olds != news {
                    self.found.modified.insert(&self.path);
                }
            } else {
                self.values(item, olds.first().copied(), news.first().copied());
            }
            self.path.pop();
        }
    }

    fn by_step<'v>(
        &self,
        item: TypeId,
        merge: &ListMerge,
        list: Option<&'v Value>,
    ) -> Vec<(Step, &'v Value)> {
        list.and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
            .filter_map(|(index, value)| {
                let step = item_step(self.types, item, merge, index, value).ok()?;
                Some((step, value))
            })
            .collect()
    }
}

/// Whether one is an object and the other a list.
fn differ_in_form(one: &Value, other: &Value) -> bool {
    (one.is_object() && other.is_array()) || (one.is_array() && other.is_object())
}

fn of_step<'v>(list: &[(Step, &'v Value)], step: &Step) -> Vec<&'v Value> {
    list.iter()
        .filter(|(it, _)| it == step)
        .map(|(_, value)| *value)
        .collect()
}

/// Whether there is nothing in the value: such values are compared as one.
fn is_hollow(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Object(fields)) => fields.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}
