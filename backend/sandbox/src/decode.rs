//! From what a client sent to what the server keeps: types checked, unknown fields dropped, values in their one form.

use serde_json::{Map, Value};

use crate::quantity::{PATTERN_MESSAGE, Quantity};
use crate::types::{Scalar, Struct, Type, TypeId, Types};

/// A value in the form that the server keeps, and the fields that it does not know.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) value: Value,
    /// `spec.foo`, in the order of the object.
    pub(crate) unknown: Vec<String>,
}

/// Reads `value` as `ty`.
///
/// # Errors
///
/// A value of another type, in the words of Go's JSON reader.
pub(crate) fn decode(types: &Types, ty: TypeId, value: &Value) -> Result<Decoded, String> {
    let mut decoder = Decoder {
        types,
        path: Vec::new(),
        owner: String::new(),
        unknown: Vec::new(),
    };
    let value = decoder.value(ty, value)?.unwrap_or(Value::Null);
    Ok(Decoded {
        value,
        unknown: decoder.unknown,
    })
}

struct Decoder<'a> {
    types: &'a Types,
    path: Vec<String>,
    /// The struct that the field stands in.
    owner: String,
    unknown: Vec<String>,
}

/// Numbers and flags whose zero is as good as nothing; others are kept as written.
const DROPPED_ZEROS: &[&str] = &[
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostPort",
    "initialDelaySeconds",
    "minReadySeconds",
    "nodePort",
    "paused",
    "publishNotReadyAddresses",
    "readOnly",
    "stdin",
    "stdinOnce",
    "tty",
    "unschedulable",
];

/// Texts whose emptiness says something.
const KEPT_EMPTY_TEXTS: &[&str] = &[
    "storageClassName",
    "volumeAttributesClassName",
    "topologyKey",
    "ingressClassName",
    "apiGroup",
    "key",
    "name",
    "reason",
    "message",
    "image",
    "path",
    "mountPath",
    "loadBalancerClass",
    "driver",
    "group",
    "appProtocol",
];

