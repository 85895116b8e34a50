//! One cursor: what is offered there, and what the text becomes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path as FilePath;
use std::sync::LazyLock;

use k8s_schemas::{Gvk, KubeRelease, Schema, SchemaSet};
use serde_json::{Map, Value};
use yaml_ide::completion::{self, CompletionItem, CompletionKind};
use yaml_ide::{FileId, Workspace};
use yaml_syntax::{Path, PathSegment, TextSize};

pub(super) const FILE: FileId = FileId(0);
const OTHERS: FileId = FileId(1);

/// At how many of a hundred cursors all must be right.
const ENOUGH: usize = 99;

/// The schemas with the custom resources of the manifests.
pub(super) static SCHEMAS: LazyLock<SchemaSet> = LazyLock::new(|| {
    let documents = DOCUMENTS.iter();
    let crds: Vec<Value> = documents
        .filter_map(|text| json(text))
        .filter(|json| {
            json.get("kind")
                .is_some_and(|kind| kind == "CustomResourceDefinition")
        })
        .collect();
    SchemaSet::builtin().with_crds(&crds).0
});

/// The text of every document of the realistic manifests.
pub(crate) static DOCUMENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let entries = fs::read_dir(folder).expect("the manifests are there");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    });
    paths.sort();
    paths
        .iter()
        .flat_map(|path| documents(&fs::read_to_string(path).expect("a manifest is text")))
        .collect()
});

fn documents(text: &str) -> Vec<String> {
    let parse = yaml_syntax::parse(text);
    let texts = parse.documents().map(|document| {
        let text = parse.source().slice(document.range()).replace("\r\n", "\n");
        let marks = ["---", "...", "%"];
        let lines = text.split_inclusive('\n');
        let lines = lines.filter(|line| !marks.iter().any(|mark| line.starts_with(mark)));
        lines.collect::<String>().replace('\u{feff}', "")
    });
    texts
        .filter(|text| json(text).is_some_and(|json| json.is_object()))
        .collect()
}

/// The first document of a text, as kubectl reads it.
pub(super) fn json(text: &str) -> Option<Value> {
    json_of(text, 0)
}

fn json_of(text: &str, document: usize) -> Option<Value> {
    let parse = yaml_syntax::parse(text);
    let document = parse.documents().nth(document)?;
    Some(yaml_syntax::json::document(document).ok()?.value)
}

/// A key that the schema knows, and where it stands.
pub(super) struct Site {
    pub(super) path: Path,
    pub(super) key: String,
}

/// Of so many documents one is tried: enough to see each sort of cursor often.
const EVERY: usize = 7;

/// Some documents with their keys.
pub(super) fn each(mut run: impl FnMut(&str, &Value, &[Site])) {
    for text in DOCUMENTS.iter().step_by(EVERY) {
        let json = json(text).expect("a manifest can be read");
        run(text, &json, &sites(&json));
    }
}

/// What may stand at a path of an object.
pub(super) fn at(json: &Value, path: &[PathSegment]) -> Option<Schema<'static>> {
    let text = |key: &str| json.get(key).and_then(Value::as_str);
    let schemas = SCHEMAS.release(KubeRelease::NEWEST);
    let info = schemas.kind(&Gvk::parse(text("apiVersion")?, text("kind")?)?)?;
    path.iter()
        .try_fold(info.schema(), |schema, segment| match segment {
            PathSegment::Key(key) => {
                let field = schema.field(key).map(|field| field.schema);
                field.or_else(|| schema.values())
            }
            PathSegment::Index(_) => schema.items(),
        })
}

/// All keys of a document that its schema knows.
fn sites(json: &Value) -> Vec<Site> {
    let mut found = Vec::new();
    roots(json, &mut Path::new(), &mut found);
    found
}

fn roots(json: &Value, path: &mut Path, found: &mut Vec<Site>) {
    let text = |key: &str| json.get(key).and_then(Value::as_str);
    let (Some(version), Some(kind)) = (text("apiVersion"), text("kind")) else {
        return;
    };
    if kind == "List" {
        let items = json.get("items").and_then(Value::as_array);
        for (index, item) in items.into_iter().flatten().enumerate() {
            path.extend([PathSegment::Key("items".into()), PathSegment::Index(index)]);
            roots(item, path, found);
            path.truncate(path.len() - 2);
        }
        return;
    }
    let schemas = SCHEMAS.release(KubeRelease::NEWEST);
    let info = Gvk::parse(version, kind).and_then(|gvk| schemas.kind(&gvk));
    if let Some(info) = info {
        below(json, info.schema(), path, found);
    }
}

