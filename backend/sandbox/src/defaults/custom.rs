//! Defaults that the schema of a custom resource states.

use serde_json::Value;

use crate::types::{Type, TypeId, Types};

/// Fills in defaults, outermost first: a default may have fields with defaults.
pub(crate) fn fill(types: &Types, ty: TypeId, value: &mut Value) {
    match (types.get(ty), value) {
        (Type::Struct(structure), Value::Object(fields)) => {
            for (name, field) in &structure.fields {
                let missing = fields.get(name).is_none_or(Value::is_null);
                match &field.default {
                    Some(default) if missing => {
                        fields.insert(name.clone(), default.clone());
                    }
                    _ => {}
                }
                if let Some(below) = fields.get_mut(name) {
                    fill(types, field.ty, below);
                }
            }
        }
        (Type::Map { value: below, .. }, Value::Object(fields)) => {
            for value in fields.values_mut() {
                fill(types, *below, value);
            }
        }
        (Type::List { item, .. }, Value::Array(items)) => {
            for value in items {
                fill(types, *item, value);
            }
        }
        _ => {}
    }
}