impl Decoder<'_> {
    fn value(&mut self, ty: TypeId, value: &Value) -> Result<Option<Value>, String> {
        if value.is_null() {
            return Ok(None);
        }
        match self.types.get(ty) {
            Type::Struct(structure) => self.structure(structure, value).map(Some),
            Type::Map { value: below, .. } => {
                let Some(object) = value.as_object() else {
                    return Err(self.wrong(value, "map[string]string"));
                };
                let mut map = Map::new();
                for (name, value) in object {
                    self.path.push(name.clone());
                    let value = self.value(*below, value)?;
                    map.insert(
                        name.clone(),
                        value.unwrap_or_else(|| empty(self.types, *below)),
                    );
                    self.path.pop();
                }
                Ok(Some(Value::Object(map)))
            }
            Type::List { item, .. } => {
                let Some(items) = value.as_array() else {
                    let of = go_type(self.types, ty);
                    return Err(self.wrong(value, &of));
                };
                let mut list = Vec::with_capacity(items.len());
                for (index, value) in items.iter().enumerate() {
                    let place = self.path.len().saturating_sub(1);
                    let field = self.path.get(place).cloned().unwrap_or_default();
                    if let Some(name) = self.path.get_mut(place) {
                        *name = format!("{field}[{index}]");
                    }
                    let value = self.value(*item, value)?;
                    list.push(value.unwrap_or_else(|| empty(self.types, *item)));
                    if let Some(name) = self.path.get_mut(place) {
                        *name = field;
                    }
                }
                Ok(Some(Value::Array(list)))
            }
            Type::Scalar(scalar) => self.scalar(*scalar, value).map(Some),
            Type::Any => Ok(Some(value.clone())),
        }
    }

    fn structure(&mut self, structure: &Struct, value: &Value) -> Result<Value, String> {
        let Some(object) = value.as_object() else {
            let package = structure.name.clone();
            return Err(self.wrong(value, &format!("v1.{package}")));
        };
        let outer = std::mem::replace(&mut self.owner, structure.name.clone());
        let mut kept = Map::new();
        for (name, value) in object {
            self.path.push(name.clone());
            match structure.fields.get(name) {
                Some(field) => {
                    let value = self.value(field.ty, value)?;
                    if let Some(value) =
                        value.filter(|value| !self.says_nothing(name, field.ty, value, structure))
                    {
                        kept.insert(name.clone(), value);
                    }
                }
                None if structure.preserve_unknown => {
                    kept.insert(name.clone(), value.clone());
                }
                None => self.unknown.push(self.path.join(".")),
            }
            self.path.pop();
        }
        self.owner = outer;
        Ok(Value::Object(kept))
    }

    /// Whether the server leaves the field out when it writes the object.
    fn says_nothing(&self, name: &str, ty: TypeId, value: &Value, structure: &Struct) -> bool {
        if structure.required.iter().any(|it| it == name) {
            return false;
        }
        match (self.types.get(ty), value) {
            (Type::List { .. }, Value::Array(items)) => items.is_empty(),
            (Type::Map { .. }, Value::Object(fields)) => fields.is_empty(),
            (Type::Scalar(_), Value::String(text)) => {
                text.is_empty() && !KEPT_EMPTY_TEXTS.contains(&name)
            }
            (Type::Scalar(_), Value::Bool(false)) => DROPPED_ZEROS.contains(&name),
            (Type::Scalar(_), Value::Number(number)) => {
                number.as_i64() == Some(0) && DROPPED_ZEROS.contains(&name)
            }
            _ => false,
        }
    }

    fn scalar(&self, scalar: Scalar, value: &Value) -> Result<Value, String> {
        match scalar {
            Scalar::Text | Scalar::Time if value.is_string() => Ok(value.clone()),
            Scalar::Text | Scalar::Time => Err(self.wrong(value, "string")),
            Scalar::Bytes => {
                let Some(text) = value.as_str() else {
                    return Err(self.wrong(value, "[]uint8"));
                };
                match base64_problem(text) {
                    Some(at) => Err(format!("illegal base64 data at input byte {at}")),
                    None => Ok(value.clone()),
                }
            }
            Scalar::Int32 => match value.as_i64() {
                Some(number) if i32::try_from(number).is_ok() => Ok(value.clone()),
                _ => whole(value).ok_or_else(|| self.wrong(value, "int32")),
            },
            Scalar::Int64 if value.is_i64() => Ok(value.clone()),
            Scalar::Int64 => whole(value).ok_or_else(|| self.wrong(value, "int64")),
            Scalar::Number if value.is_number() => Ok(value.clone()),
            Scalar::Number => Err(self.wrong(value, "float64")),
            Scalar::Bool if value.is_boolean() => Ok(value.clone()),
            Scalar::Bool => Err(self.wrong(value, "bool")),
            Scalar::IntOrString if value.is_string() || value.is_i64() => Ok(value.clone()),
            Scalar::IntOrString => Err(self.wrong(value, "int32")),
            Scalar::Quantity => quantity(value),
        }
    }

    fn wrong(&self, value: &Value, expected: &str) -> String {
        let found = match value {
            Value::Null => "null".to_owned(),
            Value::Bool(_) => "bool".to_owned(),
            Value::Number(number) if value.is_i64() => {
                if expected.starts_with("int") {
                    format!("number {number}")
                } else {
                    "number".to_owned()
                }
            }
            Value::Number(number) => format!("number {number}"),
            Value::String(_) => "string".to_owned(),
            Value::Array(_) => "array".to_owned(),
            Value::Object(_) => "object".to_owned(),
        };
        let path: Vec<_> = self
            .path
            .iter()
            .map(|name| name.split('[').next().unwrap_or(name))
            .collect();
        format!(
            "json: cannot unmarshal {found} into Go struct field {}.{} of type {expected}",
            self.owner,
            path.join(".")
        )
    }
}