fn below(json: &Value, schema: Schema<'static>, path: &mut Path, found: &mut Vec<Site>) {
    match json {
        Value::Object(object) => {
            for (key, value) in object {
                path.push(PathSegment::Key(key.clone()));
                let field = schema.field(key);
                if field.is_some() {
                    found.push(Site {
                        path: path.clone(),
                        key: key.clone(),
                    });
                }
                if let Some(inner) = field.map(|field| field.schema).or_else(|| schema.values()) {
                    below(value, inner, path, found);
                }
                path.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(PathSegment::Index(index));
                if let Some(inner) = schema.items() {
                    below(item, inner, path, found);
                }
                path.pop();
            }
        }
        _ => {}
    }
}

/// A text with a cursor, and what must come of it.
pub(super) struct Trial {
    pub(super) text: String,
    pub(super) cursor: usize,
    /// The number of the document with the cursor.
    pub(super) document: usize,
    /// What is to be offered.
    pub(super) label: String,
    pub(super) kind: Wanted,
    /// What the document must be afterwards, and the path whose value may be any.
    pub(super) after: Value,
    pub(super) open: Option<Path>,
}

/// What sort of thing is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Key,
    Value,
}

/// Counts what came of the trials, by the sort of cursor.
#[derive(Default)]
pub(super) struct Tally {
    counts: BTreeMap<&'static str, (usize, usize)>,
    failures: Vec<String>,
}

impl Tally {
    pub(super) fn take(&mut self, sort: &'static str, trial: &Trial) {
        let (right, all) = self.counts.entry(sort).or_default();
        *all += 1;
        match run(trial) {
            Ok(()) => *right += 1,
            Err(why) => {
                let (before, after) = trial.text.split_at(trial.cursor);
                let near: Vec<&str> = before.lines().rev().take(6).collect();
                let near: Vec<&str> = near.into_iter().rev().collect();
                let blank = if before.ends_with('\n') { "\n" } else { "" };
                let after: Vec<&str> = after.lines().take(3).collect();
                self.failures.push(format!(
                    "{sort}: {why}\n{}{blank}▮{}\n",
                    near.join("\n"),
                    after.join("\n")
                ));
            }
        }
    }

    /// Fails where too many cursors of a sort went wrong.
    #[track_caller]
    pub(super) fn check(self) {
        let shown = self
            .counts
            .iter()
            .map(|(sort, (right, all))| format!("{sort}: {right} of {all}\n"));
        let table: String = shown.collect();
        let low = |(right, all): &(usize, usize)| right * 100 < ENOUGH * all;
        let few = self.counts.values().any(low);
        assert!(!few, "{table}\n{}", self.failures.join("\n"));
    }
}

fn run(trial: &Trial) -> Result<(), String> {
    let items = offered(&trial.text, trial.cursor);
    let labels: Vec<&str> = items
        .iter()
        .map(|item| item.label.as_str())
        .take(8)
        .collect();
    let is_key = |item: &&CompletionItem| item.kind == CompletionKind::Field;
    let item = items
        .iter()
        .filter(|item| (trial.kind == Wanted::Key) == is_key(item))
        .find(|item| item.label == trial.label)
        .ok_or_else(|| format!("`{}` is not among {labels:?}", trial.label))?;
    if trial.kind == Wanted::Key {
        present(trial, &items)?;
    }
    let text = accepted(&trial.text, item);
    let after = json_of(&text, trial.document).ok_or_else(|| format!("broken text:\n{text}"))?;
    let (mut after, mut wanted) = (after, trial.after.clone());
    if let Some(open) = &trial.open {
        if remove(&mut after, open).is_none() {
            return Err(format!("`{}` went elsewhere:\n{text}", trial.label));
        }
        remove(&mut wanted, open);
        (after, wanted) = (pruned(after), pruned(wanted));
    }
    if after == wanted {
        Ok(())
    } else {
        Err(format!("another structure:\n{text}"))
    }
}

