//! Files to objects that may be stored and deployed. What is wrong is refused here, with its place.
//!
//! Whether fields are right is not asked: the rules of `yaml-ide` do that, and the cluster.

mod names;

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Write as _};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use yaml_syntax::{Document, PathSegment, Source, TextRange, TextSize};

use crate::object::{ObjectId, list, optional_text};

/// Bytes of all files of a version together.
pub const MAX_SET_BYTES: usize = 5 * 1024 * 1024;
/// Bytes of one object as JSON: what an API server takes.
pub const MAX_OBJECT_BYTES: usize = 3 * 1024 * 1024;
/// Objects of a version.
pub const MAX_OBJECTS: usize = 2_000;
/// Mappings and lists inside each other.
pub const MAX_DEPTH: usize = 64;
/// Places that are reported at most; a person mends the first ones first.
const MAX_ERRORS: usize = 100;

/// Fields that only an API server writes. Applying them is refused or changes nothing.
const SERVER_METADATA: [&str; 8] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// The objects of a version.
///
/// Invariant: at least one object; each has an `apiVersion`, a `kind` and a `metadata.name` that
/// are safe in a URL; no two name the same object; within all limits of this module.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifests {
    objects: Vec<Manifest>,
}

/// One object and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// What names it; the namespace is as written.
    pub id: ObjectId,
    /// The object without what only a server writes.
    pub object: Value,
    /// The file that it stands in.
    pub file: String,
    /// 1-based line where it starts.
    pub line: u32,
}

/// Everything that is wrong with a set of files.
///
/// Invariant: not empty; in the order of files and places.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ManifestErrors(Vec<ManifestError>);

impl ManifestErrors {
    /// All of them, the first one first.
    pub fn errors(&self) -> &[ManifestError] {
        &self.0
    }
}

impl fmt::Display for ManifestErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, others)) = self.0.split_first() else {
            return Ok(());
        };
        match others.len() {
            0 => write!(f, "{first}"),
            1 => write!(f, "{first} (and 1 more error)"),
            count => write!(f, "{first} (and {count} more errors)"),
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestError {
    /// The file; empty where all of them together are meant.
    pub file: String,
    /// 1-based.
    pub line: Option<u32>,
    /// 1-based, in characters.
    pub column: Option<u32>,
    /// A word for machines, such as `duplicate-key`.
    pub code: &'static str,
    /// A sentence: what is wrong and how to mend it.
    pub message: String,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.as_str(), self.line) {
            ("", _) => f.write_str(&self.message),
            (file, None) => write!(f, "{file}: {}", self.message),
            (file, Some(line)) => write!(f, "{file}, line {line}: {}", self.message),
        }
    }
}

impl Manifests {
    /// Reads all objects of `files` (path → text), in the order of paths and documents.
    ///
    /// # Errors
    ///
    /// Every place where YAML, an object or a limit is broken; nothing is taken by half.
    pub fn parse(files: &BTreeMap<String, String>) -> Result<Self, ManifestErrors> {
        let mut reader = Reader::default();
        let bytes: usize = files.values().map(String::len).sum();
        if bytes > MAX_SET_BYTES {
            reader.complain_of_all(
                "too-large",
                format!("the files hold {bytes} bytes, more than the {MAX_SET_BYTES} allowed"),
            );
        } else {
            for (path, text) in files {
                reader.file(path, text);
            }
        }
        reader.finish()
    }

    /// The objects, in the order of files and documents.
    pub fn objects(&self) -> &[Manifest] {
        &self.objects
    }

    /// The objects, to keep.
    pub fn into_objects(self) -> Vec<Manifest> {
        self.objects
    }
}

/// SHA-256 over paths and contents, in lower-case hexadecimal.
///
/// Lengths are hashed too, so that text cannot move between a path and a content unseen.
pub fn content_hash(files: &BTreeMap<String, String>) -> String {
    let mut hasher = Sha256::new();
    for (path, text) in files {
        for part in [path, text] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hex(&hasher.finalize())
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut acc, byte| {
        let _ = write!(acc, "{byte:02x}");
        acc
    })
}

#[derive(Default)]
struct Reader {
    objects: Vec<Manifest>,
    /// Where each object was seen first.
    seen: HashMap<ObjectId, usize>,
    errors: Vec<ManifestError>,
}

/// A document and where an object stands in it.
struct Place<'a> {
    file: &'a str,
    source: &'a Source,
    document: Document<'a>,
    /// Steps from the root to the object: an item of a list has some.
    path: Vec<PathSegment>,
}

