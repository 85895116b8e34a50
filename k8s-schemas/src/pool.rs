//! Definitions in flat arrays: strings, nodes and fields, each known by its number.
//!
//! A pool holds several editions (Kubernetes releases) that share most of their definitions.
//! A definition names another one, and the edition says which of its forms is meant.

use serde_json::Value;

pub(crate) type StrId = u32;
pub(crate) type NodeId = u32;
pub(crate) type NameId = u32;

/// Everything but the descriptions.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Pool {
    /// Tells one structure from another; 0 for pools made at run time.
    pub(crate) fingerprint: u64,
    pub(crate) strings: Strings,
    pub(crate) nodes: Vec<Node>,
    pub(crate) fields: Vec<FieldRow>,
    /// What few nodes have, shared; the first row is empty.
    pub(crate) extras: Vec<Extra>,
    /// Names of definitions.
    pub(crate) names: Vec<StrId>,
    /// `names`, sorted by their text.
    pub(crate) by_name: Vec<NameId>,
    pub(crate) kinds: Vec<KindRow>,
    pub(crate) editions: Vec<Edition>,
    /// The names of nodes that are definitions, sorted by node.
    pub(crate) definition_names: Vec<(NodeId, NameId)>,
}

/// Texts in one buffer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Strings {
    pub(crate) text: String,
    pub(crate) ends: Vec<u32>,
}

impl Strings {
    pub(crate) fn get(&self, id: StrId) -> &str {
        let id = id as usize;
        let start = match id.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(id).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    pub(crate) fn push(&mut self, text: &str) -> StrId {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        self.ends.len() as u32 - 1
    }
}

/// One schema: a definition, the value of a field, the items of a list or the values of a map.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) shape: Shape,
    pub(crate) flags: u16,
    /// Where its fields begin in [`Pool::fields`], and how many they are.
    pub(crate) fields: u32,
    pub(crate) fields_len: u32,
    /// Items of a list or values of a map: a node and 1, or 0. Of a reference: the name.
    pub(crate) child: u32,
    pub(crate) extra: u32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    #[default]
    Any,
    Object,
    Map,
    List,
    String,
    Integer,
    Number,
    Boolean,
    IntOrString,
    Quantity,
    Reference,
}

impl Shape {
    pub(crate) const ALL: [Shape; 11] = [
        Shape::Any,
        Shape::Object,
        Shape::Map,
        Shape::List,
        Shape::String,
        Shape::Integer,
        Shape::Number,
        Shape::Boolean,
        Shape::IntOrString,
        Shape::Quantity,
        Shape::Reference,
    ];
}

/// Bits of [`Node::flags`].
pub(crate) mod flag {
    pub(crate) const NULLABLE: u16 = 1;
    pub(crate) const UNKNOWN_FIELDS: u16 = 1 << 1;
    pub(crate) const EMBEDDED: u16 = 1 << 2;
    pub(crate) const ATOMIC_MAP: u16 = 1 << 3;
    pub(crate) const LIST_SET: u16 = 1 << 4;
    pub(crate) const LIST_MAP: u16 = 1 << 5;
    pub(crate) const DEPRECATED: u16 = 1 << 6;
    pub(crate) const READ_ONLY: u16 = 1 << 7;
    /// Merged field by field, though the definition is atomic.
    pub(crate) const GRANULAR_MAP: u16 = 1 << 9;
    /// A definition of its own: [`super::Node::child`] of the others may name it.
    pub(crate) const DEFINITION: u16 = 1 << 8;
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct FieldRow {
    pub(crate) name: StrId,
    pub(crate) node: NodeId,
    pub(crate) required: bool,
}

/// What few nodes have.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Extra {
    pub(crate) format: String,
    pub(crate) pattern: String,
    pub(crate) enumeration: Vec<Value>,
    pub(crate) default: Option<Value>,
    /// Keys of a list whose items are known by them.
    pub(crate) keys: Vec<String>,
    /// `allOf`, `anyOf`, `oneOf` and `not`, as a definition read at run time writes them.
    pub(crate) laws: Option<Value>,
    pub(crate) limits: Limits,
}