/// A float without a fraction is as good as a whole number.
fn whole(value: &Value) -> Option<Value> {
    let number = value.as_f64().filter(|_| value.is_f64())?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the guard checks that nothing is lost"
    )]
    let whole = number as i64;
    #[expect(
        clippy::cast_precision_loss,
        reason = "it is compared with the float it came from"
    )]
    let same = (whole as f64 - number).abs() < f64::EPSILON && whole.unsigned_abs() < 1 << 31;
    same.then(|| whole.into())
}

fn quantity(value: &Value) -> Result<Value, String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return Err(PATTERN_MESSAGE.to_owned()),
    };
    match Quantity::parse(&text) {
        Some(quantity) => Ok(quantity.to_string().into()),
        None if text.is_empty() => Err("unable to parse quantity's suffix".to_owned()),
        None => Err(PATTERN_MESSAGE.to_owned()),
    }
}

/// The first byte that is no base64.
pub(crate) fn base64_problem(text: &str) -> Option<usize> {
    let bytes: Vec<u8> = text
        .bytes()
        .filter(|it| !matches!(it, b'\r' | b'\n'))
        .collect();
    let padding = bytes.iter().rev().take_while(|it| **it == b'=').count();
    let body = bytes.len() - padding;
    let legal = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/');
    if let Some(at) = bytes.iter().take(body).position(|it| !legal(it)) {
        return Some(at);
    }
    match (body % 4, padding) {
        (0, 0) | (2, 2) | (3, 1) => None,
        (0, _) => Some(body),
        (1, _) | (_, 0) => Some(bytes.len()),
        _ => Some(body + padding.min(1)),
    }
}

fn go_type(types: &Types, ty: TypeId) -> String {
    match types.get(ty) {
        Type::Struct(structure) => format!("v1.{}", structure.name),
        Type::Map { value, .. } => format!("map[string]{}", go_type(types, *value)),
        Type::List { item, .. } => format!("[]{}", go_type(types, *item)),
        Type::Scalar(scalar) => match scalar {
            Scalar::Text | Scalar::Time => "string",
            Scalar::Bytes => "[]uint8",
            Scalar::Int32 => "int32",
            Scalar::Int64 => "int64",
            Scalar::Number => "float64",
            Scalar::Bool => "bool",
            Scalar::IntOrString => "intstr.IntOrString",
            Scalar::Quantity => "resource.Quantity",
        }
        .to_owned(),
        Type::Any => "interface {}".to_owned(),
    }
}

fn empty(types: &Types, ty: TypeId) -> Value {
    match types.get(ty) {
        Type::Struct(_) | Type::Map { .. } => Value::Object(Map::new()),
        Type::Scalar(Scalar::Text) => "".into(),
        _ => Value::Null,
    }
}

/// Reads a custom resource: unknown fields are pruned, and values stay as they are; the schema judges them later.
pub(crate) fn decode_custom(types: &Types, ty: TypeId, value: &Value) -> Decoded {
    let mut unknown = Vec::new();
    let value = prune(types, ty, value, "", &mut unknown);
    Decoded { value, unknown }
}

fn prune(types: &Types, ty: TypeId, value: &Value, path: &str, unknown: &mut Vec<String>) -> Value {
    match (types.get(ty), value) {
        (Type::Struct(structure), Value::Object(fields)) => {
            let mut kept = Map::new();
            for (name, value) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                match structure.fields.get(name) {
                    Some(field) => {
                        kept.insert(name.clone(), prune(types, field.ty, value, &path, unknown));
                    }
                    None if structure.preserve_unknown => {
                        kept.insert(name.clone(), value.clone());
                    }
                    None => unknown.push(path),
                }
            }
            Value::Object(kept)
        }
        (Type::Map { value: below, .. }, Value::Object(fields)) => {
            let pruned = fields.iter().map(|(name, value)| {
                (
                    name.clone(),
                    prune(types, *below, value, &format!("{path}.{name}"), unknown),
                )
            });
            Value::Object(pruned.collect())
        }
        (Type::List { item, .. }, Value::Array(items)) => {
            let pruned = items.iter().enumerate().map(|(index, value)| {
                prune(types, *item, value, &format!("{path}[{index}]"), unknown)
            });
            Value::Array(pruned.collect())
        }
        _ => value.clone(),
    }
}