impl Reader {
    fn finish(mut self) -> Result<Manifests, ManifestErrors> {
        if self.objects.is_empty() && self.errors.is_empty() {
            self.complain_of_all("empty", "the files describe no object".to_owned());
        }
        if self.errors.is_empty() {
            return Ok(Manifests {
                objects: self.objects,
            });
        }
        self.errors.truncate(MAX_ERRORS);
        Err(ManifestErrors(self.errors))
    }

    fn file(&mut self, path: &str, text: &str) {
        if let Err(message) = names::check_path(path) {
            self.errors.push(ManifestError {
                file: path.chars().take(255).collect(),
                line: None,
                column: None,
                code: "bad-path",
                message,
            });
            return;
        }
        let parse = yaml_syntax::parse(text);
        for error in parse.errors() {
            self.complain_at(path, parse.source(), error.range, error.code, error.message);
        }
        for document in parse.documents() {
            if self.errors.len() >= MAX_ERRORS {
                return;
            }
            self.document(path, parse.source(), document);
        }
    }

    fn document(&mut self, file: &str, source: &Source, document: Document<'_>) {
        let json = match yaml_syntax::json::document(document) {
            Ok(json) => json,
            Err(error) => {
                // A syntax error at this place is reported already, and says more.
                if self.errors.is_empty() {
                    self.complain_at(file, source, error.range, "unreadable", error.message);
                }
                return;
            }
        };
        for range in json.duplicates {
            let key = source.slice(range);
            let message =
                format!("the key `{key}` stands here again: keep one, or the last one wins");
            self.complain_at(file, source, range, "duplicate-key", message);
        }
        let place = Place {
            file,
            source,
            document,
            path: Vec::new(),
        };
        self.value(json.value, &place);
    }

    /// Takes an object, all items of a list, or nothing of an empty document.
    fn value(&mut self, value: Value, place: &Place<'_>) {
        if value.is_null() && place.path.is_empty() {
            return;
        }
        if depth_exceeds(&value, MAX_DEPTH) {
            let message =
                format!("mappings and lists stand more than {MAX_DEPTH} deep in each other");
            return self.complain(place, &[], "too-deep", message);
        }
        if !value.is_object() {
            let message = "a Kubernetes object is expected here: a mapping with `apiVersion`, `kind` and `metadata`";
            return self.complain(place, &[], "not-an-object", message.to_owned());
        }
        if is_list(&value) {
            for (idx, item) in list(&value, "/items").iter().enumerate() {
                if self.errors.len() >= MAX_ERRORS {
                    return;
                }
                let mut path = place.path.clone();
                path.push(PathSegment::Key("items".to_owned()));
                path.push(PathSegment::Index(idx));
                self.value(item.clone(), &Place { path, ..*place });
            }
            return;
        }
        self.object(value, place);
    }

    fn object(&mut self, mut value: Value, place: &Place<'_>) {
        let errors_before = self.errors.len();
        self.check_names(&value, place);
        strip_server_fields(&mut value);
        let bytes = serde_json::to_vec(&value).map_or(0, |json| json.len());
        if bytes > MAX_OBJECT_BYTES {
            let message = format!(
                "the object holds {bytes} bytes as JSON; an API server takes {MAX_OBJECT_BYTES} at most"
            );
            self.complain(place, &[], "too-large", message);
        }
        if self.objects.len() == MAX_OBJECTS {
            let message = format!("a version may hold {MAX_OBJECTS} objects at most");
            self.complain(place, &[], "too-many-objects", message);
        }
        if self.errors.len() == errors_before {
            self.keep(value, place);
        }
    }

