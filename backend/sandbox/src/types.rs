//! What objects may contain, compiled from OpenAPI definitions for walking along with a value.

use std::collections::{BTreeMap, HashMap};

use k8s_schemas::{ListType, Schema, Schemas};
use serde_json::Value;

/// Where a type stands in its [`Types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TypeId(u32);

/// All types of one family of definitions. Definitions may contain themselves, so types are named by place.
#[derive(Debug, Default)]
pub(crate) struct Types {
    all: Vec<Type>,
    by_name: HashMap<String, TypeId>,
}

#[derive(Debug, Clone)]
pub(crate) enum Type {
    Struct(Struct),
    Map {
        value: TypeId,
        atomic: bool,
    },
    List {
        item: TypeId,
        merge: ListMerge,
    },
    Scalar(Scalar),
    /// Anything goes: maps merge by key, lists are replaced.
    Any,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Struct {
    /// The last part of the definition's name.
    pub(crate) name: String,
    pub(crate) fields: BTreeMap<String, Field>,
    pub(crate) required: Vec<String>,
    pub(crate) atomic: bool,
    /// Whether fields that are not listed stay.
    pub(crate) preserve_unknown: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) ty: TypeId,
    pub(crate) default: Option<Value>,
    pub(crate) allowed: Vec<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text,
    /// Text of RFC 3339.
    Time,
    /// Text in base64.
    Bytes,
    Int32,
    Int64,
    Number,
    Bool,
    IntOrString,
    Quantity,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ListMerge {
    Atomic,
    Set,
    Map(Vec<String>),
}

/// Definitions that are replaced as one, which the published schemas say at the definition only.
const ATOMIC_DEFINITIONS: &[&str] = &[
    "ConfigMapKeySelector",
    "EndpointAddress",
    "EndpointPort",
    "FileKeySelector",
    "LabelSelector",
    "LocalObjectReference",
    "NodeSelector",
    "NodeSelectorTerm",
    "ObjectFieldSelector",
    "ObjectReference",
    "ParamRef",
    "ResourceFieldSelector",
    "ScopedResourceSelectorRequirement",
    "ScopeSelector",
    "SecretKeySelector",
    "SecretReference",
    "TopologySelectorTerm",
    "TypedLocalObjectReference",
];

impl Types {
    /// Compiles the named definitions and all that they need.
    pub(crate) fn published<'n>(
        schemas: Schemas<'_>,
        names: impl Iterator<Item = &'n str>,
    ) -> Self {
        let mut compiler = Compiler::new(schemas);
        for name in names {
            compiler.definition(name);
        }
        compiler.types
    }

    /// Compiles the schema of a custom resource under the name `custom`.
    pub(crate) fn custom(schemas: Schemas<'_>, schema: &Value) -> Self {
        let mut compiler = Compiler::new(schemas);
        let ty = compiler.compile(schema, "custom");
        let id = compiler.types.add(ty);
        compiler.types.by_name.insert("custom".to_owned(), id);
        compiler.types
    }

    pub(crate) fn get(&self, id: TypeId) -> &Type {
        self.all.get(id.0 as usize).unwrap_or(&Type::Any)
    }

    pub(crate) fn named(&self, definition: &str) -> Option<TypeId> {
        self.by_name.get(definition).copied()
    }

    /// The type of one field, where `id` is a struct or map that has it.
    pub(crate) fn field(&self, id: TypeId, name: &str) -> Option<TypeId> {
        match self.get(id) {
            Type::Struct(structure) => structure.fields.get(name).map(|field| field.ty),
            Type::Map { value, .. } => Some(*value),
            Type::Any => Some(id),
            Type::List { .. } | Type::Scalar(_) => None,
        }
    }

    fn add(&mut self, ty: Type) -> TypeId {
        self.all.push(ty);
        TypeId(self.all.len() as u32 - 1)
    }
}

struct Compiler<'a> {
    schemas: Schemas<'a>,
    types: Types,
}

