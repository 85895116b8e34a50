//! JSON schemas, as Kubernetes writes them, into a pool.
//!
//! The same reading serves the built-in kinds, custom resource definitions and OpenAPI v3
//! documents, so that all of them look alike to those who ask.
#![allow(dead_code, reason = "the build script uses less of it than the crate")]

use crate::pool::{
    Edition, Extra, FieldRow, KindRow, Limits, NO_EXTRA, NameId, Node, NodeId, Pool, Shape, flag,
};
use crate::texts::Texts;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// Deeper than this, anything goes. No schema of Kubernetes is deeper than 20.
const MAX_DEPTH: usize = 64;
/// More nodes than this in one document, anything goes. All releases together have a tenth.
const MAX_NODES: usize = 200_000;

/// The package of what all kinds share.
pub(crate) const META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1";

/// A pool that grows.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pool: Pool,
    strings: HashMap<String, u32>,
    names: HashMap<String, NameId>,
    extras: HashMap<String, u32>,
    descriptions: HashMap<String, u32>,
    texts: String,
    text_ends: Vec<u32>,
    of_node: Vec<u32>,
    /// How many nodes the pool may have at the end of the document that is read.
    most_nodes: usize,
}

impl Reader {
    /// An empty pool.
    pub(crate) fn new() -> Reader {
        let mut reader = Reader::default();
        reader.pool.extras.push(Extra::default());
        reader.begin_document();
        reader
    }

    /// What follows is another document: one that is too large costs the others nothing.
    pub(crate) fn begin_document(&mut self) {
        self.most_nodes = self.pool.nodes.len() + MAX_NODES;
    }

    /// Adds a form of a definition. Which releases have it, the editions say.
    pub(crate) fn definition(&mut self, name: &str, schema: &Value) -> NodeId {
        self.name(name);
        let id = self.node(schema, 0);
        if let Some(node) = self.pool.nodes.get_mut(id as usize) {
            node.flags |= flag::DEFINITION;
            match name.rsplit('.').next() {
                Some("Quantity") if name.ends_with(".api.resource.Quantity") => {
                    node.shape = Shape::Quantity;
                }
                Some("RawExtension" | "FieldsV1" | "Patch") if name.contains(".apimachinery.") => {
                    node.shape = Shape::Object;
                    node.flags |= flag::UNKNOWN_FIELDS;
                }
                Some("JSON") if name.contains(".apiextensions.") => node.shape = Shape::Any,
                _ => {}
            }
        }
        id
    }

    /// The number of a definition's name.
    pub(crate) fn name(&mut self, name: &str) -> NameId {
        if let Some(id) = self.names.get(name) {
            return *id;
        }
        let text = self.string(name);
        self.pool.names.push(text);
        let id = self.pool.names.len() as u32 - 1;
        self.names.insert(name.to_owned(), id);
        id
    }

    /// Adds a kind.
    pub(crate) fn kind(&mut self, row: KindRow) -> u32 {
        let kinds = &mut self.pool.kinds;
        if let Some(at) = kinds.iter().position(|known| *known == row) {
            return at as u32;
        }
        kinds.push(row);
        kinds.len() as u32 - 1
    }

    /// Adds a release. Of two kinds of one name the first is kept.
    pub(crate) fn edition(
        &mut self,
        minor: Option<u8>,
        forms: &[(NameId, NodeId)],
        mut kinds: Vec<u32>,
    ) {
        let mut definitions = vec![0; self.pool.names.len()];
        for (name, node) in forms {
            if let Some(slot) = definitions.get_mut(*name as usize) {
                *slot = node + 1;
            }
        }
        let rows = &self.pool.kinds;
        let key = |row: &u32| {
            rows.get(*row as usize)
                .map(|row| (&row.group, &row.version, &row.kind))
        };
        kinds.sort_by(|a, b| key(a).cmp(&key(b)));
        kinds.dedup_by(|a, b| key(a) == key(b));
        self.pool.editions.push(Edition {
            minor,
            definitions,
            kinds,
        });
    }

    /// The pool with its descriptions.
    pub(crate) fn finish(mut self) -> (Pool, Texts) {
        self.pool.index();
        let texts = Texts {
            text: self.texts.into(),
            ends: self.text_ends,
            of_node: self.of_node,
        };
        (self.pool, texts)
    }

    fn string(&mut self, text: &str) -> u32 {
        if let Some(id) = self.strings.get(text) {
            return *id;
        }
        let id = self.pool.strings.push(text);
        self.strings.insert(text.to_owned(), id);
        id
    }

    fn push(&mut self, node: Node, description: &str) -> NodeId {
        let text = match (description, self.descriptions.get(description)) {
            ("", _) => 0,
            (_, Some(known)) => *known,
            (new, None) => {
                self.texts.push_str(new);
                self.text_ends.push(self.texts.len() as u32);
                let number = self.text_ends.len() as u32;
                self.descriptions.insert(new.to_owned(), number);
                number
            }
        };
        self.of_node.push(text);
        self.pool.nodes.push(node);
        self.pool.nodes.len() as u32 - 1
    }