/// Bounds of a value; of a number, a text, a list or a map.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Limits {
    /// The least number.
    pub minimum: Option<f64>,
    /// The greatest number.
    pub maximum: Option<f64>,
    /// Whether `minimum` itself is too small.
    pub exclusive_minimum: bool,
    /// Whether `maximum` itself is too great.
    pub exclusive_maximum: bool,
    /// Fewest characters.
    pub min_length: Option<u64>,
    /// Most characters.
    pub max_length: Option<u64>,
    /// Fewest items of a list.
    pub min_items: Option<u64>,
    /// Most items of a list.
    pub max_items: Option<u64>,
    /// Fewest entries of a map.
    pub min_properties: Option<u64>,
    /// Most entries of a map.
    pub max_properties: Option<u64>,
    /// A number must be a multiple of this.
    pub multiple_of: Option<f64>,
}

/// A kind that an API server serves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KindRow {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) plural: String,
    pub(crate) singular: String,
    pub(crate) short_names: Vec<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) scope: Scope,
    pub(crate) list: bool,
    pub(crate) status: bool,
    pub(crate) scale: bool,
    pub(crate) definition: NameId,
}

impl KindRow {
    /// The kind of a list of this one.
    pub(crate) fn list_of(&self, kind: &str, definition: NameId) -> KindRow {
        KindRow {
            group: self.group.clone(),
            version: self.version.clone(),
            kind: kind.to_owned(),
            scope: self.scope,
            list: true,
            definition,
            ..KindRow::default()
        }
    }
}

/// Where objects of a kind live.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scope {
    /// In a namespace.
    #[default]
    Namespaced,
    /// In the cluster, outside of namespaces.
    Cluster,
    /// In no manifest: under another object only, such as `Eviction`, or never stored, such as
    /// `Status`.
    Subresource,
}

/// One release: which form of every definition, and which kinds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Edition {
    /// The minor number; `None` for definitions that fit every release.
    pub(crate) minor: Option<u8>,
    /// By name: a node and 1, or 0 where the edition lacks it.
    pub(crate) definitions: Vec<u32>,
    /// Rows of [`Pool::kinds`], sorted by group, version, kind.
    pub(crate) kinds: Vec<u32>,
}

/// What a node has that has nothing special.
pub(crate) const NO_EXTRA: &Extra = &Extra {
    format: String::new(),
    pattern: String::new(),
    enumeration: Vec::new(),
    default: None,
    keys: Vec::new(),
    laws: None,
    limits: Limits {
        minimum: None,
        maximum: None,
        exclusive_minimum: false,
        exclusive_maximum: false,
        min_length: None,
        max_length: None,
        min_items: None,
        max_items: None,
        min_properties: None,
        max_properties: None,
        multiple_of: None,
    },
};

impl Pool {
    pub(crate) fn node(&self, id: NodeId) -> Node {
        self.nodes.get(id as usize).copied().unwrap_or_default()
    }

    pub(crate) fn fields_of(&self, node: Node) -> &[FieldRow] {
        let start = node.fields as usize;
        let end = start.saturating_add(node.fields_len as usize);
        self.fields.get(start..end).unwrap_or(&[])
    }

    pub(crate) fn name(&self, id: NameId) -> &str {
        self.names
            .get(id as usize)
            .map_or("", |text| self.strings.get(*text))
    }

    pub(crate) fn name_id(&self, name: &str) -> Option<NameId> {
        self.by_name
            .binary_search_by(|id| self.name(*id).cmp(name))
            .ok()
            .and_then(|at| self.by_name.get(at).copied())
    }

    /// The edition for a release: its own, or the one that fits every release.
    pub(crate) fn edition(&self, minor: u8) -> Option<&Edition> {
        self.editions
            .iter()
            .find(|edition| edition.minor.is_none_or(|own| own == minor))
    }

    pub(crate) fn definition_name(&self, id: NodeId) -> Option<&str> {
        let names = &self.definition_names;
        let at = names.binary_search_by_key(&id, |(node, _)| *node).ok()?;
        names.get(at).map(|(_, name)| self.name(*name))
    }

    /// Makes what is looked up by search. To be called when everything else is there.
    pub(crate) fn index(&mut self) {
        let mut by_name: Vec<NameId> = (0..self.names.len() as u32).collect();
        by_name.sort_by(|a, b| self.name(*a).cmp(self.name(*b)));
        self.by_name = by_name;
        let mut names: Vec<(NodeId, NameId)> = Vec::new();
        for edition in &self.editions {
            let nodes = edition.definitions.iter().zip(0..);
            names.extend(nodes.filter_map(|(node, name)| Some((node.checked_sub(1)?, name))));
        }
        names.sort_unstable();
        names.dedup();
        self.definition_names = names;
    }
}

impl Edition {
    pub(crate) fn definition(&self, name: NameId) -> Option<NodeId> {
        self.definitions.get(name as usize)?.checked_sub(1)
    }
}