impl<'a> Compiler<'a> {
    fn new(schemas: Schemas<'a>) -> Self {
        Self {
            schemas,
            types: Types::default(),
        }
    }

    fn definition(&mut self, name: &str) -> TypeId {
        if let Some(id) = self.types.by_name.get(name) {
            return *id;
        }
        // The place is taken before the fields are looked at: a definition may contain itself.
        let id = self.types.add(Type::Any);
        self.types.by_name.insert(name.to_owned(), id);
        let short = name.rsplit('.').next().unwrap_or(name);
        let ty = match known_scalar(name, short) {
            Some(ty) => ty,
            None => match self.schemas.definition(name) {
                Some(schema) => self.view(schema, short),
                None => Type::Any,
            },
        };
        if let Some(slot) = self.types.all.get_mut(id.0 as usize) {
            *slot = ty;
        }
        id
    }

    /// A published schema where it stands: its definition, or a type of its own.
    fn place(&mut self, schema: Schema<'a>) -> TypeId {
        let Some(name) = schema.definition() else {
            let ty = self.view(schema, "");
            return self.types.add(ty);
        };
        let id = self.definition(name);
        match self.types.get(id).clone() {
            Type::Struct(mut structure) if schema.is_atomic_map() && !structure.atomic => {
                structure.atomic = true;
                self.types.add(Type::Struct(structure))
            }
            _ => id,
        }
    }

    fn view(&mut self, schema: Schema<'a>, name: &str) -> Type {
        use k8s_schemas::Type as Published;
        match schema.ty() {
            Published::Object => Type::Struct(self.view_struct(schema, name)),
            Published::Map => match schema.values() {
                Some(values) => Type::Map {
                    value: self.place(values),
                    atomic: schema.is_atomic_map(),
                },
                None => Type::Any,
            },
            Published::List => match schema.items() {
                Some(items) => Type::List {
                    item: self.place(items),
                    merge: match schema.list_type() {
                        Some(ListType::Map(keys)) => ListMerge::Map(keys.to_vec()),
                        Some(ListType::Set) => ListMerge::Set,
                        Some(ListType::Atomic) | None => ListMerge::Atomic,
                    },
                },
                None => Type::Any,
            },
            Published::String => Type::Scalar(match schema.format() {
                Some("date-time") => Scalar::Time,
                Some("byte") => Scalar::Bytes,
                _ => Scalar::Text,
            }),
            Published::Integer if schema.format() == Some("int32") => Type::Scalar(Scalar::Int32),
            Published::Integer => Type::Scalar(Scalar::Int64),
            Published::Number => Type::Scalar(Scalar::Number),
            Published::Boolean => Type::Scalar(Scalar::Bool),
            Published::IntOrString => Type::Scalar(Scalar::IntOrString),
            Published::Quantity => Type::Scalar(Scalar::Quantity),
            Published::Any => Type::Any,
        }
    }

    fn view_struct(&mut self, schema: Schema<'a>, name: &str) -> Struct {
        let mut structure = Struct {
            name: name.to_owned(),
            atomic: schema.is_atomic_map() || ATOMIC_DEFINITIONS.contains(&name),
            ..Struct::default()
        };
        for field in schema.fields() {
            if field.required {
                structure.required.push(field.name.to_owned());
            }
            let allowed = field.schema.enum_values().to_vec();
            structure.fields.insert(
                field.name.to_owned(),
                Field {
                    ty: self.place(field.schema),
                    default: field.schema.default().cloned(),
                    allowed,
                },
            );
        }
        structure
    }

