//! JSON patch (RFC 6902).

use serde_json::Value;

use crate::value::text;

/// Carries out all operations, or none.
pub(crate) fn apply(object: &Value, patch: &Value) -> Result<Value, String> {
    let operations = patch
        .as_array()
        .ok_or("json: cannot unmarshal object into Go value of type jsonpatch.Patch")?;
    if operations.len() > 10_000 {
        return Err("The allowed maximum operations in a JSON patch is 10000".to_owned());
    }
    let mut object = object.clone();
    for operation in operations {
        run(&mut object, operation)?;
    }
    Ok(object)
}

fn run(object: &mut Value, operation: &Value) -> Result<(), String> {
    let path = text(operation, "path");
    let from = text(operation, "from");
    let value = || operation.get("value").cloned().unwrap_or(Value::Null);
    match text(operation, "op") {
        "add" => add(object, path, value()),
        "remove" => remove(object, path).map(drop),
        "replace" => {
            find(object, path).ok_or_else(|| {
                format!(
                    "replace operation does not apply: doc is missing key: {path}: missing value"
                )
            })?;
            if path.is_empty() {
                *object = value();
                return Ok(());
            }
            *object.pointer_mut(path).ok_or("missing value")? = value();
            Ok(())
        }
        "move" => {
            let moved = remove(object, from)?;
            add(object, path, moved)
        }
        "copy" => {
            let copied = find(object, from).cloned().ok_or_else(|| {
                format!(
                    "copy operation does not apply: doc is missing from path: {from}: missing value"
                )
            })?;
            add(object, path, copied)
        }
        "test" => {
            let found = find(object, path).unwrap_or(&Value::Null);
            if *found == value() {
                Ok(())
            } else {
                Err(format!("testing value {path} failed: test failed"))
            }
        }
        other => Err(format!("Unexpected kind: {other}")),
    }
}

fn find<'a>(object: &'a Value, path: &str) -> Option<&'a Value> {
    object.pointer(path)
}

fn add(object: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let Some((parent, last)) = split(path) else {
        *object = value;
        return Ok(());
    };
    let missing =
        || format!("add operation does not apply: doc is missing path: {path:?}: missing value");
    match object.pointer_mut(parent).ok_or_else(missing)? {
        Value::Object(fields) => {
            fields.insert(last, value);
            Ok(())
        }
        Value::Array(items) if last == "-" => {
            items.push(value);
            Ok(())
        }
        Value::Array(items) => {
            let index: usize = last.parse().map_err(|_| missing())?;
            if index > items.len() {
                return Err(format!(
                    "add operation does not apply: doc is missing path: {path:?}: Unable to access invalid index: {index}: invalid index referenced"
                ));
            }
            items.insert(index, value);
            Ok(())
        }
        _ => Err(missing()),
    }
}

fn remove(object: &mut Value, path: &str) -> Result<Value, String> {
    let missing =
        || format!("remove operation does not apply: doc is missing path: {path:?}: missing value");
    let (parent, last) = split(path).ok_or_else(missing)?;
    match object.pointer_mut(parent).ok_or_else(missing)? {
        Value::Object(fields) => fields.remove(&last).ok_or_else(missing),
        Value::Array(items) => {
            let index: usize = last.parse().map_err(|_| missing())?;
            if index >= items.len() {
                return Err(missing());
            }
            Ok(items.remove(index))
        }
        _ => Err(missing()),
    }
}

fn split(path: &str) -> Option<(&str, String)> {
    let (parent, last) = path.rsplit_once('/')?;
    Some((parent, last.replace("~1", "/").replace("~0", "~")))
}
