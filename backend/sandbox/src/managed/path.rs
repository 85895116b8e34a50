//! Field paths and sets of them, and their form on the wire (`fieldsV1`).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

use crate::types::{Type, TypeId, Types};

/// One step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// `f:name`: a field of a struct, or a key of a map.
    Field(String),
    /// `k:{…}`: the item of a list with these keys.
    Key(Vec<(String, Leaf)>),
    /// `v:…`: the item of a set.
    Value(Leaf),
    /// `i:n`: the item at a place.
    Index(usize),
}

/// A scalar with an order, so that it can stand in a set.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leaf(pub(crate) Value);

impl Eq for Leaf {}

impl Ord for Leaf {
    fn cmp(&self, other: &Self) -> Ordering {
        fn rank(value: &Value) -> u8 {
            match value {
                Value::Null => 0,
                Value::Bool(_) => 1,
                Value::Number(_) => 2,
                Value::String(_) => 3,
                Value::Array(_) | Value::Object(_) => 4,
            }
        }
        match (&self.0, &other.0) {
            (Value::Bool(one), Value::Bool(two)) => one.cmp(two),
            (Value::String(one), Value::String(two)) => one.cmp(two),
            (Value::Number(one), Value::Number(two)) => {
                let (one, two) = (one.as_f64(), two.as_f64());
                one.partial_cmp(&two).unwrap_or(Ordering::Equal)
            }
            (one, two) => {
                (rank(one).cmp(&rank(two))).then_with(|| one.to_string().cmp(&two.to_string()))
            }
        }
    }
}

impl PartialOrd for Leaf {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, ".{name}"),
            Self::Key(keys) => {
                let keys: Vec<_> = keys
                    .iter()
                    .map(|(name, value)| format!("{name}={}", value.0))
                    .collect();
                write!(f, "[{}]", keys.join(","))
            }
            Self::Value(value) => write!(f, "[={}]", value.0),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

impl Step {
    pub(crate) fn field(name: &str) -> Self {
        Self::Field(name.to_owned())
    }

    fn to_key(&self) -> String {
        match self {
            Self::Field(name) => format!("f:{name}"),
            Self::Key(keys) => {
                let keys: Map<String, Value> = keys
                    .iter()
                    .map(|(name, value)| (name.clone(), value.0.clone()))
                    .collect();
                format!("k:{}", Value::Object(keys))
            }
            Self::Value(value) => format!("v:{}", value.0),
            Self::Index(index) => format!("i:{index}"),
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        let (form, rest) = key.split_at_checked(2)?;
        match form {
            "f:" => Some(Self::Field(rest.to_owned())),
            "v:" => Some(Self::Value(Leaf(serde_json::from_str(rest).ok()?))),
            "i:" => Some(Self::Index(rest.parse().ok()?)),
            "k:" => {
                let keys: Map<String, Value> = serde_json::from_str(rest).ok()?;
                let keys = keys.into_iter().map(|(name, value)| (name, Leaf(value)));
                Some(Self::Key(keys.collect()))
            }
            _ => None,
        }
    }
}

/// Prints a path, such as `.spec.containers[name="web"].image`.
pub(crate) fn print(path: &[Step]) -> String {
    path.iter().map(ToString::to_string).collect()
}

/// A set of paths, as a tree. A path may be a member and have members below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FieldSet {
    pub(crate) members: BTreeSet<Step>,
    pub(crate) children: BTreeMap<Step, FieldSet>,
}

