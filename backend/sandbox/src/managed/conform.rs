//! Whether a value fits its type, and which fields it sets: the first step of server-side apply.

use serde_json::Value;

use super::path::{FieldSet, Leaf, Step, print};
use crate::types::{ListMerge, Scalar, Struct, Type, TypeId, Types};

/// What is wrong with an applied object, in the words of the API server.
pub(crate) fn problems(types: &Types, ty: TypeId, value: &Value) -> Vec<String> {
    let mut check = Check {
        types,
        path: Vec::new(),
        problems: Vec::new(),
    };
    check.value(ty, value);
    check.problems
}

/// One text of all problems, as it stands in the answer.
pub(crate) fn sentence(problems: &[String]) -> String {
    match problems {
        [one] => one.clone(),
        many => {
            let lines: Vec<_> = many.iter().map(|problem| format!("  {problem}")).collect();
            format!("errors:\n{}", lines.join("\n"))
        }
    }
}

struct Check<'a> {
    types: &'a Types,
    path: Vec<Step>,
    problems: Vec<String>,
}

impl Check<'_> {
    fn report(&mut self, message: impl AsRef<str>) {
        let message = message.as_ref();
        self.problems.push(if self.path.is_empty() {
            message.to_owned()
        } else {
            format!("{}: {message}", print(&self.path))
        });
    }

    fn value(&mut self, ty: TypeId, value: &Value) {
        if value.is_null() {
            return;
        }
        match self.types.get(ty) {
            Type::Struct(structure) => {
                let Some(object) = value.as_object() else {
                    return self.report(format!("expected map, got {}", go_value(value)));
                };
                for (name, value) in object {
                    self.path.push(Step::field(name));
                    match structure.fields.get(name) {
                        Some(field) => self.value(field.ty, value),
                        None if structure.preserve_unknown => {}
                        None => self.report("field not declared in schema"),
                    }
                    self.path.pop();
                }
            }
            Type::Map { value: below, .. } => {
                let Some(object) = value.as_object() else {
                    return self.report(format!("expected map, got {}", go_value(value)));
                };
                for (name, value) in object {
                    self.path.push(Step::field(name));
                    self.value(*below, value);
                    self.path.pop();
                }
            }
            Type::List { item, merge } => {
                let Some(items) = value.as_array() else {
                    return self.report(format!("expected list, got {}", go_value(value)));
                };
                self.list(*item, merge, items);
            }
            Type::Scalar(scalar) => {
                if let Some(message) = scalar_problem(*scalar, value) {
                    self.report(message);
                }
            }
            Type::Any => {}
        }
    }

    fn list(&mut self, item: TypeId, merge: &ListMerge, items: &[Value]) {
        let mut seen = std::collections::BTreeSet::new();
        for (index, value) in items.iter().enumerate() {
            let step = match item_step(self.types, item, merge, index, value) {
                Ok(step) => step,
                Err(why) => {
                    self.report(format!("element {index}: {why}"));
                    return;
                }
            };
            if *merge != ListMerge::Atomic && !seen.insert(step.clone()) {
                self.report(format!("duplicate entries for key {step}"));
            }
            self.path.push(step);
            self.value(item, value);
            self.path.pop();
        }
    }
}

fn scalar_problem(scalar: Scalar, value: &Value) -> Option<String> {
    let fits = match scalar {
        Scalar::Text | Scalar::Time | Scalar::Bytes => value.is_string(),
        Scalar::Int32 | Scalar::Int64 | Scalar::Number => value.is_number(),
        Scalar::Bool => value.is_boolean(),
        Scalar::IntOrString | Scalar::Quantity => !value.is_array() && !value.is_object(),
    };
    if fits {
        return None;
    }
    Some(match scalar {
        Scalar::Text | Scalar::Time | Scalar::Bytes => {
            format!("expected string, got {}", go_syntax(value))
        }
        Scalar::Int32 | Scalar::Int64 | Scalar::Number => {
            format!("expected numeric (int or float), got {}", go_type(value))
        }
        Scalar::Bool => format!("expected boolean, got {}", go_value(value)),
        Scalar::IntOrString | Scalar::Quantity => {
            format!("expected any scalar, got {}", go_value(value))
        }
    })
}

/// A value as Go's `%v` prints it behind a pointer.
fn go_value(value: &Value) -> String {
    format!("&{{{}}}", go_plain(value))
}