    /// Reads one schema with all below it. Children come before their parents.
    fn node(&mut self, schema: &Value, depth: usize) -> NodeId {
        let Value::Object(schema) = schema else {
            return self.push(Node::default(), "");
        };
        let description = text(schema, "description");
        if depth > MAX_DEPTH || self.pool.nodes.len() > self.most_nodes {
            return self.push(Node::default(), description);
        }
        let mut node = Node {
            shape: shape(schema),
            flags: flags(schema),
            ..Node::default()
        };
        node.child = match (node.shape, reference(schema)) {
            (Shape::Reference, Some(name)) => self.name(name),
            _ => self.child(node.shape, schema, depth),
        };
        (node.fields, node.fields_len) = self.fields(schema, depth);
        node.extra = self.extra(extra(schema));
        self.push(node, description)
    }

    /// Items of a list, values of a map, or the choice with fields: a node and 1.
    fn child(&mut self, shape: Shape, schema: &Map<String, Value>, depth: usize) -> u32 {
        let child = match shape {
            Shape::List => schema.get("items"),
            Shape::Map | Shape::Object => schema.get("additionalProperties"),
            Shape::Any => choice(schema),
            _ => None,
        };
        match child {
            Some(child @ Value::Object(_)) => self.node(child, depth + 1) + 1,
            _ => 0,
        }
    }

    fn fields(&mut self, schema: &Map<String, Value>, depth: usize) -> (u32, u32) {
        let known = schema.get("properties").and_then(Value::as_object);
        let embedded = is_set(schema, "x-kubernetes-embedded-resource").then(object_fields);
        // Sorted here: whether a JSON object keeps the order of its keys is another crate's choice.
        let properties: BTreeMap<&String, &Value> = embedded
            .iter()
            .flatten()
            .chain(known.into_iter().flatten())
            .collect();
        let required = strings(schema, "required");
        let mut rows = Vec::with_capacity(properties.len());
        for (name, property) in properties {
            rows.push(FieldRow {
                name: self.string(name),
                node: self.node(property, depth + 1),
                required: required.contains(name),
            });
        }
        let start = self.pool.fields.len() as u32;
        let length = rows.len() as u32;
        self.pool.fields.append(&mut rows);
        (start, length)
    }

    fn extra(&mut self, extra: Extra) -> u32 {
        if extra == *NO_EXTRA {
            return 0;
        }
        let key = format!("{extra:?}");
        if let Some(id) = self.extras.get(&key) {
            return *id;
        }
        self.pool.extras.push(extra);
        let id = self.pool.extras.len() as u32 - 1;
        self.extras.insert(key, id);
        id
    }
}

/// The schema of a list of objects. Where they come from, lists have none of their own.
pub(crate) fn list_schema(item: &Value, kind: &str, items: &Value) -> Value {
    json!({
        "description": format!("A list of {kind} objects."),
        "type": "object",
        "properties": {
            "apiVersion": item["properties"]["apiVersion"],
            "kind": item["properties"]["kind"],
            "items": {"description": "The objects of the list.", "type": "array", "items": items},
            "metadata": {
                "description": "Where in the history of the cluster the list was read.",
                "$ref": format!("{META}.ListMeta"),
            },
        },
        "required": ["items"],
    })
}

/// The fields that every object has, where its schema does not say more of them.
pub(crate) fn object_fields() -> Map<String, Value> {
    let fields = [
        ("apiVersion", json!({"type": "string"})),
        ("kind", json!({"type": "string"})),
        ("metadata", json!({"$ref": format!("{META}.ObjectMeta")})),
    ];
    fields
        .map(|(name, schema)| (name.to_owned(), schema))
        .into_iter()
        .collect()
}

fn text<'a>(schema: &'a Map<String, Value>, key: &str) -> &'a str {
    schema.get(key).and_then(Value::as_str).unwrap_or("")
}