    fn check_names(&mut self, value: &Value, place: &Place<'_>) {
        let required: [(&[&str], names::Check); 3] = [
            (&["apiVersion"], names::check_api_version),
            (&["kind"], names::check_kind),
            (&["metadata", "name"], names::check_object_name),
        ];
        let generated = value.pointer("/metadata/generateName").is_some();
        if generated {
            let message = "`generateName` cannot be applied, since each deploy would make another object: give a `name`";
            self.complain(
                place,
                &["metadata", "generateName"],
                "generate-name",
                message.to_owned(),
            );
        }
        for (path, check) in required {
            let dotted = path.join(".");
            match value.pointer(&format!("/{}", path.join("/"))) {
                None if generated && dotted == "metadata.name" => {}
                None | Some(Value::Null) => {
                    let message = format!("the object has no `{dotted}`");
                    self.complain(place, path, "missing-field", message);
                }
                Some(Value::String(text)) => {
                    if let Err(message) = check(text) {
                        self.complain(place, path, "bad-name", message);
                    }
                }
                Some(other) => {
                    let message = format!(
                        "`{dotted}` must be a string, and `{other}` is not: put it in quotes"
                    );
                    self.complain(place, path, "bad-name", message);
                }
            }
        }
        match value.pointer("/metadata/namespace") {
            None | Some(Value::Null) => {}
            Some(namespace) => {
                if let Err(message) = names::check_namespace(namespace.as_str().unwrap_or_default())
                {
                    self.complain(place, &["metadata", "namespace"], "bad-name", message);
                }
            }
        }
    }

    fn keep(&mut self, object: Value, place: &Place<'_>) {
        let id = ObjectId::of(&object);
        let line = place.source.line_col(place.range(&[]).start()).line + 1;
        // The version of the API does not make another object.
        let key = ObjectId {
            api_version: id.group().to_owned(),
            ..id.clone()
        };
        if let Some(first) = self.seen.get(&key).and_then(|&idx| self.objects.get(idx)) {
            let message = format!("{id} stands in {}, line {} already", first.file, first.line);
            return self.complain(place, &["metadata", "name"], "duplicate-object", message);
        }
        self.seen.insert(key, self.objects.len());
        self.objects.push(Manifest {
            id,
            object,
            file: place.file.to_owned(),
            line,
        });
    }

    /// Complains at a field of an object, or at its start if the field is missing.
    fn complain(&mut self, place: &Place<'_>, field: &[&str], code: &'static str, message: String) {
        self.complain_at(place.file, place.source, place.range(field), code, message);
    }

    fn complain_at(
        &mut self,
        file: &str,
        source: &Source,
        range: TextRange,
        code: &'static str,
        message: String,
    ) {
        let (line, column) = line_col(source, range.start());
        self.errors.push(ManifestError {
            file: file.to_owned(),
            line: Some(line),
            column: Some(column),
            code,
            message,
        });
    }

    fn complain_of_all(&mut self, code: &'static str, message: String) {
        self.errors.push(ManifestError {
            file: String::new(),
            line: None,
            column: None,
            code,
            message,
        });
    }
}

impl Place<'_> {
    fn range(&self, field: &[&str]) -> TextRange {
        let root = || {
            self.document
                .root()
                .map_or_else(|| self.document.range(), yaml_syntax::Node::full_range)
        };
        if field.is_empty() {
            return match self.path.as_slice() {
                [] => root(),
                path => self
                    .document
                    .node_at_path(path)
                    .map_or_else(root, yaml_syntax::Node::full_range),
            };
        }
        let keys = field.iter().map(|key| PathSegment::Key((*key).to_owned()));
        let path: Vec<_> = self.path.iter().cloned().chain(keys).collect();
        match self.document.node_at_path(&path) {
            Some(node) => node.full_range(),
            None => self.range(&[]),
        }
    }
}

/// 1-based line and column, the column in characters.
fn line_col(source: &Source, offset: TextSize) -> (u32, u32) {
    let at = source.line_col(offset);
    let line_start = offset - TextSize::from(at.col);
    let before = source.slice(TextRange::new(line_start, offset));
    (at.line + 1, before.chars().count() as u32 + 1)
}

/// `kind: List`, as `kubectl get -o yaml` writes it, and lists of one kind.
fn is_list(value: &Value) -> bool {
    optional_text(value, "/kind").is_some_and(|kind| kind.ends_with("List"))
        && value.get("items").is_some_and(Value::is_array)
}

fn depth_exceeds(value: &Value, depth: usize) -> bool {
    let Some(rest) = depth.checked_sub(1) else {
        return value.is_object() || value.is_array();
    };
    match value {
        Value::Object(fields) => fields.values().any(|child| depth_exceeds(child, rest)),
        Value::Array(items) => items.iter().any(|child| depth_exceeds(child, rest)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn strip_server_fields(object: &mut Value) {
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    fields.remove("status");
    if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
        strip_server_metadata(metadata);
    }
}

/// Removes what only a server writes from a `metadata`.
pub(crate) fn strip_server_metadata(metadata: &mut Map<String, Value>) {
    for field in SERVER_METADATA {
        metadata.remove(field);
    }
}

#[cfg(test)]
mod tests;