fn go_plain(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(go_plain).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Object(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| format!("{name}:{}", go_plain(value)))
                .collect();
            format!("map[{}]", fields.join(" "))
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A value as Go's `%#v` prints it.
fn go_syntax(value: &Value) -> String {
    fn literal(value: &Value) -> String {
        match value {
            Value::Null => "interface {}(nil)".to_owned(),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(literal).collect();
                format!("[]interface {{}}{{{}}}", items.join(", "))
            }
            Value::Object(fields) => {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| format!("{name:?}:{}", literal(value)))
                    .collect();
                format!("map[string]interface {{}}{{{}}}", fields.join(", "))
            }
        }
    }
    format!("&value.valueUnstructured{{Value:{}}}", literal(value))
}

fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

/// How a list item is named in a path.
///
/// # Errors
///
/// If the item lacks a key of its list; the text is the API server's.
pub(crate) fn item_step(
    types: &Types,
    item: TypeId,
    merge: &ListMerge,
    index: usize,
    value: &Value,
) -> Result<Step, String> {
    match merge {
        ListMerge::Atomic => Ok(Step::Index(index)),
        ListMerge::Set => match value {
            Value::Null => Err(
                "associative list without keys has an element that's an explicit null".to_owned(),
            ),
            Value::Array(_) => {
                Err("not supported: associative list with lists as elements".to_owned())
            }
            Value::Object(_) => {
                Err("associative list without keys has an element that's a map type".to_owned())
            }
            scalar => Ok(Step::Value(Leaf(scalar.clone()))),
        },
        ListMerge::Map(keys) => {
            let Some(object) = value.as_object() else {
                return Err(if value.is_null() {
                    "associative list with keys may not have null elements".to_owned()
                } else {
                    "associative list with keys may not have non-map elements".to_owned()
                });
            };
            let mut found = Vec::new();
            for key in keys {
                let given = object.get(key).filter(|value| !value.is_null());
                match given.cloned().or_else(|| default_of(types, item, key)) {
                    Some(value) => found.push((key.clone(), Leaf(value))),
                    None if keys.len() == 1 => {
                        return Err(format!(
                            "associative list with keys has an element that omits key field {key:?} (and doesn't have default value)"
                        ));
                    }
                    None => {}
                }
            }
            if found.is_empty() {
                let keys: Vec<_> = keys.iter().map(|key| format!("{key:?}")).collect();
                return Err(format!(
                    "associative list with keys has an element that omits all key fields [{}] (and doesn't have default values for any key fields)",
                    keys.join(" ")
                ));
            }
            found.sort();
            Ok(Step::Key(found))
        }
    }
}

fn default_of(types: &Types, ty: TypeId, field: &str) -> Option<Value> {
    match types.get(ty) {
        Type::Struct(structure) => structure.fields.get(field)?.default.clone(),
        _ => None,
    }
}

/// The fields that a value sets.
pub(crate) fn field_set(types: &Types, ty: TypeId, value: &Value) -> FieldSet {
    let mut set = FieldSet::default();
    collect(types, ty, value, &mut set);
    set
}

fn collect(types: &Types, ty: TypeId, value: &Value, set: &mut FieldSet) {
    match (types.get(ty), value) {
        (
            Type::Struct(Struct { atomic: false, .. })
            | Type::Map { atomic: false, .. }
            | Type::Any,
            Value::Object(object),
        ) => {
            for (name, value) in object {
                let step = Step::field(name);
                let declared =
                    matches!(types.get(ty), Type::Struct(it) if it.fields.contains_key(name));
                let below = types.field(ty, name);
                let empty =
                    value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
                if is_leaf(types, below, value) || empty || !declared {
                    set.members.insert(step.clone());
                }
                if let Some(below) = below.filter(|_| !is_leaf(types, below, value)) {
                    let mut child = FieldSet::default();
                    collect(types, below, value, &mut child);
                    if !child.is_empty() {
                        set.children.insert(step, child);
                    }
                }
            }
        }
        (Type::List { item, merge }, Value::Array(items)) if *merge != ListMerge::Atomic => {
            for (index, value) in items.iter().enumerate() {
                let Ok(step) = item_step(types, *item, merge, index, value) else {
                    continue;
                };
                set.members.insert(step.clone());
                if !is_leaf(types, Some(*item), value) {
                    let mut child = FieldSet::default();
                    collect(types, *item, value, &mut child);
                    if !child.is_empty() {
                        set.children.entry(step).or_insert(child);
                    }
                }
            }
        }
        _ => {}
    }
}

/// Whether the value is owned as one.
pub(crate) fn is_leaf(types: &Types, ty: Option<TypeId>, value: &Value) -> bool {
    let Some(ty) = ty else { return true };
    match (types.get(ty), value) {
        (_, Value::Null) => false,
        (Type::Struct(structure), _) => structure.atomic,
        (Type::Map { atomic, .. }, _) => *atomic,
        (Type::List { merge, .. }, _) => *merge == ListMerge::Atomic,
        (Type::Scalar(_), _) => true,
        (Type::Any, value) => !value.is_object(),
    }
}
