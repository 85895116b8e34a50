//! Reading and writing JSON by a dotted path of field names.

use serde_json::{Map, Value};

/// The fields of a JSON object.
pub(crate) type Object = Map<String, Value>;

/// Returns what stands at `path`, such as `spec.template.metadata`; `None` where a step is missing or null.
pub(crate) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let found = path
        .split('.')
        .try_fold(value, |value, name| value.get(name))?;
    (!found.is_null()).then_some(found)
}

/// The text at `path`, or an empty one.
pub(crate) fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    at(value, path).and_then(Value::as_str).unwrap_or_default()
}

/// The whole number at `path`.
pub(crate) fn int(value: &Value, path: &str) -> Option<i64> {
    at(value, path).and_then(Value::as_i64)
}

/// Whether `true` stands at `path`.
pub(crate) fn flag(value: &Value, path: &str) -> bool {
    at(value, path).and_then(Value::as_bool).unwrap_or_default()
}

/// The items at `path`; none where it is no list.
pub(crate) fn items<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    at(value, path)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The entries at `path`; none where it is no object.
pub(crate) fn entries<'a>(
    value: &'a Value,
    path: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    at(value, path)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// The object at `path`, made where it is missing or something else.
pub(crate) fn object_mut<'a>(value: &'a mut Value, path: &str) -> &'a mut Object {
    let mut current = value;
    for name in path.split('.').filter(|name| !name.is_empty()) {
        current = as_object(current).entry(name).or_insert(Value::Null);
    }
    as_object(current)
}

/// The value as an object, replaced by an empty one where it is something else.
pub(crate) fn as_object(value: &mut Value) -> &mut Object {
    if !value.is_object() {
        *value = Value::Object(Object::new());
    }
    value.as_object_mut().expect("it was made an object above")
}

/// Writes `new` at `path`, making the objects on the way.
pub(crate) fn set(value: &mut Value, path: &str, new: impl Into<Value>) {
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    object_mut(value, parent).insert(name.to_owned(), new.into());
}

/// Writes `new` at `path` unless something other than null stands there.
pub(crate) fn set_default(value: &mut Value, path: &str, new: impl Into<Value>) {
    if at(value, path).is_none() {
        set(value, path, new);
    }
}

/// Removes what stands at `path` and returns it.
pub(crate) fn remove(value: &mut Value, path: &str) -> Option<Value> {
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    let parent = if parent.is_empty() {
        Some(value)
    } else {
        parent
            .split('.')
            .try_fold(value, |value, name| value.get_mut(name))
    };
    parent?.as_object_mut()?.remove(name)
}

/// The items at `path`, to change; none where it is no list.
pub(crate) fn items_mut<'a>(value: &'a mut Value, path: &str) -> &'a mut [Value] {
    path.split('.')
        .try_fold(value, |value, name| value.get_mut(name))
        .and_then(Value::as_array_mut)
        .map_or(&mut [], Vec::as_mut_slice)
}

/// What stands at `path`, to change.
pub(crate) fn at_mut<'a>(value: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    path.split('.')
        .try_fold(value, |value, name| value.get_mut(name))
        .filter(|value| !value.is_null())
}

/// `metadata.name`.
pub(crate) fn name(object: &Value) -> &str {
    text(object, "metadata.name")
}

/// `metadata.namespace`; empty for what belongs to none.
pub(crate) fn namespace(object: &Value) -> &str {
    text(object, "metadata.namespace")
}

/// `metadata.uid`.
pub(crate) fn uid(object: &Value) -> &str {
    text(object, "metadata.uid")
}

/// Whether the object is on its way out.
pub(crate) fn is_terminating(object: &Value) -> bool {
    at(object, "metadata.deletionTimestamp").is_some()
}