fn strings(schema: &Map<String, Value>, key: &str) -> Vec<String> {
    let list = schema.get(key).and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

fn is_set(schema: &Map<String, Value>, key: &str) -> bool {
    schema.get(key) == Some(&Value::Bool(true))
}

/// The definition that a schema refers to: by `$ref`, or by `allOf` with nothing else in it,
/// which is how a reference gets a description of its own in OpenAPI v3.
fn reference(schema: &Map<String, Value>) -> Option<&str> {
    let path = match (schema.get("$ref"), schema.get("allOf")) {
        (Some(path), _) => path.as_str()?,
        (None, Some(Value::Array(all))) => match all.as_slice() {
            [Value::Object(only)] => only.get("$ref")?.as_str()?,
            _ => return None,
        },
        _ => return None,
    };
    path.rsplit('/').next()
}

/// Of several allowed types, the one that refers to a definition.
fn choice(schema: &Map<String, Value>) -> Option<&Value> {
    let choices = schema.get("oneOf").or_else(|| schema.get("anyOf"))?;
    let is_reference = |choice: &&Value| choice.as_object().and_then(reference).is_some();
    choices.as_array()?.iter().find(is_reference)
}

/// The types that a schema names, `null` left out.
fn types(schema: &Map<String, Value>) -> (Vec<&str>, bool) {
    let named: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let nullable = named.contains(&"null");
    (
        named.into_iter().filter(|name| *name != "null").collect(),
        nullable,
    )
}

fn shape(schema: &Map<String, Value>) -> Shape {
    if is_set(schema, "x-kubernetes-int-or-string") || text(schema, "format") == "int-or-string" {
        return Shape::IntOrString;
    }
    if reference(schema).is_some() {
        return Shape::Reference;
    }
    match types(schema).0.as_slice() {
        ["object"] => object_shape(schema),
        ["array"] => Shape::List,
        ["string"] => Shape::String,
        ["integer"] => Shape::Integer,
        ["number"] => Shape::Number,
        ["boolean"] => Shape::Boolean,
        ["integer", "string"] | ["string", "integer"] => Shape::IntOrString,
        [] if schema.contains_key("properties") => object_shape(schema),
        _ => Shape::Any,
    }
}

fn object_shape(schema: &Map<String, Value>) -> Shape {
    match schema.get("additionalProperties") {
        Some(Value::Object(_)) if !schema.contains_key("properties") => Shape::Map,
        _ => Shape::Object,
    }
}

fn flags(schema: &Map<String, Value>) -> u16 {
    let open = is_set(schema, "x-kubernetes-preserve-unknown-fields")
        || is_set(schema, "additionalProperties");
    let list = text(schema, "x-kubernetes-list-type");
    let all = [
        (
            flag::NULLABLE,
            is_set(schema, "nullable") || types(schema).1,
        ),
        (flag::UNKNOWN_FIELDS, open),
        (
            flag::EMBEDDED,
            is_set(schema, "x-kubernetes-embedded-resource"),
        ),
        (
            flag::ATOMIC_MAP,
            text(schema, "x-kubernetes-map-type") == "atomic",
        ),
        (
            flag::GRANULAR_MAP,
            text(schema, "x-kubernetes-map-type") == "granular",
        ),
        (flag::LIST_SET, list == "set"),
        (flag::LIST_MAP, list == "map"),
        (flag::DEPRECATED, is_deprecated(schema)),
        (flag::READ_ONLY, is_set(schema, "readOnly")),
    ];
    let set = all.iter().filter(|(_, set)| *set);
    set.fold(0, |flags, (flag, _)| flags | flag)
}

/// Kubernetes says so in prose; the words are those that its sources agree on.
fn is_deprecated(schema: &Map<String, Value>) -> bool {
    let description = text(schema, "description");
    // `deprecatedCount is …` repeats the name of a field; `deprecated indicates …` is about one.
    let named_so = description
        .strip_prefix("deprecated")
        .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_uppercase()));
    let said = ["Deprecated: ", "DEPRECATED: ", "This field is deprecated"];
    is_set(schema, "deprecated")
        || named_so
        || description.starts_with("Deprecated")
        || said.iter().any(|words| description.contains(words))
}

fn extra(schema: &Map<String, Value>) -> Extra {
    let mut format = text(schema, "format");
    if format == "int-or-string" {
        format = "";
    }
    let enumeration = schema.get("enum").and_then(Value::as_array);
    Extra {
        format: format.to_owned(),
        pattern: text(schema, "pattern").to_owned(),
        enumeration: enumeration.cloned().unwrap_or_default(),
        default: schema.get("default").cloned(),
        keys: strings(schema, "x-kubernetes-list-map-keys"),
        laws: laws(schema),
        limits: limits(schema),
    }
}

/// What a value must be like, where that is not about its type.
fn laws(schema: &Map<String, Value>) -> Option<Value> {
    let says_type = |part: &Value| part.get("type").is_some() || part.get("$ref").is_some();
    let is_law = |word: &&str| match schema.get(*word) {
        Some(Value::Array(parts)) => !parts.iter().any(says_type),
        Some(part) => !says_type(part),
        None => false,
    };
    let words = ["allOf", "anyOf", "oneOf", "not"]
        .into_iter()
        .filter(is_law);
    let laws: Map<String, Value> = words
        .filter_map(|word| Some((word.to_owned(), schema.get(word)?.clone())))
        .collect();
    (!laws.is_empty()).then_some(Value::Object(laws))
}

fn limits(schema: &Map<String, Value>) -> Limits {
    let float = |key| schema.get(key).and_then(Value::as_f64);
    let count = |key| schema.get(key).and_then(Value::as_u64);
    Limits {
        minimum: float("minimum"),
        maximum: float("maximum"),
        exclusive_minimum: is_set(schema, "exclusiveMinimum"),
        exclusive_maximum: is_set(schema, "exclusiveMaximum"),
        min_length: count("minLength"),
        max_length: count("maxLength"),
        min_items: count("minItems"),
        max_items: count("maxItems"),
        min_properties: count("minProperties"),
        max_properties: count("maxProperties"),
        multiple_of: float("multipleOf"),
    }
}
