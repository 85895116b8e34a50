//! Laying an applied value over a live one, and taking fields out again.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::conform::{is_leaf, item_step};
use super::path::{FieldSet, Step};
use crate::types::{ListMerge, Type, TypeId, Types};

/// The live value with everything that the applied one says.
pub(crate) fn merge(types: &Types, ty: TypeId, live: &Value, applied: &Value) -> Value {
    if is_leaf(types, Some(ty), applied) || is_hollow(applied) && is_hollow(live) {
        return applied.clone();
    }
    match (types.get(ty), live, applied) {
        (Type::List { item, merge }, Value::Array(live), Value::Array(applied)) => {
            Value::Array(merge_items(types, *item, merge, live, applied))
        }
        (_, Value::Object(live), Value::Object(applied)) => {
            let mut merged = live.clone();
            for (name, value) in applied {
                let below = types.field(ty, name);
                let value = match (live.get(name), below) {
                    (Some(live), Some(below)) => self::merge(types, below, live, value),
                    _ => value.clone(),
                };
                merged.insert(name.clone(), value);
            }
            Value::Object(merged)
        }
        _ => applied.clone(),
    }
}

/// Items of both lists: those of the applied list in its order, the others where they stood.
fn merge_items(
    types: &Types,
    item: TypeId,
    merge: &ListMerge,
    live: &[Value],
    applied: &[Value],
) -> Vec<Value> {
    let live = steps(types, item, merge, live);
    let applied = steps(types, item, merge, applied);
    let in_applied: BTreeSet<_> = applied.iter().map(|(step, _)| step).collect();
    let in_live: BTreeSet<_> = live.iter().map(|(step, _)| step).collect();
    let mut shared = applied
        .iter()
        .map(|(step, _)| step)
        .filter(|step| in_live.contains(step))
        .peekable();
    let (mut lefts, mut rights) = (live.iter().peekable(), applied.iter().peekable());
    let mut done = BTreeSet::new();
    let mut merged = Vec::new();
    loop {
        match (lefts.peek(), rights.peek()) {
            (None, None) => return merged,
            (Some((step, left)), Some((other, right))) if step == other => {
                merged.push(self::merge(types, item, left, right));
                done.insert(step);
                shared.next();
                lefts.next();
                rights.next();
            }
            // Shared, but not the next one in the applied order.
            (Some((step, _)), Some(_))
                if in_applied.contains(step) && shared.peek() != Some(&step) =>
            {
                lefts.next();
            }
            (Some((step, left)), _) if !in_applied.contains(step) => {
                merged.push((*left).clone());
                lefts.next();
            }
            (Some((step, _)), None) if done.contains(step) || in_applied.contains(step) => {
                lefts.next();
            }
            (_, Some((step, right))) => {
                let left = live.iter().find(|(it, _)| it == step);
                merged.push(match left {
                    Some((_, left)) => self::merge(types, item, left, right),
                    None => (*right).clone(),
                });
                if shared.peek() == Some(&step) {
                    shared.next();
                }
                done.insert(step);
                rights.next();
            }
            (Some(_), None) => {
                lefts.next();
            }
        }
    }
}

fn steps<'v>(
    types: &Types,
    item: TypeId,
    merge: &ListMerge,
    list: &'v [Value],
) -> Vec<(Step, &'v Value)> {
    list.iter()
        .enumerate()
        .map(|(index, value)| {
            let step = item_step(types, item, merge, index, value);
            (step.unwrap_or(Step::Index(index)), value)
        })
        .collect()
}

/// The value without the fields of `set`; `None` where nothing is left of it.
pub(crate) fn remove(types: &Types, ty: TypeId, value: &Value, set: &FieldSet) -> Option<Value> {
    match (types.get(ty), value) {
        (Type::List { item, merge }, Value::Array(items)) if *merge != ListMerge::Atomic => {
            let rest: Vec<_> = steps(types, *item, merge, items)
                .into_iter()
                .filter(|(step, _)| !set.members.contains(step))
                .filter_map(|(step, value)| remove_below(types, *item, &step, value, set))
                .collect();
            (!rest.is_empty()).then_some(Value::Array(rest))
        }
        (Type::Struct(_) | Type::Map { .. } | Type::Any, Value::Object(fields))
            if !is_leaf(types, Some(ty), value) =>
        {
            let mut rest = Map::new();
            for (name, value) in fields {
                let step = Step::field(name);
                if set.members.contains(&step) {
                    continue;
                }
                let left = match types.field(ty, name) {
                    Some(below) => remove_below(types, below, &step, value, set),
                    None => Some(value.clone()),
                };
                if let Some(left) = left {
                    rest.insert(name.clone(), left);
                }
            }
            (!rest.is_empty()).then_some(Value::Object(rest))
        }
        _ => None,
    }
}

fn remove_below(
    types: &Types,
    ty: TypeId,
    step: &Step,
    value: &Value,
    set: &FieldSet,
) -> Option<Value> {
    match set.children.get(step).filter(|below| !below.is_empty()) {
        Some(below) => remove(types, ty, value, below),
        None => Some(value.clone()),
    }
}

fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