/// No key is offered that stands there already.
fn present(trial: &Trial, items: &[CompletionItem]) -> Result<(), String> {
    let Some((_, parent)) = trial.open.as_deref().and_then(<[_]>::split_last) else {
        return Ok(());
    };
    let parent = parent
        .iter()
        .try_fold(&trial.after, |value, segment| step(value, segment));
    let Some(parent) = parent.and_then(Value::as_object) else {
        return Ok(());
    };
    let fields = items
        .iter()
        .filter(|item| item.kind == CompletionKind::Field);
    let again = fields
        .map(|item| &item.label)
        .find(|label| **label != trial.label && parent.contains_key(*label));
    again.map_or(Ok(()), |label| Err(format!("`{label}` is there already")))
}

fn step<'v>(value: &'v Value, segment: &PathSegment) -> Option<&'v Value> {
    match segment {
        PathSegment::Key(key) => value.get(key),
        PathSegment::Index(index) => value.get(index),
    }
}

/// Takes the key at the end of `path` away.
pub(super) fn remove(value: &mut Value, path: &[PathSegment]) -> Option<Value> {
    match path {
        [PathSegment::Key(key)] => value.as_object_mut()?.remove(key),
        [PathSegment::Key(key), rest @ ..] => remove(value.get_mut(key)?, rest),
        [PathSegment::Index(index), rest @ ..] => remove(value.get_mut(index)?, rest),
        [] => None,
    }
}

/// Without what says nothing: an emptied mapping reads as null.
fn pruned(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let pairs = object.into_iter().map(|(key, value)| (key, pruned(value)));
            let pairs: Map<String, Value> = pairs.filter(|(_, value)| !value.is_null()).collect();
            if pairs.is_empty() {
                Value::Null
            } else {
                Value::Object(pairs)
            }
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(pruned).collect();
            items.retain(|item| !item.is_null());
            if items.is_empty() {
                Value::Null
            } else {
                Value::Array(items)
            }
        }
        other => other,
    }
}

/// What is offered at a place of a text.
pub(super) fn offered(text: &str, cursor: usize) -> Vec<CompletionItem> {
    let mut workspace = Workspace::new();
    workspace.set_schemas(SCHEMAS.clone());
    workspace.set_file(OTHERS, "others.yaml", yaml_syntax::parse(""));
    workspace.set_file(FILE, "a.yaml", yaml_syntax::parse(text));
    let offset = TextSize::from(cursor as u32);
    completion::completion(&workspace.analysis(), FILE, offset).items
}

/// The text after an item is accepted, every tab stop with its first choice.
pub(crate) fn accepted(text: &str, item: &CompletionItem) -> String {
    let insert = if item.is_snippet {
        expand(&item.insert)
    } else {
        item.insert.clone()
    };
    let mut edits: Vec<_> = item
        .additional_edits
        .iter()
        .map(|edit| (edit.range, edit.insert.clone()))
        .collect();
    edits.push((item.range, insert));
    edits.sort_by_key(|(range, _)| std::cmp::Reverse((range.start(), range.end())));
    let mut text = text.to_owned();
    for (range, insert) in edits {
        text.replace_range(std::ops::Range::<usize>::from(range), &insert);
    }
    text
}

/// The text of a snippet with the first choice or the value of every stop.
pub(crate) fn expand(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet;
    while let Some(at) = rest.find(['$', '\\']) {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        if let Some(escaped) = after.strip_prefix('\\') {
            let length = escaped.chars().next().map_or(0, char::len_utf8);
            text.push_str(&escaped[..length]);
            rest = &escaped[length..];
        } else if let Some(body) = after.strip_prefix("${") {
            let mut ends = body.match_indices('}').map(|(end, _)| end);
            let end = ends.find(|end| !body[..*end].ends_with('\\'));
            let (stop, next) = body.split_at(end.expect("a stop is closed"));
            let next = &next[1..];
            if let Some((_, value)) = stop.split_once(':') {
                text.push_str(&expand(value));
            } else if let Some((_, choices)) = stop.split_once('|') {
                text.push_str(choices.split([',', '|']).next().unwrap_or_default());
            }
            rest = next;
        } else {
            rest = after[1..].trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    text + rest
}