impl FieldSet {
    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty() && self.children.values().all(Self::is_empty)
    }

    pub(crate) fn insert(&mut self, path: &[Step]) {
        let Some((last, parents)) = path.split_last() else {
            return;
        };
        let set = parents.iter().fold(self, |set, step| {
            set.children.entry(step.clone()).or_default()
        });
        set.members.insert(last.clone());
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.extend(other);
        all
    }

    fn extend(&mut self, other: &Self) {
        self.members.extend(other.members.iter().cloned());
        for (step, set) in &other.children {
            self.children.entry(step.clone()).or_default().extend(set);
        }
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let members = self.members.intersection(&other.members).cloned().collect();
        let children = self.children.iter().filter_map(|(step, set)| {
            let both = set.intersection(other.children.get(step)?);
            (!both.is_empty()).then(|| (step.clone(), both))
        });
        Self {
            members,
            children: children.collect(),
        }
    }

    pub(crate) fn difference(&self, other: &Self) -> Self {
        let members = self.members.difference(&other.members).cloned().collect();
        let children = self.children.iter().filter_map(|(step, set)| {
            let rest = match other.children.get(step) {
                Some(taken) => set.difference(taken),
                None => set.clone(),
            };
            (!rest.is_empty()).then(|| (step.clone(), rest))
        });
        Self {
            members,
            children: children.collect(),
        }
    }

    /// What is left without the paths of `other` and everything below them.
    pub(crate) fn without_subtrees(&self, other: &Self) -> Self {
        let members = self.members.difference(&other.members).cloned().collect();
        let children = self.children.iter().filter_map(|(step, set)| {
            if other.members.contains(step) {
                return None;
            }
            let rest = match other.children.get(step) {
                Some(taken) => set.without_subtrees(taken),
                None => set.clone(),
            };
            (!rest.is_empty()).then(|| (step.clone(), rest))
        });
        Self {
            members,
            children: children.collect(),
        }
    }

    /// The set with every declared field on the way to a member as a member too.
    pub(crate) fn with_named_parents(&self, types: &Types, ty: TypeId) -> Self {
        let mut members = self.members.clone();
        let mut children = BTreeMap::new();
        for (step, set) in &self.children {
            let below = match (types.get(ty), step) {
                (Type::Struct(structure), Step::Field(name)) => {
                    let field = structure.fields.get(name);
                    if field.is_some() {
                        members.insert(step.clone());
                    }
                    field.map(|field| field.ty)
                }
                (Type::Map { value, .. }, Step::Field(_)) => Some(*value),
                (Type::List { item, .. }, _) => Some(*item),
                _ => None,
            };
            let set = match below {
                Some(below) => set.with_named_parents(types, below),
                None => set.clone(),
            };
            children.insert(step.clone(), set);
        }
        Self { members, children }
    }

    /// All members, parents before what is below them.
    pub(crate) fn paths(&self) -> Vec<Vec<Step>> {
        let mut all = Vec::new();
        self.collect(&mut Vec::new(), &mut all);
        all
    }

    fn collect(&self, prefix: &mut Vec<Step>, all: &mut Vec<Vec<Step>>) {
        let steps: BTreeSet<_> = self.members.iter().chain(self.children.keys()).collect();
        for step in steps {
            prefix.push(step.clone());
            if self.members.contains(step) {
                all.push(prefix.clone());
            }
            if let Some(set) = self.children.get(step) {
                set.collect(prefix, all);
            }
            prefix.pop();
        }
    }

    /// The form on the wire.
    pub(crate) fn to_json(&self) -> Value {
        let mut fields = Map::new();
        for step in &self.members {
            fields.insert(step.to_key(), Value::Object(Map::new()));
        }
        for (step, set) in &self.children {
            if set.is_empty() {
                continue;
            }
            let mut below = set.to_json();
            if self.members.contains(step) {
                below["."] = Value::Object(Map::new());
            }
            fields.insert(step.to_key(), below);
        }
        Value::Object(fields)
    }

    /// Reads the form on the wire; what cannot be read is left out.
    pub(crate) fn from_json(fields: &Value) -> Self {
        let mut set = Self::default();
        for (key, below) in fields.as_object().into_iter().flatten() {
            let Some(step) = Step::from_key(key) else {
                continue;
            };
            let child = Self::from_json(below);
            if child.is_empty() || below.get(".").is_some() {
                set.members.insert(step.clone());
            }
            if !child.is_empty() {
                set.children.insert(step, child);
            }
        }
        set
    }
}
