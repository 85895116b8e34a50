//! What names an object, and how fields of an untyped one are read.

use std::fmt;

use serde_json::Value;

/// A kind in its group, whatever the version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKind {
    /// Such as `apps`; empty for the core group.
    pub group: String,
    /// Such as `Deployment`.
    pub kind: String,
}

impl fmt::Display for GroupKind {
    /// As kubectl writes it: `Deployment.apps`, `ConfigMap`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.group.as_str() {
            "" => f.write_str(&self.kind),
            group => write!(f, "{}.{group}", self.kind),
        }
    }
}

impl GroupKind {
    /// Reads what [`GroupKind`]'s `Display` writes.
    pub fn parse(text: &str) -> Self {
        let (kind, group) = text.split_once('.').unwrap_or((text, ""));
        Self {
            group: group.to_owned(),
            kind: kind.to_owned(),
        }
    }
}

/// What names one object of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// Such as `apps/v1`.
    pub api_version: String,
    /// Such as `Deployment`.
    pub kind: String,
    /// Where it lives; `None` for kinds without a namespace, or where none is written.
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
}

impl ObjectId {
    /// Names `object`; empty texts where it lacks a part.
    pub fn of(object: &Value) -> Self {
        Self {
            api_version: text(object, "/apiVersion").to_owned(),
            kind: text(object, "/kind").to_owned(),
            namespace: optional_text(object, "/metadata/namespace").map(str::to_owned),
            name: text(object, "/metadata/name").to_owned(),
        }
    }

    /// The group of the `apiVersion`; empty for the core group.
    pub fn group(&self) -> &str {
        match self.api_version.split_once('/') {
            Some((group, _)) => group,
            None => "",
        }
    }

    /// The version of the `apiVersion`.
    pub fn version(&self) -> &str {
        match self.api_version.split_once('/') {
            Some((_, version)) => version,
            None => &self.api_version,
        }
    }

    /// The kind in its group.
    pub fn group_kind(&self) -> GroupKind {
        GroupKind {
            group: self.group().to_owned(),
            kind: self.kind.clone(),
        }
    }

    /// Whether both name the same object: the version of the API does not matter.
    pub fn is_same_object(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }

    /// What is compared where the version of the API does not matter.
    pub fn identity(&self) -> (&str, &str, Option<&str>, &str) {
        (
            self.group(),
            &self.kind,
            self.namespace.as_deref(),
            &self.name,
        )
    }
}

impl fmt::Display for ObjectId {
    /// As logs show it: `Deployment/web`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

/// The text at a JSON pointer, empty if there is none.
pub(crate) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    optional_text(object, pointer).unwrap_or_default()
}

/// The text at a JSON pointer.
pub(crate) fn optional_text<'a>(object: &'a Value, pointer: &str) -> Option<&'a str> {
    object.pointer(pointer).and_then(Value::as_str)
}

/// The whole number at a JSON pointer.
pub(crate) fn number(object: &Value, pointer: &str) -> Option<i64> {
    object.pointer(pointer).and_then(Value::as_i64)
}

/// The list at a JSON pointer, empty if there is none.
pub(crate) fn list<'a>(object: &'a Value, pointer: &str) -> &'a [Value] {
    object
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