    fn compile(&mut self, schema: &Value, name: &str) -> Type {
        let preserve = schema["x-kubernetes-preserve-unknown-fields"] == true;
        if schema["x-kubernetes-int-or-string"] == true || schema["format"] == "int-or-string" {
            return Type::Scalar(Scalar::IntOrString);
        }
        match schema["type"].as_str() {
            Some("string") => Type::Scalar(match schema["format"].as_str() {
                Some("date-time") => Scalar::Time,
                Some("byte") => Scalar::Bytes,
                _ => Scalar::Text,
            }),
            Some("integer") if schema["format"] == "int32" => Type::Scalar(Scalar::Int32),
            Some("integer") => Type::Scalar(Scalar::Int64),
            Some("number") => Type::Scalar(Scalar::Number),
            Some("boolean") => Type::Scalar(Scalar::Bool),
            Some("array") => self.list(schema),
            Some("object") | None if schema["properties"].is_object() => {
                let mut structure = self.structure(schema, name);
                structure.preserve_unknown = preserve;
                Type::Struct(structure)
            }
            Some("object") if schema["additionalProperties"].is_object() => Type::Map {
                value: self.reference(&schema["additionalProperties"]),
                atomic: schema["x-kubernetes-map-type"] == "atomic",
            },
            Some("object")
                if !preserve && !name.is_empty() && schema["additionalProperties"] != true =>
            {
                Type::Struct(Struct {
                    name: name.to_owned(),
                    ..Struct::default()
                })
            }
            _ => Type::Any,
        }
    }

    fn structure(&mut self, schema: &Value, name: &str) -> Struct {
        let mut fields = BTreeMap::new();
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            let ty = self.reference(property);
            fields.insert(
                field.clone(),
                Field {
                    ty,
                    default: property.get("default").cloned(),
                    allowed: property["enum"].as_array().cloned().unwrap_or_default(),
                },
            );
        }
        let required = schema["required"].as_array().into_iter().flatten();
        Struct {
            name: name.to_owned(),
            fields,
            required: required
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            atomic: schema["x-kubernetes-map-type"] == "atomic"
                || ATOMIC_DEFINITIONS.contains(&name),
            preserve_unknown: false,
        }
    }

    fn list(&mut self, schema: &Value) -> Type {
        let item = self.reference(&schema["items"]);
        let keys: Vec<String> = schema["x-kubernetes-list-map-keys"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|key| key.as_str().map(str::to_owned))
            .collect();
        let merge = match schema["x-kubernetes-list-type"].as_str() {
            Some("set") => ListMerge::Set,
            Some("atomic") => ListMerge::Atomic,
            _ if !keys.is_empty() => ListMerge::Map(keys),
            _ => ListMerge::Atomic,
        };
        Type::List { item, merge }
    }

    /// A property: a reference to a definition, or a schema that stands in place.
    fn reference(&mut self, property: &Value) -> TypeId {
        let target = property["$ref"]
            .as_str()
            .or_else(|| property["allOf"][0]["$ref"].as_str());
        let Some(target) = target else {
            let ty = self.compile(property, "inline");
            return self.types.add(ty);
        };
        let name = target.rsplit('/').next().unwrap_or(target).to_owned();
        let id = self.definition(&name);
        if property["x-kubernetes-map-type"] != "atomic" {
            return id;
        }
        match self.types.get(id).clone() {
            Type::Struct(mut structure) => {
                structure.atomic = true;
                self.types.add(Type::Struct(structure))
            }
            other => self.types.add(other),
        }
    }
}

/// Definitions whose form on the wire is a scalar, or anything.
fn known_scalar(name: &str, short: &str) -> Option<Type> {
    if !name.starts_with("io.k8s.") {
        return None;
    }
    Some(match short {
        "Quantity" => Type::Scalar(Scalar::Quantity),
        "IntOrString" => Type::Scalar(Scalar::IntOrString),
        "Time" | "MicroTime" => Type::Scalar(Scalar::Time),
        "RawExtension"
        | "JSON"
        | "FieldsV1"
        | "JSONSchemaPropsOrArray"
        | "JSONSchemaPropsOrBool"
        | "JSONSchemaPropsOrStringArray" => Type::Any,
        _ => return None,
    })
}
