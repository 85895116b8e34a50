//! Strategic merge patch: lists merge by their keys, and directives say what to do.

use serde_json::{Map, Value};

use crate::types::{ListMerge, Type, TypeId, Types};

/// Lists that merge by a key other than the first of their list keys, or that have none published.
const PATCH_KEYS: &[(&str, &str)] = &[
    ("conditions", "type"),
    ("containers", "name"),
    ("hostAliases", "ip"),
    ("imagePullSecrets", "name"),
    ("ownerReferences", "uid"),
    ("secrets", "name"),
    ("taints", "key"),
    ("topologySpreadConstraints", "topologyKey"),
    ("webhooks", "name"),
];

/// Lists of scalars that are joined.
const JOINED: &[&str] = &["finalizers"];

/// Lays `patch` over `object`.
pub(crate) fn apply(
    types: &Types,
    ty: Option<TypeId>,
    object: &Value,
    patch: &Value,
) -> Result<Value, String> {
    let Some(fields) = patch.as_object() else {
        return Err("error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}".to_owned());
    };
    let live = object.as_object().cloned().unwrap_or_default();
    object_merge(types, ty, live, fields).map(Value::Object)
}

fn object_merge(
    types: &Types,
    ty: Option<TypeId>,
    mut live: Map<String, Value>,
    patch: &Map<String, Value>,
) -> Result<Map<String, Value>, String> {
    match patch.get("$patch").and_then(Value::as_str) {
        Some("replace") => {
            let mut new = patch.clone();
            new.remove("$patch");
            return Ok(new);
        }
        Some("delete") => return Ok(Map::new()),
        Some("merge") | None => {}
        Some(other) => return Err(format!("unknown patch type: {other}")),
    }
    if let Some(kept) = patch.get("$retainKeys").and_then(Value::as_array) {
        live.retain(|name, _| kept.iter().any(|it| it == name));
    }
    for (name, value) in patch {
        if let Some(list) = name.strip_prefix("$deleteFromPrimitiveList/") {
            let gone = value.as_array().cloned().unwrap_or_default();
            if let Some(items) = live.get_mut(list).and_then(Value::as_array_mut) {
                items.retain(|item| !gone.contains(item));
            }
            continue;
        }
        if name.starts_with('$') {
            continue;
        }
        if value.is_null() {
            live.remove(name);
            continue;
        }
        let below = ty.and_then(|ty| types.field(ty, name));
        let old = live.remove(name);
        let new = merge_value(types, below, name, old, value)?;
        live.insert(name.clone(), new);
    }
    for (name, order) in patch {
        if let Some(list) = name.strip_prefix("$setElementOrder/")
            && let Some(items) = live.get_mut(list).and_then(Value::as_array_mut)
        {
            let key = ty
                .and_then(|ty| types.field(ty, list))
                .and_then(|it| merge_key(types, it, list));
            reorder(items, order, key.as_deref());
        }
    }
    Ok(live)
}

fn merge_value(
    types: &Types,
    ty: Option<TypeId>,
    name: &str,
    old: Option<Value>,
    patch: &Value,
) -> Result<Value, String> {
    match (old, patch) {
        (Some(Value::Object(old)), Value::Object(patch)) => {
            object_merge(types, ty, old, patch).map(Value::Object)
        }
        (_, Value::Object(patch)) => object_merge(types, ty, Map::new(), patch).map(Value::Object),
        (old, Value::Array(patch)) => {
            let old = match old {
                Some(Value::Array(items)) => items,
                _ => Vec::new(),
            };
            list_merge(types, ty, name, old, patch).map(Value::Array)
        }
        (_, other) => Ok(other.clone()),
    }
}

fn list_merge(
    types: &Types,
    ty: Option<TypeId>,
    name: &str,
    mut live: Vec<Value>,
    patch: &[Value],
) -> Result<Vec<Value>, String> {
    let item = ty.and_then(|ty| match types.get(ty) {
        Type::List { item, .. } => Some(*item),
        _ => None,
    });
    let replaces = patch.iter().any(|it| it["$patch"] == "replace");
    let directives = |it: &&Value| it.get("$patch").is_none_or(|it| it != "replace");
    if JOINED.contains(&name) {
        for value in patch {
            if !live.contains(value) {
                live.push(value.clone());
            }
        }
        return Ok(live);
    }
    let key = ty.and_then(|ty| merge_key(types, ty, name));
    let (Some(key), false) = (key, replaces) else {
        return Ok(patch.iter().filter(directives).cloned().collect());
    };
    for value in patch {
        let Some(fields) = value.as_object() else {
            return Err(format!(
                "map: {value} does not contain declared merge key: {key}"
            ));
        };
        let Some(wanted) = fields.get(&key) else {
            return Err(format!(
                "map: {value} does not contain declared merge key: {key}"
            ));
        };
        let place = live.iter().position(|it| it.get(&key) == Some(wanted));
        if fields.get("$patch").is_some_and(|it| it == "delete") {
            if let Some(place) = place {
                live.remove(place);
            }
            continue;
        }
        match place {
            Some(place) => {
                let old = live.remove(place);
                let old = old.as_object().cloned().unwrap_or_default();
                let merged = object_merge(types, item, old, fields)?;
                live.insert(place, Value::Object(merged));
            }
            None => live.push(Value::Object(object_merge(
                types,
                item,
                Map::new(),
                fields,
            )?)),
        }
    }
    Ok(live)
}

fn merge_key(types: &Types, ty: TypeId, name: &str) -> Option<String> {
    let Type::List { item, merge } = types.get(ty) else {
        return None;
    };
    if !matches!(types.get(*item), Type::Struct(_)) {
        return None;
    }
    if let ListMerge::Map(keys) = merge {
        return keys.first().cloned();
    }
    let Type::Struct(structure) = types.get(*item) else {
        return None;
    };
    PATCH_KEYS
        .iter()
        .find(|(list, key)| *list == name && structure.fields.contains_key(*key))
        .map(|(_, key)| (*key).to_owned())
}

/// Puts the items that the order names in that order; others keep their place behind.
fn reorder(items: &mut [Value], order: &Value, key: Option<&str>) {
    let rank = |item: &Value| {
        let order = order.as_array()?;
        order.iter().position(|wanted| match key {
            Some(key) => wanted.get(key).is_some() && wanted.get(key) == item.get(key),
            None => wanted == item,
        })
    };
    items.sort_by_key(|item| rank(item).unwrap_or(usize::MAX));
}
